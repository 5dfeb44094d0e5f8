"""What an assistant is told: stories, news, timelines, reasons, articles, searches, feeds."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from assisting import asking, call, data_of, refused, text_of, told
from making import bring
from mcp import Client
from newsroom import NOW, Said, begin, fill, list_feeds, tell

from tracker.assistant.quoting import MOST_CHARACTERS
from tracker.services.follow import follow
from tracker.store.database import opened


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("filled") / "t.db"
    fill(made)
    return made


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    return Path(copy(filled, tmp_path))


@pytest.fixture(scope="module")
def searchable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("searchable") / "t.db"
    with opened(made) as db:
        list_feeds(db)
        bring(db, "Nokia cuts 500 jobs", "Nokia opens a plant", "Rain", at=NOW - timedelta(days=3))
        follow(db, "Nokia layoffs", NOW)
    return made


@pytest.fixture
def archive(searchable: Path, tmp_path: Path) -> Path:
    """Give a database whose items can be searched."""
    return Path(copy(searchable, tmp_path))


def titles(developments: list[dict[str, Any]]) -> list[str]:
    return [each["reports"][0]["untrusted"]["title"] for each in developments]


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as db:
        found = list(db.iterdump())
    db.close()
    return found


def test_the_stories_come_with_their_counts(path: Path) -> None:
    stories = told(path, "stories")["stories"]
    lines = {each["slug"]: each for each in stories}
    assert stories[0]["unread"] > 0
    assert lines["bridge-repair"]["unread"] == 2
    assert lines["bridge-repair"]["doubtful"] == 1
    assert lines["lighthouse-museum"]["untrusted"]["title"] is None


def test_the_news_are_those_of_all_open_stories(path: Path) -> None:
    news = told(path, "whats_new")
    assert {each["slug"] for each in news["stories"]} == {"bridge-repair", "ferry-timetable"}
    assert "Bridge will be repaired" in titles(news["developments"])
    assert "Bridge is found to be cracked" not in titles(news["developments"])
    published = [each["published"] for each in news["developments"]]
    assert published == sorted(published, reverse=True)


def test_the_news_of_one_story_can_be_asked_for(path: Path) -> None:
    news = told(path, "whats_new", story="bridge-repair")
    assert {each["story"] for each in news["developments"]} == {"bridge-repair"}


def test_a_timeline_folds_the_reports_of_a_development(path: Path) -> None:
    timeline = told(path, "timeline", story="Bridge repair")
    (repaired,) = (d for d in timeline["developments"] if d["reports_in_all"] == 3)
    assert repaired["languages"] == ["en", "fr", "de"]
    assert [each["untrusted"]["title"] for each in repaired["reports"]] == [
        "Bridge will be repaired",
        "Le pont sera réparé",
        "Die Brücke wird repariert",
    ]
    assert timeline["doubtful_left_out"] == 1


def test_a_timeline_can_be_bounded_and_show_the_doubtful(path: Path) -> None:
    bounded = told(path, "timeline", story="bridge-repair", since="2031-03-19", until="2031-03-19")
    assert titles(bounded["developments"]) == ["Bridge will be repaired"]
    doubtful = told(path, "timeline", story="bridge-repair", doubtful=True)
    assert "Perhaps about another bridge" in titles(doubtful["developments"])


def test_the_reasons_of_a_report_are_told(path: Path) -> None:
    why = told(path, "why", story="bridge-repair", item="1")
    assert why["status"] == "linked"
    assert why["reasons"] == [
        {
            "kind": "word",
            "field": "title",
            "worth": 0.8,
            "untrusted": {"part": "bridge", "found": "bridge"},
        }
    ]


def test_what_an_item_lacks_is_told(archive: Path) -> None:
    why = told(archive, "why", story="nokia-layoffs", item="3")
    assert why["status"] is None
    assert "nothing of the query" in {each["untrusted"]["part"] for each in why["reasons"]}


def test_an_article_comes_with_its_summary_and_its_stories(path: Path) -> None:
    article = told(path, "article", item="#1")
    assert article["untrusted"]["summary"] == "Engineers closed one lane."
    assert article["untrusted"]["url"] == "https://example.org/1"
    assert article["stories"] == [{"story": "bridge-repair", "status": "linked"}]


@pytest.mark.parametrize("reference", [1, "1", "#1", "https://example.org/1"])
def test_an_article_is_named_as_on_the_command_line(path: Path, reference: int | str) -> None:
    assert told(path, "article", item=reference)["id"] == 1


def test_what_is_stored_can_be_searched(archive: Path) -> None:
    found = told(archive, "search", query="Nokia")
    assert [each["untrusted"]["title"] for each in found["results"]] == [
        "Nokia opens a plant",
        "Nokia cuts 500 jobs",
    ]
    assert found["found_in_all"] == 2
    assert found["understood"][0]["found"] == 2


def test_a_story_can_be_tried_without_following_it(archive: Path) -> None:
    tried = told(archive, "preview", query="Nokia layoffs")
    assert tried["linked"] == 1
    sure = [each for each in tried["newest"] if each["match"] == "sure"]
    assert [each["untrusted"]["title"] for each in sure] == ["Nokia cuts 500 jobs"]


def test_feeds_that_fail_come_first_with_their_reason(path: Path) -> None:
    with opened(path) as db, db.transaction():
        db.execute(
            "INSERT INTO outages (feed_id, since, reason) VALUES (3, ?, 'answers 500')",
            (int(NOW.timestamp()),),
        )
    feeds = told(path, "feeds")
    assert (feeds["listed"], feeds["failing"]) == (3, 1)
    assert feeds["feeds"][0]["untrusted"] == {
        "title": "Das Beispiel",
        "host": "outlet2.example",
        "failure": "answers 500",
    }
    assert len(told(path, "feeds", failing=True)["feeds"]) == 1


def test_the_address_of_a_feed_is_left_out(tmp_path: Path) -> None:
    from tracker.model.polling import FeedSource
    from tracker.store.polling import feeds

    with opened(tmp_path / "t.db") as db:
        feeds.take_in(db, [FeedSource("https://u:pw@a.example/feed?token=s3cret")], {}, "")
    text = text_of(call(tmp_path / "t.db", "feeds"))
    assert "a.example" in text
    assert "s3cret" not in text
    assert "pw" not in text


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("stories", {}),
        ("whats_new", {}),
        ("whats_new", {"story": "nokia-layoffs"}),
        ("timeline", {"story": "nokia-layoffs"}),
        ("why", {"story": "nokia-layoffs", "item": "1"}),
        ("why", {"story": "nokia-layoffs", "item": "3"}),
        ("search", {"query": "Nokia"}),
        ("preview", {"query": "Nokia layoffs"}),
        ("article", {"item": "1"}),
        ("feeds", {}),
    ],
)
def test_reading_changes_nothing_in_the_database(
    archive: Path, tool: str, arguments: dict[str, Any]
) -> None:
    with opened(archive) as db:
        bring(db, "Nokia closes a site")  # which waits to be linked
    before = dump(archive)
    told(archive, tool, **arguments)
    assert dump(archive) == before


def test_what_waits_to_be_linked_is_counted(archive: Path) -> None:
    with opened(archive) as db:
        bring(db, "Nokia closes a site")
    assert told(archive, "search", query="Nokia")["not_searched_yet"] == 1


def pages(path: Path, tool: str, **arguments: Any) -> list[dict[str, Any]]:
    async def ask(client: Client) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while not found or cursor:
            result = await client.call_tool(tool, arguments | {"cursor": cursor})
            assert result.structured_content is not None, result
            found.append(dict(result.structured_content))
            cursor = found[-1]["next_cursor"]
        return found

    return asking(path, ask)


@pytest.mark.parametrize(
    ("tool", "rows", "arguments"),
    [
        ("stories", "stories", {}),
        ("whats_new", "developments", {}),
        ("timeline", "developments", {"story": "bridge-repair", "doubtful": True}),
        ("search", "results", {"query": "bridge OR ferry OR tram"}),
        ("feeds", "feeds", {}),
    ],
)
@pytest.mark.parametrize("limit", [1, 2])
def test_pages_show_what_one_page_would(
    path: Path, tool: str, rows: str, arguments: dict[str, Any], limit: int
) -> None:
    with opened(path) as db, db.transaction():
        db.execute("INSERT INTO queue SELECT id FROM items")
    with opened(path) as db:
        from tracker.services.linking import catch_up

        catch_up(db, NOW)
    whole = told(path, tool, **arguments, limit=50)[rows]
    several = pages(path, tool, **arguments, limit=limit)
    assert len(whole) > limit
    assert [row for each in several for row in each[rows]] == whole
    assert all(len(each[rows]) <= limit for each in several)


def test_what_a_poll_brings_between_two_pages_moves_none(path: Path) -> None:
    whole = told(path, "timeline", story="bridge-repair")["developments"]
    first = told(path, "timeline", story="bridge-repair", limit=1)
    with opened(path) as db:
        from tracker.store.following import stories

        tell(db, stories.find(db, "bridge-repair", NOW), [Said("Bridge opens", 0)])
    rest = told(path, "timeline", story="bridge-repair", cursor=first["next_cursor"])
    assert first["developments"] + rest["developments"] == whole


def test_a_long_timeline_is_answered_in_pages_of_bounded_size(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with opened(path) as db:
        list_feeds(db)
        said = [Said(f"Bridge news {n} {'and so on ' * 40}", n) for n in range(300)]
        tell(db, begin(db, "Bridge"), said)
    several = pages(path, "timeline", story="bridge", limit=50)
    assert sum(len(each["developments"]) for each in several) == 300
    answer = text_of(call(path, "timeline", story="bridge", limit=50))
    assert MOST_CHARACTERS / 2 < len(answer) <= MOST_CHARACTERS


@pytest.mark.parametrize("cursor", ["x", "", "é", "bnVsbA", "WyJzdG9yaWVzIiwgMV0", "W" * 5_000])
def test_a_cursor_of_another_tool_is_refused_in_a_sentence(path: Path, cursor: str) -> None:
    said = refused(path, "timeline", story="bridge-repair", cursor=cursor)
    assert said == "The cursor is not one that timeline gave; leave it out to begin again."


def test_the_text_of_an_answer_holds_its_structure_between_marks(path: Path) -> None:
    result = call(path, "timeline", story="bridge-repair")
    assert data_of(text_of(result)) == result.structured_content


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("timeline", {"story": "bridge-repare"}, "did you mean 'bridge-repair'?"),
        ("article", {"item": "999"}, "There is no item '999'; "),
        ("search", {"query": '"open'}, "quot"),
        ("timeline", {"story": "bridge-repair", "since": "soon"}, "'soon' is not a date"),
        (
            "timeline",
            {"story": "bridge-repair", "since": "2020-09-10", "until": "2020-09-09"},
            "since '2020-09-10' is later than until '2020-09-09'; exchange them.",
        ),
        ("timeline", {"story": "bridge-repair", "limit": 0}, "limit: Input should be greater"),
        ("timeline", {"story": "bridge-repair", "limit": 51}, "limit: Input should be less"),
        ("timeline", {}, "story: Field required"),
        ("timeline", {"story": "bridge-repair", "sinse": "x"}, "timeline does not take 'sinse'"),
        ("stories", {"a": 1}, "it takes limit and cursor"),
        ("follow", {"query": "x"}, "The user has not allowed follow"),
        ("delete_all", {}, "There is no tool 'delete_all'; there are stories, whats_new"),
    ],
)
def test_an_error_is_one_sentence(
    path: Path, tool: str, arguments: dict[str, Any], said: str
) -> None:
    sentence = refused(path, tool, **arguments)
    assert said in sentence
    assert "\n" not in sentence
    assert "Error executing" not in sentence


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(b"This is not a database, but long enough to be one." * 20)
    assert "is not a tracker database" in refused(tmp_path / "other.db", "stories")
