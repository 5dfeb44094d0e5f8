"""`review` asks about the few reports whose answer teaches most; `skip` asks no more about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Items, Json, Story

if TYPE_CHECKING:
    from tracker.model.core import Story as Followed
    from tracker.model.corrections import Correction
    from tracker.model.review import Review
    from tracker.services.event_grouping import AnalysisCache
    from tracker.store.database import Database

LISTED = 10
"""Questions of `--json` without `--limit`."""


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command(
        "review",
        cls=Command,
        rich_help_panel="Correct",
        epilog=examples(
            "tracker review tiktok-acquisition",
            "tracker review tiktok-acquisition --json --limit 5",
        ),
    )(review)
    app.command(
        "skip",
        cls=Command,
        rich_help_panel="Correct",
        epilog=examples("tracker skip tiktok-acquisition 1042"),
    )(skip)


def review(
    ctx: typer.Context,
    story: Story,
    limit: Annotated[
        int | None,
        typer.Option(
            help="Ask at most so many. [default: until little is left to learn]",
            min=1,
            metavar="N",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Ask about the few reports whose answer teaches the story most.

    Each takes one key: y (it belongs), n (it does not), s (skip), u (undo), q (quit). After each
    answer the story's links change at once. It stops by itself, and says how much of the story is
    found. Where stdin is no terminal, each line is an answer.
    """
    from tracker.services import review as use_case
    from tracker.store.following import stories as store
    from tracker.views import json as as_json

    here = session(ctx)
    with here.database() as db:
        subject = store.find(db, story, here.now)
        if json:
            found = use_case.review(db, subject, limit=limit or LISTED)
            here.show_json(as_json.review(found))
        else:
            _ask(here, db, subject, limit or 0)


def skip(ctx: typer.Context, story: Story, item: Items, json: Json = False) -> None:
    """Ask no more about an item in a review; it stays as it is.

    `tracker undo` takes it back.
    """
    from tracker.services import review as use_case
    from tracker.store.archive import items
    from tracker.store.following import stories as store
    from tracker.views import json as as_json
    from tracker.views.decided import skipped

    here = session(ctx)
    with here.database() as db:
        subject = store.find(db, story, here.now)
        found = [items.find(db, reference) for reference in item]
        said = use_case.skip(db, subject, found, here.now)
    if json:
        here.show_json(as_json.corrections(said))
    else:
        here.show(skipped(subject, said, width=here.width))


def _ask(here: Session, db: Database, story: Followed, limit: int) -> None:
    """Ask until little is left to learn, `limit` (0 for none) is reached, or the user quits."""
    from tracker.cli.invocation.terminal import pressed
    from tracker.services import review as use_case
    from tracker.services.event_grouping import AnalysisCache
    from tracker.views import review as view

    cache, made = AnalysisCache(), 0
    found = use_case.review(db, story, cache=cache)
    while found.questions and not (limit and made >= limit):
        left = min(found.open, limit - made if limit else found.open) - 1
        here.show(view.question(found, now=here.now, zone=here.zone, width=here.width, left=left))
        key = pressed("ynsuq")
        if key in {None, "q"}:
            break
        if key == "u" and not made:
            here.show(view.nothing_to_undo())
            continue
        back = _answer(here, db, found, str(key), cache)
        made += -1 if key == "u" else 1
        here.show(view.answered(back, undone=key == "u"))
        found = use_case.review(db, story, cache=cache)
    here.show(view.standing(found, width=here.width))


def _answer(
    here: Session, db: Database, found: Review, key: str, cache: AnalysisCache
) -> Correction:
    from tracker.model.core import Status
    from tracker.services import feedback
    from tracker.services import review as use_case

    if key == "u":
        return feedback.undo(db, here.now)
    item = found.questions[0].item
    if key == "s":
        return use_case.skip(db, found.story, [item], here.now)[0]
    status = Status.ACCEPTED if key == "y" else Status.REJECTED
    return feedback.decide(db, found.story, [item], status, here.now, cache=cache)[0]
