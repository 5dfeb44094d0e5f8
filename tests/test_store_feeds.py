from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tracker.errors import NotFoundError
from tracker.model.polling import (
    Changed,
    Document,
    Entry,
    Failed,
    FeedSource,
    NextPoll,
    NotModified,
    Outcome,
    PollReport,
    Transfer,
    Unchanged,
    Wishes,
)
from tracker.store.archive import items, queue
from tracker.store.database import Database, connect
from tracker.store.polling import feeds, polls

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PLAN = NextPoll(LATER, "every 1 h: its own rhythm", timedelta(hours=2))
A, B = FeedSource("https://a.example/feed", "A", "en"), FeedSource("https://b.example/feed")


@pytest.fixture
def db(db: Database) -> Database:
    feeds.take_in(db, [A, B], {}, "digest")
    return db


def entry(number: int, title: str | None = None, **values: Any) -> Entry:
    usual = Entry(
        id=f"id {number}",
        url=f"https://a.example/{number}",
        title=title or f"Headline {number}",
        summary="",
        published=NOW - timedelta(minutes=number),
    )
    return usual._replace(**values)


def changed(db: Database, *entries: Entry, url: str = A.url, **values: Any) -> Changed:
    feed = feeds.due(db, NOW, url=url)[0]
    document = Document("The A Times", "https://a.example/", "fr", entries)
    return Changed(feed, Transfer(200, 0.1), document, b"1", b"12345678")._replace(**values)


def record(db: Database, outcome: Outcome, now: datetime = NOW) -> int:
    return feeds.record(db, outcome, PLAN, now)


def stored(db: Database) -> list[tuple[str, str]]:
    return db.execute("SELECT entry_id, title FROM items ORDER BY id").fetchall()


def test_every_feed_is_due_before_its_first_poll(db: Database) -> None:
    assert [feed.source for feed in feeds.due(db, NOW)] == [A, B]


@pytest.mark.parametrize("moved_to", [None, "https://moved.example/"])
@pytest.mark.parametrize("failures", [0, 2])
def test_many_outcomes_are_stored_as_each_alone_would_be(
    tmp_path: Path, failures: int, moved_to: str | None
) -> None:
    kept = []
    for name in ("each", "all"):
        db = connect(tmp_path / name)
        feeds.take_in(db, [A, B], {}, "digest")
        record(db, changed(db, entry(1)))
        for _ in range(failures):
            record(db, Failed(feeds.due(db, NOW, url=A.url)[0], Transfer(500, 0.1), "no"))
        transfer = Transfer(304, 0.1, 0, '"2"', "Mon", moved_to=moved_to)
        same = NotModified(feeds.due(db, NOW, url=A.url)[0], transfer)
        outcomes: list[Outcome] = [same, changed(db, entry(2), url=B.url)]
        if name == "all":
            assert feeds.record_all(db, [(each, PLAN) for each in outcomes], LATER) == 1
        else:
            assert sum(record(db, each, LATER) for each in outcomes) == 1
        tables = "SELECT * FROM feeds", "SELECT * FROM outages"
        kept.append([db.execute(table).fetchall() for table in tables])
        db.close()
    assert kept[0] == kept[1]


def test_a_feed_is_due_again_when_its_time_has_come(db: Database) -> None:
    record(db, changed(db))
    assert [feed.source for feed in feeds.due(db, NOW)] == [B]
    assert {feed.source for feed in feeds.due(db, LATER)} == {A, B}


def test_a_feed_that_was_polled_by_a_clock_ahead_is_due(db: Database) -> None:
    ahead = LATER + timedelta(days=3650)
    plan = NextPoll(ahead + timedelta(hours=1), "every 1 h", timedelta(hours=2))
    feeds.record(db, changed(db), plan, ahead)
    polls.record(db, PollReport(ahead, 1.0, 1, 0, 0, 1, 1, 0, ()))
    assert A in [feed.source for feed in feeds.due(db, LATER)]
    feeds.record(db, changed(db), NextPoll(ahead, "every year", timedelta(hours=2)), LATER)
    assert A not in [feed.source for feed in feeds.due(db, LATER + timedelta(hours=1))]


def test_force_takes_what_is_not_due(db: Database) -> None:
    record(db, changed(db))
    assert len(feeds.due(db, NOW, force=True)) == 2


def test_a_feed_can_be_named_by_title_though_not_due(db: Database) -> None:
    record(db, changed(db))
    assert [feed.source for feed in feeds.due(db, NOW, url="A")] == [A]


