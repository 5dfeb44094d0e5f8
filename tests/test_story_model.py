"""What a story learns: its words, which reports they bring, and what the user's answers change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from judging import cases_of, matcher_of, verdicts
from making import NOON, bring, make_item

from tracker.model.core import Item, ReasonPart, Status, Story
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow
from tracker.services.linking import Linker
from tracker.store.archive import items
from tracker.store.database import Database
from tracker.store.following import links
from tracker.store.polling import feeds
from tracker.stories.tracking import story_model
from tracker.stories.tracking.neighbourhood import Case
from tracker.stories.tracking.profile import Profile, profile_from_json, profile_to_json
from tracker.stories.tracking.story_model import LOOK_AHEAD

QUERY = "Zorblax acquisition"
AFFAIR = (
    "Quuxly in talks on acquisition of Zorblax by Grault fund",
    "Grault fund raises bid in Zorblax acquisition talks with Quuxly",
    "Quuxly and Grault fund agree on Zorblax acquisition",
    "Regulator looks at Grault fund and Quuxly over Zorblax acquisition",
)
BY_WORDS = "Grault fund and Quuxly talks go on"


def report(title: str, number: int, day: float = 0) -> Item:
    return make_item(title, number=number, published=NOON + timedelta(days=day))


def affair(day: float = 0) -> list[Item]:
    return [report(title, number, day) for number, title in enumerate(AFFAIR, 1)]


def judged(asked: Item, *known: Item, answers: dict[int, float] | None = None) -> float:
    """Return the score of an item beside others."""
    return verdicts(QUERY, [*known, asked], answers=answers)[-1].score


def words_of(*titles: str) -> dict[str, float]:
    cases = cases_of(matcher_of(QUERY), [report(title, n) for n, title in enumerate(titles)])
    return story_model.vocabulary(story_model.words_of(Profile(), cases.values()))


def test_a_report_scores_more_beside_reports_that_share_its_words() -> None:
    asked = report("Quuxly and Grault fund visit Zorblax", 9)
    alone = judged(asked)
    others = [report("Zorblax acquisition is off", n) for n in range(1, 5)]
    assert judged(asked, *affair()) > judged(asked, *others)
    assert 0.0 < alone < 1.0


def test_a_report_does_not_resemble_itself() -> None:
    [case] = cases_of(matcher_of(QUERY), [report(AFFAIR[0], 1)]).values()
    found = story_model.judge(Profile(), [case], [case])[1]
    assert found.nearest is None
    assert found.words == ()


@pytest.mark.parametrize(("later", "counts"), [(LOOK_AHEAD, True), (LOOK_AHEAD + 1, False)])
def test_reports_of_the_next_days_count_and_later_ones_do_not(later: int, *, counts: bool) -> None:
    asked = report("Quuxly and Grault fund visit Zorblax", 9)
    cases = cases_of(matcher_of(QUERY), [*affair(day=later), asked])
    found = story_model.judge(Profile(), cases.values(), [cases[9]])[9]
    assert (found.nearest is not None) is counts


def test_what_was_linked_on_its_own_day_stays_linked() -> None:
    cases = list(cases_of(matcher_of(QUERY), [*affair(), report(BY_WORDS, 9, 2)]).values())
    polls = story_model.judge_as_polls(Profile(), cases, cases)
    for ahead in (0, LOOK_AHEAD):
        for number, each in story_model.judge(Profile(), cases, cases, ahead=ahead).items():
            assert each.odds <= polls[number].odds


def test_a_young_story_has_no_vocabulary() -> None:
    assert words_of(*AFFAIR[:1]) == {}
    assert {"quuxli", "grault", "fund"} <= words_of(*AFFAIR).keys()


def test_answers_lift_what_is_like_an_accepted_report_and_lower_what_is_like_a_rejected_one() -> (
    None
):
    first, asked = report("Zorblax parade in Graultville", 1), report("Zorblax parade again", 9)
    before = judged(asked, first)
    accepted, rejected = (judged(asked, first, answers={1: said}) for said in (1.0, 0.0))
    assert rejected < before < accepted


def test_the_worths_of_a_learned_verdict_add_up() -> None:
    found = verdicts(QUERY, [*affair(), report(BY_WORDS, 9)], answers={1: 1.0})[-1]
    assert sum(reason.worth for reason in found.reasons) == pytest.approx(found.score)
    assert ReasonPart.ANSWERS in {reason.part for reason in found.reasons}


def test_three_hundred_reports_that_were_linked_by_words_alone_teach_nothing() -> None:
    cases = list(cases_of(matcher_of(QUERY), affair()).values())
    taught = "Grault fund and Quuxly open shop {n} in Fredville"
    wrong = [report(taught.format(n=n), n) for n in range(10, 310)]
    poison = [case._replace(contact=None) for case in cases_of(matcher_of(QUERY), wrong).values()]
    learned = story_model.words_of(Profile(), [*cases, *poison])
    assert learned.words == story_model.words_of(Profile(), cases).words


def test_a_profile_is_the_same_after_a_journey_through_text() -> None:
    cases: list[Case] = list(cases_of(matcher_of(QUERY), affair()).values())
    profile = Profile()
    profile.words = story_model.words_of(profile, cases)
    profile.edit("Quuxly", -0.5)
    text = profile_to_json(profile)
    assert profile_to_json(profile_from_json(text)) == text
    assert profile_from_json(None).words.words == {}


@pytest.mark.parametrize("forgotten", ["Hotard", "hotard"])
def test_a_word_that_is_forgotten_leaves_what_another_one_says(forgotten: str) -> None:
    profile = Profile()
    profile.edit("Justin Hotard", 0.5)
    both = dict(profile.manual_stems)
    profile.edit("Hotard", -0.25)
    assert set(profile.manual_stems.values()) == {0.5, -0.25}
    profile.edit(forgotten, None)
    assert profile.manual_stems == both


# --- in a database -------------------------------------------------------------------------------


@pytest.fixture
def db(db: Database) -> Database:
    feeds.take_in(db, [FeedSource("https://a.example/f", "A", "en")], {}, "1")
    return db


def poll(db: Database, *titles: str, day: float = 0) -> list[int]:
    at = NOON + timedelta(days=day)
    numbers = bring(db, *titles, at=at)
    Linker(db, at + timedelta(hours=1), lambda *_: None).link()
    return numbers


def statuses(db: Database, story: Story) -> dict[str, Status]:
    return {link.item.title: link.status for link in links.of_story(db, story.id)}


def test_a_poll_and_a_late_follow_find_what_shows_only_learned_words(db: Database) -> None:
    early = follow.follow(db, QUERY, NOON).story
    poll(db, *AFFAIR)
    poll(db, BY_WORDS, "Rain in the north", day=1)
    late = follow.follow(db, QUERY, NOON + timedelta(days=2), slug="late").story
    assert BY_WORDS in statuses(db, early)
    assert statuses(db, early).keys() == statuses(db, late).keys()


def test_the_words_of_a_story_are_listed(db: Database) -> None:
    story = follow.follow(db, QUERY, NOON).story
    poll(db, *AFFAIR)
    shown = {term.text: term for term in follow.learned(db, story)}
    assert shown["Grault"].items == len(AFFAIR)
    assert shown["Grault"].weight <= 1.0


def test_an_answer_changes_other_links_and_undo_restores_them(db: Database) -> None:
    story = follow.follow(db, QUERY, NOON).story
    poll(db, *AFFAIR, "Zorblax parade in Graultville", "Zorblax parade again")
    before = [(each.item.id, each.score) for each in links.of_story(db, story.id)]
    (parade,) = db.execute("SELECT id FROM items WHERE title LIKE '%Graultville'").fetchone()
    feedback.decide(db, story, items.load(db, [parade]), Status.REJECTED, NOON)
    assert [(each.item.id, each.score) for each in links.of_story(db, story.id)] != before
    feedback.undo(db, NOON)
    assert [(each.item.id, each.score) for each in links.of_story(db, story.id)] == before


def test_an_affair_inside_a_larger_one_does_not_take_it_over(db: Database) -> None:
    """A hundred reports of the games have the name of the story, and nine those of its boycott."""
    sports = "swimmers rowers boxers judokas cyclists gymnasts archers sailors runners fencers"
    sports += " wrestlers divers"
    what = "win gold,reach the final,arrive in the village,beat their record,lose to the hosts,"
    what += "train before the opening,miss a medal by a second,thank their coach"
    games = [f"Olympics: {who} {did}" for who in sports.split() for did in what.split(",")]
    boycott = [
        "China calls for an Olympics boycott",
        "Olympics boycott: Canada weighs a protest",
        "Athletes divided over Olympics boycott",
        "Germany rules out Olympics boycott",
        "Ministers agree to boycott the Olympics opening",
        "Olympics boycott grows again",
        "Boycott of Olympics is wrong, committee says",
        "More join Olympics boycott",
        "Sponsors silent on Olympics boycott",
    ]
    story = follow.follow(db, "Olympics boycott", NOON).story
    for day, report in enumerate(boycott):
        poll(db, report, *games[day :: len(boycott)], day=day)
    found = statuses(db, story)
    linked = {title for title, status in found.items() if status is Status.LINKED}
    assert set(boycott) <= linked
    assert len(linked - set(boycott)) <= len(games) / 10
