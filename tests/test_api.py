"""The Python interface: its examples, its names, and what it reads and changes."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import io
import pkgutil
import shutil
import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import tracker
from tracker import model
from tracker.cli.commands.demo import live_through, stage
from tracker.cli.invocation.context import Session
from tracker.config import add_feed
from tracker.demo.archive import MOMENTS
from tracker.errors import (
    BusyError,
    ConfigError,
    DatabaseError,
    NotFoundError,
    NotOursError,
    QueryError,
)
from tracker.model.core import State, Status
from tracker.model.polling import FeedSource
from tracker.store.database import only_one, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publishing import Publisher

    from tracker.model.core import Item

DOCUMENT = Path(__file__).parent.parent / "docs" / "api.md"
SLUG = "tiktok-acquisition"
FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>'
    b"<item><title>Nokia to buy Infinera</title><guid>1</guid>"
    b"<link>https://gazette.example/1</link></item></channel></rss>"
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow a story through the archive of the demo; return a database for copying."""
    kept = tmp_path_factory.mktemp("archive") / "news.db"
    begin = Session(None, None, no_color=True, now=MOMENTS[-1])
    with contextlib.redirect_stdout(io.StringIO()), stage(begin) as (here, server):
        with opened(here.db_path) as db:
            live_through(db, here, server, MOMENTS)
        shutil.copy(here.db_path, kept)
    return kept


