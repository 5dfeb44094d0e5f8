"""Purging: old items that no story has are deleted, and tombstones keep them from coming back.

Deleted with an item are its rows in the full-text index: a plain DELETE would leave ghosts there
that no check of SQLite sees. What stays: what a story has or doubts or has rejected, what an undo
would bring back, the first item of an event, what is queued, what the feed's latest document still
lists, and the newest item, whose number would be given to the next one.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import DatabaseError
from tracker.model.care import Purge
from tracker.store.archive import items, tombstones
from tracker.store.database import translated
from tracker.store.following import decisions
from tracker.store.outlet_names import FEED_NAME
from tracker.store.plain_letters import BESIDE, COLUMNS
from tracker.store.polling.document_entries import listed
from tracker.store.snapshot import real
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tracker.store.database import Database

AT_ONCE = 20_000
"""Items that are deleted in one transaction, about 1 s: others wait no longer to write.

Each transaction writes the pages of the indexes that it changes, however few rows it changes there.
With 1,000 items, a purge of most of a million wrote 138 GB.
"""
_NEWEST_KEPT = 20
"""Newest items that stay of a feed whose latest document is not known."""
_MERGED_AT_ONCE = 500
_WORTH_MERGING = 10
"""The full-text index is merged, which writes all of it, if one in so many items went at least."""
# For so long as the purge: of memory 64 MiB instead of 2, of the log 32 MiB instead of 4 before it
# is written into the file. Pages that are freed need not be overwritten, which Debian's SQLite
# would do: https://www.sqlite.org/pragma.html#pragma_secure_delete. What is purged is no secret.
# What refers to an item is deleted for a batch at once, instead of by SQLite for each item, which
# would be a quarter of the processor time.
_PRAGMAS = {
    "cache_size": -65_536,
    "wal_autocheckpoint": 8_192,
    "secure_delete": 0,
    "foreign_keys": 0,
}
_OLD = "published < ?1 AND first_seen < ?1"
_FREE = (
    "items.id NOT IN (SELECT item_id FROM links) AND items.id NOT IN (SELECT event FROM links)"
    " AND items.id NOT IN (SELECT item_id FROM decisions)"
    " AND items.id NOT IN (SELECT item_id FROM queue)"
    " AND items.id <> (SELECT max(id) FROM items)"
)
# A key with another action would have to stop the deletion: there is none that refers to items.
_ON_DELETE = {"CASCADE": "DELETE FROM {table}", "SET NULL": "UPDATE {table} SET {column} = NULL"}
_FEEDS = f"SELECT id, {FEED_NAME}, document_entries, entry_hashes FROM feeds"
_LAST = "last_purge"


class Chosen(NamedTuple):
    """The items to delete, and the purge as it would be."""

    ids: list[int]
    purge: Purge


def choose(db: Database, cutoff: datetime, most: int | None = None) -> Chosen:
    """Return the items that are dated and stored before `cutoff` and that nothing keeps.

    No more than the `most` that were stored first, None for all.
    """
    feeds = {row[0]: _Feed.of(db, *row) for row in db.execute(_FEEDS).fetchall()}
    (old,) = db.execute(f"SELECT count(*) FROM items WHERE {_OLD}", (seconds(cutoff),)).fetchone()
    restorable = decisions.restorable_items(db)
    ids: list[int] = []
    by_feed: Counter[str] = Counter()
    size = 0
    for item_id, feed_id, entry_id, length in db.execute(
        "SELECT id, feed_id, entry_id, length(title) + length(summary) + length(url) FROM items"
        f" WHERE {_OLD} AND {_FREE} ORDER BY id",
        (seconds(cutoff),),
    ):
        feed = feeds[feed_id]
        if item_id in feed.newest or item_id in restorable:
            continue
        if not feed.listed or tombstones.hash_of_id(entry_id) not in feed.listed:
            if len(ids) == most:
                break
            ids.append(item_id)
            by_feed[feed.title] += 1
            size += length
    purge = Purge(cutoff, len(ids), tuple(by_feed.most_common()), size, old - len(ids))
    return Chosen(ids, purge)


class _Feed(NamedTuple):
    """What a feed's latest document lists, by hash; where that is not known, the newest items."""

    title: str
    listed: set[bytes]
    newest: set[int]

    @classmethod
    def of(
        cls, db: Database, feed_id: int, title: str, pairs: bytes | None, hashes: bytes
    ) -> _Feed:
        entries, number = listed(pairs, hashes)
        if entries and number == len(entries):
            return cls(title, entries, set())
        newest = db.execute(
            "SELECT id FROM items WHERE feed_id = ? ORDER BY id DESC LIMIT ?",
            (feed_id, max(number, _NEWEST_KEPT)),
        )
        return cls(title, entries, {row[0] for row in newest})


