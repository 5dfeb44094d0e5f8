"""Purging: what goes, what stays, and that what went does not come back as new."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from making import NOON, bring
from publishing import Publisher, Reply

from tracker.errors import BusyError, DatabaseError, NotFoundError
from tracker.model.care import Purge
from tracker.model.core import Status
from tracker.model.polling import (
    Changed,
    Document,
    Entry,
    FeedSource,
    FirstAnswer,
    NextPoll,
    Transfer,
)
from tracker.services import feedback
from tracker.services.care import retention
from tracker.services.care.doctor import diagnose
from tracker.services.follow import follow
from tracker.services.poll import poll
from tracker.store.archive import items, queue, tombstones
from tracker.store.care import purging
from tracker.store.database import Database, connect, only_one, opened
from tracker.store.following import decisions, links
from tracker.store.polling import feeds, first_answers

ROOT = Path(__file__).parent.parent
DAY = timedelta(days=1)
CUTOFF = NOON - 90 * DAY
OLD = NOON - 400 * DAY


def store(db: Database, *titles: str, at: datetime = OLD) -> list[int]:
    """Store and index items of feed 1, which is made where need be."""
    if not db.execute("SELECT 1 FROM feeds").fetchone():
        feeds.take_in(db, [FeedSource("https://a.example/feed", "A")], {}, "digest")
    ids = bring(db, *titles, at=at)
    queue.index(db, ids)
    db.execute("UPDATE feeds SET items = items + ? WHERE id = 1", (len(ids),))
    return ids


def filled(db: Database, *, newest: int = 30) -> None:
    """Store so many recent items that none of the older ones is among a feed's newest."""
    store(db, *(f"Recent {n}" for n in range(newest)), at=NOON - DAY)


def ids_of(db: Database) -> set[int]:
    return {row[0] for row in db.execute("SELECT id FROM items")}


# --- what goes and what stays ---------------------------------------------------------------------


def test_old_items_of_no_story_go_with_their_rows_in_the_index(db: Database) -> None:
    old = store(db, "Rain in Quuxland", "CO₂ in Quuxland")
    filled(db)
    done = retention.purge(db, CUTOFF, NOON)
    assert (done.items, done.by_feed, done.kept) == (2, (("A", 2),), 0)
    assert not ids_of(db) & set(old)
    assert [len(items.candidates(db, word)) for word in ("quuxland", "co2", "recent")] == [0, 0, 30]
    assert items.total(db) == 30
    assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    assert db.execute("SELECT count(*) FROM items_fts_docsize").fetchone() == (30,)
    assert db.execute("SELECT * FROM plain_letters").fetchall() == []


def test_a_preview_changes_nothing(db: Database) -> None:
    store(db, "Rain in Quuxland")
    filled(db)
    before = db.total_changes
    assert retention.preview(db, CUTOFF).items == 1
    assert db.total_changes == before


def test_what_is_dated_long_ago_but_was_stored_lately_stays(db: Database) -> None:
    old = store(db, "Rain in Quuxland", "Snow in Quuxland")
    filled(db)
    db.execute("UPDATE items SET first_seen = ? WHERE id = ?", (int(NOON.timestamp()), old[0]))
    retention.purge(db, CUTOFF, NOON)
    assert ids_of(db) & set(old) == {old[0]}


def test_what_a_story_has_doubts_or_rejected_stays(db: Database) -> None:
    ids = store(db, "Quuxland snow falls", "Snow in Quuxland", "Quuxland", "Other rain")
    filled(db)
    story = follow(db, "Quuxland snow", NOON).story
    linked = links.item_ids(db, story.id)
    assert len(linked) >= 2
    feedback.decide(db, story, [items.find(db, str(ids[2]))], Status.ACCEPTED, NOON)
    feedback.decide(db, story, [items.find(db, str(ids[0]))], Status.REJECTED, NOON)
    retention.purge(db, CUTOFF, NOON)
    assert ids_of(db) & set(ids) == set(ids[:3])


def test_the_first_item_of_an_event_stays_though_no_story_has_it_any_more(db: Database) -> None:
    first, second, other = store(db, "Snow falls", "Snow falls again", "Rain")
    filled(db)
    story = follow(db, "Quuxland", NOON).story
    db.execute(
        "INSERT INTO links (story_id, item_id, status, score, reasons, event, published,"
        " linked, arrival) VALUES (?, ?, 'linked', 1, '[]', ?, 0, 0, 1)",
        (story.id, second, first),
    )
    retention.purge(db, CUTOFF, NOON)
    assert ids_of(db) & {first, second, other} == {first, second}


