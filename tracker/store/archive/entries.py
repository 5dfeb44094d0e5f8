"""Entries of documents to items and their revisions.

An item is unique by feed and entry id, though a feed may give an article another id with each
document. A changed headline is kept as a revision, and a changed item goes back to the queue so
that it is matched again.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tracker.store.address import told_by
from tracker.store.archive import tombstones
from tracker.store.archive.indexed import note_letters
from tracker.store.plain_letters import BESIDE, COLUMNS, in_plain_letters
from tracker.store.times import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tracker.model.polling import Entry
    from tracker.store.database import Database

FUTURE_TOLERANCE = timedelta(hours=1)


class _Stored(NamedTuple):
    id: int
    title: str
    summary: str
    address: str
    url: str


def store(
    db: Database, feed_id: int, entries: Sequence[Entry], language: str | None, now: datetime
) -> int:
    """Store the entries of a feed's document, newest first; return how many items are new.

    `language` is that of entries which name none, None where nothing tells it. An entry under a new
    id is a known one if the feed told it with that link, title, summary and date. What was purged
    is not stored again.
    """
    known: dict[str, _Stored | None] = {**_known(db, feed_id, [entry.id for entry in entries])}
    unknown = [entry for entry in entries if entry.id not in known]
    known |= _under_new_ids(db, feed_id, unknown, known.keys(), now)
    told: dict[object, Entry] = {}
    for entry in unknown:
        if entry.id not in known:
            told.setdefault(_sameness(entry, now) if entry.url else entry.id, entry)
    is_purged = tombstones.has_any(db, feed_id)
    fresh = _without_purged(db, feed_id, told.values(), now) if is_purged else list(told.values())
    last = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()[0]
    is_first = not is_purged and not _has_items(db, feed_id)
    db.executemany(
        "INSERT INTO items (feed_id, entry_id, url, title, summary, address, author, language,"
        " published, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            (
                feed_id,
                entry.id,
                entry.url,
                entry.title,
                entry.summary,
                _address(entry),
                entry.author,
                entry.language or language,
                _published(entry, now),
                seconds(now),
            )
            # The newest stand first in a feed: ids then grow with time.
            for entry in reversed(fresh)
        ),
    )
    added = db.execute("INSERT INTO queue SELECT id FROM items WHERE id > ?", (last,)).rowcount
    if is_first:
        db.execute("INSERT INTO first_harvest SELECT id FROM items WHERE id > ?", (last,))
    _note_letters(db, feed_id, fresh)
    for entry in entries:
        row = known.get(entry.id)
        if row and (row.title, row.summary, row.url) != (entry.title, entry.summary, entry.url):
            _revise(db, row, entry, now)
    return added


def _without_purged(
    db: Database, feed_id: int, entries: Iterable[Entry], now: datetime
) -> list[Entry]:
    """Return the entries whose items were not purged, under this id or under another."""
    stones = [
        (
            entry,
            {
                tombstones.of_id(entry.id),
                tombstones.of_words(entry.url, entry.title, entry.summary, _date(entry, now)),
            },
        )
        for entry in entries
    ]
    found = tombstones.among(db, feed_id, {stone for _, own in stones for stone in own})
    return [entry for entry, own in stones if not found & own]


def _has_items(db: Database, feed_id: int) -> bool:
    row = db.execute("SELECT 1 FROM items WHERE feed_id = ? LIMIT 1", (feed_id,)).fetchone()
    return row is not None


def _note_letters(db: Database, feed_id: int, entries: Iterable[Entry]) -> None:
    for entry in entries:
        if in_plain_letters(text := entry.title + entry.summary) != text:
            stored = db.execute(
                "SELECT id, title, summary FROM items WHERE feed_id = ? AND entry_id = ?",
                (feed_id, entry.id),
            ).fetchone()
            note_letters(db, *stored)


def _address(entry: Entry) -> str:
    return "" if entry.summary else told_by(entry.url)


def _known(db: Database, feed_id: int, ids: list[str]) -> dict[str, _Stored]:
    rows = db.execute(
        "SELECT entry_id, id, title, summary, address, url FROM items WHERE feed_id = ?"
        " AND entry_id IN (SELECT value FROM json_each(?))",
        (feed_id, json.dumps(ids)),
    )
    return {row[0]: _Stored(*row[1:]) for row in rows}


def _under_new_ids(
    db: Database, feed_id: int, entries: list[Entry], taken: Iterable[str], now: datetime
) -> dict[str, _Stored | None]:
    """Return by their new ids the entries that are stored under others.

    An item gets the new id, by which a changed headline of it is known. None is for entries whose
    item has its words from another of the same document, be it under one of the `taken` ids.
    """
    if not entries or not _has_items(db, feed_id):
        return {}
    # +feed_id: a feed has many items, a URL few, but for feeds that link all to their front page.
    rows = db.execute(
        "SELECT entry_id, published, first_seen, id, title, summary, address, url FROM items"
        " WHERE url IN (SELECT value FROM json_each(?)) AND +feed_id = ?"
        " AND title IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
        (
            json.dumps([entry.url for entry in entries if entry.url]),
            feed_id,
            json.dumps([entry.title for entry in entries]),
        ),
    )
    stored: dict[object, tuple[str, _Stored]] = {}
    for own, published, first_seen, *rest in rows:
        row = _Stored(*rest)
        words = row.url, row.title, row.summary
        stored[*words, published] = own, row
        if published == first_seen:
            stored[*words, None] = own, row
    told = set(taken)
    found: dict[str, _Stored | None] = {}
    for entry in entries:
        if (match := stored.get(_sameness(entry, now))) is not None:
            own, row = match
            found[entry.id] = None if own in told else row
            told.add(own)
    db.executemany(
        "UPDATE OR IGNORE items SET entry_id = ? WHERE id = ?",
        ((new, row.id) for new, row in found.items() if row),
    )
    return found


def _sameness(entry: Entry, now: datetime) -> tuple[str, str, str, int | None]:
    """Return what two entries of one article share, whatever ids they have.

    Without the summary two advisories of a day would be one, whose titles and page are the same.
    """
    return entry.url, entry.title, entry.summary, _date(entry, now)


def _date(entry: Entry, now: datetime) -> int | None:
    """Return the entry's own date, None for a missing one or one in the future."""
    if entry.published is None or entry.published > now + FUTURE_TOLERANCE:
        return None
    return seconds(entry.published)


