"""`feeds edit` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homes import Home

from tracker.config import load_feeds
from tracker.model.polling import FeedSource

if TYPE_CHECKING:
    from publishing import Publisher

FEED = (
    b"<rss version='2.0'><channel><title>A feed</title>"
    b"<item><title>A report</title><guid>1</guid></item></channel></rss>"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "feeds.yaml").write_text(
        "feeds:\n  - url: https://a.example/f # mine\n    tags: [x, y]\n", "utf-8"
    )
    return Home(tmp_path)


def test_a_feed_is_changed_in_all_that_is_given(home: Home) -> None:
    words = (
        "--title",
        "A",
        "--outlet",
        "The A",
        "--lang",
        "DE",
        "--tag",
        "z",
        "--untag",
        "x",
        "--header",
        "Key: s3c",
    )
    said = home.ok("feeds", "edit", "https://a.example/f", *words)
    assert load_feeds(home.feeds).sources == (
        FeedSource("https://a.example/f", "A", "de", ("y", "z"), (("Key", "s3c"),), "The A"),
    )
    assert said.splitlines() == [
        "Changed A.",
        "  title: none → A",
        "  outlet: none → The A",
        "  language: none → de",
        "  tags: x, y → y, z",
        "  headers: none → Key",
    ]
    assert "# mine" in home.feeds.read_text("utf-8")


def test_what_is_given_empty_is_removed(home: Home) -> None:
    home.ok(
        "feeds",
        "edit",
        "https://a.example/f",
        "--title",
        "A",
        "--outlet",
        "O",
        "--header",
        "Key: a",
    )
    words = ("--title", "", "--outlet", "", "--header", "key:", "--untag", "x", "--untag", "y")
    home.ok("feeds", "edit", "A", *words)
    assert load_feeds(home.feeds).sources == (FeedSource("https://a.example/f"),)


def test_a_header_is_never_shown(home: Home) -> None:
    for value in ("s3cret", "an0ther"):
        said = home.ok("feeds", "edit", "https://a.example/f", "--header", f"Key: {value}")
        assert "Changed" in said
        assert value not in said


@pytest.mark.parametrize("words", [(), ("--header", "Key"), ("--lang", "french")])
def test_wrong_use_changes_nothing(home: Home, words: tuple[str, ...]) -> None:
    before = home.feeds.read_bytes()
    home.fails(2, "feeds", "edit", "https://a.example/f", *words)
    assert home.feeds.read_bytes() == before


def test_an_edit_of_nothing_says_so(home: Home) -> None:
    said = home.ok("feeds", "edit", "https://a.example/f", "--tag", "x")
    assert said == "https://a.example/f is listed so already.\n"


def test_what_a_feed_brought_stays_with_it_at_its_new_address(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes |= {"/old": FEED, "/new": FEED}
    home.feeds.write_text(f"feeds:\n- url: {publisher.url('/old')}\n", "utf-8")
    home.ok("poll")
    home.ok("feeds", "edit", publisher.url("/old"), "--url", publisher.url("/new"))
    assert json.loads(home.ok("poll", "--json"))["new_items"] == 0
    (row,) = json.loads(home.ok("feeds", "ls", "--json"))["feeds"]
    assert (row["url"], row["items"]) == (publisher.url("/new"), 1)
    assert publisher.asked == {"/old": 1, "/new": 1}


def test_an_address_that_is_listed_already_moves_nothing(home: Home, publisher: Publisher) -> None:
    publisher.routes |= {"/a": FEED, "/b": FEED}
    urls = publisher.url("/a"), publisher.url("/b")
    home.feeds.write_text(f"feeds:\n- url: {urls[0]}\n- url: {urls[1]}\n", "utf-8")
    home.ok("poll")
    assert "is listed already" in home.fails(2, "feeds", "edit", urls[0], "--url", urls[1])
    assert json.loads(home.ok("poll", "--force", "--json"))["feeds"] == 2


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        ("https://a.example/g", "https://me:s3cret@a.example/g"),
        ("https://b.example/g", "https://b.example/g"),
        ("https://you:other@a.example/g", "https://you:other@a.example/g"),
    ],
)
def test_a_password_goes_with_a_feed_within_its_host(home: Home, new: str, kept: str) -> None:
    home.feeds.write_text("feeds:\n- url: https://me:s3cret@a.example/f\n", "utf-8")
    said = home.ok("feeds", "edit", "https://a.example/f", "--url", new)
    assert load_feeds(home.feeds).sources == (FeedSource(kept),)
    assert "s3cret" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("feeds", "edit", "A feed", "--tag", "x"),
        ("feeds", "check", "A feed"),
        ("poll", "--feed", "A feed"),
        ("feeds", "rm", "A feed"),
    ],
)
def test_a_feed_is_known_by_the_name_that_it_gives_itself(
    home: Home, publisher: Publisher, words: tuple[str, ...]
) -> None:
    publisher.routes["/f"] = FEED
    home.feeds.write_text(f"feeds:\n- url: {publisher.url('/f')}\n", "utf-8")
    home.ok("poll")
    home.ok(*words)
