"""Links between items and stories, and what the user decided about them.

A link that the user accepted or rejected is never overwritten by what the matcher finds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.errors import NotFoundError
from tracker.model import USER_DECIDED, Link, Status
from tracker.store.rows import ITEM_COLUMNS, dump_reasons, item, load_reasons
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Item, Verdict
    from tracker.store.database import Database

LINK_COLUMNS = (
    f"{ITEM_COLUMNS}, links.story_id, links.status, links.score, links.reasons, links.event,"
    " links.linked, links.likeness, links.arrival, links.share"
)
FROM_LINKS = (
    f"SELECT {LINK_COLUMNS} FROM links JOIN items ON items.id = links.item_id"
    " JOIN feeds ON feeds.id = items.feed_id"
)


@dataclass(frozen=True, slots=True)
class NewLink:
    """What the matcher found: an item that belongs to a story, and the event that it reports.

    `share` and `likeness` are as in `model.Link`.
    """

    story_id: int
    item: Item
    verdict: Verdict
    event: int
    share: float = -1.0
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that was taken back; `now` is the link's status again, None for no link.

    `share` is how the profile counted it with the decision, `share_before` how without: None where
    that is not known.
    """

    story_id: int
    item_id: int
    was: Status
    now: Status | None
    share: float
    share_before: float | None


def next_arrival(db: Database) -> int:
    """Return the number of this transaction for `NewLink`s; call it once a transaction."""
    row = db.execute(
        "INSERT INTO meta VALUES ('arrival', '1')"
        " ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value"
    ).fetchone()
    return int(row[0])


def save(
    db: Database,
    findings: Iterable[NewLink],
    arrival: int,
    now: datetime,
    *,
    undecided: bool = False,
) -> int:
    """Store a story's findings within the caller's transaction; return how many links are new.

    New are those that were not there, or that were doubtful and are linked now. What the user
    decided stays as it is. `undecided` says that the caller knows of no link of these items that is
    more than doubtful: then nobody looks.
    """
    found = [(each, status) for each in findings if (status := each.verdict.status) is not None]
    before = {} if undecided else _statuses(db, [each for each, _ in found])
    rows, counted = [], 0
    for finding, status in found:
        was = before.get(finding.item.id)
        if was in USER_DECIDED:
            continue
        promoted = status is Status.LINKED and was is not Status.LINKED
        counted += promoted
        rows.append((*_row(finding, status, now), arrival, promoted))
    db.executemany(
        "INSERT INTO links (story_id, item_id, status, score, reasons, share, likeness, event,"
        " published, linked, arrival)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        " ON CONFLICT (story_id, item_id) DO UPDATE SET status = excluded.status,"
        " score = excluded.score, reasons = excluded.reasons,"
        " share = excluded.share, likeness = excluded.likeness,"
        " event = excluded.event,"
        " linked = iif(?12, excluded.linked, linked),"
        " arrival = iif(?12, excluded.arrival, arrival)",
        rows,
    )
    return counted


def restate(db: Database, story_id: int, told: Iterable[tuple[int, Verdict, float]]) -> None:
    """Note what a story finds anew of what the user decided, within the caller's transaction.

    That is item id, verdict and share (`model.Link`) of each. The link takes score, reasons and
    share; what he said stays. Taking it back leads to the verdict that is told here, not to the one
    of an earlier query.
    """
    for item_id, verdict, share in told:
        pair = story_id, item_id
        db.execute(
            "UPDATE links SET score = ?, reasons = ?, share = ? WHERE story_id = ? AND item_id = ?",
            (round(verdict.score, 4), dump_reasons(verdict.reasons), share, *pair),
        )
        db.execute(
            "UPDATE decisions SET before = ?, share = NULL WHERE id ="
            " (SELECT min(id) FROM decisions WHERE story_id = ? AND item_id = ?)",
            (verdict.status, *pair),
        )


