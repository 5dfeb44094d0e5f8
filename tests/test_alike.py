"""Doubtful reports that tell the same as one that surely belongs, found late and by polls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from making import make_item

from tracker.model.core import Item, Link, Reason, State, Status, Story, Verdict
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow
from tracker.services.linking import Linker
from tracker.store.archive import items
from tracker.store.database import Database, connect
from tracker.store.following import links
from tracker.store.polling import feeds
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.scoring.features import Features
from tracker.stories.scoring.profile import Profile
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import Candidate
from tracker.stories.tracking.neighbours import CertainItem, NearestNeighbours
from tracker.stories.tracking.second_pass import neighbour_pass
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.views import why

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
QUERY = "Zorblax takeover"
SURE = "Grault agrees takeover of Zorblax after night talks in Quuxville castle"
ALIKE = "Zorblax: how one night in Quuxville castle went"
MATCHER = StoryMatcher.of(QUERY, load_lexicon())
USUAL = (
    "Zorblax closes for Easter",
    "Zorblax hires forty cooks",
    "Zorblax launches a blue lamp",
    "Zorblax names a finance chief",
    "Zorblax opens a shop in Leeds",
    "Zorblax repaints its vans",
    "Zorblax sells more lamps",
    "Zorblax sponsors a marathon",
    "Zorblax tests night buses",
    "Zorblax wins a design prize",
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A database in which a name is told of every day, for everything."""
    connection = begun(tmp_path / "t.db")
    bring(connection, *enumerate(USUAL * 12))
    yield connection
    connection.close()


def begun(path: Path) -> Database:
    """Give a database with three feeds that have brought nothing."""
    connection = connect(path)
    sources = [FeedSource(f"https://{code}.example/", f"Outlet {code}", "en") for code in "abc"]
    feeds.take_in(connection, sources, {}, "digest")
    return connection


def bring(db: Database, *reports: tuple[int, str]) -> None:
    """Have a poll bring reports, each with its day."""
    last = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()[0]
    with db.transaction():
        for number, (day, title) in enumerate(reports):
            published = datetime(2031, 1, 1, 8, tzinfo=UTC) + timedelta(days=day)
            db.execute(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (?1, ?2, ?2, ?3, '', 'en', ?4, 0)",
                (number % 3 + 1, f"{last} {number}", title, int(published.timestamp())),
            )
        db.execute("INSERT INTO queue SELECT id FROM items WHERE id > ?", (last,))
    Linker(db, NOW, lambda *_: None).link()


def item_of(db: Database, title: str) -> Item:
    (number,) = db.execute("SELECT max(id) FROM items WHERE title = ?", (title,)).fetchone()
    return items.find(db, str(number))


def link_of(db: Database, story: Story, title: str) -> Link | None:
    return links.find(db, story.id, item_of(db, title).id)


def is_linked(db: Database, story: Story, title: str) -> bool:
    link = link_of(db, story, title)
    return link is not None and link.status is Status.LINKED


def case_of(title: str, *, day: int = 0, score: float = 0.0) -> tuple[AnalyzedItem, Candidate]:
    published = NOW + timedelta(days=day)
    reading = AnalyzedItem.of(Item(1, 1, "A", "https://a.example/", title, "", published, "en", ""))
    case = MATCHER.candidate_anyway(reading)
    case.score = score
    return reading, case


def linked_case(title: str, *, share: float = 1.0) -> tuple[AnalyzedItem, Candidate]:
    reading, case = case_of(title, score=0.9)
    case.linked, case.share = True, share
    return reading, case


def seen(title: str, day: int = 0) -> Features:
    return case_of(title, day=day)[1].features


def test_what_tells_the_same_as_a_sure_report_of_its_days_is_linked(db: Database) -> None:
    bring(db, (60, SURE), (61, ALIKE))
    story = follow.follow(db, QUERY, NOW).story
    assert is_linked(db, story, ALIKE)


def test_without_the_sure_report_it_is_doubtful(db: Database) -> None:
    bring(db, (61, ALIKE))
    story = follow.follow(db, QUERY, NOW).story
    assert not is_linked(db, story, ALIKE)


def test_so_it_is_where_the_sure_report_is_of_other_days(db: Database) -> None:
    bring(db, (60, SURE), (75, ALIKE))
    story = follow.follow(db, QUERY, NOW).story
    assert not is_linked(db, story, ALIKE)


def test_one_word_in_common_is_chance(db: Database) -> None:
    bring(db, (60, SURE), (61, "Zorblax opens a castle bar"))
    story = follow.follow(db, QUERY, NOW).story
    assert not is_linked(db, story, "Zorblax opens a castle bar")


def test_a_poll_compares_with_what_earlier_polls_linked(db: Database) -> None:
    story = follow.follow(db, QUERY, NOW).story
    bring(db, (120, SURE))
    bring(db, (121, ALIKE))
    assert is_linked(db, story, ALIKE)


def test_what_was_doubtful_before_is_linked_once_a_sure_report_comes() -> None:
    doubtful = case_of(ALIKE, score=0.3)
    neighbour_pass(MATCHER, Profile(), [linked_case(SURE), doubtful])
    assert doubtful[1].linked


