"""Items: looking them up by id, address and full-text index, and statistics of their dates."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from tracker.errors import NotFoundError
from tracker.model.core import Item, Revision
from tracker.store.canonical import canonical, prefixes
from tracker.store.outlet_names import SOURCE
from tracker.store.rows import ITEM_COLUMNS, item
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tracker.store.database import Database

FROM_ITEMS = f"SELECT {ITEM_COLUMNS} FROM items JOIN feeds ON feeds.id = items.feed_id"
CANDIDATES = 50_000
"""Items that a full-text search returns at the most, the latest ones."""
# CROSS JOIN: the index yields the newest first, so the search can stop at the limit.
_FOUND = (
    "FROM items_fts CROSS JOIN items ON items.id = items_fts.rowid"
    " JOIN feeds ON feeds.id = items.feed_id"
    " WHERE items_fts MATCH ? AND items.article IS NULL"
    " AND items.published >= coalesce(?, items.published)"
    " ORDER BY items_fts.rowid DESC LIMIT ?"
)
_DIGITS = 18
_LATEST, _FEWEST = 10_000, 1_000
"""Latest items from whose dates the number of items a year is estimated, at the most and least."""
_SAMPLE, _FEW_OF_SAMPLE, _THINNER = 400, 20, 4
"""Dates that are sampled, and when the coverage begins: where the next twentieth of them lie at
most four times as far apart as the rest."""


def load(db: Database, ids: Iterable[int]) -> list[Item]:
    """Return the items of these ids, in their order (`Item.order`); unknown ids are left out."""
    rows = db.execute(
        f"{FROM_ITEMS} WHERE items.id IN (SELECT value FROM json_each(?))"
        " ORDER BY items.published, items.url, items.id",
        (json.dumps(list(ids)),),
    )
    return [item(row) for row in rows]


def texts(
    db: Database, ids: Iterable[int]
) -> Iterator[tuple[int, str, str, str, str | None, str, str]]:
    """Yield id, URL, title, summary, language, source and address of items, in no order.

    Making an `Item` of each would take twice the time where most are looked at once.
    """
    yield from db.execute(
        f"SELECT items.id, items.url, items.title, summary, items.language, {SOURCE}, address"
        " FROM items JOIN feeds ON feeds.id = items.feed_id"
        " WHERE items.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )


def without_language(db: Database, ids: Iterable[int]) -> Iterator[tuple[int, int, str, str]]:
    """Yield id, feed, title and summary of the items (ids) whose language is unknown."""
    yield from db.execute(
        "SELECT id, feed_id, title, summary FROM items"
        " WHERE language IS NULL AND id IN (SELECT value FROM json_each(?)) ORDER BY feed_id, id",
        (json.dumps(list(ids)),),
    )


def latest_languages(db: Database, feed_id: int, most: int) -> list[str]:
    """Return the known languages of a feed's latest items, of `most` at the most."""
    rows = db.execute(
        "SELECT language FROM items WHERE feed_id = ? AND language IS NOT NULL"
        " ORDER BY id DESC LIMIT ?",
        (feed_id, most),
    )
    return [row[0] for row in rows]


def languages(db: Database) -> set[str | None]:
    """Return the languages of all items, as their feeds call them; None for an unknown one.

    Each language takes one step in the index, however many items it has.
    """
    rows = db.execute(
        "WITH RECURSIVE told(language) AS"
        " (SELECT min(language) FROM items UNION ALL"
        " SELECT (SELECT min(items.language) FROM items WHERE items.language > told.language)"
        " FROM told WHERE told.language IS NOT NULL)"
        " SELECT language FROM told WHERE language IS NOT NULL"
        " UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM items WHERE language IS NULL)"
    )
    return {row[0] for row in rows}


def set_languages(db: Database, languages: Iterable[tuple[int, str]]) -> None:
    """Save the languages of items, as (id, code)."""
    db.executemany(
        "UPDATE items SET language = ? WHERE id = ?", ((code, number) for number, code in languages)
    )


def candidates(
    db: Database,
    expression: str,
    *,
    since: datetime | None = None,
    limit: int = CANDIDATES,
) -> list[Item]:
    """Return the indexed articles that an FTS5 expression finds, in their order (`Item.order`).

    An article is found by its first item; copies are left out.

    `since` leaves out earlier items, None leaves out none. Of more than `limit` items, those that
    were stored last are returned.
    """
    rows = db.execute(f"SELECT {ITEM_COLUMNS} {_FOUND}", (expression, seconds(since), limit))
    return sorted((item(row) for row in rows), key=attrgetter("order"))


def addresses(
    db: Database, expression: str, *, since: datetime | None = None
) -> Iterator[tuple[int, str, str | None]]:
    """Yield id, URL and language of the items that `candidates` returns, in no order."""
    yield from db.execute(
        f"SELECT items.id, items.url, items.language {_FOUND}",
        (expression, seconds(since), CANDIDATES),
    )


def total(db: Database) -> int:
    """Return how many items are stored."""
    return int(db.execute("SELECT coalesce(sum(items), 0) FROM feeds").fetchone()[0])


def sample(db: Database, most: int) -> list[Item]:
    """Return at most so many stored items, spread evenly over all of them, by id."""
    step = max(1, -(-total(db) // most))
    rows = db.execute(
        f"SELECT {ITEM_COLUMNS} FROM items JOIN feeds ON feeds.id = items.feed_id"
        " WHERE items.id % ? = 0 ORDER BY items.id LIMIT ?",
        (step, most),
    )
    return [item(row) for row in rows]


def find(db: Database, reference: str) -> Item:
    """Return the item of this number or address; of several with one address, the first stored.

    An address may be written in any form with the same canonical address. Raises NotFoundError.
    """
    number = reference.strip().removeprefix("#")
    if number.isdecimal():
        # SQLite counts to 2**63 - 1, Python reads 4,300 digits at most; no item is numbered so.
        known = int(number) if len(number) <= _DIGITS else -1
        row = db.execute(f"{FROM_ITEMS} WHERE items.id = ?", (known,)).fetchone()
    else:
        found = _at_address(db, reference.strip())
        row = min(found, key=lambda each: (each[3] != reference.strip(), each[0]), default=None)
    if row is None:
        raise NotFoundError("item", reference)
    return item(row)


def _at_address(db: Database, url: str) -> list[tuple[Any, ...]]:
    """Return the rows of the items at `url`, in any form of this address; none for ""."""
    if not url:
        return []
    same, ids = canonical(url), set()
    for first, last in ((url, url), *((each, f"{each}\U0010ffff") for each in prefixes(url))):
        # The ranges are read from the index of addresses; U+10FFFF sorts behind all characters.
        for item_id, address in db.execute(
            "SELECT id, url FROM items WHERE url >= ? AND url <= ?", (first, last)
        ):
            if canonical(address) == same:
                ids.add(item_id)
    return db.execute(
        f"{FROM_ITEMS} WHERE items.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    ).fetchall()


def revisions(db: Database, ids: Iterable[int]) -> dict[int, tuple[Revision, ...]]:
    """Return the earlier titles of these items, oldest first; items without any are left out."""
    found: dict[int, list[Revision]] = {}
    for item_id, title, replaced in db.execute(
        "SELECT item_id, title, replaced FROM revisions"
        " WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY replaced, id",
        (json.dumps(list(ids)),),
    ):
        found.setdefault(item_id, []).append(Revision(title, moment(replaced)))
    return {item_id: tuple(titles) for item_id, titles in found.items()}
