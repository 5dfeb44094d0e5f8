"""Retention: items that no story has are kept for so many days, then purged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.store.care import purging
from tracker.store.database import only_one
from tracker.store.polling import first_answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.model.care import Purge
    from tracker.store.database import Database

AT_MOST = 20_000
"""Items that one poll purges, so that it does not take minutes; the next polls go on."""
_INTERVAL = timedelta(hours=20)


def preview(db: Database, cutoff: datetime) -> Purge:
    """Return what a purge would delete; nothing is changed."""
    return purging.choose(db, cutoff).purge


def purge(
    db: Database,
    cutoff: datetime,
    now: datetime,
    *,
    shrink: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Purge:
    """Delete old items as `purging.purge` does; `shrink` makes the file smaller after that.

    The answers in which feeds were found go with them, if they are of no more use at `now`.
    BusyError if a poll is running, DatabaseError if the disk has no room to shrink.
    """
    with only_one(db.path):
        first_answers.clear(db, now)
        done = purging.purge(db, cutoff, progress=progress)
        return replace(done, freed_in_bytes=purging.shrink(db)) if shrink else done


def apply(db: Database, retention_in_days: int, now: datetime) -> int:
    """Purge by the setting, once a day; return how many items were deleted.

    The caller holds the right to poll. A `retention_in_days` of 0 keeps all.
    """
    if not retention_in_days:
        return 0
    last = purging.last(db)
    if last is not None and timedelta(0) <= now - last < _INTERVAL:
        return 0
    done = purging.purge(db, now - timedelta(days=retention_in_days), most=AT_MOST)
    if done.items < AT_MOST:
        purging.note(db, now)
    return done.items
