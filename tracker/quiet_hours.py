"""Quiet hours: the part of each day in which nothing is sent, in local time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, tzinfo

_WRITTEN = re.compile(r"(\d{1,2})(?::(\d\d))? ?[-–] ?(\d{1,2})(?::(\d\d))?")
_DAY = timedelta(days=1)


def parse(text: str) -> str | None:
    """Return quiet hours in their one form ("22:00-07:00"); None for what means none.

    "22-7" and "22:00 – 7:00" are read, too. Beginning and end must differ.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        return None
    hours = [int(found[1]), int(found[3])]
    minutes = [int(found[2] or 0), int(found[4] or 0)]
    if max(hours) > 23 or max(minutes) > 59:  # noqa: PLR2004 - of a day and an hour
        return None
    begin, end = (f"{h:02}:{m:02}" for h, m in zip(hours, minutes, strict=True))
    return None if begin == end else f"{begin}-{end}"


def quiet_until(hours: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return when the quiet hours end that `now` falls into, in UTC; None outside of them.

    `hours` are as `parse` returns them, "" for none. `zone` None is the computer's own. Where
    clocks change within them, the earliest beginning and the latest end that they can mean count.
    """
    if not hours:
        return None
    begin, end = map(time.fromisoformat, hours.split("-"))
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        last = day if begin < end else day + _DAY
        if min(_moments(day, begin, zone)) <= now < (until := max(_moments(last, end, zone))):
            return until
    return None


def _moments(day: date, clock: time, zone: tzinfo | None) -> list[datetime]:
    """Return the moments at which a clock may show this: two if it is set back, or forward."""
    there = datetime.combine(day, clock, zone)
    return [there.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
