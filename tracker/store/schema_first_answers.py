"""The answers in which feeds were found, kept for the first poll of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.schema import migrations

if TYPE_CHECKING:
    import sqlite_utils


@migrations()
def m022_first_answers(db: sqlite_utils.Database) -> None:
    """Keep the answer in which a feed was found, so that its first poll need not ask again.

    `url` is the address that is listed, `base` where the body came from.
    """
    db.conn.execute(
        "CREATE TABLE first_answers (url TEXT PRIMARY KEY, base TEXT NOT NULL,"
        " received INTEGER NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,"
        " body BLOB NOT NULL, seconds REAL NOT NULL) WITHOUT ROWID"
    )