def purge(
    db: Database,
    cutoff: datetime,
    *,
    most: int | None = None,
    at_once: int = AT_ONCE,
    progress: Callable[[int, int], None] | None = None,
) -> Purge:
    """Delete what `choose` returns, `most` items at the most, and return what was deleted.

    A transaction deletes `at_once` items. `progress` is called after each, with the items done and
    all. The caller holds the right to poll, and is in no transaction.
    """
    chosen = choose(db, cutoff, most)
    done = 0
    with _settings(db):
        for start in range(0, len(chosen.ids), at_once):
            batch = chosen.ids[start : start + at_once]
            done += _delete(db, batch, cutoff)
            if progress is not None:
                progress(done, len(chosen.ids))
        if done and done * _WORTH_MERGING >= items.total(db):
            _tidy_index(db)
    if done:
        db.execute("PRAGMA optimize")
        with db.impatient():  # the log, which is large now, stays while another program reads
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return replace(chosen.purge, items=done)


@contextmanager
def _settings(db: Database) -> Iterator[None]:
    """Change settings of the connection for a block that deletes much."""
    before = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS}
    for name, value in _PRAGMAS.items():
        db.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        for name, value in before.items():
            db.execute(f"PRAGMA {name} = {value}")


def _delete(db: Database, batch: list[int], cutoff: datetime) -> int:
    """Delete items with all that is kept of them; those that a story took up meanwhile stay."""
    # What needs no lock is done without: meanwhile others write.
    stones = _stones(db, batch)
    with db.transaction():
        rows = db.execute(
            "SELECT id, feed_id FROM items"
            f" WHERE {_OLD} AND {_FREE} AND id IN (SELECT value FROM json_each(?2))",
            (seconds(cutoff), json.dumps(batch)),
        ).fetchall()
        # In the order of their index, so that each of its pages is changed once.
        tombstones.add(db, sorted(stone for row in rows for stone in stones[row[0]]))
        chosen = json.dumps([row[0] for row in rows])
        db.execute(
            "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
            f" SELECT 'delete', {COLUMNS} FROM items {BESIDE}"
            " WHERE items.id IN (SELECT value FROM json_each(?))",
            (chosen,),
        )
        _release(db, chosen)
        db.execute("DELETE FROM items WHERE id IN (SELECT value FROM json_each(?))", (chosen,))
        db.executemany(
            "UPDATE feeds SET items = items - ? WHERE id = ?",
            ((number, feed_id) for feed_id, number in Counter(row[1] for row in rows).items()),
        )
    return len(rows)


def _release(db: Database, chosen: str) -> None:
    """Do for items (a JSON list of ids) what the foreign keys that refer to them say."""
    keys = db.execute(
        'SELECT tables.name, keys."from", keys.on_delete FROM sqlite_schema AS tables,'
        " pragma_foreign_key_list(tables.name) AS keys"
        " WHERE tables.type = 'table' AND keys.\"table\" = 'items'"
    ).fetchall()
    for table, column, action in keys:
        change = _ON_DELETE[action].format(table=table, column=column)
        db.execute(f"{change} WHERE {column} IN (SELECT value FROM json_each(?))", (chosen,))


def _stones(db: Database, batch: list[int]) -> dict[int, list[tuple[int, int]]]:
    """Return the tombstones of items, by their ids; polls, which change items, do not run."""
    rows = db.execute(
        "SELECT id, feed_id, entry_id, url, title, summary, published, first_seen FROM items"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(batch),),
    )
    return {row[0]: list(_tombstones(*row[1:])) for row in rows}


def _tombstones(  # noqa: PLR0917 - the columns of an item
    feed_id: int, entry_id: str, url: str, title: str, summary: str, published: int, first_seen: int
) -> Iterator[tuple[int, int]]:
    yield feed_id, tombstones.of_id(entry_id)
    if url:
        yield feed_id, tombstones.of_words(url, title, summary, published)
        if published == first_seen:  # then the entry has no date, most often
            yield feed_id, tombstones.of_words(url, title, summary, None)


def _tidy_index(db: Database) -> None:
    """Merge the full-text index in short steps: by 'optimize' others would wait for all of it."""
    # https://www.sqlite.org/fts5.html#the_merge_command
    pages = -_MERGED_AT_ONCE
    while True:
        before = db.total_changes
        db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('merge', ?)", (pages,))
        if db.total_changes - before < 2:  # noqa: PLR2004 - as the documentation has it
            return
        pages = _MERGED_AT_ONCE


def shrink(db: Database) -> int:
    """Give the free pages back to the disk; return by how many bytes the file is smaller.

    Who writes meanwhile waits. DatabaseError where the disk has no room for two copies.
    """
    at = real(db.path)
    with db.impatient():
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = at.stat().st_size
    needed = 2 * before
    if shutil.disk_usage(at.parent).free < needed:
        raise DatabaseError(
            db.path,
            f"cannot be made smaller: that takes {needed >> 20:,} MiB, more than the disk has.",
        )
    try:
        db.execute("PRAGMA temp_store = FILE")  # the copy would be held in memory
        db.execute("VACUUM")
        with db.impatient():  # else the file is smaller once who reads has ended
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        raise translated(error, db.path) from error
    finally:
        db.execute("PRAGMA temp_store = MEMORY")
    return before - at.stat().st_size


def last(db: Database) -> datetime | None:
    """Return when items were last purged by the setting, None before the first time."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_LAST,)).fetchone()
    return moment(int(row[0])) if row else None


def note(db: Database, now: datetime) -> None:
    """Keep when items were purged by the setting."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_LAST, str(seconds(now))))
