"""Evidence: what one item shows of a query, and which terms a story can learn from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.quantities import CALENDAR_WORDS
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER

if TYPE_CHECKING:
    from tracker.stories.text.documents import AnalyzedText


class TermMatch(NamedTuple):
    """The best match of a segment in one field.

    `level` is in 0..1 (see `levels`), `text` the matched tokens as written, `field` is title,
    summary or address, `place` the position of the first token, `size` the number of tokens.
    """

    level: float
    text: str
    field: str
    place: int
    size: int = 1


@dataclass(slots=True)
class Evidence:
    """What one item shows of one query.

    `matches` has a pair for each segment: the match in the title, and the one in the summary or
    address. `terms` are the learnable stems with their weights (0..1), `shown` their spelling,
    `names` those of them written as names. `excluded` names what rules the item out, "" for
    nothing. `proximity` (0..1) is how near a name and an aspect stand. `similarity` is that of the
    sentence encoder, None if not measured.
    """

    matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]
    terms: dict[str, float]
    excluded: str = ""
    proximity: float = 0.0
    shown: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    similarity: float | None = None


class ConflictingPlace(NamedTuple):
    """A place that an item names instead of those segments of the query (by number)."""

    numbers: tuple[int, ...]
    match: TermMatch


_SUMMARY_SHARE = 0.5
"""Weight of a term that stands only in the summary; 1.0 is that of a title term."""


def learnable_terms(
    text: AnalyzedText, query_tokens: frozenset[str], cased: dict[str, bool]
) -> tuple[dict[str, float], dict[str, str], frozenset[str]]:
    """Return learnable terms: weights by stem, spellings by stem, and which are names.

    Tokens of the query (`query_tokens`), stop words and single letters are left out. `cased` says
    by field whether capitals carry information.
    """
    terms: dict[str, float] = {}
    shown: dict[str, str] = {}
    names: set[str] = set()
    ignored = stop_words(text.language)
    for field_name, share, words in (
        ("summary", _SUMMARY_SHARE, text.summary),
        ("title", 1.0, text.title),
    ):
        is_cased = cased.get(field_name, False)
        for place, (surface, norm, stem, shape) in enumerate(words):
            if norm in query_tokens or len(norm) < 2 or (norm in ignored and shape != UPPER):  # noqa: PLR2004 - single letters carry no information
                continue
            if norm in CALENDAR_WORDS:  # they are of all that happens in these days
                continue
            terms[stem] = share
            shown[stem] = surface
            if is_cased and place and shape not in (LOWER, FIGURE):
                names.add(stem)
    return terms, shown, frozenset(names)
