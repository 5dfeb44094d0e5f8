"""One table of keys feeds bindings, help, list of actions, line of keys and documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from newsroom import Driver, driven, fill
from textual.binding import Binding

from tracker.cli.app import app as command_line
from tracker.tui import keys
from tracker.tui.screen.main import Main
from tracker.tui.screen.panes import Panes

ROOT = Path(__file__).parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "t.db")
    return tmp_path / "t.db"


def test_no_key_does_two_things() -> None:
    every = [key for each in keys.every() for key in each.keys]
    assert sorted(every) == sorted(set(every))


def test_every_action_is_one_of_the_screen_and_is_bound() -> None:
    bound = {each.action for each in Panes.BINDINGS if isinstance(each, Binding)}
    assert {key.action for key in keys.every()} <= bound
    assert [key.action for key in keys.every() if not hasattr(Main, f"action_{key.action}")] == []


def test_every_key_with_ctrl_has_a_plain_twin() -> None:
    assert [
        each.action for each in keys.every() if all(key.startswith("ctrl") for key in each.keys)
    ] == []


@pytest.mark.parametrize(
    "key", [key for key in keys.every() if key.command], ids=lambda key: key.action
)
def test_the_command_of_a_key_is_one(key: keys.Key) -> None:
    command: Any = typer.main.get_command(command_line)
    for word in key.command.split()[1:]:
        if word.startswith("-"):
            assert word in {"--help", *(name for param in command.params for name in param.opts)}
        else:
            command = command.commands[word]


def test_all_that_reads_or_changes_has_a_command() -> None:
    lacking = {
        key.action
        for group in (keys.READ, keys.CHANGE, keys.REST)
        for key in keys.KEYS[group]
        if not key.command
    }
    assert lacking == {"quit"}


def test_every_key_is_in_the_help(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("?")
        shown = {row.key for row in view.app.screen.query_one("#options").rows}  # type: ignore[attr-defined]
        assert {key.action for key in keys.every()} - shown == set()

    driven(path, steps, story="bridge-repair")


def test_what_needs_a_report_is_not_offered_without_one(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("?")
        shown = {row.key for row in view.app.screen.query_one("#options").rows}  # type: ignore[attr-defined]
        assert not {"accept", "reject", "why", "copy"} & shown
        assert {"mute", "close", "follow"} <= shown

    driven(path, steps)


def test_typing_filters_the_help_and_enter_runs_the_action(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("?", *"oldest", "enter")
        assert view.main.oldest_first
        await view.press(":", *"zzz", "enter")
        assert "Nothing matches; Esc goes back." in view.text()

    driven(path, steps, story="bridge-repair")


def test_every_action_of_the_help_runs(path: Path) -> None:
    left_out = {"quit", "help", "browse", "poll"}  # they have tests of their own

    async def steps(view: Driver) -> None:
        for action in [key.action for key in keys.every() if key.action not in left_out]:
            view.main._chosen(action)  # noqa: SLF001 - as the help does
            await view.settle()
            assert view.app.is_running
            while len(view.app.screen_stack) > 1:
                view.app.pop_screen()
                await view.settle()
            view.main.rows_of(view.main.pane).focus()

    driven(path, steps, story="bridge-repair")


def test_the_document_has_the_table() -> None:
    assert keys.table() in (ROOT / "docs" / "tui.md").read_text("utf-8")


def test_keys_move_over_rows_days_and_panes(path: Path) -> None:
    async def steps(view: Driver) -> None:
        first = view.cursor()
        await view.press("j")
        second = view.cursor()
        assert second != first
        await view.press("k")
        assert view.cursor() == first
        await view.press("G", "g")
        assert view.cursor() == first
        await view.press("[")
        assert view.cursor() == second
        await view.press("]")
        assert view.cursor() == first
        await view.press("]")
        assert "There is no later day." in view.text()
        for key, pane in (("l", "reading"), ("h", "timeline"), ("3", "reading"), ("2", "timeline")):
            await view.press(key)
            assert view.main.pane == pane
        await view.press("escape")
        assert view.main.pane == "stories"

    driven(path, steps, story="bridge-repair")


def test_space_at_the_end_goes_to_what_is_new(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("G", "space")
        assert view.main.selected.development.new

    driven(path, steps, story="bridge-repair")
