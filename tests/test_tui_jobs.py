"""Follow, poll, export, copy and open from the full-screen view, and what is said when it fails."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import feedparser
import pytest
from making import bring
from newsroom import NOW, Driver, Said, begin, driven, fill, list_feeds, tell
from publishing import Publisher

from tracker.store.database import opened
from tracker.store.following import stories
from tracker.tui.work import data


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "t.db")
    return tmp_path / "t.db"


def rows_of(view: Driver) -> str:
    return " ".join(view.text().split())


async def typed(view: Driver, words: str) -> None:
    """Type words at once, and wait for the preview that follows a pause."""
    view.app.focused.value = words  # type: ignore[union-attr]  # the line that has the keys
    await view.pilot.pause(0.35)
    await view.settle()


def test_following_shows_what_it_would_find_and_opens_the_story(path: Path) -> None:
    with opened(path) as db:
        bring(db, "Nokia to lay off 5,000 workers", "Nokia cuts jobs in France", at=NOW)

    async def steps(view: Driver) -> None:
        await view.do("follow")
        assert "Type a few words" in rows_of(view)
        await typed(view, "Nokia")
        assert "The last 90 days: 2 reports" in rows_of(view)
        assert "Nokia cuts jobs in France" in rows_of(view)
        await typed(view, "Nokia layoffs in Fran")
        await view.press("enter")
        assert view.main.shown.value.story.slug == "nokia-layoffs-in-fran"
        assert "Nokia cuts jobs in France" in rows_of(view)

    driven(path, steps)


def test_a_query_that_cannot_be_read_is_explained_while_it_is_typed(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("follow")
        await typed(view, '"Nokia')
        assert "quot" in rows_of(view).casefold()
        await view.press("enter", "escape")
        assert [each.story.slug for each in view.main.summaries].count("nokia") == 0

    driven(path, steps)


def test_an_address_is_read_only_on_enter(path: Path, publisher: Publisher) -> None:
    publisher.routes["/article"] = (
        b"<html><head><title>Nokia cuts 5,000 jobs in Oulu</title></head><body></body></html>"
    )

    async def steps(view: Driver) -> None:
        await view.do("follow")
        await typed(view, publisher.url("/article"))
        assert "Enter reads the article and shows its words." in rows_of(view)
        assert publisher.asked["/article"] == 0
        await view.press("enter")
        await view.settle()
        assert "Nokia" in view.app.focused.value  # type: ignore[union-attr]

    driven(path, steps)


def document(*titles: str) -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><guid>{title}</guid></item>" for title in titles
    )
    return f'<rss version="2.0"><channel><title>A</title>{entries}</channel></rss>'.encode()


def listed(path: Path, *urls: str) -> None:
    lines = "".join(f"  - url: {url}\n" for url in urls)
    path.with_name("feeds.yaml").write_text(f"feeds:\n{lines}", "utf-8")


def test_a_poll_shows_its_progress_and_what_it_brought(path: Path, publisher: Publisher) -> None:
    publisher.routes["/a"] = document("Bridge is repaired at last", "Something else")
    publisher.routes["/b"] = document("Nothing of it")
    publisher.held["/b"] = threading.Event()
    listed(path, publisher.url("/a"), publisher.url("/b"))

    async def steps(view: Driver) -> None:
        view.main.action_poll()
        for _ in range(100):
            await view.pilot.pause(0.05)
            if "Polling: 1 of 2 feeds, 2 new items" in view.text():
                break
        assert "Polling: 1 of 2 feeds, 2 new items" in view.text()
        view.main.action_poll()
        assert "A poll is running already." in view.text()
        view.main.action_down()  # keys are taken meanwhile
        await view.pilot.pause()
        assert view.main.rows_of("stories").place[0] == 2
        publisher.held["/b"].set()
        await view.settle()
        assert "Polled 2 feeds: 3 new items" in view.text()
        assert "polled just now" in view.text()

    driven(path, steps)


def test_a_failing_poll_says_why(path: Path, publisher: Publisher) -> None:
    publisher.routes["/a"] = 500
    listed(path, publisher.url("/a"))

    async def steps(view: Driver) -> None:
        await view.do("poll")
        assert "The feed failed: " in view.text()
        assert "tracker feeds ls" in view.text()

    driven(path, steps, size=(140, 24))


def test_a_poll_without_due_feeds_says_when_the_next_one_is(
    path: Path, publisher: Publisher
) -> None:
    publisher.routes["/a"] = document("One")
    listed(path, publisher.url("/a"))

    async def steps(view: Driver) -> None:
        await view.do("poll")
        await view.do("poll")
        assert "No feed is due; the next one is in" in view.text()

    driven(path, steps)


def test_a_feed_list_that_is_wrong_is_named_with_its_line(path: Path) -> None:
    path.with_name("feeds.yaml").write_text("feeds:\n  - url: 7\n", "utf-8")

    async def steps(view: Driver) -> None:
        await view.do("poll")
        assert "line 2" in view.text()

    driven(path, steps, size=(200, 24))


def test_an_export_is_the_file_that_was_named(path: Path) -> None:
    async def steps(view: Driver) -> None:
        for ending in data.FORMATS:
            await view.do("export")
            assert "bridge-repair.html" in view.text()
            view.app.focused.value = str(path.with_name(f"bridge.{ending}"))  # type: ignore[union-attr]
            await view.press("enter")
            assert "Wrote " in view.text()
        await view.do("export")
        view.app.focused.value = "bridge.exe"  # type: ignore[union-attr]
        await view.press("enter")
        assert "'bridge.exe' does not tell its format" in view.text()
        await view.do("export")
        await view.press("escape")

    driven(path, steps, story="bridge-repair")
    written = {name: path.with_name(f"bridge.{name}").read_text("utf-8") for name in data.FORMATS}
    assert len(feedparser.parse(written["atom"]).entries) == 4
    assert len(json.loads(written["json"])["items"]) == 7
    assert all("Bridge will be repaired" in text for text in written.values())


def test_the_link_is_copied_as_the_terminal_is_asked_to(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("y")
        url = view.main.selected.lead.link.item.url
        assert f"Copied {url}" in view.text()
        assert view.app.clipboard == url

    driven(path, steps, story="bridge-repair")


def test_text_that_was_selected_is_copied(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("enter")
        await view.pilot.mouse_down("#reading", offset=(1, 0))
        await view.pilot.hover("#reading", offset=(7, 0))
        await view.pilot.mouse_up("#reading", offset=(7, 0))
        await view.settle()
        await view.press("y")
        assert view.app.clipboard.startswith("Bridge")

    with opened(path) as db:
        tell(db, stories.find(db, "bridge-repair", NOW), [Said("Bridge is open", 1)])
    driven(path, steps, story="bridge-repair")


def test_what_is_no_web_address_is_not_opened(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        tell(db, begin(db, "Bridge"), [Said("A bridge", 3, url="file:///etc/passwd")])

    async def steps(view: Driver) -> None:
        await view.do("browse")
        assert "That report has no web address to open." in view.text()

    driven(tmp_path / "t.db", steps, story="bridge")


def test_a_locked_database_is_tried_again(path: Path) -> None:
    async def steps(view: Driver) -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        view.main.action_accept()
        for _ in range(200):
            await view.pilot.pause(0.05)
            if "Another process holds the database" in view.text():
                break
        assert "Another process holds the database; it is tried again." in view.text()
        view.main.action_down()
        other.execute("ROLLBACK")
        other.close()
        await view.settle()
        assert "It belongs" in view.text()

    driven(path, steps, story="bridge-repair")


def test_a_mistake_of_ours_is_a_sentence_and_kept_for_the_end(path: Path) -> None:
    async def steps(view: Driver) -> None:
        with opened(path) as db:
            db.execute("DROP TABLE decisions")
        await view.do("accept")
        assert "That failed by a mistake of tracker's (OperationalError)" in view.text()
        await view.do("down")
        assert "Traceback" not in view.text()

    driven(path, steps, story="bridge-repair", bugs=[sqlite3.OperationalError])


def test_a_choice_is_made_with_plain_letters_too(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("mute")
        await view.press("j", "j", "k", "pagedown", "pageup", "enter")
        assert "Bridge repair is muted; z takes that back." in view.text()
        await view.do("mute")
        assert "Bridge repair is open again; z takes that back." in view.text()
        await view.do("mute")
        await view.press("q")
        assert view.app.screen is view.main
        await view.do("accept", "accept")
        assert "You said so before." in view.text()
        await view.do("seen", "seen")
        assert "All of it is seen already." in view.text()

    driven(path, steps, story="bridge-repair")
