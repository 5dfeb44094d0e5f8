"""`notify`: where alerts go, and what became of them."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.invocation.base import Command, Group, examples
from tracker.cli.invocation.complete import story_slugs
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Json
from tracker.cli.invocation.sending import courier

if TYPE_CHECKING:
    from pathlib import Path


app = typer.Typer(
    cls=Group,
    help="Send alerts to a phone, a program, a server.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples(
        "tracker notify add ntfy",
        "tracker notify test",
        "tracker notify ls",
    ),
)
# Options of `add` that take a value, to find the channel among what was typed.
_WITH_VALUE = {"--name", "--story", "--quiet", "--only", "--db", "--feeds"}
_READ_STDIN = "-"


class Only(StrEnum):
    """What a target may be limited to."""

    ALERTS = "alerts"
    DIGESTS = "digests"


class _Add(Command):
    """`notify add`: what stands behind `exec` is a program's, options included."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - click's type
        """Read what was typed."""
        place = _channel_at(args)
        if place is not None and args[place] == "exec":
            args = [*args[:place], "--", *args[place:]]
        return super().parse_args(ctx, args)


def _channel_at(args: list[str]) -> int | None:
    """Return the index of the first word that is neither option nor value; None without one."""
    skip = False
    for place, word in enumerate(args):
        if word == "--":
            return None
        if not skip and not word.startswith("-"):
            return place
        skip = not skip and word in _WITH_VALUE
    return None


Words = Annotated[
    list[str] | None,
    typer.Argument(
        help="Its address, or a program and its arguments; - reads the address from stdin.",
        metavar="[ADDRESS|PROGRAM...]",
    ),
]


@app.command(
    "add",
    cls=_Add,
    epilog=examples(
        "tracker notify add ntfy                       (makes up a topic of ntfy.sh)",
        "tracker notify add ntfy https://ntfy.example.org/news --quiet 22:00-07:00",
        "tracker notify add --story tiktok-acquisition webhook https://example.org/hook",
        "tracker notify add exec printenv TRACKER_TITLE TRACKER_MESSAGE",
        "tracker notify add desktop",
        "tracker notify add mailto://…                 (any address of Apprise, an extra)",
        "tracker notify add ntfy 'cmd:pass show ntfy'  (the command prints the address)",
    ),
)
def add(
    ctx: typer.Context,
    channel: Annotated[
        str,
        typer.Argument(
            help="ntfy, webhook, exec, desktop, or an address of Apprise.", metavar="CHANNEL"
        ),
    ],
    words: Words = None,
    name: Annotated[
        str | None, typer.Option(help="How to call it; else by its channel.", metavar="NAME")
    ] = None,
    story: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this story; may be repeated.", metavar="STORY", autocompletion=story_slugs
        ),
    ] = None,
    quiet: Annotated[
        str | None,
        typer.Option(
            help="When to send no alert: 22:00-07:00, or none. [default: that of feeds.yaml]",
            metavar="HOURS",
        ),
    ] = None,
    only: Annotated[
        Only | None, typer.Option(help="Send only alerts, or only digests. [default: both]")
    ] = None,
) -> None:
    """Add a target: each new development is sent there once.

    Options stand before exec. What a webhook and a program get is JSON; docs/alerts.md describes
    it.
    """
    from tracker.model.alerts import Takes
    from tracker.services import targets as use_case
    from tracker.views.alerts import targets as view

    here = session(ctx)
    path = _conf(here)
    given = [_from_stdin()] if words == [_READ_STDIN] and channel != "exec" else words or []
    takes = Takes(only.value) if only else Takes.ALL
    new = use_case.NewTarget(channel, given, name, story or (), quiet, takes)
    with here.database() as db:
        found = use_case.add(db, path, new, here.now)
    here.show(view.added(found.target, str(path), found.topic, here.width))


def _conf(here: Session) -> Path:
    from tracker.config import alerts_path

    return alerts_path(here.feeds_path)


def _from_stdin() -> str:
    if sys.stdin.isatty():
        answer: str = typer.prompt("Address", hide_input=True)
        return answer
    return sys.stdin.readline().strip()


