"""The history of polls, as far back as it is kept; what failed how long is in `outages`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model.polling import Failure, PollReport
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from tracker.store.database import Database

KEPT = 1_000
"""How many polls are remembered: the last ten days, at one a quarter of an hour."""


def record(db: Database, report: PollReport) -> None:
    """Keep what a poll did, in place of the one that was `KEPT` polls ago."""
    with db.transaction():
        db.execute(
            "INSERT INTO polls (started, seconds, feeds, not_modified, unchanged, changed,"
            " new_items, new_links, failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                seconds(report.started),
                round(report.seconds, 3),
                report.feeds,
                report.not_modified,
                report.unchanged,
                report.changed,
                report.new_items,
                report.new_links,
                _dump(report.failures) if report.failures else "[]",
            ),
        )
        db.execute("DELETE FROM polls WHERE id <= (SELECT max(id) FROM polls) - ?", (KEPT,))


def _dump(failures: tuple[Failure, ...]) -> str:
    import json

    return json.dumps([[f.url, f.reason] for f in failures], ensure_ascii=False)


def last(db: Database) -> PollReport | None:
    """Return the latest poll, None before the first."""
    row = db.execute(
        "SELECT started, seconds, feeds, not_modified, unchanged, changed, new_items, new_links,"
        " failures FROM polls ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    import json

    failures = tuple(Failure(url, reason) for url, reason in json.loads(row[8]))
    return PollReport(
        moment(row[0]),
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        row[7],
        failures,
    )
