"""What arrived since a digest, and up to where each reader of digests was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.model.core import Outage, State
from tracker.model.digest import Burst, Digest, Silence, StoryNews
from tracker.store.following import links, stories, timelines
from tracker.store.outlet_names import FEED_NAME
from tracker.store.times import moment, seconds
from tracker.when import QUIET_AFTER

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, tzinfo

    from tracker.model.core import Story, Timeline
    from tracker.store.database import Database

FIRST = timedelta(days=1)
"""How far back the first digest reaches."""
_LATE = timedelta(days=2)
"""How much older than the last digest a new report may be, to be told as news."""
_DAY = timedelta(days=1)
_USUAL_DAYS = 14
_LEAST_OF_BURST = 6
_BURST_FACTOR = 3


def last(db: Database) -> tuple[int, datetime] | None:
    """Return arrival and time of the last digest that was shown or written; None before one."""
    row = db.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()
    if row is None:
        return None
    arrival, made = map(int, row[0].split())
    return arrival, moment(made)


def note(db: Database, arrival: int, now: datetime) -> None:
    """Note up to which arrival a digest was shown or written."""
    with db.transaction():
        db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('digest', ?)", (f"{arrival} {seconds(now)}",)
        )


def arrival_at(db: Database, when: datetime) -> int:
    """Return the last arrival before a time, 0 for none."""
    row = db.execute("SELECT max(arrival) FROM links WHERE linked < ?", (seconds(when),)).fetchone()
    return row[0] or 0


def collect(
    db: Database,
    since: datetime,
    after: int,
    now: datetime,
    zone: tzinfo | None = None,
    *,
    slugs: Collection[str] | None = None,
) -> Digest:
    """Return what arrived after an arrival number, of all open stories or those of `slugs`.

    To be called within a transaction, so that it is one state of the database. `since` bounds what
    fell silent and what is late.
    """
    open_ones = [
        story
        for story in stories.everything(db, now)
        if story.state is State.OPEN and (slugs is None or story.slug in slugs)
    ]
    news, silent = [], []
    for story in open_ones:
        begun = max(after, _past(db, story))
        told = timelines.timeline(
            db, story, timelines.Window(only_new=True, after=begun), now, zone
        )
        if told.reports:
            news.append(_news(db, told, min(since, now) - _LATE, now))
        if found := _silence(told, since, now):
            silent.append(found)
    news.sort(key=_newest, reverse=True)
    return Digest(
        since, now, after, links.last_arrival(db), tuple(news), tuple(silent), _failing(db)
    )


def _newest(value: StoryNews) -> float:
    return max((r.link.item.published.timestamp() for r in value.told.reports), default=0.0)


def _past(db: Database, story: Story) -> int:
    row = db.execute("SELECT past FROM stories WHERE id = ?", (story.id,)).fetchone()
    return int(row[0])


def _news(db: Database, told: Timeline, floor: datetime, now: datetime) -> StoryNews:
    """Leave out the developments whose new reports are older than `floor`, and count them."""
    events = {r.link.event for r in told.reports}
    current = {r.link.event for r in told.reports if r.new and r.link.item.published >= floor}
    reports = tuple(r for r in told.reports if r.link.event in current)
    burst = _burst(db, told.story, now) if reports else None
    return StoryNews(replace(told, reports=reports), len(events - current), burst)


def _burst(db: Database, story: Story, now: datetime) -> Burst | None:
    day, weeks = now - _DAY, now - (_USUAL_DAYS + 1) * _DAY
    reports, before = db.execute(
        "SELECT count(*) FILTER (WHERE published > ?2), count(*) FILTER (WHERE published <= ?2)"
        " FROM links WHERE story_id = ?1 AND published > ?3 AND published <= ?4"
        " AND status IN ('linked', 'accepted')",
        (story.id, seconds(day), seconds(weeks), seconds(now)),
    ).fetchone()
    usual = before / _USUAL_DAYS
    if reports < _LEAST_OF_BURST or reports < _BURST_FACTOR * usual:
        return None
    return Burst(reports, usual)


def _silence(told: Timeline, since: datetime, now: datetime) -> Silence | None:
    last_one = told.last_development
    if last_one is None or not since - QUIET_AFTER < last_one <= now - QUIET_AFTER:
        return None
    return Silence(told.story, last_one)


def _failing(db: Database) -> tuple[Outage, ...]:
    """Return the outages that last, the longest first."""
    rows = db.execute(
        f"SELECT {FEED_NAME}, outages.since, reason FROM outages JOIN feeds ON feeds.id = feed_id"
        " WHERE listed AND until IS NULL ORDER BY outages.since, outages.id"
    )
    return tuple(Outage(row[0], moment(row[1]), None, row[2]) for row in rows)
