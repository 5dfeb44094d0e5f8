"""The user's files: what is replaced, who may read them, and what messages repeat of them."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.config import add_feed, load_feeds, remove_feed
from tracker.errors import BusyError, ConfigError, NotFoundError, QueryError, UsageError
from tracker.model.polling import FeedSource, NextPoll, NotModified, Transfer
from tracker.store.database import connect, only_one, opened
from tracker.store.polling import feeds
from tracker.yaml_files import write

SECRET = "s3cret"  # noqa: S105 - to be looked for in messages and files
SOURCE = FeedSource("https://a.example/")
PRIVATE = FeedSource(f"https://user:{SECRET}@a.example/")
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(params=[0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    mask: int = request.param
    before = os.umask(mask)
    yield mask
    os.umask(before)


@pytest.fixture(autouse=True)
def _reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    own = {"HOME": str(folder), "TRACKER_DB": "t.db", "TRACKER_FEEDS": "feeds.yaml"}
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=kept | own | {"PYTHONPATH": str(Path(__file__).parents[1])},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


# --- only regular files ---------------------------------------------------------------------------


def unusual(folder: Path, kind: str) -> Path:
    path = folder / "unusual"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(os.path.relpath(path))
    elif kind == "folder":
        path.mkdir()
    else:
        try:
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("only root makes devices")
    return path


KINDS = ["fifo", "device", "socket", "folder"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_list_that_is_no_regular_file_is_neither_replaced_nor_read(
    tmp_path: Path, kind: str
) -> None:
    path = unusual(tmp_path, kind)
    before = path.stat()
    for words in (["feeds", "add", "--as-is", "http://q.example/"], ["feeds", "ls"]):
        done = run(tmp_path, *words, "--feeds", str(path))
        assert done.returncode == 2, done.stderr
        assert f"{path}: is not a regular file" in done.stderr
    after = path.stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_a_regular_file_is_replaced(tmp_path: Path, kind: str) -> None:
    path = unusual(tmp_path, kind)
    with pytest.raises(ConfigError, match="is not a regular file"):
        write(path, b"feeds: []\n")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_to_what_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = unusual(tmp_path, kind)
    link = tmp_path / "feeds.yaml"
    link.symlink_to(path)
    with pytest.raises(ConfigError, match="is not a regular file"):
        add_feed(link, SOURCE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_that_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    lock = tmp_path / ".feeds.yaml.lock"
    unusual(tmp_path, kind).rename(lock)
    done = run(tmp_path, "feeds", "add", "--as-is", "http://q.example/")
    assert done.returncode == 2, done.stderr
    assert ".feeds.yaml.lock: is not a regular file" in done.stderr
    assert not (tmp_path / "feeds.yaml").exists()


# --- who may read them ----------------------------------------------------------------------------


def test_a_new_feed_list_obeys_the_umask(tmp_path: Path, umask: int) -> None:
    add_feed(tmp_path / "feeds.yaml", SOURCE)
    assert mode(tmp_path / "feeds.yaml") == 0o666 & ~umask


@pytest.mark.parametrize("source", [PRIVATE, SOURCE._replace(headers=(("Cookie", SECRET),))])
def test_a_feed_list_with_secrets_is_for_its_owner_alone(
    tmp_path: Path, source: FeedSource
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: []\n", "utf-8")
    path.chmod(0o644)
    if source.headers:
        path.write_text("feeds:\n- url: http://b.example/\n  headers: {Cookie: s3cret}\n", "utf-8")
        source = SOURCE
    add_feed(path, source)
    assert mode(path) == 0o600


def test_the_mode_of_a_feed_list_without_secrets_stays(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: []\n", "utf-8")
    path.chmod(0o640)
    add_feed(path, SOURCE)
    assert mode(path) == 0o640


def test_a_new_database_is_for_its_owner_alone(tmp_path: Path, umask: int) -> None:
    del umask
    (tmp_path / "link.db").symlink_to("t.db")
    with opened(tmp_path / "link.db") as db:
        feeds.take_in(db, [PRIVATE], {}, "digest")
        assert {mode(path) for path in tmp_path.glob("t.db*")} == {0o600}
    assert mode(tmp_path / "t.db") == 0o600


def test_what_leaves_the_feed_list_takes_its_secrets_out_of_the_database(tmp_path: Path) -> None:
    add_feed(tmp_path / "feeds.yaml", PRIVATE)
    with (tmp_path / "feeds.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - url: http://b.example/\n    headers: {{Cookie: {SECRET}}}\n")
    assert run(tmp_path, "feeds", "ls").returncode == 0
    assert SECRET.encode() in (tmp_path / "t.db").read_bytes()
    assert run(tmp_path, "feeds", "rm", "https://a.example/").returncode == 0
    assert f"user:{SECRET}".encode() not in (tmp_path / "t.db").read_bytes()
    assert run(tmp_path, "feeds", "rm", "http://b.example/").returncode == 0
    assert {path.name for path in tmp_path.glob("t.db*")} <= {"t.db", "t.db-poll"}
    assert SECRET.encode() not in (tmp_path / "t.db").read_bytes()


def urls(tmp_path: Path, *lists: list[FeedSource]) -> list[tuple[str, int, int]]:
    """Take in one list after the other; return the rows of feeds, with their first one's id."""
    with opened(tmp_path / "t.db") as db:
        for sources in lists:
            feeds.take_in(db, sources, {}, "digest")
        return db.execute("SELECT url, id, listed FROM feeds ORDER BY id").fetchall()


