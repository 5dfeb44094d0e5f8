"""Feeds, and what polls learned of them.

Every document is recorded in one transaction: its items, validators, next poll and failure.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tracker.errors import NotFoundError
from tracker.model.activity import FeedActivity
from tracker.model.polling import (
    Changed,
    Failed,
    FeedRow,
    FeedSource,
    FeedState,
    NotModified,
    Outcome,
    Unchanged,
    Wishes,
)
from tracker.store import outlet_names, public_urls
from tracker.store.outlet_names import SOURCE
from tracker.store.polling import credentials, moves, outlets
from tracker.store.polling.moves import ACTIVE, BELIEVED
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from tracker.model.polling import NextPoll
    from tracker.store.database import Database

STATE_COLUMNS = (
    "id, url, title, language, tags, headers, etag, last_modified, body_hash, entry_hashes, "
    "failures, rhythm_in_seconds, next_poll, next_poll_why, gone, moved_to, wishes, outlet"
)
_RECORD_UNMODIFIED = (
    "UPDATE feeds SET last_polled = ?, last_ok = ?, next_poll = ?, next_poll_why = ?,"
    " rhythm_in_seconds = ?, etag = ?, last_modified = ?, failures = 0, gone = 0 WHERE id = ?"
)
_NONE = "[]"  # no tags, no headers: nearly always
_NO_WISHES = Wishes()
_INACTIVE = FeedActivity()
EARLY = timedelta(minutes=1)
"""A feed is due so much earlier: timers are not exact, and would pass every second one over."""


def listed_digest(db: Database) -> str | None:
    """Return the digest of the feeds.yaml that was taken in last, None before the first."""
    row = db.execute("SELECT value FROM meta WHERE key = 'feeds_digest'").fetchone()
    return row[0] if row else None


def stored_settings(db: Database) -> dict[str, Any]:
    """Return the settings that stood in the feeds.yaml taken in last."""
    return dict(
        db.execute(
            "SELECT each.key, each.value FROM meta, json_each(meta.value) AS each"
            " WHERE meta.key = 'settings'"
        ).fetchall()
    )


def take_in(
    db: Database, sources: Iterable[FeedSource], settings: dict[str, Any], digest: str
) -> None:
    """Make the list of feeds what feeds.yaml says.

    A feed that is no longer listed keeps its items, loses its credentials and is asked no more. A
    feed whose new address is listed, where its publisher moved it, goes on there with all that is
    known of it; so does one that is listed with another password.
    """
    sources = tuple(sources)
    with credentials.erased(db), db.transaction():
        moves.hand_over(db, {source.url for source in sources})
        credentials.hand_over(db, sources)
        db.execute("UPDATE feeds SET listed = 0")
        db.executemany(
            "INSERT INTO feeds (url, title, language, tags, headers, outlet)"
            " VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET listed = 1, title = excluded.title,"
            " language = excluded.language, tags = excluded.tags, headers = excluded.headers,"
            " outlet = excluded.outlet",
            (
                (s.url, s.title, s.language, _dumped(s.tags), _dumped(s.headers), s.outlet)
                for s in sources
            ),
        )
        moves.join(db)
        outlet_names.name_all(db)
        credentials.forget(db)
        public_urls.renew(db)
        db.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            [("feeds_digest", digest), ("settings", _dumped(settings))],
        )


def due(
    db: Database,
    now: datetime,
    *,
    force: bool = False,
    url: str | None = None,
    among: Collection[int] | None = None,
) -> list[FeedState]:
    """Return the listed feeds to ask now, those that wait longest first.

    `force` takes all but keeps out what a 410 stopped unless `url` names it; `url` takes that feed
    alone, due or not; `among` leaves out feeds with other ids, None leaves out none. A feed that
    was polled after `now` is due: the clock was ahead then, and its next poll may be years away.
    Raises NotFoundError where no such feed is listed.
    """
    if url is not None:
        rows = db.execute(
            f"SELECT {STATE_COLUMNS} FROM feeds"
            " WHERE listed AND ?1 IN (url, coalesce(title, own_title), without_credentials(url))",
            (url,),
        ).fetchall()
        if not rows:
            raise NotFoundError("feed", url, _nearest(db, url))
    elif force:
        rows = db.execute(
            f"SELECT {STATE_COLUMNS} FROM feeds WHERE {ACTIVE} ORDER BY next_poll"
        ).fetchall()
    else:
        latest = (seconds(now + EARLY),)
        # Nearly always the short history of polls spares a look at every feed.
        was_ahead = db.execute("SELECT 1 FROM polls WHERE started > ?1 LIMIT 1", latest).fetchone()
        rows = db.execute(
            f"SELECT {STATE_COLUMNS} FROM feeds WHERE {ACTIVE} AND (next_poll IS NULL"
            f" OR next_poll <= ?1 {'OR last_polled > ?1' if was_ahead else ''}) ORDER BY next_poll",
            latest,
        ).fetchall()
    return [_state(row) for row in rows if among is None or row[0] in among]


def _nearest(db: Database, name: str) -> str | None:
    import difflib

    rows = db.execute(
        "SELECT without_credentials(url), coalesce(title, own_title) FROM feeds WHERE listed"
    )
    names = [n for row in rows for n in row if n]
    return next(iter(difflib.get_close_matches(name, names, 1)), None)


def listed_urls(db: Database) -> list[str]:
    """Return the URLs that the feed list names."""
    return [row[0] for row in db.execute("SELECT url FROM feeds WHERE listed")]


def next_due(db: Database) -> datetime | None:
    """Return when the next feed is due, None where none will be."""
    row = db.execute(f"SELECT min(next_poll) FROM feeds WHERE {ACTIVE}").fetchone()
    due: int | None = row[0]
    return moment(due)


def is_any_well(db: Database) -> bool:
    """Return whether any active feed did not fail last time."""
    row = db.execute(f"SELECT 1 FROM feeds WHERE {ACTIVE} AND failures = 0 LIMIT 1").fetchone()
    return row is not None


def record_all(db: Database, planned: Iterable[tuple[Outcome, NextPoll]], now: datetime) -> int:
    """Store what asking feeds gave, in one transaction; return how many items are new."""
    new, unmodified = 0, []
    with db.transaction():
        for outcome, plan in planned:
            if isinstance(outcome, NotModified) and _is_usual(outcome):
                unmodified.append(_unmodified(outcome, plan, now))
            else:
                new += record(db, outcome, plan, now)
        db.executemany(_RECORD_UNMODIFIED, unmodified)
    return new


def _is_usual(outcome: NotModified) -> bool:
    return not outcome.feed.failures and not outcome.transfer.moved_to


def _unmodified(outcome: NotModified, plan: NextPoll, now: datetime) -> tuple[Any, ...]:
    """Return the row for _RECORD_UNMODIFIED: most outcomes are of one kind, and so is their SQL."""
    _, _, _, etag, last_modified, _, _ = outcome.transfer
    polled, rhythm = seconds(now), int(plan.rhythm.total_seconds()) if plan.rhythm else None
    times = polled, polled, seconds(plan.at)
    return *times, plan.why, rhythm, etag, last_modified, outcome.feed.id


def record(db: Database, outcome: Outcome, plan: NextPoll, now: datetime) -> int:
    """Store all of what asking a feed gave, in one transaction; return how many items are new.

    What was found where another listed feed is read is left to that one.
    """
    feed, transfer = outcome.feed, outcome.transfer
    changes: dict[str, Any] = {
        "last_polled": seconds(now),
        "next_poll": seconds(plan.at),
        "next_poll_why": plan.why,
        "rhythm_in_seconds": int(plan.rhythm.total_seconds()) if plan.rhythm else None,
    }
    new = 0
    with db.transaction():
        if isinstance(outcome, Failed):
            changes |= {"failures": feed.failures + 1, "gone": int(outcome.gone)}
            _open_outage(db, feed.id, outcome.reason, now)
        else:
            changes |= {"failures": 0, "gone": 0, "last_ok": seconds(now)}
            if feed.address == feed.source.url and not transfer.moved_to:
                changes["moved_to"] = None  # no more than doubted until now
            if feed.failures:
                db.execute(
                    "UPDATE outages SET until = ? WHERE feed_id = ? AND until IS NULL",
                    (seconds(now), feed.id),
                )
            if not _is_anothers(db, feed, transfer.moved_to):
                changes |= _learned(outcome)
                if isinstance(outcome, Changed):
                    changes["document_entries"] = _listed_after(db, outcome)
                    outlets.note(db, feed, outcome.document)
                new = _store_document(db, outcome, now) if isinstance(outcome, Changed) else 0
        columns = ", ".join(f"{name} = ?" for name in changes)
        db.execute(f"UPDATE feeds SET {columns} WHERE id = ?", (*changes.values(), feed.id))
        if isinstance(outcome, Changed):
            outlets.name_renewed(db)
    return new


def _is_anothers(db: Database, feed: FeedState, moved_to: str | None) -> bool:
    """Tell whether the feed was read as another listed one is; keeps where it moved else."""
    if moves.is_anothers(db, feed, feed.address):  # then that one is what moves
        return True
    return moved_to is not None and moves.is_anothers(db, feed, moves.record(db, feed, moved_to))


def _learned(outcome: NotModified | Unchanged | Changed) -> dict[str, Any]:
    """Give what the next answer is compared with, and what the document says of its feed."""
    transfer = outcome.transfer
    learned: dict[str, Any] = {"etag": transfer.etag, "last_modified": transfer.last_modified}
    if not isinstance(outcome, NotModified):
        learned |= {"body_hash": outcome.body_hash, "entry_hashes": outcome.entry_hashes}
    if isinstance(outcome, Changed):
        document = outcome.document
        learned |= {"own_title": document.title, "site_url": document.site_url}
        learned["wishes"] = _dump_wishes(document.wishes)
    return learned


def _listed_after(db: Database, outcome: Changed) -> bytes:
    """Return which entries the feed's document lists now, as a purge wants to know."""
    from tracker.store.polling.document_entries import pairs_after

    before = None
    if outcome.cut:
        (before,) = db.execute(
            "SELECT document_entries FROM feeds WHERE id = ?", (outcome.feed.id,)
        ).fetchone()
    return pairs_after(before, outcome)


