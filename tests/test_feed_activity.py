"""How often a feed brings something, by the dates of its items."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homes import Home

from tracker.model.activity import FeedActivity
from tracker.model.polling import Changed, Document, Entry, FeedSource, NextPoll, Transfer
from tracker.store.polling import feeds

if TYPE_CHECKING:
    from publishing import Publisher

    from tracker.model.polling import FeedRow
    from tracker.store.database import Database

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def stored(db: Database, *ages: timedelta | None) -> FeedRow:
    """Store a feed whose entries are so old, newest first; None for one without a date."""
    feeds.take_in(db, [FeedSource("https://a.example/f")], {}, "x")
    (state,) = feeds.due(db, NOW, force=True)
    entries = tuple(
        Entry(f"{n}", f"https://a.example/{n}", f"No {n}", "", None if age is None else NOW - age)
        for n, age in enumerate(ages)
    )
    document = Document("A", None, "en", entries)
    outcome = Changed(state, Transfer(200, 0.1), document, b"", b"")
    feeds.record_all(db, [(outcome, NextPoll(NOW + DAY, ""))], NOW)
    (row,) = feeds.listing(db, NOW)
    return row


@pytest.mark.parametrize(
    ("ages", "week"),
    [
        ([DAY * n for n in range(1, 57)], 6.75),  # 27 items are less than 28 days old
        ([DAY * n / 2 for n in range(1, 11)], 14.0),  # ten in the five days since the first
        ([timedelta(minutes=n) for n in range(1, 11)], 70.0),  # ten in less than a day
        ([DAY * 40, DAY * 41], 0.0),
    ],
)
def test_items_a_week_are_those_of_the_last_four_weeks(
    db: Database, ages: list[timedelta], week: float
) -> None:
    assert stored(db, *ages).activity.items_a_week == pytest.approx(week, rel=0.001)


def test_the_rhythm_is_the_mean_time_between_the_newest_dates(db: Database) -> None:
    old = [DAY * 100 * n for n in range(1, 30)]
    row = stored(db, *[timedelta(hours=3 * n) for n in range(1, 21)], *old)
    assert row.activity.rhythm == timedelta(hours=3)
    assert row.activity.newest == NOW - timedelta(hours=3)


@pytest.mark.parametrize("ages", [[], [DAY], [DAY, DAY, DAY], [None] * 9])
def test_a_rhythm_is_unknown_without_three_dates(
    db: Database, ages: list[timedelta | None]
) -> None:
    assert stored(db, *ages).activity.rhythm is None


def test_a_date_in_the_future_is_no_newest_item(db: Database) -> None:
    assert stored(db, -timedelta(minutes=30), DAY).activity.newest == NOW - DAY


@pytest.mark.parametrize(
    ("pauses", "silence"),
    [
        ([timedelta(hours=1)] * 5, 14 * DAY),
        ([7 * DAY] * 5, 70 * DAY),
        ([DAY] * 5 + [30 * DAY], 90 * DAY),
        ([], 365 * DAY),
    ],
)
def test_a_feed_is_silent_by_its_own_rhythm(pauses: list[timedelta], silence: timedelta) -> None:
    dates = [NOW]
    for pause in pauses:
        dates.append(dates[-1] - pause)
    assert FeedActivity(tuple(dates)).silent_after == silence


def test_dates_of_further_items_stand_among_the_others_newest_first() -> None:
    found = FeedActivity((NOW - DAY,)).with_dates({NOW - 2 * DAY, NOW, NOW + DAY}, NOW)
    assert found.dates == (NOW, NOW - DAY, NOW - 2 * DAY)


def test_the_share_that_reached_a_story_counts_an_item_once(
    tmp_path: Path, publisher: Publisher
) -> None:
    home = Home(tmp_path)
    titles = ("Nokia buys Alcatel", "Nokia sues Oppo", "Rain in Paris", "Snow in Rome")
    items = "".join(f"<item><title>{title}</title><guid>{title}</guid></item>" for title in titles)
    publisher.routes["/f"] = (
        f"<rss version='2.0'><channel><title>A</title>{items}</channel></rss>".encode()
    )
    home.feeds.write_text(f"feeds:\n- url: {publisher.url('/f')}\n  tags: [Tech]\n", "utf-8")
    home.ok("poll")
    home.ok("follow", "Nokia")
    home.ok("follow", "Nokia Alcatel")
    (row,) = json.loads(home.ok("feeds", "ls", "--json"))["feeds"]
    assert (row["items"], row["items_in_stories"]) == (
        4,
        2,
    )
    assert row["share_in_stories"] == 0.5
    assert " 50% " in home.ok("feeds", "ls", "--sort", "stories", "--tag", "tech")
