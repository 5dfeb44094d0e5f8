"""Entries of documents to items and their revisions.

An item is unique by feed and entry id; a changed headline is kept as a revision, and a changed item
goes back to the queue so that it is matched again.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.store.address import told_by
from tracker.store.times import seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.polled import Entry
    from tracker.store.database import Database

FUTURE_TOLERANCE = timedelta(hours=1)


def store(
    db: Database, feed_id: int, entries: Sequence[Entry], language: str | None, now: datetime
) -> int:
    """Store the entries of a feed's document, newest first; return how many items are new.

    `language` is that of entries which name none, None where nothing tells it.
    """
    known = _known(db, feed_id, [entry.id for entry in entries])
    fresh = [entry for entry in entries if entry.id not in known]
    last = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()[0]
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
    for entry in entries:
        row = known.get(entry.id)
        if row and (row[1], row[2], row[4]) != (entry.title, entry.summary, entry.url):
            _revise(db, row, entry, now)
    return added


def _address(entry: Entry) -> str:
    return "" if entry.summary else told_by(entry.url)


def _known(db: Database, feed_id: int, ids: list[str]) -> dict[str, tuple[int, str, str, str, str]]:
    rows = db.execute(
        "SELECT entry_id, id, title, summary, address, url FROM items WHERE feed_id = ?"
        " AND entry_id IN (SELECT value FROM json_each(?))",
        (feed_id, json.dumps(ids)),
    )
    return {row[0]: row[1:] for row in rows}


def _published(entry: Entry, now: datetime) -> int:
    """Return the entry's own date; a missing one, or one in the future, counts as now."""
    if entry.published is None or entry.published > now + FUTURE_TOLERANCE:
        return seconds(now)
    return seconds(entry.published)


def _revise(db: Database, row: tuple[int, str, str, str, str], entry: Entry, now: datetime) -> None:
    """Give a stored item its new words, and queue it, so that it is indexed and matched again."""
    item_id, title, summary, address, _ = row
    told = _address(entry)
    if (title, summary, address) != (entry.title, entry.summary, told):
        if not db.execute("SELECT 1 FROM queue WHERE item_id = ?", (item_id,)).fetchone():
            db.execute(
                "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
                " VALUES ('delete', ?, ?, ?, ?)",
                (item_id, title, summary, address),
            )
            db.execute("INSERT INTO queue VALUES (?)", (item_id,))
            db.execute("INSERT OR IGNORE INTO matched_before VALUES (?)", (item_id,))
        if title != entry.title:
            db.execute(
                "INSERT INTO revisions (item_id, title, replaced) VALUES (?, ?, ?)",
                (item_id, title, seconds(now)),
            )
    db.execute(
        "UPDATE items SET title = ?, summary = ?, address = ?, url = ? WHERE id = ?",
        (entry.title, entry.summary, told, entry.url, item_id),
    )
