"""Concepts: kinds of affairs with their forms by language, and what typing or reading one means."""

from __future__ import annotations

from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tracker.stories.levels import AMBIGUOUS, EXACT, NARROWER, NEAR_SYNONYM, RELATED
from tracker.stories.text.morphology import COMPOUNDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.lexicon.idioms import FixedExpressions, Phrases
    from tracker.stories.resources import Lists

    Index = dict[str, list[tuple[SurfaceForm, float, Phrases]]]
    """Forms with how well each stands for a part of a query, and the phrases in which it does not,
    by their first stem."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind of affair; `written` are its forms by language, `kin` what it goes on with (ids).

    `of` are the kinds of names that it happens to; none where it may happen to any.
    """

    id: str
    about: str
    related: tuple[str, ...]
    applies_to: frozenset[str]
    written: Lists


_ROOT = 5
"""Words that begin with the same so many letters count as one when the first forms are counted."""
_FIRST = 3
"""So many different words at the head of a concept's list name the concept itself."""
_HEAD = 3
"""From so many letters behind what two words have in common on they are two compounds."""
_TELLING = 4
"""So many of them tell just the concept in a report; the others tell a part of what it covers."""


class TermStatus(NamedTuple):
    """Whether a form names its concept, or is one that only begins with a word which does.

    Such a phrase does not name it; such a compound does where it names nothing else (both are
    true). `marked` is for what does so by its mark alone: a part of the concept that has no other
    name.
    """

    preferred: bool
    extends: bool = False
    marked: bool = False


class ConceptMatch(NamedTuple):
    """What some words of a query stand for: how many words, which concept, by which form.

    Forms that do not name the concept itself name a part of what it covers. A `foreign` one is of
    another language than the query's, and not English.
    """

    size: int
    concept: str
    ambiguous: bool
    status: TermStatus
    exact: bool = True
    foreign: bool = False


def best_matches(found: list[ConceptMatch]) -> list[ConceptMatch]:
    """Give the best of some meanings: what is typed just so, else what has the same stems.

    Of what is typed just so and names no concept, another inflection may: student loans. The strong
    ones count, where there are any; a weak one typed just so has all strong ones beside it.
    """
    exact = [meaning for meaning in found if meaning.exact]
    if not any(meaning.status.preferred for meaning in exact):
        exact += [m for m in found if not m.exact and (m.status.preferred or not exact)]
    if all(meaning.ambiguous for meaning in exact):  # overturned: of a car, and of a ruling
        return exact + [each for each in found if not each.ambiguous and each not in exact]
    return [meaning for meaning in exact if not meaning.ambiguous]


class PreferredTerms:
    """What names a concept in one language: the first three different words, and marked forms.

    With a word go those of its root. A phrase that only begins with it may say something else: beef
    prices are no beef, and a Klimagipfel is no Klimawandel. In a report one more word tells just
    the concept, and such phrases do too.
    """

    def __init__(self, forms: Sequence[SurfaceForm], language: str) -> None:
        """Take a concept's forms in one language, as they are listed."""
        self._roots: dict[str, int] = {}
        self._first: dict[str, str] = {}
        for form in forms:
            self._roots.setdefault(_root(form), len(self._roots))
            self._first.setdefault(_root(form), form.tokens[0])
        self._phrases = {form.tokens for form in forms[:_FIRST]}
        marked = [form for form in forms if form.preferred]
        self._marked_roots = set(map(_root, marked))
        self._marked = {form.tokens for form in marked}
        self._compounding = language in COMPOUNDING

    def status_of(self, form: SurfaceForm) -> TermStatus:
        """Tell whether a form names the concept."""
        root = _root(form)
        first = self._roots[root] < _FIRST
        begins = first or root in self._marked_roots
        central = form.tokens in self._phrases or form.tokens in self._marked
        if len(form.tokens) == 1:
            begun = begins and not central and self._is_compound(form.tokens[0])
            return TermStatus(begins, begun, marked=not first)
        return TermStatus(
            central, begins and not central, marked=central and form.tokens not in self._phrases
        )

    def _is_compound(self, stem: str) -> bool:
        """Tell whether a word has another head than the first one that begins like it."""
        if not self._compounding:
            return False
        common = commonprefix((stem, self._first[stem[:_ROOT]]))  # noqa: RUF071 - no paths
        return len(stem) - len(common) >= _HEAD

    def is_specific(self, form: SurfaceForm) -> bool:
        """Tell whether a form tells just the concept where a report has it."""
        root = _root(form)
        return self._roots[root] < _TELLING or root in self._marked_roots