def test_naming_an_unknown_feed_tells_the_nearest(db: Database) -> None:
    with pytest.raises(NotFoundError, match=r"https://b\.example/feed"):
        feeds.due(db, NOW, url="https://b.example/fed")


def test_new_entries_are_stored_and_queued_oldest_first(db: Database) -> None:
    assert record(db, changed(db, entry(1), entry(2))) == 2
    assert stored(db) == [("id 2", "Headline 2"), ("id 1", "Headline 1")]
    assert queue.ids(db) == [1, 2]


def test_what_is_queued_is_found_without_going_through_all_items(db: Database) -> None:
    record(db, changed(db, entry(1), entry(2)))
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    queue.ids(db)
    db.set_trace_callback(None)
    plans = [row[3] for sql in statements for row in db.execute("EXPLAIN QUERY PLAN " + sql)]
    assert any(plan.startswith("SEARCH items") for plan in plans)


def test_an_entry_is_stored_once_however_often_it_comes(db: Database) -> None:
    record(db, changed(db, entry(1)))
    assert record(db, changed(db, entry(1), entry(2))) == 1
    assert [row[0] for row in stored(db)] == ["id 1", "id 2"]


@pytest.mark.parametrize("published", [NOW - timedelta(days=1), None, NOW + timedelta(days=9)])
def test_an_entry_with_a_new_id_at_each_poll_is_stored_once(
    db: Database, published: datetime | None
) -> None:
    told = entry(1, published=published)
    news = [
        record(db, changed(db, told._replace(id=f"{n}"), entry(2)), NOW + timedelta(hours=n))
        for n in range(4)
    ]
    assert news == [2, 0, 0, 0]


def test_a_changed_headline_under_a_new_id_is_a_revision_once_that_id_is_known(
    db: Database,
) -> None:
    record(db, changed(db, entry(1)))
    record(db, changed(db, entry(1, id="new")))
    assert record(db, changed(db, entry(1, "Another", id="new"))) == 0
    assert [revision.title for revision in items.revisions(db, [1])[1]] == ["Headline 1"]


def test_of_two_entries_that_bring_a_known_article_under_new_ids_none_is_new(
    db: Database,
) -> None:
    record(db, changed(db, entry(1)))
    assert record(db, changed(db, entry(1, id="new"), entry(1, id="newer"))) == 0
    assert [row[0] for row in stored(db)] == ["new"]


def test_an_entry_under_a_new_id_beside_its_old_one_is_not_new(db: Database) -> None:
    record(db, changed(db, entry(1)))
    assert record(db, changed(db, entry(1), entry(1, id="new"))) == 0
    assert [row[0] for row in stored(db)] == ["id 1"]


def test_entries_without_a_link_are_known_by_their_ids_alone(db: Database) -> None:
    bare = entry(1, url=""), entry(1, url="", id="other")
    assert record(db, changed(db, *bare)) == 2


def test_of_one_article_told_twice_in_a_document_one_is_stored(db: Database) -> None:
    assert record(db, changed(db, entry(1), entry(1, id="other"))) == 1


@pytest.mark.parametrize(("ahead", "kept"), [(60, True), (61, False)])
def test_a_date_may_be_an_hour_ahead(db: Database, ahead: int, *, kept: bool) -> None:
    """Clocks differ, and a zone may be wrong by one."""
    moment = NOW + timedelta(minutes=ahead)
    record(db, changed(db, entry(1, published=moment)))
    (published,) = db.execute("SELECT published FROM items").fetchone()
    assert published == int((moment if kept else NOW).timestamp())


def test_of_several_changes_the_words_before_the_first_are_kept_for_matching(
    db: Database,
) -> None:
    record(db, changed(db, entry(1)))
    with db.transaction():
        queue.index(db, [1])
        queue.take_matched_before(db, [1])
    record(db, changed(db, entry(1, "Second")))
    record(db, changed(db, entry(1, "Third")))
    with db.transaction():
        assert queue.take_matched_before(db, [1])[1][0] == "Headline 1"
    assert [revision.title for revision in items.revisions(db, [1])[1]] == ["Headline 1", "Second"]


def test_two_entries_of_one_article_keep_their_ids(db: Database) -> None:
    twice = changed(db, entry(1), entry(1, id="second"))
    assert [record(db, twice) for _ in range(2)] == [1, 0]
    assert db.execute("SELECT count(*) FROM items").fetchone() == (1,)


