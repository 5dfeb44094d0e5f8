"""Where feeds moved: which of them are read at another's address, and when a move is doubted.

A feed has the address that is listed; `moved_to` is where its publisher moved it since, or the
listed address of another feed that moved there before it. No chain of moves is a circle: where a
feed moves to is where that address itself is read from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.model.polling import FeedState
    from tracker.store.database import Database

BELIEVED = 3
"""After so many failures in a row a new address is doubted, and the listed one asked again. It
stays known until that one brings something: another feed may come back there first."""
# What is not gone may work again: until it failed so often, nothing else is asked in its place.
ACTIVE = (
    "listed AND NOT gone AND NOT EXISTS (SELECT 1 FROM feeds AS other"
    " WHERE other.url = feeds.moved_to AND other.listed AND NOT other.gone"
    f" AND other.failures < {BELIEVED} AND other.id <> feeds.id)"
)

_LISTED_AT_1 = "SELECT 1 FROM feeds WHERE url = ?1 AND listed AND NOT gone"


def record(db: Database, feed: FeedState, address: str) -> str:
    """Keep that permanent redirects led from the feed to `address`, where a document was.

    Returns where it is read from then on: at `address`, or as the feed that moved there before it.
    """
    first = db.execute(
        "SELECT url FROM feeds WHERE moved_to = ?1 AND listed AND NOT gone AND id <> ?2"
        f" AND ?1 <> ?3 AND NOT EXISTS ({_LISTED_AT_1}) ORDER BY id LIMIT 1",
        (address, feed.id, feed.source.url),
    ).fetchone()
    read_at: str = first[0] if first else address
    moved_to = None if read_at == feed.source.url else read_at
    db.execute("UPDATE feeds SET moved_to = ? WHERE id = ?", (moved_to, feed.id))
    # A listed feed that had moved away from there is back.
    db.execute("UPDATE feeds SET moved_to = NULL WHERE url = ?", (address,))
    return read_at


def announce(db: Database, url: str, address: str) -> None:
    """Record that the user moves a feed to `address`, which is listed in its place next.

    The feed is due then, also if it was gone. The validators were those of the old address.
    """
    with db.transaction():
        db.execute(
            "UPDATE feeds SET moved_to = ?, etag = NULL, last_modified = NULL, next_poll = NULL,"
            " gone = 0 WHERE url = ? AND listed",
            (address, url),
        )


def hand_over(db: Database, urls: Collection[str]) -> None:
    """Make the addresses that feeds moved to their own, where `urls`, now listed, name them.

    What a feed brought is then known at its new address. Where the old one is in `urls` as well, it
    begins anew, as one that is read there. An address that was listed before has its own past.
    """
    moved = db.execute(
        "SELECT id, url, moved_to FROM feeds WHERE moved_to IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM feeds AS other WHERE other.url = feeds.moved_to) ORDER BY listed DESC, id"
    ).fetchall()
    # Of several that moved to one address, the first takes it, and the others are read there.
    first = {moved_to: (number, url) for number, url, moved_to in reversed(moved)}
    for moved_to, (number, url) in first.items():
        if moved_to in urls:
            db.execute("UPDATE feeds SET url = moved_to, moved_to = NULL WHERE id = ?", (number,))
            db.execute("UPDATE feeds SET moved_to = ? WHERE moved_to = ?", (moved_to, url))
            if url in urls:
                db.execute("INSERT INTO feeds (url, moved_to) VALUES (?, ?)", (url, moved_to))


def join(db: Database) -> None:
    """Let feeds that are listed anew follow the one that was read last where they moved to."""
    shared = db.execute(
        "SELECT moved_to FROM feeds WHERE listed AND moved_to IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM feeds AS other"
        " WHERE other.url = feeds.moved_to AND other.listed AND NOT other.gone)"
        " GROUP BY moved_to HAVING count(*) > 1"
    ).fetchall()
    for (address,) in shared:
        db.execute(
            "WITH first AS (SELECT id, url FROM feeds WHERE moved_to = ?1 AND listed"
            " ORDER BY gone, last_ok DESC, id LIMIT 1)"
            " UPDATE feeds SET moved_to = (SELECT url FROM first)"
            " WHERE moved_to = ?1 AND listed AND id <> (SELECT id FROM first)",
            (address,),
        )


def is_anothers(db: Database, feed: FeedState, address: str) -> bool:
    """Tell whether what is at `address` is kept as another listed feed's."""
    return address != feed.source.url and bool(db.execute(_LISTED_AT_1, (address,)).fetchone())
