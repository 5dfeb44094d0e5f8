"""Articles: which items of an outlet are copies of one article.

The feeds of an outlet bring one article several times, each with its own marks in the address. The
article is matched, counted and shown by its first item; `items.article` of the others, its copies,
is the id of that one. An item gets its article when it is linked for the first time, and keeps it.
"""

from __future__ import annotations

import json
import re
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from tracker.store.canonical import canonical, prefixes
from tracker.store.rows import ITEM_COLUMNS, OUTLET_KEY, item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tracker.model.core import Item
    from tracker.store.database import Database

_TWO_DAYS = 2 * 86_400
_SHORTEST_TITLE = 12
"""Characters of a title that names an article; "Live" and "Editorial" name many."""
# "/2026/03/article-of-today.html", "/news-56243456": an address with a number or a headline in it.
_OWN_ADDRESS = re.compile(r"\d{4}|[^\W_]+(?:[-_][^\W_]+){2}")
_ROW = (
    f"items.id, items.article, items.feed_id, {OUTLET_KEY}, items.url, items.title,"
    " items.summary = '', items.published, items.first_seen"
)

_LAST = "\U0010ffff"  # sorts behind all characters
_LINKED = (
    "(items.id NOT IN (SELECT item_id FROM queue)"
    " OR items.id IN (SELECT item_id FROM matched_before))"
)


class _Row(NamedTuple):
    id: int
    article: int | None
    feed_id: int
    outlet: str
    url: str
    title: str
    bare: int
    published: int
    first_seen: int


class _Page:
    """The items at one address: of each feed the first, and the last with each title."""

    __slots__ = ("by_title", "first", "of_feed", "own", "shared")

    def __init__(self, address: str) -> None:
        self.first: _Row | None = None
        self.of_feed: dict[int, _Row] = {}
        self.by_title: dict[tuple[str, int], _Row] = {}
        self.own = _OWN_ADDRESS.search(address.partition("/")[2]) is not None
        self.shared = False

    def add(self, row: _Row) -> None:
        self.first = self.first or row
        self.shared = self.would_be_shared(row)
        self.of_feed.setdefault(row.feed_id, row)
        self.by_title[row.title, row.feed_id] = row

    def would_be_shared(self, row: _Row) -> bool:
        """Tell whether several articles of a feed stand here, with this one: short news, sponsors.

        Two versions of one article do too, where a feed gives a new id to each: these are not in
        one document, lie at most two days apart, and their address is the article's own.
        """
        before = self.of_feed.get(row.feed_id, row)
        return self.shared or (
            before.title != row.title
            and (
                not self.own
                or before.first_seen == row.first_seen
                or abs(before.published - row.published) > _TWO_DAYS
            )
        )

    def find(self, row: _Row) -> _Row | None:
        """Return an item of the same article, None for the first of it here."""
        for feed_id in self.of_feed:
            other = self.by_title.get((row.title, feed_id))
            if other and (feed_id != row.feed_id or _are_near(other, row)):
                return other
        return None if self.would_be_shared(row) else self.first