def test_advisories_of_one_day_and_page_are_told_apart_by_what_they_say(db: Database) -> None:
    advisories = [entry(1, "Update", id=f"g{n}", summary=f"Fixes {n}") for n in range(3)]
    news = [record(db, changed(db, *advisories[: n + 1])) for n in range(3)]
    assert news == [1, 1, 1]
    kept = db.execute("SELECT entry_id, summary FROM items ORDER BY id").fetchall()
    assert kept == [("g0", "Fixes 0"), ("g1", "Fixes 1"), ("g2", "Fixes 2")]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Another"},
        {"url": "https://a.example/other"},
        {"published": NOW - timedelta(days=3)},
        {"published": None},
        {"summary": "Another"},
    ],
)
def test_an_entry_that_differs_in_link_title_summary_or_date_is_another(
    db: Database, other: dict[str, Any]
) -> None:
    record(db, changed(db, entry(1)))
    assert record(db, changed(db, entry(1, id="2")._replace(**other))) == 1


@pytest.mark.parametrize("other", [{"summary": "Tuesday"}, {"url": ""}])
def test_without_a_date_an_entry_with_another_summary_or_no_link_is_another(
    db: Database, other: dict[str, Any]
) -> None:
    briefing = entry(1, "Briefing", published=None, summary="Monday")
    record(db, changed(db, briefing))
    assert record(db, changed(db, briefing._replace(id="2", **other))) == 1


def test_the_same_article_in_two_feeds_is_two_items(db: Database) -> None:
    record(db, changed(db, entry(1)))
    assert record(db, changed(db, entry(1, id="2"), url=B.url)) == 1


def test_the_same_id_in_two_feeds_is_two_items(db: Database) -> None:
    record(db, changed(db, entry(1)))
    assert record(db, changed(db, entry(1), url=B.url)) == 1


def test_a_changed_headline_is_kept_as_a_revision_and_queued(db: Database) -> None:
    record(db, changed(db, entry(1, "Oracle may win")))
    with db.transaction():
        queue.index(db, queue.ids(db))
    assert record(db, changed(db, entry(1, "Oracle wins")), LATER) == 0
    assert items.load(db, [1])[0].title == "Oracle wins"
    revision = items.revisions(db, [1])[1][0]
    assert (revision.title, revision.replaced) == ("Oracle may win", LATER)
    assert queue.ids(db) == [1]


def test_a_changed_headline_is_found_by_its_new_words_only(db: Database) -> None:
    record(db, changed(db, entry(1, "Oracle may win")))
    for title in ("Walmart joins", "Walmart leaves"):
        with db.transaction():
            queue.index(db, queue.ids(db))
        record(db, changed(db, entry(1, title)), LATER)
    with db.transaction():
        queue.index(db, queue.ids(db))
    assert items.candidates(db, "oracle OR joins") == []
    assert [found.id for found in items.candidates(db, "leaves")] == [1]
    db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('integrity-check', 1)")


def test_the_words_of_an_address_are_kept_where_there_is_no_summary(db: Database) -> None:
    url = "https://a.example/oracle-wins-tiktok-bid"
    record(db, changed(db, entry(1, url=url), entry(2, url=url, summary="It was told.")))
    kept = {item.title: item.address for item in items.load(db, [1, 2])}
    assert kept == {"Headline 1": "oracle wins tiktok bid", "Headline 2": ""}


def test_a_changed_address_is_indexed_anew(db: Database) -> None:
    record(db, changed(db, entry(1, url="https://a.example/oracle-wins-tiktok-bid")))
    queue.index(db, queue.ids(db))
    record(db, changed(db, entry(1, url="https://a.example/walmart-wins-tiktok-bid")), LATER)
    queue.index(db, queue.ids(db))
    assert [len(items.candidates(db, word)) for word in ("oracle", "walmart")] == [0, 1]
    db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('integrity-check', 1)")


def test_a_headline_in_other_letters_is_found_by_plain_ones_until_it_changes(db: Database) -> None:
    for title in ("Ｎｏｋｉａ wins", "Ｚｏｒｂｌａｘ wins"):
        record(db, changed(db, entry(1, title)), LATER)
        queue.index(db, queue.ids(db))
        assert items.load(db, [1])[0].title == title
    assert [len(items.candidates(db, word)) for word in ("nokia", "zorblax", "wins")] == [0, 1, 1]


