"""In which language a query is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from tracker.stories.capitals import is_german_noun, is_telling
from tracker.stories.function_words import (
    appositions,
    english_words,
    function_words,
    open_words,
)
from tracker.stories.stemming import SNOWBALL
from tracker.stories.text import CAPITAL, LOWER, UPPER, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.query import Query
    from tracker.stories.text import Word
    from tracker.stories.vocabulary import Vocabulary


def language_of(query: Query, vocabulary: Vocabulary) -> str:
    """Guess a query's language by its function words; English where nothing tells.

    What may be a name counts only where the others leave it open, what is known as one never (Uber
    is not über), nor does the last word: no phrase ends in a function word ("Apple Car", though
    "car" is "for" in French). Where a word begins an affair in English, only those languages count
    in which one does as well (bin strike). Among languages alike in this, it is the one in which
    most words that are no names tell an affair (projet gaz), or that has their letters.
    """
    typed = _Typed(query, vocabulary)
    by_function = {code: typed.functional(code) for code in SNOWBALL}
    most = max(sure for sure, _ in by_function.values())
    likely = [code for code in SNOWBALL if by_function[code][0] == most]
    if likely[0] == "en" and typed.is_plain_english():
        return "en"  # as nearly all are: no language tells more words
    return max(likely, key=lambda code: (typed.known(code), by_function[code][1]))


class _Typed:
    """The words of a query, as they tell of languages."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        text = " ".join(term.text for c in query.clauses for term in c.terms if not term.field)
        self._vocabulary = vocabulary
        self._words = words(text, "")
        self._telling = is_telling(self._words)
        spelled = [run for run in text.split() if not self._telling or run[0].islower()]
        self._letters = set(normalize("NFC", "".join(spelled)).lower())
        self._named = set(_named(self._words, vocabulary))
        self._said = [
            word
            for word in self._words
            if word.fold not in self._named and (word.shape == LOWER or not self._telling)
        ]
        self._may_be_function = [
            word
            for word in self._words[:-1]
            if word.fold not in self._named and not _is_of_letters(word)
        ]
        self._begun = {word.fold: vocabulary.beginning(word.fold) for word in self._words}
        self._english = self._begins_an_affair("en")

    def functional(self, code: str) -> tuple[int, int]:
        """Count the words that are surely function words of a language, and those that may be."""
        functions, none = function_words(code), _english_beside(code)
        found = [
            word
            for word in self._may_be_function
            if word.fold in functions and word.fold not in none
        ]
        if not found:
            return 0, 0
        if code != "en" and self._english and not self._begins_an_affair(code):
            return 0, 0
        sure = [word for word in found if word.shape == LOWER or not self._telling]
        return len(sure), len(found)

    def known(self, code: str) -> int:
        """Count what tells affairs in a language; its letters count as one word does.

        In a language that is not told by a word as it is listed, or by its letters, none does by an
        inflection: autopen is no autopista. English, and what is written as one word, may be.
        """
        none = _english_beside(code)
        said = (word.surface for word in self._said if word.fold not in none)
        told = self._vocabulary.told(" ".join(said), code)
        spelled = bool(_LETTERS.get(code, frozenset()) & self._letters)
        spelled = spelled or (code == "de" and any(map(is_german_noun, self._words)))
        listed = any(code in self._begun[word.fold] for word in self._said)
        if not (spelled or listed or code in _INFLECTED):
            told = 0
        told += sum(word.fold in open_words(code) | appositions(code) for word in self._said)
        return told + spelled

    def is_plain_english(self) -> bool:
        """Tell whether each word that is no name tells an affair in English, in its letters."""
        return not self._letters & _FOREIGN and self.known("en") == len(self._said)

    def _begins_an_affair(self, code: str) -> bool:
        functions = function_words(code)
        return any(code in codes for word, codes in self._begun.items() if word not in functions)


def _named(run: tuple[Word, ...], vocabulary: Vocabulary) -> Iterator[str]:
    """Give the words, folded, of what is known as a name: of Uber and of tim cook.

    A word with a capital that begins a known name is one as well.
    """
    folds = tuple(word.fold for word in run)
    for place, word in enumerate(run):
        for form, _ in vocabulary.names.starting(word.fold):
            if form.weak:
                continue
            if word.shape != LOWER:
                yield word.fold
            if not form.upper and folds[place : place + len(form.key)] == form.key:
                yield from form.key


def _english_beside(code: str) -> frozenset[str]:
    """Give the English words, folded, that are not to be taken for words of a language."""
    return english_words() if code != "en" else frozenset()


def _is_of_letters(word: Word) -> bool:
    """Tell whether a word is an acronym or a letter of one: AI is no ai, the C of USB-C no c'."""
    return word.shape == UPPER or (word.shape == CAPITAL and len(word.fold) == 1)


_INFLECTED = frozenset({"de", "en", "nl"})
"""Languages that an inflection or a compound of what is listed tells as well as that itself."""
_LETTERS = {
    "fr": frozenset("àâçéèêëîôùûœ"),
    "de": frozenset("äöüß"),
    "es": frozenset("áéíñóú"),
    "it": frozenset("àèéìòù"),
    "pt": frozenset("áâãàçéêíóôõú"),
    "nl": frozenset("ëïéè"),
}
"""Letters that English does not have."""
_FOREIGN = frozenset().union(*_LETTERS.values())
