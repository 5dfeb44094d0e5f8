"""Linking what waits in the queue: to whom, into which event, and what is judged again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from making import NOON, bring, make_item

from tracker.model.core import ReasonPart, Status, Story, Verdict
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow, retrieval
from tracker.services.event_grouping import assign_events, nearby_links
from tracker.services.linking import Linker
from tracker.services.registry import matcher_of
from tracker.store.archive import items, queue
from tracker.store.database import Database
from tracker.store.following import links, stories
from tracker.store.polling import feeds
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import ScoredItem
from tracker.stories.tracking.story_matcher import StoryMatcher


@pytest.fixture
def db(db: Database) -> Database:
    feeds.take_in(db, [FeedSource("https://a.example/f", "A", "en")], {}, "1")
    return db


def linker(db: Database) -> Linker:
    return Linker(db, NOON + timedelta(hours=3), lambda *_: None)


def linked(db: Database, story: Story, number: int, status: Status) -> None:
    """Store a link as if it had been found so."""
    item = items.load(db, [number])[0]
    found = links.NewLink(story.id, item, Verdict(0.5, status, ()), number)
    with db.transaction():
        links.save(db, [found], links.next_arrival(db), NOON)
        if status in {Status.ACCEPTED, Status.REJECTED}:
            links.decide(db, found, status, NOON)


def test_a_story_followed_between_two_linkings_of_one_poll_misses_nothing(db: Database) -> None:
    poll = linker(db)
    bring(db, "A new phone")
    poll.link()
    story = follow.follow(db, "TikTok acquisition", NOON).story
    (number,) = bring(db, "Oracle wins bid to buy TikTok")
    poll.link()
    assert links.item_ids(db, story.id) == {number}


def test_a_story_that_is_closed_between_two_linkings_of_one_poll_takes_up_no_more(
    db: Database,
) -> None:
    story = follow.follow(db, "TikTok acquisition", NOON).story
    poll = linker(db)
    bring(db, "A new phone")
    poll.link()
    stories.change(db, story.id, state="closed")
    bring(db, "Oracle wins bid to buy TikTok")
    poll.link()
    assert links.item_ids(db, story.id) == set()


def test_what_the_user_decided_is_a_candidate_whatever_its_words() -> None:
    titles = ("Nokia layoffs", "A new phone", "An old phone")
    found = [AnalyzedItem.of(make_item(title, number=n)) for n, title in enumerate(titles, 1)]
    matcher = StoryMatcher.of("Nokia layoffs", load_lexicon())
    cases = retrieval.candidates_among(matcher, found, {2: 1.0})
    assert [each.item.id for each, _ in cases] == [1, 2]


def test_a_report_that_moves_to_another_event_is_stored_there(db: Database) -> None:
    story = follow.follow(db, "Nordwind", NOON).story
    poll = linker(db)
    bring(db, "Nordwind: Ingrid Solberg leaves railways")
    bring(db, "Nordwind: New chief promises Aarhus jobs", at=NOON + timedelta(hours=1))
    poll.link()
    db.execute("UPDATE links SET event = item_id")  # as two developments, each told once
    bring(
        db,
        "Nordwind: New chief Ingrid Solberg leaves railways, promises Aarhus jobs",
        at=NOON + timedelta(hours=2),
    )
    poll.link()
    assert len({link.event for link in links.of_story(db, story.id)}) == 1


def test_how_far_linking_is_is_told(db: Database) -> None:
    told: list[tuple[int, int]] = []
    poll = Linker(db, NOON, lambda done, known: told.append((done, known)))
    bring(db, "A new phone", "Rain")
    poll.link()
    bring(db, "Snow")
    poll.link()
    assert told == [(2, 2), (3, 3)]
    assert queue.is_empty(db)


def test_new_links_are_counted_over_all_linkings(db: Database) -> None:
    follow.follow(db, "TikTok acquisition", NOON)
    poll = linker(db)
    for title in ("Oracle wins bid to buy TikTok", "Rain", "Microsoft in talks to buy TikTok"):
        bring(db, title)
        poll.link()
    assert poll.new_links == 2


def test_of_an_item_without_language_it_is_told_by_what_its_feed_brought(db: Database) -> None:
    feeds.take_in(db, [FeedSource("https://b.example/f", "B")], {}, "2")
    titles = (
        "Le gouvernement annonce une réforme des retraites",
        "La recette du gâteau au yaourt de ma grand-mère",
    )
    bring(db, *titles * 10, language=None, feed=2)
    poll = linker(db)
    poll.link()
    (number,) = bring(db, "Nokia", language=None, feed=2)
    (other,) = bring(db, "Nokia", language=None, feed=1)
    poll.link()
    found = {item.id: item.language for item in items.load(db, [number, other])}
    assert found == {number: "fr", other: "en"}


@pytest.mark.parametrize(("past", "takes_up"), [(3, False), (4, True)])
def test_a_first_harvest_is_taken_up_where_it_has_as_many_candidates_as_were_counted(
    db: Database, past: int, *, takes_up: bool
) -> None:
    feeds.take_in(db, [FeedSource("https://b.example/f", "B", "en")], {}, "2")
    story = follow.follow(db, "TikTok acquisition", NOON).story
    poll = linker(db)
    bring(db, *(f"Oracle wins bid number {n} to buy TikTok" for n in range(4)))
    poll.link()
    numbers = bring(db, *(f"Walmart wants part {n} of TikTok" for n in range(past)), feed=2)
    db.executemany("INSERT INTO first_harvest VALUES (?)", [(number,) for number in numbers])
    poll.link_queue()
    assert queue.backfills(db) == ([story.id] if takes_up else [])


def test_a_story_that_takes_up_one_part_of_a_poll_takes_up_the_rest(db: Database) -> None:
    feeds.take_in(db, [FeedSource(f"https://{n}.example/f", n, "en") for n in "bc"], {}, "2")
    story = follow.follow(db, "TikTok acquisition", NOON).story
    poll = linker(db)
    for feed, count in ((2, 6), (3, 1)):
        titles = (f"Walmart wants part {feed} {n} of TikTok" for n in range(count))
        for number in bring(db, *titles, feed=feed):
            db.execute("INSERT INTO first_harvest VALUES (?)", (number,))
        poll.link_queue()
        assert queue.backfills(db) == [story.id]
        poll.backfill()
    assert queue.backfills(db) == []


def scored(db: Database, number: int, status: Status = Status.LINKED) -> ScoredItem:
    (item,) = items.load(db, [number])
    return ScoredItem(AnalyzedItem.of(item), Verdict(0.8, status, ()), None)


def test_an_event_is_opened_by_the_report_published_first(db: Database) -> None:
    story = follow.follow(db, "Nordwind", NOON).story
    numbers = bring(db, *("Nordwind: Ingrid Solberg leaves Aarhus railways",) * 3)
    judged = [scored(db, number) for number in reversed(numbers)]
    groups = assign_events(matcher_of(db, story), judged, [], NOON)
    assert groups.events == dict.fromkeys(numbers, numbers[0])
    assert groups.moved == {}


def test_a_doubtful_report_opens_no_event_for_linked_ones(db: Database) -> None:
    story = follow.follow(db, "Nordwind", NOON).story
    first, second = bring(db, *("Nordwind: Ingrid Solberg leaves Aarhus railways",) * 2)
    judged = [scored(db, first, Status.MAYBE), scored(db, second)]
    groups = assign_events(matcher_of(db, story), judged, [], NOON)
    assert groups.events == {first: second, second: second}


def test_new_reports_are_compared_with_links_of_two_weeks_before_and_after(db: Database) -> None:
    story = follow.follow(db, "Nordwind", NOON).story
    days = (-15, -13, 0, 13, 15)
    numbers = [
        bring(db, f"Nordwind report {day}", at=NOON + timedelta(days=day))[0] for day in days
    ]
    for number in numbers:
        linked(db, story, number, Status.LINKED)
    near = nearby_links(db, story.id, [scored(db, numbers[2])])
    assert [link.item.id for link in near] == [numbers[1], numbers[3]]
    assert nearby_links(db, story.id, []) == []


def test_the_reasons_of_a_decided_report_are_those_of_its_new_words(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOON).story
    (number,) = bring(db, "Rain in the north")
    linker(db).link()
    feedback.decide(db, story, items.load(db, [number]), Status.ACCEPTED, NOON)
    db.execute(
        "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
        " SELECT 'delete', id, title, summary, address FROM items WHERE id = ?",
        (number,),
    )
    db.execute("UPDATE items SET title = 'Oracle wins bid to buy TikTok' WHERE id = ?", (number,))
    db.execute("INSERT INTO queue VALUES (?)", (number,))
    db.execute("INSERT INTO matched_before VALUES (?, 'Rain in the north', '', '')", (number,))
    linker(db).link()
    link = links.find(db, story.id, number)
    assert link is not None
    assert link.status is Status.ACCEPTED
    assert link.score > 0.8
    assert ReasonPart.NO_MATCH not in {reason.part for reason in link.reasons}
