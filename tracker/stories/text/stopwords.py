"""Function words by language: they say nothing of what a text is about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import UPPER
from tracker.stories.text.wordlists import words_listed

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Token


def is_stop_word_here_or_in_english(word: Token, language: str) -> bool:
    """Tell whether a word says nothing of what a text is about, in its language or in English."""
    return word.shape != UPPER and (
        word.norm in stop_words(language) or word.norm in stop_words("en")
    )


def is_stop_word(word: Token, language: str) -> bool:
    """Tell whether a word is one; "US" and "IT" are not "us" and "it"."""
    return word.shape != UPPER and word.norm in stop_words(language)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Give a language's function words, folded; none for a language without a list."""
    return words_listed("words", language)


@cache
def all_stop_words() -> frozenset[str]:
    """Give the function words of all languages that are stemmed, folded."""
    return frozenset().union(*map(stop_words, SNOWBALL))


@cache
def negations(language: str) -> frozenset[str]:
    """Give the function words of a language, folded, that turn what is said into its opposite."""
    return words_listed("negations", language)


@cache
def fillers(language: str) -> frozenset[str]:
    """Give the function words, folded, that a form may hold or lack without meaning another."""
    return stop_words(language) - negations(language)
