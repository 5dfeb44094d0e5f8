from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tracker.errors import NotFoundError, UsageError
from tracker.model.core import Item, Reason, State, Status, Story, Verdict
from tracker.model.polling import Failed, FeedSource, NextPoll, Transfer
from tracker.store.archive import items
from tracker.store.database import Database
from tracker.store.following import links, stories, timelines
from tracker.store.following.timelines import Window
from tracker.store.polling import feeds

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)
HALF = timedelta(minutes=30)
REASONS = (
    Reason("tiktok", "name", "TikTok", "title", 0.6),
    Reason("sale", "concept", "bid", "title", 0.2),
)


@pytest.fixture
def db(db: Database) -> Database:
    feeds.take_in(db, [FeedSource("https://a.example/feed", "A")], {}, "digest")
    for number in range(1, 9):
        db.execute(
            "INSERT INTO items (feed_id, entry_id, url, title, summary, published, first_seen)"
            " VALUES (1, ?, ?, ?, '', ?, 0)",
            (
                str(number),
                f"https://a.example/{number}",
                f"Headline {number}",
                int((NOW - timedelta(days=8 - number)).timestamp()),
            ),
        )
    return db


@pytest.fixture
def story(db: Database) -> Story:
    with db.transaction():
        return stories.create(db, "TikTok acquisition", NOW)


def item(db: Database, number: int) -> Item:
    return items.load(db, [number])[0]


def link(
    db: Database, story: Story, number: int, status: Status = Status.LINKED, *, event: int = 0
) -> int:
    verdict = Verdict(0.8, status, REASONS)
    found = links.NewLink(story.id, item(db, number), verdict, event or number)
    with db.transaction():
        return links.save(db, [found], links.next_arrival(db), NOW)


def decide(db: Database, story: Story, number: int, status: Status) -> None:
    decision = links.NewLink(story.id, item(db, number), Verdict(0.1, None, ()), number)
    with db.transaction():
        links.decide(db, decision, status, NOW)


def shown(db: Database, story: Story, window: Window | None = None) -> list[int]:
    timeline = timelines.timeline(db, story, window or Window(), NOW)
    return [report.link.item.id for report in timeline.reports]


def news(db: Database, window: Window | None = None) -> list[str]:
    found = timelines.news(db, window or Window(only_new=True), NOW)
    return [timeline.story.slug for timeline in found]


def look(db: Database, story: Story) -> None:
    timeline = timelines.timeline(db, story, Window(), NOW)
    stories.mark_seen(db, story.id, timeline.arrival, NOW)


def test_a_slug_is_made_from_the_query(story: Story) -> None:
    assert (story.slug, story.state) == ("tiktok-acquisition", State.OPEN)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Élysée & Cie", "elysee-cie"), ("C++", "c"), ("«»", ""), ("a" * 80, "a" * 60)],
)
def test_a_slug_is_plain(text: str, slug: str) -> None:
    assert stories.slugified(text) == slug


@pytest.mark.usefixtures("story")
def test_a_slug_that_is_taken_gets_a_number(db: Database) -> None:
    with db.transaction():
        assert stories.create(db, "TikTok: acquisition", NOW).slug == "tiktok-acquisition-2"
        assert stories.create(db, "TikTok? acquisition", NOW).slug == "tiktok-acquisition-3"


def test_a_title_without_letters_gets_a_slug_all_the_same(db: Database) -> None:
    with db.transaction():
        assert [stories.create(db, "«»", NOW).slug for _ in range(2)] == ["story", "story-2"]


def test_a_name_without_letters_finds_no_story_but_one_of_that_title(db: Database) -> None:
    with db.transaction():
        stories.create(db, "TikTok sale", NOW, slug="story")
        named = stories.create(db, "«»", NOW)
    with pytest.raises(NotFoundError):
        stories.find(db, "!!!", NOW)
    assert stories.find(db, "«»", NOW) == named