def test_what_an_undo_brings_back_stays(db: Database) -> None:
    doubtful, named = store(db, "Unrelated rain", "Quuxland snow falls")
    filled(db)
    story = follow(db, "Quuxland snow", NOON).story
    db.execute(
        "INSERT INTO links (story_id, item_id, status, score, reasons, event, published,"
        " linked, arrival) VALUES (?, ?2, 'maybe', 0.3, '[]', ?2, 0, 0, 1)",
        (story.id, doubtful),
    )
    before = links.of_items(db, [doubtful, named])
    state = decisions.state(db, story.id)
    with db.transaction():  # a decision that lets go of a doubtful report
        db.execute("DELETE FROM links WHERE item_id = ?", (doubtful,))
        links.drop(db, [(story.id, named)])
        decisions.add(db, (story.id, named, Status.REJECTED, Status.LINKED), state, NOON)
    retention.purge(db, CUTOFF, NOON)
    feedback.undo(db, NOON)
    assert links.of_items(db, [doubtful, named]) == before


def test_what_still_waits_to_be_linked_stays(db: Database) -> None:
    store(db, "Rain")
    (waiting,) = bring(db, "Waits", at=OLD)
    filled(db)
    retention.purge(db, CUTOFF, NOON)
    assert waiting in ids_of(db)


def test_answers_in_which_feeds_were_found_go_when_they_are_of_no_more_use(db: Database) -> None:
    store(db, "Rain")
    answer = FirstAnswer("https://a.example/feed", 200, (), b"<rss/>", 0.1)
    first_answers.keep(db, {"https://old.example/feed": answer}, NOON - 2 * DAY)
    first_answers.keep(db, {"https://new.example/feed": answer}, NOON)
    retention.preview(db, CUTOFF)
    assert db.execute("SELECT count(*) FROM first_answers").fetchone() == (2,)
    retention.purge(db, CUTOFF, NOON)
    kept = db.execute("SELECT url FROM first_answers").fetchall()
    assert kept == [("https://new.example/feed",)]


def test_all_that_refers_to_an_item_goes_with_it_and_nothing_else(db: Database) -> None:
    store(db, "First")
    story = follow(db, "Quuxland snow", NOON).story
    old, sister = store(db, "Rain", "Hail")
    (recent,) = store(db, "Recent", at=NOON - DAY)
    filled(db)
    for values in (
        "revisions (item_id, title, replaced) VALUES (?, 'Before', 0)",
        "matched_before VALUES (?, 'Before', '', '')",
        "first_harvest VALUES (?)",
        f"backfill_news VALUES ({story.id}, ?)",
    ):
        db.executemany(f"INSERT INTO {values}", [(old,), (recent,)])
    db.execute("UPDATE items SET article = ? WHERE id = ?", (old, recent))
    purging.purge(db, CUTOFF)
    assert not ids_of(db) & {old, sister}
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    for table in ("revisions", "matched_before", "first_harvest", "backfill_news"):
        assert db.execute(f"SELECT item_id FROM {table}").fetchall() == [(recent,)]  # noqa: S608 - one of these
    assert db.execute("SELECT article FROM items WHERE id = ?", (recent,)).fetchone() == (None,)


def test_the_newest_item_keeps_its_number(db: Database) -> None:
    filled(db)
    (last,) = store(db, "Old, but stored last")
    db.execute("UPDATE feeds SET document_entries = x'', entry_hashes = x''")
    retention.purge(db, CUTOFF, NOON)
    assert max(ids_of(db)) == last


def test_a_purge_goes_on_where_an_earlier_one_ended(db: Database) -> None:
    store(db, *(f"Rain {n}" for n in range(50)))
    filled(db)
    assert purging.purge(db, CUTOFF, most=20).items == 20
    assert purging.purge(db, CUTOFF, most=100).items == 30
    assert purging.purge(db, CUTOFF).items == 0


def test_what_a_story_takes_up_meanwhile_stays(db: Database) -> None:
    ids = store(db, *(f"Rain {n}" for n in range(15)))
    filled(db)

    def take_up(done: int, total: int) -> None:
        del total
        if done == 10:
            db.execute(
                "INSERT INTO stories (id, slug, title, query, created) VALUES (1, 'q', 'q', 'q', 0)"
            )
            db.execute(
                "INSERT INTO links (story_id, item_id, status, score, reasons, event,"
                " published, linked, arrival) VALUES (1, ?1, 'linked', 1, '[]', ?1, 0, 0, 1)",
                (ids[-1],),
            )

    done = purging.purge(db, CUTOFF, at_once=10, progress=take_up)
    assert done.items == len(ids) - 1
    assert ids[-1] in ids_of(db)


