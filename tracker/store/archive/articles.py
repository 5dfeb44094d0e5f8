"""Articles: which items of an outlet are copies of one article.

The feeds of an outlet bring one article several times, each with its own marks in the address. The
article is matched, counted and shown by its first item; `items.article` of the others, its copies,
is the id of that one. An item gets its article when it is linked for the first time, and keeps it.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING

from tracker.store.canonical import prefixes
from tracker.store.rows import ITEM_COLUMNS, item
from tracker.store.same_article import (
    COLUMNS,
    OWN_ADDRESS,
    SHORTEST_TITLE,
    TWO_DAYS,
    Articles,
    Row,
    address,
    copies_among,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tracker.model.core import Item
    from tracker.store.database import Database

_LAST = "\U0010ffff"  # sorts behind all characters
_LINKED = (
    "(items.id NOT IN (SELECT item_id FROM queue)"
    " OR items.id IN (SELECT item_id FROM matched_before))"
)


def assign(db: Database, batch: Collection[int], known: Collection[int]) -> set[int]:
    """Save of which articles new items (ids) are; return those that are copies.

    Items of `known` were linked before and keep their article. To be called within the transaction
    that takes the batch off the queue.
    """
    rows = _rows(db, "items.id IN (SELECT value FROM json_each(?))", json.dumps(list(batch)))
    new = [row for row in rows if row.article is None and row.id not in known]
    copies = {row.id for row in rows if row.article is not None}
    if not new:
        return copies
    found = Articles()
    for row in [row for row in rows if row.id in known] + _alike(db, new):
        found.add(row, address(row.url))
    assigned = copies_among(new, found)
    _save(db, assigned)
    return copies | assigned.keys()


def _save(db: Database, assigned: dict[int, int]) -> None:
    db.executemany(
        "UPDATE items SET article = ? WHERE id = ?",
        ((article, item_id) for item_id, article in assigned.items()),
    )


def _rows(db: Database, condition: str, *values: str | int) -> list[Row]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM items JOIN feeds ON feeds.id = items.feed_id WHERE {condition}",
        values,
    )
    return [Row(*row) for row in rows]


def _alike(db: Database, new: list[Row]) -> list[Row]:
    """Return the stored items whose address or recent title may be that of new ones.

    Items that wait to be linked for the first time are left out: they have no article yet.
    """
    if db.execute(f"SELECT 1 FROM items WHERE {_LINKED} LIMIT 1").fetchone() is None:
        return []
    rows = db.execute(
        f"SELECT {COLUMNS} FROM json_each(?) AS range CROSS JOIN items"
        " ON items.url >= json_extract(range.value, '$[0]')"
        " AND items.url <= json_extract(range.value, '$[1]')"
        f" CROSS JOIN feeds ON feeds.id = items.feed_id WHERE {_LINKED}",
        (json.dumps([each for row in new if row.url for each in _ranges(row.url)]),),
    ).fetchall()
    titles = {row.title for row in new if len(row.title) >= SHORTEST_TITLE}
    since = _first_of(db, min(row.first_seen for row in new) - 2 * TWO_DAYS)
    rows += db.execute(
        "WITH sisters AS (SELECT id FROM feeds WHERE id IN (SELECT value FROM json_each(?1))"
        " UNION SELECT id FROM feeds WHERE outlet_key IN (SELECT outlet_key FROM feeds"
        " WHERE id IN (SELECT value FROM json_each(?1))))"
        f" SELECT {COLUMNS} FROM sisters CROSS JOIN items ON items.feed_id = sisters.id"
        " CROSS JOIN feeds ON feeds.id = items.feed_id WHERE items.id >= ?2"
        f" AND items.title IN (SELECT value FROM json_each(?3)) AND {_LINKED}",
        (json.dumps(list({row.feed_id for row in new})), since, json.dumps(list(titles))),
    ).fetchall()
    return sorted({Row(*row) for row in rows}, key=attrgetter("id"))


def _ranges(url: str) -> list[tuple[str, str]]:
    """Return between which addresses those lie that may have one canonical form with `url`.

    An address without a number or a headline may begin many others, as /news does: only itself and
    what a query or a fragment follows are asked for.
    """
    page = address(url)
    if not page:
        return []
    query = page.partition("?")[2]
    found = [f"{each}?{query}" if query else each for each in prefixes(url)]
    if query or OWN_ADDRESS.search(page.partition("/")[2]):
        return [(each, f"{each}{_LAST}") for each in found]
    ends = (("", ""), ("/", "/"), ("?", f"?{_LAST}"), ("#", f"#{_LAST}"))
    return [(each + low, each + high) for each in found for low, high in ends]


def _first_of(db: Database, since: int) -> int:
    """Return the id of the first item that was seen since a time: they are stored in this order."""
    low, high = 0, db.execute("SELECT max(id) FROM items").fetchone()[0]
    while low < high:
        middle = (low + high) // 2
        row = db.execute(
            "SELECT first_seen FROM items WHERE id >= ? ORDER BY id LIMIT 1", (middle,)
        ).fetchone()
        if row[0] < since:
            low = middle + 1
        else:
            high = middle
    return int(low)


def first(db: Database, one: Item) -> Item:
    """Return the first item of an item's article: itself, unless it is a copy."""
    row = db.execute(
        f"SELECT {ITEM_COLUMNS} FROM items AS copies JOIN items ON items.id = copies.article"
        " JOIN feeds ON feeds.id = items.feed_id WHERE copies.id = ?",
        (one.id,),
    ).fetchone()
    return item(row) if row else one


def copies(db: Database, ids: Iterable[int]) -> dict[int, tuple[Item, ...]]:
    """Return the copies of articles (ids of their first items), by id; of others nothing."""
    found: dict[int, list[Item]] = {}
    for article, *row in db.execute(
        f"SELECT items.article, {ITEM_COLUMNS} FROM items JOIN feeds ON feeds.id = items.feed_id"
        " WHERE items.article IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ):
        found.setdefault(article, []).append(item(row))
    return {each: tuple(sorted(items, key=attrgetter("id"))) for each, items in found.items()}


def counts(db: Database) -> tuple[int, int]:
    """Return how many items are stored, and of how many articles."""
    row = db.execute("SELECT count(*), count(*) - count(article) FROM items").fetchone()
    return int(row[0]), int(row[1])