def test_an_address_that_tells_the_same_queues_nothing(db: Database) -> None:
    record(db, changed(db, entry(1, url="https://a.example/oracle-wins-tiktok-bid")))
    queue.index(db, queue.ids(db))
    record(
        db, changed(db, entry(1, url="https://a.example/oracle-wins-tiktok-bid?from=rss")), LATER
    )
    assert queue.is_empty(db)
    assert items.load(db, [1])[0].url.endswith("from=rss")


def test_a_change_before_it_was_indexed_keeps_the_index_whole(db: Database) -> None:
    record(db, changed(db, entry(1, "Oracle may win")))
    record(db, changed(db, entry(1, "Oracle wins")), LATER)
    with db.transaction():
        queue.index(db, queue.ids(db))
    db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('integrity-check', 1)")
    assert items.candidates(db, "may") == []


def test_an_entry_without_a_date_is_of_when_it_was_first_seen(db: Database) -> None:
    record(db, changed(db, entry(1, published=None)))
    assert items.load(db, [1])[0].published == NOW


def test_a_date_in_the_future_counts_as_now(db: Database) -> None:
    record(db, changed(db, entry(1, published=NOW + timedelta(days=400))))
    assert items.load(db, [1])[0].published == NOW


def test_the_date_of_an_item_does_not_move_when_it_changes(db: Database) -> None:
    record(db, changed(db, entry(1, published=NOW)))
    record(db, changed(db, entry(1, "New words", published=LATER)), LATER)
    assert items.load(db, [1])[0].published == NOW


@pytest.mark.parametrize(
    ("of_entry", "url", "language"),
    [("de", A.url, "de"), (None, A.url, "en"), (None, B.url, "fr")],
)
def test_an_items_language_is_the_entrys_else_the_users_else_the_feeds(
    db: Database, of_entry: str | None, url: str, language: str
) -> None:
    record(db, changed(db, entry(1, language=of_entry), url=url))
    assert items.load(db, [1])[0].language == language


def test_the_users_title_of_a_feed_goes_before_its_own(db: Database) -> None:
    record(db, changed(db, entry(1)))
    record(db, changed(db, entry(1), url=B.url))
    assert [found.source for found in items.load(db, [1, 2])] == ["A", "The A Times"]


def test_validators_and_hashes_are_kept_for_the_next_poll(db: Database) -> None:
    transfer = Transfer(200, 0.1, etag='"e"', last_modified="Mon")
    record(db, changed(db, entry(1), transfer=transfer))
    feed = feeds.due(db, NOW, url=A.url)[0]
    assert (feed.etag, feed.last_modified) == ('"e"', "Mon")
    assert (feed.body_hash, feed.entry_hashes) == (b"1", b"12345678")


def test_a_304_keeps_the_hashes_and_takes_new_validators(db: Database) -> None:
    record(db, changed(db, entry(1)))
    feed = feeds.due(db, NOW, url=A.url)[0]
    record(db, NotModified(feed, Transfer(304, 0.1, etag='"new"')))
    feed = feeds.due(db, NOW, url=A.url)[0]
    assert (feed.etag, feed.body_hash) == ('"new"', b"1")


def test_failures_in_a_row_are_counted_and_the_reason_kept(db: Database) -> None:
    for reason in ("HTTP 500", "HTTP 503"):
        feed = feeds.due(db, NOW, url=A.url)[0]
        record(db, Failed(feed, Transfer(500, 0.1), reason))
    row = next(row for row in feeds.listing(db, NOW) if row.state.source == A)
    assert (row.state.failures, row.failure, row.failing_since) == (2, "HTTP 503", NOW)


def test_a_failure_keeps_what_is_known(db: Database) -> None:
    record(db, changed(db, entry(1), transfer=Transfer(200, 0.1, etag='"e"')))
    feed = feeds.due(db, NOW, url=A.url)[0]
    record(db, Failed(feed, Transfer(500, 0.1), "HTTP 500"))
    feed = feeds.due(db, NOW, url=A.url)[0]
    assert (feed.etag, feed.body_hash) == ('"e"', b"1")


def test_a_feed_that_answers_again_is_well(db: Database) -> None:
    record(db, Failed(feeds.due(db, NOW, url=A.url)[0], Transfer(500, 0.1), "HTTP 500"))
    record(db, Unchanged(feeds.due(db, NOW, url=A.url)[0], Transfer(200, 0.1), b"1", b""), LATER)
    row = next(row for row in feeds.listing(db, NOW) if row.state.source == A)
    assert (row.state.failures, row.failure) == (0, None)
    assert db.execute("SELECT until FROM outages").fetchone()[0] == int(LATER.timestamp())


