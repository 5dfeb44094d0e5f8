"""The queue of stored items that are neither matched nor in the full-text index.

Beside it stand the stories that have yet to take up what a feed's first document brought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.plain_letters import BESIDE, COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.store.database import Database


def ids(db: Database) -> list[int]:
    """Return the ids of all items that wait to be matched, in their order (`Item.order`).

    CROSS JOIN has SQLite look the few up from the queue; left to itself, it goes through all items
    in the order of their index, a quarter of a second for a million.
    """
    return [
        row[0]
        for row in db.execute(
            "SELECT items.id FROM queue CROSS JOIN items ON items.id = queue.item_id"
            " ORDER BY items.published, items.url, items.id"
        )
    ]


def is_empty(db: Database) -> bool:
    """Tell whether no item waits to be matched, and no story for a backfill."""
    return (
        db.execute("SELECT 1 FROM queue UNION ALL SELECT 1 FROM backfills LIMIT 1").fetchone()
        is None
    )


def size(db: Database) -> int:
    """Return how many items wait to be matched."""
    return int(db.execute("SELECT count(*) FROM queue").fetchone()[0])


def waiting(db: Database, item_ids: Iterable[int]) -> set[int]:
    """Return those of some items that wait to be matched."""
    import json  # most polls find nothing to index

    rows = db.execute(
        "SELECT item_id FROM queue WHERE item_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(item_ids)),),
    )
    return {row[0] for row in rows}


def take_matched_before(db: Database, batch: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Return by which title, summary and address items were matched before, and forget it.

    Only those are given whose words have changed since. To be called within the transaction that
    stores what matching found.
    """
    if db.execute("SELECT 1 FROM matched_before LIMIT 1").fetchone() is None:
        return {}
    import json

    rows = db.execute(
        "DELETE FROM matched_before WHERE item_id IN (SELECT value FROM json_each(?))"
        " RETURNING item_id, title, summary, address",
        (json.dumps(batch),),
    )
    return {item_id: words for item_id, *words in rows}


def take_first_harvest(db: Database, batch: Sequence[int]) -> set[int]:
    """Return those of some items that are of a feed's first harvest, and forget that they are.

    To be called within the transaction that notes by `add_backfills` which stories want them.
    """
    if db.execute("SELECT 1 FROM first_harvest LIMIT 1").fetchone() is None:
        return set()
    import json

    rows = db.execute(
        "DELETE FROM first_harvest WHERE item_id IN (SELECT value FROM json_each(?))"
        " RETURNING item_id",
        (json.dumps(batch),),
    )
    return {row[0] for row in rows}


def backfills(db: Database) -> list[int]:
    """Return the ids of the stories that have a backfill to come."""
    return [row[0] for row in db.execute("SELECT story_id FROM backfills ORDER BY story_id")]


def add_backfills(db: Database, story_ids: Iterable[int]) -> None:
    """Note that stories (ids) have a backfill to come; within the caller's transaction."""
    db.executemany(
        "INSERT OR IGNORE INTO backfills VALUES (?)", ((story_id,) for story_id in story_ids)
    )


def drop_backfill(db: Database, story_id: int) -> None:
    """Forget that a story has a backfill to come; within the transaction that saves its links."""
    db.execute("DELETE FROM backfills WHERE story_id = ?", (story_id,))


def add_backfill_news(db: Database, story_id: int, item_ids: Iterable[int]) -> None:
    """Note items that are news, though their story has a backfill to come; as `add_backfills`."""
    db.executemany(
        "INSERT OR IGNORE INTO backfill_news VALUES (?, ?)", ((story_id, each) for each in item_ids)
    )


def take_backfill_news(db: Database, story_id: int) -> set[int]:
    """Return the items that `add_backfill_news` noted for a story, and forget them."""
    rows = db.execute("DELETE FROM backfill_news WHERE story_id = ? RETURNING item_id", (story_id,))
    return {row[0] for row in rows}


def index(db: Database, batch: Sequence[int]) -> None:
    """Put the queued items into the full-text index and take them off the queue.

    To be called within the transaction that stores what matching found.
    """
    import json

    chosen = json.dumps(batch)
    db.execute(
        "INSERT INTO items_fts (rowid, title, summary, address)"
        f" SELECT {COLUMNS} FROM queue JOIN items ON items.id = queue.item_id {BESIDE}"
        " WHERE queue.item_id IN (SELECT value FROM json_each(?)) ORDER BY items.id",
        (chosen,),
    )
    db.execute("DELETE FROM queue WHERE item_id IN (SELECT value FROM json_each(?))", (chosen,))
