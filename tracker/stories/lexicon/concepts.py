"""Concepts: kinds of news affairs, and how a concept matches a query and a report.

A concept (for example: "acquisition") has surface forms in seven languages (buy, takeover, rachat,
Übernahme). The forms at the head of its list, and those marked with "!", are its preferred terms:
typed in a query they denote the whole concept. The other forms denote a narrower part of it.
"""

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
    """Postings by first stem: a form, its match level, and fixed expressions that exclude it."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind of news affair, with its surface forms by language.

    `related` are the ids of concepts that often occur with it. `applies_to` are the entity kinds
    that it can happen to; empty means any.
    """

    id: str
    about: str
    related: tuple[str, ...]
    applies_to: frozenset[str]
    written: Lists


_ROOT_LENGTH = 5
"""Words that share so many first letters count as one root."""
_PREFERRED_ROOTS = 3
"""The first so many different roots of a concept's list are preferred terms."""
_SHORTEST_HEAD = 3
"""Two words are different compounds if so many letters follow their common prefix."""
_SPECIFIC_ROOTS = 4
"""The first so many roots denote the whole concept in a report."""


class TermStatus(NamedTuple):
    """Whether a form is a preferred term of its concept.

    `extends` is true for a phrase or compound that begins with a preferred term (for example: "beef
    prices" with "beef"). Such a phrase is not preferred; such a compound is, unless it denotes
    something else. `marked` is true for a form that is preferred only by its mark "!".
    """

    preferred: bool
    extends: bool = False
    marked: bool = False


class ConceptMatch(NamedTuple):
    """A concept that the first words of a query denote.

    `size` is the number of words matched. `exact` is false for a match by stems. `foreign` is true
    for a form of a language that is neither the query's nor English.
    """

    size: int
    concept: str
    ambiguous: bool
    status: TermStatus
    exact: bool = True
    foreign: bool = False


def best_matches(matches: list[ConceptMatch]) -> list[ConceptMatch]:
    """Return the best of several matches of equal length.

    Exact matches come first. Stem matches count if they are preferred terms or if there is no exact
    match. Unambiguous matches then exclude ambiguous ones; where all are ambiguous, every
    unambiguous match is added.
    """
    exact = [match for match in matches if match.exact]
    if not any(match.status.preferred for match in exact):
        exact += [
            match for match in matches if not match.exact and (match.status.preferred or not exact)
        ]
    if all(match.ambiguous for match in exact):  # "overturned": of a car, or of a ruling
        return exact + [match for match in matches if not match.ambiguous and match not in exact]
    return [match for match in exact if not match.ambiguous]


class PreferredTerms:
    """The preferred terms of one concept in one language.

    These are the first three different roots of the list, and the marked forms with their roots. A
    phrase that only begins with a preferred term may mean something else (for example: "beef
    prices"), and so may a compound (for example: "Klimagipfel", not climate change).
    """

    def __init__(self, forms: Sequence[SurfaceForm], language: str) -> None:
        """Take a concept's forms in one language, in the order of their list."""
        self._rank_by_root: dict[str, int] = {}
        self._first_stem_by_root: dict[str, str] = {}
        for form in forms:
            self._rank_by_root.setdefault(_root(form), len(self._rank_by_root))
            self._first_stem_by_root.setdefault(_root(form), form.tokens[0])
        self._first_phrases = {form.tokens for form in forms[:_PREFERRED_ROOTS]}
        marked = [form for form in forms if form.preferred]
        self._marked_roots = set(map(_root, marked))
        self._marked_phrases = {form.tokens for form in marked}
        self._compounding = language in COMPOUNDING

    def status_of(self, form: SurfaceForm) -> TermStatus:
        """Return whether a form of the list is a preferred term."""
        root = _root(form)
        is_first_root = self._rank_by_root[root] < _PREFERRED_ROOTS
        has_preferred_root = is_first_root or root in self._marked_roots
        is_own_phrase = form.tokens in self._first_phrases or form.tokens in self._marked_phrases
        if len(form.tokens) == 1:
            extends = has_preferred_root and not is_own_phrase and self._is_compound(form.tokens[0])
            return TermStatus(has_preferred_root, extends, marked=not is_first_root)
        return TermStatus(
            is_own_phrase,
            has_preferred_root and not is_own_phrase,
            marked=is_own_phrase and form.tokens not in self._first_phrases,
        )

    def _is_compound(self, stem: str) -> bool:
        """Return whether a stem is a compound with a head other than its root's first form."""
        if not self._compounding:
            return False
        common = commonprefix((stem, self._first_stem_by_root[stem[:_ROOT_LENGTH]]))  # noqa: RUF071 - no paths
        return len(stem) - len(common) >= _SHORTEST_HEAD

    def is_specific(self, form: SurfaceForm) -> bool:
        """Return whether a form denotes the whole concept in a report, not a part."""
        root = _root(form)
        return self._rank_by_root[root] < _SPECIFIC_ROOTS or root in self._marked_roots


