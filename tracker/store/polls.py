"""The history of polls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.polled import Failure, PollReport
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from tracker.store.database import Database


def record(db: Database, report: PollReport) -> None:
    """Keep what a poll did."""
    db.execute(
        "INSERT INTO polls (started, seconds, feeds, not_modified, unchanged, changed, new_items,"
        " new_links, failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
