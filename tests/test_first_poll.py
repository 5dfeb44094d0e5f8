"""The first document of a feed is its past: stories take it up as if they were followed late."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tracker.model.core import Status
from tracker.services import follow
from tracker.services.linking import Linker, catch_up
from tracker.services.poll import Progress, poll
from tracker.store.archive import items, queue
from tracker.store.database import Database, connect, only_one
from tracker.store.following import links, stories

NOW = datetime(2020, 9, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
QUERY = "TikTok acquisition"
SALE = (
    "Microsoft in talks to buy TikTok's US business",
    "Trump orders ByteDance to sell TikTok within 90 days",
    "Walmart joins Microsoft in bid for TikTok",
    "ByteDance weighs Oracle offer for TikTok",
    "Oracle wins bidding to buy TikTok, Microsoft says",
    "Walmart and Oracle to own a fifth of TikTok Global",
    "China would rather see TikTok shut than bought",
    "ByteDance says it keeps most of TikTok Global",
    "Oracle and Walmart deal for TikTok gets a blessing",
    "Judge halts the ban of TikTok for now",
)
NOISE = (
    "A teenager's TikTok dance is all over the world",
    "TikTok star signs a record deal",
    "Ten TikTok recipes for the summer",
    "Oracle opens a data centre in Sweden",
    "Walmart raises wages before the holidays",
)


class Publisher(ThreadingHTTPServer):
    """Serves `bodies` by path; an answer to a path in `held` waits for its event."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: dict[str, bytes] = {}
        self.held: dict[str, threading.Event] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Publisher
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if held := self.server.held.get(self.path):
            held.wait(30)
        body = self.server.bodies.get(self.path, b"")
        self.send_response(200 if body else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        for event in server.held.values():
            event.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(connect(tmp_path / "t.db")) as connection:
        yield connection


def document(name: str, *titles: str, end: datetime = NOW) -> bytes:
    """Return a feed of which each headline is two days older than the one before."""
    entries = "".join(
        f"<item><title>{title}</title><link>https://{name}.example/{title.replace(' ', '-')}</link>"
        f"<guid>{name} {title}</guid>"
        f"<pubDate>{end - timedelta(days=2 * n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n, title in enumerate(titles)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>'
        f"<language>en</language>{entries}</channel></rss>"
    ).encode()


def listed(tmp_path: Path, publisher: Publisher, *paths: str) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n" + "".join(f"  - url: {publisher.address}{p}\n" for p in paths))
    return path


def rows(db: Database) -> list[tuple[object, ...]]:
    """Return all links, but for when they came; no matter which feed answered first."""
    return db.execute(
        "SELECT items.title, items.url, status, round(score, 3), first.url,"
        " round(first_odds, 3) FROM links JOIN items ON items.id = item_id JOIN items AS first ON"
        " first.id = event ORDER BY story_id, items.url"
    ).fetchall()


def unheard(_done: int, _total: int) -> None:
    pass


def first_day(publisher: Publisher) -> None:
    publisher.bodies = {
        "/a": document("a", *SALE, *NOISE),
        "/b": document("b", *reversed(SALE), end=NOW - timedelta(days=1)),
        "/c": document("c", *NOISE, *SALE[:4], end=NOW - timedelta(days=30)),
    }


def test_the_first_poll_links_what_following_after_it_does(
    publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    feeds_yaml = listed(tmp_path, publisher, "/a", "/b", "/c")
    found = {}
    for order in ("follow first", "poll first"):
        with closing(connect(tmp_path / f"{order}.db")) as db:
            if order == "follow first":
                follow.follow(db, QUERY, NOW)
            poll(db, feeds_yaml, NOW)
            if order == "poll first":
                follow.follow(db, QUERY, NOW)
            poll(db, feeds_yaml, LATER, force=True)
            found[order] = rows(db), json.loads(stories.profile(db, 1) or "{}")
    assert found["follow first"] == found["poll first"]
    assert len(found["poll first"][0]) > len(SALE)


def test_what_the_first_poll_links_is_new(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    follow.follow(db, QUERY, NOW)
    report = poll(db, listed(tmp_path, publisher, "/a"), NOW)
    assert report.new_links == len(links.of_story(db, 1, statuses=(Status.LINKED,))) > 0
    assert db.execute("SELECT past FROM stories").fetchone() == (0,)


def test_of_a_feed_that_is_added_later_a_small_story_takes_up_the_past(
    publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    found = []
    for late in (True, False):
        with closing(connect(tmp_path / f"{late}.db")) as db:
            follow.follow(db, QUERY, NOW)
            if late:
                poll(db, listed(tmp_path, publisher, "/c"), NOW)
            poll(db, listed(tmp_path, publisher, "/c", "/a"), LATER)
            found.append([row[:1] + row[2:3] for row in sorted(rows(db), key=str)])
    assert found[0] == found[1]


def test_what_the_user_has_looked_at_stays_linked(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    follow.follow(db, QUERY, NOW)
    poll(db, listed(tmp_path, publisher, "/c"), NOW)
    db.execute("UPDATE links SET status = 'linked', score = 0.6 WHERE status = 'maybe'")
    seen = links.seen(db, 1)
    assert not seen
    stories.mark_seen(db, 1, 1_000, NOW)
    seen = links.seen(db, 1)
    poll(db, listed(tmp_path, publisher, "/c", "/a", "/b"), LATER)
    assert seen
    assert seen <= {link.item.id for link in links.of_story(db, 1, statuses=(Status.LINKED,))}


def test_a_story_that_knows_more_scores_the_items_of_a_new_feed_like_news(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    publisher.bodies["/d"] = document("d", SALE[0])
    follow.follow(db, QUERY, NOW)
    poll(db, listed(tmp_path, publisher, "/a", "/b"), NOW)
    before = rows(db)
    assert poll(db, listed(tmp_path, publisher, "/a", "/b", "/d"), LATER).new_links == 1
    assert {row[:3] for row in before} <= {row[:3] for row in rows(db)}


def test_a_backfill_that_was_broken_off_is_done_by_the_next_poll(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    follow.follow(db, QUERY, NOW)
    feeds_yaml = listed(tmp_path, publisher, "/a", "/b", "/c")

    def interrupt(state: Progress) -> None:
        if state.matched:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        poll(db, feeds_yaml, NOW, progress=interrupt)
    assert (queue.ids(db), queue.backfills(db), rows(db)) == ([], [1], [])
    assert poll(db, feeds_yaml, NOW).new_links > 0
    linked = rows(db)
    follow.rematch(db, NOW, unheard)
    assert rows(db) == linked


def test_others_write_while_a_story_takes_up_the_past(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    follow.follow(db, QUERY, NOW)
    poll(db, listed(tmp_path, publisher, "/a"), NOW)
    with db.transaction():
        queue.add_backfills(db, [1])
    locked: list[bool] = []

    def trace(statement: str) -> None:
        if "items_fts MATCH" in statement:  # in the middle of a backfill
            with closing(sqlite3.connect(db.path, timeout=0, isolation_level=None)) as other:
                try:
                    other.execute("BEGIN IMMEDIATE")
                    locked.append(False)
                except sqlite3.OperationalError:
                    locked.append(True)

    db.set_trace_callback(trace)
    Linker(db, NOW, unheard).link()
    db.set_trace_callback(None)
    assert set(locked) == {False}


def test_a_story_that_was_closed_before_its_backfill_takes_nothing_up(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    story = follow.follow(db, QUERY, NOW).story
    poll(db, listed(tmp_path, publisher, "/a"), NOW)
    stories.change(db, story.id, state="closed")
    story, before = stories.by_id(db, story.id, NOW), rows(db)
    with db.transaction():
        links.drop(db, [(1, link.item.id) for link in links.of_story(db, 1)])
        queue.add_backfills(db, [1])
    Linker(db, NOW, unheard).link()
    assert (rows(db), queue.backfills(db)) == ([], [])
    assert follow.reopen(db, story, NOW) == sum(row[2] == "linked" for row in before)


# --- what is stored and waits ------------------------------------------------------------------


def interrupted(db: Database, publisher: Publisher, tmp_path: Path) -> Path:
    """Store what all feeds have, and link nothing of it."""
    first_day(publisher)
    feeds_yaml = listed(tmp_path, publisher, "/a", "/b", "/c")

    def interrupt(state: Progress) -> None:
        if state.done == len(publisher.bodies) and not state.matched:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        poll(db, feeds_yaml, NOW, progress=interrupt)
    assert len(queue.ids(db)) == items.total(db) > 0
    return feeds_yaml


def test_a_search_finds_what_an_interrupted_poll_stored(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    interrupted(db, publisher, tmp_path)
    found = follow.search(db, "TikTok", NOW)
    assert (found.linked_count + found.maybe_count, found.waiting) == (30, 0)


def test_following_finds_what_an_interrupted_poll_stored(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    interrupted(db, publisher, tmp_path)
    begun = follow.follow(db, QUERY, NOW)
    assert begun.preview.linked_count == len(links.of_story(db, 1, statuses=(Status.LINKED,))) > 0


def test_a_rematch_links_what_an_interrupted_poll_stored(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    follow.follow(db, QUERY, NOW)
    interrupted(db, publisher, tmp_path)
    assert follow.rematch(db, NOW, unheard) > 0


def test_while_a_poll_is_running_it_is_said_how_many_items_wait(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    interrupted(db, publisher, tmp_path)
    with only_one(db.path):
        found = follow.search(db, "TikTok", NOW)
        begun = follow.follow(db, QUERY, NOW)
    assert found.waiting == begun.preview.waiting == items.total(db)
    assert catch_up(db, NOW) == 0
    assert links.shown(db, 1) > 0


@pytest.mark.long
def test_what_came_is_linked_before_the_last_feed_answers(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    first_day(publisher)
    publisher.held["/c"] = threading.Event()
    feeds_yaml = listed(tmp_path, publisher, "/a", "/b", "/c")
    follow.follow(db, QUERY, NOW)
    linked_at: list[int] = []

    def watch(state: Progress) -> None:
        if state.matched and not publisher.held["/c"].is_set():
            linked_at.append(state.done)
            publisher.held["/c"].set()

    begun = time.monotonic()
    report = poll(db, feeds_yaml, NOW, progress=watch)
    assert linked_at == [2]
    assert (report.feeds, report.failed, queue.ids(db)) == (3, 0, [])
    assert time.monotonic() - begun < 20
    linked = rows(db)
    follow.rematch(db, NOW, unheard)
    assert rows(db) == linked
