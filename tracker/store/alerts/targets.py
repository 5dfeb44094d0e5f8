"""Targets: where alerts go. Their addresses, which are secrets, are not in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.errors import NotFoundError
from tracker.model.alerts import Channel, Takes, Target, TargetRow
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.store.database import Database

_COLUMNS = (
    "id, name, channel, shown, all_stories, quiet, added, replaces, digest_arrival, digest_made,"
    " takes"
)


def add(
    db: Database,
    name: str,
    channel: Channel,
    shown: str,
    now: datetime,
    *,
    story_ids: Sequence[int] | None = None,
    quiet: str | None = None,
    takes: Takes = Takes.ALL,
) -> Target:
    """Add a target; `story_ids` None means all stories. The name must be free."""
    with db.transaction():
        row = db.execute(
            "INSERT INTO targets (name, channel, shown, all_stories, quiet, added, takes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (name, channel, shown, story_ids is None, quiet, seconds(now), takes),
        ).fetchone()
        db.executemany(
            "INSERT OR IGNORE INTO target_stories VALUES (?, ?)",
            ((row[0], story_id) for story_id in story_ids or ()),
        )
    return find(db, name)


def everything(db: Database) -> list[Target]:
    """Return all targets in the order in which they were added."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM targets ORDER BY id").fetchall()
    return [_target(db, row) for row in rows]


def find(db: Database, name: str) -> Target:
    """Return the target of this name; NotFoundError, with the nearest name, if none has it."""
    row = db.execute(f"SELECT {_COLUMNS} FROM targets WHERE name = ?", (name,)).fetchone()
    if row is None:
        import difflib

        names = [each[0] for each in db.execute("SELECT name FROM targets")]
        nearest = difflib.get_close_matches(name, names, 1)
        raise NotFoundError("target", name, nearest[0] if nearest else None)
    return _target(db, row)


def names(db: Database) -> set[str]:
    """Return the names of all targets."""
    return {row[0] for row in db.execute("SELECT name FROM targets")}


def remove(db: Database, target: Target) -> int:
    """Forget a target and its messages; return how many of them were still waiting."""
    with db.transaction():
        (waiting,) = db.execute(
            "SELECT count(*) FROM messages WHERE target_id = ? AND state = 'waiting'", (target.id,)
        ).fetchone()
        db.execute("DELETE FROM targets WHERE id = ?", (target.id,))
    return int(waiting)


def rows(db: Database) -> list[TargetRow]:
    """Return all targets as `notify ls` lists them.

    A problem is why the latest attempt failed, if the target has a message that waits for another.
    """
    found = []
    for target in everything(db):
        sent, waiting = db.execute(
            "SELECT max(settled) FILTER (WHERE state = 'sent'),"
            " count(*) FILTER (WHERE state = 'waiting') FROM messages WHERE target_id = ?",
            (target.id,),
        ).fetchone()
        problem = db.execute(
            "SELECT why FROM messages WHERE target_id = ? AND state = 'waiting' AND tries > 0"
            " ORDER BY settled DESC LIMIT 1",
            (target.id,),
        ).fetchone()
        found.append(TargetRow(target, moment(sent), waiting, problem[0] if problem else ""))
    return found


def note_digest(db: Database, target_id: int, arrival: int, now: datetime) -> None:
    """Note up to which arrival a digest told a target; within the caller's transaction."""
    db.execute(
        "UPDATE targets SET digest_arrival = max(coalesce(digest_arrival, 0), ?), digest_made = ?"
        " WHERE id = ?",
        (arrival, seconds(now), target_id),
    )


def _target(db: Database, row: Sequence[Any]) -> Target:
    slugs = None
    if not row[4]:
        found = db.execute(
            "SELECT slug FROM target_stories JOIN stories ON stories.id = story_id"
            " WHERE target_id = ? ORDER BY slug",
            (row[0],),
        )
        slugs = tuple(each[0] for each in found)
    return Target(
        row[0],
        row[1],
        Channel(row[2]),
        row[3],
        slugs,
        row[5],
        moment(row[6]),
        Takes(row[10]),
        bool(row[7]),
        row[8],
        moment(row[9]),
    )