def test_a_given_slug_that_is_taken_is_refused(db: Database, story: Story) -> None:
    with pytest.raises(UsageError, match="already"):
        stories.create(db, "other", NOW, slug=story.slug)


def test_a_given_slug_must_be_one(db: Database) -> None:
    with pytest.raises(UsageError, match="my-story"):
        stories.create(db, "other", NOW, slug="My story!")
    with pytest.raises(UsageError, match="like 'other'"):
        stories.create(db, "other", NOW, slug="!!!")


@pytest.mark.parametrize("name", ["tiktok-acquisition", "TikTok acquisition", "tiktok ACQUISITION"])
def test_a_story_is_found_by_slug_or_title(db: Database, story: Story, name: str) -> None:
    assert stories.find(db, name, NOW) == story


@pytest.mark.usefixtures("story")
def test_an_unknown_story_names_the_nearest(db: Database) -> None:
    with pytest.raises(NotFoundError, match="tiktok-acquisition"):
        stories.find(db, "tiktok-aquisition", NOW)


@pytest.mark.parametrize("title", ["C", "C++", "c++", "C#"])
def test_a_title_names_its_story_whatever_slug_is_made_of_it(db: Database, title: str) -> None:
    for each in ("C#", "C", "C++"):
        stories.create(db, "language", NOW, title=each)
    assert stories.find(db, title, NOW).title == title.upper()


def test_titles_that_are_alike_as_far_as_a_slug_goes_are_told_apart(db: Database) -> None:
    same = "The very long title of an affair that has more than one part, "
    for part in ("part one", "part two"):
        stories.create(db, "affair", NOW, title=same + part)
    assert stories.find(db, f"{same}part two", NOW).title.endswith("part two")


def test_a_slug_names_its_story_before_a_title_does(db: Database) -> None:
    first = stories.create(db, "Quux", NOW, slug="c")
    stories.create(db, "language", NOW, title="c", slug="d")
    assert stories.find(db, "c", NOW) == first


def test_a_name_that_is_no_title_is_taken_as_a_slug(db: Database, story: Story) -> None:
    assert stories.find(db, "TikTok - Acquisition!", NOW) == story


def test_a_title_of_several_stories_names_them_all_and_none_is_taken(db: Database) -> None:
    for _ in range(2):
        stories.create(db, "Nokia layoffs", NOW)
    with pytest.raises(UsageError, match=r"slug of one: nokia-layoffs, nokia-layoffs-2\."):
        stories.find(db, "nokia layoffs", NOW)


def test_a_mute_ends_by_itself(db: Database, story: Story) -> None:
    stories.change(db, story.id, state="muted", muted_until=NOW + timedelta(days=1))
    assert stories.find(db, story.slug, NOW).state is State.MUTED
    assert stories.find(db, story.slug, NOW + timedelta(days=2)).state is State.OPEN


def test_a_removed_story_takes_its_links_along(db: Database, story: Story) -> None:
    link(db, story, 1)
    decide(db, story, 2, Status.REJECTED)
    stories.remove(db, story.id)
    assert db.execute("SELECT count(*) FROM links").fetchone()[0] == 0
    assert len(items.load(db, [1])) == 1


def test_every_change_of_what_is_followed_grows_the_version(db: Database, story: Story) -> None:
    versions = [stories.version(db)]
    stories.change(db, story.id, title="T")
    versions.append(stories.version(db))
    stories.remove(db, story.id)
    versions.append(stories.version(db))
    assert versions == sorted(set(versions))


def test_a_link_keeps_its_reasons(db: Database, story: Story) -> None:
    link(db, story, 1)
    found = links.find(db, story.id, 1)
    assert found is not None
    assert (found.reasons, found.score, found.status) == (REASONS, 0.8, Status.LINKED)


def test_a_link_is_counted_once(db: Database, story: Story) -> None:
    assert [link(db, story, 1), link(db, story, 1)] == [1, 0]


