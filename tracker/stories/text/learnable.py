"""The terms of a text that stories can learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.quantities import CALENDAR_WORDS
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from tracker.stories.text.tokenization import Token


SUMMARY_SHARE = 0.5
"""Weight of a term that stands only in the summary; 1.0 is that of a title term."""


class LearnableTerms(NamedTuple):
    """Learnable terms: weights (0..1) by stem, spellings by stem, and which stems are names."""

    weights: dict[str, float]
    shown: dict[str, str]
    names: frozenset[str]


def learnable_terms(
    fields: Iterable[tuple[float, tuple[Token, ...], bool]],
    language: str,
    ignored: AbstractSet[str],
) -> LearnableTerms:
    """Return the terms of fields, each with its weight and whether its capitals mark names.

    Stop words, single letters, names of days and months, and the normalized tokens of `ignored`
    are left out.
    """
    weights: dict[str, float] = {}
    shown: dict[str, str] = {}
    names: set[str] = set()
    functions = stop_words(language)
    for share, words, is_cased in fields:
        for place, (surface, norm, stem, shape) in enumerate(words):
            if norm in ignored or len(norm) < 2 or (norm in functions and shape != UPPER):  # noqa: PLR2004 - single letters carry no information
                continue
            if norm in CALENDAR_WORDS:  # they are of all that happens in these days
                continue
            weights[stem] = share
            shown[stem] = surface
            if is_cased and place and shape not in (LOWER, FIGURE):
                names.add(stem)
    return LearnableTerms(weights, shown, frozenset(names))
