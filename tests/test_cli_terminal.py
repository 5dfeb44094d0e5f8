"""The terminal: colours by their variables, links, the pager, and the same text everywhere."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from making import NOON, bring

from tracker.cli.invocation.pager import is_longer_than_screen, pager_of, passes_links
from tracker.cli.invocation.terminal import wants_colour
from tracker.errors import UsageError
from tracker.model.polling import FeedSource, PollReport
from tracker.services import follow
from tracker.services.linking import Linker
from tracker.store.database import connect, opened
from tracker.store.polling import feeds, polls
from tracker.views.text import width_of

ROOT = Path(__file__).parents[1]
SEQUENCES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")
TIMELINE = ("timeline", "zorblax", "--peek", "--limit", "0")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a story of 40 developments, more than a screen holds."""
    folder = tmp_path_factory.mktemp("home")
    db = connect(folder / "t.db")
    feeds.take_in(db, [FeedSource("https://a.example/")], {}, "")
    for number in range(40):
        at = NOON.replace(year=2000 + number % 20, month=1 + number // 20)
        bring(db, f"Zorblax opens factory {number * 7919} 中国 ❤️", at=at)
    db.execute("UPDATE feeds SET items = 40")
    Linker(db, NOON, lambda *_: None).link()
    follow.follow(db, "Zorblax", NOON, since=None)
    db.close()
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    own = {"HOME": str(home), "TRACKER_DB": str(home / "t.db"), "PYTHONPATH": str(ROOT)}
    own |= {"TRACKER_FEEDS": str(home / "feeds.yaml"), "TERM": "xterm-256color"}
    return kept | own | {"COLUMNS": "80", "LINES": "24", "LANG": "C.UTF-8"} | more


def piped(home: Path, *words: str, **more: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


def on_terminal(
    home: Path, *words: str, typed: tuple[str, bytes] | None = None, **more: Any
) -> tuple[int, str]:
    """Run a command on a terminal; what is `typed` is, once what it waits for is written."""
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, "-m", "tracker", *words]
        os.execve(sys.executable, command, environment(home, **more))  # noqa: S606 - ours
    written = b""
    # Linux reports EIO where the other end of a terminal is closed.
    with contextlib.suppress(OSError):
        while True:
            asked = typed is not None and typed[0].encode() in written
            # The program begins to read after it has written, and may miss what is typed before.
            if typed and asked and not select.select([terminal], [], [], 0.3)[0]:
                os.write(terminal, typed[1])
            elif piece := os.read(terminal, 65536):
                written += piece
            else:
                break
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), written.decode().replace("\r\n", "\n")


def program(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


# --- colours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": "0"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, True, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "3"}, False, True),
        ({"FORCE_COLOR": "true"}, False, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "false"}, True, False),
        ({"FORCE_COLOR": ""}, True, True),
        ({"FORCE_COLOR": ""}, False, False),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR_FORCE": "0"}, False, False),
        ({"CLICOLOR_FORCE": "0"}, True, True),
        ({"CLICOLOR_FORCE": ""}, False, False),
        ({"CLICOLOR_FORCE": "1", "FORCE_COLOR": "0"}, False, True),
        ({"CLICOLOR_FORCE": "0", "FORCE_COLOR": "1"}, False, True),
        ({"CLICOLOR": "0"}, True, False),
        ({"CLICOLOR": "1"}, True, True),
        ({"CLICOLOR": "1"}, False, False),
        ({"CLICOLOR": ""}, True, True),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR": "0", "FORCE_COLOR": "1"}, False, True),
    ],
)
def test_colour_follows_the_variables(
    environ: dict[str, str],
    terminal: bool,  # noqa: FBT001 - a column of the table
    wanted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert wants_colour(environ, terminal=terminal) is wanted


def test_forced_colour_is_piped_without_links(home: Path) -> None:
    said = piped(home, *TIMELINE, FORCE_COLOR="1")
    assert "\x1b[1;32m" in said
    assert "\x1b]8" not in said


# --- the same text everywhere ---------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["60", "80", "120", "200"])
def test_a_timeline_is_the_same_text_on_a_terminal_in_a_pager_and_in_a_pipe(
    home: Path, tmp_path: Path, columns: str
) -> None:
    pager = program(tmp_path, "pager", f"cat > {tmp_path}/paged")
    text = piped(home, *TIMELINE, COLUMNS=columns)
    assert max(map(width_of, text.splitlines())) <= int(columns)
    assert piped(home, *TIMELINE, COLUMNS=columns, NO_COLOR="1") == text
    _, coloured = on_terminal(home, *TIMELINE, "--no-pager", COLUMNS=columns)
    assert "\x1b]8;" in coloured
    assert SEQUENCES.sub("", coloured) == text
    _, bare = on_terminal(home, *TIMELINE, "--no-pager", COLUMNS=columns, NO_COLOR="1")
    assert bare == text
    on_terminal(home, *TIMELINE, COLUMNS=columns, TRACKER_PAGER=pager)
    assert SEQUENCES.sub("", (tmp_path / "paged").read_text("utf-8")) == text


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "env", [{"TRACKER_LINKS": "0"}, {"TERM": "linux"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}]
)
def test_links_can_be_declined(home: Path, env: dict[str, Any]) -> None:
    _, written = on_terminal(home, *TIMELINE, "--no-pager", **env)
    assert "Zorblax" in written
    assert "\x1b]8" not in written