@app.command("ls", cls=Command, epilog=examples("tracker notify ls", "tracker notify ls --json"))
def ls(ctx: typer.Context, json: Json = False) -> None:
    """List the targets, and the messages that are not sent.

    These wait, are in doubt (they may have arrived), or were given up after three days.
    """
    from tracker.store.alerts import limits, outbox, targets
    from tracker.views.alerts import json as alerts_json
    from tracker.views.alerts import targets as view

    here = session(ctx)
    with here.database() as db:
        found, messages = targets.rows(db), outbox.rows(db)
        quiet = limits.stored(db).quiet
    if json:
        here.show_json(alerts_json.targets(found, messages))
        return
    here.show(
        view.targets(
            found, messages, default_quiet=quiet, now=here.now, zone=here.zone, width=here.width
        )
    )


@app.command("rm", cls=Command, epilog=examples("tracker notify rm ntfy"))
def remove(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The target's name.", metavar="NAME")],
) -> None:
    """Remove a target, its address, and what waits for it."""
    from tracker.services import targets as use_case
    from tracker.views.alerts import targets as view

    here = session(ctx)
    with here.database() as db:
        target, waiting = use_case.remove(db, _conf(here), name)
    here.show(view.removed(target, waiting, here.width))


@app.command(
    "test", cls=Command, epilog=examples("tracker notify test", "tracker notify test ntfy")
)
def try_out(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="Targets; else all.", metavar="[NAME...]")
    ] = None,
    json: Json = False,
) -> None:
    """Send a test message to each target now, in quiet hours, too."""
    from tracker.errors import TrackerError
    from tracker.model.alerts import Result
    from tracker.services import targets as use_case
    from tracker.views.alerts import json as alerts_json
    from tracker.views.alerts import targets as view
    from tracker.wording import count

    here = session(ctx)
    with here.database() as db:
        found = use_case.test(db, _conf(here), names or (), here.now)
    if json:
        here.show_json(alerts_json.tested(found))
    else:
        here.show(view.tested(found, here.width))
    failed = sum(outcome.result is not Result.SENT for _, outcome in found)
    if failed:
        raise TrackerError(f"{count(failed, 'test')} of {len(found):,} failed.")


Ids = Annotated[
    list[int], typer.Argument(help="The number that notify ls shows.", metavar="MESSAGE...")
]


@app.command(
    "retry", cls=Command, epilog=examples("tracker notify retry", "tracker notify retry 17")
)
def retry(
    ctx: typer.Context,
    ids: Annotated[
        list[int] | None,
        typer.Argument(help="The number that notify ls shows.", metavar="[MESSAGE...]"),
    ] = None,
    json: Json = False,
) -> None:
    """Send messages that failed once more.

    One that is in doubt is sent only by its number, since it may arrive a second time.
    """
    from tracker.errors import TrackerError
    from tracker.services import alerts
    from tracker.store.alerts import outbox
    from tracker.views.alerts import json as alerts_json
    from tracker.views.alerts import targets as view
    from tracker.views.text import lines
    from tracker.wording import count

    here = session(ctx)
    with here.database() as db:
        chosen = ids or [message.id for message in outbox.unsettled(db)]
        outbox.retry(db, chosen, here.now)
        report = alerts.send(db, courier(here), here.now, chosen=chosen)
    if json:
        here.show_json(alerts_json.sent(report))
    elif rows := view.sent(report, here.width):
        here.show(lines(rows))
    else:
        here.show(view.nothing())
    if report.troubles:
        raise TrackerError(f"{count(len(report.troubles), 'message')} could not be sent.")


@app.command("drop", cls=Command, epilog=examples("tracker notify drop 17"))
def drop(ctx: typer.Context, ids: Ids) -> None:
    """Take messages off the list without sending them."""
    from rich.text import Text

    from tracker.store.alerts import outbox
    from tracker.wording import count

    here = session(ctx)
    with here.database() as db:
        found = outbox.drop(db, ids, here.now)
    here.show(Text(f"Dropped {count(len(found), 'message')}."))