def _store_document(db: Database, outcome: Changed, now: datetime) -> int:
    from tracker.store.archive import entries

    feed, document = outcome.feed, outcome.document
    language = feed.source.language or document.language
    new = entries.store(db, feed.id, document.entries, language, now)
    if new:
        db.execute(
            "UPDATE feeds SET last_new = ?, items = items + ? WHERE id = ?",
            (seconds(now), new, feed.id),
        )
    return new


def _open_outage(db: Database, feed_id: int, reason: str, now: datetime) -> None:
    row = db.execute(
        "SELECT id FROM outages WHERE feed_id = ? AND until IS NULL", (feed_id,)
    ).fetchone()
    if row:
        db.execute("UPDATE outages SET reason = ? WHERE id = ?", (reason, row[0]))
    else:
        db.execute(
            "INSERT INTO outages (feed_id, since, reason) VALUES (?, ?, ?)",
            (feed_id, seconds(now), reason),
        )


def listing(db: Database, now: datetime) -> list[FeedRow]:
    """Return every feed that is listed or has items, by title."""
    from tracker.store.polling.activity import activities

    active = activities(db, now)
    failing = {
        row[0]: (row[1], row[2])
        for row in db.execute("SELECT feed_id, since, reason FROM outages WHERE until IS NULL")
    }
    rows = db.execute(
        f"SELECT {STATE_COLUMNS}, own_title, listed, items, last_polled, last_ok, last_new,"
        f" {SOURCE} FROM feeds ORDER BY coalesce(title, own_title, url) COLLATE NOCASE"
    )
    result = []
    for row in rows:
        state = _state(row)
        own_title, listed, items, polled, ok, new, outlet = row[18:]
        since, failure = failing.get(state.id, (None, None))
        if listed or items:
            title = state.source.title or own_title or state.source.shown_url
            result.append(
                FeedRow(
                    state,
                    title,
                    bool(listed),
                    items,
                    moment(polled),
                    moment(ok),
                    moment(new),
                    moment(since),
                    failure,
                    active.get(state.id, _INACTIVE),
                    outlet,
                )
            )
    return result


