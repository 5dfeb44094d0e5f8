"""`timeline`, `search` and `why`: what was found, and for what reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.complete import story_slugs
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import FeedTags, Json, Pager, Query, Story
from tracker.cli.invocation.terminal import complain
from tracker.services.gc_pause import collector_off

if TYPE_CHECKING:
    from tracker.model.core import Timeline
    from tracker.store.database import Database
    from tracker.store.following.timelines import Window

# Developments shown where --limit says nothing: of one story, and of each where all are shown.
LIMIT = 30
LIMIT_OF_NEWS = 10

StoryOrAll = Annotated[
    str | None,
    typer.Argument(
        help="The story's slug or title; the news of all without it.",
        autocompletion=story_slugs,
        metavar="[STORY]",
    ),
]
New = Annotated[bool, typer.Option("--new", help="Only what is new since you last looked.")]
Reports = Annotated[bool, typer.Option("--reports", help="Show every report of a development.")]
Oldest = Annotated[
    bool, typer.Option("--oldest-first", help="Begin with the oldest development shown.")
]
Since = Annotated[
    str | None,
    typer.Option(help="Only from then on; a day counts from its beginning.", metavar="DATE"),
]
Until = Annotated[
    str | None, typer.Option(help="Only until then; a day counts to its end.", metavar="DATE")
]
Limit = Annotated[
    int | None,
    typer.Option(
        help=f"Show at most N developments, 0 for all. [default: {LIMIT}]", metavar="N", min=0
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands that read."""
    app.command(
        "timeline",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples(
            "tracker timeline",
            "tracker timeline tiktok-acquisition",
            'tracker timeline tiktok-acquisition --since "2 weeks ago" --reports',
            "tracker timeline tiktok-acquisition --new --peek",
            "tracker timeline tiktok-acquisition --tag france",
            "tracker timeline tiktok-acquisition --limit 0 --oldest-first",
        ),
    )(timeline)
    app.command(
        "search",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples(
            "tracker search Oracle",
            "tracker search Oracle --tag security",
            "tracker search 'title:\"export rules\" lang:en'",
            "tracker search TikTok source:verge after:2020-08",
            "tracker search -- Macron -title:video",
        ),
    )(search)
    app.command(
        "why",
        cls=Command,
        rich_help_panel="Correct",
        epilog=examples(
            "tracker why tiktok-acquisition 1042",
            "tracker why tiktok-acquisition https://example.org/article",
        ),
    )(why)


def timeline(
    ctx: typer.Context,
    story: StoryOrAll = None,
    since: Since = None,
    until: Until = None,
    new: New = False,
    reports: Reports = False,
    maybe: Annotated[bool, typer.Option("--maybe", help="Show the doubtful ones, too.")] = False,
    tag: FeedTags = None,
    limit: Limit = None,
    oldest: Oldest = False,
    peek: Annotated[bool, typer.Option("--peek", help="Leave what is new marked as new.")] = False,
    pager: Pager = True,
    json: Json = False,
) -> None:
    """Show a story, newest development first, or the news of all.

    Each development stands under its first reporter: ● is new since you last looked, +4 de fr are
    other reports, some in German and French, ✓ is what you accepted and ? what is doubtful. The
    number in front is what why, accept and reject take. With --tag only reports of those feeds are
    shown, and all that is new stays marked as new.
    """
    from dataclasses import replace

    from tracker.cli.invocation.dates import parse_period
    from tracker.store.following.timelines import Window
    from tracker.store.polling.tags import feeds_with

    here = session(ctx)
    first, last = parse_period(since, until, here.now, here.zone)
    window = Window(
        since=first,
        until=last,
        only_new=new or story is None,
        maybe=maybe,
        limit=_limit(limit, story, new=new),
        # Who chose a part of it has not looked at the rest, nor has who reads the news of all.
        past_seen=story is not None and not (since or until or tag) and limit is None,
    )
    wishes = Wishes(reports, peek or bool(tag), json, oldest, pager)
    with here.database() as db:
        window = replace(window, feeds=feeds_with(db, tag or ()))
        if story is None:
            _news(db, here, window, wishes)
        else:
            _story(db, here, story, window, wishes)


def _limit(limit: int | None, story: str | None, *, new: bool) -> int:
    if limit is not None:
        return limit
    # What is new is shown whole: it counts as seen afterwards.
    return LIMIT_OF_NEWS if story is None else 0 if new else LIMIT


class Wishes(NamedTuple):
    """How to show a timeline."""

    reports: bool
    peek: bool
    json: bool
    oldest_first: bool
    pager: bool


