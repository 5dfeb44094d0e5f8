"""Times as they stand in the database: whole seconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from datetime import tzinfo

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
"""No report is dated before: what begins here has no beginning."""


@overload
def seconds(moment: datetime) -> int: ...
@overload
def seconds(moment: datetime | None) -> int | None: ...
def seconds(moment: datetime | None) -> int | None:
    """Return the moment as it is stored."""
    return None if moment is None else int(moment.timestamp())


@overload
def moment(seconds: int) -> datetime: ...
@overload
def moment(seconds: int | None) -> datetime | None: ...
def moment(seconds: int | None) -> datetime | None:
    """Return the stored time as an aware datetime in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def day_starts(now: datetime, zone: tzinfo | None, days: int) -> list[int]:
    """Return the start of each of the last `days` days in a zone, oldest first, today last.

    In seconds since 1970. `zone` None is the computer's own.
    """
    today = now.astimezone(zone).date()
    return [_start(today - timedelta(days=back), zone) for back in reversed(range(days))]


def _start(day: date, zone: tzinfo | None) -> int:
    return seconds(datetime.combine(day, time(), zone).astimezone(UTC))
