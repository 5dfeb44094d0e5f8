"""How often a feed brings something, by the dates of its items."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

COUNTED_DATES = 20
"""Newest distinct dates of a feed from which its rhythm is computed."""
COUNTED_WEEKS = 4
"""Weeks whose items give the number of items a week."""
_FEWEST = 3
_SHORTEST_SILENCE = timedelta(days=14)
_SILENCE_OF_UNKNOWN = timedelta(days=365)


class FeedOrder(StrEnum):
    """What the rows of the feed list are sorted by, each with the most telling row first."""

    TITLE = "title"
    ITEMS = "items"
    WEEK = "week"
    RHYTHM = "rhythm"
    STORIES = "stories"
    NEWS = "news"
    STATE = "state"


class FeedActivity(NamedTuple):
    """What the stored items say of a feed.

    `dates` are the newest distinct dates of publication that are not in the future, newest first,
    COUNTED_DATES at the most. `items_a_week` is the mean of the last COUNTED_WEEKS, or of the time
    since the first item (at least a day) if that is shorter. `in_stories` counts the items that are
    linked to a story or accepted.
    """

    dates: tuple[datetime, ...] = ()
    items_a_week: float = 0.0
    in_stories: int = 0

    @property
    def newest(self) -> datetime | None:
        """The date of the newest item, None without one."""
        return self.dates[0] if self.dates else None

    @property
    def rhythm(self) -> timedelta | None:
        """The mean time between two dates; None for fewer than three dates."""
        if len(self.dates) < _FEWEST:
            return None
        return (self.dates[0] - self.dates[-1]) / (len(self.dates) - 1)

    @property
    def silent_after(self) -> timedelta:
        """The time without an item after which the feed counts as silent.

        That is ten times its rhythm, three times its longest pause, and at least 14 days; a year if
        the rhythm is unknown.
        """
        if self.rhythm is None:
            return _SILENCE_OF_UNKNOWN
        pauses = (new - old for new, old in zip(self.dates, self.dates[1:], strict=False))
        return max(_SHORTEST_SILENCE, 10 * self.rhythm, 3 * max(pauses))

    def with_dates(self, dates: set[datetime], now: datetime) -> FeedActivity:
        """Return the activity with the dates of further items; those after `now` are left out."""
        found = sorted({*self.dates, *(date for date in dates if date <= now)}, reverse=True)
        return self._replace(dates=tuple(found[:COUNTED_DATES]))
