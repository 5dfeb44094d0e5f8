"""`mcp`: what tracker knows, for an assistant."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import Session, session
from tracker.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "mcp",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples(
            "tracker mcp     (as an assistant's program starts it)",
            "tracker mcp --allow follow,mark_seen",
        ),
    )(mcp)


def mcp(
    ctx: typer.Context,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            help="Let it also follow, accept, reject, undo, mute, close, reopen, mark_seen or poll;"
            " joined by commas, or all.",
            metavar="TOOL",
        ),
    ] = None,
) -> None:
    """Let an assistant read your stories (MCP).

    It speaks the Model Context Protocol over stdin and stdout with the program that starts it, and
    listens on no port. An assistant can ask for stories, news, timelines, reasons, articles,
    searches and the health of feeds. It changes nothing but what --allow names, and marks nothing
    as seen. It needs the extra mcp. Register it with one of these; a program that does not find
    tracker needs its full path, which `command -v tracker` prints.

    \b
    Claude Code:
      claude mcp add tracker -- tracker mcp
    Claude Desktop, in claude_desktop_config.json (Settings, Developer):
      {"mcpServers": {"tracker": {"command": "tracker", "args": ["mcp"]}}}
    VS Code, in .vscode/mcp.json:
      {"servers": {"tracker":
        {"type": "stdio", "command": "tracker", "args": ["mcp"]}}}
    """  # noqa: D301 - the character itself keeps the lines below it apart
    from tracker.assistant.desk import allowed

    names = allowed(allow or ())
    here = session(ctx)
    _check()
    _serve(here, names)


def _check() -> None:
    """Raise UsageError where the server cannot run: at a terminal, or without the SDK."""
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        raise UsageError("tracker mcp needs the extra mcp: pip install 'tracker[mcp]'.")
    if sys.stdin.isatty():
        raise UsageError(
            "tracker mcp talks with an assistant's program, not with a person; tracker mcp --help"
            " shows how to register it there."
        )


def _serve(here: Session, names: frozenset[str]) -> None:
    import signal
    from datetime import UTC, datetime

    from tracker.assistant.desk import Desk

    with here.database():
        pass  # what is wrong with it is said before an assistant waits for answers
    overrides = here.overrides
    desk = Desk(
        here.db_path, here.feeds_path, lambda: datetime.now(UTC), here.zone, overrides, names
    )
    from tracker.assistant.stdio import serve

    # The SDK reads stdin in a thread, for which Python would wait: Ctrl-C would end nothing before
    # the next line. Changes are transactions, so that an end at any moment loses nothing.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    serve(desk)
