"""The reports a day, drawn with what can be read from the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.views.spark import sparkline
from tracker.views.text import BAR, FAINT, joined, width_of
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

_DAYS_OF_THE_USUAL = 7
_FEWEST_OF_A_SURGE = 3
# Where a report comes less than every other day, a factor says nothing.
_LEAST_USUAL = 0.5


def volume(
    counts: Sequence[int], *, now: datetime, zone: tzinfo | None, width: int
) -> list[Text | str]:
    """Return bars of the reports a day, their scale, and whether there are more than usual.

    Nothing is returned where there was no report. The last of `counts` is today.
    """
    if not any(counts):
        return []
    peak = max(counts)
    today = when.local(now, zone).date()
    day = today - when.DAY * (len(counts) - 1 - counts.index(peak))
    scale = f"peak {count(peak, 'report')} on {when.day_and_month(day)}"
    words = [f"last {count(len(counts), 'day')}", scale]
    if ratio := surge(counts):
        busy, times = ratio
        words.append(f"{busy} {times} × the usual")
    bars = sparkline(counts, width)
    rows_ = joined(words, width - width_of(bars) - 2)
    if len(rows_) == 1:
        return [Text.assemble((bars, BAR), "  ", (rows_[0], FAINT))]
    return [Text(bars, BAR), *(Text(row, FAINT) for row in joined(words, width))]


def surge(counts: Sequence[int]) -> tuple[str, int] | None:
    """Return "today" or "yesterday" and how many times its reports are the usual number a day.

    The usual is the mean of the days before the two. None where that is less than twice as much,
    where the day has fewer than 3 reports, where fewer than 7 days precede them, or where less than
    one report in two days is usual.
    """
    before = counts[:-2]
    usual = sum(before) / len(before) if len(before) >= _DAYS_OF_THE_USUAL else 0
    busiest = max(counts[-2:], default=0)
    if usual < _LEAST_USUAL or busiest < _FEWEST_OF_A_SURGE or busiest < 2 * usual:
        return None
    return ("today" if counts[-1] == busiest else "yesterday", round(busiest / usual))
