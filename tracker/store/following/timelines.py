"""What the timeline and the dashboard show, read by index: no view scans a table."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from tracker.model.core import Outage, Report, Status, StorySummary, Timeline
from tracker.store.archive import articles
from tracker.store.archive.items import revisions
from tracker.store.following import stories
from tracker.store.following.links import FROM_LINKS, link
from tracker.store.outlet_names import FEED_NAME
from tracker.store.times import day_starts, moment, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from tracker.model.core import Story
    from tracker.store.database import Database

VOLUME_DAYS = 30
_QUARTER_IN_SECONDS = 900
SHOWN = ("linked", "accepted")
# Left to itself SQLite walks all links of the story for each event: 4 ms an event at 10,000 links.
_FROM_EVENTS = FROM_LINKS.replace(" FROM links ", " FROM links INDEXED BY links_of_event ", 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Which reports of a story to show.

    `limit` counts developments, sure and doubtful ones apart, 0 for all; `only_new` those with
    something since the last look; `maybe` adds the doubtful ones. `past_seen` says that the first
    look at a story has seen what it was begun with, be it left out. `all_outages` asks for
    the outages from the first report shown up to `until`, instead of those of the last VOLUME_DAYS.
    `feeds` leaves out the reports of other feeds (ids); None leaves out none.
    With `after`, new is what has a higher arrival number than that, whatever the last look saw.
    """

    since: datetime | None = None
    until: datetime | None = None
    only_new: bool = False
    maybe: bool = False
    limit: int = 0
    past_seen: bool = False
    all_outages: bool = False
    feeds: frozenset[int] | None = None
    after: int | None = None


def timeline(
    db: Database, story: Story, window: Window, now: datetime, zone: tzinfo | None = None
) -> Timeline:
    """Return a story's reports, newest first, whole developments at a time.

    Days are those of `zone`, None for the computer's own.
    """
    return _at_once(db, story, window, now, day_starts(now, zone, VOLUME_DAYS))


def _at_once(
    db: Database, story: Story, window: Window, now: datetime, starts: Sequence[int]
) -> Timeline:
    # One snapshot: what is shown and what counts as seen belong together while a poll writes.
    if db.in_transaction:
        return _timeline(db, story, window, now, starts)
    db.execute("BEGIN")
    try:
        return _timeline(db, story, window, now, starts)
    finally:
        db.execute("COMMIT")


def _timeline(
    db: Database, story: Story, window: Window, now: datetime, starts: Sequence[int]
) -> Timeline:
    seen, past = _seen_arrival(db, story.id)
    if window.after is not None:
        seen = window.after
    statuses = (*SHOWN, "maybe") if window.maybe else SHOWN
    selected, parameters = _events(story.id, window, statuses, seen)
    events = db.execute(
        f"{selected} ORDER BY min(published) DESC, event DESC", parameters
    ).fetchall()
    # Each has its limit, lest many doubtful reports hide the sure ones.
    sure, unsure = ([row for row in events if row[1] == wanted] for wanted in (1, 0))
    most = window.limit or None
    shown = [row[0] for row in sure[:most] + unsure[:most]]
    reports = _reports(db, story, shown, statuses, seen, condition=_of_feeds(window))
    before = max(seen, past) if window.past_seen and not story.seen else seen
    unread = _unread(db, story.id, before, shown)
    left_new = unread if before == seen else _unread(db, story.id, seen, shown)
    doubtful = _doubtful(db, story.id, window, seen)
    first = reports[-1].link.item.published if reports else story.created
    last = window.until if window.all_outages and window.until else now
    if not window.all_outages:
        first = max(first, now - timedelta(days=VOLUME_DAYS))
    return Timeline(
        story,
        tuple(reports),
        tuple(outages(db, first, last)),
        _volume(db, story.id, now, starts),
        _period(db, story.id)[1],
        hidden=len(sure[most:]) if most else 0,
        arrival=before if unread else _latest_arrival(db, story.id),
        doubtful=doubtful - sum(r.link.status is Status.MAYBE for r in reports),
        unread=unread,
        left_new=left_new,
        first_development=_period(db, story.id)[0],
    )


def _of_feeds(window: Window) -> str:
    """Return the condition that a link is of one of the feeds; "" if all are shown."""
    if window.feeds is None:
        return ""
    ids = ", ".join(map(str, sorted(window.feeds)))
    return (
        " AND EXISTS (SELECT 1 FROM items AS told"
        f" WHERE told.id = links.item_id AND told.feed_id IN ({ids}))"
    )


