"""Stories with reports for the full-screen view, and the view itself driven without a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.worker import WorkerCancelled, WorkerFailed

from tracker.model.core import Reason, Status, Story, Verdict
from tracker.model.polling import FeedSource
from tracker.store.archive import items
from tracker.store.database import Database, opened
from tracker.store.following import links, stories
from tracker.store.polling import feeds
from tracker.tui.screen.app import TrackerApp
from tracker.tui.work.data import Setup

NOW = datetime(2031, 3, 20, 12, 0, tzinfo=UTC)
OUTLETS = ("Daily Example", "Le Exemple", "Das Beispiel")
_REASON = Reason("bridge", "word", "bridge", "title", 0.8)


@dataclass(frozen=True, slots=True)
class Said:
    """A report to be linked; `with_first` puts it into the event of the first one told with it."""

    title: str
    hours_ago: float
    outlet: int = 1
    language: str = "en"
    summary: str = ""
    status: Status = Status.LINKED
    with_first: bool = False
    url: str = ""


def list_feeds(db: Database) -> None:
    """List three outlets."""
    urls = [f"https://outlet{number}.example/feed" for number in range(len(OUTLETS))]
    feeds.take_in(db, list(map(FeedSource, urls, OUTLETS)), {}, "")


def begin(db: Database, title: str, *, days_ago: int = 60) -> Story:
    """Begin a story without reports."""
    with db.transaction():
        return stories.create(db, title, NOW - timedelta(days=days_ago))


def tell(db: Database, story: Story, said: Iterable[Said]) -> list[int]:
    """Store reports and link them in one arrival; return the ids of their items."""
    told = list(said)
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()
    ids = list(range(last + 1, last + 1 + len(told)))
    with db.transaction():
        db.executemany(
            "INSERT INTO items (id, feed_id, entry_id, url, title, summary, language, published,"
            " first_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
            [
                (
                    *(number, each.outlet, str(number)),
                    each.url or f"https://example.org/{number}",
                    *(each.title, each.summary, each.language),
                    int((NOW - timedelta(hours=each.hours_ago)).timestamp()),
                )
                for number, each in zip(ids, told, strict=True)
            ],
        )
        found = {item.id: item for item in items.load(db, ids)}
        new = [
            links.NewLink(
                story.id,
                found[number],
                Verdict(0.8, each.status, (_REASON,)),
                ids[0] if each.with_first else number,
            )
            for number, each in zip(ids, told, strict=True)
        ]
        links.save(db, new, links.next_arrival(db), NOW, undecided=True)
    return ids


def look(db: Database, story: Story, *, hours_ago: float) -> None:
    """Mark all that a story has as seen at that moment."""
    (arrival,) = db.execute(
        "SELECT max(arrival) FROM links WHERE story_id = ?", (story.id,)
    ).fetchone()
    stories.mark_seen(db, story.id, arrival or 0, NOW - timedelta(hours=hours_ago))


BRIDGE = (
    Said("Bridge is found to be cracked", 300, summary="Engineers closed one lane."),
    Said("Pont fissuré : une voie fermée", 299, 2, "fr", with_first=True),
    Said("Council argues about the bridge", 250),
    Said("Perhaps about another bridge", 240, status=Status.MAYBE),
)
BRIDGE_NEWS = (
    Said("Bridge will be repaired", 30, summary="Work begins in May and takes a year."),
    Said("Le pont sera réparé", 29, 2, "fr", with_first=True),
    Said("Die Brücke wird repariert", 28, 3, "de", with_first=True),
    Said("日本の技術者が橋を調べる 👩‍🔬", 8, 3, "ja"),
)


def fill(path: Path) -> None:
    """Make a database with a story that has news, one that has none, and one without reports."""
    with opened(path) as db:
        list_feeds(db)
        bridge = begin(db, "Bridge repair")
        tell(db, bridge, BRIDGE)
        look(db, bridge, hours_ago=100)
        tell(db, bridge, BRIDGE_NEWS)
        tram = begin(db, "Tram line to the harbour")
        tell(db, tram, [Said("Tram line is planned", 500), Said("Tram line is built", 400)])
        look(db, tram, hours_ago=200)
        ferry = begin(db, "Ferry timetable")
        tell(db, ferry, [Said(f"Ferry sails at {hour}", hour) for hour in range(6, 9)])
        begin(db, "Lighthouse museum", days_ago=1)


class Driver:
    """Presses keys, waits until all jobs are done, and reads the screen."""

    def __init__(self, app: TrackerApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def main(self) -> Any:
        """The main screen."""
        return self.app.main

    async def settle(self) -> None:
        """Wait until no job runs and no message waits."""
        await self._drain()
        while running := [w for w in self.app.workers if not w.is_finished]:
            with suppress(WorkerCancelled, WorkerFailed):
                await self.app.workers.wait_for_complete(running)
            await self._drain()

    async def _drain(self) -> None:
        """Wait until the messages of the lists have risen to the screen and were handled.

        Pilot.pause alone takes a program that gets no processor for one that has nothing to do.
        """
        await self.pilot.pause()
        screen = self.app.screen
        inner = [*screen.query("RowList"), *screen.query("Container,Horizontal,Vertical,Input")]
        for pump in (
            *inner,
            *screen.query("#right"),
            *screen.query("#body"),
            screen,
            self.app.main,
        ):
            handled = asyncio.Event()
            if pump.call_later(handled.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(handled.wait(), 10)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def do(self, *actions: str) -> None:
        """Do actions without their keys, each of which would take a tenth of a second."""
        for action in actions:
            getattr(self.main, f"action_{action}")()
            await self.settle()

    def lines(self) -> list[str]:
        """Return the screen as text, line by line."""
        # The one private name of Textual that is used.
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    def text(self) -> str:
        """Return the screen as text."""
        return "\n".join(self.lines())

    def cursor(self, pane: str = "timeline") -> Any:
        """Return the key of the selected row."""
        return self.main.rows_of(pane).cursor


def driven(
    path: Path,
    steps: Callable[[Driver], Awaitable[None]],
    *,
    size: tuple[int, int] = (80, 24),
    story: str | None = None,
    feeds_path: Path | None = None,
    bugs: Sequence[type[Exception]] = (),
) -> None:
    """Run the view on a database and take steps in it; it must not meet other bugs than `bugs`."""

    async def run() -> None:
        feeds_yaml = feeds_path or path.with_name("feeds.yaml")
        app = TrackerApp(Setup(path, feeds_yaml, lambda: NOW, UTC, story))
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            await steps(driver)
            await driver.settle()
        assert [type(bug) for bug in app.main.bugs] == list(bugs), app.main.bugs

    asyncio.run(run())
