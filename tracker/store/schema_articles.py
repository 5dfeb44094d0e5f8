"""Articles and outlets: which items report one article, and which feeds are of one publisher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.outlets import site_of
from tracker.store.outlet_names import OUTLET_KEY, name_all
from tracker.store.same_article import COLUMNS, Articles, Row, copies_among
from tracker.store.schema import migrations

if TYPE_CHECKING:
    from sqlite3 import Connection

    import sqlite_utils

_SAMPLE = 20
"""Latest items of a feed by whose addresses its site is found."""


@migrations()
def m018_articles(db: sqlite_utils.Database) -> None:
    """Keep which items are copies of an article, and the outlets of feeds.

    `items.article` is the id of the article's first item, NULL for that item itself. Links of
    copies become those of the first item.
    """
    conn = db.conn
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
    name_all(conn)
    _assign_stored(conn)
    _join_links(conn)


def _assign_stored(db: Connection) -> None:
    """Save of which articles all stored items are, outlet by outlet."""
    outlets = db.execute(
        f"SELECT json_group_array(id) FROM feeds WHERE items > 0 GROUP BY {OUTLET_KEY}"
    ).fetchall()
    for (feed_ids,) in outlets:
        rows = db.execute(
            f"SELECT {COLUMNS} FROM items JOIN feeds ON feeds.id = items.feed_id"
            " WHERE items.feed_id IN (SELECT value FROM json_each(?))",
            (feed_ids,),
        )
        found = copies_among([Row(*row) for row in rows], Articles())
        db.executemany(
            "UPDATE items SET article = ? WHERE id = ?",
            ((article, item_id) for item_id, article in found.items()),
        )


def _join_links(db: Connection) -> None:
    """Move the links of copies to the first items of their articles.

    Where that one is linked as well, the link of higher rank stays: a decision of the user before a
    link, a link before a doubtful one.
    """
    copies = db.execute(
        "SELECT links.story_id, links.item_id, items.article, items_of.published,"
        " CASE links.status WHEN 'maybe' THEN 0 WHEN 'linked' THEN 1 ELSE 2 END AS rank"
        " FROM items CROSS JOIN links ON links.item_id = items.id"
        " JOIN items AS items_of ON items_of.id = items.article"
        " WHERE items.article IS NOT NULL ORDER BY rank DESC, items.id"
    ).fetchall()
    for story_id, item_id, article, published, rank in copies:
        db.execute(
            "DELETE FROM links WHERE story_id = ? AND item_id = ? AND"
            " CASE status WHEN 'maybe' THEN 0 WHEN 'linked' THEN 1 ELSE 2 END < ?",
            (story_id, article, rank),
        )
        db.execute(
            "UPDATE OR IGNORE links SET item_id = ?, published = ?"
            " WHERE story_id = ? AND item_id = ?",
            (article, published, story_id, item_id),
        )
        db.execute("DELETE FROM links WHERE story_id = ? AND item_id = ?", (story_id, item_id))
