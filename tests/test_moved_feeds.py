"""Feeds that publishers move, back and forth: a real server that redirects, polls over weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from publishing import Publisher, Reply, serving

from tracker.model.polling import PollReport
from tracker.services.poll import poll
from tracker.store.database import Database, connect
from tracker.store.polling import feeds
from tracker.store.polling.moves import BELIEVED

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)


class Mover(Publisher):
    """Answers by path: a number is a status, a path where a 301 leads, other text a headline."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: dict[str, int | str] = {}

    def reply(self, request: BaseHTTPRequestHandler) -> Reply:
        route = self.leads[request.path]
        if isinstance(route, int):
            return Reply(route)
        if route.startswith("/"):
            return Reply(301, headers={"Location": route})
        item = f"<item><title>{route}</title><guid>{route}</guid></item>"
        document = f"<rss version='2.0'><channel><title>A</title>{item}</channel></rss>"
        return Reply(body=document.encode())


@pytest.fixture
def publisher() -> Iterator[Mover]:
    with serving(Mover()) as running:
        yield running


class Reader:
    """Polls every day, with the paths that feeds.yaml lists."""

    def __init__(self, folder: Path, publisher: Mover) -> None:
        self.db: Database = connect(folder / "t.db")
        self._feeds_yaml = folder / "feeds.yaml"
        self._publisher = publisher
        self._now = NOW

    def lists(self, *paths: str) -> None:
        rows = "".join(f"  - url: {self._publisher.url(path)}\n" for path in paths)
        self._feeds_yaml.write_text(f"feeds:\n{rows}", "utf-8")

    def polls(self) -> PollReport:
        self._publisher.asked.clear()
        self._now += timedelta(days=2)
        return poll(self.db, self._feeds_yaml, self._now)

    @property
    def titles(self) -> list[str]:
        return sorted(row[0] for row in self.db.execute("SELECT title FROM items"))


@pytest.fixture
def reader(tmp_path: Path, publisher: Mover) -> Iterator[Reader]:
    made = Reader(tmp_path, publisher)
    yield made
    made.db.close()


def test_a_move_is_remembered(reader: Reader, publisher: Mover) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old")
    reader.polls()
    reader.polls()
    assert publisher.asked == {"/new": 1}


