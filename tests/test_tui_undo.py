"""Every change can be taken back, row for row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from making import bring
from newsroom import NOW, Driver, driven, fill

from tracker.model.core import Status
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow
from tracker.store.database import Database, opened
from tracker.store.following import links, stories
from tracker.store.polling import feeds

SALE = (
    "Microsoft in talks to buy TikTok's US business",
    "Walmart joins Microsoft in bid for TikTok",
    "Oracle wins bidding to buy TikTok, Microsoft says",
    "China would rather see TikTok shut than bought",
    "Judge halts the ban of TikTok for now",
    "A teenager's TikTok dance is all over the world",
    "TikTok star signs a record deal",
)
# What only counts up: by it other processes notice that something was changed.
COUNTERS = {"meta"}


def rows(path: Path) -> dict[str, list[Any]]:
    """Return all rows of all tables, but for counters and what SQLite keeps for itself."""
    with opened(path) as db:
        names = [
            row[0]
            for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not row[0].startswith(("sqlite_", "items_fts")) and row[0] not in COUNTERS
        ]
        return {
            name: sorted(map(repr, db.execute(f"SELECT * FROM {name}")))  # noqa: S608 - its own
            for name in names
        }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "t.db"
    with opened(found) as db:
        feeds.take_in(db, [FeedSource("https://a.example/feed", "Gazette")], {}, "")
        bring(db, *SALE, at=NOW)
        follow.follow(db, "TikTok acquisition", NOW)
    return found


CHANGES = {
    "accept": ("accept",),
    "reject": ("reject",),
    "mute": ("mute", "key:down", "key:enter"),
    "close": ("close", "key:y"),
    "seen": ("seen",),
}


async def make(view: Driver, change: str) -> None:
    for step in CHANGES[change]:
        if step.startswith("key:"):
            await view.press(step.removeprefix("key:"))
        else:
            await view.do(step)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_taken_back_row_for_row(path: Path, change: str) -> None:
    before = rows(path)

    async def steps(view: Driver) -> None:
        await make(view, change)
        assert rows(path) != before
        await view.do("undo")
        assert rows(path) == before

    driven(path, steps, story="tiktok-acquisition")


def test_all_changes_one_after_the_other_are_taken_back(path: Path) -> None:
    async def steps(view: Driver) -> None:
        states = [rows(path)]
        for change in ("accept", "reject", "mute", "seen", "close"):
            if change == "reject":
                await view.do("down")
            await make(view, change)
            states.append(rows(path))
            assert states[-1] != states[-2], change
        for state in reversed(states[:-1]):
            await view.do("undo")
            assert rows(path) == state
        await view.do("undo")
        assert "Nothing is left to take back." in view.text()

    driven(path, steps, story="tiktok-acquisition")


def test_keys_pressed_at_once_are_done_in_their_order(path: Path) -> None:
    before = rows(path)

    async def steps(view: Driver) -> None:
        for action in ("accept", "undo", "reject", "undo", "seen", "undo"):
            getattr(view.main, f"action_{action}")()
        await view.settle()
        assert rows(path) == before

    driven(path, steps, story="tiktok-acquisition")


def test_a_rejected_development_goes_and_comes_back_under_the_cursor(path: Path) -> None:
    async def steps(view: Driver) -> None:
        event, count = view.cursor(), len(view.main.shown.sure)
        await view.do("reject")
        assert "does not belong" in view.text()
        assert len(view.main.shown.sure) == count - 1
        await view.do("undo")
        assert view.cursor() == event
        assert "Taken back: the decision on “" in view.text()

    driven(path, steps, story="tiktok-acquisition")


def test_a_decision_on_a_folded_row_is_about_all_its_reports(path: Path) -> None:
    with opened(path) as db:
        story = stories.find(db, "tiktok-acquisition", NOW)
        first, second = links.of_story(db, story.id, statuses=[Status.LINKED])[:2]
        with db.transaction():
            links.move(db, story.id, {second.item.id: first.event})
    before = rows(path)

    def statuses(db: Database) -> set[Status]:
        found = (links.find(db, story.id, each.item.id) for each in (first, second))
        return {link.status for link in found if link}

    async def steps(view: Driver) -> None:
        view.main.rows_of("timeline").select(first.event)
        await view.do("reject")
        assert "Each of 2 reports does not belong" in view.text()
        with opened(path) as db:
            assert statuses(db) == {Status.REJECTED}
        await view.do("undo")
        assert rows(path) == before
        await view.do("reports")
        view.main.rows_of("timeline").select(("report", first.item.id))
        await view.do("reject")
        with opened(path) as db:
            assert statuses(db) == {Status.REJECTED, Status.LINKED}

    driven(path, steps, story="tiktok-acquisition")


def test_what_was_closed_and_reopened_loses_again_what_it_took_up(path: Path) -> None:
    with opened(path) as db:
        story = stories.find(db, "tiktok-acquisition", NOW)
        stories.change(db, story.id, state="closed")
        bring(db, "Twitter in talks to buy TikTok", at=NOW)
        follow.search(db, "Twitter", NOW)  # indexes and links what waits
    before = rows(path)

    async def steps(view: Driver) -> None:
        await view.do("close")
        assert len(rows(path)["links"]) == len(before["links"]) + 1
        await view.do("undo")
        assert rows(path) == before

    driven(path, steps, story="tiktok-acquisition")


def test_what_another_process_decided_since_is_not_taken_back(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("accept")
        with opened(path) as db:
            story = stories.find(db, "tiktok-acquisition", NOW)
            (last,) = links.of_story(db, story.id, limit=1, statuses=[Status.LINKED])
            feedback.decide(db, story, [last.item], Status.REJECTED, NOW)
        after = rows(path)
        await view.do("undo")
        assert "Another decision was made elsewhere since" in view.text()
        assert rows(path) == after

    driven(path, steps, story="tiktok-acquisition")


def test_a_story_that_was_changed_elsewhere_since_stays_so(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await make(view, "close")
        with opened(path) as db:
            story = stories.find(db, "tiktok-acquisition", NOW)
            follow.reopen(db, story, NOW)
        await view.do("undo")
        assert "The story was changed elsewhere since" in view.text()
        with opened(path) as db:
            assert stories.find(db, "tiktok-acquisition", NOW).state == "open"

    driven(path, steps, story="tiktok-acquisition")


def test_no_to_the_question_closes_nothing(path: Path) -> None:
    before = rows(path)

    async def steps(view: Driver) -> None:
        await view.do("close")
        await view.press("n")
        assert rows(path) == before

    driven(path, steps, story="tiktok-acquisition")


def test_leaving_a_story_is_taken_back_too(tmp_path: Path) -> None:
    fill(tmp_path / "t.db")
    before = rows(tmp_path / "t.db")

    async def steps(view: Driver) -> None:
        await view.do("back", "undo")
        assert "Taken back: Bridge repair is as new as it was." in view.text()
        assert rows(tmp_path / "t.db") == before
        assert view.main.overview.unread == 5

    driven(tmp_path / "t.db", steps, story="bridge-repair")
