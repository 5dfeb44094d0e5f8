"""The command line: one `Typer` of all the groups of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker import __version__
from tracker.cli import demo, feeds, follow, poll, read, stories, story
from tracker.cli.base import Root, examples
from tracker.cli.terminal import emit


def _version(value: bool) -> None:
    if value:
        emit(f"tracker {__version__}")
        raise typer.Exit


# rich_markup_mode None: typer's boxes cost 70 ms more at every --help, half of that for a Markdown
# parser; the sections of base.py say the same without them.
app = typer.Typer(
    name="tracker",
    cls=Root,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
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
) -> None:
    """Follow a news story: from your feeds, in their languages, each development once."""
    del version
    if ctx.invoked_subcommand is None:
        emit(ctx.get_help())


follow.register(app)
read.register(app)
stories.register(app)
stories.register_corrections(app)
app.add_typer(story.app, name="story", rich_help_panel="Stories")
follow.register_rematch(app)
poll.register(app)
app.add_typer(feeds.app, name="feeds", rich_help_panel="Feeds")
demo.register(app)
