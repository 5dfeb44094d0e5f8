"""By which stems the forms of a language's concepts begin.

To tell in which language a query is typed, its few words are looked up in seven. Only what has
their first letters is stemmed for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.columns import letters_of
from tracker.stories.text.tokenization import first_stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.stories.columns import Column

Index = dict[str, dict[str, None]]
"""Ids of concepts in their order, by the stem that a form of them begins with."""


class Openings:
    """The forms of one language, by their first stems."""

    def __init__(self, concepts: Sequence[str], forms: Column, language: str) -> None:
        """Take the ids of concepts and the forms that each has in the language, a line each."""
        self._concepts = concepts
        self._forms = forms
        self._language = language
        self._under: dict[str, Index] = {}
        self._all: Index | None = None

    def all(self) -> Index:
        """Give all of it, as who reads texts needs it."""
        if self._all is None:
            self._all = self._index(self._forms.every())
            self._under.clear()
        return self._all

    def concepts(self, stem: str) -> Iterable[str] | None:
        """Give the ids of the concepts of which a form begins with a stem; None for none."""
        if self._all is not None:
            return self._all.get(stem)
        letters = letters_of(stem, self._language)
        found = self._under.get(letters)
        if found is None:
            begun = self._forms.beginning(letters, self._language)
            found = self._under[letters] = self._index(begun)
        return found.get(stem)

    def _index(self, forms: Iterable[tuple[str, int]]) -> Index:
        """Sort forms, given with their lines, by the stem that each begins with."""
        index: Index = {}
        stems: dict[str, str] = {}
        for written, line in forms:
            opening = written.split(None, 1)[0]
            stem = stems.get(opening)
            if stem is None:
                # The 's of a Dutch form has no word.
                stem = first_stem(opening, self._language) or first_stem(written, self._language)
                stems[opening] = stem
            concept = self._concepts[line]
            if stem in index:
                index[stem][concept] = None
            else:
                index[stem] = {concept: None}
        return index
