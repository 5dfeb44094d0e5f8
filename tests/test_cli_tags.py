"""`--tag` in poll, timeline, search and feeds ls: only the feeds that have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homes import Home

if TYPE_CHECKING:
    from publishing import Publisher


def feed(*titles: str) -> bytes:
    items = "".join(f"<item><title>{t}</title><guid>{t}</guid></item>" for t in titles)
    return f"<rss version='2.0'><channel><title>A</title>{items}</channel></rss>".encode()


@pytest.fixture
def home(tmp_path: Path, publisher: Publisher) -> Home:
    publisher.routes |= {
        "/us": feed("Nokia buys Alcatel", "Nokia in court"),
        "/fr": feed("Nokia rachète Alcatel", "Nokia condamné"),
        "/none": feed("Nokia phones"),
    }
    (tmp_path / "feeds.yaml").write_text(
        f"feeds:\n- url: {publisher.url('/us')}\n  tags: [Us, tech]\n"
        f"- url: {publisher.url('/fr')}\n  tags: [france, tech]\n- url: {publisher.url('/none')}\n",
        "utf-8",
    )
    return Home(tmp_path)


def titles(home: Home, *words: str) -> set[str]:
    told: dict[str, Any] = json.loads(home.ok(*words, "--json"))
    return {item["title"] for item in told["items"]}


def test_only_feeds_with_the_tag_are_polled(home: Home, publisher: Publisher) -> None:
    assert json.loads(home.ok("poll", "--tag", "us", "--json"))["feeds"] == 1
    assert publisher.asked == {"/us": 1}
    assert json.loads(home.ok("poll", "--force", "--tag", "tech", "--json"))["feeds"] == 2
    assert publisher.asked == {"/us": 2, "/fr": 1}


def test_several_tags_are_one_or_the_other(home: Home) -> None:
    assert json.loads(home.ok("poll", "--tag", "us", "--tag", "France", "--json"))["feeds"] == 2


def test_a_tag_and_a_feed_exclude_each_other(home: Home) -> None:
    assert "leave out --tag" in home.fails(2, "poll", "--feed", "x", "--tag", "us")


@pytest.mark.parametrize("words", [("poll",), ("timeline",), ("search", "Nokia"), ("feeds", "ls")])
def test_a_tag_of_no_feed_is_named_with_the_nearest(home: Home, words: tuple[str, ...]) -> None:
    home.ok("poll")
    assert "no tag 'frances'; did you mean 'france'?" in home.fails(1, *words, "--tag", "frances")


def test_only_items_of_those_feeds_are_found(home: Home) -> None:
    home.ok("poll")
    found = {"Nokia rachète Alcatel", "Nokia condamné"}
    assert titles(home, "search", "Nokia", "--tag", "france") == found
    assert len(titles(home, "search", "Nokia")) == 5


def test_only_reports_of_those_feeds_are_shown(home: Home) -> None:
    home.ok("poll")
    home.ok("follow", "Nokia")
    found = {"Nokia rachète Alcatel", "Nokia condamné"}
    assert titles(home, "timeline", "nokia", "--tag", "france") == found
    told = json.loads(home.ok("timeline", "--tag", "france", "--json"))
    assert {i["title"] for story in told["stories"] for i in story["items"]} <= found
    assert len(titles(home, "timeline", "nokia")) == 5


def test_what_is_filtered_stays_new(home: Home) -> None:
    home.ok("follow", "Nokia")
    home.ok("poll")
    home.ok("timeline", "nokia", "--tag", "france")
    home.ok("timeline", "--tag", "france")
    told = json.loads(home.ok("timeline", "nokia", "--json"))
    assert all(item["new"] for item in told["items"])


def test_a_story_without_such_reports_says_so(home: Home, publisher: Publisher) -> None:
    home.ok("poll")
    home.ok("follow", "Alcatel", "--slug", "a")
    home.ok("feeds", "edit", publisher.url("/none"), "--tag", "empty")
    said = home.ok("timeline", "a", "--tag", "empty")
    assert "Nothing in what you asked for." in said
    assert "Nothing matches" in home.ok("search", "Alcatel", "--tag", "empty")


@pytest.mark.parametrize(
    "line",
    ["poll --tag ", "timeline --tag ", "search --tag ", "feeds ls --tag ", "feeds check --tag "],
)
def test_tags_are_completed(home: Home, line: str) -> None:
    assert home.completed(f"tracker {line}") == ["Us", "france", "tech"]
    assert home.completed(f"tracker {line}U") == ["Us"]


def test_addresses_of_feeds_are_completed_without_passwords(home: Home) -> None:
    home.feeds.write_text("feeds:\n- url: https://me:s3cret@a.example/f\n", "utf-8")
    for line in ("feeds rm h", "feeds edit h", "feeds check h"):
        assert home.completed(f"tracker {line}") == ["https://a.example/f"]


def test_completion_is_silent_where_the_list_cannot_be_read(home: Home) -> None:
    home.feeds.write_text("feeds: {\n", "utf-8")
    assert home.completed("tracker poll --tag ") == []
    assert home.completed("tracker feeds rm h") == []
