"""How often feeds bring something, and how much of it reaches a story."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.model.activity import COUNTED_DATES, COUNTED_WEEKS, FeedActivity
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.store.database import Database

_WEEK_IN_SECONDS = 7 * 86_400
_DAY_IN_SECONDS = 86_400
# Items of one document may share a date: more are read than dates are counted.
_READ = 3 * COUNTED_DATES


def activities(db: Database, now: datetime) -> dict[int, FeedActivity]:
    """Return the activity of each feed that has items, by the feed's id."""
    in_stories = dict(
        db.execute(
            "SELECT items.feed_id, count(DISTINCT links.item_id) FROM links"
            " JOIN items ON items.id = links.item_id"
            " WHERE links.status IN ('linked', 'accepted') GROUP BY items.feed_id"
        ).fetchall()
    )
    recent = _recent(db, now)
    return {
        feed_id: FeedActivity(
            _dates(db, feed_id, now), recent.get(feed_id, 0.0), in_stories.get(feed_id, 0)
        )
        for (feed_id,) in db.execute("SELECT id FROM feeds WHERE items > 0").fetchall()
    }


def _recent(db: Database, now: datetime) -> dict[int, float]:
    """Return the number of items a week of each feed that had any in the last weeks."""
    since, until = seconds(now - timedelta(weeks=COUNTED_WEEKS)), seconds(now)
    rows = db.execute(
        "SELECT feed_id, count(*), min(published) FROM items INDEXED BY items_by_time"
        " WHERE published > ? AND published <= ? GROUP BY feed_id",
        (since, until),
    ).fetchall()
    found = {}
    for feed_id, number, first in rows:
        older = db.execute(
            "SELECT 1 FROM items WHERE feed_id = ? AND published <= ? LIMIT 1", (feed_id, since)
        ).fetchone()
        span = until - since if older else max(until - first, _DAY_IN_SECONDS)
        found[feed_id] = number * _WEEK_IN_SECONDS / span
    return found


def _dates(db: Database, feed_id: int, now: datetime) -> tuple[datetime, ...]:
    rows = db.execute(
        "SELECT published FROM items WHERE feed_id = ? ORDER BY id DESC LIMIT ?", (feed_id, _READ)
    )
    found = sorted({row[0] for row in rows if row[0] <= seconds(now)}, reverse=True)
    return tuple(moment(published) for published in found[:COUNTED_DATES])
