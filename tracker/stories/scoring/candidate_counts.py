"""How many items of late could belong to a story, by what they show of its query.

Only items up to the day of the one that is looked at are counted, so that the numbers are the same
whether the items come one by one or all at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


WEEK, SEASON = 5, 60
"""The days before an item in which candidates are counted."""
_PRIOR, _PRIOR_TOTAL = 1.0, 3.0
"""Added to the candidates that show something, and to all, in a share."""
_MOST_SHARE = 0.45
"""The largest share: that all candidates so far were reports says little of the next one."""


class Counts(NamedTuple):
    """Counts of candidates; `titled` have an aspect in the title, `matched` sums matches (0..1)."""

    items: float = 0.0
    titled: float = 0.0
    matched: float = 0.0

    def plus(self, other: Counts) -> Counts:
        """Return the sum of two counts."""
        return Counts(
            self.items + other.items, self.titled + other.titled, self.matched + other.matched
        )

    def share(self, part: float) -> float:
        """Return the smoothed share of a part of the items, in 0.._MOST_SHARE."""
        return min(_MOST_SHARE, (part + _PRIOR) / (self.items + _PRIOR_TOTAL))


class Surroundings(NamedTuple):
    """The candidates of the WEEK and of the SEASON up to an item, and those of its own kind.

    `alike` are the candidates of the season that show at least the same names.
    """

    week: Counts
    season: Counts
    alike: Counts


class CandidateCounts:
    """Counts of a story's candidates by day and kind; `total` is that of all ever counted.

    A kind is a bitmask: `Features.names_present` times two, plus one for a domestic item.
    """

    def __init__(self, days: dict[int, dict[int, Counts]] | None = None, total: int = 0) -> None:
        self.days = days or {}
        self.total = total
        self._before: tuple[int, dict[int, Counts], dict[int, Counts]] | None = None

    def add(self, day: int, kind: int, *, in_title: bool, match: float) -> None:
        """Count a candidate of a day (an ordinal)."""
        if self._before and day < self._before[0]:
            self._before = None
        counts = self.days.setdefault(day, {})
        counts[kind] = counts.get(kind, Counts()).plus(Counts(1.0, float(in_title), match))
        self.total += 1

    def around(self, day: int, kind: int) -> Surroundings:
        """Return the counts up to and with a day, for an item of a kind."""
        if self._before is None or self._before[0] != day:
            week: dict[int, Counts] = {}
            season: dict[int, Counts] = {}
            for before, counts in self.days.items():
                if day - SEASON <= before < day:
                    _merge(season, counts)
                    if day - WEEK <= before:
                        _merge(week, counts)
            self._before = day, week, season
        _, week, season = self._before
        today = self.days.get(day, {})
        alike = [
            counts
            for kinds in (season, today)
            for other, counts in kinds.items()
            if (other ^ kind) & 1 == 0 and other & kind == kind
        ]
        return Surroundings(
            _sum([*week.values(), *today.values()]),
            _sum([*season.values(), *today.values()]),
            _sum(alike),
        )

    def prune(self) -> None:
        """Forget the days of which no later item asks."""
        if self.days:
            first = max(self.days) - SEASON
            self.days = {day: counts for day, counts in self.days.items() if day >= first}
            self._before = None


def _merge(total: dict[int, Counts], counts: dict[int, Counts]) -> None:
    for kind, each in counts.items():
        total[kind] = total[kind].plus(each) if kind in total else each


def _sum(counts: Iterable[Counts]) -> Counts:
    items = titled = matched = 0.0
    for each in counts:
        items, titled, matched = items + each[0], titled + each[1], matched + each[2]
    return Counts(items, titled, matched)
