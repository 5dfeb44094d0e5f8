"""Which items of an outlet are copies of one article; pure.

The feeds of an outlet bring one article several times, each with its own marks in the address: one
address or one title within two days is one article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tracker.store.canonical import canonical
from tracker.store.outlet_names import OUTLET_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

TWO_DAYS = 2 * 86_400
SHORTEST_TITLE = 12
"""Characters of a title that names an article; "Live" and "Editorial" name many."""
# "/2026/03/article-of-today.html", "/news-56243456": an address with a number or a headline in it.
OWN_ADDRESS = re.compile(r"\d{4}|[^\W_]+(?:[-_][^\W_]+){2}")
COLUMNS = (
    f"items.id, items.article, items.feed_id, {OUTLET_KEY}, items.url, items.title,"
    " items.summary = '', items.published, items.first_seen"
)


class Row(NamedTuple):
    """An item as it is compared; `bare` is 1 without a summary, times are in seconds."""

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
        self.first: Row | None = None
        self.of_feed: dict[int, Row] = {}
        self.by_title: dict[tuple[str, int], Row] = {}
        self.own = OWN_ADDRESS.search(address.partition("/")[2]) is not None
        self.shared = False

    def add(self, row: Row) -> None:
        self.first = self.first or row
        self.shared = self.would_be_shared(row)
        self.of_feed.setdefault(row.feed_id, row)
        self.by_title[row.title, row.feed_id] = row

    def would_be_shared(self, row: Row) -> bool:
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
                or abs(before.published - row.published) > TWO_DAYS
            )
        )

    def find(self, row: Row) -> Row | None:
        """Return an item of the same article, None for the first of it here."""
        for feed_id in self.of_feed:
            other = self.by_title.get((row.title, feed_id))
            if other and (feed_id != row.feed_id or _are_near(other, row)):
                return other
        return None if self.would_be_shared(row) else self.first


class Articles:
    """The items by which a copy is known: those of a batch, and stored ones that may be alike.

    The work for an item does not depend on how many items share its address or title.
    """

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], _Page] = {}
        self._by_title: dict[tuple[str, str, int], Row] = {}

    def add(self, row: Row, address: str) -> None:
        """Let later items be copies of this one."""
        if address:
            key = row.outlet, address
            if key not in self._pages:
                self._pages[key] = _Page(address)
            self._pages[key].add(row)
        if len(row.title) >= SHORTEST_TITLE:
            self._by_title.setdefault((row.outlet, row.title, row.published // TWO_DAYS), row)

    def find(self, row: Row, address: str) -> Row | None:
        """Return an item of the same article, None for the first."""
        page = self._pages.get((row.outlet, address)) if address else None
        if page and (other := page.find(row)):
            return other
        if len(row.title) < SHORTEST_TITLE:
            return None
        days = row.published // TWO_DAYS
        # Three spans of two days hold all that lies within two days.
        for span in (days, days - 1, days + 1):
            near = self._by_title.get((row.outlet, row.title, span))
            if near and _are_near(near, row):
                return near
        return None


def _are_near(one: Row, other: Row) -> bool:
    return abs(one.published - other.published) <= TWO_DAYS


def address(url: str) -> str:
    """Return the canonical address of an article, "" for none and for a front page."""
    page = canonical(url) if url else ""
    return page if "/" in page or "?" in page else ""


def copies_among(rows: Iterable[Row], found: Articles) -> dict[int, int]:
    """Return the articles of those items that are copies, by id.

    The first of several is one with a summary, which says more, and the oldest of these.
    """
    articles: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (row.bare, row.published, row.url, row.id)):
        page = address(row.url)
        if other := found.find(row, page):
            articles[row.id] = article = other.article or other.id
            row = row._replace(article=article)  # noqa: PLW2901 - the same item with its article
        found.add(row, page)
    return articles
