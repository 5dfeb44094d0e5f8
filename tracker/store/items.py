"""Items: looking them up, by the full-text index and by what they are."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING

from tracker.errors import NotFoundError
from tracker.model import Item, Revision
from tracker.store.rows import ITEM_COLUMNS, SOURCE, item
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tracker.store.database import Database

FROM_ITEMS = f"SELECT {ITEM_COLUMNS} FROM items JOIN feeds ON feeds.id = items.feed_id"
CANDIDATES = 50_000
"""How many of the items that may be a story's, the latest ones, are looked at."""
_DIGITS = 18
_LATEST, _FEWEST = 10_000, 1_000
"""By the dates of so many of the latest items it is told how many there are a year, if there are
so many."""
_SAMPLE, _FEW_OF_SAMPLE, _THINNER = 400, 20, 4
"""By about so many dates it is told since when there are reports: since a twentieth of them lies at
most so many times as far apart as what follows."""


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
    """Give id, URL, title, summary, language, source and address of these items, in no order.

    Where most items are looked at once and let go, an `Item` of each takes twice the time.
    """
    yield from db.execute(
        f"SELECT items.id, items.url, items.title, summary, items.language, {SOURCE}, address"
        " FROM items JOIN feeds ON feeds.id = items.feed_id"
        " WHERE items.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )


def without_language(db: Database, ids: Iterable[int]) -> Iterator[tuple[int, int, str, str]]:
    """Give id, feed, title and summary of those of these items whose language nothing tells."""
    yield from db.execute(
        "SELECT id, feed_id, title, summary FROM items"
        " WHERE language IS NULL AND id IN (SELECT value FROM json_each(?)) ORDER BY feed_id, id",
        (json.dumps(list(ids)),),
    )


def latest_languages(db: Database, feed_id: int, most: int) -> list[str]:
    """Return the languages of so many of a feed's latest items, as far as they are known."""
    rows = db.execute(
        "SELECT language FROM items WHERE feed_id = ? AND language IS NOT NULL"
        " ORDER BY id DESC LIMIT ?",
        (feed_id, most),
    )
    return [row[0] for row in rows]


def languages(db: Database) -> set[str | None]:
    """Return the languages that items are in, as their feeds call them; None for one not told yet.

    Each is a step in the index, however many items there are of it.
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
    """Keep what items turned out to be in, as (id, code)."""
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
    """Return the indexed items that an FTS5 expression finds, in their order (`Item.order`).

    `since` leaves out those before it, None nothing. Where more than `limit` are found, the ones
    stored last are kept.
    """
    # CROSS: the index gives what it finds newest first, so that the search ends at the limit.
    rows = db.execute(
        f"SELECT {ITEM_COLUMNS} FROM items_fts CROSS JOIN items ON items.id = items_fts.rowid"
        " JOIN feeds ON feeds.id = items.feed_id WHERE items_fts MATCH ?"
        " AND items.published >= coalesce(?, items.published)"
        " ORDER BY items_fts.rowid DESC LIMIT ?",
        (expression, seconds(since), limit),
    )
    return sorted((item(row) for row in rows), key=attrgetter("order"))


def total(db: Database) -> int:
    """Return how many items are stored."""
    return int(db.execute("SELECT coalesce(sum(items), 0) FROM feeds").fetchone()[0])


def a_year(db: Database) -> float | None:
    """Estimate how many reports a year the feeds bring, by the dates of the latest.

    The newest and the oldest of these are left out: some dates are wrong, and a feed that is new
    brings what it kept of years. None where there are too few to tell.
    """
    stored = min(_LATEST, total(db))
    if stored < _FEWEST:
        return None
    edge = stored // 20
    newest, oldest = (
        db.execute(
            "SELECT published FROM items ORDER BY published DESC LIMIT 1 OFFSET ?", (place,)
        ).fetchone()[0]
        for place in (edge, stored - edge)
    )
    days = max(1.0, (newest - oldest) / 86_400)
    return float(round((stored - 2 * edge) / days * 365))


def covered_since(db: Database) -> datetime | None:
    """Tell from when on the feeds bring about as many reports as they do now; None without any.

    What a feed that is new has kept of years is left out: there they are few and far between. It is
    told by a sample of the dates, so that it takes as long with a million items as with a thousand.
    """
    last = db.execute("SELECT max(id) FROM items").fetchone()[0]
    if last is None:
        return None
    sample = db.execute(
        "WITH RECURSIVE place(id) AS"
        " (SELECT 1 UNION ALL SELECT id + ?2 FROM place WHERE id + ?2 <= ?1)"
        " SELECT (SELECT published FROM items WHERE items.id >= place.id ORDER BY items.id LIMIT 1)"
        " FROM place",
        (last, max(1, last // _SAMPLE)),
    )
    dates = sorted(int(published) for (published,) in sample)
    few = max(1, len(dates) // _FEW_OF_SAMPLE)
    for place, since in enumerate(dates):
        later = len(dates) - place
        if later <= few:
            break
        usual = (dates[-1] - since) / later
        if (dates[place + few] - since) / few <= _THINNER * usual:
            return moment(since)
    return None


def find(db: Database, reference: str) -> Item:
    """Return the item of this number or URL; of several with one URL, the one seen first.

    Raises NotFoundError.
    """
    number = reference.removeprefix("#")
    if number.isdecimal():
        # SQLite counts to 2**63 - 1, Python reads 4,300 digits at most; no item is numbered so.
        known = int(number) if len(number) <= _DIGITS else -1
        row = db.execute(f"{FROM_ITEMS} WHERE items.id = ?", (known,)).fetchone()
    else:
        row = db.execute(
            f"{FROM_ITEMS} WHERE items.url = ? ORDER BY items.id LIMIT 1", (reference,)
        ).fetchone()
    if row is None:
        raise NotFoundError("item", reference)
    return item(row)


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
