"""Whether capitals carry information: in a headline, in a query, in an acronym's plural."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.text.stopwords import all_stop_words
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, MIXED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.stories.text.tokenization import Token


_LONG = 4
"""Letters from which on a word has a capital in a title where every word has one: not of, the."""


def is_title_case(field: tuple[Token, ...]) -> bool:
    """Tell whether capitals say nothing here, as in a headline Where Every Word Has One."""
    shapes = [word[3] for word in field if word[3] != LOWER or len(word[1]) >= _LONG]
    lower = shapes.count(LOWER)
    capital = len(shapes) - lower - shapes.count(FIGURE) - shapes.count(MIXED)
    return lower * 3 < capital or lower == 0


CAPITALIZING = frozenset({"de", "en"})
"""Languages that write what is no name with a capital: German nouns, and English headlines."""


def capitals_are_informative(run: Iterable[Token]) -> bool:
    """Tell whether capitals mark names here: a word that says something has none.

    Function words have none in the headlines Where Every Other Word Has One.
    """
    functions = all_stop_words()
    return any(word.shape == LOWER and word.norm not in functions for word in run)


def is_typed_in_lower_case(run: Sequence[Token]) -> bool:
    """Tell whether a query is typed in small letters, but for the first one of a sentence."""
    rest = all(word.shape in (LOWER, FIGURE) for word in run[1:])
    return rest and all(word.shape in (LOWER, FIGURE, CAPITAL) for word in run[:1])


def is_plural_acronym(word: Token) -> bool:
    """Tell whether a word is an acronym in the plural: CEOs."""
    return word.shape == MIXED and word.text[-1] == "s" and word.text[:-1].isupper()