def retell(db: Database, story_id: int, told: Iterable[tuple[int, Verdict, float | None]]) -> None:
    """Note score, reasons and likeness of links anew, within the caller's transaction.

    That is item id, verdict and likeness (`model.Link`) of each. Status and share stay.
    """
    db.executemany(
        "UPDATE links SET score = ?, reasons = ?, likeness = ? WHERE story_id = ? AND item_id = ?",
        (
            (round(found.score, 4), dump_reasons(found.reasons), likeness, story_id, item_id)
            for item_id, found, likeness in told
        ),
    )


def _statuses(db: Database, findings: Sequence[NewLink]) -> dict[int, Status]:
    """Return the status of the links that there are of a story's findings, by item."""
    if not findings:
        return {}
    rows = db.execute(
        "SELECT item_id, status FROM links WHERE story_id = ?"
        " AND item_id IN (SELECT value FROM json_each(?))",
        (findings[0].story_id, json.dumps([each.item.id for each in findings])),
    )
    return {item_id: Status(status) for item_id, status in rows}


def _row(finding: NewLink, status: Status, now: datetime) -> tuple[object, ...]:
    """Return a link as it is stored, but for its arrival."""
    return (
        finding.story_id,
        finding.item.id,
        status,
        round(finding.verdict.score, 4),
        dump_reasons(finding.verdict.reasons),
        finding.share,
        finding.likeness,
        finding.event,
        seconds(finding.item.published),
        seconds(now),
    )


def move(db: Database, story_id: int, events: Mapping[int, int]) -> None:
    """Put stored links ({item id: event}) into other events; within the caller's transaction."""
    if not events:  # as mostly: not even asked, with many stories it adds up
        return
    db.executemany(
        "UPDATE links SET event = ? WHERE story_id = ? AND item_id = ?",
        ((event, story_id, item_id) for item_id, event in events.items()),
    )


def drop(db: Database, pairs: Iterable[tuple[int, int]]) -> int:
    """Remove links (story id, item id) that no longer hold; what the user decided stays."""
    removed = 0
    for story_id, item_id in pairs:
        removed += db.execute(
            "DELETE FROM links WHERE story_id = ? AND item_id = ?"
            " AND status NOT IN ('accepted', 'rejected')",
            (story_id, item_id),
        ).rowcount
    return removed


def of_story(
    db: Database,
    story_id: int,
    *,
    statuses: Sequence[Status] = tuple(Status),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = -1,
) -> list[Link]:
    """Return a story's links, newest report first; `limit` below 0 is none."""
    places = ",".join("?" * len(statuses))
    rows = db.execute(
        f"{FROM_LINKS} WHERE links.story_id = ? AND links.published >= coalesce(?, -1 << 40)"
        " AND links.published <= coalesce(?, 1 << 40)"
        f" AND links.status IN ({places})"
        " ORDER BY links.published DESC, links.item_id DESC LIMIT ?",
        (story_id, seconds(since), seconds(until), *statuses, limit),
    )
    return [link(row) for row in rows]


def begun(db: Database, story_ids: Iterable[int]) -> set[int]:
    """Return those of some stories that have links."""
    rows = db.execute(
        "SELECT value FROM json_each(?)"
        " WHERE EXISTS (SELECT 1 FROM links WHERE links.story_id = value)",
        (json.dumps(list(story_ids)),),
    )
    return {row[0] for row in rows}


def of_items(db: Database, item_ids: Iterable[int]) -> dict[int, dict[int, Status]]:
    """Return {story id: {item id: status}} of all links of these items."""
    found: dict[int, dict[int, Status]] = {}
    for story_id, item_id, status in db.execute(
        "SELECT story_id, item_id, status FROM links"
        " WHERE item_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(item_ids)),),
    ):
        found.setdefault(story_id, {})[item_id] = Status(status)
    return found


def item_ids(db: Database, story_id: int) -> set[int]:
    """Return the ids of all items that a story has a link of."""
    rows = db.execute("SELECT item_id FROM links WHERE story_id = ?", (story_id,))
    return {row[0] for row in rows}


def seen(db: Database, story_id: int) -> set[int]:
    """Return the items of a story that are linked and that the user has looked at."""
    rows = db.execute(
        "SELECT item_id FROM links JOIN stories ON stories.id = links.story_id"
        " WHERE links.story_id = ? AND links.status = 'linked'"
        " AND links.arrival <= stories.seen_arrival",
        (story_id,),
    )
    return {row[0] for row in rows}


