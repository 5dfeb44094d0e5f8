"""What was purged, so that it does not come back as new, and what each feed's document lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.schema import migrations

if TYPE_CHECKING:
    import sqlite_utils


@migrations()
def m021_purged(db: sqlite_utils.Database) -> None:
    """Keep tombstones of purged entries, and which entries a feed's latest document lists.

    `purged.entry` is a hash of an entry's id or words (`store.archive.tombstones`): 20 bytes a row
    instead of the 700 of an item with its index. `feeds.document_entries` are pairs of hashes of 8
    bytes (`store.polling.document_entries`), NULL before the feed is polled again.
    """
    db.conn.execute(
        "CREATE TABLE purged (feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,"
        " entry INTEGER NOT NULL, PRIMARY KEY (feed_id, entry)) WITHOUT ROWID"
    )
    db.conn.execute("ALTER TABLE feeds ADD COLUMN document_entries BLOB")
