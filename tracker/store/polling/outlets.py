"""The outlets of feeds: which feeds are of one publisher, and what it is called.

`feeds.site` is the registrable domain of a feed's articles, `feeds.outlet_key` is equal for the
feeds of one outlet, `feeds.outlet_name` is its name. A feed without a key was not named yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tracker.model.polling import Document, FeedState
    from tracker.store.database import Database

_ENOUGH_ENTRIES = 10
"""Entries of a document that change the site of a feed which had one."""
_COLUMNS = "id, url, site, outlet, title, own_title, outlet_key, outlet_name"


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
    renewed = db.execute(f"SELECT {_COLUMNS} FROM feeds WHERE outlet_key IS NULL").fetchall()
    if not renewed:
        return
    import json

    sites = {row[2] for row in renewed if row[2]}
    sisters = db.execute(
        f"SELECT {_COLUMNS} FROM feeds WHERE outlet_key IS NOT NULL"
        " AND site IN (SELECT value FROM json_each(?))",
        (json.dumps(list(sites)),),
    ).fetchall()
    _name(db, renewed + sisters)


def name_all(db: Database) -> None:
    """Name the outlets of all feeds, after the list of feeds has changed."""
    _name(db, db.execute(f"SELECT {_COLUMNS} FROM feeds").fetchall())


def _name(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Save key and name of feeds, of which all with one site are given."""
    from tracker.outlets import FeedTitles, names_of, outlet_key, site_of

    by_site: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        number, url, site, *_ = row
        site = site_of(url, None, ()) if site is None else site
        by_site.setdefault(site or f"feed {number}", []).append((*row, site))
    changed = []
    for group in by_site.values():
        names = names_of(group[0][-1], [FeedTitles(*row[3:6]) for row in group])
        for row, name in zip(group, names, strict=True):
            key = outlet_key(row[-1], row[3], row[0])
            if (key, name) != (row[6], row[7]):
                changed.append((key, name, row[0]))
    db.executemany("UPDATE feeds SET outlet_key = ?, outlet_name = ? WHERE id = ?", changed)
