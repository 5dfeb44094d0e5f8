"""The outlets of feeds: which feeds are of one publisher, and what it is called.

`feeds.site` is the registrable domain of a feed's articles, `feeds.outlet_key` is equal for the
feeds of one outlet, `feeds.outlet_name` is its name. A feed without a key was not named yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.outlet_names import COLUMNS, save_names

if TYPE_CHECKING:
    from tracker.model.polling import Document, FeedState
    from tracker.store.database import Database

_ENOUGH_ENTRIES = 10
"""Entries of a document that change the site of a feed which had one."""


def note(db: Database, feed: FeedState, document: Document) -> None:
    """Keep the site of a feed's document; `name_renewed` names the outlets of what has changed.

    To be called before the document's title is stored, within the same transaction.
    """
    site, own_title, key = db.execute(
        "SELECT site, own_title, outlet_key FROM feeds WHERE id = ?", (feed.id,)
    ).fetchone()
    found = site
    if site is None or len(document.entries) >= _ENOUGH_ENTRIES:
        from tracker.outlets import site_of

        urls = [entry.url for entry in document.entries if entry.url]
        found = site_of(feed.address, document.site_url, urls)
        found = found if urls or found else None
    if key is None or found != site or document.title != own_title:
        db.execute("UPDATE feeds SET site = ?, outlet_key = NULL WHERE id = ?", (found, feed.id))


def name_renewed(db: Database) -> None:
    """Name the outlets of the feeds whose site or title has changed, and of their sisters."""
    renewed = db.execute(f"SELECT {COLUMNS} FROM feeds WHERE outlet_key IS NULL").fetchall()
    if not renewed:
        return
    import json

    sites = {row[2] for row in renewed if row[2]}
    sisters = db.execute(
        f"SELECT {COLUMNS} FROM feeds WHERE outlet_key IS NOT NULL"
        " AND site IN (SELECT value FROM json_each(?))",
        (json.dumps(list(sites)),),
    ).fetchall()
    save_names(db, renewed + sisters)
