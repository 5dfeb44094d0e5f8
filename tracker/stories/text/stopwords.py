"""Function words by language: they say nothing of what a text is about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import UPPER
from tracker.stories.text.wordlists import words_listed

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Word


def is_function(word: Word, language: str) -> bool:
    """Tell whether a word says nothing of what a text is about, in its language or in English."""
    return word.shape != UPPER and (
        word.fold in function_words(language) or word.fold in function_words("en")
    )


def is_function_word(word: Word, language: str) -> bool:
    """Tell whether a word is one; "US" and "IT" are not "us" and "it"."""
    return word.shape != UPPER and word.fold in function_words(language)


@cache
def function_words(language: str) -> frozenset[str]:
    """Give a language's function words, folded; none for a language without a list."""
    return words_listed("words", language)


@cache
def all_function_words() -> frozenset[str]:
    """Give the function words of all languages that are stemmed, folded."""
    return frozenset().union(*map(function_words, SNOWBALL))


@cache
def negations(language: str) -> frozenset[str]:
    """Give the function words of a language, folded, that turn what is said into its opposite."""
    return words_listed("negations", language)


@cache
def fillers(language: str) -> frozenset[str]:
    """Give the function words, folded, that a form may hold or lack without meaning another."""
    return function_words(language) - negations(language)
