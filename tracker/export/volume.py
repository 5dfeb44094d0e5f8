"""How many reports came when: a bar for each day, week, month or year, and its place in a chart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker import when

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_BARS = 62
"""Two months of days; a longer time gets a bar a week, a month or a year."""
HEIGHT = 60
STEP = 10
# Few bars do not fill the width of a page: a chart has room for this many.
_FEWEST = 24
_GAP = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """The reports from `first` to `last`, both days included; `label` names the time."""

    first: date
    last: date
    label: str
    reports: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, oldest first; `unit` is day, week, month or year."""

    unit: str
    bars: tuple[Bar, ...]

    @property
    def peak(self) -> Bar:
        """The highest bar, the first of equal ones."""
        return max(self.bars, key=lambda bar: bar.reports)

    @property
    def period(self) -> str:
        """The days that the bars cover, such as "20 Jul to 6 Dec 2020"."""
        return when.period(self.bars[0].first, self.bars[-1].last)

    @property
    def width(self) -> int:
        """The width of the drawing in its own units."""
        return max(len(self.bars), _FEWEST) * STEP

    @property
    def shapes(self) -> list[tuple[int, float, int, float]]:
        """The bars as x, y, width and height, y downwards; at least 2 high if there is a report."""
        most = self.peak.reports
        heights = [max(HEIGHT * bar.reports / most, 2) if bar.reports else 0 for bar in self.bars]
        return [
            (place * STEP, round(HEIGHT - height, 1), STEP - _GAP, round(height, 1))
            for place, height in enumerate(heights)
            if height
        ]


def chart(days: Sequence[date]) -> Chart | None:
    """Return the chart of reports on these days; None where all are of one day.

    The unit is the smallest with at most MOST_BARS bars, weeks beginning on Monday.
    """
    if not days or min(days) == max(days):
        return None
    unit = next((u for u in _UNITS if len(_starts(days, u)) <= MOST_BARS), "year")
    start, step, label = _UNITS[unit]
    counted = Counter(map(start, days))
    bars = [
        Bar(first, step(first) - timedelta(days=1), label(first), counted[first])
        for first in _starts(days, unit)
    ]
    return Chart(unit, tuple(bars))


def _starts(days: Sequence[date], unit: str) -> list[date]:
    """Return the first day of every unit of time from the earliest to the latest of the days."""
    start, step, _ = _UNITS[unit]
    found = [start(min(days))]
    while (following := step(found[-1])) <= max(days):
        found.append(following)
    return found


def _month(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return _month(day + timedelta(days=31))


_UNITS: dict[str, tuple[Callable[[date], date], Callable[[date], date], Callable[[date], str]]] = {
    "day": (lambda day: day, lambda day: day + timedelta(days=1), when.full_date),
    "week": (
        lambda day: day - timedelta(days=day.weekday()),
        lambda day: day + timedelta(days=7),
        lambda day: f"week of {when.full_date(day)}",
    ),
    "month": (_month, _next_month, when.month_of),
    "year": (
        lambda day: day.replace(month=1, day=1),
        lambda day: day.replace(year=day.year + 1),
        lambda day: str(day.year),
    ),
}
