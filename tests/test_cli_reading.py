"""What commands that read do while others write, and how a command ends that is broken off."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tracker.model.polling import FeedSource
from tracker.services import follow
from tracker.services.linking import Linker
from tracker.store.database import connect
from tracker.store.polling import feeds

NOW = datetime.now(UTC)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a story of 40 developments, the last of which is a year old."""
    (tmp_path / "feeds.yaml").write_text("feeds:\n  - url: https://a.example/\n", "utf-8")
    db = connect(tmp_path / "t.db")
    feeds.take_in(db, [FeedSource("https://a.example/")], {}, "")
    with db.transaction():
        for number in range(40):
            published = NOW - timedelta(days=400 + 30 * number)
            db.execute(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (1, ?, ?, ?, '', 'en', ?, 0)",
                (
                    str(number),
                    f"https://a.example/{number}",
                    f"Zorblax opens factory {number * 7919}",
                    int(published.timestamp()),
                ),
            )
        db.execute("UPDATE feeds SET items = 40")
        db.execute("INSERT INTO queue SELECT id FROM items")
    Linker(db, NOW, lambda *_: None).link()
    follow.follow(db, "Zorblax", NOW)
    db.close()
    return tmp_path


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    own = {"HOME": str(folder), "TRACKER_DB": str(folder / "t.db"), "PYTHONPATH": str(ROOT)}
    own["TRACKER_FEEDS"] = str(folder / "feeds.yaml")
    return kept | own | {"TMPDIR": str(folder), "COLUMNS": "80"} | more


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=environment(folder, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the write lock of a database, as a poll that stores does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


# --- reading never waits --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("timeline", "zorblax"),
        ("timeline",),
        ("stories",),
        ("story", "show", "zorblax"),
        ("why", "zorblax", "1"),
        ("search", "Zorblax"),
        ("feeds", "ls"),
    ],
)
def test_a_command_that_reads_waits_for_no_writer(folder: Path, words: tuple[str, ...]) -> None:
    with held(folder / "t.db"):
        begun = time.monotonic()
        done = run(folder, *words)
        assert time.monotonic() - begun < 6
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_what_could_not_be_marked_as_seen_stays_new(folder: Path) -> None:
    with held(folder / "t.db"):
        done = run(folder, "timeline", "zorblax")
    assert done.stderr == "tracker: A poll holds the database; what you read stays marked as new.\n"


def test_nothing_is_said_of_marks_where_nothing_is_new(folder: Path) -> None:
    assert run(folder, "timeline", "zorblax").stderr == ""
    with held(folder / "t.db"):
        done = run(folder, "timeline", "zorblax")
    assert (done.returncode, done.stderr) == (0, "")


# --- what is new ----------------------------------------------------------------------------------


def test_the_first_look_counts_all_that_is_new(folder: Path) -> None:
    unread = json.loads(run(folder, "stories", "--json").stdout)["stories"][0]["unread"]
    assert unread > 30
    for words in (["--peek"], ["--limit", "1", "--peek"], ["--since", "2000-01-01"], []):
        assert f" · {unread} new" in run(folder, "timeline", "zorblax", *words).stdout, words
    assert " new" not in run(folder, "timeline", "zorblax").stdout


# --- previews -------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", ["all", "ALL", "2000-01-01"])
def test_a_preview_looks_as_far_back_as_it_is_told(folder: Path, since: str) -> None:
    shown = json.loads(
        run(folder, "follow", "--dry-run", "--since", since, "Zorblax", "--json").stdout
    )
    assert shown["linked"] == 40
    assert json.loads(run(folder, "follow", "--dry-run", "Zorblax", "--json").stdout)["linked"] == 0


def test_a_preview_of_all_is_of_all_that_is_stored(folder: Path) -> None:
    shown = run(folder, "follow", "--dry-run", "--since", "all", "Zorblax").stdout
    assert "Would link 40 of 40 stored items" in shown
    assert "To follow it: tracker follow --since all 'Zorblax'" in shown


# --- broken off -----------------------------------------------------------------------------------


def heed(sent: signal.Signals) -> None:
    """Undo what nohup and a shell's background do: processes started there ignore signals."""
    signal.signal(sent, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("typed", "code", "said"), [(b"\x03", 130, "Interrupted."), (b"n\n", 1, "Nothing was removed.")]
)
def test_a_question_that_is_not_answered_with_yes_removes_nothing(
    folder: Path, typed: bytes, code: int, said: str
) -> None:
    child, terminal = pty.fork()
    if child == 0:
        heed(signal.SIGINT)
        words = [sys.executable, "-m", "tracker", "story", "rm", "zorblax"]
        os.execve(sys.executable, words, environment(folder))  # noqa: S606 - the terminal is ours
    written = b""
    while b"[y/N]" not in written:
        written += os.read(terminal, 1024)
    os.write(terminal, typed)
    # Linux reports EIO where the other end of a terminal is closed.
    with suppress(OSError):
        while True:
            # A signal between the question and the wait for an answer is noticed with the next key.
            if not select.select([terminal], [], [], 1)[0]:
                os.write(terminal, typed)
            elif not (piece := os.read(terminal, 1024)):
                break
            else:
                written += piece
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == code
    assert written.decode().splitlines()[-1].strip() == f"tracker: {said}"
    assert "zorblax" in run(folder, "stories").stdout


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_demo_that_is_ended_removes_its_folder(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "demo"],
        env=environment(tmp_path, no_proxy="127.0.0.1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(heed, sent),  # noqa: PLW1509 - what it does is safe beside threads
    ) as process:
        until = time.monotonic() + 30
        while not list(tmp_path.glob("tracker-demo-*/tracker.db")) and time.monotonic() < until:
            time.sleep(0.02)
        assert list(tmp_path.glob("tracker-demo-*"))
        process.send_signal(sent)
        assert process.wait(30) == code
    assert not list(tmp_path.glob("tracker-demo-*"))


# --- wrong use ------------------------------------------------------------------------------------


def test_a_number_that_is_none_is_refused_in_words(folder: Path) -> None:
    done = run(folder, "timeline", "--limit", "x")
    assert done.returncode == 2
    assert "'x' is not a whole number." in done.stderr


# --- narrow terminals -----------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [40, 60])
@pytest.mark.parametrize(
    "words",
    [
        ("stories",),
        ("timeline", "zorblax", "--peek"),
        ("timeline", "zorblax", "--until", "1999"),
        ("timeline", "zorblax", "--since", "2000-01-01", "--limit", "1", "--peek"),
        ("search", "Zorblax"),
        ("follow", "--dry-run", "Zorblax"),
        ("why", "zorblax", "1"),
        ("feeds", "ls"),
        ("poll",),
    ],
)
def test_no_row_is_wider_than_the_terminal(
    folder: Path, words: tuple[str, ...], columns: int
) -> None:
    done = run(folder, *words, COLUMNS=str(columns))
    assert [row for row in done.stdout.splitlines() if len(row) > columns] == []


@pytest.mark.parametrize("words", [(), ("timeline",), ("follow",), ("story", "edit"), ("feeds",)])
def test_no_help_is_wider_than_the_terminal(folder: Path, words: tuple[str, ...]) -> None:
    page = run(folder, *words, "--help", COLUMNS="40").stdout
    page, _, _ = page.partition("Examples:")  # which are to be copied
    assert [row for row in page.splitlines() if len(row) > 40] == []