def test_a_doubtful_link_counts_when_it_is_linked(db: Database, story: Story) -> None:
    assert [link(db, story, 1, Status.MAYBE), link(db, story, 1)] == [0, 1]


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED])
def test_what_the_user_decided_is_not_overwritten(
    db: Database, story: Story, status: Status
) -> None:
    decide(db, story, 1, status)
    link(db, story, 1)
    links.drop(db, [(story.id, 1)])
    found = links.find(db, story.id, 1)
    assert found is not None
    assert found.status is status


def test_a_link_keeps_when_it_was_found_first(db: Database, story: Story) -> None:
    link(db, story, 1)
    (arrival,) = db.execute("SELECT arrival FROM links").fetchone()
    found = links.NewLink(story.id, item(db, 1), Verdict(0.9, Status.LINKED, REASONS), 5, 0.7, 0.6)
    with db.transaction():
        links.save(db, [found], links.next_arrival(db), NOW + timedelta(days=1))
    kept = links.find(db, story.id, 1)
    assert kept is not None
    assert (kept.linked, kept.score, kept.event, kept.first_odds, kept.match_odds) == (
        *(NOW, 0.9, 5),
        *(0.7, 0.6),
    )
    assert db.execute("SELECT arrival FROM links").fetchone() == (arrival,)


def test_a_doubtful_link_arrives_when_it_is_linked(db: Database, story: Story) -> None:
    link(db, story, 1, Status.MAYBE)
    found = links.NewLink(story.id, item(db, 1), Verdict(0.9, Status.LINKED, REASONS), 1)
    with db.transaction():
        arrival = links.next_arrival(db)
        links.save(db, [found], arrival, NOW + timedelta(days=1))
    kept = links.find(db, story.id, 1)
    assert kept is not None
    assert kept.linked == NOW + timedelta(days=1)
    assert db.execute("SELECT arrival FROM links").fetchone() == (arrival,)


def test_what_is_undecided_is_saved_without_a_look(db: Database, story: Story) -> None:
    link(db, story, 1)
    found = links.NewLink(story.id, item(db, 2), Verdict(0.8, Status.LINKED, REASONS), 2)
    with db.transaction():
        assert links.save(db, [found], 9, NOW, undecided=True) == 1
    assert links.item_ids(db, story.id) == {1, 2}


def test_a_link_is_dropped_for_its_own_story_alone(db: Database, story: Story) -> None:
    with db.transaction():
        other = stories.create(db, "Oracle", NOW)
    link(db, story, 1)
    link(db, other, 1)
    with db.transaction():
        assert links.drop(db, [(story.id, 1), (story.id, 7)]) == 1
    assert links.of_items(db, [1, 2]) == {other.id: {1: Status.LINKED}}
    assert links.begun(db, [story.id, other.id]) == {other.id}


def test_links_move_to_other_events_within_their_story(db: Database, story: Story) -> None:
    with db.transaction():
        other = stories.create(db, "Oracle", NOW)
    for each in (story, other):
        link(db, each, 1)
        link(db, each, 2)
    with db.transaction():
        links.move(db, story.id, {2: 1})
    assert [found.event for found in links.of_story(db, story.id)] == [1, 1]
    assert [found.event for found in links.of_story(db, other.id)] == [2, 1]


def test_links_are_told_newest_first_within_bounds(db: Database, story: Story) -> None:
    for number in range(1, 6):
        link(db, story, number, Status.MAYBE if number == 3 else Status.LINKED)
    first, last = item(db, 2).published, item(db, 4).published

    def told(**options: Any) -> list[int]:
        return [found.item.id for found in links.of_story(db, story.id, **options)]

    assert told() == [5, 4, 3, 2, 1]
    assert told(since=first, until=last) == [4, 3, 2]
    assert told(statuses=(Status.LINKED,), limit=2) == [5, 4]


def test_an_item_that_was_accepted_before_it_was_linked_is_no_new_link(
    db: Database, story: Story
) -> None:
    decide(db, story, 1, Status.ACCEPTED)
    assert db.execute("SELECT arrival FROM links").fetchone() == (0,)
    assert link(db, story, 1) == 0


