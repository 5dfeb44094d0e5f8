"""The command line: one `Typer`, and the options that stand before a command."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from tracker.cli.invocation.base import Root, examples
from tracker.cli.invocation.options import Pager
from tracker.cli.invocation.terminal import emit
from tracker.cli.registry import PARTS, Commands
from tracker.version import __version__


def _version(value: bool) -> None:
    if value:
        emit(f"tracker {__version__}")
        raise typer.Exit


class _Tool(Root):
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        self.commands = Commands(PARTS)  # type: ignore[assignment]  # it is only read


# rich_markup_mode None: typer's boxes cost 70 ms more at every --help, half of that for a Markdown
# parser; the sections of base.py say the same without them.
app = typer.Typer(
    name="tracker",
    cls=_Tool,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "tracker",
        "tracker feeds add https://www.theverge.com",
        'tracker follow "TikTok acquisition"',
        "tracker poll",
        "tracker timeline tiktok-acquisition",
    ),
)


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
    pager: Pager = True,
) -> None:
    """Follow a news story: from your feeds, in their languages, each development once.

    Without a command, a terminal shows what is new and what may be typed next.
    """
    del version
    if ctx.invoked_subcommand is not None:
        return
    if not sys.stdout.isatty():  # a program that calls it asks what it can do
        emit(ctx.get_help())
        return
    from tracker.cli.commands.stories import dashboard
    from tracker.cli.invocation.context import session

    dashboard(session(ctx), pager=pager)
