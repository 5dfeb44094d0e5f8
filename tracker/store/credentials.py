"""The credentials of feeds: user names and passwords in addresses, and headers of requests.

The database holds those of the feeds that are listed, and no others.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.model_polling import FeedSource
    from tracker.store.database import Database


@contextmanager
def erased(db: Database) -> Iterator[None]:
    """Overwrite what is deleted within the block, so that its bytes leave the file as well.

    https://www.sqlite.org/pragma.html#pragma_secure_delete; SQLite leaves them there until their
    place is used again. The log goes when the last connection is closed.
    """
    before = db.execute("PRAGMA secure_delete").fetchone()[0]
    db.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        db.execute(f"PRAGMA secure_delete = {before}")


def hand_over(db: Database, sources: Sequence[FeedSource]) -> None:
    """Give the rows of feeds the credentials that are listed for the same address now.

    What a feed brought stays its own. A row whose own address is listed stays as it is.
    """
    known = dict(db.execute("SELECT url, without_credentials(url) FROM feeds").fetchall())
    listed = {source.url for source in sources}
    free: dict[str, str] = {}
    for url, bare in known.items():
        if url not in listed:
            free.setdefault(bare, url)
    for source in sources:
        if source.url not in known and (old := free.pop(source.shown_url, None)) is not None:
            db.execute("UPDATE feeds SET url = ? WHERE url = ?", (source.url, old))
            db.execute("UPDATE feeds SET moved_to = ? WHERE moved_to = ?", (source.url, old))


def forget(db: Database) -> None:
    """Take the credentials of the feeds that are no longer listed out of the database."""
    db.execute("UPDATE feeds SET headers = '[]' WHERE NOT listed AND headers <> '[]'")
    db.execute(
        "UPDATE feeds SET moved_to = without_credentials(moved_to)"
        " WHERE NOT listed AND moved_to LIKE '%@%'"
    )
    secret = db.execute(
        "SELECT id, url, without_credentials(url) FROM feeds"
        " WHERE NOT listed AND without_credentials(url) <> url"
    ).fetchall()
    for feed_id, url, bare in secret:
        # Two feeds may differ in their credentials alone; a fragment is never sent.
        db.execute(
            "UPDATE feeds SET url = CASE WHEN EXISTS (SELECT 1 FROM feeds WHERE url = ?1)"
            " THEN ?1 || '#' || id ELSE ?1 END WHERE id = ?2",
            (bare, feed_id),
        )
        db.execute("UPDATE feeds SET moved_to = ? WHERE moved_to = ?", (bare, url))
