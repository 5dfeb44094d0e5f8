"""`feeds add` for a site with several feeds: a terminal asks, a script does not."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.config import load_feeds

if TYPE_CHECKING:
    from publishing import Publisher

ROOT = Path(__file__).parent.parent
Command = tuple[list[str], dict[str, str]]


def feed(title: str) -> bytes:
    item = "<item><title>A report</title><guid>1</guid></item>"
    return f"<rss version='2.0'><channel><title>{title}</title>{item}</channel></rss>".encode()


@pytest.fixture
def site(publisher: Publisher) -> str:
    links = "".join(f"<link rel=feed href={href}>" for href in ("/a", "/b", "/c"))
    publisher.routes["/"] = f"<html>{links}".encode()
    publisher.routes |= {f"/{name}": feed(f"Feed {name}") for name in "abc"}
    return publisher.url("/")


def command(folder: Path, *words: str, group: str = "feeds add") -> Command:
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "PYTHONPATH", "LANG"}}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    own = {"HOME": str(folder), "TRACKER_DB": str(folder / "t.db"), "no_proxy": "127.0.0.1"}
    own |= {"TRACKER_FEEDS": str(folder / "feeds.yaml"), "COLUMNS": "80", "NO_COLOR": "1"}
    return [sys.executable, "-m", "tracker", *group.split(), *words], kept | own


def piped(folder: Path, *words: str, group: str = "feeds add") -> subprocess.CompletedProcess[str]:
    args, environment = command(folder, *words, group=group)
    return subprocess.run(
        args, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def typed(folder: Path, keys: str, *words: str) -> str:
    """Run the command on a terminal, type `keys`, and return what it wrote."""
    args, environment = command(folder, *words)
    terminal, end = pty.openpty()
    with subprocess.Popen(
        args, env=environment, cwd=ROOT, stdin=end, stdout=end, stderr=end, start_new_session=True
    ) as child:
        os.close(end)
        os.write(terminal, keys.encode())
        written = bytearray()
        # Linux says EIO where the other end of a terminal is closed.
        with contextlib.suppress(OSError):
            while piece := os.read(terminal, 65536):
                written += piece
        os.close(terminal)
    assert child.returncode == 0
    return written.decode().replace("\r\n", "\n")


def titles(folder: Path) -> list[str | None]:
    return [source.title for source in load_feeds(folder / "feeds.yaml").sources]


def test_a_terminal_asks_which_feed_to_add(tmp_path: Path, site: str) -> None:
    said = typed(tmp_path, "2\n", site)
    assert "3 feeds found:" in said
    assert "  2  Feed b\n" in said
    assert "A report" in said
    assert titles(tmp_path) == ["Feed b"]


def test_a_number_that_is_not_shown_is_asked_for_again(tmp_path: Path, site: str) -> None:
    assert typed(tmp_path, "0\n9\nx\n3\n", site).count("Which one") == 4
    assert titles(tmp_path) == ["Feed c"]


def test_a_script_adds_the_first_and_is_told_of_the_others(tmp_path: Path, site: str) -> None:
    done = piped(tmp_path, site)
    assert done.returncode == 0
    assert "The site has others, too:" in done.stdout
    assert titles(tmp_path) == ["Feed a"]


def test_the_first_is_added_on_a_terminal_if_asked_for(tmp_path: Path, site: str) -> None:
    assert "Which one" not in typed(tmp_path, "", site, "--first")
    assert titles(tmp_path) == ["Feed a"]


def test_all_are_added_if_asked_for(tmp_path: Path, site: str) -> None:
    assert piped(tmp_path, site, "--all", "--tag", "x").returncode == 0
    assert titles(tmp_path) == ["Feed a", "Feed b", "Feed c"]
    assert {s.tags for s in load_feeds(tmp_path / "feeds.yaml").sources} == {("x",)}


@pytest.mark.parametrize("words", [("--first", "--all"), ("--all", "--title", "One")])
def test_options_that_contradict_each_other_are_refused(
    tmp_path: Path, site: str, words: tuple[str, ...]
) -> None:
    done = piped(tmp_path, site, *words)
    assert done.returncode == 2
    assert not (tmp_path / "feeds.yaml").exists()


# --- the first poll -------------------------------------------------------------------------------


def polled(folder: Path) -> dict[str, int]:
    done = piped(folder, "--json", group="poll")
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found


def test_the_first_poll_reads_the_answer_in_which_a_feed_was_found(
    tmp_path: Path, site: str, publisher: Publisher
) -> None:
    piped(tmp_path, site, "--all")
    report = polled(tmp_path)
    assert (report["feeds"], report["new_items"], report["failed"]) == (3, 3, 0)
    assert publisher.asked == {"/": 1, "/a": 1, "/b": 1, "/c": 1}


def test_the_second_poll_asks_with_the_validator_of_that_answer(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.routes["/f"] = feed("A feed")
    piped(tmp_path, publisher.url("/f"))
    polled(tmp_path)
    done = piped(tmp_path, "--json", "--force", group="poll")
    assert json.loads(done.stdout)["not_modified"] == 1
    assert publisher.asked == {"/f": 2}


def test_an_answer_is_read_once_and_then_deleted(tmp_path: Path, publisher: Publisher) -> None:
    publisher.routes["/f"] = feed("A feed")
    piped(tmp_path, publisher.url("/f"))
    polled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        assert db.execute("SELECT count(*) FROM first_answers").fetchone() == (0,)


def test_an_answer_that_is_older_than_an_hour_is_asked_for_again(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.routes["/f"] = feed("A feed")
    piped(tmp_path, publisher.url("/f"))
    with closing(sqlite3.connect(tmp_path / "t.db")) as db, db:
        db.execute("UPDATE first_answers SET received = received - 3700")
    assert polled(tmp_path)["new_items"] == 1
    assert publisher.asked == {"/f": 2}


def test_the_answer_of_a_feed_that_was_removed_again_is_deleted(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.routes["/f"] = feed("A feed")
    piped(tmp_path, publisher.url("/f"))
    assert piped(tmp_path, publisher.url("/f"), group="feeds rm").returncode == 0
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        assert db.execute("SELECT count(*) FROM first_answers").fetchone() == (0,)


def test_a_feed_is_added_where_the_database_cannot_be_used(
    tmp_path: Path, publisher: Publisher
) -> None:
    (tmp_path / "t.db").write_bytes(b"not a database" * 100)
    publisher.routes["/f"] = feed("A feed")
    assert piped(tmp_path, publisher.url("/f")).returncode == 0
    assert titles(tmp_path) == ["A feed"]
