"""Keys and names of outlets, as they are saved with the feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection
    from typing import Any

FEED_NAME = "coalesce(feeds.title, feeds.own_title, without_credentials(feeds.url))"
SOURCE = f"coalesce(feeds.outlet_name, {FEED_NAME})"
OUTLET_KEY = "coalesce(feeds.outlet_key, 'feed ' || feeds.id)"
COLUMNS = "id, url, site, outlet, title, own_title, outlet_key, outlet_name"


def name_all(db: Connection) -> None:
    """Name the outlets of all feeds, after the list of feeds has changed."""
    save_names(db, db.execute(f"SELECT {COLUMNS} FROM feeds").fetchall())


def save_names(db: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
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
