"""The terms of a text that stories can learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.quantities import CALENDAR_WORDS
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.stories.text.tokenization import Token


SUMMARY_SHARE = 0.5
"""Weight of a term that stands only in the summary; 1.0 is that of a title term."""


class LearnableField(NamedTuple):
    """The learnable tokens of one field, and those of them that are written as names.

    `share` (0..1) is the weight of the field's terms.
    """

    share: float
    tokens: tuple[Token, ...]
    names: tuple[Token, ...]


class LearnableTerms(NamedTuple):
    """Learnable terms: weights (0..1) by stem, spellings by stem, and which stems are names."""

    weights: dict[str, float]
    shown: dict[str, str]
    names: frozenset[str]


def learnable_field(
    share: float, words: tuple[Token, ...], language: str, *, is_cased: bool
) -> LearnableField:
    """Return what can be learned from one field; `is_cased` says whether capitals mark names.

    Stop words, single letters and names of days and months are left out.
    """
    functions = stop_words(language)
    tokens = tuple(
        [
            word
            for word in words
            if len(word.norm) > 1  # single letters carry no information
            and (word.norm not in functions or word.shape == UPPER)
            and word.norm not in CALENDAR_WORDS  # they are of all that happens in these days
        ]
    )
    inner = tokens[1:] if tokens and tokens[0] is words[0] else tokens
    names = [word for word in inner if word.shape not in (LOWER, FIGURE)] if is_cased else ()
    return LearnableField(share, tokens, tuple(names))


def learnable_terms(fields: Iterable[LearnableField]) -> LearnableTerms:
    """Return the terms of fields.

    A term has the weight and the spelling of the last field and place where it stands.
    """
    weights: dict[str, float] = {}
    shown: dict[str, str] = {}
    names: set[str] = set()
    for share, tokens, named in fields:
        spelled = {stem: surface for surface, _, stem, _ in tokens}
        weights.update(dict.fromkeys(spelled, share))
        shown.update(spelled)
        names.update([stem for _, _, stem, _ in named])
    return LearnableTerms(weights, shown, frozenset(names))
