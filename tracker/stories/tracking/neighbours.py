"""Nearest neighbours: the certain item that an uncertain one resembles most.

Outlets report a development in different words, some without any of the query's. Items of the same
days that share more than the story's names report the same development (k-nearest neighbours: Yang,
Ault, Pierce and Lattimer, "Improving text categorization methods for event tracking", SIGIR 2000).
Only certain items are neighbours, so that one wrong link does not cause the next; an item nearest
to a rejected one is not linked.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.profile import Profile


MAX_DISTANCE_IN_DAYS = 2
"""The most days between an item and its neighbour."""
_COMPARED_PER_DAY = 100
"""The most items of a day, the latest, that are compared for a shared term.

2,000 near-duplicates take 0.2 s with it, 2.9 s without."""
_SMOOTHING = 16.0
"""Items added to those counted, so that the first few do not determine rarity."""


class Neighbour(NamedTuple):
    """A certain item: its title, and its similarity (0..1) to an uncertain one."""

    title: str
    similarity: float


class CertainItem(NamedTuple):
    """A certain member of a story, or a certain non-member.

    `day` is the ordinal of its date, `terms` are the weights of its learnable terms by stem.
    """

    title: str
    day: int
    terms: dict[str, float]
    belongs: bool = True


class NearestNeighbours:
    """The certain members and non-members of one story, indexed by day and stem.

    Similarity is the cosine of tf-idf vectors without the query's terms; document frequencies are
    those of the profile.
    """

    def __init__(self, profile: Profile) -> None:
        self._rarity = _InverseFrequency(profile)
        self._items: list[CertainItem] = []
        self._days: dict[int, dict[str, list[tuple[int, float]]]] = {}

    def add(self, item: CertainItem) -> None:
        """Add an item with which others are compared."""
        table = self._days.setdefault(item.day, {})
        for stem, weight in self._weights(item.terms).items():
            table.setdefault(stem, []).append((len(self._items), weight))
        self._items.append(item)

    def nearest(self, features: Features) -> Neighbour | None:
        """Return the most similar item of these days if it is a member.

        None if no item shares two terms with it.
        """
        days = range(features.day - MAX_DISTANCE_IN_DAYS, features.day + MAX_DISTANCE_IN_DAYS + 1)
        tables = [self._days[day] for day in days if day in self._days]
        weights = self._weights(features.evidence.terms) if tables else {}
        similarities = [0.0] * len(self._items)
        for table in tables:
            shared = [(weight, table[stem]) for stem, weight in weights.items() if stem in table]
            for weight, reports in shared if len(shared) > 1 else ():
                for number, other in reports[-_COMPARED_PER_DAY:]:
                    similarities[number] += weight * other
        for similarity, number in _ranked(similarities):
            item = self._items[number]
            if len(weights.keys() & item.terms.keys()) > 1:  # a single shared term is chance
                return Neighbour(item.title, min(1.0, similarity)) if item.belongs else None
        return None

    def _weights(self, terms: dict[str, float]) -> dict[str, float]:
        """Return the tf-idf weights of an item's terms; their squares add up to 1."""
        rarity = self._rarity
        found = {stem: weight * rarity[stem] for stem, weight in terms.items()}
        length = math.hypot(*found.values())
        return {stem: weight / length for stem, weight in found.items()}


def _ranked(similarities: Iterable[float]) -> Iterator[tuple[float, int]]:
    """Yield the similarities above 0 with their numbers, the highest first.

    The first is nearly always enough: the rest is sorted only when it is asked for.
    """
    found = [(similarity, number) for number, similarity in enumerate(similarities) if similarity]
    if found:
        highest = max(found)
        yield highest
        found.remove(highest)
        yield from sorted(found, reverse=True)


class _InverseFrequency(dict[str, float]):
    """Inverse document frequencies of stems, each computed once; above 0."""

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        profiles = profile.partitions()
        self._total = sum([each.on + each.off for each in profiles]) + _SMOOTHING
        self._term_counts = [each.terms for each in profiles]

    def __missing__(self, stem: str) -> float:
        terms = [counts[stem] for counts in self._term_counts if stem in counts]
        count = sum([term.on + term.off for term in terms])
        found = self[stem] = math.log((self._total + 1.0) / (count + 1.0))
        return found
