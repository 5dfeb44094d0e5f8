"""Decisions: what the user said of reports, and how a story was before each of them.

A decision keeps the profile and the links that it changed as they were before, and a digest of the
story after it. As long as the digest is that of the story, undo restores these rows exactly. Once a
poll, a rematch or an edit has changed the story, they are of no use any more.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.errors import NothingToUndoError
from tracker.hashing import blake2b
from tracker.model.core import Status
from tracker.store.times import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tracker.store.database import Database

_COLUMNS = (
    "item_id, status, score, reasons, event, published, linked, arrival, first_odds, match_odds"
)
_SKIPPED = "skipped"
_PLACES = ", ".join("?" * len(_COLUMNS.split()))


@dataclass(frozen=True, slots=True)
class StoryState:
    """What a story has learned and linked, as it is stored; `rows` are its links by item id."""

    profile: str | None
    rows: Mapping[int, tuple[Any, ...]]
    vocabulary: str | None = None

    def statuses(self) -> dict[int, Status]:
        """Return the status of each link, by item id."""
        return {item_id: Status(row[1]) for item_id, row in self.rows.items()}

    def digest(self) -> bytes:
        """Return 16 bytes that differ for another state."""
        found = blake2b((self.profile or "").encode(), digest_size=16)
        for item_id in sorted(self.rows):
            found.update(repr(self.rows[item_id]).encode())
        return found.digest()


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the user; `before` has the earlier status of its item, None for no link.

    `status` is None for an item about which no question is to be asked; it changes nothing else.
    Decisions of earlier versions name the copies of the item's article as well.
    """

    id: int
    story_id: int
    status: Status | None
    before: Mapping[int, Status | None]


def state(db: Database, story_id: int) -> StoryState:
    """Return a story's profile and links as they are stored."""
    found = db.execute("SELECT profile, vocabulary FROM stories WHERE id = ?", (story_id,))
    profile, vocabulary = found.fetchone() or (None, None)
    rows = db.execute(f"SELECT {_COLUMNS} FROM links WHERE story_id = ?", (story_id,))
    return StoryState(profile, {each[0]: each for each in rows}, vocabulary)


def add(
    db: Database,
    decision: tuple[int, int, Status, Status | None],
    before: StoryState,
    now: datetime,
) -> StoryState:
    """Keep a decision (story id, item id, status, earlier status); return the state after it.

    To be called within the transaction that read `before` and has changed the story since.
    """
    story_id, item_id, status, was = decision
    after = state(db, story_id)
    _forget_old_states(db, story_id, before)
    db.execute(
        "INSERT INTO decisions (story_id, item_id, made, status, before, state_before,"
        " digest_after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (story_id, item_id, seconds(now), status, was, _packed(before, after), after.digest()),
    )
    return after


def skip(db: Database, story_id: int, item_id: int, now: datetime) -> None:
    """Keep that no question is to be asked about an item; within the caller's transaction."""
    db.execute(
        "INSERT INTO decisions (story_id, item_id, made, status) VALUES (?, ?, ?, ?)",
        (story_id, item_id, seconds(now), _SKIPPED),
    )


def skipped(db: Database, story_id: int) -> set[int]:
    """Return the items of a story about which no question is to be asked."""
    rows = db.execute(
        "SELECT item_id FROM decisions WHERE story_id = ? AND status = ?", (story_id, _SKIPPED)
    )
    return {row[0] for row in rows}


def last(db: Database) -> Decision:
    """Return the last decision. Raises NothingToUndoError if there is none."""
    rows = db.execute(
        "SELECT coalesce(leader, id), story_id, status, item_id, before FROM decisions"
        " WHERE coalesce(leader, id) ="
        " (SELECT coalesce(leader, id) FROM decisions ORDER BY id DESC LIMIT 1) ORDER BY id"
    ).fetchall()
    if not rows:
        raise NothingToUndoError
    number, story_id, status, *_ = rows[0]
    before = {item_id: Status(was) if was else None for *_, item_id, was in rows}
    return Decision(number, story_id, None if status == _SKIPPED else Status(status), before)


def is_current(db: Database, decision: Decision) -> bool:
    """Tell whether nothing has changed a decision's story since, so that `restore` can be used."""
    (digest,) = db.execute(
        "SELECT digest_after FROM decisions WHERE id = ?", (decision.id,)
    ).fetchone()
    return bool(digest == state(db, decision.story_id).digest())


def restore(db: Database, decision: Decision) -> None:
    """Take a decision back and restore its story's rows; within the caller's transaction."""
    (packed,) = db.execute(
        "SELECT state_before FROM decisions WHERE id = ?", (decision.id,)
    ).fetchone()
    profile, rows, new, vocabulary = json.loads(zlib.decompress(packed))
    db.execute(
        "UPDATE stories SET profile = ?, vocabulary = ? WHERE id = ?",
        (profile, vocabulary, decision.story_id),
    )
    db.executemany(
        "DELETE FROM links WHERE story_id = ? AND item_id = ?",
        ((decision.story_id, item_id) for item_id in new),
    )
    db.executemany(
        f"INSERT OR REPLACE INTO links (story_id, {_COLUMNS}) VALUES (?, {_PLACES})",
        ((decision.story_id, *row) for row in rows),
    )
    forget(db, decision)


def restorable_items(db: Database) -> set[int]:
    """Return the items whose links `restore` would bring back, of all decisions."""
    rows = db.execute("SELECT state_before FROM decisions WHERE state_before IS NOT NULL")
    return {row[0] for (packed,) in rows for row in json.loads(zlib.decompress(packed))[1]}


def revoke(db: Database, decision: Decision) -> None:
    """Take a decision back and give its items their earlier status, and change nothing else.

    To be called within the transaction of a backfill, which finds what the story makes of them.
    """
    for item_id, status in decision.before.items():
        pair = decision.story_id, item_id
        if status is None:
            db.execute("DELETE FROM links WHERE story_id = ? AND item_id = ?", pair)
        else:
            db.execute(
                "UPDATE links SET status = ? WHERE story_id = ? AND item_id = ?", (status, *pair)
            )
    forget(db, decision)


def forget(db: Database, decision: Decision) -> None:
    """Remove a decision, and nothing of what it changed; within the caller's transaction."""
    db.execute("DELETE FROM decisions WHERE ?1 IN (id, leader)", (decision.id,))


def _packed(before: StoryState, after: StoryState) -> bytes:
    """Return the rows of `before` that differ from those of `after`, compressed."""
    rows = [row for item_id, row in before.rows.items() if after.rows.get(item_id) != row]
    new = [item_id for item_id in after.rows if item_id not in before.rows]
    return zlib.compress(json.dumps([before.profile, rows, new, before.vocabulary]).encode())


def _forget_old_states(db: Database, story_id: int, before: StoryState) -> None:
    """Drop the states that no undo can restore, since the story has changed since they were kept.

    A state has about 8 kB.
    """
    row = db.execute(
        "SELECT digest_after FROM decisions WHERE story_id = ? AND digest_after IS NOT NULL"
        " ORDER BY id DESC LIMIT 1",
        (story_id,),
    ).fetchone()
    if row and row[0] != before.digest():
        db.execute(
            "UPDATE decisions SET state_before = NULL, digest_after = NULL WHERE story_id = ?",
            (story_id,),
        )
