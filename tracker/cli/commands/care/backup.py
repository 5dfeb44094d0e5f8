"""`backup` and `restore`: copies of the database, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import session
from tracker.cli.invocation.options import Json


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.command(
        "backup",
        cls=Command,
        rich_help_panel="Care",
        epilog=examples(
            "tracker backup --keep 7",
            "tracker backup /media/stick",
            "tracker backup ~/tracker-before-the-move.db --with-secrets",
        ),
    )(backup)
    app.command(
        "restore",
        cls=Command,
        rich_help_panel="Care",
        epilog=examples("tracker restore ~/tracker-before-the-move.db"),
    )(restore)


def backup(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(help="The new file, or a folder; else backups/.", metavar="[FILE]"),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(help="Delete older backups in that folder beyond N.", metavar="N", min=1),
    ] = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Copy alerts.conf, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Copy the database and the feed list, and check the copy.

    Polls may run meanwhile. A file that exists is never overwritten.
    """
    from tracker.services.care import backups as use_case
    from tracker.views.care import backups as view
    from tracker.views.care import json as as_json

    here = session(ctx)
    done = use_case.back_up(
        here.db_path,
        here.feeds_path,
        here.now,
        target=file.expanduser() if file else None,
        keep=keep,
        with_secrets=with_secrets,
    )
    if json:
        here.show_json(as_json.backup(done))
    else:
        here.show(view.backed_up(done))


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.", metavar="FILE")],
    feed_list: Annotated[
        bool, typer.Option("--feed-list", help="Take the feed list of the backup, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Put a backup in the place of the database, which is kept.

    The backup is checked before anything changes. Commands that read meanwhile go on.
    """
    from tracker.services.care import backups as use_case
    from tracker.views.care import backups as view
    from tracker.views.care import json as as_json

    here = session(ctx)
    done = use_case.restore(
        file.expanduser(), here.db_path, here.feeds_path, here.now, with_feed_list=feed_list
    )
    if json:
        here.show_json(as_json.restored(done))
    else:
        here.show(view.restored(done))
