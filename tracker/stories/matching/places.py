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


_ENOUGH_NAMES = 2
"""Matched names of the query that outweigh a conflicting place."""


@dataclass(frozen=True, slots=True)
class PlaceConflict:
    """Detects place conflicts for a query that names a place and something else.

    Numbers are those of segments: `person_numbers` are some of `other_numbers`. `local_entities`
    are the places of the query, the places in them, those that contain them, and countries in the
    news everywhere.
    """

    place_numbers: tuple[int, ...]
    other_numbers: tuple[int, ...]
    person_numbers: frozenset[int]
    local_entities: frozenset[str]
    gazetteer: Gazetteer

    @classmethod
    def of(
        cls, segments: Sequence[QuerySegment], subjects: Sequence[int], lexicon: Lexicon
    ) -> PlaceConflict | None:
        """Return the detector of a query; None if it names no place, or nothing else."""
        gazetteer, geography = lexicon.gazetteer, lexicon.geography
        place_numbers = [n for n in subjects if segments[n].is_place and not segments[n].background]
        if not place_numbers or len(subjects) < _ENOUGH_NAMES:
            return None
        other_numbers = [
            n for n in subjects if n not in place_numbers and not segments[n].background
        ]
        local_entities = set(word_list("everywhere"))
        for place in (segments[n].entity for n in place_numbers):
            local_entities |= geography.around(place) | geography.inside(place)
        person_numbers = frozenset(n for n in other_numbers if segments[n].is_person)
        return cls(
            tuple(place_numbers),
            tuple(other_numbers),
            person_numbers,
            frozenset(local_entities),
            gazetteer,
        )

    def find(self, text: AnalyzedText, evidence: Evidence) -> ConflictingPlace | None:
        """Return the place that an item names instead of the query's, None for no conflict.

        There is no conflict if the item names a place or a person of the query, or two of its other
        names.
        """
        if any(match for number in self.place_numbers for match in evidence.matches[number]):
            return None
        other_numbers = [n for n in self.other_numbers if any(evidence.matches[n])]
        if len(other_numbers) >= _ENOUGH_NAMES or not self.person_numbers.isdisjoint(other_numbers):
            return None
        found = (self._conflicting_place(words, field) for field, words in text.fields())
        match = next(filter(None, found), None)
        return ConflictingPlace(self.place_numbers, match) if match else None

    def _conflicting_place(self, words: Sequence[Token], field: str) -> TermMatch | None:
        """Return the first place in a field that is not local."""
        norms = tuple(word.norm for word in words)
        for at, word in enumerate(words):
            if word.shape == LOWER:
                continue
            for form, entity in self.gazetteer.starting(word.norm):
                size = len(form.tokens)
                if form.ambiguous or norms[at : at + size] != form.tokens:
                    continue
                if self.gazetteer.is_place(entity) and entity not in self.local_entities:
                    found = " ".join([each.text for each in words[at : at + size]])
                    return TermMatch(EXACT, found, field, at, size)
                break  # the longest form comes first
        return None