class _Articles:
    """The items by which a copy is known: those of a batch, and stored ones that may be alike.

    The work for an item does not depend on how many items share its address or title.
    """

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], _Page] = {}
        self._by_title: dict[tuple[str, str, int], _Row] = {}

    def add(self, row: _Row, address: str) -> None:
        """Let later items be copies of this one."""
        if address:
            key = row.outlet, address
            if key not in self._pages:
                self._pages[key] = _Page(address)
            self._pages[key].add(row)
        if len(row.title) >= _SHORTEST_TITLE:
            self._by_title.setdefault((row.outlet, row.title, row.published // _TWO_DAYS), row)

    def find(self, row: _Row, address: str) -> _Row | None:
        """Return an item of the same article, None for the first."""
        page = self._pages.get((row.outlet, address)) if address else None
        if page and (other := page.find(row)):
            return other
        if len(row.title) < _SHORTEST_TITLE:
            return None
        days = row.published // _TWO_DAYS
        # Three spans of two days hold all that lies within two days.
        for span in (days, days - 1, days + 1):
            near = self._by_title.get((row.outlet, row.title, span))
            if near and _are_near(near, row):
                return near
        return None


def _are_near(one: _Row, other: _Row) -> bool:
    return abs(one.published - other.published) <= _TWO_DAYS


def _address(url: str) -> str:
    """Return the canonical address of an article, "" for none and for a front page."""
    page = canonical(url) if url else ""
    return page if "/" in page or "?" in page else ""


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
    found = _Articles()
    for row in [row for row in rows if row.id in known] + _alike(db, new):
        found.add(row, _address(row.url))
    assigned = _assigned(new, found)
    _save(db, assigned)
    return copies | assigned.keys()


def _assigned(rows: Iterable[_Row], found: _Articles) -> dict[int, int]:
    """Return the articles of those items that are copies, by id.

    The first of several is one with a summary, which says more, and the oldest of these.
    """
    articles: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (row.bare, row.published, row.url, row.id)):
        address = _address(row.url)
        if other := found.find(row, address):
            articles[row.id] = article = other.article or other.id
            row = row._replace(article=article)  # noqa: PLW2901 - the same item with its article
        found.add(row, address)
    return articles


def _save(db: Database, assigned: dict[int, int]) -> None:
    db.executemany(
        "UPDATE items SET article = ? WHERE id = ?",
        ((article, item_id) for item_id, article in assigned.items()),
    )


def _rows(db: Database, condition: str, *values: str | int) -> list[_Row]:
    rows = db.execute(
        f"SELECT {_ROW} FROM items JOIN feeds ON feeds.id = items.feed_id WHERE {condition}"
        " ORDER BY items.id",
        values,
    )
    return [_Row(*row) for row in rows]


def _alike(db: Database, new: list[_Row]) -> list[_Row]:
    """Return the stored items whose address or recent title may be that of new ones.

    Items that wait to be linked for the first time are left out: they have no article yet.
    """
    if db.execute(f"SELECT 1 FROM items WHERE {_LINKED} LIMIT 1").fetchone() is None:
        return []
    rows = db.execute(
        f"SELECT {_ROW} FROM json_each(?) AS range CROSS JOIN items"
        " ON items.url >= json_extract(range.value, '$[0]')"
        " AND items.url <= json_extract(range.value, '$[1]')"
        f" CROSS JOIN feeds ON feeds.id = items.feed_id WHERE {_LINKED}",
        (json.dumps([each for row in new if row.url for each in _ranges(row.url)]),),
    ).fetchall()
    titles = {row.title for row in new if len(row.title) >= _SHORTEST_TITLE}
    since = _first_of(db, min(row.first_seen for row in new) - 2 * _TWO_DAYS)
    rows += db.execute(
        "WITH sisters AS (SELECT id FROM feeds WHERE id IN (SELECT value FROM json_each(?1))"
        " UNION SELECT id FROM feeds WHERE outlet_key IN (SELECT outlet_key FROM feeds"
        " WHERE id IN (SELECT value FROM json_each(?1))))"
        f" SELECT {_ROW} FROM sisters CROSS JOIN items ON items.feed_id = sisters.id"
        " CROSS JOIN feeds ON feeds.id = items.feed_id WHERE items.id >= ?2"
        f" AND items.title IN (SELECT value FROM json_each(?3)) AND {_LINKED}",
        (json.dumps(list({row.feed_id for row in new})), since, json.dumps(list(titles))),
    ).fetchall()
    return sorted({_Row(*row) for row in rows}, key=attrgetter("id"))


def _ranges(url: str) -> list[tuple[str, str]]:
    """Return between which addresses those lie that may have one canonical form with `url`.

    An address without a number or a headline may begin many others, as /news does: only itself and
    what a query or a fragment follows are asked for.
    """
    page = _address(url)
    if not page:
        return []
    query = page.partition("?")[2]
    found = [f"{each}?{query}" if query else each for each in prefixes(url)]
    if query or _OWN_ADDRESS.search(page.partition("/")[2]):
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


def assign_stored(db: Database) -> None:
    """Save of which articles all stored items are, outlet by outlet."""
    keys = db.execute(f"SELECT DISTINCT {OUTLET_KEY} FROM feeds WHERE items > 0").fetchall()
    for (key,) in keys:
        _save(db, _assigned(_rows(db, f"{OUTLET_KEY} = ?", key), _Articles()))


def join_links(db: Database) -> None:
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