def test_what_is_told_anew_of_a_decision_leaves_the_decision(db: Database, story: Story) -> None:
    link(db, story, 1)
    decide(db, story, 1, Status.REJECTED)
    with db.transaction():
        told = links.NewLink(story.id, item(db, 1), Verdict(0.4, Status.MAYBE, ()), 1, 0.3)
        links.restate(db, [told])
    kept = links.find(db, story.id, 1)
    assert kept is not None
    assert (kept.status, kept.score, kept.reasons) == (Status.REJECTED, 0.4, ())
    assert kept.first_odds == 0.3


def test_a_timeline_is_newest_first_without_the_doubtful_and_rejected(
    db: Database, story: Story
) -> None:
    for number in (2, 5, 3):
        link(db, story, number)
    link(db, story, 4, Status.MAYBE)
    decide(db, story, 6, Status.REJECTED)
    decide(db, story, 1, Status.ACCEPTED)
    assert shown(db, story) == [5, 3, 2, 1]
    assert shown(db, story, Window(maybe=True)) == [5, 4, 3, 2, 1]


def test_the_limit_counts_developments_and_cuts_none(db: Database, story: Story) -> None:
    for number, event in ((1, 1), (2, 2), (3, 2), (8, 2), (7, 7)):
        link(db, story, number, event=event)
    timeline = timelines.timeline(db, story, Window(limit=2), NOW)
    assert [report.link.item.id for report in timeline.reports] == [8, 7, 3, 2]
    assert timeline.hidden == 1


def test_doubtful_reports_do_not_take_the_place_of_sure_ones(db: Database, story: Story) -> None:
    for number in (1, 2, 3):
        link(db, story, number)
    for number in (6, 7, 8):
        link(db, story, number, Status.MAYBE)
    window = Window(maybe=True, limit=2)
    assert shown(db, story, window) == [8, 7, 3, 2]
    timeline = timelines.timeline(db, story, window, NOW)
    assert (timeline.hidden, timeline.doubtful) == (1, 1)


def test_what_is_left_out_is_counted(db: Database, story: Story) -> None:
    for number, event in ((1, 1), (2, 2), (3, 2), (7, 7)):
        link(db, story, number, event=event)
    link(db, story, 8, Status.MAYBE)
    for window, unread in ((Window(limit=1), 2), (Window(since=NOW - timedelta(days=5)), 1)):
        timeline = timelines.timeline(db, story, window, NOW)
        assert (timeline.unread, timeline.doubtful) == (unread, 1)
    whole = timelines.timeline(db, story, Window(maybe=True), NOW)
    assert (whole.unread, whole.doubtful) == (0, 0)
    look(db, story)
    assert timelines.timeline(db, story, Window(limit=1), NOW).unread == 0


def test_the_first_look_has_seen_what_the_story_was_begun_with(db: Database, story: Story) -> None:
    link(db, story, 1)
    stories.begin_with(db, story.id, 1, NOW)
    for number in (2, 3):
        link(db, story, number)
    timeline = timelines.timeline(db, story, Window(limit=1, past_seen=True), NOW)
    assert (timeline.hidden, timeline.left_new, timeline.unread) == (2, 2, 1)
    stories.mark_seen(db, story.id, timeline.arrival, NOW)
    assert shown(db, story, Window(only_new=True)) == [3, 2]


def test_a_story_is_begun_with_nothing_that_came_later(db: Database, story: Story) -> None:
    for number in (1, 2):
        link(db, story, number)
    stories.begin_with(db, story.id, 1, NOW + timedelta(hours=1))
    timeline = timelines.timeline(db, story, Window(limit=1, past_seen=True), NOW)
    assert (timeline.unread, timeline.arrival) == (1, 0)


