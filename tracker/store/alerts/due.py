"""Which developments are due to be told, written into the outbox by the transaction that links.

A development is due if the first reports of it that are sure have just arrived. What was linked
before, by a poll, by a backfill or by the user, was told or is the past: a later report of the same
development changes nothing, whatever event number it has by now.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tracker.model.core import State
from tracker.store.following import stories
from tracker.store.times import seconds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from tracker.model.alerts import AlertLimits
    from tracker.store.database import Database

TOLD_FOR = timedelta(hours=48)
"""The age, by its own date, above which a report makes nothing due."""
UPDATED_FOR = timedelta(hours=12)
"""How long an alert is replaced when more reports arrive: as long as ntfy keeps a message."""


class Arrived(NamedTuple):
    """Links of some stories (ids) that one transaction made; `arrival` is its number.

    Items of `past` (ids) make nothing due. If `only` is not None, no other items do.
    """

    arrival: int
    stories: Collection[int]
    past: Collection[int] = ()
    only: Collection[int] | None = None


class _Due(NamedTuple):
    event: int
    item_id: int


def wants_alerts(db: Database) -> bool:
    """Whether there is a target."""
    return db.execute("SELECT 1 FROM targets LIMIT 1").fetchone() is not None


def add(db: Database, arrived: Arrived, limits: AlertLimits, now: datetime) -> None:
    """Queue a message for each development that is due; within the transaction that linked.

    `now` is that of the poll, by which the alerts of one poll are counted.
    """
    for story in stories.by_ids(db, arrived.stories, now):
        targets = _targets_of(db, story.id) if story.state is State.OPEN else []
        due = _due(db, story.id, arrived, limits, now) if targets else []
        for target_id in targets:
            _queue(db, (target_id, story.id), due, limits.cap, now)
        if targets:
            _update(db, story.id, arrived, now)


def _targets_of(db: Database, story_id: int) -> list[int]:
    rows = db.execute(
        "SELECT id FROM targets WHERE takes != 'digests' AND (all_stories OR EXISTS"
        " (SELECT 1 FROM target_stories WHERE target_id = targets.id AND story_id = ?))"
        " ORDER BY id",
        (story_id,),
    )
    return [row[0] for row in rows]


def _due(
    db: Database, story_id: int, arrived: Arrived, limits: AlertLimits, now: datetime
) -> list[_Due]:
    """Return the developments that are due, the one published first before the others."""
    rows = db.execute(
        "SELECT event, item_id, min(links.published) FROM links"
        " JOIN items ON items.id = links.item_id"
        " WHERE links.story_id = :story AND arrival = :arrival AND status = 'linked'"
        " AND links.published >= :since AND (:all_languages OR items.language IS NULL"
        " OR items.language IN (SELECT value FROM json_each(:languages)))"
        " AND item_id NOT IN (SELECT value FROM json_each(:past))"
        " AND (:anything OR item_id IN (SELECT value FROM json_each(:only)))"
        " AND NOT EXISTS (SELECT 1 FROM links AS earlier JOIN items AS told"
        " ON told.id = earlier.item_id WHERE earlier.story_id = links.story_id"
        " AND earlier.event = links.event AND earlier.arrival < :arrival"
        " AND earlier.status IN ('linked', 'accepted')"
        " AND (:all_languages OR told.language IS NULL"
        " OR told.language IN (SELECT value FROM json_each(:languages))))"
        " GROUP BY event ORDER BY min(links.published), event",
        {
            "story": story_id,
            "arrival": arrived.arrival,
            "since": seconds(now - TOLD_FOR),
            "all_languages": not limits.languages,
            "languages": json.dumps(limits.languages),
            "past": json.dumps(sorted(arrived.past)),
            "anything": arrived.only is None,
            "only": json.dumps(sorted(arrived.only or ())),
        },
    )
    return [_Due(row[0], row[1]) for row in rows]


def _queue(
    db: Database, whose: tuple[int, int], due: Iterable[_Due], cap: int, now: datetime
) -> None:
    """Queue developments for a target and a story (ids): `cap` alerts, and one for the others."""
    target_id, story_id = whose
    made = seconds(now)
    (told,) = db.execute(
        "SELECT count(*) FROM messages WHERE target_id = ? AND story_id = ? AND made = ?"
        " AND kind = 'alert'",
        (*whose, made),
    ).fetchone()
    for event, item_id in due:
        known = db.execute(
            "SELECT 1 FROM alerts WHERE target_id = ? AND story_id = ? AND event = ?",
            (*whose, event),
        ).fetchone()
        if known:
            continue
        kind = "alert" if told < cap else "more"
        told += kind == "alert"
        message_id = _open_message(db, whose, kind, made)
        db.execute(
            "INSERT INTO alerts (target_id, story_id, event, item_id, message_id)"
            " VALUES (?, ?, ?, ?, ?)",
            (target_id, story_id, event, item_id, message_id),
        )


def _open_message(db: Database, whose: tuple[int, int], kind: str, made: int) -> int:
    """Return the id of a new message, or of the poll's one for developments over the cap."""
    if kind == "more":
        row = db.execute(
            "SELECT id FROM messages WHERE target_id = ? AND story_id = ? AND made = ?"
            " AND kind = 'more' AND state = 'waiting'",
            (*whose, made),
        ).fetchone()
        if row:
            return int(row[0])
    row = db.execute(
        "INSERT INTO messages (target_id, story_id, kind, made, due)"
        " VALUES (?1, ?2, ?3, ?4, ?4) RETURNING id",
        (*whose, kind, made),
    ).fetchone()
    return int(row[0])


def _update(db: Database, story_id: int, arrived: Arrived, now: datetime) -> None:
    """Queue a replacement of each alert whose development got more reports.

    Only receivers that replace a notification by a later one with its key get it.
    """
    rows = db.execute(
        "SELECT DISTINCT alerts.target_id, alerts.event, alerts.item_id FROM alerts"
        " JOIN targets ON targets.id = alerts.target_id AND targets.replaces"
        " JOIN messages ON messages.id = alerts.message_id AND messages.kind = 'alert'"
        " AND messages.state = 'sent' AND messages.settled >= ?"
        " JOIN links AS told ON told.story_id = alerts.story_id AND told.item_id = alerts.item_id"
        " JOIN links ON links.story_id = alerts.story_id AND links.event = told.event"
        " AND links.arrival = ? AND links.status = 'linked'"
        " WHERE alerts.story_id = ?",
        (seconds(now - UPDATED_FOR), arrived.arrival, story_id),
    ).fetchall()
    for target_id, event, item_id in rows:
        content = json.dumps([event, item_id])
        waits = db.execute(
            "SELECT 1 FROM messages WHERE target_id = ? AND story_id = ? AND kind = 'update'"
            " AND state = 'waiting' AND content = ?",
            (target_id, story_id, content),
        ).fetchone()
        if not waits:
            db.execute(
                "INSERT INTO messages (target_id, story_id, kind, made, due, content)"
                " VALUES (?1, ?2, 'update', ?3, ?3, ?4)",
                (target_id, story_id, seconds(now), content),
            )