def _root(form: SurfaceForm) -> str:
    return form.tokens[0][:_ROOT_LENGTH]


class Thesaurus(Protocol):
    """The look-ups that `WeightedConcepts` needs from the lexicon."""

    @property
    def concepts(self) -> Mapping[str, Concept]:
        """The concepts by their ids."""

    @property
    def expressions(self) -> FixedExpressions:
        """The fixed expressions in which a form does not denote its concept."""

    def forms(self, concept: str, language: str) -> tuple[SurfaceForm, ...]:
        """Return a concept's forms in one language; empty where it has none."""

    def loose_forms(self, concept: str, language: str) -> Sequence[SurfaceForm]:
        """Return `forms` without stop words, where at least two other words remain."""

    def specific_forms(self, concept: str, language: str) -> Sequence[bool]:
        """Return for each of `forms` whether it denotes the whole concept in a report."""


class WeightedConcepts:
    """The concepts that one query segment denotes, each with its match level.

    `concepts` are pairs of id and level: the level is the highest that a form of the concept can
    reach (see `tracker.stories.levels`). Equal segments share one object, and so its cached
    indexes.
    """

    def __init__(self, lexicon: Thesaurus, ids: tuple[tuple[str, float], ...]) -> None:
        self.concepts = ids
        self._lexicon = lexicon
        self._indexes: dict[str, Index] = {}

    def languages(self) -> tuple[str, ...]:
        """Return the languages in which any of the concepts has forms."""
        concepts = self._lexicon.concepts
        return tuple(dict.fromkeys(code for c, _ in self.concepts for code in concepts[c].written))

    def forms(self, language: str) -> tuple[SurfaceForm, ...]:
        """Return the concepts' own forms in a language, with their levels.

        Related concepts are left out.
        """
        return tuple(
            form.at_level(_level(form, level, specific=specific))
            for concept, level in self.concepts
            for form, specific in zip(
                self._lexicon.forms(concept, language),
                self._lexicon.specific_forms(concept, language),
                strict=True,
            )
        )

    def idioms(self, language: str) -> Phrases:
        """Return the fixed expressions of a language in which none of the concepts is denoted."""
        denoted = (concept for concept, level in self.concepts if level >= NEAR_SYNONYM)
        return self._lexicon.expressions.of_all(denoted, language)

    def index(self, language: str) -> Index:
        """Return an inverted index of all forms of a language by first stem.

        It includes the forms of related concepts. Each posting has the form, its level, and the
        fixed expressions in which the form does not denote its concept.
        """
        index = self._indexes.get(language)
        if index is None:
            index = self._indexes[language] = {}
            idioms = self._lexicon.expressions
            for concept, level in self.concepts:
                own = zip(
                    self._lexicon.loose_forms(concept, language),
                    self._lexicon.specific_forms(concept, language),
                    strict=True,
                )
                phrases = idioms.of(concept, language)
                for form, specific in own:
                    form_level = _level(form, level, specific=specific)
                    index.setdefault(form.tokens[0], []).append((form, form_level, phrases))
            for concept, level in self.concepts:
                if level < NEAR_SYNONYM:
                    continue
                for related in self._lexicon.concepts[concept].related:
                    phrases = idioms.of(related, language)
                    for form in self._lexicon.loose_forms(related, language):
                        form_level = RELATED / 2 if form.ambiguous else RELATED
                        index.setdefault(form.tokens[0], []).append((form, form_level, phrases))
        return index


def _level(form: SurfaceForm, level: float, *, specific: bool) -> float:
    """Return the level of a form, at most that of its concept."""
    return min(level, AMBIGUOUS if form.ambiguous else EXACT if specific else NARROWER)
