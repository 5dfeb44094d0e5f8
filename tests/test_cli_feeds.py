"""`feeds` and `poll` as commands: what they say and with what code they end."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tracker.cli.app import app

RSS = (
    b"<rss><channel><title>Feed</title>"
    b"<item><title>Nokia</title><guid>1</guid></item></channel></rss>"
)


class Server(ThreadingHTTPServer):
    """Answers with a feed, or with 404 where the path is listed in `broken`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.broken: set[str] = set()
        self.agents: list[str] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.agents.append(self.headers["user-agent"])
        self.send_response(404 if self.path in self.server.broken else 200)
        self.send_header("content-length", str(len(RSS)))
        self.end_headers()
        self.wfile.write(RSS)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


class Home:
    """A user's files, and the commands that are run on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db, self.feeds = folder / "t.db", folder / "feeds.yaml"

    def run(self, *words: str) -> Result:
        env = {
            "HOME": str(self.folder),
            "TRACKER_DB": str(self.db),
            "TRACKER_FEEDS": str(self.feeds),
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "no_proxy": "127.0.0.1",
        }
        return CliRunner(env=env).invoke(
            app, list(words), prog_name="tracker", catch_exceptions=False
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def listed(home: Home, *urls: str, settings: str = "") -> None:
    rows = "".join(f"  - url: {url}\n" for url in urls)
    home.feeds.write_text(f"feeds:\n{rows}{settings}", "utf-8")


# --- feeds add and ls -----------------------------------------------------------------------------


def test_the_language_of_a_feed_may_be_typed_in_capitals(home: Home) -> None:
    assert home.run("feeds", "add", "--as-is", "http://a.example/", "--lang", "EN").exit_code == 0
    assert "language: en\n" in home.feeds.read_text("utf-8")


@pytest.mark.parametrize("typed", ["", " ", "https://", "https:// /x"])
def test_an_address_without_a_host_is_told_as_such(home: Home, typed: str) -> None:
    for words in (["feeds", "add", typed], ["feeds", "add", "--as-is", typed]):
        done = home.run(*words)
        assert done.exit_code == 2
        assert done.stderr == (
            "tracker: The address names no host; an address is written https://HOST/PATH.\n"
        )


@pytest.mark.parametrize("words", [(), ("--long",)])
def test_where_no_feed_fails_it_is_said(home: Home, words: tuple[str, ...]) -> None:
    listed(home, "http://a.example/")
    assert home.run("feeds", "ls", "--failing", *words).stdout == "No feed is failing.\n"


@pytest.mark.parametrize("words", [(), ("--long",)])
def test_where_no_feed_is_listed_none_fails_either(home: Home, words: tuple[str, ...]) -> None:
    listed(home)
    assert "No feed is listed." in home.run("feeds", "ls", "--failing", *words).stdout


def test_a_feed_of_which_one_document_is_known_has_no_rhythm_yet(
    home: Home, server: Server
) -> None:
    listed(home, server.url("/a"))
    assert home.run("poll").exit_code == 0
    shown = home.run("feeds", "ls", "--long").stdout
    assert not ("something new every" in shown and "rhythm is not known" in shown), shown


# --- who asks -------------------------------------------------------------------------------------


def test_publishers_are_told_the_contact_of_the_feed_list(home: Home, server: Server) -> None:
    listed(home, server.url("/a"), settings="settings:\n  contact: https://me.example/\n")
    assert home.run("poll").exit_code == 0
    assert home.run("poll", "--force").exit_code == 0
    assert home.run("feeds", "add", server.url("/b")).exit_code == 0
    home.run("follow", server.url("/c"))
    assert len(server.agents) == 4
    assert all(agent.endswith("(+https://me.example/)") for agent in server.agents)


# --- poll -----------------------------------------------------------------------------------------


def make_due(home: Home, where: str) -> None:
    with closing(sqlite3.connect(home.db)) as db:
        db.execute(f"UPDATE feeds SET next_poll = 1 WHERE {where}")  # noqa: S608 - of this file
        db.commit()


def test_feeds_that_are_asked_again_and_still_fail_are_no_failure_of_the_poll(
    home: Home, server: Server
) -> None:
    server.broken = {"/b"}
    listed(home, server.url("/a"), server.url("/b"))
    assert home.run("poll").exit_code == 0
    make_due(home, "failures > 0")
    done = home.run("poll")
    assert (done.exit_code, "1 failed" in done.stdout) == (0, True)
    make_due(home, "failures > 0")
    assert home.run("poll", "--strict").exit_code == 1


def test_a_poll_in_which_all_that_was_well_fails_is_a_failure(home: Home, server: Server) -> None:
    server.broken = {"/b"}
    listed(home, server.url("/a"), server.url("/b"))
    home.run("poll")
    server.broken = {"/a", "/b"}
    make_due(home, "1")
    done = home.run("poll")
    assert (done.exit_code, done.stderr) == (1, "tracker: All 2 feeds failed.\n")


def test_where_all_that_is_listed_fails_each_poll_of_them_is_a_failure(
    home: Home, server: Server
) -> None:
    server.broken = {"/a", "/b"}
    listed(home, server.url("/a"), server.url("/b"))
    assert home.run("poll").exit_code == 1
    make_due(home, "1")
    assert home.run("poll").exit_code == 1


def test_the_feed_that_was_named_is_a_failure_by_itself(home: Home, server: Server) -> None:
    server.broken = {"/b"}
    listed(home, server.url("/a"), server.url("/b"))
    home.run("poll")
    done = home.run("poll", "--feed", server.url("/b"))
    assert (done.exit_code, done.stderr) == (1, "tracker: The feed failed.\n")


def test_a_poll_says_when_it_began_in_whole_seconds(home: Home, server: Server) -> None:
    listed(home, server.url("/a"))
    started = json.loads(home.run("poll", "--json").stdout)["started"]
    assert "." not in started


def test_an_article_that_cannot_be_read_is_named(home: Home, server: Server) -> None:
    server.broken = {"/gone"}
    listed(home)
    done = home.run("follow", server.url("/gone"))
    assert done.exit_code == 1
    assert done.stderr == (
        f"tracker: {server.url('/gone')}: there is nothing at this address (404).\n"
    )
