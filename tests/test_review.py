"""A review asks what teaches most, learns from each answer at once, and says how much is found."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from assisting import told
from homes import Home
from making import bring
from newsroom import NOW, Driver, driven
from test_cli_terminal import on_terminal

import tracker
from tracker.errors import NotFoundError
from tracker.model.core import Status
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow, review
from tracker.store.database import Database, opened
from tracker.store.following import decisions, links, stories
from tracker.store.polling import feeds
from tracker.stories.tracking import review as pure

SALE = (
    "Microsoft in talks to buy TikTok's US business",
    "Walmart joins Microsoft in bid for TikTok",
    "Oracle wins bidding to buy TikTok, Microsoft says",
    "China would rather see TikTok shut than bought",
    "Judge halts the ban of TikTok for now",
    "A teenager's TikTok dance is all over the world",
    "TikTok star signs a record deal",
    "TikTok opens an office in Dublin",
    "TikTok and the school of dance",
)
SLUG = "tiktok-acquisition"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    found = tmp_path / "home" / "tracker.db"
    with opened(found) as db:
        feeds.take_in(db, [FeedSource("https://a.example/feed", "Gazette")], {}, "")
        bring(db, *SALE, at=NOW)
        follow.follow(db, "TikTok acquisition", NOW)
    return found


@pytest.fixture
def home(path: Path) -> Home:
    return Home(path.parent)


def asked(db: Database, limit: int = 1) -> Any:
    return review.review(db, stories.find(db, SLUG, NOW), limit=limit)


def statuses(path: Path) -> dict[str, str]:
    with opened(path) as db:
        story = stories.find(db, SLUG, NOW)
        return {each.item.title: str(each.status) for each in links.of_story(db, story.id)}


def first(path: Path) -> str:
    with opened(path) as db:
        return str(asked(db).questions[0].item.title)


def estimate(odds: dict[int, float], said: dict[int, float] | None = None) -> pure.Completeness:
    chances = {number: 1.0 / (1.0 + math.exp(-value)) for number, value in odds.items()}
    return pure.completeness(odds, chances, said or {})


# --- what is asked -------------------------------------------------------------------------------


def test_the_item_nearest_to_the_threshold_is_asked_first() -> None:
    odds = {1: 3.0, 2: -0.4, 3: 0.2, 4: -1.9, 5: -2.1}
    assert pure.questions(odds, (), estimate(odds)) == [3, 2, 4]


def test_what_was_answered_or_skipped_is_not_asked() -> None:
    odds = {1: 0.1, 2: 0.2, 3: 0.3}
    assert pure.questions(odds, {1, 3}, estimate(odds, {1: 1.0})) == [2]


def test_nothing_is_asked_where_few_errors_are_expected() -> None:
    odds = dict.fromkeys(range(100), 9.0) | {100: 0.1}
    assert pure.questions(odds, (), estimate(odds)) == []


def test_answers_make_the_expected_number_surer() -> None:
    odds = dict.fromkeys(range(40), 0.0)
    before = estimate(odds)
    after = estimate(odds, {number: float(number % 2) for number in range(20)})
    assert before.low < before.expected < before.high
    assert after.errors < before.errors
    assert after.high / after.low < before.high / before.low


def test_there_are_no_fewer_reports_than_were_accepted() -> None:
    assert estimate({1: -5.0, 2: -5.0}, {1: 1.0, 2: 1.0}).low >= 2.0


def test_questions_come_from_the_store_with_their_status(path: Path) -> None:
    with opened(path) as db:
        found = asked(db, limit=3)
        story = stories.find(db, SLUG, NOW)
        stored = {each.item.id: each.status for each in links.of_story(db, story.id)}
    assert 1 <= len(found.questions) <= 3 <= found.open
    assert all(each.status == stored.get(each.item.id) for each in found.questions)
    assert [abs(each.score - 0.5) for each in found.questions] == sorted(
        abs(each.score - 0.5) for each in found.questions
    )
    assert found.low <= found.expected <= found.high


def test_a_review_ends_by_itself(path: Path) -> None:
    """Whatever is answered, each answer takes one item from what can be asked."""
    with opened(path) as db:
        story, answered = stories.find(db, SLUG, NOW), 0
        while (found := asked(db)).questions:
            item = found.questions[0].item
            status = Status.ACCEPTED if item.title in SALE[:4] else Status.REJECTED
            feedback.decide(db, story, [item], status, NOW)
            answered += 1
            assert answered <= len(SALE)
        assert found.answers == answered
    shown = {title for title, status in statuses(path).items() if status in {"linked", "accepted"}}
    assert set(SALE[:4]) <= shown


# --- on the command line -------------------------------------------------------------------------


def test_answers_are_read_a_line_each_where_stdin_is_no_terminal(home: Home, path: Path) -> None:
    item = first(path)
    said = home.ok("review", SLUG, given="n\nq\n")
    assert "Does it belong to TikTok acquisition?" in said
    assert item in said
    assert "No: " in said
    assert statuses(path)[item] == "rejected"


def test_the_end_of_input_ends_a_review_and_keeps_the_answers(home: Home, path: Path) -> None:
    item = first(path)
    said = home.ok("review", SLUG, given="y\n")
    assert statuses(path)[item] == "accepted"
    assert "reports are linked: about" in said


def test_other_lines_are_no_answers(home: Home, path: Path) -> None:
    before = statuses(path)
    home.ok("review", SLUG, given="\nwhat?\n")
    assert statuses(path) == before


def test_undo_takes_back_answers_of_this_review_alone(home: Home, path: Path) -> None:
    item = first(path)
    home.ok("review", SLUG, given="y\n")
    kept = statuses(path)
    said = home.ok("review", SLUG, given="u\nn\nu\nu\nq\n")
    assert said.count("No answer of this review is left to take back.") == 2
    assert "Taken back: " in said
    assert statuses(path) == kept
    assert kept[item] == "accepted"


def test_a_limit_ends_a_review(home: Home) -> None:
    said = home.ok("review", SLUG, "--limit", "2", given="n\nn\nn\nn\n")
    assert said.count("Does it belong") == 2
    assert "tracker review tiktok-acquisition goes on asking." in said


def test_skipped_items_are_not_asked_again_until_that_is_undone(home: Home, path: Path) -> None:
    item, before = first(path), statuses(path)
    assert "Skipped: not asked again." in home.ok("review", SLUG, given="s\nq\n")
    assert first(path) != item
    assert statuses(path) == before
    assert item in home.ok("undo")
    assert first(path) == item


def test_skip_takes_numbers_as_accept_does(home: Home, path: Path) -> None:
    with opened(path) as db:
        question = asked(db).questions[0]
    said = home.ok("skip", SLUG, str(question.item.id))
    assert question.item.title in said
    assert "tracker undo" in said
    assert first(path) != question.item.title
    again = home.ok("skip", SLUG, str(question.item.id))
    assert "tracker undo" not in again


def test_undo_goes_back_over_skips_and_decisions_in_their_order(home: Home, path: Path) -> None:
    before = statuses(path)
    with opened(path) as db:
        one, two = (each.item for each in asked(db, limit=2).questions)
    home.ok("reject", SLUG, str(one.id))
    after = statuses(path)
    home.ok("skip", SLUG, str(two.id))
    home.ok("undo")
    assert statuses(path) == after
    home.ok("undo")
    assert statuses(path) == before
    with opened(path) as db, pytest.raises(NotFoundError):
        decisions.last(db)


def test_json_lists_questions_and_changes_nothing(home: Home, path: Path) -> None:
    before = statuses(path)
    found = json.loads(home.ok("review", SLUG, "--json", "--limit", "2"))
    assert found["story"]["slug"] == SLUG
    assert len(found["items"]) == 2
    assert found["items"][0].keys() == {
        *("id", "url", "title", "source", "published", "score", "status")
    }
    assert {"linked", "expected", "found", "low", "high", "open", "answers"} < found.keys()
    assert statuses(path) == before


def test_json_of_skip_is_that_of_a_decision(home: Home, path: Path) -> None:
    with opened(path) as db:
        number = asked(db).questions[0].item.id
    (said,) = json.loads(home.ok("skip", SLUG, str(number), "--json"))["corrections"]
    assert said["item"]["id"] == number
    assert said["was"] == said["now"]


def test_a_key_is_enough_on_a_terminal(path: Path) -> None:
    item = first(path)
    code, said = on_terminal(
        path.parent, "review", SLUG, "--limit", "1", typed=(" quit", b"n"), TRACKER_DB=str(path)
    )
    assert code == 0
    assert "No" in said
    assert statuses(path)[item] == "rejected"


@pytest.mark.parametrize("key", [b"\x03", b"q"])
def test_a_review_can_be_left_on_a_terminal(path: Path, key: bytes) -> None:
    before = statuses(path)
    code, said = on_terminal(
        path.parent, "review", SLUG, typed=(" quit", key), TRACKER_DB=str(path)
    )
    assert code == (130 if key == b"\x03" else 0)
    assert "Traceback" not in said
    assert statuses(path) == before


def test_questions_fit_eighty_columns(home: Home) -> None:
    said = home.ok("review", SLUG, given="q\n")
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("doubtful", [0, 12])
def test_a_review_is_offered_after_follow_on_a_terminal_where_much_is_doubtful(
    home: Home, path: Path, doubtful: int
) -> None:
    with opened(path) as db:
        bring(db, *(f"Cook {n} tries TikTok" for n in range(doubtful)), at=NOW)
    words = ("follow", "TikTok acquisition", "--slug")
    assert "tracker review" not in home.ok(*words, "piped")
    code, said = on_terminal(path.parent, *words, "shown", TRACKER_DB=str(path))
    assert code == 0
    assert ("tracker review shown" in said) is (doubtful > 0)


# --- elsewhere -----------------------------------------------------------------------------------


def test_python_reviews_and_skips(path: Path) -> None:
    with tracker.open(path, clock=lambda: NOW) as t:
        question = t.review(SLUG).questions[0]
        (said,) = t.skip(SLUG, question.item)
        assert said.skipped
        assert t.review(SLUG).questions[0].item.id != question.item.id
        assert t.undo().skipped
        assert t.review(SLUG).questions[0].item.id == question.item.id


def test_an_assistant_reads_questions_and_skips_where_it_may(path: Path) -> None:
    found = told(path, "review", story=SLUG, limit=2)
    assert found["questions_in_all"] >= len(found["questions"]) == 2
    number = found["questions"][0]["id"]
    told(path, "skip", "skip", story=SLUG, items=[number])
    after = told(path, "review", story=SLUG, limit=20)
    assert number not in [each["id"] for each in after["questions"]]


def test_the_full_screen_view_asks_answers_skips_and_takes_back(path: Path) -> None:
    before, item = statuses(path), first(path)

    async def steps(view: Driver) -> None:
        await view.do("review")
        assert item in view.text()
        await view.press("n")
        assert statuses(path)[item] == "rejected"
        await view.press("u")
        assert statuses(path) == before
        await view.press("u")
        assert "No answer of this review is left" in view.text()
        await view.press("s")
        assert item not in view.text()
        await view.press("q")
        assert "linked: about" in view.text()
        await view.do("undo")
        assert first(path) == item

    driven(path, steps, story=SLUG)
