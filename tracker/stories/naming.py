"""Which forms of a concept name it when they are typed, and which tell it in a report."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.morphology import COMPOUNDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.forms import Form

_ROOT = 5
"""Words that begin with the same so many letters count as one when the first forms are counted."""
_FIRST = 3
"""So many different words at the head of a concept's list name the concept itself."""
_HEAD = 3
"""From so many letters behind what two words have in common on they are two compounds."""
_TELLING = 4
"""So many of them tell just the concept in a report; the others tell a part of what it covers."""


class Naming(NamedTuple):
    """Whether a form names its concept, or is one that only begins with a word which does.

    Such a phrase does not name it; such a compound does where it names nothing else (both are
    true). `marked` is for what does so by its mark alone: a part of the concept that has no other
    name.
    """

    central: bool
    begun: bool = False
    marked: bool = False


class Meaning(NamedTuple):
    """What some words of a query stand for: how many words, which concept, by which form.

    Forms that do not name the concept itself name a part of what it covers. A `foreign` one is of
    another language than the query's, and not English.
    """

    size: int
    concept: str
    weak: bool
    naming: Naming
    exact: bool = True
    foreign: bool = False


def best_of(found: list[Meaning]) -> list[Meaning]:
    """Give the best of some meanings: what is typed just so, else what has the same stems.

    Of what is typed just so and names no concept, another inflection may: student loans. The strong
    ones count, where there are any; a weak one typed just so has all strong ones beside it.
    """
    exact = [meaning for meaning in found if meaning.exact]
    if not any(meaning.naming.central for meaning in exact):
        exact += [m for m in found if not m.exact and (m.naming.central or not exact)]
    if all(meaning.weak for meaning in exact):  # overturned: of a car, and of a ruling
        return exact + [each for each in found if not each.weak and each not in exact]
    return [meaning for meaning in exact if not meaning.weak]


class Namer:
    """What names a concept in one language: the first three different words, and marked forms.

    With a word go those of its root. A phrase that only begins with it may say something else: beef
    prices are no beef, and a Klimagipfel is no Klimawandel. In a report one more word tells just
    the concept, and such phrases do too.
    """

    def __init__(self, forms: Sequence[Form], language: str) -> None:
        """Take a concept's forms in one language, as they are listed."""
        self._roots: dict[str, int] = {}
        self._first: dict[str, str] = {}
        for form in forms:
            self._roots.setdefault(_root(form), len(self._roots))
            self._first.setdefault(_root(form), form.key[0])
        self._phrases = {form.key for form in forms[:_FIRST]}
        marked = [form for form in forms if form.naming]
        self._marked_roots = set(map(_root, marked))
        self._marked = {form.key for form in marked}
        self._compounding = language in COMPOUNDING

    def of(self, form: Form) -> Naming:
        """Tell whether a form names the concept."""
        root = _root(form)
        first = self._roots[root] < _FIRST
        begins = first or root in self._marked_roots
        central = form.key in self._phrases or form.key in self._marked
        if len(form.key) == 1:
            begun = begins and not central and self._is_compound(form.key[0])
            return Naming(begins, begun, marked=not first)
        return Naming(
            central, begins and not central, marked=central and form.key not in self._phrases
        )

    def _is_compound(self, stem: str) -> bool:
        """Tell whether a word has another head than the first one that begins like it."""
        if not self._compounding:
            return False
        common = commonprefix((stem, self._first[stem[:_ROOT]]))  # noqa: RUF071 - no paths
        return len(stem) - len(common) >= _HEAD

    def tells(self, form: Form) -> bool:
        """Tell whether a form tells just the concept where a report has it."""
        root = _root(form)
        return self._roots[root] < _TELLING or root in self._marked_roots


def _root(form: Form) -> str:
    return form.key[0][:_ROOT]