def _events(
    story_id: int, window: Window, statuses: Sequence[str], seen: int
) -> tuple[str, tuple[object, ...]]:
    """Return the statement that selects the developments of a window, and its parameters.

    It gives the event, and whether a report of it is sure.
    """
    places = ", ".join("?" * len(statuses))
    having = f" HAVING max(arrival) > {seen}" if window.only_new else ""
    statement = (
        "SELECT event, max(status <> 'maybe') FROM links"
        f" WHERE story_id = ? AND status IN ({places})"
        " AND published >= coalesce(?, -1 << 40) AND published <= coalesce(?, 1 << 40)"
        f"{_of_feeds(window)} GROUP BY event{having}"
    )
    return statement, (story_id, *statuses, seconds(window.since), seconds(window.until))


def _doubtful(db: Database, story_id: int, window: Window, seen: int) -> int:
    """Return how many doubtful reports a window has that shows them, whatever its limit."""
    selected, parameters = _events(story_id, window, (*SHOWN, "maybe"), seen)
    (found,) = db.execute(
        "SELECT count(*) FROM links WHERE story_id = ? AND status = 'maybe'"
        f" AND event IN (SELECT event FROM ({selected})){_of_feeds(window)}",
        (story_id, *parameters),
    ).fetchone()
    return int(found)


def _unread(db: Database, story_id: int, seen: int, shown: Sequence[int]) -> int:
    """Return how many developments but those shown have something new.

    A development is shown whole: what is new of it may lie outside the window.
    """
    (found,) = db.execute(
        "SELECT count(DISTINCT event) FROM links WHERE story_id = ? AND arrival > ?"
        " AND status IN ('linked', 'accepted')"
        " AND event NOT IN (SELECT value FROM json_each(?))",
        (story_id, seen, json.dumps(shown)),
    ).fetchone()
    return int(found)


def _seen_arrival(db: Database, story_id: int) -> tuple[int, int]:
    """Return up to which arrival the story was seen, and which one it was begun with."""
    row = db.execute("SELECT seen_arrival, past FROM stories WHERE id = ?", (story_id,)).fetchone()
    return row or (0, 0)


def _latest_arrival(db: Database, story_id: int) -> int:
    row = db.execute("SELECT max(arrival) FROM links WHERE story_id = ?", (story_id,)).fetchone()
    return row[0] or 0


def _reports(
    db: Database,
    story: Story,
    events: Sequence[int],
    statuses: Sequence[str],
    seen: int,
    *,
    condition: str,
) -> list[Report]:
    places = ", ".join("?" * len(statuses))
    rows = db.execute(
        f"{_FROM_EVENTS} WHERE links.story_id = ?"
        " AND links.event IN (SELECT value FROM json_each(?))"
        f" AND links.status IN ({places}){condition}",
        (story.id, json.dumps(events), *statuses),
    ).fetchall()
    ids = [row[0] for row in rows]
    titles, copies = revisions(db, ids), articles.copies(db, ids)
    reports = [
        Report(link(row), row[-2] > seen, titles.get(row[0], ()), copies.get(row[0], ()))
        for row in rows
    ]
    return sorted(reports, key=lambda r: (r.link.item.published, r.link.item.id), reverse=True)


def outages(db: Database, since: datetime, until: datetime) -> list[Outage]:
    """Return the outages of listed feeds that overlap a period, those that last first."""
    rows = db.execute(
        f"SELECT {FEED_NAME}, outages.since, until, reason FROM outages"
        " JOIN feeds ON feeds.id = feed_id WHERE listed AND (until IS NULL OR until >= ?)"
        " AND outages.since <= ? ORDER BY until IS NULL DESC, outages.since DESC LIMIT 1000",
        (seconds(since), seconds(until)),
    )
    return [Outage(row[0], moment(row[1]), moment(row[2]), row[3]) for row in rows]


def _volume(db: Database, story_id: int, now: datetime, starts: Sequence[int]) -> tuple[int, ...]:
    """Return how many reports each day has; `starts` are the starts of the days."""
    counts = [0] * len(starts)
    # All zones of today are whole quarters of an hour away from UTC.
    rows = db.execute(
        "SELECT published / ?1 * ?1 AS quarter, count(*) FROM links WHERE story_id = ?2"
        " AND published >= ?3 AND published <= ?4 AND status IN ('linked', 'accepted')"
        " GROUP BY quarter",
        (_QUARTER_IN_SECONDS, story_id, starts[0], seconds(now)),
    )
    for quarter, count in rows:
        counts[max(bisect_right(starts, quarter) - 1, 0)] += count
    return tuple(counts)


