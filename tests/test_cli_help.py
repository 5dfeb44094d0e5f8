"""Help: every command explains itself and shows an example; wrong use is one sentence."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from tracker import __version__
from tracker.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator


def walk(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield words, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, (*words, name))


COMMANDS = dict(walk(typer.main.get_command(app)))
# The environment of whoever runs the tests must not colour or widen a page.
ENV = {"COLUMNS": "80", "NO_COLOR": "1", "FORCE_COLOR": ""}


def run(*words: str, **env: str) -> Any:
    return CliRunner(env=ENV | env).invoke(app, list(words), prog_name="tracker")


def page(*words: str) -> str:
    done = run(*words, "--help")
    assert done.exit_code == 0
    return str(done.stdout)


def test_the_commands_of_the_tool_are_there() -> None:
    assert {" ".join(words) for words in COMMANDS} >= {
        "follow",
        "timeline",
        "stories",
        "search",
        "why",
        "accept",
        "reject",
        "undo",
        "rematch",
        "poll",
        "demo",
        "feeds ls",
        "feeds add",
        "feeds rm",
        "feeds import",
        "feeds export",
        "story show",
        "story edit",
        "story mute",
        "story close",
        "story reopen",
        "story rm",
    }


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_shows_an_example_of_itself(words: tuple[str, ...]) -> None:
    said = page(*words)
    after = said.partition("Examples:\n")[2].splitlines()
    assert after
    assert all(" ".join(("tracker", *words)) in line for line in after if line.strip())


@pytest.mark.parametrize("words", COMMANDS)
def test_every_example_names_a_command_and_options_that_exist(words: tuple[str, ...]) -> None:
    for line in page(*words).partition("Examples:\n")[2].splitlines():
        if "tracker" not in line:
            continue
        typed = shlex.split(line[line.index("tracker") :].partition("    ")[0])[1:]
        named = max((w for w in COMMANDS if tuple(typed[: len(w)]) == w), key=len)
        options = {o for p in COMMANDS[named].params for o in (*p.opts, *p.secondary_opts)}
        assert {t for t in typed if t.startswith("--")} <= {*options, "--"}


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_is_explained(words: tuple[str, ...]) -> None:
    assert all(param.help for param in COMMANDS[words].params)


@pytest.mark.parametrize("words", COMMANDS)
def test_help_fits_80_columns_and_needs_no_colour(words: tuple[str, ...]) -> None:
    said = page(*words)
    assert "\x1b" not in said
    before = said.partition("Examples:\n")[0]
    assert max(map(len, before.splitlines())) <= 80


@pytest.mark.parametrize("words", COMMANDS)
def test_no_help_shows_a_range_as_a_formula(words: tuple[str, ...]) -> None:
    assert "x>=" not in page(*words)


@pytest.mark.parametrize("words", [w for w in COMMANDS if w])
def test_a_command_is_described_in_one_uncut_line(words: tuple[str, ...]) -> None:
    *above, name = words
    (line,) = [
        row
        for row in page(*above).splitlines()
        if row.startswith(f"  {name} ") and "tracker" not in row
    ]
    assert line.endswith(".")
    assert not line.endswith("...")


def test_h_is_help() -> None:
    assert run("timeline", "-h").stdout == page("timeline")


def test_without_a_command_help_is_shown() -> None:
    done = run()
    assert done.exit_code == 0
    assert done.stdout == page()


def test_the_version_is_printed() -> None:
    done = run("--version")
    assert (done.exit_code, done.stdout) == (0, f"tracker {__version__}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("timelin",), "tracker: No such command 'timelin'. Did you mean 'timeline'? See "),
        (("timeline", "--nwe"), "tracker: No such option: --nwe"),
        (("timeline", "--limit", "x"), "tracker: Invalid value for '--limit'"),
        (("timeline", "--limit", "-3"), "tracker: Invalid value for '--limit': -3 is less "),
        (("follow",), "tracker: Missing argument 'QUERY...'"),
        (("why", "a-story"), "tracker: Missing argument 'ITEM'"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_2(words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(said)
    assert done.stderr.endswith("--help.\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("search", "-title:x", "Macron"), "query: tracker search -- WORDS -title:x. See "),
        (("follow", "TikTok", "-hello"), "query: tracker follow -- WORDS -hello. See "),
        (("follow", '-"data centre"'), "query: tracker follow -- WORDS '-\"data centre\"'. See "),
        (("story", "edit", "s", "--query", "a", "-b"), "all of it: --query 'WORDS -b'. See "),
    ],
)
def test_an_excluded_word_that_is_taken_for_options_is_told_how_to_write(
    words: tuple[str, ...], told: str
) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert done.stderr.startswith("tracker: No such option: -")
    assert "; for a query that leaves something out, " in done.stderr
    assert told in done.stderr


@pytest.mark.parametrize("words", [("timeline", "-x"), ("search", "--titel", "x")])
def test_other_unknown_options_have_nothing_to_do_with_queries(words: tuple[str, ...]) -> None:
    assert "query" not in run(*words).stderr


def test_a_group_without_a_command_shows_its_help_and_fails() -> None:
    done = run("story")
    assert done.exit_code == 2
    assert "Examples:" in done.stderr


def test_help_has_bold_headings_where_colour_is_forced() -> None:
    done = CliRunner(env={"FORCE_COLOR": "1", "NO_COLOR": ""}).invoke(
        app, ["poll", "--help"], prog_name="tracker", color=True
    )
    assert "\x1b[1mUsage:\x1b[0m" in done.stdout
    assert "\x1b[1mExamples:\x1b[0m" in done.stdout
    assert "\x1b" not in run("poll", "--help", "--no-color", FORCE_COLOR="1", NO_COLOR="").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_set_up_for_a_shell(shell: str) -> None:
    done = run(_TRACKER_COMPLETE=f"source_{shell}")
    assert done.exit_code == 0
    assert "_TRACKER_COMPLETE=complete_" in done.stdout


def test_commands_are_completed() -> None:
    done = run(_TRACKER_COMPLETE="complete_bash", COMP_WORDS="tracker t", COMP_CWORD="1")
    assert done.stdout.split() == ["timeline", "tui"]