def test_of_two_listed_feeds_that_moved_to_each_other_the_last_move_counts(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/b", "/b": "One"}
    reader.lists("/a", "/b")
    reader.polls()
    publisher.leads = {"/a": "One", "/b": "/a"}
    reader.polls()
    publisher.leads["/a"] = "Two"
    reader.polls()
    assert publisher.asked == {"/a": 1}
    assert feeds.next_due(reader.db) is not None
    assert "Two" in reader.titles


def test_three_listed_feeds_that_move_in_a_circle_are_read_where_the_last_move_led(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "One", "/b": "Two", "/c": "Three"}
    reader.lists("/a", "/b", "/c")
    reader.polls()
    for old, new in (("/a", "/b"), ("/b", "/c"), ("/c", "/a")):
        publisher.leads |= dict.fromkeys(publisher.leads, "One") | {old: new}
        reader.polls()
    reader.polls()
    assert publisher.asked == {"/a": 1}


def test_a_feed_that_comes_back_to_its_listed_address_has_not_moved(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old")
    reader.polls()
    publisher.leads = {"/old": "One", "/new": "/old"}
    reader.polls()
    assert [feed.moved_to for feed in feeds.due(reader.db, NOW, force=True)] == [None]


def test_a_new_address_that_fails_is_left_for_the_listed_one(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old")
    reader.polls()
    publisher.leads = {"/old": "Two", "/new": 404}
    assert [reader.polls().failed for _ in range(BELIEVED)] == [1] * BELIEVED
    assert reader.polls().new_items == 1
    assert publisher.asked == {"/old": 1}


def test_the_listed_address_is_asked_before_a_feed_is_given_up_as_gone(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old")
    reader.polls()
    publisher.leads["/new"] = 410
    for _ in range(BELIEVED):
        (failure,) = reader.polls().failures
        assert failure.reason == "the address that it moved to is gone for good (410)"
    reader.polls()
    assert publisher.asked == {"/old": 1, "/new": 1}
    assert reader.polls().feeds == 0


def test_while_the_listed_feed_that_another_moved_to_fails_the_other_is_asked_as_well(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old", "/new")
    reader.polls()
    publisher.leads = {"/old": "Two", "/new": 500}
    for _ in range(2 * BELIEVED + 1):
        reader.polls()
    assert publisher.asked == {"/old": 1, "/new": 1}
    assert reader.titles == ["One", "Two"]


def test_what_is_read_at_another_listed_address_is_stored_once(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old", "/new")
    for answer in ("One", 500, 500, 500, 500, 500, 500, 500, "Two"):
        publisher.leads["/new"] = answer
        reader.polls()
    assert reader.titles == ["One", "Two"]


@pytest.mark.parametrize("listed", [("/new",), ("/old", "/new")])
def test_a_feed_goes_on_at_its_new_address_once_that_is_listed(
    reader: Reader, publisher: Mover, listed: tuple[str, ...]
) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old")
    reader.polls()
    reader.lists(*listed)
    assert reader.polls().new_items == 0
    assert publisher.asked == {"/new": 1}
    assert [
        (row.state.source.url, row.items) for row in feeds.listing(reader.db, NOW) if row.items
    ] == [(publisher.url("/new"), 1)]


def test_two_feeds_that_moved_to_one_address_are_asked_and_stored_once(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new", "/new": "One"}
    reader.lists("/a", "/b")
    reader.polls()
    publisher.leads["/new"] = "Two"
    reader.polls()
    assert publisher.asked == {"/new": 1}
    assert reader.titles == ["One", "Two"]


@pytest.mark.parametrize(("first", "second"), [("/a", "/b"), ("/b", "/a")])
def test_a_feed_that_moves_to_where_another_moved_before_is_read_as_that_one(
    reader: Reader, publisher: Mover, first: str, second: str
) -> None:
    publisher.leads |= {first: "/new", second: "Other", "/new": "One"}
    reader.lists("/a", "/b")
    reader.polls()
    publisher.leads[second] = "/new"
    reader.polls()
    publisher.leads["/new"] = "Two"
    reader.polls()
    assert publisher.asked == {"/new": 1}
    assert reader.titles == ["One", "Other", "Two"]


def test_when_the_address_that_two_feeds_moved_to_works_again_it_is_stored_once(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new", "/new": "One"}
    reader.lists("/a", "/b")
    answers: list[int | str] = ["One", *[500] * (3 * BELIEVED), "One", "Two"]
    for answer in answers:
        publisher.leads["/new"] = answer
        reader.polls()
    reader.polls()
    assert publisher.asked == {"/new": 1}
    assert reader.titles == ["One", "Two"]


def test_a_feed_goes_on_alone_once_the_other_that_moved_there_is_off_the_list(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new", "/new": "One"}
    for path in ("/a", "/b"):
        reader.lists("/a", "/b")
        reader.polls()
        reader.lists(path)
        publisher.leads["/new"] = f"Only {path}"
        reader.polls()
        assert f"Only {path}" in reader.titles


def test_a_feed_that_is_listed_again_is_read_as_the_other_that_moved_there(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new", "/new": "One"}
    for path in ("/a", "/b"):
        reader.lists(path)
        reader.polls()
    reader.lists("/a", "/b")
    publisher.leads["/new"] = "Two"
    reader.polls()
    assert publisher.asked == {"/new": 1}
    assert reader.titles == ["One", "One", "Two"]


def test_of_two_feeds_that_moved_to_one_address_one_goes_on_there(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new", "/new": "One"}
    reader.lists("/a", "/b")
    reader.polls()
    reader.lists("/a", "/b", "/new")
    reader.polls()
    assert publisher.asked == {"/new": 1}
    assert reader.titles == ["One"]
    assert {row.state.source.url for row in feeds.listing(reader.db, NOW) if row.items} == {
        publisher.url("/new")
    }


def test_a_feed_that_is_listed_at_its_old_address_again_is_asked_there(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/old": "/new", "/new": "One"}
    reader.lists("/old")
    reader.polls()
    reader.lists("/new")
    reader.polls()
    publisher.leads = {"/old": "Two", "/new": 404}
    reader.lists("/old")
    assert reader.polls().new_items == 1
    assert publisher.asked == {"/old": 1}


def test_a_feed_that_was_read_as_another_goes_on_where_that_is_listed_now(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new", "/new": "One"}
    reader.lists("/a", "/b")
    reader.polls()
    reader.polls()
    reader.lists("/b", "/new")
    reader.polls()
    assert publisher.asked == {"/new": 1}
    assert reader.titles == ["One"]


@pytest.mark.parametrize("order", [("/b", "/a", "/b"), ("/a", "/b")])
def test_of_feeds_that_are_listed_again_the_one_that_was_read_last_leads(
    reader: Reader, publisher: Mover, order: tuple[str, ...]
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new", "/new": "One"}
    for path in order:
        reader.lists(path)
        reader.polls()
    reader.lists("/a", "/b")
    reader.polls()
    moved = {feed.source.url: feed.moved_to for feed in feeds.due(reader.db, NOW, force=True)}
    assert moved == {publisher.url("/b"): publisher.url("/new")}


def test_a_feed_that_moves_to_a_listed_one_is_not_read_as_another_that_moved_there(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/c", "/b": "Other", "/c": "One"}
    reader.lists("/a", "/b", "/c")
    reader.polls()
    publisher.leads["/b"] = "/c"
    reader.polls()
    there = publisher.url("/c")
    moved = {row.state.source.url: row.state.moved_to for row in feeds.listing(reader.db, NOW)}
    assert moved == {publisher.url("/a"): there, publisher.url("/b"): there, there: None}


def test_of_feeds_that_moved_to_one_address_the_listed_one_goes_on_there(
    reader: Reader, publisher: Mover
) -> None:
    publisher.leads = {"/a": "/new", "/b": "/new"}
    for path, title in (("/a", "One"), ("/b", "Two")):
        publisher.leads["/new"] = title
        reader.lists(path)
        reader.polls()
    reader.lists("/new")
    assert reader.polls().new_items == 0
    assert reader.titles == ["One", "Two"]