def test_what_is_new_of_a_development_that_is_shown_is_not_left_out(
    db: Database, story: Story
) -> None:
    link(db, story, 5)
    look(db, story)
    link(db, story, 2, event=5)
    timeline = timelines.timeline(db, story, Window(since=NOW - timedelta(days=4)), NOW)
    assert [(r.link.item.id, r.new) for r in timeline.reports] == [(5, False), (2, True)]
    assert timeline.unread == 0


def test_the_reports_of_a_development_are_found_by_its_index(db: Database, story: Story) -> None:
    link(db, story, 1)
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    timelines.timeline(db, story, Window(), NOW)
    db.set_trace_callback(None)
    (query,) = (sql for sql in statements if "links.event IN" in sql)
    plans = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + query)]
    assert "SEARCH links USING INDEX links_of_event (story_id=? AND event=?)" in plans


def test_a_timeline_has_the_times_of_the_whole_story_whatever_is_shown(
    db: Database, story: Story
) -> None:
    for number in (3, 5, 7):
        link(db, story, number)
    found = timelines.timeline(db, story, Window(limit=1), NOW, UTC)
    assert found.first_development == item(db, 3).published
    assert found.last_development == item(db, 7).published


def test_the_window_bounds_the_reports(db: Database, story: Story) -> None:
    for number in range(1, 9):
        link(db, story, number)
    window = Window(since=NOW - timedelta(days=3), until=NOW - timedelta(days=2))
    assert shown(db, story, window) == [6, 5]


def test_what_is_new_is_what_arrived_since_the_last_look(db: Database, story: Story) -> None:
    link(db, story, 8)
    look(db, story)
    link(db, story, 1)
    assert shown(db, story, Window(only_new=True)) == [1]
    reports = timelines.timeline(db, story, Window(), NOW).reports
    assert [(report.link.item.id, report.new) for report in reports] == [(8, False), (1, True)]


def test_a_new_report_of_a_known_development_brings_it_back(db: Database, story: Story) -> None:
    link(db, story, 1)
    look(db, story)
    link(db, story, 2, event=1)
    assert shown(db, story, Window(only_new=True)) == [2, 1]


def test_a_link_made_while_the_timeline_is_read_stays_new(db: Database, story: Story) -> None:
    link(db, story, 1)
    timeline = timelines.timeline(db, story, Window(), NOW)
    link(db, story, 2)
    stories.mark_seen(db, story.id, timeline.arrival, NOW)
    assert shown(db, story, Window(only_new=True)) == [2]


def test_the_dashboard_counts_unread_developments(db: Database, story: Story) -> None:
    link(db, story, 1)
    look(db, story)
    for number, event in ((2, 2), (3, 2), (4, 4)):
        link(db, story, number, event=event)
    link(db, story, 5, Status.MAYBE)
    (line,) = timelines.summaries(db, NOW)
    assert (line.unread, line.events, line.reports, line.maybe) == (2, 3, 4, 1)
    assert (line.last_title, line.volume[-5:]) == ("Headline 4", (1, 0, 0, 0, 0))


def test_open_stories_with_news_come_first_and_then_those_with_the_latest_development(
    db: Database,
) -> None:
    for slug, numbers, state in [
        ("closed", [8], State.CLOSED),
        ("muted", [7], State.MUTED),
        ("seen", [6], State.OPEN),
        ("much", [1, 2, 3], State.OPEN),
        ("late", [5], State.OPEN),
        ("empty", [], State.OPEN),
    ]:
        with db.transaction():
            story = stories.create(db, slug, NOW)
            stories.change(db, story.id, state=state.value)
        for number in numbers:
            link(db, story, number)
        if slug == "seen":
            look(db, story)
    assert [line.story.slug for line in timelines.summaries(db, NOW)] == [
        "late",
        "much",
        "muted",
        "seen",
        "empty",
        "closed",
    ]


def test_the_summary_of_one_story_asks_nothing_of_the_others(db: Database, story: Story) -> None:
    with db.transaction():
        other = stories.create(db, "b", NOW)
    link(db, story, 1)
    link(db, other, 2)
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    line = timelines.summary(db, story, NOW)
    db.set_trace_callback(None)
    assert line == next(s for s in timelines.summaries(db, NOW) if s.story == story)
    assert all(f"id = {story.id}" in statement for statement in statements)


