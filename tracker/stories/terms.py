"""What a story can learn of a report: its words, but for those of the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.text.stopwords import function_words
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER

if TYPE_CHECKING:
    from tracker.stories.text.documents import Text

_SUMMARY_SHARE = 0.5
"""A word of a summary is worth as much as this of one of a title."""


def terms_of(
    text: Text, own: frozenset[str], cased: dict[str, bool]
) -> tuple[dict[str, float], dict[str, str], frozenset[str]]:
    """Give the words that a story can learn, how they are written, and which of them are names."""
    terms: dict[str, float] = {}
    shown: dict[str, str] = {}
    names: set[str] = set()
    skip = function_words(text.language)
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