def _story(db: Database, here: Session, name: str, window: Window, wishes: Wishes) -> None:
    from tracker.store.following import stories, timelines
    from tracker.views import json as as_json
    from tracker.views.timeline import timeline as view

    found = timelines.timeline(db, stories.find(db, name, here.now), window, here.now, here.zone)
    if wishes.json:
        here.show_json(as_json.timeline(found))
    else:
        here.show(
            view(
                found,
                now=here.now,
                zone=here.zone,
                width=here.width,
                unfold=wishes.reports,
                only_new=window.only_new,
                oldest_first=wishes.oldest_first,
                since=window.since,
                address=here.address(),
            ),
            pager=wishes.pager,
        )
    # What is new and was left out stays new; but the first look at a story has seen its past.
    if not wishes.peek and (not found.unread or (window.past_seen and not found.story.seen)):
        _seen(db, here, [found])


# Ten thousand rows, of a thousand stories, live to the end: the collector finds nothing.
@collector_off()
def _news(db: Database, here: Session, window: Window, wishes: Wishes) -> None:
    from tracker.store.following import timelines
    from tracker.views import json as as_json
    from tracker.views.news import news as view

    told = timelines.news(db, window, here.now, here.zone)
    if wishes.json:
        here.show_json(as_json.news(told))
    else:
        every = timelines.summaries(db, here.now, here.zone)
        here.show(
            view(
                told,
                every,
                now=here.now,
                zone=here.zone,
                width=here.width,
                unfold=wishes.reports,
                oldest_first=wishes.oldest_first,
                address=here.address(),
            ),
            pager=wishes.pager,
        )
    if not wishes.peek:
        # A story of which not all was shown keeps its marks: its own timeline shows the rest.
        _seen(db, here, [value for value in told if not value.unread])


def _seen(db: Database, here: Session, values: list[Timeline]) -> None:
    from tracker.errors import LockedError
    from tracker.store.following import stories

    if not values:
        return
    if not db.writable:
        _not_marked("The disk is full" if db.full else "The database can only be read", values)
        return
    try:
        # All or none: the sentence below holds for each, and to wait for the disk once is enough.
        with db.impatient(), db.transaction():
            for value in values:
                stories.mark_seen(db, value.story.id, value.arrival, here.now)
    except LockedError:
        _not_marked("A poll holds the database", values)


def _not_marked(why: str, values: list[Timeline]) -> None:
    if any(value.left_new or any(report.new for report in value.reports) for value in values):
        complain(f"{why}; what you read stays marked as new.")


def search(
    ctx: typer.Context,
    query: Query,
    tag: FeedTags = None,
    limit: Annotated[
        int, typer.Option(help="Show at most N items, 0 for all.", metavar="N", min=0)
    ] = 20,
    pager: Pager = True,
    json: Json = False,
) -> None:
    """Search everything stored, newest first.

    title:word, source:word, lang:fr, after:2020-08 and before:2020-09-15 limit what is found. What
    has only a part of the query comes last, as doubtful.
    """
    from tracker.services import follow as use_case
    from tracker.store.polling.tags import feeds_with
    from tracker.views import follow as view
    from tracker.views import json as as_json

    here = session(ctx)
    with here.database() as db:
        feeds = feeds_with(db, tag or ())
        found = use_case.search(db, " ".join(query), here.now, feeds=feeds)
    if json:
        here.show_json(as_json.preview(found, limit))
    else:
        here.show(
            view.results(found, now=here.now, zone=here.zone, width=here.width, limit=limit),
            pager=pager,
        )


def why(
    ctx: typer.Context,
    story: Story,
    item: Annotated[
        str, typer.Argument(help="The number that timeline shows, or the URL.", metavar="ITEM")
    ],
    json: Json = False,
) -> None:
    """Explain why an item belongs to a story, or what it lacks."""
    from tracker.model.core import Link, Status, Verdict
    from tracker.services import follow as use_case
    from tracker.store.archive import items
    from tracker.store.following import stories
    from tracker.views import json as as_json
    from tracker.views.why import why as view

    here = session(ctx)
    with here.database() as db:
        subject, about = stories.find(db, story, here.now), items.find(db, item)
        found = use_case.why(db, subject, about)
    link = found if isinstance(found, Link) else None
    judged = Verdict(found.score, found.status, found.reasons)
    if json:
        here.show_json(as_json.why(subject, about, judged, link))
        return
    said = {Status.ACCEPTED, Status.REJECTED}
    here.show(
        view(
            subject,
            about,
            judged,
            now=here.now,
            zone=here.zone,
            width=here.width,
            decided=judged.status if judged.status in said else None,
            linked=link is not None,
        )
    )