def test_muted_and_closed_stories_are_not_in_the_news(db: Database) -> None:
    with db.transaction():
        first, second, third = (stories.create(db, text, NOW) for text in ("a", "b", "c"))
    for each in (first, second, third):
        link(db, each, 1)
    stories.change(db, second.id, state="muted")
    stories.change(db, third.id, state="closed")
    assert news(db) == ["a"]


def test_the_story_with_the_latest_development_is_the_first_of_the_news(db: Database) -> None:
    with db.transaction():
        first, second = (stories.create(db, text, NOW) for text in ("a", "b"))
    link(db, second, 5)
    link(db, first, 4)
    link(db, first, 8, event=4)  # another report of what came before the development of b
    assert news(db) == ["b", "a"]


def test_of_many_stories_with_news_those_with_the_latest_developments_are_given(
    db: Database,
) -> None:
    with db.transaction():
        first, second, third, muted = (stories.create(db, text, NOW) for text in "abcd")
    link(db, first, 4)
    link(db, second, 5)
    link(db, third, 3)
    link(db, third, 8, event=3)  # another report of what came before the development of b
    link(db, muted, 7)
    stories.change(db, muted.id, state="muted")
    window = Window(only_new=True, limit=1)
    told = [value.story.slug for value in timelines.news(db, window, NOW, most=2)]
    assert told == news(db, window)[:2] == ["b", "a"]


def test_a_story_whose_news_are_of_another_time_is_not_in_the_news(
    db: Database, story: Story
) -> None:
    link(db, story, 1)
    assert news(db, Window(since=NOW - timedelta(days=2), only_new=True)) == []


@pytest.mark.parametrize(
    ("window", "doubtful"),
    [
        (Window(), 3),
        (Window(since=NOW - timedelta(days=3)), 2),
        (Window(until=NOW - timedelta(days=4)), 1),
        (Window(since=NOW - timedelta(days=3), only_new=True), 1),
        (Window(until=NOW - timedelta(days=9)), 0),
        (Window(feeds=frozenset({2})), 0),
        (Window(maybe=True, limit=1), 2),
        (Window(maybe=True, since=NOW - timedelta(days=3)), 0),
    ],
)
def test_the_doubtful_reports_left_out_are_those_that_would_be_shown(
    db: Database, story: Story, window: Window, doubtful: int
) -> None:
    link(db, story, 2, Status.MAYBE)
    link(db, story, 6, Status.MAYBE)
    look(db, story)
    link(db, story, 7, Status.MAYBE)
    timeline = timelines.timeline(db, stories.by_id(db, story.id, NOW), window, NOW)
    assert timeline.doubtful == doubtful


def test_what_is_doubtful_is_no_news(db: Database, story: Story) -> None:
    link(db, story, 1)
    link(db, story, 8, Status.MAYBE)
    since = NOW - timedelta(days=2)
    assert news(db, Window(since=since, only_new=True, maybe=True)) == []


def test_an_outage_names_a_feed_that_never_answered_without_its_password(
    db: Database, story: Story
) -> None:
    secret = FeedSource("https://user:hunter2@b.example/feed")
    feeds.take_in(db, [secret], {}, "other")
    (feed,) = feeds.due(db, NOW)
    plan = NextPoll(NOW, "soon")
    feeds.record(db, Failed(feed, Transfer(500, 0.1), "HTTP 500"), plan, NOW)
    (outage,) = timelines.timeline(db, story, Window(), NOW).outages
    assert outage.feed == "https://b.example/feed"