def test_a_purge_waits_for_no_poll_and_no_poll_for_a_purge(db: Database) -> None:
    store(db, "Rain")
    with only_one(db.path), pytest.raises(BusyError):
        retention.purge(db, CUTOFF, NOON)


def test_others_write_between_two_batches(db: Database) -> None:
    store(db, *(f"Rain {n}" for n in range(20)))
    filled(db)
    other = connect(db.path, timeout=0)
    wrote = []

    def write(done: int, total: int) -> None:
        del total
        other.execute("INSERT OR REPLACE INTO meta VALUES ('other', ?)", (str(done),))
        wrote.append(done)

    purging.purge(db, CUTOFF, at_once=10, progress=write)
    other.close()
    assert wrote == [10, 20]


def test_others_write_while_the_next_batch_is_read(db: Database) -> None:
    store(db, *(f"Rain {n}" for n in range(20)))
    filled(db)
    other = connect(db.path, timeout=0)
    wrote = []

    def write(statement: str) -> None:
        if statement.startswith("SELECT id, feed_id, entry_id, url"):
            other.execute("INSERT OR REPLACE INTO meta VALUES ('other', '')")
            wrote.append(statement)

    db.set_trace_callback(write)
    purging.purge(db, CUTOFF, at_once=10)
    other.close()
    assert len(wrote) == 2


def test_a_purge_leaves_the_connection_as_it_was_and_an_empty_log(db: Database) -> None:
    store(db, *(f"Rain {n}" for n in range(50)))
    filled(db)
    names = ("cache_size", "wal_autocheckpoint", "secure_delete", "foreign_keys", "synchronous")
    before = [db.execute(f"PRAGMA {name}").fetchone() for name in names]
    assert purging.purge(db, CUTOFF).items == 50
    assert [db.execute(f"PRAGMA {name}").fetchone() for name in names] == before
    assert db.path.with_name("t.db-wal").stat().st_size == 0


@pytest.mark.parametrize(("old", "merged"), [(2, False), (50, True)])
def test_the_index_is_merged_after_a_large_purge_alone(
    db: Database, old: int, *, merged: bool
) -> None:
    store(db, *(f"Rain {n}" for n in range(old)))
    filled(db)
    purging.purge(db, CUTOFF)
    (pieces,) = db.execute("SELECT count(DISTINCT segid) FROM items_fts_idx").fetchone()
    assert (pieces == 1) is merged


