"""The commands by name, each loaded once it is asked for.

To import all of them and to have typer read their options takes 23 ms, and a command line names
one. Help names all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Commands(Mapping[str, Any]):
    """What typer makes of the commands that `parts` add to an app, in the order of `parts`."""

    def __init__(self, parts: Mapping[str, Callable[[typer.Typer], None]]) -> None:
        self._parts = parts
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - click's own type
        if name not in self._made:
            part = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
            self._parts[name](part)
            self._made.update(get_group(part).commands)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def _follow(app: typer.Typer) -> None:
    from tracker.cli.commands import follow

    follow.register(app)
    follow.register_rematch(app)


def _read(app: typer.Typer) -> None:
    from tracker.cli.commands import read

    read.register(app)


def _export(app: typer.Typer) -> None:
    from tracker.cli.commands import export

    export.register(app)


def _stories(app: typer.Typer) -> None:
    from tracker.cli.commands import stories

    stories.register(app)
    stories.register_corrections(app)


def _review(app: typer.Typer) -> None:
    from tracker.cli.commands import review

    review.register(app)


def _story(app: typer.Typer) -> None:
    from tracker.cli.commands import story

    app.add_typer(story.app, name="story", rich_help_panel="Stories")


def _poll(app: typer.Typer) -> None:
    from tracker.cli.commands import poll

    poll.register(app)


def _feeds(app: typer.Typer) -> None:
    from tracker.cli.commands.feeds import group

    app.add_typer(group.app, name="feeds", rich_help_panel="Feeds")


def _schedule(app: typer.Typer) -> None:
    from tracker.cli.commands import schedule

    app.add_typer(schedule.app, name="schedule", rich_help_panel="Feeds")


def _notify(app: typer.Typer) -> None:
    from tracker.cli.commands import notify

    app.add_typer(notify.app, name="notify", rich_help_panel="Feeds")


def _digest(app: typer.Typer) -> None:
    from tracker.cli.commands import digest

    digest.register(app)


def _backup(app: typer.Typer) -> None:
    from tracker.cli.commands.care import backup

    backup.register(app)


def _doctor(app: typer.Typer) -> None:
    from tracker.cli.commands.care import doctor

    doctor.register(app)


def _purge(app: typer.Typer) -> None:
    from tracker.cli.commands.care import purge

    purge.register(app)


def _config(app: typer.Typer) -> None:
    from tracker.cli.commands.care import config

    app.add_typer(config.app, name="config", rich_help_panel="Care")


def _tui(app: typer.Typer) -> None:
    from tracker.cli.commands import tui

    tui.register(app)


def _mcp(app: typer.Typer) -> None:
    from tracker.cli.commands import mcp

    mcp.register(app)


def _demo(app: typer.Typer) -> None:
    from tracker.cli.commands import demo

    demo.register(app)


# In the order of the help page.
PARTS: Mapping[str, Callable[[typer.Typer], None]] = {
    "follow": _follow,
    "timeline": _read,
    "search": _read,
    "why": _read,
    "stories": _stories,
    "digest": _digest,
    "tui": _tui,
    "export": _export,
    "accept": _stories,
    "reject": _stories,
    "review": _review,
    "skip": _review,
    "undo": _stories,
    "rematch": _follow,
    "story": _story,
    "poll": _poll,
    "feeds": _feeds,
    "schedule": _schedule,
    "notify": _notify,
    "doctor": _doctor,
    "repair": _doctor,
    "backup": _backup,
    "restore": _backup,
    "purge": _purge,
    "config": _config,
    "mcp": _mcp,
    "demo": _demo,
}
