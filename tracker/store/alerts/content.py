"""What a message tells, as it is stored by the moment it is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.model.alerts import Kind
from tracker.model.core import Report, Timeline
from tracker.store.archive.items import revisions
from tracker.store.following import stories
from tracker.store.following.links import FROM_LINKS, link

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.alerts import Message
    from tracker.store.database import Database


def told(db: Database, message: Message, now: datetime) -> list[Timeline]:
    """Return the developments of a message, a timeline for each story.

    Each development is whole, with the reports that came since it was due; those that the user
    rejected meanwhile are left out. So is a development that has merged with one that the target
    was told. A timeline without any is left out. Reports are newest first.
    """
    events: dict[int, dict[int, None]] = {}
    for story_id, item_id, event in _alerts(db, message):
        current = _event_of(db, story_id, item_id, event)
        if message.kind is Kind.UPDATE or not _is_told(db, message, story_id, current):
            events.setdefault(story_id, {})[current] = None
    found = []
    for story in stories.by_ids(db, events, now):
        reports = _reports(db, story.id, list(events[story.id]))
        if reports:
            found.append(Timeline(story, tuple(reports)))
    return found


def event_of(db: Database, message: Message) -> int | None:
    """Return the event number by which a message names its one development; None for several."""
    found = _alerts(db, message)
    return found[0][2] if len(found) == 1 else None


def _alerts(db: Database, message: Message) -> list[tuple[int, int, int]]:
    """Return story, item and event of what a message tells."""
    if message.kind is Kind.UPDATE:
        event, item_id = json.loads(message.content or "[0, 0]")
        return [(message.story_id or 0, item_id, event)]
    return db.execute(
        "SELECT story_id, item_id, event FROM alerts WHERE message_id = ? ORDER BY story_id, event",
        (message.id,),
    ).fetchall()


def _event_of(db: Database, story_id: int, item_id: int, event: int) -> int:
    """Return the event that a development belongs to by now: events merge, and change numbers."""
    row = db.execute(
        "SELECT event FROM links WHERE story_id = ? AND item_id = ?", (story_id, item_id)
    ).fetchone()
    return int(row[0]) if row else event


def _is_told(db: Database, message: Message, story_id: int, event: int) -> bool:
    """Whether another message told the target of this event, or may have."""
    row = db.execute(
        "SELECT 1 FROM alerts JOIN links ON links.story_id = alerts.story_id"
        " AND links.item_id = alerts.item_id AND links.event = ?1"
        " JOIN messages ON messages.id = alerts.message_id AND messages.id != ?2"
        " AND messages.state IN ('sent', 'doubt')"
        " WHERE alerts.target_id = ?3 AND alerts.story_id = ?4 LIMIT 1",
        (event, message.id, message.target_id, story_id),
    ).fetchone()
    return row is not None


def _reports(db: Database, story_id: int, events: list[int]) -> list[Report]:
    rows = db.execute(
        f"{FROM_LINKS} WHERE links.story_id = ? AND links.status IN ('linked', 'accepted')"
        " AND links.event IN (SELECT value FROM json_each(?))"
        " ORDER BY links.published DESC, links.item_id DESC",
        (story_id, json.dumps(events)),
    ).fetchall()
    titles = revisions(db, [row[0] for row in rows])
    return [
        Report(found := link(row), new=True, revisions=titles.get(found.item.id, ()))
        for row in rows
    ]