def test_a_headline_is_a_link_to_its_article(home: Path) -> None:
    _, written = on_terminal(home, "timeline", "zorblax", "--peek", "--limit", "1", "--no-pager")
    assert re.search(r"\x1b]8;[^;]*;https://outlet\d+\.example/\d+\x1b\\", written)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "",
        "https://a.example/\x1b]8;;https://evil/\x07",
    ],
)
def test_an_address_cannot_end_its_link_nor_lead_elsewhere(
    home: Path, tmp_path: Path, url: str
) -> None:
    (tmp_path / "t.db").write_bytes((home / "t.db").read_bytes())
    with contextlib.closing(connect(tmp_path / "t.db")) as db:
        db.execute("UPDATE items SET url = ?", (url,))
    _, written = on_terminal(tmp_path, *TIMELINE, "--no-pager")
    assert not re.search(r"javascript|file:///|\x07|;https://evil", written)


# --- the pager ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, ["less"]),
        ({"PAGER": "more"}, ["more"]),
        ({"PAGER": "more", "TRACKER_PAGER": "bat -p"}, ["bat", "-p"]),
        ({"PAGER": "more", "TRACKER_PAGER": ""}, []),
        ({"PAGER": ""}, []),
        ({"PAGER": "cat"}, []),
        ({"TRACKER_PAGER": "cat"}, []),
        ({"PAGER": "'my pager' -x"}, ["my pager", "-x"]),
    ],
)
def test_the_pager_is_that_of_the_environment(environ: dict[str, str], words: list[str]) -> None:
    assert pager_of(environ) == words


def test_a_pager_that_cannot_be_read_is_named_with_its_variable() -> None:
    with pytest.raises(UsageError, match="TRACKER_PAGER 'less \"' cannot be read"):
        pager_of({"TRACKER_PAGER": 'less "'})


def test_links_are_for_pagers_that_pass_them_on() -> None:
    assert passes_links([])
    assert passes_links(["/usr/bin/less", "-S"])
    assert not passes_links(["more"])


def test_the_prompt_has_to_fit_on_the_screen_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "80")
    assert not is_longer_than_screen("\n".join("x" * 9), 80)
    assert is_longer_than_screen("\n".join("x" * 10), 80)
    assert is_longer_than_screen("x" * 799 + "y", 80)


