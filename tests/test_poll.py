"""Polls as a user has them: a real HTTP server, a real feeds.yaml, a real database."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from urllib.request import urlopen

import pytest
from publishing import Publisher

from tracker.errors import BusyError, ConfigError, DatabaseError, NotFoundError
from tracker.model.core import Item, Link, Status, Story
from tracker.model.polling import PollReport
from tracker.services import feedback, follow
from tracker.services.linking import Linker
from tracker.services.poll import Progress, poll
from tracker.settings import MAIN_SECTION, SETTINGS
from tracker.store.archive import items, queue
from tracker.store.database import Database, connect, only_one
from tracker.store.following import links, stories, timelines
from tracker.store.polling import feeds, polls

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared"


def document(*titles: str, start: int = 0) -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><link>https://a.example/{n}</link><guid>g{n}</guid>"
        f"<pubDate>{NOW - timedelta(hours=n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n, title in enumerate(titles, start)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The A Times</title>'
        f"<language>en</language>{entries}</channel></rss>"
    ).encode()


def listed(tmp_path: Path, publisher: Publisher, *paths: str) -> Path:
    path = tmp_path / "feeds.yaml"
    rows = "".join(f"  - url: {publisher.url(each)}\n" for each in paths)
    path.write_text(f"feeds:\n{rows}", "utf-8")
    return path


def polled(db: Database, feeds_yaml: Path, now: datetime = NOW) -> PollReport:
    return poll(db, feeds_yaml, now, force=True)


def unheard(done: int, total: int) -> None:
    assert done <= total


def titles(db: Database, slug: str) -> list[str]:
    story = stories.find(db, slug, NOW)
    reports = timelines.timeline(db, story, timelines.Window(), NOW).reports
    return [report.link.item.title for report in reports]


def test_a_poll_stores_and_links_what_is_new(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok", "A new phone")
    follow.follow(db, "TikTok acquisition", NOW)
    report = polled(db, listed(tmp_path, publisher, "/a"))
    assert (report.feeds, report.changed, report.new_items, report.new_links) == (1, 1, 2, 1)
    assert titles(db, "tiktok-acquisition") == ["Oracle wins bid to buy TikTok"]


def test_what_a_feed_without_a_language_brings_is_told_by_all_of_it(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    body = document(
        "The government has agreed to build three new railway lines in the north",
        "Thousands of workers are on strike because of the new rules for pensions",
        "What we know about the storm that has been moving towards the coast",
        "Apple’s Errors",
    )
    publisher.routes["/a"] = body.replace(b"<language>en</language>", b"")
    polled(db, listed(tmp_path, publisher, "/a"))
    assert {row[0] for row in db.execute("SELECT language FROM items")} == {"en"}


def test_the_language_that_feeds_yaml_gives_a_feed_goes_before_its_own(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("Bonjour le monde")
    feeds_yaml = listed(tmp_path, publisher, "/a")
    feeds_yaml.write_text(f"{feeds_yaml.read_text('utf-8')}    language: fr\n", "utf-8")
    polled(db, feeds_yaml)
    assert db.execute("SELECT language FROM items").fetchall() == [("fr",)]


def test_a_second_poll_asks_with_validators_and_reads_nothing(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("One", "Two")
    feeds_yaml = listed(tmp_path, publisher, "/a")
    polled(db, feeds_yaml)
    report = polled(db, feeds_yaml)
    assert (report.not_modified, report.new_items, publisher.asked["/a"]) == (1, 0, 2)


def test_a_feed_that_fails_stops_no_other(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("One")
    publisher.routes["/page"] = b"<html><title>Moved</title></html>"
    report = polled(db, listed(tmp_path, publisher, "/broken", "/a", "/page"))
    assert report.new_items == 1
    assert {failure.url.rpartition("/")[2] for failure in report.failures} == {"broken", "page"}
    assert all(failure.reason for failure in report.failures)


def test_what_is_not_due_is_not_asked(db: Database, publisher: Publisher, tmp_path: Path) -> None:
    publisher.routes["/a"] = document("One")
    feeds_yaml = listed(tmp_path, publisher, "/a")
    poll(db, feeds_yaml, NOW)
    assert poll(db, feeds_yaml, NOW + timedelta(minutes=1)).feeds == 0
    assert poll(db, feeds_yaml, NOW + timedelta(days=2)).feeds == 1


def test_one_feed_can_be_polled_alone(db: Database, publisher: Publisher, tmp_path: Path) -> None:
    publisher.routes |= {"/a": document("One"), "/b": document("Two")}
    feeds_yaml = listed(tmp_path, publisher, "/a", "/b")
    assert poll(db, feeds_yaml, NOW, url=publisher.url("/b")).feeds == 1
    assert publisher.asked == {"/b": 1}


@pytest.mark.parametrize("end", [0, 1])
def test_a_poll_works_at_the_bounds_of_every_setting(
    db: Database, publisher: Publisher, tmp_path: Path, end: int
) -> None:
    publisher.routes["/a"] = document("One")
    feeds_yaml = listed(tmp_path, publisher, "/a", "/broken")
    settings = "".join(
        f"  {each.name}: {each.bounds[end]}\n"
        for each in SETTINGS
        if each.section == MAIN_SECTION and each.bounds
    )
    feeds_yaml.write_text(f"settings:\n{settings}{feeds_yaml.read_text('utf-8')}", "utf-8")
    report = polled(db, feeds_yaml)
    assert (report.changed, report.failed) == (1, 1)


def test_polling_a_feed_that_is_not_listed_asks_nothing(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a")
    with pytest.raises(NotFoundError):
        poll(db, feeds_yaml, NOW, url="https://other.example/")
    assert not publisher.asked


def test_a_broken_feeds_yaml_changes_nothing(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("One")
    feeds_yaml = listed(tmp_path, publisher, "/a")
    polled(db, feeds_yaml)
    feeds_yaml.write_text("feeds:\n  - url: 7\n", "utf-8")
    with pytest.raises(ConfigError):
        polled(db, feeds_yaml)
    assert len(feeds.due(db, NOW, force=True)) == 1


def test_an_edit_of_feeds_yaml_holds_from_the_next_poll(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes |= {"/a": document("One"), "/b": document("Two")}
    polled(db, listed(tmp_path, publisher, "/a"))
    assert polled(db, listed(tmp_path, publisher, "/b")).feeds == 1
    assert publisher.asked == {"/a": 1, "/b": 1}


def test_a_second_poll_steps_back_while_reading_goes_on(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a")
    follow.follow(db, "TikTok acquisition", NOW)
    with only_one(db.path):
        with pytest.raises(BusyError):
            polled(db, feeds_yaml)
        assert titles(db, "tiktok-acquisition") == []
    assert not publisher.asked
    polled(db, feeds_yaml)


def test_a_lock_that_is_no_lock_is_named_and_the_database_left_alone(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    lock = db.path.with_name(f"{db.path.name}-poll")
    lock.write_bytes(b"no database" * 100)
    with pytest.raises(DatabaseError, match=r"-poll: is damaged; delete it"):
        polled(db, listed(tmp_path, publisher, "/a"))
    lock.unlink()
    polled(db, listed(tmp_path, publisher, "/a"))


def test_a_poll_is_kept_in_the_history(db: Database, publisher: Publisher, tmp_path: Path) -> None:
    publisher.routes["/a"] = document("One")
    report = polled(db, listed(tmp_path, publisher, "/a", "/broken"))
    kept = polls.last(db)
    assert kept is not None
    assert (kept.feeds, kept.new_items, kept.failures) == (2, 1, report.failures)


def test_progress_is_told_for_every_feed_and_batch(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("One", "Two")
    seen: list[Progress] = []
    poll(db, listed(tmp_path, publisher, "/a", "/broken"), NOW, progress=seen.append)
    # A lull between the answers tells the same number again.
    assert [done for done, _ in groupby(state.done for state in seen)] == [0, 1, 2]
    assert (seen[-1].matched, seen[-1].to_match, seen[-1].failed) == (2, 2, 1)


def test_a_changed_headline_is_matched_again(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a")
    follow.follow(db, "TikTok acquisition", NOW)
    publisher.routes["/a"] = document("Oracle has news")
    polled(db, feeds_yaml)
    assert titles(db, "tiktok-acquisition") == []
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok")
    assert polled(db, feeds_yaml).new_items == 0
    assert titles(db, "tiktok-acquisition") == ["Oracle wins bid to buy TikTok"]


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_report_whose_headline_changed_is_explained_by_the_new_one(
    db: Database, publisher: Publisher, tmp_path: Path, state: str
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a")
    story = follow.follow(db, "Nokia layoffs", NOW).story
    publisher.routes["/a"] = document("Nokia layoffs hit Finland", "Nokia jobs talk")
    polled(db, feeds_yaml)
    assert len(titles(db, story.slug)) == 2
    stories.change(db, story.id, state=state)
    publisher.routes["/a"] = document("Weather is bad in Finland", "Nokia layoffs: 900 go")
    polled(db, feeds_yaml)
    found = {link.item.title: link for link in explained(db, story)}
    gone, surer = found["Weather is bad in Finland"], found["Nokia layoffs: 900 go"]
    assert (gone.status, surer.status) == (Status.LINKED, Status.LINKED)
    assert not any(reason.found for reason in gone.reasons)
    assert {reason.found for reason in surer.reasons} >= {"Nokia", "layoffs"}
    assert surer.score > gone.score
    for link in (gone, surer):
        assert sum(reason.worth for reason in link.reasons) == pytest.approx(link.score, abs=0.001)
        assert follow.why(db, story, link.item) == link


def explained(db: Database, story: Story) -> list[Link]:
    """Return the links of a story with their reasons."""
    found = (links.find(db, story.id, link.item.id) for link in links.of_story(db, story.id))
    return [link for link in found if link]


def test_a_report_that_was_rejected_stays_so_when_its_headline_changes(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a")
    story = follow.follow(db, "Nokia layoffs", NOW).story
    publisher.routes["/a"] = document("Nokia jobs talk")
    polled(db, feeds_yaml)
    (link,) = links.of_story(db, story.id)
    feedback.decide(db, story, [link.item], Status.REJECTED, NOW)
    publisher.routes["/a"] = document("Nokia layoffs: 900 go")
    polled(db, feeds_yaml)
    (link,) = explained(db, story)
    assert link.status is Status.REJECTED
    assert "layoffs" in {reason.found for reason in link.reasons}


def test_a_query_of_an_earlier_version_stops_no_story(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    old = follow.follow(db, "Oracle", NOW).story
    stories.change(db, old.id, query="Oracle OR source:Gazette")
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok")
    polled(db, listed(tmp_path, publisher, "/a"))
    assert titles(db, story.slug) == titles(db, old.slug) == ["Oracle wins bid to buy TikTok"]
    follow.rematch(db, NOW, unheard)
    assert follow.edit(db, stories.by_id(db, old.id, NOW), NOW, languages=["en"]).languages == (
        "en",
    )


def test_a_report_whose_words_change_is_counted_once(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a")
    story = follow.follow(db, "TikTok acquisition", NOW).story
    dull = [f"Teenager {number} dances on TikTok" for number in range(40)]
    learned = []
    for minute in range(6):
        publisher.routes["/a"] = document(f"Live: cooks try TikTok, minute {minute}", *dull)
        polled(db, feeds_yaml)
        profile = json.loads(stories.profile(db, story.id) or "")
        learned.append(profile["counted"])
    assert len(set(learned)) == 1


def test_of_many_reports_of_a_name_alone_none_is_linked(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    publisher.routes["/a"] = document(*(f"Teenager {n} dances on TikTok" for n in range(40)))
    polled(db, listed(tmp_path, publisher, "/a"))
    assert not links.of_story(db, story.id)


def test_a_report_that_comes_to_tell_of_a_story_is_learned_from_as_a_new_one(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a")
    story = follow.follow(db, "TikTok acquisition", NOW).story
    for title in ("Oracle near a big deal", "Oracle wins bid to buy TikTok"):
        publisher.routes["/a"] = document(title)
        polled(db, feeds_yaml)
    profile = json.loads(stories.profile(db, story.id) or "")
    assert profile["counted"] == 1
    assert db.execute("SELECT count(*) FROM matched_before").fetchone() == (0,)


@pytest.mark.parametrize("other", ["Oracle bids for TikTok", "Rain again"])
def test_a_doubtful_report_that_tells_of_something_else_by_now_goes(
    db: Database, publisher: Publisher, tmp_path: Path, other: str
) -> None:
    feeds_yaml = listed(tmp_path, publisher, "/a", "/b")
    story = follow.follow(db, "TikTok acquisition", NOW).story
    # One after the other: how rare a word is depends on what is stored when it is judged.
    for path, title in (("/a", "TikTok deadline looms"), ("/b", "Rain")):
        publisher.routes[path] = document(title)
        polled(db, feeds_yaml)
    assert links.of_story(db, story.id, statuses=(Status.MAYBE,))
    publisher.routes |= {
        "/a": document("Weather forecast for Washington"),
        "/b": document(other),
    }
    polled(db, feeds_yaml)
    assert not links.of_story(db, story.id, statuses=(Status.MAYBE,))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("O'Brien", "OʼBrien resigns"),
        ("IJmuiden staking", "Staking in Ĳmuiden"),
        ("Nokia layoffs", "Ｎｏｋｉａ layoffs"),
        ("Nokia layoffs", "Nokia™ layoffs"),
        ("1700", "Zorblax cuts 1,700 jobs"),
    ],
)
def test_a_story_followed_late_links_what_a_poll_does(
    db: Database, publisher: Publisher, tmp_path: Path, query: str, title: str
) -> None:
    early = follow.follow(db, query, NOW, slug="early").story
    publisher.routes["/a"] = document(title)
    polled(db, listed(tmp_path, publisher, "/a"))
    late = follow.follow(db, query, NOW, slug="late").story
    assert titles(db, early.slug) == titles(db, late.slug) == [title]


def test_a_story_followed_late_links_what_is_stored(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok", "A new phone")
    polled(db, listed(tmp_path, publisher, "/a"))
    assert follow.follow(db, "TikTok acquisition", NOW).preview.linked_count == 1


def test_a_story_followed_once_all_feeds_are_read_misses_nothing(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok")
    other = connect(db.path)

    def step(state: Progress) -> None:
        if state.done == state.total and not stories.slugs(other):
            follow.follow(other, "TikTok acquisition", NOW)

    poll(db, listed(tmp_path, publisher, "/a"), NOW, progress=step)
    other.close()
    assert titles(db, "tiktok-acquisition") == ["Oracle wins bid to buy TikTok"]


def test_a_closed_story_takes_up_no_more(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    stories.change(db, story.id, state="closed")
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok")
    assert polled(db, listed(tmp_path, publisher, "/a")).new_links == 0


def test_stories_of_which_nothing_is_kept_in_memory_are_linked_as_the_others(
    db: Database, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.services.registry.KEPT", 0)
    first = follow.follow(db, "TikTok acquisition", NOW).story
    second = follow.follow(db, "Arm sale", NOW).story
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok", "SoftBank sells Arm")
    assert polled(db, listed(tmp_path, publisher, "/a")).new_links == 2
    assert titles(db, first.slug) == ["Oracle wins bid to buy TikTok"]
    assert titles(db, second.slug) == ["SoftBank sells Arm"]


def test_an_interrupted_linking_goes_on_with_the_next_poll(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    follow.follow(db, "TikTok acquisition", NOW)
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok")
    feeds_yaml = listed(tmp_path, publisher, "/a")

    def interrupt(state: Progress) -> None:
        if state.done == 1 and not state.matched:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        poll(db, feeds_yaml, NOW, progress=interrupt)
    assert queue.ids(db) == [1]
    assert poll(db, feeds_yaml, NOW).new_links == 1
    assert publisher.asked == {"/a": 1}


def test_items_that_were_stored_are_linked_once(db: Database) -> None:
    linker = Linker(db, NOW, unheard)
    linker.link()
    assert linker.new_links == 0


def test_a_rejected_item_stays_out_after_edits_polls_and_a_rematch(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    feeds_yaml = listed(tmp_path, publisher, "/a")
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok")
    polled(db, feeds_yaml)
    rejected = items.load(db, [1])
    feedback.decide(db, story, rejected, Status.REJECTED, NOW)
    publisher.routes["/a"] = document("Oracle wins bid to buy TikTok, Microsoft loses")
    polled(db, feeds_yaml)
    follow.rematch(db, NOW, unheard)
    assert titles(db, story.slug) == []
    assert links.decided(db, story.id) == [(1, Status.REJECTED)]


def test_an_accepted_item_stays_in(db: Database, publisher: Publisher, tmp_path: Path) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    publisher.routes["/a"] = document("A new phone")
    feeds_yaml = listed(tmp_path, publisher, "/a")
    polled(db, feeds_yaml)
    accepted: list[Item] = items.load(db, [1])
    feedback.decide(db, story, accepted, Status.ACCEPTED, NOW)
    follow.rematch(db, NOW, unheard)
    assert titles(db, story.slug) == ["A new phone"]
    assert feedback.undo(db, NOW).now is None
    assert titles(db, story.slug) == []


def test_a_poll_that_is_killed_loses_nothing_and_asks_only_the_rest(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    paths = [f"/{n}" for n in range(40)]
    publisher.routes = {path: document(f"Headline of {path}") for path in paths}
    publisher.delay = 0.05
    feeds_yaml = listed(tmp_path, publisher, *paths)
    command = [sys.executable, "-m", "tracker", "poll", "--quiet"]
    environment = os.environ | {"TRACKER_DB": str(db.path), "TRACKER_FEEDS": str(feeds_yaml)}
    with subprocess.Popen(command, env=environment) as process:
        deadline = time.monotonic() + 30
        while not db.execute("SELECT count(*) FROM items").fetchone()[0]:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    stored = db.execute("SELECT count(*) FROM items").fetchone()[0]
    unfinished = {feed.source.url for feed in feeds.due(db, datetime.now(UTC))}
    assert 0 < stored < len(paths)
    assert len(unfinished) == len(paths) - stored
    publisher.asked.clear()
    publisher.delay = 0.0
    poll(db, feeds_yaml, datetime.now(UTC))
    assert {publisher.url(path) for path in publisher.asked} == unfinished
    assert db.execute("SELECT count(*) FROM items").fetchone()[0] == len(paths)
    assert queue.ids(db) == []
    db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('integrity-check', 1)")


def test_what_was_read_is_stored_while_a_slow_feed_is_waited_for(
    db: Database, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.routes = {"/fast": document("Quick"), "/slow": document("Slow")}
    publisher.held["/slow"] = threading.Event()
    feeds_yaml = listed(tmp_path, publisher, "/fast", "/slow")
    command = [sys.executable, "-m", "tracker", "poll", "--quiet"]
    environment = os.environ | {"TRACKER_DB": str(db.path), "TRACKER_FEEDS": str(feeds_yaml)}
    with subprocess.Popen(command, env=environment) as process:
        deadline = time.monotonic() + 15
        while not (stored := db.execute("SELECT title FROM items").fetchall()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        running = process.poll() is None
        publisher.held["/slow"].set()
    assert stored == [("Quick",)]
    assert running
    assert process.returncode == 0
    assert db.execute("SELECT count(*) FROM items").fetchone()[0] == 2


@pytest.fixture
def real_feeds() -> Iterator[str]:
    script = SHARED / "feeds" / "serve.py"
    if not script.exists():
        pytest.skip("the folder of real feeds is not here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, str(script), "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().removesuffix("/feeds.yaml\n")
        # It says where it will listen before it does.
        while process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", int(port))):
                break
        yield address
        process.kill()


@pytest.mark.long
@pytest.mark.repeats
@pytest.mark.timeout(300)
def test_real_feeds_are_stored_reported_and_followed_through_their_time(
    db: Database, tmp_path: Path, real_feeds: str
) -> None:
    feeds_yaml = tmp_path / "feeds.yaml"
    with urlopen(f"{real_feeds}/feeds.yaml") as answer:
        feeds_yaml.write_bytes(answer.read())
    first = polled(db, feeds_yaml)
    assert (first.feeds, first.failed) == (101, 3)
    empty = db.execute(
        "SELECT url, title, published FROM items WHERE title || summary = '' OR url = ''"
    ).fetchall()
    assert empty == []
    marked_up = "SELECT count(*) FROM items WHERE title || summary GLOB '*<[a-z]*>*'"
    assert db.execute(marked_up).fetchone()[0] < 20
    second = polled(db, feeds_yaml)
    assert (second.not_modified, second.failed) == (96, 3)
    for name, steps in (("technology", 208), ("home_uk", 90)):
        for _ in range(steps):
            poll(db, feeds_yaml, NOW, url=f"{real_feeds}/series/{name}")
    counts = dict(
        db.execute(
            "SELECT url, (SELECT count(*) FROM items WHERE feed_id = feeds.id) FROM feeds"
            " WHERE url LIKE '%/series/%'"
        ).fetchall()
    )
    assert {url.rpartition("/")[2]: count for url, count in counts.items()} == {
        "technology": 29,
        "home_uk": 123,
    }
    assert db.execute("SELECT count(*) FROM revisions").fetchone()[0] == 23
