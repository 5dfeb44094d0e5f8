"""The bundled feeds: what the file holds, and the commands that show and add them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from homes import Home

from tracker.cli.invocation.complete import pack_names
from tracker.config import add_feeds, load_feeds
from tracker.errors import NotFoundError
from tracker.feeds.listing.packs import feeds_of, named, packs
from tracker.hosts import mistake_of_url

LANGUAGES = {"de", "en", "es", "fr", "it", "nl", "pt"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


# --- the file --------------------------------------------------------------------------------


def test_there_are_feeds_of_every_language_that_is_understood() -> None:
    found = [(pack.language, feed) for pack in packs() for feed in pack.feeds]
    assert len(found) >= 150
    assert {language for language, _ in found} == LANGUAGES
    assert min(Counter(language for language, _ in found).values()) >= 15


def test_an_address_stands_once_and_can_be_listed() -> None:
    urls = [feed.url for pack in packs() for feed in pack.feeds]
    assert [url for url, times in Counter(urls).items() if times > 1] == []
    assert [url for url in urls if mistake_of_url(url)] == []


def test_the_file_is_sorted_and_its_titles_are_clean() -> None:
    rows = [(pack.name, feed.title or "") for pack in packs() for feed in pack.feeds]
    assert rows == sorted(rows, key=lambda row: (row[0], row[1].casefold()))
    assert all(title == " ".join(title.split()) for _, title in rows)


def test_all_feeds_can_be_listed_together(tmp_path: Path) -> None:
    sources = [feed for pack in packs() for feed in pack.feeds]
    assert add_feeds(tmp_path / "feeds.yaml", sources) == sources
    assert list(load_feeds(tmp_path / "feeds.yaml").sources) == sources


def test_a_feed_has_the_topic_as_tag_and_the_language_of_its_pack() -> None:
    (pack,) = named("technology-fr")
    assert {(feed.language, feed.tags) for feed in pack.feeds} == {("fr", ("technology",))}


def test_a_topic_and_a_language_name_several_packs() -> None:
    assert {pack.topic for pack in named("news")} == {"news"}
    assert {pack.language for pack in named("NL ")} == {"nl"}
    assert len(feeds_of("pt")) == sum(len(pack.feeds) for pack in named("pt"))


@pytest.mark.parametrize(
    ("typed", "nearest"), [("tech", "technology"), ("newz-fr", "news-fr"), ("xyzzy", None)]
)
def test_an_unknown_pack_is_named_with_the_nearest(typed: str, nearest: str | None) -> None:
    with pytest.raises(NotFoundError) as caught:
        named(typed)
    assert caught.value.nearest is None if nearest is None else nearest in str(caught.value)


# --- the commands ----------------------------------------------------------------------------


def test_the_packs_are_listed_by_topic_and_language(home: Home) -> None:
    said = home.ok("feeds", "packs")
    assert said == home.ok("feeds", "packs", "ls")
    head, *rows = said.splitlines()
    assert head.split() == ["topic", "en", "de", "es", "fr", "it", "nl", "pt"]
    (news,) = (row.split() for row in rows if row.startswith("news"))
    assert news[4] == str(len(feeds_of("news-fr")))
    assert max(map(len, said.splitlines())) <= 80
    told = json.loads(home.ok("feeds", "packs", "ls", "--json"))["packs"]
    assert told == json.loads(home.ok("feeds", "packs", "--json"))["packs"]
    assert {pack["name"] for pack in told} == {pack.name for pack in packs()}


def test_a_pack_is_shown_with_its_addresses(home: Home) -> None:
    said = home.ok("feeds", "packs", "show", "games-de")
    for feed in feeds_of("games-de"):
        assert f"  {feed.title}\n    {feed.url}\n" in said
    assert "tracker feeds packs add games-de adds them." in said
    (told,) = json.loads(home.ok("feeds", "packs", "show", "games-de", "--json"))["packs"]
    assert len(told["feeds"]) == len(feeds_of("games-de"))


def test_packs_are_added_once_and_comments_stay(home: Home) -> None:
    first = feeds_of("games-de")[0]
    home.feeds.write_text(f"# mine\nfeeds:\n  - url: {first.url}  # good\n", "utf-8")
    both = len(feeds_of("games-de")) + len(feeds_of("linux-de"))
    words = ("feeds", "packs", "add", "games-de", "linux-de", "--tag", "x")
    assert home.ok(*words, "--dry-run").startswith(f"{both - 1} feeds would be added")
    assert home.ok(*words).startswith(f"{both - 1} feeds added, 1 already listed.\n")
    assert home.ok(*words).startswith(f"0 feeds added, {both} already listed.\n")
    assert home.feeds.read_text("utf-8").startswith("# mine\nfeeds:\n  - url: ")
    added = load_feeds(home.feeds).sources[1:]
    assert {source.tags for source in added} == {("games", "x"), ("linux", "x")}


def test_one_unknown_pack_adds_nothing(home: Home) -> None:
    assert "no pack" in home.fails(1, "feeds", "packs", "add", "games-de", "nothing")
    assert not home.feeds.exists()


def test_names_of_packs_are_completed() -> None:
    assert pack_names("technology-") == [f"technology-{code}" for code in sorted(LANGUAGES)]
    assert "science" in pack_names("sc")
