"""Word lists of data/function-words.ini, name-words.ini and plain-words.ini, by key.

All words are normalised, unless said otherwise.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.resources import DATA, read_sections
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def open_words(language: str) -> frozenset[str]:
    """Return words that leave the kind of affair open. For example: fight, saga."""
    return words_listed("open", language)


@cache
def appositions(language: str) -> frozenset[str]:
    """Return words that only state what a name denotes. For example: telescope, captain."""
    return words_listed("appositions", language)


@cache
def qualifiers(language: str) -> frozenset[str]:
    """Return words that only qualify. For example: bad, second, proposed."""
    return words_listed("qualifiers", language)


@cache
def arrivals(language: str) -> frozenset[str]:
    """Return words for a product's arrival. For example: launch, Markteinführung."""
    return words_listed("arrivals", language)


@cache
def prepositions(language: str) -> frozenset[str]:
    """Return prepositions before the object of an affair. For example: "on" in "ban on vapes"."""
    return words_listed("prepositions", language)


@cache
def leads(language: str) -> tuple[tuple[str, ...], ...]:
    """Return phrases for how far an affair has come, the longest first.

    For example: "in talks to".
    """
    return _phrases("leads", language)


@cache
def causes(language: str) -> tuple[tuple[str, ...], ...]:
    """Return phrases that precede a cause, the longest first. For example: "because of"."""
    return _phrases("causes", language)


@cache
def plain_words(language: str) -> frozenset[str]:
    """Return the stems of a language's common words that denote no concept.

    For example: decide, huge.
    """
    listed = read_sections(DATA / "plain-words.ini")["words"].get(language, "")
    return frozenset(word.stem for word in tokenize(listed, language))


@cache
def endings() -> dict[str, str]:
    """Return English particles that denote a concept at a query's end, with its form."""
    listed = (pair.partition(":") for pair in _function_lists()["endings"]["en"].split(","))
    return {word.strip(): form.strip() for word, _, form in listed}


@cache
def english_words() -> frozenset[str]:
    """Return English words that are also words of other languages. For example: car, brand."""
    return words_listed("english", "en")


def with_english(listed: Callable[[str], frozenset[str]], language: str) -> frozenset[str]:
    """Return a list's words in a language and in English, from which all borrow."""
    return listed(language) | listed("en")


def _phrases(kind: str, language: str) -> tuple[tuple[str, ...], ...]:
    listed = _function_lists()[kind].get(language, "").replace("\n", " ").split(",")
    phrases = [tuple(word.norm for word in tokenize(phrase, "")) for phrase in listed]
    return tuple(sorted(filter(None, phrases), key=len, reverse=True))


def words_listed(kind: str, language: str) -> frozenset[str]:
    """Return the words of one list of function-words.ini in a language."""
    return frozenset(word.norm for word in tokenize(_function_lists()[kind].get(language, ""), ""))


@cache
def _function_lists() -> dict[str, dict[str, str]]:
    return read_sections(DATA / "function-words.ini")


@cache
def word_list(kind: str) -> frozenset[str]:
    """Return the words of one list of name-words.ini."""
    return frozenset(_name_lists()[kind].split())


@cache
def _name_lists() -> dict[str, str]:
    return read_sections(DATA / "name-words.ini")["words"]
