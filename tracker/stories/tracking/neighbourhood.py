"""Cases of a story, and the reports around one day with which they are compared one by one."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.scoring.linear_model import probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.scoring.first_contact import Contact
    from tracker.stories.text.learnable import LearnableTerms
    from tracker.stories.tracking.vectors import Vector


_DENSE = 5
"""Days around an item in which reports are counted."""
_FAR = 60.0
"""Days to the nearest report at the most."""


class Case(NamedTuple):
    """An item to be judged, or one that is known; `day` is the ordinal of its date.

    `contact` is None for an item that is no candidate. `decided` is the user's answer, 1.0 or 0.0,
    None without one.
    """

    item_id: int
    day: int
    vector: Vector
    terms: LearnableTerms
    title: str
    contact: Contact | None
    decided: float | None = None

    @property
    def weight(self) -> float:
        """How much the story learns from it (0..1); 0.0 if it is no report of it."""
        if self.decided is not None:
            return self.decided
        found = probability(self.contact.odds) if self.contact else 0.0
        return found if found >= LEARNED_FROM else 0.0


LEARNED_FROM = 0.5
"""Probability at first contact from which on a story learns from an item."""


class Nearest(NamedTuple):
    """The report that an item resembles most: its title, and the cosine (0..1)."""

    title: str
    similarity: float


class Neighbourhood:
    """The reports around one day, indexed by stem."""

    def __init__(self, reports: Sequence[Case], day: int) -> None:
        self._reports = reports
        self._day = day
        self._index: dict[str, list[tuple[int, float]]] = {}
        for number, report in enumerate(reports):
            for stem, weight in report.vector.items():
                self._index.setdefault(stem, []).append((number, weight * report.weight))

    def nearest(self, case: Case) -> tuple[Nearest | None, float]:
        """Return the report that a case resembles most, and the mean cosine with the nearest three.

        The cosines are weighted by how much the story learns from the reports.
        """
        found: dict[int, float] = {}
        for stem, weight in case.vector.items():
            for number, other in self._index.get(stem, ()):
                found[number] = found.get(number, 0.0) + weight * other
        best = nlargest(
            3,
            [
                (similarity, number)
                for number, similarity in found.items()
                if self._reports[number].item_id != case.item_id
            ],
        )
        if not best:
            return None, 0.0
        similarity, number = best[0]
        mean = sum([each for each, _ in best]) / 3.0
        return Nearest(self._reports[number].title, min(1.0, similarity)), mean

    def distance(self, case: Case, before: int) -> float:
        """Return the days to the nearest report, at most _FAR; `before` is the last one before."""
        apart = [abs(r.day - self._day) for r in self._reports if r.item_id != case.item_id]
        if before:
            apart.append(abs(self._day - before))
        return min(_FAR, float(min(apart, default=_FAR)))

    def dense(self, own: float, case: Case) -> float:
        """Return how many reports are within _DENSE days, without the case itself."""
        found = sum([r.weight for r in self._reports if abs(r.day - self._day) <= _DENSE])
        is_here = own and any(r.item_id == case.item_id for r in self._reports)
        return max(0.0, found - own) if is_here else found
