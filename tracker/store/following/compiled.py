"""What is kept of how stories are understood, to be read instead of found again.

Each row names what made it: of anything else it is as if it were not there. It goes with its story,
and with the query that it is of.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.store.database import Database


def anchors(db: Database, made_by: str) -> list[tuple[int, str, str | None]]:
    """Return id, query and anchors of the stories that are not closed, as they were begun.

    The anchors are as they were saved, None where none are kept.
    """
    return db.execute(
        "SELECT stories.id, stories.query, compiled.anchors FROM stories"
        " LEFT JOIN compiled ON compiled.story_id = stories.id AND compiled.made_by = ?"
        " WHERE stories.state != 'closed' ORDER BY stories.created, stories.id",
        (made_by,),
    ).fetchall()


def understandings(db: Database, story_ids: Iterable[int], made_by: str) -> dict[int, str]:
    """Return how the queries of stories are understood, as texts; those that are kept."""
    rows = db.execute(
        "SELECT story_id, understanding FROM compiled"
        " WHERE story_id IN (SELECT value FROM json_each(?)) AND made_by = ?",
        (json.dumps(list(story_ids)), made_by),
    )
    return dict(rows.fetchall())


def save(db: Database, made_by: str, found: Iterable[tuple[int, str, str, str]]) -> None:
    """Keep id, query, anchors and understanding of stories; within the caller's transaction.

    A story that has another query by now, or is gone, is left out.
    """
    db.executemany(
        "INSERT OR REPLACE INTO compiled (story_id, made_by, anchors, understanding)"
        " SELECT id, ?1, ?4, ?5 FROM stories WHERE id = ?2 AND query = ?3",
        ((made_by, *row) for row in found),
    )
