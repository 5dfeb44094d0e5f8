"""Stop words by language: words without information on a text's subject."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import UPPER
from tracker.stories.text.wordlists import words_listed

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Token


def is_stop_word_here_or_in_english(word: Token, language: str) -> bool:
    """Return whether a token is a stop word of a language or of English."""
    return word.shape != UPPER and (
        word.norm in stop_words(language) or word.norm in stop_words("en")
    )


def is_stop_word(word: Token, language: str) -> bool:
    """Return whether a token is a language's stop word; "US" and "IT" are not."""
    return word.shape != UPPER and word.norm in stop_words(language)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the normalised stop words of a language; empty for one without a list."""
    return words_listed("words", language)


@cache
def all_stop_words() -> frozenset[str]:
    """Return the normalised stop words of all supported languages."""
    return frozenset().union(*map(stop_words, SNOWBALL))


@cache
def negations(language: str) -> frozenset[str]:
    """Return the normalised stop words of a language that negate a statement."""
    return words_listed("negations", language)


@cache
def fillers(language: str) -> frozenset[str]:
    """Return the normalised stop words that do not change a form's meaning."""
    return stop_words(language) - negations(language)
