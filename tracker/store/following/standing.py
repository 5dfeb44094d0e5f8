"""How a story stands for its reader, as it is stored, so that a change of it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tracker.store.following import decisions, stories

if TYPE_CHECKING:
    from tracker.store.database import Database
    from tracker.store.following.decisions import StoryState

_LINK_COLUMNS = (
    "item_id, status, score, reasons, event, published, linked, arrival, first_odds, match_odds"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """State, end of a mute, and last look of a story, as they are stored.

    Times are seconds since 1970; `seen_arrival` is the last arrival that was seen.
    """

    state: str
    muted_until: int | None
    seen: int | None
    seen_arrival: int


_COLUMNS = ", ".join(field.name for field in fields(Standing))


def standing(db: Database, story_id: int) -> Standing | None:
    """Return how a story stands, None where there is no such story."""
    row = db.execute(f"SELECT {_COLUMNS} FROM stories WHERE id = ?", (story_id,)).fetchone()
    return Standing(*row) if row else None


def put_back(db: Database, story_id: int, before: Standing, after: Standing) -> bool:
    """Restore what differs between two standings; within the caller's transaction.

    Return false, and change nothing, where one of these columns no longer has the value of `after`.
    """
    current = standing(db, story_id)
    differing = [
        field.name
        for field in fields(Standing)
        if getattr(before, field.name) != getattr(after, field.name)
    ]
    if current is None or any(getattr(current, n) != getattr(after, n) for n in differing):
        return False
    if differing:
        columns = ", ".join(f"{name} = ?" for name in differing)
        values = [getattr(before, name) for name in differing]
        db.execute(f"UPDATE stories SET {columns} WHERE id = ?", (*values, story_id))
        stories.changed(db)
    return True


def put_links_back(db: Database, story_id: int, before: StoryState, after: StoryState) -> bool:
    """Restore a story's profile and links; within the caller's transaction.

    Return false, and change nothing, where they are no longer those of `after`.
    """
    if decisions.state(db, story_id).digest() != after.digest():
        return False
    db.execute(
        "UPDATE stories SET profile = ?, vocabulary = ? WHERE id = ?",
        (before.profile, before.vocabulary, story_id),
    )
    db.executemany(
        "DELETE FROM links WHERE story_id = ? AND item_id = ?",
        ((story_id, item_id) for item_id in after.rows.keys() - before.rows.keys()),
    )
    changed = [row for item_id, row in before.rows.items() if after.rows.get(item_id) != row]
    places = ", ".join("?" * len(_LINK_COLUMNS.split()))
    db.executemany(
        f"INSERT OR REPLACE INTO links (story_id, {_LINK_COLUMNS}) VALUES (?, {places})",
        ((story_id, *row) for row in changed),
    )
    return True
