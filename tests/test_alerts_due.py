"""Which developments are due to be told, and which never are."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alerting import HEADLINES, NOW, come, feed, followed, link, queued, target
from making import bring

from tracker.model.alerts import AlertLimits
from tracker.model.core import Status
from tracker.services import feedback
from tracker.services import follow as use_case
from tracker.store.alerts import due, limits
from tracker.store.archive import items
from tracker.store.database import Database
from tracker.store.following import stories

HOUR = timedelta(hours=1)


@pytest.fixture
def told(db: Database, tmp_path: Path) -> Database:
    """A database with a story, its past, and a target for all stories."""
    followed(db)
    target(db, tmp_path, "exec", "true")
    return db


def test_each_new_development_is_due_once(told: Database) -> None:
    come(told, *HEADLINES[:2])
    assert queued(told) == [("alert", "waiting", "t")] * 2


def test_a_later_report_of_a_development_changes_nothing(told: Database) -> None:
    come(told, HEADLINES[0])
    come(told, HEADLINES[0] + " deal", now=NOW + HOUR)
    assert told.execute("SELECT count(DISTINCT event) FROM links WHERE arrival > 1").fetchone() == (
        1,
    )
    assert len(queued(told)) == 1


def test_reports_of_one_development_in_one_poll_are_one_alert(told: Database) -> None:
    come(told, HEADLINES[0], HEADLINES[0] + " deal")
    assert len(queued(told)) == 1


def test_the_past_of_a_new_story_is_not_told(db: Database, tmp_path: Path) -> None:
    target(db, tmp_path, "exec", "true")
    followed(db)
    assert db.execute("SELECT count(*) FROM links").fetchone() == (1,)
    assert queued(db) == []


def test_a_later_report_of_the_past_is_not_told(told: Database) -> None:
    come(told, "Microsoft in talks about TikTok acquisition, its most daring deal so far")
    assert told.execute("SELECT count(DISTINCT event) FROM links").fetchone() == (1,)
    assert queued(told) == []


def test_a_doubtful_report_is_not_told(told: Database) -> None:
    come(told, "ByteDance opens a school")
    statuses = {row[0] for row in told.execute("SELECT status FROM links WHERE arrival > 1")}
    assert statuses == {"maybe"}
    assert queued(told) == []


@pytest.mark.parametrize("state", ["muted", "closed"])
def test_a_story_that_is_not_open_is_not_told(told: Database, state: str) -> None:
    told.execute("UPDATE stories SET state = ?", (state,))
    told.execute("UPDATE meta SET value = value + 1 WHERE key = 'stories_version'")
    come(told, HEADLINES[0])
    assert queued(told) == []


def test_what_was_linked_while_muted_is_not_told_later(told: Database) -> None:
    told.execute("UPDATE stories SET state = 'muted'")
    come(told, HEADLINES[0])
    told.execute("UPDATE stories SET state = 'open'")
    come(told, HEADLINES[0] + " deal", HEADLINES[1], now=NOW + HOUR)
    assert len(queued(told)) == 1


def test_a_mute_that_has_run_out_mutes_nothing(told: Database) -> None:
    until = int((NOW - HOUR).timestamp())
    told.execute("UPDATE stories SET state = 'muted', muted_until = ?", (until,))
    come(told, HEADLINES[0])
    assert len(queued(told)) == 1


@pytest.mark.parametrize(("hours", "count"), [(47, 1), (49, 0)])
def test_a_report_older_than_two_days_is_not_told(told: Database, hours: int, count: int) -> None:
    bring(told, HEADLINES[0], at=NOW - hours * HOUR)
    link(told)
    assert len(queued(told)) == count


def test_a_feeds_first_harvest_is_not_told(told: Database) -> None:
    (number,) = bring(told, HEADLINES[0], at=NOW - HOUR)
    told.execute("INSERT INTO first_harvest VALUES (?)", (number,))
    link(told)
    assert told.execute("SELECT count(*) FROM links WHERE item_id = ?", (number,)).fetchone()[0]
    assert queued(told) == []


def test_news_beside_a_first_harvest_that_a_backfill_takes_up_is_told(
    db: Database, tmp_path: Path
) -> None:
    feed(db)
    feed(db, "Herald", feed_id=2)
    target(db, tmp_path, "exec", "true")
    use_case.follow(db, "TikTok acquisition", NOW)
    past = bring(db, *HEADLINES[1:5], at=NOW - 9 * HOUR, feed=2)
    db.executemany("INSERT INTO first_harvest VALUES (?)", ((number,) for number in past))
    (news,) = bring(db, HEADLINES[0], at=NOW - HOUR)
    link(db)
    assert db.execute("SELECT count(*) FROM links").fetchone()[0] == 5
    assert db.execute("SELECT item_id FROM alerts").fetchall() == [(news,)]


@pytest.mark.parametrize("what", ["rematch", "edit", "reopen"])
def test_what_a_backfill_links_is_not_told(told: Database, what: str) -> None:
    story = stories.find(told, "tiktok-acquisition", NOW)
    told.execute("UPDATE stories SET state = 'closed'")
    told.execute("UPDATE meta SET value = value + 1 WHERE key = 'stories_version'")
    come(told, *HEADLINES[:3])
    before = told.execute("SELECT count(*) FROM links").fetchone()[0]
    told.execute("UPDATE stories SET state = 'open'")
    if what == "rematch":
        use_case.rematch(told, NOW, lambda _done, _total: None)
    elif what == "edit":
        use_case.edit(told, story, NOW, query="TikTok acquisition deal")
    else:
        told.execute("UPDATE stories SET state = 'closed'")
        closed = stories.find(told, story.slug, NOW)
        use_case.reopen(told, closed, NOW)
    assert told.execute("SELECT count(*) FROM links").fetchone()[0] > before
    assert queued(told) == []


def test_a_report_of_something_else_with_the_name_is_not_told(told: Database) -> None:
    come(told, "TikTok dances fill the square of Cannes")
    assert queued(told) == []


def test_what_the_user_accepts_is_not_told(told: Database) -> None:
    (number,) = come(told, "ByteDance opens a school")
    story = stories.find(told, "tiktok-acquisition", NOW)
    feedback.decide(told, story, items.load(told, [number]), Status.ACCEPTED, NOW)
    assert queued(told) == []


def test_over_the_cap_the_rest_is_one_message(told: Database) -> None:
    come(told, *HEADLINES[:6])
    assert [row[0] for row in queued(told)] == ["alert", "alert", "alert", "more"]
    assert told.execute("SELECT count(*) FROM alerts").fetchone() == (6,)


def test_the_cap_counts_all_parts_of_a_poll(told: Database) -> None:
    for headline in HEADLINES[:5]:
        come(told, headline)
    assert [row[0] for row in queued(told)] == ["alert", "alert", "alert", "more"]


def test_the_next_poll_may_tell_as_many_again(told: Database) -> None:
    come(told, *HEADLINES[:3])
    come(told, *HEADLINES[3:6], now=NOW + HOUR)
    assert [row[0] for row in queued(told)] == ["alert"] * 6


def test_the_cap_is_that_of_the_settings(told: Database) -> None:
    limits.keep(told, AlertLimits(cap=1))
    come(told, *HEADLINES[:3])
    assert [row[0] for row in queued(told)] == ["alert", "more"]


def test_a_target_of_one_story_is_told_nothing_of_others(told: Database, tmp_path: Path) -> None:
    story = use_case.follow(told, "Nokia layoffs", NOW).story
    target(told, tmp_path, "exec", "true", name="nokia", stories=[story.slug])
    come(told, HEADLINES[0], "Nokia layoffs hit 600 workers in Oulu")
    assert sorted(row[2] for row in queued(told)) == ["nokia", "t", "t"]


def test_a_target_whose_story_is_removed_is_told_nothing(told: Database, tmp_path: Path) -> None:
    story = use_case.follow(told, "Nokia layoffs", NOW).story
    target(told, tmp_path, "exec", "true", name="nokia", stories=[story.slug])
    stories.remove(told, story.id)
    come(told, HEADLINES[0])
    assert [row[2] for row in queued(told)] == ["t"]


def test_only_reports_in_the_languages_of_the_settings_are_told(told: Database) -> None:
    limits.keep(told, AlertLimits(languages=("en",)))
    come(told, "Oracle gewinnt den Zuschlag: TikTok-Übernahme in den USA", language="de")
    assert queued(told) == []
    come(told, HEADLINES[0], now=NOW + HOUR)
    assert len(queued(told)) == 1


def test_a_development_is_told_once_though_its_number_changes(told: Database) -> None:
    (first,) = come(told, HEADLINES[0])
    # As when an item that was published earlier takes the lead.
    told.execute("UPDATE links SET event = 4711 WHERE item_id = ?", (first,))
    (second,) = bring(told, HEADLINES[0] + " deal", at=NOW)
    link(told, NOW + HOUR)
    assert told.execute("SELECT event FROM links WHERE item_id = ?", (second,)).fetchone() == (
        4711,
    )
    assert len(queued(told)) == 1


def test_without_a_target_nothing_is_queued(db: Database) -> None:
    followed(db)
    come(db, HEADLINES[0])
    assert db.execute("SELECT count(*) FROM alerts").fetchone() == (0,)


def test_a_first_harvest_that_is_scored_like_news_is_not_told(told: Database) -> None:
    come(told, *HEADLINES[:4])
    feed(told, "Herald", feed_id=2)
    (number,) = bring(told, HEADLINES[5], at=NOW - HOUR, feed=2)
    told.execute("INSERT INTO first_harvest VALUES (?)", (number,))
    before = len(queued(told))
    link(told, NOW + HOUR)
    (status,) = told.execute("SELECT status FROM links WHERE item_id = ?", (number,)).fetchone()
    assert status == "linked"
    assert len(queued(told)) == before


@pytest.mark.parametrize(("status", "count"), [("accepted", 0), ("maybe", 1), ("rejected", 1)])
def test_a_development_is_known_by_its_sure_reports_alone(
    told: Database, status: str, count: int
) -> None:
    (first,) = come(told, HEADLINES[0])
    told.execute("DELETE FROM alerts")
    told.execute("DELETE FROM messages")
    told.execute("UPDATE links SET status = ? WHERE item_id = ?", (status, first))
    (second,) = bring(told, HEADLINES[0] + " deal", at=NOW)
    with told.transaction():
        told.execute("DELETE FROM queue")
        told.execute(
            "INSERT INTO links (story_id, item_id, status, score, reasons, event, published,"
            " linked, arrival) SELECT story_id, ?1, 'linked', score, reasons, event,"
            " published, linked, 99 FROM links WHERE item_id = ?2",
            (second, first),
        )
        due.add(told, due.Arrived(99, [1]), AlertLimits(), NOW)
    assert len(queued(told)) == count


def test_a_development_whose_report_was_rejected_is_not_told_a_second_time(told: Database) -> None:
    (first,) = come(told, HEADLINES[0])
    (event,) = told.execute("SELECT event FROM links WHERE item_id = ?", (first,)).fetchone()
    told.execute("UPDATE links SET status = 'rejected' WHERE item_id = ?", (first,))
    (second,) = come(told, HEADLINES[5], now=NOW + HOUR)
    assert len(queued(told)) == 2
    told.execute("UPDATE links SET event = ?, arrival = 99 WHERE item_id = ?", (event, second))
    with told.transaction():
        due.add(told, due.Arrived(99, [1]), AlertLimits(), NOW + HOUR)
    assert len(queued(told)) == 2


def test_a_report_of_unknown_language_is_told(told: Database) -> None:
    limits.keep(told, AlertLimits(languages=("fr",)))
    (number,) = come(told, HEADLINES[0])
    assert queued(told) == []
    told.execute("UPDATE items SET language = NULL WHERE id = ?", (number,))
    (arrival,) = told.execute("SELECT arrival FROM links WHERE item_id = ?", (number,)).fetchone()
    with told.transaction():
        due.add(told, due.Arrived(arrival, [1]), limits.stored(told), NOW)
    assert len(queued(told)) == 1


def test_a_replacement_in_the_same_poll_is_none_of_the_alerts_under_the_cap(
    told: Database,
) -> None:
    limits.keep(told, AlertLimits(cap=1))
    come(told, HEADLINES[0])
    told.execute("UPDATE targets SET replaces = 1")
    told.execute("UPDATE messages SET state = 'sent', settled = ?", (int(NOW.timestamp()),))
    for title in (f"{HEADLINES[0]} deal", HEADLINES[1], HEADLINES[2]):
        come(told, title, now=NOW + HOUR)
    assert [row[0] for row in queued(told)] == ["alert", "update", "alert", "more"]
