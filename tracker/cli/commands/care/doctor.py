"""`doctor` and `repair`: what is wrong, and mending what can be mended without a backup."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import session
from tracker.cli.invocation.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.schedule import InstalledJob


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.command(
        "doctor",
        cls=Command,
        rich_help_panel="Care",
        epilog=examples("tracker doctor", "tracker doctor --json"),
    )(doctor)
    app.command("repair", cls=Command, rich_help_panel="Care", epilog=examples("tracker repair"))(
        repair
    )


def doctor(
    ctx: typer.Context,
    full: Annotated[
        bool, typer.Option("--full", help="Compare indexes with their tables, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Check the database, the feeds, the schedule and the settings.

    Nothing is changed. Exits with 1 if there is an error, with 0 if there are warnings only.
    """
    from tracker.model.care import Level
    from tracker.services.care.doctor import diagnose
    from tracker.views.care import doctor as view
    from tracker.views.care import json as as_json

    here = session(ctx)
    found = diagnose(
        here.db_path,
        here.feeds_path,
        here.now,
        jobs=_jobs(),
        environ=os.environ,
        full=full,
    )
    if json:
        here.show_json(as_json.diagnosis(found))
    else:
        here.show(view.diagnosis(found, width=here.width))
    if found.count(Level.ERROR):
        raise typer.Exit(1)


def _jobs() -> Sequence[InstalledJob]:
    import platform
    import sys
    from pathlib import Path

    from tracker.schedule import installation
    from tracker.schedule.computer import Computer

    uid = os.getuid() if hasattr(os, "getuid") else 0
    computer = Computer(os.environ, Path.home(), sys.platform, platform.node(), uid)
    return installation.schedule(computer).jobs


def repair(ctx: typer.Context, json: Json = False) -> None:
    """Mend the full-text index, lost rows and the log.

    It mends what `tracker doctor` names it for. A copy of the database is made before.
    """
    from tracker.store import snapshot
    from tracker.store.care import repairing
    from tracker.views.care import doctor as view
    from tracker.views.care import json as as_json

    here = session(ctx)
    done = repairing.repair(here.db_path, snapshot.dated(here.db_path, here.now, "-before-repair"))
    if json:
        here.show_json(as_json.repair(done))
    else:
        here.show(view.repaired(done))
