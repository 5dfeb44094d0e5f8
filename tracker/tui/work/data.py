"""What the full-screen view reads: functions of a connection, run in threads.

The matcher and the exports are imported by the jobs that need them: the first screen needs neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import UsageError
from tracker.store.following import stories, timelines
from tracker.store.polling import feeds, polls

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from tracker.model.core import Item, Link, Story, StorySummary, Timeline, Verdict
    from tracker.model.polling import PollReport
    from tracker.model.preview import Preview
    from tracker.services.poll import Progress
    from tracker.store.database import Database


class Setup(NamedTuple):
    """What the view works with: files, the clock, and the zone of the days (None: local).

    `story` is the slug or title of the story to open, None for the list.
    """

    db_path: Path
    feeds_path: Path
    clock: Callable[[], datetime]
    zone: tzinfo | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """All stories, the last poll (None before the first), and whether changes can be kept."""

    stories: tuple[StorySummary, ...] = ()
    last_poll: PollReport | None = None
    writable: bool = True

    @property
    def unread(self) -> int:
        """How many developments of stories that may speak are new."""
        return sum(each.unread for each in self.stories if each.story.state == "open")


def overview(db: Database, now: datetime, zone: tzinfo | None) -> Overview:
    """Read the list of stories and how polling goes."""
    return Overview(tuple(timelines.summaries(db, now, zone)), polls.last(db), db.writable)


def timeline(db: Database, story: Story, now: datetime, zone: tzinfo | None) -> Timeline:
    """Read all of a story, the doubtful reports included.

    Raises NotFoundError where another process removed the story.
    """
    window = timelines.Window(maybe=True)
    return timelines.timeline(db, stories.still(db, story, now), window, now, zone)


def reasons(db: Database, story: Story, item: Item) -> Link | Verdict:
    """Return the reasons why an item belongs to a story or does not."""
    from tracker.services import follow

    return follow.why(db, story, item)


def preview(db: Database, query: str, now: datetime, since: datetime | None) -> Preview:
    """Return what a query would link. Raises QueryError."""
    from tracker.services import follow

    return follow.preview(db, query, now, since=since)


def begin(db: Database, query: str, now: datetime) -> Story:
    """Follow a story. Raises QueryError."""
    from tracker.services import follow

    return follow.follow(db, query, now).story


def words_of_article(db: Database, address: str) -> str:
    """Return a query of the words of an article at an address. Raises TrackerError."""
    from tracker.services import follow

    return follow.article_query(db, address)


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll that ended; `next_due` is when the next feed is, where none was due."""

    report: PollReport
    next_due: datetime | None
    listed: int


def poll(
    db: Database, feeds_path: Path, now: datetime, progress: Callable[[Progress], None]
) -> Polled:
    """Poll the feeds that are due. Raises BusyError, ConfigError and what the database raises."""
    from tracker.services import poll as use_case

    report = use_case.poll(db, feeds_path, now, progress=progress)
    return Polled(report, feeds.next_due(db), len(feeds.listed_urls(db)))


def _html(value: Timeline, now: datetime, zone: tzinfo | None) -> str:
    from tracker.export.html import story_page

    return story_page(value, now=now, zone=zone)


def _markdown(value: Timeline, now: datetime, zone: tzinfo | None) -> str:
    from tracker.export.markdown import markdown

    return markdown(value, now=now, zone=zone)


def _atom(value: Timeline, now: datetime, zone: tzinfo | None) -> str:
    from tracker.export.atom import atom

    return atom(value, now=now, zone=zone)


def _csv(value: Timeline, now: datetime, zone: tzinfo | None) -> str:
    from tracker.export.csv import comma_separated

    del now, zone
    return comma_separated(value)


def _json(value: Timeline, now: datetime, zone: tzinfo | None) -> str:
    from tracker.views import json

    del now, zone
    return json.dumps(json.timeline(value)) + "\n"


FORMATS: dict[str, Callable[[Timeline, datetime, tzinfo | None], str]] = {
    "html": _html,
    "md": _markdown,
    "json": _json,
    "csv": _csv,
    "atom": _atom,
}


def export(db: Database, story: Story, name: str, now: datetime, zone: tzinfo | None) -> Path:
    """Write a story to a file whose ending tells the format; return its path.

    Raises UsageError for another ending, FileError where the file cannot be written.
    """
    from tracker.files import replace

    path = Path(name).expanduser()
    ending = path.suffix.removeprefix(".").casefold()
    if ending not in FORMATS:
        known = ", ".join(f".{each}" for each in FORMATS)
        raise UsageError(f"{name!r} does not tell its format; let it end in one of {known}.")
    # As by the command: only the page has the doubtful ones, folded away.
    window = timelines.Window(maybe=ending == "html", all_outages=True)
    found = timelines.timeline(db, stories.still(db, story, now), window, now)
    replace(path, FORMATS[ending](found, now, zone).encode())
    return path