@pytest.mark.parametrize("words", [TIMELINE, ("search", "Zorblax", "--limit", "0")])
def test_what_is_longer_than_the_screen_goes_through_the_pager(
    home: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    pager = program(tmp_path, "pager", 'echo PAGED; cat; echo "[$LESS|$LV|$PAGER]"')
    code, written = on_terminal(home, *words, TRACKER_PAGER=pager, PAGER="other")
    assert code == 0
    assert written.startswith("PAGED\n")
    assert written.endswith("[FRX|-c|]\n")
    _, written = on_terminal(home, *words, TRACKER_PAGER=pager, LESS="S", LV="")
    assert written.endswith("[S||]\n")


@pytest.mark.parametrize("less", ["-i", ""])
def test_less_passes_colours_on_whatever_its_options_are(
    home: Path, tmp_path: Path, less: str
) -> None:
    pager = program(tmp_path, "less", 'cat >/dev/null; echo "$LESS|$@"')
    _, written = on_terminal(home, *TIMELINE, TRACKER_PAGER=f"{pager} -S", LESS=less)
    assert written == f"{less}|-R -S\n"


@pytest.mark.parametrize(
    ("words", "env"),
    [
        ((*TIMELINE, "--no-pager"), {}),
        (("timeline", "zorblax", "--peek", "--limit", "1"), {}),
        (("timeline", "zorblax", "--peek", "--json"), {}),
        (TIMELINE, {"LINES": "500"}),
        (TIMELINE, {"TERM": "dumb"}),
        (("stories",), {}),
    ],
)
def test_what_fits_or_is_for_programs_goes_without_pager(
    home: Path, tmp_path: Path, words: tuple[str, ...], env: dict[str, Any]
) -> None:
    pager = program(tmp_path, "pager", "echo PAGED; cat")
    code, written = on_terminal(home, *words, **{"TRACKER_PAGER": pager} | env)
    assert (code, "PAGED" in written) == (0, False)
    assert "zorblax" in written.casefold()


def test_what_is_piped_goes_without_pager(home: Path, tmp_path: Path) -> None:
    pager = program(tmp_path, "pager", "echo PAGED; cat")
    assert "PAGED" not in piped(home, *TIMELINE, TRACKER_PAGER=pager)


def test_a_pager_that_is_left_early_is_no_error(home: Path, tmp_path: Path) -> None:
    pager = program(tmp_path, "pager", "head -1 >/dev/null; exit 3")
    assert on_terminal(home, *TIMELINE, TRACKER_PAGER=pager) == (0, "")


def test_less_is_left_by_its_key_without_an_error(home: Path) -> None:
    if not any(Path(folder, "less").exists() for folder in os.environ["PATH"].split(":")):
        pytest.skip("less is not installed")
    code, written = on_terminal(home, *TIMELINE, typed=("\n:", b"q"))
    assert code == 0
    assert "tracker:" not in written
    assert written.count("Zorblax opens") < 40


def test_an_interrupt_is_the_pagers(home: Path, tmp_path: Path) -> None:
    pager = program(
        tmp_path,
        "pager",
        "trap 'echo CAUGHT; exit 0' INT; echo READY; cat >/dev/null; sleep 20 & wait",
    )
    code, written = on_terminal(home, *TIMELINE, TRACKER_PAGER=pager, typed=("READY", b"\x03"))
    assert (code, "CAUGHT" in written, "Interrupted" in written) == (0, True, False)


def test_without_its_pager_a_timeline_is_written_all_the_same(home: Path) -> None:
    code, written = on_terminal(home, *TIMELINE, TRACKER_PAGER="/no/such/pager")
    assert code == 0
    assert "The pager /no/such/pager cannot be started" in written
    assert "Zorblax" in written


# --- the first page -------------------------------------------------------------------------------


def test_without_a_command_a_terminal_shows_the_first_page(home: Path) -> None:
    code, written = on_terminal(home, NO_COLOR="1")
    assert code == 0
    assert written.startswith("40 new developments in 1 story · never polled\n\nZorblax  40 new\n")
    assert "  tracker timeline zorblax " in written
    assert written.count("● ") == 3
    assert on_terminal(home, NO_COLOR="1")[1] == written, "nothing is marked as seen"


def test_without_a_command_a_pipe_gets_the_help(home: Path) -> None:
    assert piped(home).startswith("Usage: tracker [OPTIONS] COMMAND")
    assert piped(home) == piped(home, "--help")


def test_the_first_page_of_a_new_user_says_how_to_begin(tmp_path: Path) -> None:
    code, written = on_terminal(tmp_path, NO_COLOR="1")
    assert code == 0
    assert written.startswith("You follow no story yet.\n  tracker feeds add ")


def test_a_feed_list_that_was_never_polled_counts_as_feeds(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("feeds:\n  - url: https://a.example/\n", "utf-8")
    _, written = on_terminal(tmp_path, NO_COLOR="1")
    assert "tracker feeds add" not in written
    assert "tracker poll" in written


def test_the_first_page_that_is_longer_than_the_screen_goes_through_the_pager(
    home: Path, tmp_path: Path
) -> None:
    pager = program(tmp_path, "pager", "echo PAGED; cat")
    _, written = on_terminal(home, LINES="5", TRACKER_PAGER=pager)
    assert written.startswith("PAGED\n")
    _, written = on_terminal(home, "--no-pager", LINES="5", TRACKER_PAGER=pager)
    assert "PAGED" not in written


def test_the_first_page_says_when_the_last_poll_was(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        feeds.take_in(db, [FeedSource("https://a.example/")], {}, "")
        follow.follow(db, "Zorblax", NOON)
        polls.record(db, PollReport(NOON, 0.1, 1, 0, 0, 0, 0, 0, ()))
    _, written = on_terminal(tmp_path, NO_COLOR="1")
    assert written.startswith("Nothing new · last poll ")
    assert "tracker feeds add" not in written