def _period(db: Database, story_id: int) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last report of a story were published."""
    first, last = (
        db.execute(
            f"SELECT {function}(published) FROM links"
            " WHERE story_id = ? AND status IN ('linked', 'accepted')",
            (story_id,),
        ).fetchone()[0]
        for function in ("min", "max")
    )
    return moment(first), moment(last)


def news(
    db: Database, window: Window, now: datetime, zone: tzinfo | None = None, *, most: int = 0
) -> list[Timeline]:
    """Return what `window` shows of each open story that has news there.

    The story with the newest development comes first. What is only doubtful is no news. Where
    `most` is not 0, only so many stories are looked at: those with the newest developments.
    """
    # The starts of the days cost more than the rest of a short timeline: once is enough.
    starts = day_starts(now, zone, VOLUME_DAYS)
    told = [_at_once(db, story, window, now, starts) for story in _with_news(db, now, most)]
    begun = [(value, _begun(value.reports)) for value in told]
    shown = [(value, begins) for value, begins in begun if begins]
    shown.sort(key=lambda pair: max(pair[1].values()), reverse=True)
    return [value for value, _ in shown]


def _begun(reports: Iterable[Report]) -> dict[int, datetime]:
    """Return when each development began, but for those that are only doubtful."""
    sure = [report.link for report in reports if report.link.status is not Status.MAYBE]
    # The newest report stands first: of each development the date of the oldest one is kept.
    return {each.event: each.item.published for each in sure}


def _with_news(db: Database, now: datetime, most: int) -> list[Story]:
    """Return the stories, neither muted nor closed, that have something new.

    Where `most` is not 0, these are so many with the newest developments.
    """
    newest = (
        "SELECT max(begun) FROM (SELECT min(published) AS begun FROM links"
        " WHERE story_id = stories.id AND status IN ('linked', 'accepted')"
        " GROUP BY event HAVING max(arrival) > stories.seen_arrival)"
    )
    order = f"({newest}) DESC, stories.id" if most else "stories.id"
    rows = db.execute(
        "SELECT stories.id FROM stories WHERE EXISTS (SELECT 1 FROM links"
        " WHERE story_id = stories.id AND arrival > stories.seen_arrival"
        f" AND status IN ('linked', 'accepted')) ORDER BY {order}"
    ).fetchall()
    found = (stories.by_id(db, row[0], now) for row in rows)
    return list(islice((story for story in found if story.state == "open"), most or None))


def summary(db: Database, story: Story, now: datetime, zone: tzinfo | None = None) -> StorySummary:
    """Return a story's line of the dashboard, in as much time as its links take."""
    return _summary(db, story, now, day_starts(now, zone, VOLUME_DAYS))


def _summary(db: Database, story: Story, now: datetime, starts: Sequence[int]) -> StorySummary:
    counts = db.execute(
        "SELECT count(DISTINCT event) FILTER (WHERE status IN ('linked', 'accepted')),"
        " count(*) FILTER (WHERE status IN ('linked', 'accepted')),"
        " count(*) FILTER (WHERE status = 'maybe'),"
        " count(DISTINCT event) FILTER (WHERE status IN ('linked', 'accepted') AND arrival > ?)"
        " FROM links WHERE story_id = ?",
        (_seen_arrival(db, story.id)[0], story.id),
    ).fetchone()
    title = db.execute(
        "SELECT items.title FROM links JOIN items ON items.id = links.item_id"
        " WHERE links.story_id = ? AND status IN ('linked', 'accepted')"
        " ORDER BY links.published DESC LIMIT 1",
        (story.id,),
    ).fetchone()
    return StorySummary(
        story,
        unread=counts[3],
        events=counts[0],
        reports=counts[1],
        maybe=counts[2],
        last_development=_period(db, story.id)[1],
        last_title=title[0] if title else None,
        volume=_volume(db, story.id, now, starts),
    )


def summaries(db: Database, now: datetime, zone: tzinfo | None = None) -> list[StorySummary]:
    """Return a line for each story, as the dashboard has them.

    Open stories with something unread come first, and closed ones last; among these, those with the
    latest development. Who mutes a story does not wait for what is new of it.
    """
    starts = day_starts(now, zone, VOLUME_DAYS)
    lines = [_summary(db, story, now, starts) for story in stories.everything(db, now)]
    return sorted(
        lines,
        key=lambda line: (
            line.story.state == "closed",
            not (line.unread and line.story.state == "open"),
            -(seconds(line.last_development) or 0),
            line.story.title,
        ),
    )
