"""The program as a process: pipes, a terminal, colours, exit codes, interruption."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from publishing import Publisher

from tracker.demo.archive import MOMENTS, sources
from tracker.demo.server import ArchiveServer

if TYPE_CHECKING:
    pass

ROOT = Path(__file__).parent.parent
MOMENT = MOMENTS[12]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which one story is followed, made by the program itself."""
    folder = tmp_path_factory.mktemp("home")
    with ArchiveServer(MOMENT) as server:
        feeds = "".join(f"  - url: {s.url}\n" for s in sources(server.base_url))
        (folder / "feeds.yaml").write_text(f"feeds:\n{feeds}", "utf-8")
        assert run(folder, "poll").returncode == 0
    assert run(folder, "follow", "TikTok acquisition").returncode == 0
    return folder


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "PYTHONPATH", "LANG"}}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    own = {
        "HOME": str(folder),
        "TRACKER_DB": str(folder / "t.db"),
        "TRACKER_FEEDS": str(folder / "feeds.yaml"),
        "no_proxy": "127.0.0.1",
        "TERM": "xterm-256color",
    }
    return kept | own | more


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tracker", *words]


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        env=environment(folder, **more),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def through_the_shell(folder: Path, line: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell does; its words take the place of {} in `line`."""
    return subprocess.run(
        ["/bin/sh", "-c", line.format('"$@"'), "sh", *command(*words)],
        env=environment(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def on_terminal(folder: Path, *words: str, **more: str) -> tuple[int, str]:
    """Run a command on a real terminal of 80 columns; return its exit code and all it wrote."""
    terminal, end = pty.openpty()
    with subprocess.Popen(
        command(*words),
        env=environment(folder, COLUMNS="80", **more),
        cwd=ROOT,
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    ) as child:
        os.close(end)
        written = bytearray()
        # Linux says EIO where the other end of a terminal is closed.
        with contextlib.suppress(OSError):
            while piece := os.read(terminal, 65536):
                written += piece
        os.close(terminal)
    return child.returncode, written.decode().replace("\r\n", "\n")


def test_what_is_piped_has_neither_colour_nor_cut_headlines(home: Path) -> None:
    done = run(home, "timeline", "tiktok-acquisition", "--peek")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "…" not in done.stdout


def test_a_terminal_gets_colour(home: Path) -> None:
    words = ("timeline", "tiktok-acquisition", "--peek", "--no-pager")
    code, written = on_terminal(home, *words, TRACKER_LINKS="0")
    assert code == 0
    assert "\x1b[1;32m●" in written
    plain = re.sub(r"\x1b\[[0-9;]*m", "", written)
    assert max(map(len, plain.splitlines())) <= 80
    assert "\x1b" not in plain, "colours, and no other sequence"


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (("--no-color",), {}),
        ((), {"NO_COLOR": "1"}),
        ((), {"TERM": "dumb"}),
    ],
)
def test_colour_can_be_declined(home: Path, words: tuple[str, ...], env: dict[str, str]) -> None:
    code, written = on_terminal(home, "stories", *words, **env)
    assert code == 0
    assert "\x1b" not in written


def test_a_poll_draws_a_bar_on_a_terminal_and_takes_it_away(home: Path) -> None:
    code, written = on_terminal(home, "poll", "--force")
    assert code == 1, "the server is gone"
    assert "━" in written
    assert "of 12 feeds" in written
    assert "tracker: All 12 feeds failed." in written


def test_a_poll_draws_nothing_where_nobody_looks(home: Path) -> None:
    done = run(home, "poll", "--force", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["failed"] == 12
    assert done.stderr == "tracker: All 12 feeds failed.\n"


@pytest.mark.parametrize("words", [("timeline", "tiktok-acquisition", "--json"), ("poll", "-h")])
def test_a_reader_that_leaves_early_is_no_error(home: Path, words: tuple[str, ...]) -> None:
    with subprocess.Popen(
        command(*words),
        env=environment(home),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in (0, 1, 141)


def test_head_gets_its_lines(home: Path) -> None:
    line = f"{sys.executable} -m tracker timeline tiktok-acquisition --peek | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("TikTok acquisition\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux's device that is always full")
@pytest.mark.parametrize(
    "words", [("stories",), ("timeline", "--json", "--peek"), ("poll", "--help"), ("--version",)]
)
def test_output_that_cannot_be_written_is_said(home: Path, words: tuple[str, ...]) -> None:
    done = through_the_shell(home, "{} >/dev/full", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "tracker: The output cannot be written (No space left on device); send it somewhere else.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux's device that is always full")
def test_a_timeline_that_could_not_be_written_stays_new(tmp_path: Path, home: Path) -> None:
    shutil.copy(home / "t.db", tmp_path)
    before = run(tmp_path, "timeline", "tiktok-acquisition", "--json", "--peek").stdout
    through_the_shell(tmp_path, "{} >/dev/full", "timeline", "tiktok-acquisition")
    assert run(tmp_path, "timeline", "tiktok-acquisition", "--json", "--peek").stdout == before


@pytest.mark.parametrize("stderr", ["2>/dev/full", "2>&-"])
@pytest.mark.parametrize(("words", "code"), [(("stories", "--none"), 2), (("why", "x", "1"), 1)])
def test_an_error_that_nobody_can_be_told_keeps_its_exit_code(
    home: Path, stderr: str, words: tuple[str, ...], code: int
) -> None:
    done = through_the_shell(home, "{} " + stderr, *words)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_closed_streams_are_none_that_fail(home: Path) -> None:
    done = through_the_shell(home, "{} <&- >&-", "stories")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = through_the_shell(home, "{} <&-", "story", "rm", "tiktok-acquisition")
    assert done.returncode == 2
    assert "Add --yes" in done.stderr


def test_an_output_that_cannot_hold_every_character_gets_the_others(home: Path) -> None:
    words = ("timeline", "tiktok-acquisition", "--peek", "--limit", "0")
    said, whole = (
        [row for row in run(home, *words, **env).stdout.splitlines() if row]
        for env in ({"PYTHONIOENCODING": "ascii"}, {})
    )
    assert len(said) == len(whole) > 3
    assert sum("?" in row for row in said) > sum("?" in row for row in whole)
    assert "(en, fr, ...)" in run(home, "follow", "--help", PYTHONIOENCODING="ascii").stdout


def test_what_is_new_has_a_sign_of_its_own_in_every_encoding(home: Path) -> None:
    said = run(home, "timeline", "tiktok-acquisition", "--peek", PYTHONIOENCODING="ascii").stdout
    assert "\n* " in said
    assert "\n? " not in said


def test_json_holds_every_character_whatever_its_output_can(home: Path) -> None:
    words = ("timeline", "tiktok-acquisition", "--peek", "--limit", "0", "--json")
    done = run(home, *words, PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert json.loads(done.stdout) == json.loads(run(home, *words).stdout)


@pytest.mark.parametrize(
    "words",
    [
        ("follow", "--dry-run"),
        ("search",),
        ("timeline",),
        ("reject", "tiktok-acquisition"),
        ("story", "edit", "tiktok-acquisition", "--title"),
        ("feeds", "add", "--as-is", "https://example.org/x", "--title"),
    ],
)
def test_bytes_that_are_no_text_are_refused(home: Path, words: tuple[str, ...]) -> None:
    done = run(home, *words, os.fsdecode(b"\xff TikTok"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(r"tracker: '\xff TikTok' is not text in the encoding ")
    assert done.stderr.count("\n") == 1


def test_a_file_may_be_called_by_bytes_that_are_no_text(tmp_path: Path) -> None:
    name = tmp_path / os.fsdecode(b"\xff.db")
    assert run(tmp_path, "stories", "--db", str(name)).returncode == 0
    assert name.exists()


def test_an_error_is_one_sentence_with_its_exit_code(home: Path) -> None:
    done = run(home, "timeline", "tiktok")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("tracker: There is no story 'tiktok'")
    assert done.stderr.count("\n") == 1


def test_an_error_breaks_between_words_on_a_terminal(home: Path) -> None:
    name = "a story that nobody follows, whose name takes more than one line of this terminal"
    code, written = on_terminal(home, "timeline", name)
    assert code == 1
    assert written.split() == run(home, "timeline", name).stderr.split()
    assert max(map(len, written.splitlines())) <= 80


def test_a_bug_keeps_its_traceback(home: Path) -> None:
    broken = (
        "import tracker.store.following.timelines as t, tracker.__main__ as m\n"
        "def bug(*a): raise ZeroDivisionError('a bug')\n"
        "t.summaries = bug\n"
        "m.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken, "stories"],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert done.stderr.endswith("ZeroDivisionError: a bug\n")


def heed_interrupts() -> None:
    """Undo what a shell does to its background jobs: their children are born deaf to SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def polling(folder: Path, publisher: Publisher) -> subprocess.Popen[str]:
    """Start a poll of a feed that never answers, and return once it is asked."""
    publisher.held["/feed"] = threading.Event()
    (folder / "feeds.yaml").write_text(f"feeds:\n  - url: {publisher.url('/feed')}\n", "utf-8")
    process = subprocess.Popen(
        command("poll"),
        env=environment(folder),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - what it does is safe beside threads
    )
    deadline = time.monotonic() + 30
    while not publisher.asked:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def test_an_interrupted_poll_leaves_with_130_and_one_line(
    tmp_path: Path, publisher: Publisher
) -> None:
    with polling(tmp_path, publisher) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert err == "tracker: Interrupted.\n"


def test_ctrl_c_while_the_program_starts_leaves_with_130_and_one_line(home: Path) -> None:
    # A module is asked for as the first of what start-up imports, and the user presses Ctrl-C.
    program = (
        "import os, signal, sys\n"
        "class Pressing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Pressing())\n"
        "from tracker.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "stories"],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=heed_interrupts,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "tracker: Interrupted.\n")


def test_a_second_poll_steps_back_while_reading_goes_on(
    tmp_path: Path, publisher: Publisher
) -> None:
    with polling(tmp_path, publisher) as process:
        second = run(tmp_path, "poll")
        begun = time.monotonic()
        reading = run(tmp_path, "stories", "--json")
        took = time.monotonic() - begun
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert (second.returncode, second.stdout) == (4, "")
    assert second.stderr.startswith("tracker: ")
    assert second.stderr.count("\n") == 1
    assert (reading.returncode, json.loads(reading.stdout)) == (0, {"stories": []})
    assert took < 5, "reading does not wait for the poll's time-out"
