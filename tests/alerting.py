"""What tests of alerts share: a followed story, items that come in, and targets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from making import bring

from tracker.model.alerts import SendReport
from tracker.model.core import Story
from tracker.services import alerts, targets
from tracker.services.alerts import Courier
from tracker.services.follow import follow
from tracker.services.linking import Linker
from tracker.store.database import Database
from tracker.views import json as as_json

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)
# Headlines of developments that have nothing in common but the story.
HEADLINES = (
    "Oracle wins bidding for TikTok acquisition in the United States",
    "Walmart wants a stake in the TikTok acquisition for its shops",
    "Judge Nichols blocks ban and TikTok acquisition deadline in court",
    "Lawyers appeal in Beijing over the price of the TikTok acquisition",
    "Sequoia and General Atlantic demand a vote on TikTok acquisition",
    "Creators in Los Angeles protest against the TikTok acquisition",
    "Export rules for algorithms delay the TikTok acquisition in China",
    "Senators ask Mnuchin for documents about the TikTok acquisition",
)


def feed(db: Database, name: str = "Gazette", *, feed_id: int = 1) -> None:
    """List a feed whose first harvest is past."""
    db.execute(
        "INSERT INTO feeds (id, url, title) VALUES (?, ?, ?)",
        (feed_id, f"https://feed{feed_id}.example/", name),
    )


def followed(db: Database, query: str = "TikTok acquisition", now: datetime = NOW) -> Story:
    """Follow a story that has a past of two developments."""
    if not db.execute("SELECT 1 FROM feeds").fetchone():
        feed(db)
    bring(
        db,
        f"Microsoft in talks about {query}, its most daring deal",
        at=now - timedelta(days=1),
    )
    return follow(db, query, now).story


def link(db: Database, now: datetime = NOW) -> int:
    """Link what waits, as a poll does; return the new links."""
    linker = Linker(db, now, lambda _done, _total: None)
    linker.link()
    return linker.new_links


def come(db: Database, *titles: str, now: datetime = NOW, language: str | None = "en") -> list[int]:
    """Let items come in and be linked; return their ids."""
    ids = bring(db, *titles, at=now - timedelta(hours=1), language=language)
    link(db, now)
    return ids


def courier(folder: Path) -> Courier:
    return Courier(folder / "alerts.conf", as_json.timeline, UTC)


def target(
    db: Database, folder: Path, channel: str, *words: str, name: str = "t", **more: object
) -> None:
    new = targets.NewTarget(channel, words, name, **more)  # type: ignore[arg-type]
    targets.add(db, folder / "alerts.conf", new, NOW)


def send(db: Database, folder: Path, now: datetime = NOW) -> SendReport:
    return alerts.send(db, courier(folder), now)


def queued(db: Database) -> list[tuple[str, str, str]]:
    """Return kind, state and target of every message."""
    return db.execute(
        "SELECT kind, state, targets.name FROM messages JOIN targets"
        " ON targets.id = target_id ORDER BY messages.id"
    ).fetchall()
