"""What the user says of reports: what is counted, what is looked at again, what undo gives back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from making import NOON, bring

from tracker.errors import NotFoundError
from tracker.model.core import Link, Status, Story
from tracker.model.corrections import Correction
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow
from tracker.services.linking import Linker
from tracker.store.archive import items
from tracker.store.database import Database, only_one
from tracker.store.following import links, stories
from tracker.store.polling import feeds

LABS = tuple(f"Nokia opens lab {n}" for n in range(12))
LAYOFFS = "Nokia to lay off 5,000 workers"


@pytest.fixture
def db(db: Database) -> Database:
    feeds.take_in(db, [FeedSource("https://a.example/f", "A", "en")], {}, "1")
    return db


def linked(db: Database, *titles: str) -> list[int]:
    numbers = bring(db, *titles)
    Linker(db, NOON + timedelta(hours=3), lambda *_: None).link()
    return numbers


def decide(db: Database, story: Story, number: int, status: Status) -> list[Correction]:
    return feedback.decide(db, story, items.load(db, [number]), status, NOON)


def learned(db: Database, story: Story) -> dict[str, float]:
    found = json.loads(stories.profile(db, story.id) or "{}")
    return {key: found[key] for key in ("mass", "counted")}


def link_of(db: Database, story: Story, number: int) -> Link:
    found = links.find(db, story.id, number)
    assert found is not None
    return found


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED])
def test_undo_leaves_a_link_counted_as_before(db: Database, status: Status) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    *_, number = linked(db, *LABS, LAYOFFS)
    before, counted = link_of(db, story, number), learned(db, story)
    decide(db, story, number, status)
    feedback.undo(db, NOON)
    after = link_of(db, story, number)
    assert (after.score, after.status) == (before.score, before.status)
    assert learned(db, story) == pytest.approx(counted, abs=0.002)  # it is kept in thousandths


def test_undo_after_a_new_query_counts_a_link_as_that_query_does(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    *_, number = linked(db, *LABS, LAYOFFS)
    decide(db, story, number, Status.REJECTED)
    story = follow.edit(db, story, NOON, query="Nokia workers")
    feedback.undo(db, NOON)
    fresh = follow.follow(db, "Nokia workers", NOON, slug="fresh").story
    assert link_of(db, story, number).score == pytest.approx(
        link_of(db, fresh, number).score, abs=0.1
    )


def test_an_item_that_is_given_twice_is_one(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    *_, number = linked(db, *LABS, LAYOFFS)
    (item,) = items.load(db, [number])
    (correction,) = feedback.decide(db, story, [item, item], Status.REJECTED, NOON)
    assert (correction.was, correction.now) == (Status.LINKED, Status.REJECTED)
    assert feedback.undo(db, NOON).now is Status.LINKED


def test_what_was_said_before_is_told_and_said_again_teaches_nothing(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    *_, number = linked(db, *LABS, LAYOFFS)
    decide(db, story, number, Status.ACCEPTED)
    counted = learned(db, story)
    (again,) = decide(db, story, number, Status.ACCEPTED)
    assert again.was is again.now is Status.ACCEPTED
    assert learned(db, story) == counted


def test_what_a_candidate_counted_before_it_was_decided_is_given_back(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    number, *_ = linked(db, *LABS)
    before, was = learned(db, story), links.find(db, story.id, number)
    decide(db, story, number, Status.ACCEPTED)
    feedback.undo(db, NOON)
    assert links.find(db, story.id, number) == was
    assert learned(db, story) == before


def test_every_decision_grows_the_version_of_what_is_followed(db: Database) -> None:
    """A poll that runs meanwhile reads the profile anew."""
    story = follow.follow(db, "Nokia layoffs", NOON).story
    *_, number = linked(db, *LABS, LAYOFFS)
    versions = [stories.version(db)]
    decide(db, story, number, Status.REJECTED)
    versions.append(stories.version(db))
    feedback.undo(db, NOON)
    versions.append(stories.version(db))
    feedback.set_terms(db, story, {"lab": -1.0}, NOON)
    versions.append(stories.version(db))
    assert versions == sorted(set(versions))


def test_an_accepted_report_joins_the_development_that_it_tells(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    first, other = linked(db, LAYOFFS, "5,000 workers laid off in Espoo by a phone maker")
    assert links.find(db, story.id, other) is None
    decide(db, story, other, Status.ACCEPTED)
    assert link_of(db, story, other).event == link_of(db, story, first).event


def test_a_report_stays_in_its_event_whatever_is_said_of_it(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    linked(db, LAYOFFS)
    (second,) = linked(db, "Nokia lays off 5,000 workers in Finland")
    db.execute("UPDATE links SET event = item_id")  # as grouped before the first came
    decide(db, story, second, Status.ACCEPTED)
    assert link_of(db, story, second).event == second


def test_a_rejected_report_of_an_event_keeps_it(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    first, second = linked(db, LAYOFFS, "Nokia lays off 5,000 workers in Finland")
    event = link_of(db, story, second).event
    decide(db, story, second, Status.REJECTED)
    assert link_of(db, story, second).event == event == link_of(db, story, first).event


def test_the_shown_reports_are_the_linked_and_the_accepted(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    first, other, third = linked(db, LAYOFFS, "Rain in the north", "Nokia layoffs: 900 go")
    decide(db, story, other, Status.ACCEPTED)
    decide(db, story, third, Status.REJECTED)
    assert links.shown(db, story.id) == 2
    assert link_of(db, story, first).status is Status.LINKED


def test_what_was_said_twice_is_taken_back_once(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    *_, number = linked(db, *LABS, LAYOFFS)
    for _ in range(2):
        decide(db, story, number, Status.ACCEPTED)
    assert feedback.undo(db, NOON).now is Status.LINKED
    with pytest.raises(NotFoundError):
        feedback.undo(db, NOON)


def test_undo_by_a_backfill_says_which_links_come_besides(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    *labs, number = linked(db, *LABS, LAYOFFS)
    decide(db, story, number, Status.REJECTED)
    story = follow.edit(db, story, NOON, query="Nokia lab")
    links.drop(db, [(story.id, labs[3])])
    told = feedback.undo(db, NOON)
    assert [(move.item_id, move.was, move.now) for move in told.moves] == [
        (labs[3], None, Status.LINKED)
    ]


def test_a_rematch_joins_reports_to_the_event_of_an_accepted_one(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    (first,) = linked(db, "5,000 workers laid off in Espoo by a phone maker")
    decide(db, story, first, Status.ACCEPTED)
    (second,) = linked(db, LAYOFFS)
    assert link_of(db, story, second).event == first
    follow.rematch(db, NOON, lambda *_: None)
    assert link_of(db, story, second).event == first


def test_a_link_whose_new_words_wait_to_be_matched_stays_through_an_edit(db: Database) -> None:
    story = follow.follow(db, "Nokia layoffs", NOON).story
    (number,) = linked(db, LAYOFFS)
    db.execute(
        "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
        " SELECT 'delete', id, title, summary, address FROM items WHERE id = ?",
        (number,),
    )
    db.execute("INSERT INTO queue VALUES (?)", (number,))
    db.execute("UPDATE items SET title = 'Rain in the north' WHERE id = ?", (number,))
    with only_one(db.path):  # a poll is about to match it
        follow.edit(db, story, NOON, since=NOON - timedelta(days=900))
    assert links.item_ids(db, story.id) == {number}