def test_a_feed_that_is_gone_is_asked_only_by_name(db: Database) -> None:
    feed = feeds.due(db, NOW, url=A.url)[0]
    record(db, Failed(feed, Transfer(410, 0.1), "gone", gone=True))
    far = NOW + timedelta(days=4000)
    assert [feed.source for feed in feeds.due(db, far, force=True)] == [B]
    assert [feed.source for feed in feeds.due(db, far, url=A.url)] == [A]


def test_a_moved_feed_is_asked_at_its_new_address(db: Database) -> None:
    new = "https://new.example/feed"
    record(db, changed(db, entry(1), transfer=Transfer(200, 0.1, moved_to=new)))
    assert {feed.address for feed in feeds.due(db, LATER)} == {new, B.url}


def test_a_feed_that_moved_to_another_listed_one_is_asked_once(db: Database) -> None:
    record(db, changed(db, entry(1), transfer=Transfer(200, 0.1, moved_to=B.url)))
    assert [feed.source for feed in feeds.due(db, LATER)] == [B]


def test_a_feed_that_is_no_longer_listed_keeps_its_items(db: Database) -> None:
    record(db, changed(db, entry(1)))
    feeds.take_in(db, [B], {}, "other")
    assert [feed.source for feed in feeds.due(db, LATER)] == [B]
    assert len(items.load(db, [1])) == 1
    assert [(row.title, row.listed, row.items) for row in feeds.listing(db, NOW)] == [
        ("A", False, 1),
        (B.url, True, 0),
    ]


def test_what_feeds_yaml_says_is_taken_over_again(db: Database) -> None:
    feeds.take_in(db, [FeedSource(A.url, "Renamed", "de", ("x",), (("K", "v"),)), B], {}, "2")
    assert feeds.due(db, NOW, url=A.url)[0].source.title == "Renamed"
    assert feeds.listed_digest(db) == "2"


def test_an_interrupted_record_leaves_nothing_of_the_feed(db: Database) -> None:
    outcome = changed(db, entry(1), entry(2, title=None, summary=object()))
    with pytest.raises(Exception, match="type"):
        record(db, outcome)
    assert stored(db) == []
    assert len(feeds.due(db, NOW)) == 2


def test_what_a_document_asks_for_is_kept_until_another_asks_differently(db: Database) -> None:
    asked = Wishes(timedelta(hours=3), frozenset({1, 13}), frozenset({6}))
    found = changed(db, entry(1))
    record(db, found._replace(document=found.document._replace(wishes=asked)))
    assert feeds.due(db, NOW, url=A.url)[0].wishes == asked
    record(db, NotModified(feeds.due(db, NOW, url=A.url)[0], Transfer(304, 0.1)), LATER)
    assert feeds.due(db, NOW, url=A.url)[0].wishes == asked
    record(db, changed(db, entry(2)), LATER)
    assert feeds.due(db, NOW, url=A.url)[0].wishes == Wishes()


def test_an_item_of_a_feed_without_a_title_shows_no_credentials(
    db: Database,
) -> None:
    secret = FeedSource("https://user:hunter2@a.example/feed")
    feeds.take_in(db, [secret], {}, "digest")
    untitled = changed(db, entry(1), url=secret.url)
    record(db, untitled._replace(document=untitled.document._replace(title=None)))
    (item,) = items.load(db, [1])
    assert (item.source, item.feed) == ("a.example", "https://a.example/feed")
    assert [text[5] for text in items.texts(db, [1])] == [item.source]


def test_the_rhythm_of_a_feed_is_kept(db: Database) -> None:
    assert feeds.due(db, NOW, url=A.url)[0].rhythm is None
    record(db, changed(db, entry(1)))
    assert feeds.due(db, NOW, url=A.url)[0].rhythm == PLAN.rhythm


@pytest.mark.parametrize("force", [True, False])
def test_of_the_feeds_that_are_due_those_among_some_are_asked(db: Database, *, force: bool) -> None:
    first, second = feeds.due(db, NOW, force=force)
    assert feeds.due(db, NOW, force=force, among={second.id}) == [second]
    assert feeds.due(db, NOW, force=force, among=()) == []
    assert feeds.due(db, NOW, url=first.source.url, among={second.id}) == []
