"""The outbox: messages that wait, are claimed, sent and settled.

A message is claimed in one transaction, sent outside of any, and settled in another. What is still
claimed when the next run begins may have arrived: its sender was ended in between.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tracker.errors import NotFoundError
from tracker.model.alerts import Kind, Message, MessageRow, MessageState
from tracker.store.alerts.work import IN_PEACE
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from tracker.store.database import Database

KEPT = timedelta(days=30)
"""How long a message is kept after it was sent or dropped; its developments stay known."""
INTERRUPTED = "tracker was ended while it was sent"
_COLUMNS = (
    "messages.id, messages.target_id, targets.name, messages.kind, messages.story_id,"
    " messages.made, messages.due, messages.state, messages.tries, messages.why, messages.content"
)
_FROM = f"SELECT {_COLUMNS} FROM messages JOIN targets ON targets.id = messages.target_id"
# A run has a time limit: a program that hangs takes all of it.
_FAILED_LAST = (
    "EXISTS (SELECT 1 FROM messages AS failed WHERE failed.state = 'waiting'"
    " AND failed.target_id = messages.target_id AND failed.tries > 0)"
    " OR coalesce((SELECT tried.state FROM messages AS tried"
    " WHERE tried.target_id = messages.target_id AND tried.state IN ('sent', 'doubt', 'failed')"
    " ORDER BY tried.settled DESC, tried.id DESC LIMIT 1), 'sent') IN ('doubt', 'failed')"
)
_HELD = "kind IN ('alert', 'more') AND state = 'waiting'"


def doubt_interrupted(db: Database, now: datetime) -> list[Message]:
    """Put in doubt what was being sent when its sender ended, and return it.

    To be called by the one process that may send.
    """
    with db.transaction():
        found = [_message(row) for row in db.execute(f"{_FROM} WHERE messages.state = 'sending'")]
        for message in found:
            settle(db, message, MessageState.DOUBT, now, why=INTERRUPTED)
    return found


def forget_old(db: Database, now: datetime) -> None:
    """Delete messages that were sent or dropped long ago, but for the last one of each target."""
    with db.transaction():
        db.execute(
            "DELETE FROM messages WHERE state IN ('sent', 'dropped') AND settled < ?"
            " AND id NOT IN (SELECT max(id) FROM messages WHERE state = 'sent' GROUP BY target_id)",
            (seconds(now - KEPT),),
        )


def claim(
    db: Database,
    now: datetime,
    *,
    without: Collection[int] = (),
    chosen: Sequence[int] | None = None,
) -> Message | None:
    """Return the message to send next, marked as being sent; None where none is due.

    Targets of `without` (ids) are passed over. `chosen` takes only these messages (ids), due or
    not. Targets that failed last come last.
    """
    with db.transaction():
        row = db.execute(
            f"{_FROM} WHERE messages.state = 'waiting'"
            f" AND (?1 OR (messages.due <= ?2 AND NOT {IN_PEACE}))"
            " AND (NOT ?1 OR messages.id IN (SELECT value FROM json_each(?3)))"
            " AND messages.target_id NOT IN (SELECT value FROM json_each(?4))"
            f" ORDER BY {_FAILED_LAST}, messages.made, messages.id LIMIT 1",
            (
                chosen is not None,
                seconds(now),
                json.dumps(list(chosen or ())),
                json.dumps(list(without)),
            ),
        ).fetchone()
        if row is None:
            return None
        message = _message(row)
        db.execute("UPDATE messages SET state = 'sending' WHERE id = ?", (message.id,))
    return message


def settle(
    db: Database, message: Message, state: MessageState, now: datetime, *, why: str = ""
) -> None:
    """Note what became of a message that was tried."""
    with db.transaction():
        db.execute(
            "UPDATE messages SET state = ?, why = ?, settled = ?, tries = tries + ? WHERE id = ?",
            (state, why, seconds(now), state is not MessageState.DROPPED, message.id),
        )


def put_back(db: Database, message: Message, due: datetime, now: datetime, *, why: str) -> None:
    """Let a message that failed wait until `due`, and all others to its target as well."""
    with db.transaction():
        settle(db, message, MessageState.WAITING, now, why=why)
        db.execute("UPDATE messages SET due = ? WHERE id = ?", (seconds(due), message.id))
        db.execute(
            "UPDATE messages SET due = ?1 WHERE target_id = ?2 AND state = 'waiting' AND due < ?1",
            (seconds(due), message.target_id),
        )


def note_replacing(db: Database, target_id: int, *, replaces: bool) -> None:
    """Keep whether a target's receiver replaces notifications (`Target.replaces`)."""
    with db.transaction():
        db.execute("UPDATE targets SET replaces = ? WHERE id = ?", (replaces, target_id))


def held(db: Database, target_id: int) -> int:
    """Return how many messages of a target `hold` would join."""
    row = db.execute(
        f"SELECT count(*) FROM messages WHERE target_id = ? AND {_HELD}", (target_id,)
    ).fetchone()
    return int(row[0])