def test_no_view_scans_items_or_links(db: Database, story: Story) -> None:
    link(db, story, 1)
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    timelines.timeline(db, story, Window(maybe=True, only_new=True), NOW)
    timelines.summaries(db, NOW)
    timelines.news(db, Window(only_new=True), NOW, most=1)
    items.find(db, "1")
    items.find(db, "https://a.example/1")
    db.set_trace_callback(None)
    queries = [sql for sql in statements if sql.lstrip().startswith("SELECT")]
    plans = [row[3] for sql in queries for row in db.execute("EXPLAIN QUERY PLAN " + sql)]
    assert plans
    assert [plan for plan in plans if plan.startswith(("SCAN items", "SCAN links"))] == []


def test_the_latest_languages_of_a_feed_are_read_without_sorting_its_items(db: Database) -> None:
    items.set_languages(db, [(2, "fr"), (3, "de"), (7, "en")])
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    assert items.latest_languages(db, 1, 2) == ["en", "de"]
    db.set_trace_callback(None)
    (query,) = statements
    plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + query)]
    assert plan == ["SEARCH items USING INDEX items_of_feed (feed_id=?)"]


def test_the_languages_of_all_items_are_read_from_their_index_alone(db: Database) -> None:
    items.set_languages(db, [(1, "fr"), (2, "fr"), (3, "de"), (7, "en-GB")])
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    assert items.languages(db) == {"fr", "de", "en-GB", None}
    db.set_trace_callback(None)
    (query,) = statements
    plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + query)]
    read = [step for step in plan if "items" in step]
    assert read
    assert all(step.startswith("SEARCH items USING COVERING INDEX") for step in read)


@pytest.fixture
def indexed(db: Database) -> Database:
    """Index the items of `db`, and after them three older ones, as a new feed brings them."""
    db.execute(
        "INSERT INTO items (feed_id, entry_id, url, title, summary, published, first_seen)"
        " SELECT 1, 'old ' || id, url || '/old', title, '', published - 86400 * 1000, 0"
        " FROM items WHERE id <= 3"
    )
    db.execute(
        "INSERT INTO items_fts (rowid, title, summary, address)"
        " SELECT id, title, summary, address FROM items"
    )
    return db


def test_a_limit_of_candidates_counts_those_of_the_time_that_was_asked_for(
    indexed: Database,
) -> None:
    since = NOW - timedelta(days=4)
    assert [i.id for i in items.candidates(indexed, "headline", since=since, limit=3)] == [6, 7, 8]
    assert [i.id for i in items.candidates(indexed, "headline", limit=4)] == [9, 10, 11, 8]


def test_candidates_are_searched_from_the_one_stored_last(indexed: Database) -> None:
    statements: list[str] = []
    indexed.set_trace_callback(statements.append)
    items.candidates(indexed, "headline", since=NOW - timedelta(days=4))
    indexed.set_trace_callback(None)
    query = next(sql for sql in statements if "MATCH" in sql and not sql.startswith("--"))
    plan = [row[3] for row in indexed.execute("EXPLAIN QUERY PLAN " + query)]
    assert plan[0].startswith("SCAN items_fts VIRTUAL TABLE")
    assert not [row for row in plan if "TEMP B-TREE" in row]


@pytest.mark.parametrize(
    ("zone", "last_days"),
    [
        (UTC, (1, 1)),  # 23:30 the day before, and 00:30
        (ZoneInfo("Europe/Moscow"), (0, 2)),  # 3 hours ahead: both on this day
        (ZoneInfo("Pacific/Pago_Pago"), (2, 0)),  # 11 hours behind: both on the day before
    ],
)
def test_volume_counts_days_as_the_calendar_of_the_zone_has_them(
    db: Database, story: Story, zone: tzinfo, last_days: tuple[int, int]
) -> None:
    for number, moment in ((1, NOW.replace(hour=0, minute=30)), (2, NOW.replace(hour=0) - HALF)):
        db.execute("UPDATE items SET published = ? WHERE id = ?", (int(moment.timestamp()), number))
        link(db, story, number)
    line = timelines.summary(db, story, NOW, zone)
    assert line.volume[-2:] == last_days
    assert timelines.timeline(db, story, Window(), NOW, zone).volume == line.volume