def test_a_feed_with_another_password_keeps_its_past(tmp_path: Path) -> None:
    other = FeedSource("https://user:other@a.example/")
    assert urls(tmp_path, [PRIVATE], [other]) == [(other.url, 1, 1)]


def test_a_feed_that_comes_back_with_its_password_keeps_its_past(tmp_path: Path) -> None:
    assert urls(tmp_path, [PRIVATE], [], [PRIVATE]) == [(PRIVATE.url, 1, 1)]


def test_a_feed_that_needs_no_password_any_more_keeps_its_past(tmp_path: Path) -> None:
    assert urls(tmp_path, [PRIVATE], [SOURCE]) == [(SOURCE.url, 1, 1)]


def test_two_feeds_that_differ_in_their_passwords_stay_two(tmp_path: Path) -> None:
    other = FeedSource("https://user:other@a.example/")
    found = urls(tmp_path, [PRIVATE, other], [])
    assert [(number, listed) for _, number, listed in found] == [(1, 0), (2, 0)]
    assert not any("@" in url for url, *_ in found)


def test_where_a_feed_moved_loses_its_password_with_it(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        feeds.take_in(db, [PRIVATE], {}, "digest")
        (feed,) = feeds.due(db, NOW)
        moved = Transfer(304, 0.1, moved_to=f"https://user:{SECRET}@a.example/new")
        feeds.record(db, NotModified(feed, moved), NextPoll(NOW, ""), NOW)
        feeds.take_in(db, [], {}, "other")
        assert db.execute("SELECT moved_to FROM feeds").fetchall() == [("https://a.example/new",)]


# --- what messages repeat -------------------------------------------------------------------------

MISTAKES = [
    f"feeds:\n  - url: http://user:{SECRET}@a.example/\nfeeds: []\n",
    f"feeds:\n  - url: http://user:{SECRET}@a.example/\n    url: http://b.example/\n",
    f"feeds:\n  - url: http://a.example/\n    headers:\n      Cookie: {SECRET}\n      Cookie: b\n",
    f"feeds:\n  - url: http://user:{SECRET}/x@a.example/\n",
    f"feeds:\n  - url: http://user:a#{SECRET}@a.example/\n",
    f"feeds:\n  - url: http://a.example/?token={SECRET}\n  - url: http://a.example/?token={SECRET}\n",
    f"feeds:\n  - url: http://a.example/\n    headers: {{Cookie: *{SECRET}}}\n",
    f"feeds:\n  - url: http://a.example/\n    headers: {{Cookie: !{SECRET} x}}\n",
    f"feeds:\n  - url: http://a.example/\n    headers: {{Cookie: !!int {SECRET}}}\n",
    f'feeds:\n  - url: http://a.example/\n    headers: {{Cookie: "\\q{SECRET}"}}\n',
    f"feeds:\n  - http://user:{SECRET}@a.example/: x\n",
    f"feeds:\n  - http://user:{SECRET}@a.example/:\n    title: x\n",
    f"http://user:{SECRET}@a.example/: x\n",
    f"feeds: []\nsettings:\n  http://user:{SECRET}@a.example/: x\n",
    f"feeds: []\nsettings:\n  contact: ftp://user:{SECRET}@a.example/\n",
    f"http://user:{SECRET}@a.example/\n",
    f"feeds: http://user:{SECRET}@a.example/\n",
    f"%YAML {SECRET}\n---\nfeeds: []\n",
    f"feeds: &a{SECRET} []\nsettings: &a{SECRET} {{}}\nx: *b{SECRET}\n",
]


@pytest.mark.parametrize("text", MISTAKES)
def test_no_message_repeats_a_secret_of_the_feed_list(tmp_path: Path, text: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_feeds(path)
    assert SECRET not in str(caught.value)
    assert caught.value.line or "!!int" in text


def test_a_key_that_stands_twice_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    rows = "".join(f"  - url: http://user:{SECRET}@a.example/{n}\n" for n in range(500))
    path.write_text(f"feeds:\n{rows}feeds: []\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_feeds(path)
    assert str(caught.value) == f"{path}, line 502, feeds: stands twice; remove one of them."


def test_an_address_that_is_listed_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n  - url: http://a/\n  - title: A\n    url: http://a/\n", "utf-8")
    with pytest.raises(ConfigError, match=r"line 4, url: is the address of line 2, too; remove"):
        load_feeds(path)


LONG = "x" * 100_000


def test_no_message_is_longer_than_a_screen(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    messages = []
    for text in (f"{LONG}: 1\n", f"feeds: [&{LONG} a, *{LONG}x]\n"):
        path.write_text(text, "utf-8")
        with pytest.raises(ConfigError) as caught:
            load_feeds(path)
        messages.append(str(caught.value))
    rows = "".join(f"- {{url: 'http://{n}.example/', title: T}}\n" for n in range(3_000))
    path.write_text(f"feeds:\n{rows}", "utf-8")
    with pytest.raises(UsageError) as several:
        remove_feed(path, "T")
    messages += [str(several.value), str(NotFoundError("feed", LONG, LONG))]
    messages.append(str(QueryError(f"{LONG} ( {LONG}", len(LONG) + 1, "It is not closed.")))
    assert [len(message) for message in messages if len(message) > 1_500] == []


def test_a_long_query_is_shown_around_its_mistake() -> None:
    message = str(QueryError(f"{LONG} (y {LONG}", len(LONG) + 1, "It is not closed."))
    _, query, mark = message.splitlines()
    assert query[mark.index("^")] == "("


# --- one database, one lock -----------------------------------------------------------------------


def test_a_database_has_one_poll_lock_by_whatever_name(tmp_path: Path) -> None:
    connect(tmp_path / "t.db").close()
    (tmp_path / "link.db").symlink_to("t.db")
    with only_one(tmp_path / "t.db"), pytest.raises(BusyError), only_one(tmp_path / "link.db"):
        pass


def test_a_database_whose_name_looks_like_a_uri_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("feeds: []\n", "utf-8")
    for words in (["stories"], ["poll"]):
        done = run(tmp_path, *words, "--db", "file:x?mode=memory")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "file:x?mode=memory").is_file()


@pytest.mark.parametrize("kind", ["fifo", "socket", "folder"])
def test_a_poll_lock_that_is_no_regular_file_is_an_error_in_words(
    tmp_path: Path, kind: str
) -> None:
    (tmp_path / "feeds.yaml").write_text("feeds: []\n", "utf-8")
    unusual(tmp_path, kind).rename(tmp_path / "t.db-poll")
    done = run(tmp_path, "poll")
    assert done.returncode == 3, done.stderr
    assert "t.db-poll: " in done.stderr
