"""`tui`: the full-screen view."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.complete import story_slugs
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.terminal import complain
from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "tui",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples("tracker tui", "tracker tui tiktok-acquisition"),
    )(tui)


def tui(
    ctx: typer.Context,
    story: Annotated[
        str | None,
        typer.Argument(
            help="The story to open; the list of all without it.",
            autocompletion=story_slugs,
            metavar="[STORY]",
        ),
    ] = None,
) -> None:
    """Read, correct and follow in full screen, with keys.

    Press ? there for all keys. A story counts as seen once you leave it; z takes any change back.
    It needs the extra tui. TRACKER_THEME=light suits a light terminal.
    """
    open_view(session(ctx), story)


def open_view(
    here: Session, story: str | None, clock: Callable[[], datetime] | None = None
) -> None:
    """Open the full-screen view; `clock` is what it takes for the present, None for the real one.

    Raises UsageError where there is no terminal or the extra is missing, NotFoundError for a story
    that does not exist.
    """
    check_terminal()
    from tracker.store.following import stories
    from tracker.tui.screen.app import run
    from tracker.tui.work.data import Setup

    slug = None
    with here.database() as db:
        if story is not None:
            slug = stories.find(db, story, here.now).slug
    setup = Setup(here.db_path, here.feeds_path, clock or _real_clock, here.zone, slug)
    if problem := run(setup, no_color=here.no_color):
        complain(problem)


def check_terminal() -> None:
    """Raise UsageError where the view cannot run: no terminal, or no Textual."""
    from importlib.util import find_spec

    # Textual reads keys from stdin and draws on stderr, or on stdout where that is Windows.
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream.isatty() for stream in streams) or os.environ.get("TERM") == "dumb":
        raise UsageError(
            "The full-screen view needs a terminal; tracker timeline shows the same as text."
        )
    if find_spec("textual") is None:
        raise UsageError(
            "The full-screen view needs the extra tui: pip install 'tracker[tui]'; tracker timeline"
            " does without."
        )


def _real_clock() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)