def test_the_file_is_smaller_after_it_was_shrunk(db: Database) -> None:
    store(db, *(f"Rain {n} " + "and much more of it " * 50 for n in range(2_000)))
    filled(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = db.path.stat().st_size
    done = retention.purge(db, CUTOFF, NOON, shrink=True)
    assert done.freed_in_bytes is not None
    assert db.path.stat().st_size < before / 2
    assert len(items.candidates(db, "recent")) == 30
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# --- what a feed still lists, and what comes back -------------------------------------------------


class Feed:
    """A feed on loopback whose entries can be changed between polls."""

    def __init__(self, publisher: Publisher, folder: Path, *, with_dates: bool = True) -> None:
        self.publisher = publisher
        self.yaml = folder / "feeds.yaml"
        self.yaml.write_text(f"feeds:\n  - url: {publisher.url('/a')}\n", "utf-8")
        self.with_dates = with_dates

    def publish(self, numbers: list[int], *, views: int = 0, ids: str = "g") -> None:
        rows = "".join(
            f"<item><title>Snow {n} in Quuxland</title><guid isPermaLink='false'>{ids}{n}</guid>"
            f"<link>https://a.example/{n}</link>"
            + (f"<pubDate>{format_datetime(OLD)}</pubDate>" if self.with_dates else "")
            + f"<x:views xmlns:x='urn:x'>{views}</x:views></item>"
            for n in numbers
        )
        self.publisher.routes["/a"] = (
            f"<rss version='2.0'><channel><title>A</title>{rows}</channel></rss>".encode()
        )

    def poll(self, db: Database, at: datetime = NOON) -> tuple[int, int]:
        report = poll(db, self.yaml, at, force=True)
        assert report.failed == 0
        return report.new_items, report.new_links


@pytest.fixture
def feed(publisher: Publisher, tmp_path: Path) -> Feed:
    return Feed(publisher, tmp_path)


@pytest.mark.parametrize("views", [0, 1])
def test_what_the_latest_document_lists_stays(db: Database, feed: Feed, views: int) -> None:
    feed.publish([1, 2, *range(10, 40)])
    feed.poll(db, OLD)
    feed.publish([1, *range(30, 60)], views=views)
    feed.poll(db, OLD + DAY)
    purging.purge(db, CUTOFF)
    kept = {row[0] for row in db.execute("SELECT entry_id FROM items")}
    assert {f"g{n}" for n in (1, *range(30, 60))} <= kept
    assert "g2" not in kept
    assert len(kept) <= 32


def test_a_document_that_is_known_in_part_keeps_as_many_of_the_newest_items_as_it_lists(
    db: Database, feed: Feed
) -> None:
    feed.publish([*range(1, 41)])
    feed.poll(db, OLD)
    db.execute("UPDATE feeds SET document_entries = NULL")  # as earlier versions leave it
    feed.publish([*range(1, 42)])
    feed.poll(db, OLD + DAY)
    purging.purge(db, CUTOFF)
    assert db.execute("SELECT count(*) FROM items").fetchone() == (41,)


@pytest.mark.parametrize("with_dates", [True, False])
@pytest.mark.parametrize("ids", ["g", "other"])
def test_what_was_purged_does_not_come_back_as_new(
    db: Database, publisher: Publisher, tmp_path: Path, ids: str, *, with_dates: bool
) -> None:
    feed = Feed(publisher, tmp_path, with_dates=with_dates)
    feed.publish(list(range(1, 40)))
    assert feed.poll(db, OLD)[0] == 39
    feed.publish(list(range(100, 140)))
    assert feed.poll(db, OLD + DAY)[0] == 40
    assert purging.purge(db, CUTOFF).items == 39
    story = follow(db, "Quuxland snow", NOON).story
    known = links.item_ids(db, story.id)
    feed.publish([1, 2, 3, *range(100, 140)], views=7, ids=ids)
    new, linked = feed.poll(db)
    assert (new, linked) == (0, 0)
    assert links.item_ids(db, story.id) == known


def test_a_feed_of_which_all_was_purged_is_no_new_feed(db: Database, feed: Feed) -> None:
    feed.publish([1])
    feed.poll(db, OLD)
    db.execute("DELETE FROM first_harvest")
    with db.transaction():
        tombstones.add(db, [(1, tombstones.of_id("g1"))])
        db.execute("DELETE FROM items")
    feed.publish([1, 2], views=2)
    follow(db, "Quuxland snow", NOON - DAY)
    assert feed.poll(db)[0] == 1
    assert db.execute("SELECT entry_id FROM items").fetchall() == [("g2",)]


def test_a_document_that_cannot_be_taken_apart_is_known_as_well(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    listed = tmp_path / "feeds.yaml"
    listed.write_text(f"feeds:\n  - url: {publisher.url('/j')}\n", "utf-8")

    def serve(numbers: range) -> None:
        entries = [
            {"id": f"j{n}", "title": f"Snow {n}", "date_published": OLD.isoformat()}
            for n in numbers
        ]
        body = json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": entries}
        )
        publisher.routes["/j"] = Reply(
            200, body.encode(), {"Content-Type": "application/feed+json"}
        )

    serve(range(60))
    poll(db, listed, OLD, force=True)
    serve(range(40, 60))
    poll(db, listed, OLD + DAY, force=True)
    purging.purge(db, CUTOFF)
    kept = {row[0] for row in db.execute("SELECT entry_id FROM items")}
    # j0 has the highest number, which must not be given again.
    assert kept == {"j0", *(f"j{n}" for n in range(40, 60))}


def test_a_poll_purges_by_the_setting_once_a_day(db: Database, feed: Feed) -> None:
    feed.publish(list(range(1, 40)))
    feed.poll(db, OLD)
    feed.publish(list(range(100, 140)))
    feed.poll(db, NOON)
    assert len(ids_of(db)) == 79
    text = feed.yaml.read_text("utf-8")
    feed.yaml.write_text(f"{text}settings:\n  retention_in_days: 90\n", "utf-8")
    feed.poll(db, NOON + DAY / 24)
    assert len(ids_of(db)) == 40
    db.execute("UPDATE items SET published = 0, first_seen = 0")
    db.execute("UPDATE feeds SET document_entries = NULL, entry_hashes = x''")
    poll(db, feed.yaml, NOON + DAY / 12)
    assert len(ids_of(db)) == 40
    poll(db, feed.yaml, NOON + 2 * DAY, overrides={"retention_in_days": 0})
    assert len(ids_of(db)) == 40
    poll(db, feed.yaml, NOON + 2 * DAY)
    assert len(ids_of(db)) == 20


def test_a_database_from_which_was_purged_is_healthy(db: Database) -> None:
    old = store(db, *(f"CO₂ {n}" for n in range(30)))
    filled(db)
    with db.transaction():
        db.execute(
            "INSERT INTO revisions (item_id, title, replaced) VALUES (?, 'Before', 0)", (old[0],)
        )
    retention.purge(db, CUTOFF, NOON, shrink=True)
    db.path.with_name("feeds.yaml").write_text("feeds:\n- url: https://a.example/feed\n", "utf-8")
    found = diagnose(db.path, db.path.with_name("feeds.yaml"), NOON, environ={}).findings
    assert [each.name for each in found] == ["polls"]
    with pytest.raises(NotFoundError):
        items.find(db, str(old[0]))


def test_nothing_is_purged_of_an_empty_database(db: Database) -> None:
    assert retention.purge(db, CUTOFF, NOON) == Purge(CUTOFF, 0, (), 0, 0)


# --- the command ----------------------------------------------------------------------------------


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    own = {"HOME": str(folder), "TRACKER_DB": "t.db", "TRACKER_FEEDS": "feeds.yaml"}
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=kept | own | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | more,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with opened(tmp_path / "t.db") as db:
        store(db, "Rain", "Snow")
        filled(db)
    return tmp_path


def count(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "t.db")) as db:
        return int(db.execute("SELECT count(*) FROM items").fetchone()[0])


