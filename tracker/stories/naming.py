"""Which forms of a concept name it when they are typed, and what typed words mean by that."""

from __future__ import annotations

from typing import NamedTuple

from tracker.stories.forms import MARKS, NAMING_MARK, form_of
from tracker.stories.text import first_stem

_ROOT = 5
"""Words that begin with the same so many letters count as one when the first forms are counted."""
_FIRST = 3
"""So many different words at the head of a concept's list name the concept itself."""


class Naming(NamedTuple):
    """Whether a form names its concept, or is a phrase that only begins with a word which does."""

    central: bool
    begun: bool = False


class Meaning(NamedTuple):
    """What some words of a query stand for: how many words, which concept, by which form.

    Forms that do not name the concept itself name a part of what it covers.
    """

    size: int
    concept: str
    weak: bool
    naming: Naming
    exact: bool = True


class Namer:
    """What names a concept in one language: the first three different words, and marked forms.

    With a word go those of its root. A phrase that only begins with it may say something else: beef
    prices are no beef.
    """

    def __init__(self, written: tuple[str, ...], language: str) -> None:
        self._language = language
        self._roots: set[str] = set()
        self._phrases: set[tuple[str, ...]] = set()
        for place, form in enumerate(written):
            marked = form[-1] == NAMING_MARK
            if marked or len(self._roots) < _FIRST:
                self._roots.add(self._root(form))
            if marked or place < _FIRST:
                self._phrases.add(form_of(form, language).key)

    def of(self, form: str) -> Naming:
        """Tell whether a form, as written, names the concept."""
        begins = self._root(form) in self._roots
        if " " not in form:
            return Naming(central=begins)
        central = form_of(form, self._language).key in self._phrases
        return Naming(central, begun=begins and not central)

    def _root(self, form: str) -> str:
        return first_stem(form.rstrip(MARKS), self._language)[:_ROOT]