def test_what_is_out_of_question_is_not_linked_whatever_it_is_like() -> None:
    unlikely = case_of(SURE, score=0.06)
    neighbour_pass(MATCHER, Profile(), [linked_case(SURE), unlikely])
    assert not unlikely[1].linked


def test_what_belongs_for_what_was_learned_alone_brings_no_other_report() -> None:
    doubtful = case_of(ALIKE, score=0.3)
    neighbour_pass(MATCHER, Profile(), [linked_case(SURE, share=0.8), doubtful])
    assert not doubtful[1].linked


def test_what_is_most_like_a_rejected_report_is_not_linked_for_it() -> None:
    rejected, doubtful = case_of(ALIKE), case_of(ALIKE, score=0.3)
    rejected[1].decided = 0.0
    neighbour_pass(MATCHER, Profile(), [linked_case(SURE), rejected, doubtful])
    assert not doubtful[1].linked


def test_a_poll_knows_what_was_rejected(db: Database) -> None:
    story = follow.follow(db, QUERY, NOW).story
    bring(db, (120, SURE), (120, ALIKE))
    feedback.decide(db, story, [item_of(db, ALIKE)], Status.REJECTED, NOW)
    bring(db, (121, ALIKE))
    assert not is_linked(db, story, ALIKE)


def test_what_is_like_an_accepted_report_is_linked(db: Database) -> None:
    first = "Zorblax in Quuxville castle: what went on at night"
    story = follow.follow(db, QUERY, NOW).story
    bring(db, (120, first))
    assert not is_linked(db, story, first)
    feedback.decide(db, story, [item_of(db, first)], Status.ACCEPTED, NOW)
    bring(db, (121, ALIKE))
    link = link_of(db, story, ALIKE)
    assert link is not None
    assert neighbours(link) == [first]


def neighbours(told: Link | Verdict) -> list[str]:
    return [reason.found for reason in told.reasons if reason.kind == "neighbour"]


def test_its_reasons_name_the_sure_report_and_add_up(db: Database) -> None:
    bring(db, (60, SURE), (61, ALIKE))
    story = follow.follow(db, QUERY, NOW).story
    told = follow.why(db, story, item_of(db, ALIKE))
    assert neighbours(told) == [SURE]
    assert sum(reason.worth for reason in told.reasons) == pytest.approx(told.score, abs=0.01)


def test_a_report_that_belongs_by_itself_needs_no_other(db: Database) -> None:
    bring(db, (60, SURE), (60, "Grault completes takeover of Zorblax in Quuxville castle"))
    story = follow.follow(db, QUERY, NOW).story
    assert not neighbours(follow.why(db, story, item_of(db, SURE)))


def shown(verdict: Verdict) -> str:
    """Give what `why` prints of a verdict."""
    story = Story(1, "zorblax", "Zorblax", QUERY, State.OPEN, NOW)
    item = make_item(ALIKE, published=NOW)
    return why.why(story, item, verdict, now=NOW, zone=UTC, width=200).plain


def test_why_says_which_report_tells_the_same() -> None:
    told = Reason("a report that belongs", "neighbour", SURE, "", 0.4)
    text = shown(Verdict(0.4, Status.LINKED, (told,)))
    assert f"+0.40  a report that belongs tells the same: “{SURE}”" in text


def certain(title: str) -> CertainItem:
    features = seen(title)
    return CertainItem(title, features.day, features.evidence.terms)


def test_a_report_is_wholly_like_one_of_the_same_words() -> None:
    known = NearestNeighbours(Profile())
    known.add(certain(SURE))
    found = known.nearest(seen(SURE, 2))
    assert found is not None
    assert found.similarity == pytest.approx(1.0)


def test_of_several_the_nearest_is_given() -> None:
    known = NearestNeighbours(Profile())
    for title in (ALIKE, SURE):
        known.add(certain(title))
    found = known.nearest(seen("Zorblax talks in Quuxville: Grault agrees"))
    assert found is not None
    assert found.title == SURE


def test_of_very_many_reports_of_a_day_the_latest_are_compared() -> None:
    known = NearestNeighbours(Profile())
    short = seen("Zorblax talks in Quuxville")
    known.add(certain("Zorblax talks in Quuxville"))
    for number in range(100):
        known.add(certain("Zorblax talks in Quuxville end")._replace(title=f"{number}"))
    found = known.nearest(short)
    assert found is not None
    assert found.title == "99"


def test_words_that_all_reports_with_the_name_have_say_little() -> None:
    common, profile = "Zorblax blue lamp", Profile()
    for day in range(30):
        profile.update(seen(common, day), 0.0, 1.0)
    likeness = []
    for counted in (Profile(), profile):
        known = NearestNeighbours(counted)
        known.add(certain("Zorblax blue lamp in Quuxville"))
        found = known.nearest(seen("Zorblax blue lamp on fire"))
        likeness.append(found.similarity if found else 0.0)
    assert likeness[1] < likeness[0] / 2