@pytest.fixture
def path(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return Path(shutil.copy(archive, tmp_path))


@pytest.fixture
def news(path: Path) -> Iterator[tracker.Tracker]:
    with tracker.open(path, zone=UTC, clock=lambda: MOMENTS[-1]) as found:
        yield found


def first(news: tracker.Tracker) -> Item:
    """Return the newest report of the story that the demo follows."""
    return news.timeline(SLUG, limit=1).reports[0].link.item


def written(path: Path) -> list[str]:
    with opened(path) as db:
        return list(db.iterdump())


# --- what is promised ----------------------------------------------------------------------------


def test_the_examples_of_the_document_are_true(path: Path) -> None:
    assert path.is_file()

    failed, tried = doctest.testfile(
        str(DOCUMENT), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
    )

    assert failed == 0
    assert tried > 15


def test_the_names_and_signatures_are_those_that_are_promised() -> None:
    methods = {
        name: " ".join(inspect.signature(method).parameters)
        for name, method in inspect.getmembers(tracker.Tracker, inspect.isfunction)
        if not name.startswith("_")
    }
    assert sorted(tracker.__all__) == ["Tracker", "__version__", "open"]
    assert " ".join(inspect.signature(tracker.open).parameters) == "path feeds create zone clock"
    assert methods == {
        "accept": "self story items",
        "close": "self",
        "close_story": "self story",
        "developments": "self timeline",
        "feeds": "self",
        "follow": "self query title slug languages since",
        "item": "self reference",
        "last_poll": "self",
        "mark_seen": "self timeline",
        "mute_story": "self story until",
        "news": "self since until limit tags",
        "poll": "self force feed tags",
        "preview": "self query languages since",
        "reject": "self story items",
        "remove_story": "self story",
        "reopen_story": "self story",
        "search": "self query since tags",
        "stories": "self",
        "story": "self name",
        "timeline": "self story since until only_new maybe limit tags",
        "review": "self story limit",
        "skip": "self story items",
        "undo": "self",
        "why": "self story item",
    }


def test_importing_the_package_loads_nothing_of_the_interface() -> None:
    code = "import sys, tracker; print(*(m for m in sys.modules if m.startswith('tracker')))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert set(done.stdout.split()) == {"tracker", "tracker.version"}


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'tracker' has no attribute 'opne'"):
        _ = tracker.opne


def test_what_is_returned_cannot_be_changed(news: tracker.Tracker) -> None:
    found: Any = news.timeline(SLUG)
    with pytest.raises(FrozenInstanceError):
        found.hidden = 3


def test_no_value_of_the_model_can_be_changed() -> None:
    names = [each.name for each in pkgutil.iter_modules(model.__path__)]
    modules = [importlib.import_module(f"tracker.model.{name}") for name in names]
    made = {each for module in modules for each in vars(module).values() if is_dataclass(each)}
    assert len(made) > 40
    assert [each for each in made if not each.__dataclass_params__.frozen] == []  # type: ignore[union-attr]


def test_all_that_is_new_comes_unless_a_limit_is_asked_for(news: tracker.Tracker) -> None:
    (every,) = news.news()
    assert every.hidden == 0
    (one,) = news.news(limit=1)
    assert one.hidden == len({each.link.event for each in every.reports}) - 1 > 0


# --- opening -------------------------------------------------------------------------------------


def test_a_missing_database_is_made_on_request_only(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="there is no database"):
        tracker.open(tmp_path / "typo.db")
    assert not (tmp_path / "typo.db").exists()

    with tracker.open(tmp_path / "new.db", create=True) as made:
        assert made.stories() == ()


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.db"
    other.write_text("not a database")

    with pytest.raises(NotOursError):
        tracker.open(other)

    assert other.read_text() == "not a database"


def test_without_a_path_it_is_the_database_of_the_command(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DB", str(path))
    with tracker.open() as found:
        assert found.path == path


def test_each_thread_opens_its_own(path: Path) -> None:
    titles: list[str] = []

    def read() -> None:
        with tracker.open(path) as found:
            titles.extend(each.story.title for each in found.stories())

    with tracker.open(path):
        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert titles == ["TikTok acquisition"] * 4


# --- reading -------------------------------------------------------------------------------------


def test_reading_writes_nothing(path: Path) -> None:
    before = written(path)
    with tracker.open(path) as found:
        found.stories()
        found.news()
        found.timeline(SLUG, maybe=True)
        found.search("Oracle")
        found.preview("TikTok ban")
        found.why(SLUG, first(found))
        found.feeds()
        found.last_poll()

    assert written(path) == before


def test_news_are_new_until_they_are_marked_as_seen(news: tracker.Tracker) -> None:
    (found,) = news.news()
    assert len(news.developments(found)) == 5

    news.mark_seen(found)

    assert news.news() == ()
    assert news.story(SLUG).seen == MOMENTS[-1]


def test_a_timeline_that_left_out_news_is_not_marked(news: tracker.Tracker) -> None:
    news.mark_seen(news.timeline(SLUG, limit=1))

    assert [each.unread for each in news.stories()] == [5]


def test_dates_bound_a_timeline(news: tracker.Tracker) -> None:
    start, end = datetime(2020, 9, 1, tzinfo=UTC), datetime(2020, 9, 30, tzinfo=UTC)

    days = [r.link.item.published for r in news.timeline(SLUG, since=start, until=end).reports]

    assert days
    assert all(start <= day <= end for day in days)


def test_an_item_is_named_by_number_address_or_itself(news: tracker.Tracker) -> None:
    found = first(news)

    assert (
        news.item(found.id)
        == news.item(f"{found.id}")
        == news.item(found.url)
        == news.item(found)
        == found
    )


def test_a_story_is_named_by_slug_title_or_itself(news: tracker.Tracker) -> None:
    found = news.story(SLUG)

    assert news.story("TikTok acquisition") == news.story(found) == found
    with pytest.raises(NotFoundError, match="did you mean 'tiktok-acquisition'"):
        news.story("tiktok-aquisition")


def test_a_tag_that_no_feed_has_is_named(news: tracker.Tracker) -> None:
    for read in (news.news, lambda **tags: news.search("Oracle", **tags)):
        with pytest.raises(NotFoundError, match="no tag 'sports'"):
            read(tags=["sports"])


def test_a_query_that_cannot_be_parsed_is_refused_with_its_place(news: tracker.Tracker) -> None:
    with pytest.raises(QueryError) as refused:
        news.preview("TikTok AND")
    assert refused.value.query == "TikTok AND"


# --- changing ------------------------------------------------------------------------------------


def test_a_poll_stores_and_links_what_feeds_bring(tmp_path: Path, publisher: Publisher) -> None:
    publisher.routes["/feed"] = FEED
    listed = tmp_path / "feeds.yaml"
    add_feed(listed, FeedSource(publisher.url("/feed")))
    with tracker.open(tmp_path / "t.db", feeds=listed, create=True) as found:
        story = found.follow("Nokia Infinera")

        report = found.poll()

        assert (report.new_items, report.new_links, report.failed) == (1, 1, 0)
        last = found.last_poll()
        assert last
        assert (last.feeds, last.new_items) == (1, 1)
        assert [feed.title for feed in found.feeds()] == ["Gazette"]
        (shown,) = found.timeline(story).reports
        assert shown.link.item.title == "Nokia to buy Infinera"


def test_a_mistake_in_the_feed_list_is_named(tmp_path: Path) -> None:
    listed = tmp_path / "feeds.yaml"
    listed.write_text("feeds:\n  - title: Gazette\n")
    with (
        tracker.open(tmp_path / "t.db", feeds=listed, create=True) as found,
        pytest.raises(ConfigError, match="line 2"),
    ):
        found.poll()


def test_two_polls_at_once_are_refused(news: tracker.Tracker) -> None:
    with only_one(news.path), pytest.raises(BusyError):
        news.poll()


def test_a_decision_is_taken_back_with_all_that_it_moved(news: tracker.Tracker) -> None:
    before = news.timeline(SLUG, maybe=True)
    (change,) = news.reject(SLUG, first(news).id)
    assert (change.was, change.now) == (Status.LINKED, Status.REJECTED)

    assert news.undo().now is Status.LINKED

    assert news.timeline(SLUG, maybe=True) == before
    with pytest.raises(NotFoundError, match=r"^No accept, reject or skip is left to take back\.$"):
        news.undo()


def test_several_items_are_accepted_at_once(news: tracker.Tracker) -> None:
    doubtful = [
        report.link.item
        for report in news.timeline(SLUG, maybe=True).reports
        if report.link.status is Status.MAYBE
    ][:2]

    changes = news.accept(SLUG, *doubtful)

    assert [change.item for change in changes] == doubtful
    assert {change.now for change in changes} == {Status.ACCEPTED}


def test_a_story_is_muted_closed_reopened_and_removed(news: tracker.Tracker) -> None:
    until = datetime(2021, 2, 1, tzinfo=UTC)

    assert news.mute_story(SLUG, until).muted_until == until
    assert news.close_story(SLUG).state is State.CLOSED
    assert news.reopen_story(SLUG).state is State.OPEN
    news.remove_story(SLUG)
    assert news.stories() == ()