def _published(entry: Entry, now: datetime) -> int:
    """Return the entry's own date, else now."""
    date = _date(entry, now)
    return seconds(now) if date is None else date


def _revise(db: Database, row: _Stored, entry: Entry, now: datetime) -> None:
    """Give a stored item its new words, and queue it, so that it is indexed and matched again."""
    item_id, title, summary, address, _ = row
    told = _address(entry)
    if (title, summary, address) != (entry.title, entry.summary, told):
        if not db.execute("SELECT 1 FROM queue WHERE item_id = ?", (item_id,)).fetchone():
            db.execute(
                "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
                f" SELECT 'delete', {COLUMNS} FROM items {BESIDE} WHERE items.id = ?",
                (item_id,),
            )
            db.execute("INSERT INTO queue VALUES (?)", (item_id,))
            db.execute(
                "INSERT OR IGNORE INTO matched_before VALUES (?, ?, ?, ?)",
                (item_id, title, summary, address),
            )
        if title != entry.title:
            db.execute(
                "INSERT INTO revisions (item_id, title, replaced) VALUES (?, ?, ?)",
                (item_id, title, seconds(now)),
            )
    db.execute(
        "UPDATE items SET title = ?, summary = ?, address = ?, url = ? WHERE id = ?",
        (entry.title, entry.summary, told, entry.url, item_id),
    )
    note_letters(db, item_id, entry.title, entry.summary)