def hold(
    db: Database, target_id: int, until: datetime, now: datetime, *, keep: int | None = None
) -> None:
    """Join the waiting alerts of a target in one summary that is due at `until`.

    The message `keep` (id) stays by itself. Updates that wait are dropped: the summary tells them.
    """
    with db.transaction():
        due, made = seconds(until), seconds(now)
        summary = db.execute(
            "SELECT id FROM messages WHERE target_id = ? AND kind = 'summary' AND state = 'waiting'"
            " AND id IS NOT ? ORDER BY id LIMIT 1",
            (target_id, keep),
        ).fetchone()
        chosen = f"target_id = ? AND {_HELD} AND id IS NOT ?"
        if db.execute(f"SELECT 1 FROM messages WHERE {chosen}", (target_id, keep)).fetchone():
            summary = (
                summary
                or db.execute(
                    "INSERT INTO messages (target_id, kind, made, due) VALUES (?, 'summary', ?, ?)"
                    " RETURNING id",
                    (target_id, made, due),
                ).fetchone()
            )
            db.execute(
                "UPDATE alerts SET message_id = ? WHERE message_id IN"
                f" (SELECT id FROM messages WHERE {chosen})",
                (summary[0], target_id, keep),
            )
            db.execute(f"DELETE FROM messages WHERE {chosen}", (target_id, keep))
        if summary:
            db.execute("UPDATE messages SET due = ? WHERE id = ?", (due, summary[0]))
        db.execute(
            "DELETE FROM messages WHERE target_id = ? AND kind = 'update' AND state = 'waiting'",
            (target_id,),
        )


def add_digest(db: Database, target_id: int, content: str, now: datetime) -> int:
    """Queue a digest, and return its id; within the caller's transaction."""
    row = db.execute(
        "INSERT INTO messages (target_id, kind, made, due, content)"
        " VALUES (?1, 'digest', ?2, ?2, ?3) RETURNING id",
        (target_id, seconds(now), content),
    ).fetchone()
    return int(row[0])


def retry(db: Database, ids: Iterable[int], now: datetime) -> list[Message]:
    """Let messages wait to be sent at once, whatever their state was; return them.

    Raises NotFoundError for a number that no unsent message has; nothing is changed then.
    """
    with db.transaction():
        found = [_find(db, message_id) for message_id in ids]
        db.executemany(
            "UPDATE messages SET state = 'waiting', due = ?1, made = max(made, ?2) WHERE id = ?3",
            # A message that was given up may be tried for three days more.
            ((seconds(now), _new_start(m, now), m.id) for m in found),
        )
    return found


def _new_start(message: Message, now: datetime) -> int:
    return seconds(now if message.state is MessageState.FAILED else message.made)


def drop(db: Database, ids: Iterable[int], now: datetime) -> list[Message]:
    """Forget messages that are not sent; return them. Raises as `retry` does."""
    with db.transaction():
        found = [_find(db, message_id) for message_id in ids]
        for message in found:
            settle(db, message, MessageState.DROPPED, now, why=message.why)
    return found


def _find(db: Database, message_id: int) -> Message:
    row = db.execute(
        f"{_FROM} WHERE messages.id = ? AND messages.state IN ('waiting', 'doubt', 'failed')",
        (message_id,),
    ).fetchone()
    if row is None:
        raise NotFoundError("unsent message", str(message_id))
    return _message(row)


def unsettled(db: Database) -> list[Message]:
    """Return the messages that failed and those that wait after a failure, oldest first."""
    rows = db.execute(
        f"{_FROM} WHERE messages.state = 'failed'"
        " OR (messages.state = 'waiting' AND messages.tries > 0) ORDER BY messages.id"
    )
    return [_message(row) for row in rows]


def rows(db: Database) -> list[MessageRow]:
    """Return the messages that are not sent, oldest first: waiting, in doubt, given up."""
    found = db.execute(
        f"{_FROM} WHERE messages.state IN ('waiting', 'sending', 'doubt', 'failed')"
        " ORDER BY messages.made, messages.id"
    ).fetchall()
    return [_row(db, _message(row)) for row in found]


def _row(db: Database, message: Message) -> MessageRow:
    told = db.execute(
        "SELECT stories.slug, items.title FROM alerts JOIN stories ON stories.id = alerts.story_id"
        " LEFT JOIN items ON items.id = alerts.item_id WHERE alerts.message_id = ?"
        " ORDER BY items.published",
        (message.id,),
    ).fetchall()
    if message.kind is Kind.UPDATE:
        told = db.execute(
            "SELECT stories.slug, items.title FROM stories LEFT JOIN items ON items.id = ?"
            " WHERE stories.id = ?",
            (json.loads(message.content or "[0, 0]")[1], message.story_id),
        ).fetchall()
    slugs = {row[0] for row in told}
    story = slugs.pop() if len(slugs) == 1 else None
    return MessageRow(message, story, told[0][1] or "" if told else "", len(told))


def _message(row: Sequence[Any]) -> Message:
    return Message(
        row[0],
        row[1],
        row[2],
        Kind(row[3]),
        row[4],
        moment(row[5]),
        moment(row[6]),
        MessageState(row[7]),
        row[8],
        row[9],
        row[10],
    )
