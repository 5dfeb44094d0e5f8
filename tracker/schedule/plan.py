"""From what the user typed to jobs: intervals, times of the day, and the next start."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.hashing import blake2b
from tracker.model.schedule import HOURS_OF_A_DAY, Job, Times

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo
    from pathlib import Path

_HOUR = 60
_DAY = 24 * _HOUR
_UNITS = {"m": 1, "min": 1, "h": _HOUR, "d": _DAY}
_EVERY = re.compile(r"(\d{1,4}) ?(m|min|h|d)")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")


def parse_interval(text: str) -> int:
    """Return the minutes that "20m", "2h" or "1d" means.

    UsageError unless they divide an hour, or are whole hours that divide a day: cron and launchd
    know times of the day, not intervals.
    """
    found = _EVERY.fullmatch(text.strip().lower())
    if found is None or int(found[1]) == 0:
        raise UsageError(f"--every {text!r} is not an interval; write 20m or 2h.")
    minutes = int(found[1]) * _UNITS[found[2]]
    if _is_regular(minutes):
        return minutes
    possible = [m for m in range(1, _DAY + 1) if _is_regular(m)]
    below = max((m for m in possible if m < minutes), default=1)
    above = min((m for m in possible if m > minutes), default=_DAY)
    choice = " or ".join(dict.fromkeys([shown_interval(below), shown_interval(above)]))
    whole = "an hour" if minutes < _HOUR else "a day"
    raise UsageError(f"--every {text!r} does not divide {whole} into equal parts; write {choice}.")


def _is_regular(minutes: int) -> bool:
    """Whether an interval divides an hour, or is whole hours that divide a day."""
    return _HOUR % minutes == 0 or (minutes % _HOUR == 0 and _DAY % minutes == 0)


def shown_interval(minutes: int) -> str:
    """Return "20m" or "2h": an interval as `parse_interval` reads it."""
    return f"{minutes}m" if minutes % _HOUR else f"{minutes // _HOUR}h"


def parse_clock(text: str) -> Times:
    """Return the one start a day that "07:30" means, UsageError for anything else."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found[1]) >= len(HOURS_OF_A_DAY) or int(found[2]) >= _HOUR:
        raise UsageError(f"--digest {text!r} is not a time of the day; write 07:30.")
    return Times((int(found[1]),), (int(found[2]),))


def spread(interval_in_minutes: int, host: str) -> Times:
    """Return starts at an interval, offset by a hash of the host's name.

    The offset spreads the requests of many computers over the interval. No start is at minute 0
    unless the interval is one minute.
    """
    offset = 0
    if interval_in_minutes > 1:
        digest = blake2b(host.encode(errors="surrogateescape"), digest_size=8).digest()
        offset = 1 + int.from_bytes(digest) % (interval_in_minutes - 1)
        offset += offset % _HOUR == 0
    if interval_in_minutes < _HOUR:
        return Times(HOURS_OF_A_DAY, tuple(range(offset, _HOUR, interval_in_minutes)))
    hours = range(offset // _HOUR, len(HOURS_OF_A_DAY), interval_in_minutes // _HOUR)
    return Times(tuple(hours), (offset % _HOUR,))


def plan(
    program: Iterable[str],
    db: Path,
    feeds: Path,
    *,
    environment: tuple[tuple[str, str], ...],
    polls: Times,
    digest: Times | None = None,
) -> tuple[Job, ...]:
    """Return the jobs: one that polls, and one that sends the digest if `digest` is given.

    UsageError for a path that no scheduler can be given.
    """
    for path in (db, feeds):
        if any(not character.isprintable() for character in str(path)):
            raise UsageError(
                f"{str(path)!r} holds a character that cannot be scheduled; rename the file or its "
                "folder."
            )
    files = ("--db", str(db), "--feeds", str(feeds))
    jobs = [Job("poll", (*program, *files, "poll", "--quiet"), polls, environment)]
    if digest is not None:
        jobs.append(Job("digest", (*program, *files, "digest", "--send"), digest, environment))
    return tuple(jobs)


def next_start(times: Times, now: datetime, zone: tzinfo | None) -> datetime:
    """Return the first start after `now`, in UTC; a zone of None is the computer's own."""
    today = now.astimezone(zone).date()
    # A start in the hour that summer time skips falls into the next day that has it.
    for days in range(3):
        for hour in times.hours:
            for minute in times.minutes:
                local = datetime.combine(today + timedelta(days), time(hour, minute), zone)
                if (moment := local.astimezone(UTC)) > now:
                    return moment
    raise ValueError(times)


def last_start(times: Times, now: datetime, zone: tzinfo | None) -> datetime:
    """Return the latest start that is not after `now`, in UTC."""
    moment = now - timedelta(days=2)
    while (following := next_start(times, moment, zone)) <= now:
        moment = following
    return moment
