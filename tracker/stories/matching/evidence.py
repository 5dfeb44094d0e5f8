"""What an item shows of a query: term matches, and the terms that a story may learn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER

if TYPE_CHECKING:
    from tracker.stories.text.documents import AnalyzedText


class TermMatch(NamedTuple):
    """Where an item shows a part: how well (0..1), in which words of which field."""

    level: float
    found: str
    field: str
    place: int
    size: int = 1


@dataclass(slots=True)
class Evidence:
    """An item as one story sees it.

    `hits` run parallel to the parts: in the title, then in the summary or the address. `likeness`
    is that of its meaning (`likeness.Likeness.of`), None where it was not asked for.
    """

    matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]
    terms: dict[str, float]
    excluded: str = ""
    proximity: float = 0.0
    shown: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    similarity: float | None = None


class ConflictingPlace(NamedTuple):
    """A place that an item names instead of the query's, which are the parts of these numbers."""

    numbers: tuple[int, ...]
    match: TermMatch


_SUMMARY_SHARE = 0.5
"""A word of a summary is worth as much as this of one of a title."""


def learnable_terms(
    text: AnalyzedText, own: frozenset[str], cased: dict[str, bool]
) -> tuple[dict[str, float], dict[str, str], frozenset[str]]:
    """Give the words that a story can learn, how they are written, and which of them are names."""
    terms: dict[str, float] = {}
    shown: dict[str, str] = {}
    names: set[str] = set()
    skip = stop_words(text.language)
    for field_name, share, words in (
        ("summary", _SUMMARY_SHARE, text.summary),
        ("title", 1.0, text.title),
    ):
        telling = cased.get(field_name, False)
        for place, (surface, fold, stem, shape) in enumerate(words):
            if fold in own or len(fold) < 2 or (fold in skip and shape != UPPER):  # noqa: PLR2004 - single letters say nothing
                continue
            terms[stem] = share
            shown[stem] = surface
            if telling and place and shape not in (LOWER, FIGURE):
                names.add(stem)
    return terms, shown, frozenset(names)
