"""Outlets: which feeds are of one publisher, and the name that is shown of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.config import load_feeds
from tracker.errors import ConfigError
from tracker.model.polling import (
    Changed,
    Document,
    Entry,
    FeedSource,
    NextPoll,
    Transfer,
)
from tracker.outlets import FeedTitles, names_of, outlet_key, registrable, site_of
from tracker.store.archive import items
from tracker.store.database import Database, connect
from tracker.store.polling import feeds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.example.com", "example.com"),
        ("feeds.news.example.co.uk", "example.co.uk"),
        ("example.com.au", "example.com.au"),
        ("noticias.uol.com.br", "uol.com.br"),
        ("www.abc.net.au", "abc.net.au"),
        ("co.uk", "co.uk"),
        ("t.co", "t.co"),
        ("anna.github.io", "anna.github.io"),
        ("www.bert.blogspot.com", "bert.blogspot.com"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_the_registrable_domain_of_a_host(host: str, expected: str) -> None:
    assert registrable(host) == expected


def test_the_site_is_where_most_articles_are() -> None:
    articles = ["https://www.a.example/1", "https://a.example/2", "https://b.example/3"]
    assert site_of("https://feeds.c.example/x", "https://d.example", articles) == "a.example"


def test_the_site_of_redirected_articles_is_the_one_that_the_feed_names() -> None:
    articles = ["https://feedproxy.google.com/~r/a/1", "https://feedproxy.google.com/~r/a/2"]
    assert site_of("https://feeds.feedburner.com/a", "https://a.example", articles) == "a.example"


def test_a_channel_on_a_shared_site_stands_by_itself() -> None:
    videos = ["https://www.youtube.com/watch?v=1", "https://www.youtube.com/watch?v=2"]
    assert site_of("https://www.youtube.com/feeds/x", "https://www.youtube.com/c/x", videos) == ""
    assert outlet_key("", None, 3) != outlet_key("", None, 4)


def names(site: str, *own_titles: str) -> set[str | None]:
    return set(names_of(site, [FeedTitles(None, None, title) for title in own_titles]))


@pytest.mark.parametrize(
    ("site", "titles", "expected"),
    [
        ("bfmtv.com", ["Home Amérique Latine - actualités"], "BFMTV"),
        (
            "gazette.example",
            ["Home Asie - actualités", "Home Metz - actualités"],
            "gazette.example",
        ),
        ("gazette.example", ["The Gazette - World", "The Gazette - Sport"], "The Gazette"),
        ("gazette.example", ["Gazette: Technology"], "Gazette"),
        ("lagazette.example", ["World | La Gazette"], "La Gazette"),
        ("smith-blog.example", ["Smith – notes on everything"], "Smith"),
        ("xyz.example", ["Morning Herald World", "Morning Herald Arts"], "Morning Herald"),
        ("xyz.example", ["World – Morning Herald", "Arts – Morning Herald"], "Morning Herald"),
        ("xyz.example", ["Artificial truth"], "Artificial truth"),
        ("xyz.example", ["Latest stories"], "xyz.example"),
        ("xyz.example", ["", ""], "xyz.example"),
        ("bbc.co.uk", ["In Our Time"], "BBC"),
        ("", ["Google Alert - Slack"], "Google Alert - Slack"),
    ],
)
def test_the_name_of_an_outlet_is_found(site: str, titles: list[str], expected: str) -> None:
    assert names(site, *titles) == {expected}


def test_what_the_user_calls_a_feed_goes_before_what_is_found() -> None:
    one = FeedTitles(None, "My paper", "Gazette - World")
    other = FeedTitles("The Observer", "My title", "Gazette - Arts")
    assert names_of("gazette.example", [one]) == ["My paper"]
    assert names_of("gazette.example", [one, other])[1] == "The Observer"


def test_a_title_that_is_the_documents_own_names_a_section() -> None:
    own = FeedTitles(None, "Home Asie - actualités", "Home Asie - actualités")
    assert names_of("bfmtv.com", [own]) == ["BFMTV"]


def test_several_titles_of_one_site_name_sections() -> None:
    given = [FeedTitles(None, title, None) for title in ("Gazette World", "Gazette Arts")]
    assert names_of("gazette.example", given) == ["Gazette", "Gazette"]
    apart = [FeedTitles(None, title, None) for title in ("a", "b")]
    assert names_of("gazette.example", apart) == ["a", "b"]


def record(db: Database, source: FeedSource, title: str, *urls: str) -> None:
    (state,) = feeds.due(db, NOW, force=True, url=source.url)
    entries = tuple(Entry(url, url, f"Title of {url}", "", NOW) for url in urls)
    document = Document(title, None, "en", entries)
    outcome = Changed(state, Transfer(200, 0.1), document, b"", b"")
    feeds.record_all(db, [(outcome, NextPoll(NOW, ""))], NOW)


def sources_shown(db: Database) -> list[tuple[str, str]]:
    ids = [row[0] for row in db.execute("SELECT id FROM items ORDER BY id")]
    found = sorted(items.load(db, ids), key=lambda item: item.id)
    return [(item.source, item.feed) for item in found]


def test_items_show_the_outlet_and_keep_their_feed(tmp_path: Path) -> None:
    listed = [FeedSource(f"https://feeds.example/{name}") for name in ("world", "arts")]
    with closing(connect(tmp_path / "t.db")) as db:
        feeds.take_in(db, listed, {}, "1")
        record(db, listed[0], "Gazette - World", "https://www.gazette.example/a")
        record(db, listed[1], "Gazette - Arts", "https://gazette.example/b")
        assert sources_shown(db) == [
            ("Gazette", "Gazette - World"),
            ("Gazette", "Gazette - Arts"),
        ]
        assert {row.outlet for row in feeds.listing(db, NOW)} == {"Gazette"}
        loaded = items.load(db, [1, 2])
        assert loaded[0].outlet == loaded[1].outlet


def test_outlet_in_the_feed_list_joins_feeds_of_several_sites(tmp_path: Path) -> None:
    listed = [
        FeedSource("https://www.gazette.example/rss", outlet="Gazette TV"),
        FeedSource("https://www.youtube.com/feeds/videos.xml", outlet="Gazette TV"),
    ]
    with closing(connect(tmp_path / "t.db")) as db:
        feeds.take_in(db, listed, {}, "1")
        record(db, listed[0], "Gazette - World", "https://www.gazette.example/a")
        record(db, listed[1], "Videos", "https://www.youtube.com/watch?v=1")
        one, other = items.load(db, [1, 2])
        assert one.source == other.source == "Gazette TV"
        assert one.outlet == other.outlet
        feeds.take_in(db, [listed[0], listed[1]._replace(outlet=None)], {}, "2")
        assert sources_shown(db)[1] == ("Videos", "Videos")


def test_the_outlet_of_a_feed_is_read_from_feeds_yaml(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n  - url: https://a.example/rss\n    outlet: The Gazette\n")
    assert load_feeds(path).sources[0].outlet == "The Gazette"


def test_an_outlet_that_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n  - url: https://a.example/rss\n    outlet: [a]\n")
    with pytest.raises(ConfigError, match=r"3.*outlet.*must be text"):
        load_feeds(path)
