"""`poll`: fetch what is due, store it, link it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import session
from tracker.cli.invocation.options import Json
from tracker.cli.invocation.terminal import complain

if TYPE_CHECKING:
    from tracker.model.polling import PollReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "poll",
        cls=Command,
        rich_help_panel="Feeds",
        epilog=examples(
            "tracker poll",
            "tracker poll --force --strict",
            "tracker poll --feed https://www.theverge.com/rss/index.xml",
            "tracker poll --quiet     (as `tracker schedule install` lets it run)",
        ),
    )(poll)


def poll(
    ctx: typer.Context,
    force: Annotated[bool, typer.Option("--force", help="Poll all feeds, due or not.")] = False,
    feed: Annotated[
        str | None, typer.Option(help="Poll this feed only, due or not.", metavar="URL")
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if any feed failed.")
    ] = False,
    json: Json = False,
) -> None:
    """Fetch the feeds that are due, and link what is new."""
    from tracker.cli.invocation.progress import polling
    from tracker.services import poll as use_case
    from tracker.store.polling import feeds

    here = session(ctx)
    with here.database() as db, polling(quiet=quiet, no_color=here.no_color) as progress:
        report = use_case.poll(
            db,
            here.feeds_path,
            here.now,
            force=force,
            url=feed,
            overrides=here.overrides,
            progress=progress,
        )
        due = None if report.feeds else feeds.next_due(db)
        listed = len(feeds.listed_urls(db))
    if json:
        from tracker.views import json as as_json

        here.show_json(as_json.poll(report))
    elif not quiet:
        from tracker.views.poll import poll as view

        here.show(view(report, width=here.width, due=due, listed=listed))
    else:
        for failure in report.failures:
            complain(f"{failure.url}: {failure.reason}")
    _judge(report, strict=strict)


def _judge(report: PollReport, *, strict: bool) -> None:
    """Raise PollFailedError where the exit code must tell that feeds failed."""
    from tracker.errors import PollFailedError

    if report.all_failed:
        raise PollFailedError(
            "The feed failed." if report.feeds == 1 else f"All {report.feeds:,} feeds failed."
        )
    if strict and report.failed:
        raise PollFailedError(f"{report.failed:,} of {report.feeds:,} feeds failed.")
