"""Tombstones: what is known of entries whose items were purged, so that they are not new again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.hashing import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.store.database import Database

_SIZE = 8


def hash_of_id(entry_id: str) -> bytes:
    """Return the hash, of 8 bytes, by which an entry is known."""
    return blake2b(entry_id.encode(), digest_size=_SIZE).digest()


def of_id(entry_id: str) -> int:
    """Return the tombstone of an entry's id, a number of 64 bits."""
    return _number(hash_of_id(entry_id))


def of_words(url: str, title: str, summary: str, date: int | None) -> int:
    """Return the tombstone of an entry's words, for feeds that give it another id each time.

    `date` is in seconds, None for an entry without one.
    """
    words = json.dumps([url, title, summary, date]).encode()
    return _number(blake2b(words, digest_size=_SIZE, key=b"words").digest())


def _number(digest: bytes) -> int:
    return int.from_bytes(digest, "big", signed=True)


def has_any(db: Database, feed_id: int) -> bool:
    """Return whether anything of a feed was purged."""
    row = db.execute("SELECT 1 FROM purged WHERE feed_id = ? LIMIT 1", (feed_id,)).fetchone()
    return row is not None


def among(db: Database, feed_id: int, tombstones: Iterable[int]) -> set[int]:
    """Return those of some tombstones that a feed has."""
    rows = db.execute(
        "SELECT entry FROM purged WHERE feed_id = ? AND entry IN (SELECT value FROM json_each(?))",
        (feed_id, json.dumps(list(tombstones))),
    )
    return {row[0] for row in rows}


def add(db: Database, rows: Iterable[tuple[int, int]]) -> None:
    """Keep tombstones, as (feed id, tombstone); within the transaction that deletes the items."""
    db.executemany("INSERT OR IGNORE INTO purged VALUES (?, ?)", rows)
