"""Words that say nothing of what a text is about, by language (data/function-words.ini)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.sections import DATA, sections
from tracker.stories.stemming import SNOWBALL
from tracker.stories.text import UPPER, Word, words

if TYPE_CHECKING:
    from collections.abc import Callable


def is_function_word(word: Word, language: str) -> bool:
    """Tell whether a word is one; "US" and "IT" are not "us" and "it"."""
    return word.shape != UPPER and word.fold in function_words(language)


@cache
def function_words(language: str) -> frozenset[str]:
    """Give a language's function words, folded; none for a language without a list."""
    return _listed("words", language)


@cache
def all_function_words() -> frozenset[str]:
    """Give the function words of all languages that are stemmed, folded."""
    return frozenset().union(*map(function_words, SNOWBALL))


@cache
def open_words(language: str) -> frozenset[str]:
    """Give the words, folded, that leave open what kind of affair it is: fight, saga."""
    return _listed("open", language)


@cache
def appositions(language: str) -> frozenset[str]:
    """Give the words, folded, that only say what it is that has a name: telescope, captain."""
    return _listed("appositions", language)


@cache
def qualifiers(language: str) -> frozenset[str]:
    """Give the words, folded, that only say how something is: bad, second, proposed."""
    return _listed("qualifiers", language)


@cache
def arrivals(language: str) -> frozenset[str]:
    """Give the words, folded, for the arrival of a product: launch, Markteinführung."""
    return _listed("arrivals", language)


@cache
def prepositions(language: str) -> frozenset[str]:
    """Give the words, folded, behind which it stands what an affair happens to: ban on vapes."""
    return _listed("prepositions", language)


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
    listed = sections(DATA / "plain-words.ini")["words"].get(language, "")
    return frozenset(word.stem for word in words(listed, language))


@cache
def endings() -> dict[str, str]:
    """Give the English function words, folded, that tell an affair at the end, and a form of it."""
    listed = (each.partition(":") for each in _lists()["endings"]["en"].split(","))
    return {word.strip(): form.strip() for word, _, form in listed}


@cache
def english_words() -> frozenset[str]:
    """Give English words, folded, that only look like words of other languages: car, brand."""
    return _listed("english", "en")


@cache
def negations(language: str) -> frozenset[str]:
    """Give the function words of a language, folded, that turn what is said into its opposite."""
    return _listed("negations", language)


@cache
def fillers(language: str) -> frozenset[str]:
    """Give the function words, folded, that a form may hold or lack without meaning another."""
    return function_words(language) - negations(language)


def with_english(listed: Callable[[str], frozenset[str]], language: str) -> frozenset[str]:
    """Give the words of a list in a language and in English, which queries of all borrow from."""
    return listed(language) | listed("en")


def _phrases(kind: str, language: str) -> tuple[tuple[str, ...], ...]:
    listed = _lists()[kind].get(language, "").replace("\n", " ").split(",")
    phrases = [tuple(word.fold for word in words(phrase, "")) for phrase in listed]
    return tuple(sorted(filter(None, phrases), key=len, reverse=True))


def _listed(kind: str, language: str) -> frozenset[str]:
    return frozenset(word.fold for word in words(_lists()[kind].get(language, ""), ""))


@cache
def _lists() -> dict[str, dict[str, str]]:
    return sections(DATA / "function-words.ini")
