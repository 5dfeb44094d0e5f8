"""Whether there is anything to send: every poll asks, and imports nothing else for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.times import seconds

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.store.database import Database

# A target that failed is left in peace until its message may be tried again.
IN_PEACE = (
    "EXISTS (SELECT 1 FROM messages AS failed WHERE failed.target_id = messages.target_id"
    " AND failed.state = 'waiting' AND failed.tries > 0 AND failed.due > ?2)"
)


def has_work(db: Database, now: datetime) -> bool:
    """Whether a message is due, or was being sent when its sender ended."""
    row = db.execute(
        "SELECT 1 FROM messages WHERE state = 'sending'"
        f" OR (state = 'waiting' AND due <= ?2 AND NOT {IN_PEACE}) LIMIT 1",
        (None, seconds(now)),
    ).fetchone()
    return row is not None
