from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.model.polling import Failure, PollReport
from tracker.store.database import opened
from tracker.store.polling import polls

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)


def report(number: int) -> PollReport:
    failures = (Failure("https://a.example/", "it is locked (423)"),)
    return PollReport(NOW + timedelta(minutes=number), 0.5, 1, 0, 0, 0, 0, 0, failures)


def test_of_the_polls_the_latest_are_kept(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        with db.transaction():
            for number in range(polls.KEPT + 2):
                polls.record(db, report(number))
        assert polls.last(db) == report(polls.KEPT + 1)
        oldest, count = db.execute("SELECT min(started), count(*) FROM polls").fetchone()
    assert (oldest, count) == (int(report(2).started.timestamp()), polls.KEPT)
