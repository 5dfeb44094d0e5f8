"""What many tests are made of: items, and a database that has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.model.core import Item

if TYPE_CHECKING:
    from tracker.store.database import Database

NOON = datetime(2020, 9, 14, 12, tzinfo=UTC)


def make_item(
    title: str,
    summary: str = "",
    *,
    number: int = 1,
    published: datetime = NOON,
    source: str = "Gazette",
    url: str = "",
    language: str | None = "en",
    address: str = "",
) -> Item:
    """Make an item of feed 1; without `url` it is one of a site of its own."""
    url = url or f"https://outlet{number}.example/{number}"
    return Item(number, 1, source, url, title, summary, published, language, address)


def bring(
    db: Database, *titles: str, at: datetime = NOON, language: str | None = "en", feed: int = 1
) -> list[int]:
    """Store items that wait to be linked, a minute apart; return their ids."""
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()
    numbers = range(last + 1, last + 1 + len(titles))
    with db.transaction():
        for place, (number, title) in enumerate(zip(numbers, titles, strict=True)):
            db.execute(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?6)",
                (
                    feed,
                    str(number),
                    f"https://outlet{number}.example/{number}",
                    title,
                    language,
                    int((at + timedelta(minutes=place)).timestamp()),
                ),
            )
        db.executemany("INSERT INTO queue VALUES (?)", ((number,) for number in numbers))
    return list(numbers)