def test_without_yes_it_only_says_what_it_would_do(archive: Path) -> None:
    done = run(archive, "purge", "--older-than", "90d")
    assert (done.returncode, done.stderr, count(archive)) == (0, "", 32)
    assert done.stdout.startswith("Would remove ")
    words = done.stdout.splitlines()[-1].removesuffix(" removes them.").split()
    assert words == "tracker purge --older-than 90d --yes".split()
    done = run(archive, *words[1:])
    assert (done.returncode, done.stderr) == (0, "")
    assert "Removed" in done.stdout
    assert count(archive) < 32


def test_an_age_is_needed_once(archive: Path) -> None:
    done = run(archive, "purge")
    assert done.returncode == 2
    assert "--older-than 90d" in done.stderr
    done = run(archive, "purge", "--json", TRACKER_RETENTION_IN_DAYS="90")
    told = json.loads(done.stdout)
    assert (told["done"], told["items"] > 0, count(archive)) == (False, True, 32)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["cutoff"])


@pytest.mark.parametrize("age", ["in 3 days", "soon", "-5d", ""])
def test_an_age_that_is_none_is_refused_with_one_that_is(archive: Path, age: str) -> None:
    done = run(archive, "purge", "--older-than", age)
    assert done.returncode == 2
    assert f"--older-than {age!r}" in done.stderr
    assert "write an age such as 90d" in done.stderr


def test_after_a_clock_that_was_ahead_the_setting_purges_again(db: Database) -> None:
    filled(db)
    for now in (NOON + 5 * DAY, NOON):
        store(db, "Old", at=OLD)
        filled(db)
        assert retention.apply(db, 90, now) == 1
    store(db, "Old", at=OLD)
    filled(db)
    assert retention.apply(db, 90, NOON + DAY / 2) == 0


def test_what_one_poll_cannot_purge_the_next_one_does(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_MOST", 2)
    store(db, *(f"Old {n}" for n in range(3)))
    filled(db)
    assert [retention.apply(db, 90, NOON) for _ in range(3)] == [2, 1, 0]


def test_a_feed_of_which_all_was_purged_has_no_second_first_harvest(db: Database) -> None:
    both = [FeedSource(f"https://{name}.example/feed", name) for name in "ab"]
    feeds.take_in(db, both, {}, "digest")
    store(db, *(f"Old {n}" for n in range(25)))
    bring(db, "Another feed", feed=2)
    retention.purge(db, CUTOFF, NOON)
    db.execute("DELETE FROM items WHERE feed_id = 1")  # those that a feed's newest are, too
    db.execute("DELETE FROM first_harvest")
    (state,) = feeds.due(db, NOON, force=True, among={1})
    entries = (Entry("new", "https://a.example/new", "New", "", published=NOON),)
    outcome = Changed(state, Transfer(200, 0.1), Document(None, None, "en", entries), b"", b"")
    feeds.record(db, outcome, NextPoll(NOON, ""), NOON)
    assert db.execute("SELECT count(*) FROM items WHERE feed_id = 1").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM first_harvest").fetchone() == (0,)


def test_a_disk_without_room_for_two_copies_is_said(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = db.path.stat().st_size
    usage = shutil.disk_usage(db.path.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=2 * size - 1))
    with pytest.raises(DatabaseError, match=r"takes \d+ MiB, more than the disk has"):
        purging.shrink(db)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=2 * size))
    assert purging.shrink(db) >= 0
