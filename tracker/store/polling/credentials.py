"""The credentials of feeds: user names and passwords in addresses, and headers of requests.

The database holds those of the feeds that are listed, and no others.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.model.polling import FeedSource
    from tracker.store.database import Database


@contextmanager
def erased(db: Database) -> Iterator[None]:
    """Overwrite the bytes that are deleted within the block.

    SQLite otherwise leaves them in the file until their page is reused
    (https://www.sqlite.org/pragma.html#pragma_secure_delete). The log is deleted when the last
    connection closes.
    """
    before = db.execute("PRAGMA secure_delete").fetchone()[0]
    db.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        db.execute(f"PRAGMA secure_delete = {before}")


def hand_over(db: Database, sources: Sequence[FeedSource]) -> None:
    """Rename feeds whose address differs from a newly listed one only in its credentials.

    Their items and state stay. A feed that is listed as it is known keeps its address.
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
    """Delete the credentials of feeds that are not listed."""
    db.execute("UPDATE feeds SET headers = '[]' WHERE NOT listed AND headers <> '[]'")
    db.execute("DELETE FROM first_answers WHERE url NOT IN (SELECT url FROM feeds WHERE listed)")
    db.execute(
        "UPDATE feeds SET moved_to = without_credentials(moved_to)"
        " WHERE NOT listed AND moved_to LIKE '%@%'"
    )
    secret = db.execute(
        "SELECT id, url, without_credentials(url) FROM feeds"
        " WHERE NOT listed AND without_credentials(url) <> url"
    ).fetchall()
    for feed_id, url, bare in secret:
        # Two feeds may differ only in their credentials; a fragment is never sent.
        db.execute(
            "UPDATE feeds SET url = CASE WHEN EXISTS (SELECT 1 FROM feeds WHERE url = ?1)"
            " THEN ?1 || '#' || id ELSE ?1 END WHERE id = ?2",
            (bare, feed_id),
        )
        db.execute("UPDATE feeds SET moved_to = ? WHERE moved_to = ?", (bare, url))
