"""What polls left in the database, judged: feeds, polls, queue, backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tracker.hosts import without_credentials
from tracker.store.care import backups
from tracker.store.database import SCHEMA_VERSION
from tracker.store.outlet_names import FEED_NAME
from tracker.store.polling import first_answers
from tracker.store.snapshot import marks, real
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_SILENT_AFTER = timedelta(days=30)
_SILENT_BEYOND = 10
"""A feed is silent after so many times its usual gap between entries, and 30 days at the least."""
_COUNTED = 20
_FEWEST = 5
_WEEK = timedelta(days=7)
_FAILING_ALERTS_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """A listed feed that failed since a time, for a reason, or brought nothing since.

    `reason` is "" for a silent feed; `gone` is true after a 410.
    """

    title: str
    since: datetime
    reason: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Flood:
    """A story that took many of the items of a week."""

    slug: str
    links: int


@dataclass(frozen=True, slots=True)
class AlertTrouble:
    """The messages of a target that were given up, are in doubt, or fail for an hour.

    `state` is failed, doubt or waiting; `why` is the reason of the latest.
    """

    target: str
    state: str
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Health:
    """What the database tells of the work of polls.

    `last_poll`, `first_poll` and `last_backup` are None before the first. `latest` is the latest
    time that is stored. `failing` are the feeds that fail, the longest first.
    """

    items: int
    stories: int
    feeds: int
    queued: int
    first_poll: datetime | None
    last_poll: datetime | None
    latest: datetime | None
    last_backup: datetime | None
    failing: tuple[FeedTrouble, ...]
    silent: tuple[FeedTrouble, ...]
    floods: tuple[Flood, ...]
    alerts: tuple[AlertTrouble, ...]
    week: int
    """New items of the last seven days."""
    stray_answers: int
    """Answers in which feeds were found that are not listed."""
    targets: tuple[str, ...]
    """Targets of alerts whose address is in alerts.conf, by name."""


def health(db: sqlite3.Connection, path: Path, now: datetime) -> Health | None:
    """Return what a database of this version tells; None for another version."""
    if marks(db).schema != SCHEMA_VERSION:
        return None
    db.create_function("without_credentials", 1, without_credentials, deterministic=True)
    (items, stories, feeds, queued, first, last, latest, week) = db.execute(
        "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM stories),"
        " (SELECT count(*) FROM feeds WHERE listed),"
        " (SELECT count(*) FROM queue) + (SELECT count(*) FROM backfills),"
        " (SELECT min(started) FROM polls),"
        # Not the latest time: the clock may have been ahead.
        " (SELECT started FROM polls ORDER BY id DESC LIMIT 1),"
        " (SELECT max(last_polled) FROM feeds),"
        " (SELECT coalesce(sum(new_items), 0) FROM polls WHERE started >= ?)",
        (seconds(now - _WEEK),),
    ).fetchone()
    return Health(
        items,
        stories,
        feeds,
        queued,
        moment(first),
        moment(last),
        moment(max(filter(None, (last, latest)), default=None)),
        backups.last(db, real(path)),
        tuple(_failing(db)),
        tuple(_silent(db, now)),
        tuple(_floods(db, now)),
        tuple(_alerts(db, now)),
        week,
        first_answers.strays(db, now),
        tuple(_targets(db)),
    )


def _failing(db: sqlite3.Connection) -> list[FeedTrouble]:
    rows = db.execute(
        f"SELECT {FEED_NAME}, outages.since, outages.reason, feeds.gone FROM outages"
        " JOIN feeds ON feeds.id = outages.feed_id"
        " WHERE outages.until IS NULL AND feeds.listed ORDER BY outages.since"
    )
    return [FeedTrouble(title, moment(since), why, bool(gone)) for title, since, why, gone in rows]


def _silent(db: sqlite3.Connection, now: datetime) -> list[FeedTrouble]:
    """Return feeds that answer but bring nothing, measured by their own rhythm."""
    quiet = db.execute(
        f"SELECT feeds.id, {FEED_NAME}, feeds.last_new FROM feeds"
        " WHERE listed AND failures = 0 AND NOT gone AND last_new < ?"
        " AND last_polled >= ? ORDER BY last_new",
        (seconds(now - _SILENT_AFTER), seconds(now - _SILENT_AFTER)),
    ).fetchall()
    found = []
    for feed_id, title, last in quiet:
        dates = [
            row[0]
            for row in db.execute(
                "SELECT published FROM items WHERE feed_id = ? ORDER BY id DESC LIMIT ?",
                (feed_id, _COUNTED),
            )
        ]
        if len(dates) >= _FEWEST:
            gap = (max(dates) - min(dates)) / (len(dates) - 1)
            if seconds(now) - last > _SILENT_BEYOND * gap:
                found.append(FeedTrouble(title, moment(last), ""))
    return found


def _alerts(db: sqlite3.Connection, now: datetime) -> list[AlertTrouble]:
    rows = db.execute(
        "SELECT targets.name, state, count(*), why, max(messages.id) FROM messages"
        " JOIN targets ON targets.id = messages.target_id"
        " WHERE state IN ('failed', 'doubt') OR (state = 'waiting' AND tries > 0 AND made < ?)"
        " GROUP BY targets.id, state ORDER BY targets.name, state",
        (seconds(now - _FAILING_ALERTS_AFTER),),
    )
    return [AlertTrouble(*row[:4]) for row in rows]


def _targets(db: sqlite3.Connection) -> list[str]:
    """Return the names of all targets but the computer itself, which needs no address."""
    rows = db.execute("SELECT name FROM targets WHERE channel != 'desktop' ORDER BY name")
    return [name for (name,) in rows]


def _floods(db: sqlite3.Connection, now: datetime) -> list[Flood]:
    rows = db.execute(
        "SELECT stories.slug, count(*) FROM links JOIN stories ON stories.id = links.story_id"
        " WHERE links.linked >= ? AND links.published >= ? AND links.status = 'linked'"
        " AND stories.state = 'open' GROUP BY links.story_id ORDER BY 2 DESC",
        (seconds(now - _WEEK), seconds(now - _WEEK)),
    )
    return [Flood(slug, number) for slug, number in rows]
