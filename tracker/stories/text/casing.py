"""Tests of capitalisation: whether it carries information in a headline, a query or an acronym."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.text.stopwords import all_stop_words
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, MIXED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.stories.text.tokenization import Token


_SHORTEST_CAPITALIZED = 4
"""Words of at least so many letters are capitalised in title case."""


def is_title_case(field: tuple[Token, ...]) -> bool:
    """Return whether a field is in title case, so that capitals mark no names."""
    shapes = [
        shape for _, norm, _, shape in field if shape != LOWER or len(norm) >= _SHORTEST_CAPITALIZED
    ]
    lower = shapes.count(LOWER)
    capital = len(shapes) - lower - shapes.count(FIGURE) - shapes.count(MIXED)
    return lower * 3 < capital or lower == 0


CAPITALIZING = frozenset({"de", "en"})
"""Languages that capitalise common words: German nouns, and English headlines."""


def capitals_are_informative(tokens: Iterable[Token]) -> bool:
    """Return whether capitals mark names here: some content word is in lower case.

    Stop words do not count: title-case headlines have them in lower case.
    """
    stop_words = all_stop_words()
    return any(word.shape == LOWER and word.norm not in stop_words for word in tokens)


def is_typed_in_lower_case(tokens: Sequence[Token]) -> bool:
    """Return whether a query is typed in lower case, except perhaps for its first letter."""
    rest = all(word.shape in (LOWER, FIGURE) for word in tokens[1:])
    return rest and all(word.shape in (LOWER, FIGURE, CAPITAL) for word in tokens[:1])


def is_plural_acronym(word: Token) -> bool:
    """Return whether a token is the plural of an acronym. For example: CEOs."""
    return word.shape == MIXED and word.text[-1] == "s" and word.text[:-1].isupper()
