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
    rejected meanwhile are left out. A timeline without any is left out. Reports are newest first.
    """
    events: dict[int, dict[int, None]] = {}
    for story_id, item_id, event in _alerts(db, message):
        events.setdefault(story_id, {})[_event_of(db, story_id, item_id, event)] = None
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
