"""What an assistant may change, and only where the user named it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from assisting import asking, desk_of, refused, told
from making import bring
from mcp import Client
from mcp.types import Tool
from newsroom import NOW, Said, begin, fill, list_feeds, tell
from publishing import Publisher

from tracker.assistant.desk import CHANGES, allowed
from tracker.errors import UsageError
from tracker.services.follow import follow
from tracker.services.linking import catch_up
from tracker.store.database import opened
from tracker.store.following import stories, timelines

DOCUMENT = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>'
    b"<item><title>Nokia cuts 500 jobs</title><guid>1</guid></item></channel></rss>"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        bring(db, "Nokia cuts 500 jobs", "Nokia opens a plant", "Rain", at=NOW - timedelta(days=3))
        follow(db, "Nokia layoffs", NOW - timedelta(days=1))
    return tmp_path / "t.db"


def state(path: Path) -> str:
    with opened(path) as db:
        return str(stories.find(db, "nokia-layoffs", NOW).state)


def tools(path: Path, *allow: str) -> dict[str, Tool]:
    async def ask(client: Client) -> dict[str, Tool]:
        return {tool.name: tool for tool in (await client.list_tools()).tools}

    return asking(path, ask, *allow)


def test_nothing_that_changes_is_there_unless_allowed(path: Path) -> None:
    assert not set(tools(path)) & set(CHANGES)
    assert set(tools(path, "follow", "poll")) & set(CHANGES) == {"follow", "poll"}
    assert set(tools(path, "all")) >= set(CHANGES)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ([], set()),
        (["follow"], {"follow"}),
        (["follow,reject", "mute"], {"follow", "reject", "mute"}),
        ([" Mark-Seen ,"], {"mark_seen"}),
        (["all"], set(CHANGES)),
        (["poll,all"], set(CHANGES)),
    ],
)
def test_names_may_be_joined(given: list[str], names: set[str]) -> None:
    assert allowed(given) == names


@pytest.mark.parametrize("given", ["folow", "stories", "*", "follow;reject"])
def test_an_unknown_name_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="is not a tool that changes something"):
        allowed([given])


def test_the_hints_tell_what_a_tool_may_do(path: Path) -> None:
    hints = {name: tool.annotations for name, tool in tools(path, "all").items()}
    reading = {n for n, h in hints.items() if h and h.read_only_hint}
    assert set(hints) - reading == set(CHANGES)
    assert {n for n, h in hints.items() if h and h.open_world_hint} == {"poll"}
    taking = {n for n, h in hints.items() if h and h.destructive_hint}
    assert taking == {"reject", "undo", "mute", "close", "mark_seen"}
    assert all(h and h.idempotent_hint is not None for h in hints.values())


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_not_allowed_is_refused_by_its_name(path: Path, name: str) -> None:
    others = [other for other in CHANGES if other != name]
    said = refused(path, name, *others)
    assert said == f"The user has not allowed {name}; tracker mcp --allow {name} does."


def test_a_story_is_followed(path: Path) -> None:
    begun = told(path, "follow", "follow", query="Nokia plant", title="The plant")
    assert begun["title"] == "The plant"
    assert begun["linked"] >= 1
    with opened(path) as db:
        assert stories.find(db, begun["story"], NOW).query == "Nokia plant"


def test_a_stored_article_stands_for_its_words(path: Path) -> None:
    begun = told(path, "follow", "follow", query="#1")
    with opened(path) as db:
        assert "Nokia" in stories.find(db, begun["story"], NOW).query


def test_a_letter_with_digits_is_a_query_and_no_article(path: Path) -> None:
    begun = told(path, "follow", "follow", query="A320")
    with opened(path) as db:
        assert stories.find(db, begun["story"], NOW).query == "A320"


def test_no_address_is_fetched_to_follow_it(path: Path, publisher: Publisher) -> None:
    said = refused(path, "follow", "follow", query=publisher.url("/secret?data=1"))
    assert said.startswith("There is no item")
    assert not publisher.asked


def test_items_are_rejected_accepted_and_taken_back(path: Path) -> None:
    rejected = told(path, "reject", "reject", story="nokia-layoffs", items=[1])
    assert rejected["decisions"] == [{"id": 1, "was": "linked", "now": "rejected"}]
    accepted = told(path, "accept", "accept", story="nokia-layoffs", items=[3])
    assert accepted["decisions"] == [{"id": 3, "was": None, "now": "accepted"}]
    back = told(path, "undo", "undo")
    assert back["decisions"] == [{"id": 3, "was": "accepted", "now": None}]


def test_an_item_that_is_not_there_changes_none(path: Path) -> None:
    assert "There is no item '99'" in refused(
        path, "reject", "reject", story="nokia-layoffs", items=[1, 99]
    )
    why = told(path, "why", story="nokia-layoffs", item="1")
    assert why["status"] == "linked"


def test_without_a_decision_there_is_nothing_to_take_back(path: Path) -> None:
    assert refused(path, "undo", "undo") == "No accept, reject or skip is left to take back."


def test_a_story_is_muted_closed_and_reopened(path: Path) -> None:
    muted = told(path, "mute", "mute", story="nokia-layoffs", until="2031-04-01T00:00:00Z")
    assert (muted["state"], muted["muted_until"]) == ("muted", "2031-04-01T00:00:00Z")
    assert told(path, "close", "close", story="nokia-layoffs")["state"] == "closed"
    assert state(path) == "closed"
    with opened(path) as db:
        bring(db, "Nokia cuts 900 jobs", at=NOW - timedelta(hours=3))
        catch_up(db, NOW)
    reopened = told(path, "reopen", "reopen", story="nokia-layoffs")
    assert (reopened["state"], reopened["more_reports"]) == ("open", 1)
    assert reopened["muted_until"] is None


@pytest.mark.parametrize("until", ["2020-01-01", NOW.isoformat()])
def test_a_story_is_not_muted_until_a_moment_that_is_past(path: Path, until: str) -> None:
    assert "is past" in refused(path, "mute", "mute", story="nokia-layoffs", until=until)
    assert state(path) == "open"


def test_what_an_assistant_told_can_be_marked_as_seen(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    fill(path)
    news = told(path, "whats_new", story="bridge-repair")
    (story,) = news["stories"]
    with opened(path) as db:  # comes after the answer
        tell(db, stories.find(db, "bridge-repair", NOW), [Said("Bridge opens", 1)])
    seen = told(path, "mark_seen", "mark_seen", story="bridge-repair", arrival=story["arrival"])
    assert seen["unread"] == 1
    left = told(path, "whats_new", story="bridge-repair")["developments"]
    assert [d["reports"][0]["untrusted"]["title"] for d in left] == ["Bridge opens"]


def test_no_arrival_marks_what_is_still_to_come(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with opened(path) as db:
        list_feeds(db)
        story = begin(db, "Bridge")
        tell(db, story, [Said("Bridge news", 2)])
    told(path, "mark_seen", "mark_seen", story="bridge", arrival=10**12)
    with opened(path) as db:
        tell(db, story, [Said("Bridge opens", 1)])
        assert timelines.summary(db, story, NOW).unread == 1


def test_the_feeds_are_polled(tmp_path: Path, publisher: Publisher) -> None:
    publisher.routes["/a"] = DOCUMENT
    listed = f"feeds:\n  - url: {publisher.url('/a')}\n  - url: {publisher.url('/gone')}\n"
    (tmp_path / "feeds.yaml").write_text(listed, "utf-8")
    polled = told(tmp_path / "t.db", "poll", "poll")
    assert (polled["feeds"], polled["new_items"], polled["failed"]) == (2, 1, 1)
    (failed,) = polled["failures"]
    assert failed["host"] == "127.0.0.1"
    assert "404" in failed["failure"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("follow", {"query": ""}),
        ("follow", {"query": "Nokia", "title": " "}),
        ("accept", {"story": "nokia-layoffs", "items": []}),
        ("accept", {"story": "nope", "items": [1]}),
        ("poll", {}),
    ],
)
def test_a_change_that_cannot_be_made_is_one_sentence(
    path: Path, tool: str, arguments: dict[str, Any]
) -> None:
    path.with_name("feeds.yaml").write_text("feeds: [\n", "utf-8")
    said = refused(path, tool, tool, **arguments)
    assert said
    assert "\n" not in said
    assert "Error executing" not in said


def test_the_server_works_with_what_it_is_given(path: Path) -> None:
    assert desk_of(path, "poll").allowed == {"poll"}
