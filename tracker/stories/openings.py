"""By which stems the forms of a language's concepts begin.

To tell in which language a query is typed, its few words are looked up in seven. Only what has
their first letter is stemmed for it, which takes half the time.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.folding import fold
from tracker.stories.forms import MARKS
from tracker.stories.text import ROMAN, first_stem

if TYPE_CHECKING:
    from collections.abc import Iterable

Index = dict[str, dict[str, None]]
"""Ids of concepts in their order, by the stem that a form of them begins with."""


class Openings:
    """The forms of one language, by their first stems."""

    def __init__(self, written: Iterable[tuple[str, tuple[str, ...]]], language: str) -> None:
        """Take the id of each concept with its forms in the language."""
        self._language = language
        self._by_letter: dict[str, list[tuple[str, str]]] = {}
        self._under: dict[str, Index] = {}
        self._all: Index | None = None
        letters: dict[str, str] = {}
        for concept, forms in written:
            for form in forms:
                opening = form.split(None, 1)[0]
                letter = letters.get(opening)
                if letter is None:
                    letter = letters[opening] = _letter(opening, language)
                if not letter:  # the 's of a Dutch form has no word
                    opening, letter = form, _letter(form, language)
                if letter in self._by_letter:
                    self._by_letter[letter].append((opening, concept))
                else:
                    self._by_letter[letter] = [(opening, concept)]

    def all(self) -> Index:
        """Give all of it, as who reads texts needs it."""
        if self._all is None:
            self._all = {}
            for openings in self._by_letter.values():
                self._all |= _index(openings, self._language)
            self._by_letter.clear()
            self._under.clear()
        return self._all

    def concepts(self, stem: str) -> Iterable[str] | None:
        """Give the ids of the concepts of which a form begins with a stem; None for none."""
        if self._all is not None:
            return self._all.get(stem)
        letter = _folded(stem[:1])
        found = self._under.get(letter)
        if found is None:
            found = self._under[letter] = _index(self._by_letter.get(letter, ()), self._language)
        return found.get(stem)


def _index(openings: Iterable[tuple[str, str]], language: str) -> Index:
    """Sort what forms begin with, given with their concepts, by its stem."""
    index: Index = {}
    stems: dict[str, str] = {}
    for opening, concept in openings:
        stem = stems.get(opening)
        if stem is None:
            stem = stems[opening] = first_stem(opening, language)
        if stem in index:
            index[stem][concept] = None
        else:
            index[stem] = {concept: None}
    return index


def _letter(opening: str, language: str) -> str:
    """Give the folded letter of the first stem of what a form begins with; "" where it has none.

    It is that of its word, but for Dutch participles, of which the stem is behind their ge-.
    """
    word = opening if opening.isalpha() else opening.rstrip(MARKS)
    if word.isalpha() and word not in ROMAN and (language != "nl" or word[:2].lower() != "ge"):
        return _folded(word[0])
    return _folded(first_stem(opening, language)[:1])


@cache
def _folded(character: str) -> str:
    return fold(character)[:1]
