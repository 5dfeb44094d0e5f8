"""`purge`: delete old items that no story has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import session
from tracker.cli.invocation.options import Json

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.cli.invocation.context import Session


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "purge",
        cls=Command,
        rich_help_panel="Care",
        epilog=examples(
            "tracker purge --older-than 90d",
            "tracker purge --older-than 90d --yes --shrink",
        ),
    )(purge)


def purge(
    ctx: typer.Context,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than",
            help="90d, 6 months or a date; else retention_in_days.",
            metavar="AGE",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Delete them; else they are only counted.")
    ] = False,
    shrink: Annotated[
        bool, typer.Option("--shrink", help="Also make the file smaller, with --yes.")
    ] = False,
    json: Json = False,
) -> None:
    """Delete old items that no story has.

    What a story has, doubts or has rejected stays, and so does what a feed still lists. What was
    deleted does not come back as new. With the setting retention_in_days, polls purge by
    themselves.
    """
    from tracker.cli.invocation.progress import counted
    from tracker.services.care import retention
    from tracker.views.care import json as as_json
    from tracker.views.care import purge as view

    here = session(ctx)
    cutoff, words = _cutoff(here, older_than)
    with here.database() as db:
        if not yes:
            done = retention.preview(db, cutoff)
        else:
            with counted("purging", no_color=here.no_color) as progress:
                done = retention.purge(db, cutoff, here.now, shrink=shrink, progress=progress)
    if json:
        here.show_json(as_json.purge(done, done=yes))
        return
    command = None if yes else f"tracker purge{words} --yes{' --shrink' if shrink else ''}"
    here.show(view.purged(done, command, now=here.now, zone=here.zone, width=here.width))


def _cutoff(here: Session, older_than: str | None) -> tuple[datetime, str]:
    """Return the time before which items are old, and the option that names it.

    UsageError where neither the option nor the setting names one, or where it lies ahead.
    """
    import shlex
    from datetime import timedelta

    from tracker.cli.invocation.dates import parse_date
    from tracker.errors import UsageError

    if older_than is not None:
        try:
            cutoff = parse_date(older_than, here.now, here.zone)
        except UsageError:
            raise UsageError(
                f"--older-than {older_than!r} is no age; write an age such as 90d or '6 months', "
                "or a date such as 2020-08-02."
            ) from None
        if cutoff > here.now:
            raise UsageError(f"--older-than {older_than!r} lies ahead; write an age such as 90d.")
        return cutoff, f" --older-than {shlex.quote(older_than)}"
    days = here.settings().retention_in_days
    if not days:
        raise UsageError(
            "Name an age, such as --older-than 90d, or set one: "
            "tracker config set retention_in_days 90."
        )
    return here.now - timedelta(days=days), ""
