"""The closed word lists of data/function-words.ini, name-words.ini and plain-words.ini, by key."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.resources import DATA, read_sections
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def open_words(language: str) -> frozenset[str]:
    """Give the words, folded, that leave open what kind of affair it is: fight, saga."""
    return words_listed("open", language)


@cache
def appositions(language: str) -> frozenset[str]:
    """Give the words, folded, that only say what it is that has a name: telescope, captain."""
    return words_listed("appositions", language)


@cache
def qualifiers(language: str) -> frozenset[str]:
    """Give the words, folded, that only say how something is: bad, second, proposed."""
    return words_listed("qualifiers", language)


@cache
def arrivals(language: str) -> frozenset[str]:
    """Give the words, folded, for the arrival of a product: launch, Markteinführung."""
    return words_listed("arrivals", language)


@cache
def prepositions(language: str) -> frozenset[str]:
    """Give the words, folded, behind which it stands what an affair happens to: ban on vapes."""
    return words_listed("prepositions", language)


@cache
def leads(language: str) -> tuple[tuple[str, ...], ...]:
    """Give the phrases, folded, that say how far it has come, the longest first: in talks to."""
    return _phrases("leads", language)


@cache
def causes(language: str) -> tuple[tuple[str, ...], ...]:
    """Give the phrases, folded, behind which the cause stands, the longest first: because of."""
    return _phrases("causes", language)


@cache
def plain_words(language: str) -> frozenset[str]:
    """Give the stems of a language's words that tell nothing of an affair: decide, huge, seven."""
    listed = read_sections(DATA / "plain-words.ini")["words"].get(language, "")
    return frozenset(word.stem for word in tokenize(listed, language))


@cache
def endings() -> dict[str, str]:
    """Give the English function words, folded, that tell an affair at the end, and a form of it."""
    listed = (each.partition(":") for each in _function_lists()["endings"]["en"].split(","))
    return {word.strip(): form.strip() for word, _, form in listed}


@cache
def english_words() -> frozenset[str]:
    """Give English words, folded, that only look like words of other languages: car, brand."""
    return words_listed("english", "en")


def with_english(listed: Callable[[str], frozenset[str]], language: str) -> frozenset[str]:
    """Give the words of a list in a language and in English, which queries of all borrow from."""
    return listed(language) | listed("en")


def _phrases(kind: str, language: str) -> tuple[tuple[str, ...], ...]:
    listed = _function_lists()[kind].get(language, "").replace("\n", " ").split(",")
    phrases = [tuple(word.norm for word in tokenize(phrase, "")) for phrase in listed]
    return tuple(sorted(filter(None, phrases), key=len, reverse=True))


def words_listed(kind: str, language: str) -> frozenset[str]:
    """Return the words of one list of function-words.ini in a language, folded."""
    return frozenset(word.norm for word in tokenize(_function_lists()[kind].get(language, ""), ""))


@cache
def _function_lists() -> dict[str, dict[str, str]]:
    return read_sections(DATA / "function-words.ini")


@cache
def word_list(kind: str) -> frozenset[str]:
    """Give the words of one kind (a key of the file), folded."""
    return frozenset(_name_lists()[kind].split())


@cache
def _name_lists() -> dict[str, str]:
    return read_sections(DATA / "name-words.ini")["words"]
