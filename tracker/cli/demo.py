"""`demo`: the whole tool on a bundled archive, offline."""

from __future__ import annotations

import typer

from tracker.cli.base import Command, examples


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        cls=Command,
        rich_help_panel="Try",
        epilog=examples("tracker demo"),
    )(demo)


def demo(ctx: typer.Context) -> None:
    """See it all work on a bundled archive, offline.

    It holds half a year of the TikTok affair of 2020, served on this computer alone and polled in
    steps of time, into a folder that is removed at the end.
    """
    raise NotImplementedError(ctx)
