"""What the concepts of a part of a query stand for: their forms, and how well each does so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tracker.stories.levels import ALIKE, FULL, KIN, NARROWER, WEAK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.stories.forms import Form
    from tracker.stories.idioms import Idioms, Phrases
    from tracker.stories.vocabulary import Concept

    Index = dict[str, list[tuple[Form, float, Phrases]]]
    """Forms with how well each stands for a part of a query, and the phrases in which it does not,
    by their first stem."""


class Thesaurus(Protocol):
    """What a sense asks of the concepts: their forms, and the phrases that they are not in."""

    @property
    def concepts(self) -> Mapping[str, Concept]:
        """The concepts by their ids."""

    @property
    def idioms(self) -> Idioms:
        """The fixed expressions in which a concept is not meant."""

    def forms(self, concept: str, language: str) -> tuple[Form, ...]:
        """Return a concept's forms in one language; none where it has none."""

    def loose_forms(self, concept: str, language: str) -> Sequence[Form]:
        """Return `forms` without their function words, where two others are left."""

    def telling(self, concept: str, language: str) -> Sequence[bool]:
        """Tell of each of `forms` whether it tells just the concept, or a part of it."""


class Sense:
    """What the concepts of one part of a query stand for; shared by all queries that mean the same.

    `ids` are concepts with the level of their strong forms: how well these stand for the part.
    """

    def __init__(self, vocabulary: Thesaurus, ids: tuple[tuple[str, float], ...]) -> None:
        self.ids = ids
        self._vocabulary = vocabulary
        self._index: dict[str, Index] = {}

    def languages(self) -> tuple[str, ...]:
        """Give the languages that the concepts have forms in."""
        concepts = self._vocabulary.concepts
        return tuple(dict.fromkeys(code for c, _ in self.ids for code in concepts[c].written))

    def forms(self, language: str) -> tuple[Form, ...]:
        """Give the concepts' own forms in a language, without those of their kin."""
        return tuple(
            form.at(_level(form, level, tells=tells))
            for concept, level in self.ids
            for form, tells in zip(
                self._vocabulary.forms(concept, language),
                self._vocabulary.telling(concept, language),
                strict=True,
            )
        )

    def idioms(self, language: str) -> Phrases:
        """Give the phrases of a language in which none of the concepts is told."""
        meant = (concept for concept, level in self.ids if level >= ALIKE)
        return self._vocabulary.idioms.of_all(meant, language)

    def index(self, language: str) -> Index:
        """Give all forms, those of kin included, by their first stem.

        Each with its level, and with the phrases that tell nothing of its concept.
        """
        found = self._index.get(language)
        if found is None:
            found = self._index[language] = {}
            idioms = self._vocabulary.idioms
            for concept, level in self.ids:
                own = zip(
                    self._vocabulary.loose_forms(concept, language),
                    self._vocabulary.telling(concept, language),
                    strict=True,
                )
                phrases = idioms.of(concept, language)
                for form, tells in own:
                    worth = _level(form, level, tells=tells)
                    found.setdefault(form.key[0], []).append((form, worth, phrases))
            for concept, level in self.ids:
                for kin in self._vocabulary.concepts[concept].kin if level >= ALIKE else ():
                    phrases = idioms.of(kin, language)
                    for form in self._vocabulary.loose_forms(kin, language):
                        worth = KIN / 2 if form.weak else KIN
                        found.setdefault(form.key[0], []).append((form, worth, phrases))
        return found


def _level(form: Form, level: float, *, tells: bool) -> float:
    """Give how well a form stands for what its concept stands for so well."""
    return min(level, WEAK if form.weak else FULL if tells else NARROWER)
