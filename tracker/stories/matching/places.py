"""Place conflict: an item names another place than the query's.

For example: measles in Minnesota, for "South Carolina measles outbreak".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT
from tracker.stories.matching.evidence import ConflictingPlace, TermMatch
from tracker.stories.text.tokenization import LOWER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.gazetteer import Gazetteer
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.matching.evidence import Evidence
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.documents import AnalyzedText
    from tracker.stories.text.tokenization import Token


_BESIDE = 2
"""So many names of a query are enough to tell its story wherever it goes on."""


@dataclass(frozen=True, slots=True)
class PlaceConflict:
    """What is somewhere else for a query that names places beside somebody or something.

    `places` and `others` are the numbers of its names, those of `persons` among the others; `here`
    are the ids of the places, of what is in them, of what they are in, and of the countries that
    are everywhere.
    """

    places: tuple[int, ...]
    others: tuple[int, ...]
    persons: frozenset[int]
    here: frozenset[str]
    names: Gazetteer

    @classmethod
    def of(
        cls, segments: Sequence[QuerySegment], subjects: Sequence[int], lexicon: Lexicon
    ) -> PlaceConflict | None:
        """Give it for the parts of a query; None where that names no place, or nothing else."""
        names, homes = lexicon.gazetteer, lexicon.geography
        places = [n for n in subjects if segments[n].is_place and not segments[n].background]
        if not places or len(subjects) < _BESIDE:
            return None
        others = [n for n in subjects if n not in places and not segments[n].background]
        here = set(word_list("everywhere"))
        for place in (segments[n].entity for n in places):
            here |= homes.around(place) | homes.inside(place)
        persons = frozenset(n for n in others if segments[n].is_person)
        return cls(tuple(places), tuple(others), persons, frozenset(here), names)

    def find(self, text: AnalyzedText, evidence: Evidence) -> ConflictingPlace | None:
        """Give the place that a report is told of instead; None for one that is not.

        Whoever is named in the query goes on elsewhere, and so does what two other names tell.
        """
        if any(match for number in self.places for match in evidence.matches[number]):
            return None
        others = [n for n in self.others if any(evidence.matches[n])]
        if len(others) >= _BESIDE or not self.persons.isdisjoint(others):
            return None
        found = (self._place(words, field) for field, words in text.fields())
        match = next(filter(None, found), None)
        return ConflictingPlace(self.places, match) if match else None

    def _place(self, words: Sequence[Token], field: str) -> TermMatch | None:
        """Find the first other place in a field."""
        folds = tuple(word.norm for word in words)
        for at, word in enumerate(words):
            if word.shape == LOWER:
                continue
            for form, entity in self.names.starting(word.norm):
                size = len(form.tokens)
                if form.ambiguous or folds[at : at + size] != form.tokens:
                    continue
                if self.names.is_place(entity) and entity not in self.here:
                    found = " ".join([each.text for each in words[at : at + size]])
                    return TermMatch(EXACT, found, field, at, size)
                break  # the longest name that stands here is none
        return None
