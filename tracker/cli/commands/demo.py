"""`demo`: the whole tool on a bundled archive, offline."""

from __future__ import annotations

import os
import signal
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from tracker.demo.server import ArchiveServer
    from tracker.model.core import Story
    from tracker.model.polling import PollReport
    from tracker.store.database import Database

QUERY = "TikTok acquisition"
# The day on which an article first said "to be continued", and the last look before the end.
FOLLOWED = datetime(2020, 8, 3, tzinfo=UTC)
LOOKED = datetime(2020, 10, 31, tzinfo=UTC)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        cls=Command,
        rich_help_panel="Try",
        epilog=examples("tracker demo", "tracker demo --tui", "tracker demo --html tiktok.html"),
    )(demo)


def demo(
    ctx: typer.Context,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write the story as a page, too.", metavar="FILE"),
    ] = None,
    tui: Annotated[
        bool, typer.Option("--tui", help="Open the story in the full-screen view at the end.")
    ] = False,
) -> None:
    """See it all work on a bundled archive, offline.

    It holds half a year of the TikTok affair of 2020, served on this computer alone and polled in
    steps of time, into a folder that is removed at the end.
    """
    from tracker.cli.commands.tui import check_terminal, open_view
    from tracker.demo.archive import MOMENTS
    from tracker.store.database import opened

    if tui:  # what is missing is said before, not after half a minute
        check_terminal()
    with _ended_in_order(), stage(session(ctx)) as (here, server):
        with opened(here.db_path) as db:
            story = live_through(db, here, server, MOMENTS)
            _show(db, here._replace(now=MOMENTS[-1]), story, html)
        if tui:
            open_view(here, story.slug, lambda: MOMENTS[-1])


@contextmanager
def stage(here: Session) -> Iterator[tuple[Session, ArchiveServer]]:
    """Serve the archive for a block; give a session in a folder of its own, and the server."""
    from tracker.demo.archive import MOMENTS
    from tracker.demo.server import ArchiveServer

    with (
        tempfile.TemporaryDirectory(prefix="tracker-demo-") as folder,
        _without_proxy(),
        ArchiveServer(MOMENTS[0]) as server,
    ):
        here = here._replace(
            db_option=Path(folder, "tracker.db"),
            feeds_option=Path(folder, "feeds.yaml"),
            zone=UTC,
        )
        _list_feeds(here, server)
        yield here, server


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into SystemExit, so that the folder is removed.

    The exit code is the shell's for the signal: 143 for SIGTERM.
    """
    # A signal that the caller ignores (nohup) stays ignored.
    ending = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [signal.Signals[name] for name in ending]
    before = {number: signal.getsignal(number) for number in numbers}
    taken = [number for number in numbers if before[number] == signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])


def _leave(number: int, frame: FrameType | None) -> None:
    del frame
    raise SystemExit(128 + number)


@contextmanager
def _without_proxy() -> Iterator[None]:
    """Reach this computer directly: a proxy that the environment names cannot know our port."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    os.environ.update(dict.fromkeys(before, "127.0.0.1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _list_feeds(here: Session, server: ArchiveServer) -> None:
    from tracker.config import add_feed
    from tracker.demo.archive import sources

    for source in sources(server.base_url):
        add_feed(here.feeds_path, source)


def live_through(
    db: Database, here: Session, server: ArchiveServer, moments: tuple[datetime, ...]
) -> Story:
    """Poll at every moment, begin to follow early on, look once; return the story."""
    from tracker.cli.invocation.progress import stepped
    from tracker.services import follow as use_case
    from tracker.services.poll import poll
    from tracker.store.following import stories, timelines
    from tracker.views.demo import polled, scene
    from tracker.views.follow import followed

    begun, looked = None, False
    reports: list[PollReport] = []
    here.show(scene("Half a year of news, July to December 2020, from a dozen outlets."))
    with stepped(len(moments), no_color=here.no_color) as progress:
        for moment in moments:
            server.step(moment)
            if begun is None and moment >= FOLLOWED:
                here.show(scene("", f'tracker follow "{QUERY}"'))
                begun = use_case.follow(db, QUERY, moment)
                here.show(followed(begun.story, begun.preview, width=here.width))
            reports.append(poll(db, here.feeds_path, moment, force=True))
            progress(f"{moment:%d %b %Y}", sum(report.new_items for report in reports))
            if begun and not looked and moment >= LOOKED:
                looked = True
                window = timelines.Window()
                shown = timelines.timeline(db, begun.story, window, moment, here.zone)
                stories.mark_seen(db, begun.story.id, shown.arrival, moment)
    here.show(scene("", "tracker poll"))
    here.show(polled(reports, width=here.width))
    if begun is None:
        raise AssertionError("the archive ends before the story begins")
    return begun.story


def _show(db: Database, here: Session, story: Story, html: Path | None) -> None:
    from tracker.cli.commands import export
    from tracker.store.following import timelines
    from tracker.store.following.stories import by_id
    from tracker.views.demo import farewell, scene
    from tracker.views.timeline import timeline

    here.show(scene("", f"tracker timeline {story.slug} --limit 0 --reports"))
    window = timelines.Window(limit=0)
    found = timelines.timeline(db, by_id(db, story.id, here.now), window, here.now, here.zone)
    here.show(timeline(found, now=here.now, zone=here.zone, width=here.width, unfold=True))
    if html is not None:
        here.show(scene("", f"tracker export {story.slug} --output {html}"))
        window = timelines.Window(maybe=True, all_outages=True)
        whole = timelines.timeline(db, found.story, window, here.now)
        export.write(here, whole, html, export.page(whole, here).encode())
    here.show(farewell(story, page=html is not None, width=here.width))
