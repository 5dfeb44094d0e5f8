"""`schedule install`, `show` and `remove`: let the computer poll by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, Group, examples
from tracker.cli.invocation.context import session
from tracker.cli.invocation.options import Json
from tracker.cli.invocation.terminal import emit
from tracker.model.schedule import Scheduler

if TYPE_CHECKING:
    from tracker.cli.invocation.context import Session
    from tracker.model.polling import PollReport
    from tracker.model.schedule import Job, Times
    from tracker.schedule.computer import Computer

app = typer.Typer(
    cls=Group,
    help="Poll by cron, systemd or launchd.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples("tracker schedule install --every 20m", "tracker schedule show"),
)


@app.command(
    "install",
    cls=Command,
    epilog=examples(
        "tracker schedule install --every 20m",
        "tracker schedule install --every 1h --digest 07:30",
        "tracker schedule install --every 20m --with cron --dry-run",
    ),
)
def install(
    ctx: typer.Context,
    every: Annotated[
        str, typer.Option(help="How often to poll: 20m, 1h, 6h.", metavar="INTERVAL")
    ] = "20m",
    digest: Annotated[
        str | None,
        typer.Option(help="When to send the digest, each day: 07:30.", metavar="HH:MM"),
    ] = None,
    scheduler: Annotated[
        Scheduler | None,
        typer.Option("--with", help="The program that starts it; else what suits this computer."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be written; change nothing.")
    ] = False,
) -> None:
    """Let this computer poll at an interval.

    Typed again, it changes what was installed. Other entries of your crontab stay byte for byte.
    """
    from tracker.schedule import installation
    from tracker.schedule.plan import next_start, parse_clock, parse_interval, spread
    from tracker.views.polling import schedule as view

    here = session(ctx)
    computer = _computer()
    polls = spread(parse_interval(every), computer.name)
    daily = parse_clock(digest) if digest is not None else None
    jobs = _jobs(here, computer, polls, daily)
    change = installation.install(computer, jobs, scheduler, dry_run=dry_run)
    notes = _warnings(here, digest=daily is not None)
    if dry_run:
        # Not by here.show, which breaks long lines: a line of a crontab is one.
        emit(view.written(change, notes, width=here.width))
        return
    soonest = min(next_start(job.starts, here.now, here.zone) for job in jobs)
    here.show(
        view.installed(
            change, notes, now=here.now, next_start=soonest, zone=here.zone, width=here.width
        )
    )


def _computer() -> Computer:
    import platform

    from tracker.schedule.computer import Computer

    return Computer(os.environ, Path.home(), sys.platform, platform.node(), os.getuid())


def _jobs(here: Session, computer: Computer, polls: Times, digest: Times | None) -> tuple[Job, ...]:
    from tracker.schedule.plan import plan
    from tracker.schedule.program import environment, program

    return plan(
        program(computer, sys.argv[0], sys.executable),
        Path(os.path.abspath(here.db_path)),  # noqa: PTH100 - resolves no link
        Path(os.path.abspath(here.feeds_path)),  # noqa: PTH100 - resolves no link
        environment=environment(computer.environ),
        polls=polls,
        digest=digest,
    )


def _warnings(here: Session, *, digest: bool) -> list[str]:
    from tracker.schedule.program import checkout

    found = []
    if folder := checkout():
        found.append(
            f"tracker is installed from {folder} in editable mode: the job runs what is there."
        )
    path = here.feeds_path.absolute()
    if not path.exists():
        found.append(f"There is no feed list {path} yet; `tracker feeds add` makes it.")
    if digest and not _takes_digests(here):
        found.append("No target takes the digest yet; `tracker notify add` adds one.")
    return found


def _takes_digests(here: Session) -> bool:
    from tracker.model.alerts import Takes
    from tracker.store.alerts import targets

    if not here.db_path.exists():
        return False
    with here.database() as db:
        return any(each.takes is not Takes.ALERTS for each in targets.everything(db))


@app.command(
    "show",
    cls=Command,
    epilog=examples("tracker schedule show", "tracker schedule show --json"),
)
def show(ctx: typer.Context, json: Json = False) -> None:
    """Show what is scheduled: when it ran last, when it runs next."""
    from tracker.schedule import installation
    from tracker.schedule.status import states
    from tracker.views import json as as_json
    from tracker.views.polling import schedule as view

    here = session(ctx)
    found = installation.schedule(_computer())
    jobs = states(found.jobs, _last_poll, here.now, here.zone)
    if json:
        here.show_json(as_json.schedule(found, jobs))
    else:
        here.show(view.shown(found, jobs, now=here.now, zone=here.zone, width=here.width))


def _last_poll(path: Path) -> PollReport | None:
    """Return the last poll of a database; None where the file does not exist."""
    from tracker.store.database import opened
    from tracker.store.polling import polls

    if not path.exists():
        return None
    with opened(path) as db:
        return polls.last(db)


@app.command(
    "remove",
    cls=Command,
    epilog=examples("tracker schedule remove"),
)
def remove(ctx: typer.Context) -> None:
    """Remove what `install` wrote, and nothing else."""
    from tracker.schedule import installation
    from tracker.views.polling import schedule as view

    here = session(ctx)
    here.show(view.removed(installation.remove(_computer()), width=here.width))
