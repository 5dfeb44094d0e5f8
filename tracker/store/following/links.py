"""Links between items and stories.

The matcher never overwrites the status of a link that the user accepted or rejected.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.model.core import USER_DECIDED, Link, Status
from tracker.store.rows import ITEM_COLUMNS, dump_reasons, item, load_reasons
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from tracker.model.core import Item, Verdict
    from tracker.store.database import Database

LINK_COLUMNS = (
    f"{ITEM_COLUMNS}, links.story_id, links.status, links.score, links.reasons, links.event,"
    " links.linked, links.first_odds, links.arrival, links.match_odds"
)
FROM_LINKS = (
    f"SELECT {LINK_COLUMNS} FROM links JOIN items ON items.id = links.item_id"
    " JOIN feeds ON feeds.id = items.feed_id"
)
_WITHOUT_REASONS = FROM_LINKS.replace("links.reasons", "'[]'", 1)


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link as the matcher found it: item, verdict, and the event that the item reports.

    `first_odds` and `match_odds` are as in `model.Link`.
    """

    story_id: int
    item: Item
    verdict: Verdict
    event: int
    first_odds: float | None = None
    match_odds: float = 0.0


def next_arrival(db: Database) -> int:
    """Return the number of this transaction for `NewLink`s; call it once a transaction."""
    row = db.execute(
        "INSERT INTO meta VALUES ('arrival', '1')"
        " ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value"
    ).fetchone()
    return int(row[0])


def last_arrival(db: Database) -> int:
    """Return the number of the last transaction that linked, 0 before the first."""
    row = db.execute("SELECT value FROM meta WHERE key = 'arrival'").fetchone()
    return int(row[0]) if row else 0


def save(
    db: Database,
    findings: Iterable[NewLink],
    arrival: int,
    now: datetime,
    *,
    undecided: bool = False,
) -> int:
    """Save a story's links within the caller's transaction; return how many are new.

    A link is new if it did not exist, or was doubtful and is linked now. Decisions of the user
    stay. With `undecided`, the caller knows that no link of these items is linked or decided, and
    the stored statuses are not read.
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
        "INSERT INTO links (story_id, item_id, status, score, reasons, first_odds, match_odds,"
        " event, published, linked, arrival)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        " ON CONFLICT (story_id, item_id) DO UPDATE SET status = excluded.status,"
        " score = excluded.score, reasons = excluded.reasons,"
        " first_odds = excluded.first_odds, match_odds = excluded.match_odds,"
        " event = excluded.event,"
        " linked = iif(?12, excluded.linked, linked),"
        " arrival = iif(?12, excluded.arrival, arrival)",
        rows,
    )
    return counted


def restate(db: Database, findings: Iterable[NewLink]) -> None:
    """Save score, reasons and contact of stored links; their status stays.

    To be called within a transaction.
    """
    db.executemany(
        "UPDATE links SET score = ?, reasons = ?, first_odds = ?, match_odds = ?"
        " WHERE story_id = ? AND item_id = ?",
        (
            (
                round(each.verdict.score, 4),
                dump_reasons(each.verdict.reasons),
                each.first_odds,
                each.match_odds,
                each.story_id,
                each.item.id,
            )
            for each in findings
        ),
    )


def rescore(db: Database, story_id: int, scores: Mapping[int, float]) -> None:
    """Save the scores of links ({item id: score}) whose reasons are told anew when asked for.

    To be called within a transaction.
    """
    if not scores:
        return
    db.executemany(
        "UPDATE links SET score = ?, reasons = '[]' WHERE story_id = ? AND item_id = ?",
        ((round(score, 4), story_id, item_id) for item_id, score in scores.items()),
    )


def _statuses(db: Database, findings: Sequence[NewLink]) -> dict[int, Status]:
    """Return the status of the stored links of these items, by item id."""
    if not findings:
        return {}
    return statuses(db, findings[0].story_id, [each.item.id for each in findings])


def _row(finding: NewLink, status: Status, now: datetime) -> tuple[object, ...]:
    """Return the columns of a link without its arrival."""
    return (
        finding.story_id,
        finding.item.id,
        status,
        round(finding.verdict.score, 4),
        dump_reasons(finding.verdict.reasons),
        finding.first_odds,
        finding.match_odds,
        finding.event,
        seconds(finding.item.published),
        seconds(now),
    )


def move(db: Database, story_id: int, events: Mapping[int, int]) -> None:
    """Give stored links ({item id: event}) other events; within the caller's transaction."""
    if not events:  # most often; with many stories an empty statement costs time
        return
    db.executemany(
        "UPDATE links SET event = ? WHERE story_id = ? AND item_id = ?",
        ((event, story_id, item_id) for item_id, event in events.items()),
    )


def drop(db: Database, pairs: Iterable[tuple[int, int]]) -> int:
    """Delete links (story id, item id) that the user has not decided; return how many."""
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
    """Return a story's links without reasons, newest report first; `limit` below 0 is none.

    Reading the reasons would triple the time.
    """
    places = ",".join("?" * len(statuses))
    rows = db.execute(
        f"{_WITHOUT_REASONS} WHERE links.story_id = ? AND links.published >= coalesce(?, -1 << 40)"
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


def statuses(db: Database, story_id: int, item_ids: Iterable[int]) -> dict[int, Status]:
    """Return the statuses of a story's links of some items, by item id."""
    rows = db.execute(
        "SELECT item_id, status FROM links WHERE story_id = ?"
        " AND item_id IN (SELECT value FROM json_each(?))",
        (story_id, json.dumps(list(item_ids))),
    )
    return {item_id: Status(status) for item_id, status in rows}


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
    story_id, status, score, reasons, event, linked, first_odds, _, match_odds = row[-9:]
    return Link(
        story_id=story_id,
        item=item(row),
        status=Status(status),
        score=score,
        reasons=load_reasons(reasons),
        event=event,
        linked=moment(linked),
        first_odds=first_odds,
        match_odds=match_odds,
    )


def decide(db: Database, decision: NewLink, status: Status, now: datetime) -> None:
    """Give a link the user's status, ACCEPTED or REJECTED; within the caller's transaction.

    If there is no link yet, the verdict and the event of `decision` are saved with it.
    """
    db.execute(
        "INSERT INTO links (story_id, item_id, status, score, reasons, first_odds, match_odds,"
        " event, published, linked, arrival)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
        " ON CONFLICT (story_id, item_id) DO UPDATE SET status = excluded.status",
        _row(decision, status, now),
    )


def decided(db: Database, story_id: int) -> list[tuple[int, Status]]:
    """Return the items that the user accepted or rejected, as (item id, status), oldest first."""
    rows = db.execute(
        "SELECT item_id, status FROM links WHERE story_id = ?"
        " AND status IN ('accepted', 'rejected') ORDER BY published, item_id",
        (story_id,),
    )
    return [(row[0], Status(row[1])) for row in rows]