def _root(form: SurfaceForm) -> str:
    return form.tokens[0][:_ROOT]


class Thesaurus(Protocol):
    """What a sense asks of the concepts: their forms, and the phrases that they are not in."""

    @property
    def concepts(self) -> Mapping[str, Concept]:
        """The concepts by their ids."""

    @property
    def expressions(self) -> FixedExpressions:
        """The fixed expressions in which a concept is not meant."""

    def forms(self, concept: str, language: str) -> tuple[SurfaceForm, ...]:
        """Return a concept's forms in one language; none where it has none."""

    def loose_forms(self, concept: str, language: str) -> Sequence[SurfaceForm]:
        """Return `forms` without their function words, where two others are left."""

    def specific_forms(self, concept: str, language: str) -> Sequence[bool]:
        """Tell of each of `forms` whether it tells just the concept, or a part of it."""


class WeightedConcepts:
    """What the concepts of one part of a query stand for; shared by all queries that mean the same.

    `ids` are concepts with the level of their strong forms: how well these stand for the part.
    """

    def __init__(self, lexicon: Thesaurus, ids: tuple[tuple[str, float], ...]) -> None:
        self.concepts = ids
        self._lexicon = lexicon
        self._index: dict[str, Index] = {}

    def languages(self) -> tuple[str, ...]:
        """Give the languages that the concepts have forms in."""
        concepts = self._lexicon.concepts
        return tuple(dict.fromkeys(code for c, _ in self.concepts for code in concepts[c].written))

    def forms(self, language: str) -> tuple[SurfaceForm, ...]:
        """Give the concepts' own forms in a language, without those of their kin."""
        return tuple(
            form.at_level(_level(form, level, tells=tells))
            for concept, level in self.concepts
            for form, tells in zip(
                self._lexicon.forms(concept, language),
                self._lexicon.specific_forms(concept, language),
                strict=True,
            )
        )

    def idioms(self, language: str) -> Phrases:
        """Give the phrases of a language in which none of the concepts is told."""
        meant = (concept for concept, level in self.concepts if level >= NEAR_SYNONYM)
        return self._lexicon.expressions.of_all(meant, language)

    def index(self, language: str) -> Index:
        """Give all forms, those of kin included, by their first stem.

        Each with its level, and with the phrases that tell nothing of its concept.
        """
        found = self._index.get(language)
        if found is None:
            found = self._index[language] = {}
            idioms = self._lexicon.expressions
            for concept, level in self.concepts:
                own = zip(
                    self._lexicon.loose_forms(concept, language),
                    self._lexicon.specific_forms(concept, language),
                    strict=True,
                )
                phrases = idioms.of(concept, language)
                for form, tells in own:
                    worth = _level(form, level, tells=tells)
                    found.setdefault(form.tokens[0], []).append((form, worth, phrases))
            for concept, level in self.concepts:
                for kin in self._lexicon.concepts[concept].related if level >= NEAR_SYNONYM else ():
                    phrases = idioms.of(kin, language)
                    for form in self._lexicon.loose_forms(kin, language):
                        worth = RELATED / 2 if form.ambiguous else RELATED
                        found.setdefault(form.tokens[0], []).append((form, worth, phrases))
        return found


def _level(form: SurfaceForm, level: float, *, tells: bool) -> float:
    """Give how well a form stands for what its concept stands for so well."""
    return min(level, AMBIGUOUS if form.ambiguous else EXACT if tells else NARROWER)
