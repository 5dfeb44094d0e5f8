"""Repairs of what can be made anew from the rest of the database: the index, modes, lost rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tracker.errors import FileError
from tracker.files import unfinished
from tracker.model.care import Repair
from tracker.store.database import only_one, opened, translated
from tracker.store.plain_letters import BESIDE, COLUMNS
from tracker.store.snapshot import open_to_read, publish, write

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.store.database import Database

_INDEXED = f"SELECT {COLUMNS} FROM items {BESIDE} WHERE items.id NOT IN (SELECT item_id FROM queue)"


def repair(path: Path, kept: Path) -> Repair:
    """Remove rows without an owner, make the full-text index anew if it is wrong, empty the log.

    The database is copied to `kept` before. BusyError while a poll runs, DatabaseError where pages
    are damaged, which only a backup mends.
    """
    with only_one(path):
        try:
            with closing(open_to_read(path)) as present, unfinished(kept) as part:
                write(present, part)
                publish(part, kept)
        except sqlite3.DatabaseError as error:
            raise translated(error, path) from error
        except OSError as error:
            raise FileError(kept, f"cannot be written: {error.strerror}.") from error
        with opened(path) as db:
            with db.transaction():
                removed = _remove_orphans(db)
                indexed = 0 if _is_index_right(db) else _make_index(db)
            with db.impatient():  # the log stays while another program reads
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Repair(kept, removed, indexed)


def _remove_orphans(db: Database) -> int:
    """Delete rows that refer to a missing row, and those that referred to them in turn."""
    removed = 0
    while violated := db.execute(
        'SELECT DISTINCT "table", parent, fkid FROM pragma_foreign_key_check'
    ).fetchall():
        before = removed
        for table, parent, number in violated:
            keys = db.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            (column,) = [key[3] for key in keys if key[0] == number]
            removed += db.execute(
                f"DELETE FROM {table} WHERE {column} IS NOT NULL"
                f" AND {column} NOT IN (SELECT id FROM {parent})"
            ).rowcount
        if removed == before:
            break
    return removed


def _is_index_right(db: Database) -> bool:
    (stored,) = db.execute(f"SELECT count(*) FROM ({_INDEXED})").fetchone()
    try:
        (indexed,) = db.execute("SELECT count(*) FROM items_fts_docsize").fetchone()
        found = [row[0] for row in db.execute("PRAGMA quick_check(items_fts)")]
    except sqlite3.DatabaseError:
        return False
    return stored == indexed and found == ["ok"]


def _make_index(db: Database) -> int:
    """Make the full-text index anew, of all items that are not queued; return their number."""
    (made_by,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'items_fts'").fetchone()
    db.execute("DROP TABLE items_fts")
    db.execute(made_by)
    # As the migrations set them.
    db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('hashsize', 8 << 20)")
    db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('automerge', 8)")
    return db.execute(
        f"INSERT INTO items_fts (rowid, title, summary, address) {_INDEXED} ORDER BY items.id"
    ).rowcount
