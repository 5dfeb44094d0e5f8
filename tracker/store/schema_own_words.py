"""The words of a story without those of its query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.schema import migrations

if TYPE_CHECKING:
    import sqlite_utils


@migrations()
def m024_own_words(db: sqlite_utils.Database) -> None:
    """Link stories anew: what they have learned no longer counts the words of their queries.

    The states that decisions kept are of no use. From this version on, a decision may say that no
    question is to be asked about an item (`decisions.status` is then "skipped").
    """
    db.conn.execute("UPDATE decisions SET state_before = NULL, digest_after = NULL")
    db.conn.execute(
        "INSERT OR IGNORE INTO backfills SELECT id FROM stories WHERE state != 'closed'"
    )