def urls_titled(db: Database, title: str) -> list[str]:
    """Return the URLs of the listed feeds that call themselves so and have no title of the user."""
    rows = db.execute(
        "SELECT url FROM feeds WHERE listed AND title IS NULL AND own_title = ?", (title,)
    )
    return [row[0] for row in rows]


def sites(db: Database) -> dict[str, tuple[str | None, str | None]]:
    """Return each feed's own title and the URL of its site, by the feed's URL; None if unknown."""
    rows = db.execute("SELECT url, own_title, site_url FROM feeds")
    return {url: (title, site) for url, title, site in rows}


def _dumped(value: Any) -> str:  # noqa: ANN401 - what json can hold
    import json  # a poll in which nothing is new needs none of it, and that is most of them

    return json.dumps(value)


def _loaded(text: str) -> Any:  # noqa: ANN401 - as above
    import json

    return json.loads(text)


def _dump_wishes(wishes: Wishes) -> str | None:
    if wishes == _NO_WISHES:
        return None
    ttl = None if wishes.ttl is None else int(wishes.ttl.total_seconds())
    return _dumped([ttl, sorted(wishes.skip_hours), sorted(wishes.skip_days)])


def _load_wishes(text: str | None) -> Wishes:
    if text is None:
        return _NO_WISHES
    ttl, hours, days = _loaded(text)
    wait = None if ttl is None else timedelta(seconds=ttl)
    return Wishes(wait, frozenset(hours), frozenset(days))


def _state(row: Sequence[Any]) -> FeedState:
    source = FeedSource(
        row[1],
        row[2],
        row[3],
        tuple(_loaded(row[4])) if row[4] != _NONE else (),
        tuple((name, value) for name, value in _loaded(row[5])) if row[5] != _NONE else (),
        row[17],
    )
    return FeedState(
        id=row[0],
        source=source,
        etag=row[6],
        last_modified=row[7],
        body_hash=row[8],
        entry_hashes=row[9],
        failures=row[10],
        rhythm=None if row[11] is None else timedelta(seconds=row[11]),
        next_poll=moment(row[12]),
        next_poll_why=row[13],
        gone=bool(row[14]),
        moved_to=row[15] if row[10] < BELIEVED else None,
        wishes=_load_wishes(row[16]),
    )
