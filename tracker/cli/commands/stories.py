"""`stories`, and the corrections: `accept`, `reject` and `undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import session
from tracker.cli.invocation.options import Items, Json, Pager, Story

if TYPE_CHECKING:
    from rich.text import Text

    from tracker.cli.invocation.context import Session
    from tracker.model.core import Status, StorySummary
    from tracker.store.database import Database

# To read what a story has learned takes half a millisecond: all that of a thousand stories, half a
# second. The stories that come first are those with news.
MOST_PROPOSING = 20
# Of each story, the newest that are new; `tracker timeline` has the others.
NEWS_OF_DASHBOARD = 3
# The stories with the newest of these; the others are counted.
STORIES_OF_DASHBOARD = 20


def register(app: typer.Typer) -> None:
    """Add the dashboard."""
    app.command(
        "stories",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples("tracker stories", "tracker stories --json"),
    )(stories)


def register_corrections(app: typer.Typer) -> None:
    """Add the commands that correct links."""
    app.command(
        "accept",
        cls=Command,
        rich_help_panel="Correct",
        epilog=examples("tracker accept tiktok-acquisition 1042 1051"),
    )(accept)
    app.command(
        "reject",
        cls=Command,
        rich_help_panel="Correct",
        epilog=examples("tracker reject tiktok-acquisition 1042"),
    )(reject)
    app.command(
        "undo",
        cls=Command,
        rich_help_panel="Correct",
        epilog=examples("tracker undo"),
    )(undo)


def _proposing(db: Database, summary: StorySummary) -> StorySummary:
    """Add the names that an open story proposes for its query."""
    from dataclasses import replace

    from tracker.model.core import State
    from tracker.store.following import stories
    from tracker.stories.tracking.profile import profile_from_json

    if summary.story.state is not State.OPEN:
        return summary
    profile = profile_from_json(stories.profile(db, summary.story.id))
    return replace(summary, proposals=tuple(profile.proposals))


def stories(ctx: typer.Context, pager: Pager = True, json: Json = False) -> None:
    """Show all stories: what is unread, and what is quiet."""
    from tracker.store.following import timelines
    from tracker.views import json as as_json
    from tracker.views.stories import stories as view

    here = session(ctx)
    with here.database() as db:
        found = timelines.summaries(db, here.now, here.zone)
        most = len(found) if json else MOST_PROPOSING
        found[:most] = [_proposing(db, summary) for summary in found[:most]]
    if json:
        here.show_json(as_json.summaries(found))
    else:
        here.show(view(found, now=here.now, zone=here.zone, width=here.width), pager=pager)


def dashboard(here: Session, *, pager: bool) -> None:
    """Show what is new in each story, and what may be typed next; nothing is marked as seen."""
    with here.database() as db:
        text = first_page(db, here, here.width)
    here.show(text, pager=pager)


def first_page(db: Database, here: Session, width: int) -> Text:
    """Return the dashboard of a database as a text of so many cells."""
    from tracker.store.following import timelines
    from tracker.store.polling import feeds, polls
    from tracker.views.dashboard import Standing
    from tracker.views.dashboard import dashboard as view

    window = timelines.Window(only_new=True, limit=NEWS_OF_DASHBOARD)
    news = timelines.news(db, window, here.now, here.zone, most=STORIES_OF_DASHBOARD)
    every = timelines.summaries(db, here.now, here.zone)
    last = polls.last(db)
    failing = [o for o in timelines.outages(db, here.now, here.now) if o.until is None]
    # Before the first poll the database knows no feed; to read the file takes its parser.
    has_feeds = bool(feeds.listed_urls(db)) or (last is None and here.feeds_path.is_file())
    standing = Standing(has_feeds, last.started if last else None, tuple(failing))
    return view(
        news,
        every,
        standing,
        now=here.now,
        zone=here.zone,
        width=width,
        address=here.address(),
    )


def accept(ctx: typer.Context, story: Story, item: Items, json: Json = False) -> None:
    """Say that an item belongs to a story; it learns from that.

    What you said is never overwritten; `tracker undo` takes it back.
    """
    from tracker.model.core import Status

    _decide(ctx, story, item, Status.ACCEPTED, json=json)


def reject(ctx: typer.Context, story: Story, item: Items, json: Json = False) -> None:
    """Say that an item does not belong; the story learns from that.

    What you said is never overwritten; `tracker undo` takes it back.
    """
    from tracker.model.core import Status

    _decide(ctx, story, item, Status.REJECTED, json=json)


def _decide(
    ctx: typer.Context, story: str, references: list[str], status: Status, *, json: bool
) -> None:
    from tracker.services import feedback as use_case
    from tracker.store.archive import items
    from tracker.store.following import stories as store
    from tracker.views import json as as_json
    from tracker.views.decided import decided

    here = session(ctx)
    with here.database() as db:
        subject = store.find(db, story, here.now)
        found = [items.find(db, reference) for reference in references]
        said = use_case.decide(db, subject, found, status, here.now)
    if json:
        here.show_json(as_json.corrections(said))
        return
    new = [each for each in said if each.changes]
    known = [each.item for each in said if not each.changes]
    here.show(decided(subject, new, status, known=known, width=here.width))


def undo(ctx: typer.Context, json: Json = False) -> None:
    """Take the last accept or reject back.

    Typed again, it takes back the one before.
    """
    from tracker.services import feedback as use_case
    from tracker.views import json as as_json
    from tracker.views.decided import undone

    here = session(ctx)
    with here.database() as db:
        back = use_case.undo(db, here.now)
    if json:
        here.show_json(as_json.correction(back))
    else:
        here.show(undone(back, width=here.width))
