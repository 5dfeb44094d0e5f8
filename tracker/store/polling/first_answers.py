"""The answers in which feeds were found, until the first poll of each reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.model.polling import FirstAnswer
from tracker.store.polling.credentials import erased
from tracker.store.times import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from sqlite3 import Connection

    from tracker.store.database import Database

KEPT_FOR = timedelta(hours=1)
"""How long an answer stands for a request; later the feed may have brought something else."""


def keep(db: Database, answers: Mapping[str, FirstAnswer], now: datetime) -> None:
    """Keep answers that were received now, by the listed address of their feed."""
    import json

    with db.transaction():
        db.executemany(
            "INSERT OR REPLACE INTO first_answers VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    url,
                    each.url,
                    seconds(now),
                    each.status,
                    json.dumps(each.headers),
                    each.body,
                    each.seconds,
                )
                for url, each in answers.items()
            ),
        )


def load(db: Database, urls: Iterable[str], now: datetime) -> dict[str, FirstAnswer]:
    """Return the kept answers of these listed addresses, none that is older than an hour."""
    rows = db.execute(
        "SELECT url, base, status, headers, body, seconds FROM first_answers"
        " WHERE received BETWEEN ? AND ?",
        (seconds(now - KEPT_FOR), seconds(now)),
    ).fetchall()
    if not rows:
        return {}
    import json  # most polls find no answer and need none of it

    wanted = set(urls)
    return {
        url: FirstAnswer(
            base, status, tuple((name, value) for name, value in json.loads(headers)), body, took
        )
        for url, base, status, headers, body, took in rows
        if url in wanted
    }


def strays(db: Connection, now: datetime) -> int:
    """Return how many answers are kept too long, of feeds that are not listed.

    One that was received in the last hour may be of a feed that the next command takes in.
    """
    (number,) = db.execute(
        "SELECT count(*) FROM first_answers WHERE received NOT BETWEEN ? AND ?"
        " AND url NOT IN (SELECT url FROM feeds WHERE listed)",
        (seconds(now - KEPT_FOR), seconds(now)),
    ).fetchone()
    return int(number)


def clear(db: Database, now: datetime) -> None:
    """Delete the answers that are too old, and those of feeds that were polled."""
    if db.execute("SELECT 1 FROM first_answers LIMIT 1").fetchone():
        with erased(db), db.transaction():
            db.execute(
                "DELETE FROM first_answers WHERE received NOT BETWEEN ? AND ?"
                " OR url IN (SELECT url FROM feeds WHERE last_polled IS NOT NULL)",
                (seconds(now - KEPT_FOR), seconds(now)),
            )
