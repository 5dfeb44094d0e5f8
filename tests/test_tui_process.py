"""The full-screen view as a program: in a terminal, without one, and without its extra."""

from __future__ import annotations

import ctypes
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from newsroom import NOW, fill
from publishing import Publisher

from tracker.store.database import opened
from tracker.store.following import timelines

ROOT = Path(__file__).parent.parent
WAIT_IN_SECONDS = 20.0
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h


def obey_permissions() -> None:
    """Take from root the right to write where permissions forbid it."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


class Terminal:
    """A program in a terminal of its own; `seen` is all that it wrote."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process = process
        self.terminal = terminal
        self.seen = ""

    def read(self, seconds: float) -> bool:
        """Read what comes within some time; return false at the end."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.terminal, 65_536)
        except OSError:  # what Linux says at the end
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)

    def until(self, words: str) -> None:
        """Read until the words were written."""
        end = time.monotonic() + WAIT_IN_SECONDS
        while words not in self.seen:
            assert time.monotonic() < end, self.seen
            assert self.read(0.1) or words in self.seen, self.seen

    def type(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def code(self) -> int:
        """Wait for the end, and return the exit code."""
        end = time.monotonic() + WAIT_IN_SECONDS
        while self.read(0.1) and self.process.poll() is None:
            assert time.monotonic() < end, self.seen
        return self.process.wait(WAIT_IN_SECONDS)


@contextmanager
def terminal(
    folder: Path,
    *words: str,
    size: tuple[int, int] = (80, 24),
    obedient: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """Run tracker in a terminal with a home of its own; `obedient` takes root's rights from it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "PYTHONPATH"} or name.startswith("COVERAGE")
    }
    wanted = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})}
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "--db", str(folder / "t.db"), *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        start_new_session=True,
        env=kept | {"HOME": str(folder)} | wanted,
        preexec_fn=obey_permissions if obedient else None,  # noqa: PLW1509 - one thread
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path / "t.db")
    return tmp_path


def unread(folder: Path) -> dict[str, int]:
    with opened(folder / "t.db") as db:
        return {each.story.slug: each.unread for each in timelines.summaries(db, NOW)}


def test_it_opens_reads_and_ends_with_q(folder: Path) -> None:
    with terminal(folder, "tui") as shell:
        shell.until("Bridge repair")
        shell.type("q")
        assert shell.code() == 0
        assert "\x1b[?1049l" in shell.seen  # the screen from before is back
        assert "Traceback" not in shell.seen


def test_a_story_that_is_open_at_the_end_is_seen(folder: Path) -> None:
    with terminal(folder, "tui", "bridge-repair") as shell:
        shell.until("Bridge will be repaired")
        shell.type("q")
        assert shell.code() == 0
    assert unread(folder) == {
        "bridge-repair": 0,
        "ferry-timetable": 3,
        "lighthouse-museum": 0,
        "tram-line-to-the-harbour": 0,
    }


def test_ctrl_c_ends_it_wherever_it_is(folder: Path) -> None:
    with terminal(folder, "tui") as shell:
        shell.until("Bridge repair")
        shell.type("f")
        shell.until("Follow a story")
        shell.type("\x03")
        assert shell.code() == 0


def test_the_colours_are_those_of_the_terminal(folder: Path) -> None:
    with terminal(folder, "tui", "bridge-repair") as shell:
        shell.until("Bridge will be repaired")
        shell.type("q")
        shell.code()
    assert re.search(r"\x1b\[[\d;]*3[0-7][;m]", shell.seen)
    assert not re.search(r"\x1b\[[\d;]*[34]8;", shell.seen), "neither 256 colours nor RGB"


@pytest.mark.parametrize("how", ["option", "variable"])
def test_no_color_is_obeyed(folder: Path, how: str) -> None:
    words = ["--no-color"] if how == "option" else []
    environment = {} if how == "option" else {"NO_COLOR": "1"}
    with terminal(folder, "tui", *words, environment=environment) as shell:
        shell.until("Bridge repair")
        shell.type("q")
        shell.code()
    assert not re.search(r"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9\d)[;m]", shell.seen)


