"""Articles and outlets: which items report one article, and which feeds are of one publisher."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tracker.outlets import site_of
from tracker.store.archive import articles
from tracker.store.polling import outlets
from tracker.store.schema import migrations

if TYPE_CHECKING:
    import sqlite_utils

    from tracker.store.database import Database

_SAMPLE = 20
"""Latest items of a feed by whose addresses its site is found."""


@migrations()
def m018_articles(db: sqlite_utils.Database) -> None:
    """Keep which items are copies of an article, and the outlets of feeds.

    `items.article` is the id of the article's first item, NULL for that item itself. Links of
    copies become those of the first item.
    """
    conn = cast("Database", db.conn)
    for column in ("outlet", "site", "outlet_key", "outlet_name"):
        conn.execute(f"ALTER TABLE feeds ADD COLUMN {column} TEXT")
    conn.execute("CREATE INDEX feeds_of_outlet ON feeds (outlet_key)")
    conn.execute("CREATE INDEX feeds_of_site ON feeds (site)")
    conn.execute("ALTER TABLE items ADD COLUMN article INTEGER REFERENCES items ON DELETE SET NULL")
    conn.execute("CREATE INDEX items_of_article ON items (article) WHERE article IS NOT NULL")
    feeds = conn.execute("SELECT id, url, site_url FROM feeds WHERE items > 0").fetchall()
    for feed_id, url, site_url in feeds:
        latest = conn.execute(
            "SELECT url FROM items WHERE feed_id = ? ORDER BY id DESC LIMIT ?", (feed_id, _SAMPLE)
        )
        site = site_of(url, site_url, [each for (each,) in latest if each])
        conn.execute("UPDATE feeds SET site = ? WHERE id = ?", (site, feed_id))
    outlets.name_all(conn)
    articles.assign_stored(conn)
    articles.join_links(conn)