def shown(db: Database, story_id: int) -> int:
    """Return how many reports of a story are linked or accepted."""
    row = db.execute(
        "SELECT count(*) FROM links WHERE story_id = ? AND status IN ('linked', 'accepted')",
        (story_id,),
    ).fetchone()
    return int(row[0])


def find(db: Database, story_id: int, item_id: int) -> Link | None:
    """Return the link of a story and an item, None where they are not linked."""
    row = db.execute(
        f"{FROM_LINKS} WHERE links.story_id = ? AND links.item_id = ?", (story_id, item_id)
    ).fetchone()
    return link(row) if row else None


def link(row: Sequence[Any]) -> Link:
    """Return the link of a row of LINK_COLUMNS."""
    story_id, status, score, reasons, event, linked, likeness, _, share = row[-9:]
    return Link(
        story_id=story_id,
        item=item(row),
        status=Status(status),
        score=score,
        reasons=load_reasons(reasons),
        event=event,
        linked=moment(linked),
        share=share,
        likeness=likeness,
    )


def decide(
    db: Database, decision: NewLink, status: Status, now: datetime, *, share_before: float
) -> None:
    """Keep the user's word on an item, ACCEPTED or REJECTED; within the caller's transaction.

    Where the item was not linked, the verdict and event of `decision` are kept with it, and
    `share_before` as how the profile counted it (`model.Link`). What he has said already is no
    other decision: to take it back leads to what was before he first said it.
    """
    pair = decision.story_id, decision.item.id
    before = db.execute(
        "SELECT status, share FROM links WHERE story_id = ? AND item_id = ?", pair
    ).fetchone()
    if before and before[0] == status:
        return
    db.execute(
        "INSERT INTO decisions (story_id, item_id, made, status, before, share)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*pair, seconds(now), status, *(before or (None, share_before))),
    )
    db.execute(
        "INSERT INTO links (story_id, item_id, status, score, reasons, share, likeness, event,"
        " published, linked, arrival)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
        " ON CONFLICT (story_id, item_id) DO UPDATE SET status = excluded.status,"
        " share = excluded.share",
        _row(decision, status, now),
    )


def undo(db: Database) -> Undone:
    """Take the last decision back; within the caller's transaction.

    Raises NotFoundError where nothing was decided.
    """
    row = db.execute(
        "SELECT id, story_id, item_id, status, before, share FROM decisions"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise NotFoundError("decision", "to take back")
    decision, story_id, item_id, was, before, share_before = row
    (share,) = db.execute(
        "SELECT share FROM links WHERE story_id = ? AND item_id = ?", (story_id, item_id)
    ).fetchone()
    if before is None:
        db.execute("DELETE FROM links WHERE story_id = ? AND item_id = ?", (story_id, item_id))
    else:
        db.execute(
            "UPDATE links SET status = ? WHERE story_id = ? AND item_id = ?",
            (before, story_id, item_id),
        )
    db.execute("DELETE FROM decisions WHERE id = ?", (decision,))
    now = Status(before) if before else None
    return Undone(story_id, item_id, Status(was), now, share, share_before)


def recount(db: Database, story_id: int, shares: Sequence[tuple[int, float]]) -> None:
    """Note what a profile counts of items (id, share) now; within the caller's transaction."""
    if not shares:
        return
    db.executemany(
        "UPDATE links SET share = ? WHERE story_id = ? AND item_id = ?",
        ((share, story_id, item_id) for item_id, share in shares),
    )


def decided(db: Database, story_id: int) -> list[tuple[int, Status]]:
    """Return the items that the user accepted or rejected, as (item id, status), oldest first."""
    rows = db.execute(
        "SELECT item_id, status FROM links WHERE story_id = ?"
        " AND status IN ('accepted', 'rejected') ORDER BY published, item_id",
        (story_id,),
    )
    return [(row[0], Status(row[1])) for row in rows]