def test_an_empty_no_color_is_none(folder: Path) -> None:
    with terminal(folder, "tui", environment={"NO_COLOR": ""}) as shell:
        shell.until("Bridge repair")
        shell.type("q")
        shell.code()
    assert re.search(r"\x1b\[[\d;]*3[0-7][;m]", shell.seen)


def piped(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", "--db", str(folder / "t.db"), *words],
        cwd=ROOT,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("words", [("tui",), ("demo", "--tui")])
def test_without_a_terminal_it_names_the_timeline(folder: Path, words: tuple[str, ...]) -> None:
    done = piped(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "tracker: The full-screen view needs a terminal; tracker timeline shows the same as text.\n"
    )


def test_a_dumb_terminal_is_none(folder: Path) -> None:
    with terminal(folder, "tui", environment={"TERM": "dumb"}) as shell:
        assert shell.code() == 2
        assert "tracker timeline shows the same" in " ".join(shell.seen.split())
        assert "\x1b" not in shell.seen


def test_without_the_extra_it_says_how_to_install_it(folder: Path, tmp_path: Path) -> None:
    hiding = tmp_path / "sitecustomize.py"
    hiding.write_text(
        "import importlib.machinery as m\n"
        "found = m.PathFinder.find_spec\n"
        "m.PathFinder.find_spec = classmethod(lambda cls, name, *rest: None"
        " if name.startswith('textual') else found(name, *rest))\n",
        "utf-8",
    )
    without = {"PYTHONPATH": str(tmp_path)}
    with terminal(folder, "tui", size=(200, 24), environment=without) as shell:
        assert shell.code() == 2
    assert shell.seen.strip() == (
        "tracker: The full-screen view needs the extra tui: pip install 'tracker[tui]'; "
        "tracker timeline does without."
    )


def test_an_unknown_story_is_named_before_the_screen_changes(folder: Path) -> None:
    with terminal(folder, "tui", "brige-repair") as shell:
        assert shell.code() == 1
        assert "did you mean 'bridge-repair'?" in shell.seen
        assert "\x1b[?1049h" not in shell.seen


def test_a_database_of_a_later_version_is_named_before_the_screen_changes(folder: Path) -> None:
    with opened(folder / "t.db") as db:
        db.execute("PRAGMA user_version = 9999")
    with terminal(folder, "tui") as shell:
        assert shell.code() == 3
        assert "later version" in " ".join(shell.seen.split())


def test_quitting_does_not_wait_for_a_poll(folder: Path, publisher: Publisher) -> None:
    publisher.routes["/feed"] = 200
    publisher.held["/feed"] = threading.Event()
    listed = folder / "feeds.yaml"
    listed.write_text(f"feeds:\n  - url: {publisher.url('/feed')}\n", "utf-8")
    with terminal(folder, "--feeds", str(listed), "tui") as shell:
        shell.until("Bridge repair")
        shell.type("r")
        shell.until("Polling: 0 of 1 feeds")
        begun = time.monotonic()
        shell.type("q")
        assert shell.code() == 0
        assert time.monotonic() - begun < 10  # the server would answer after 20


def test_a_database_that_can_only_be_read_is_read(folder: Path) -> None:
    (folder / "t.db").chmod(0o444)
    folder.chmod(0o555)
    with terminal(folder, "tui", "bridge-repair", size=(120, 24), obedient=True) as shell:
        shell.until("Bridge will be repaired")
        shell.type("q")
        assert shell.code() == 0
        assert "The database can only be read; what you read stays marked as new." in shell.seen
    folder.chmod(0o755)
    assert unread(folder)["bridge-repair"] == 2


@pytest.mark.parametrize("background", [False, True])
def test_a_report_is_opened_in_the_browser(folder: Path, background: bool) -> None:  # noqa: FBT001
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {folder / "opened"}\n', "utf-8")
    browser.chmod(0o755)
    variable = f"{browser} %s{' &' if background else ''}"
    with terminal(
        folder, "tui", "bridge-repair", size=(120, 24), environment={"BROWSER": variable}
    ) as shell:
        shell.until("Bridge will be repaired")
        shell.type("jo")
        shell.until("Opened https://example.org/5")
        shell.type("q")
        assert shell.code() == 0
    assert (folder / "opened").read_text("utf-8").split() == ["https://example.org/5"]
