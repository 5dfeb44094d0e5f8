"""What first contact says of a link, and the words by which a story finds items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.schema import migrations

if TYPE_CHECKING:
    import sqlite_utils


@migrations()
def m023_first_contact(db: sqlite_utils.Database) -> None:
    """Keep the log-odds of first contact with a link, and the vocabulary of a story.

    `links.first_odds` is NULL for an item that matches nothing of the query, `links.match_odds`
    what its match adds to the log-odds of the story's own model. `stories.vocabulary` are words
    with their weights, "stem:weight stem:weight", NULL for a young story. Stories are linked anew,
    since their profiles are of another form; the states that decisions kept are of no use.
    """
    db.conn.execute("DROP TRIGGER IF EXISTS likeness_of_title")
    db.conn.execute("ALTER TABLE links DROP COLUMN likeness")
    db.conn.execute("ALTER TABLE links DROP COLUMN share")
    db.conn.execute("ALTER TABLE links ADD COLUMN first_odds REAL")
    db.conn.execute("ALTER TABLE links ADD COLUMN match_odds REAL NOT NULL DEFAULT 0")
    db.conn.execute("ALTER TABLE stories ADD COLUMN vocabulary TEXT")
    db.conn.execute("UPDATE decisions SET state_before = NULL, digest_after = NULL")
    db.conn.execute(
        "INSERT OR IGNORE INTO backfills SELECT id FROM stories WHERE state != 'closed'"
    )
