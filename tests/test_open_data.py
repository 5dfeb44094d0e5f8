"""The views: their promised columns, the numbers of `--json`, and no secret in any."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import open_data
import pytest
import sqlite_utils
from homes import Home
from making import NOON, bring
from open_data import everything, rows
from sqlite_utils.migrations import Migrations

from tracker.model.core import Status
from tracker.model.polling import FeedSource
from tracker.services import feedback
from tracker.store.archive import articles, items
from tracker.store.database import Database, opened
from tracker.store.following import stories
from tracker.store.migrations import migrations
from tracker.store.polling import feeds, polls
from tracker.store.schema_views import VIEWS, m020_views
from tracker.views.json import poll

SLUG = "tiktok-acquisition"
# Columns may be added behind these, and none may go.
PROMISED = {
    "reports": "id published source title url summary author language feed stored copies",
    "story_reports": "story id published source title url language feed status score event linked"
    " new copies why",
    "developments": "story event first source title url id reports outlets last new",
    "changed_headlines": "id changed source was became title url published",
    "feed_health": "title url outlet language tags listed items items_in_stories newest"
    " last_polled last_ok last_new failures failing_since failure gone next_poll next_poll_why",
    "poll_log": "id started seconds feeds not_modified unchanged changed failed new_items"
    " new_links",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("archive")
    path = open_data.make(folder)
    with opened(path) as db:  # every status that there is
        story = stories.find(db, SLUG, NOON)
        for status, wanted in (("linked", Status.REJECTED), ("maybe", Status.ACCEPTED)):
            (item_id,) = db.execute(
                "SELECT min(item_id) FROM links WHERE status = ?", (status,)
            ).fetchone()
            feedback.decide(db, story, [items.find(db, str(item_id))], wanted, NOON)
    return Home(folder)


def told(home: Home, *words: str) -> Any:
    return json.loads(home.ok(*words, "--json"))


@pytest.fixture(scope="module")
def timeline(home: Home) -> list[dict[str, Any]]:
    shown = told(home, "timeline", SLUG, "--peek", "--maybe", "--limit", "0")
    reports: list[dict[str, Any]] = shown["items"]
    return reports


def sure(timeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in timeline if each["status"] != "maybe"]


# --- the promise ----------------------------------------------------------------------------------


@pytest.mark.parametrize("view", PROMISED)
def test_a_view_has_the_promised_columns_in_their_order(db: Database, view: str) -> None:
    found = [row[1] for row in db.execute(f"PRAGMA table_info({view})")]
    assert found[: len(PROMISED[view].split())] == PROMISED[view].split()


def test_every_view_is_promised() -> None:
    assert VIEWS.keys() == PROMISED.keys()


def test_an_empty_database_has_empty_views(db: Database) -> None:
    for view in VIEWS:
        assert rows(db.path, f"SELECT * FROM {view}") == []  # noqa: S608 - a name of ours


# --- the numbers of --json ------------------------------------------------------------------------


def test_story_reports_are_those_of_the_timeline(
    home: Home, timeline: list[dict[str, Any]]
) -> None:
    found = rows(
        home.db,
        "SELECT * FROM story_reports WHERE story = ? AND status <> 'rejected'"
        " ORDER BY published DESC, id DESC",
        SLUG,
    )
    assert len(found) == len(timeline) > 50
    same = "id published source title url language feed status score event linked".split()
    for view, shown in zip(found, timeline, strict=True):
        assert {key: view[key] for key in same} == {key: shown[key] for key in same}
        assert bool(view["new"]) == shown["new"]
        assert view["copies"] == len(shown["copies"])
        assert json.loads(view["why"]) == shown["why"]
    assert {row["status"] for row in found} == {"linked", "maybe", "accepted"}
    assert any(row["new"] for row in found)
    rejected = rows(home.db, "SELECT * FROM story_reports WHERE status = 'rejected'")
    assert len(rejected) >= 1


def test_developments_are_those_of_the_timeline(home: Home, timeline: list[dict[str, Any]]) -> None:
    events: dict[int, list[dict[str, Any]]] = {}
    for report in sure(timeline):
        events.setdefault(report["event"], []).append(report)
    found = {row["event"]: row for row in rows(home.db, "SELECT * FROM developments")}
    assert found.keys() == events.keys()
    for event, reports in events.items():
        first = min(reports, key=lambda each: (each["published"], each["id"]))
        row = found[event]
        assert (row["story"], row["id"], row["title"]) == (SLUG, first["id"], first["title"])
        assert (row["source"], row["url"]) == (first["source"], first["url"])
        assert (row["first"], row["last"]) == (
            first["published"],
            max(each["published"] for each in reports),
        )
        assert row["reports"] == len(reports)
        assert row["outlets"] == len({each["source"] for each in reports})
        assert bool(row["new"]) == any(each["new"] for each in reports)
    assert max(row["outlets"] for row in found.values()) > 1


def test_developments_and_reports_are_as_many_as_the_dashboard_says(home: Home) -> None:
    (story,) = told(home, "stories")["stories"]
    (counted,) = rows(
        home.db, "SELECT count(*) AS events, sum(reports) AS reports FROM developments"
    )
    assert counted == {"events": story["events"], "reports": story["reports"]}


def test_changed_headlines_are_those_of_the_timeline(
    home: Home, timeline: list[dict[str, Any]]
) -> None:
    found = rows(home.db, "SELECT * FROM changed_headlines ORDER BY id, changed")
    of_story = {report["id"]: report for report in timeline}
    shown = [row for row in found if row["id"] in of_story]
    assert [(row["id"], row["was"], row["changed"]) for row in shown] == [
        (number, each["title"], each["replaced"])
        for number, report in sorted(of_story.items())
        for each in report["was"]
    ]
    assert len(shown) > 3
    for row in shown:
        titles = [*(each["title"] for each in of_story[row["id"]]["was"]), row["title"]]
        assert (row["was"], row["became"]) in pairwise(titles)


def test_a_report_stands_once_though_feeds_brought_it_twice(home: Home) -> None:
    with opened(home.db) as db:
        _, number = articles.counts(db)
    assert len(rows(home.db, "SELECT id FROM reports")) == number


def test_copies_are_one_report_with_the_changes_of_its_first_item(db: Database) -> None:
    sources = [FeedSource(f"https://a.example/{n}", "A") for n in (1, 2)]
    feeds.take_in(db, sources, {}, "")
    first, copy = bring(db, "Snow falls in Quuxland", "Snow falls in Quuxland")
    db.execute("UPDATE items SET article = ?, feed_id = 2 WHERE id = ?", (first, copy))
    for number in (first, copy):
        db.execute("INSERT INTO revisions (item_id, title, replaced) VALUES (?, 'x', 0)", (number,))
    assert [(row["id"], row["copies"]) for row in rows(db.path, "SELECT * FROM reports")] == [
        (first, 1)
    ]
    assert [row["id"] for row in rows(db.path, "SELECT id FROM changed_headlines")] == [first]


def test_feed_health_is_the_feed_list(home: Home) -> None:
    with opened(home.db) as db:
        db.execute("UPDATE feeds SET failures = 3 WHERE id = 2")
        db.execute("INSERT INTO outages (feed_id, since, reason) VALUES (2, 0, 'no such host')")
        db.execute("INSERT INTO outages (feed_id, since, until, reason) VALUES (3, 0, 1, 'x')")
    shown = {each["url"]: each for each in told(home, "feeds", "ls")["feeds"]}
    found = {row["url"]: row for row in rows(home.db, "SELECT * FROM feed_health")}
    assert found.keys() == shown.keys()
    for url, row in found.items():
        each = shown[url]
        row["tags"] = json.loads(row["tags"])
        assert row == {key: each[key] for key in row}
    assert [row["failure"] for row in found.values() if row["failure"]] == ["no such host"]


def test_the_poll_log_counts_as_the_report_of_a_poll(home: Home) -> None:
    with opened(home.db) as db:
        last = polls.last(db)
    assert last is not None
    shown = poll(last)
    found = rows(home.db, "SELECT * FROM poll_log ORDER BY id DESC")
    del found[0]["id"]
    assert found[0] == {key: shown[key] for key in found[0]}
    assert len(found) == 25


# --- secrets --------------------------------------------------------------------------------------


def test_no_view_shows_a_secret_of_a_feed(db: Database) -> None:
    sources = [
        FeedSource("https://me:s3cret@a.example/f", headers=(("Authorization", "Bearer h3ader"),)),
        FeedSource("https://a.example/g?format=rss&token=t0ken"),
        FeedSource("https://me:s3cret@b.example/f?key=t0ken&page=1"),
    ]
    feeds.take_in(db, sources, {}, "")
    links = {
        1: "https://me:p@s3cret@a.example/@user/1?x=@",
        2: "https://a.example/1?token=t0ken#top",
        3: "https://a.example/1;token=t0ken",
    }
    for feed, url in links.items():
        (number,) = bring(db, f"Snow {feed}", feed=feed)
        db.execute("UPDATE items SET url = ? WHERE id = ?", (url, number))
    (number,) = bring(db, "Hail", feed=3)
    both = "https://me:s3cret@b.example/2?key=t0ken"
    db.execute("UPDATE items SET url = ? WHERE id = ?", (both, number))
    db.execute(
        "INSERT INTO items (feed_id, entry_id, url, title, summary, published, first_seen)"
        " VALUES (2, 'x', 'https://a.example/2?b=1&token=t0ken', 'Rain', '', 0, 0)"
    )
    shown = everything(db.path)
    assert "t0ken" not in shown.replace("https://a.example/1;token=t0ken", "", 1)
    assert "s3cret" not in shown
    assert "h3ader" not in shown
    assert [row["url"] for row in rows(db.path, "SELECT url FROM feed_health ORDER BY url")] == [
        "https://a.example/f",
        "https://a.example/g?format=rss",
        "https://b.example/f?page=1",
    ]
    assert [row["url"] for row in rows(db.path, "SELECT url FROM reports ORDER BY id")] == [
        "https://a.example/@user/1?x=@",
        "https://a.example/1",
        "https://a.example/1;token=t0ken",  # of another feed, whose secret it is not
        "https://b.example/f?page=1",
        "https://a.example/2",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mailto:a@b.example",
        "https://a.example/@user/1",
        "https://a.example?mail=a@b.example",
        "https://a.example#a@b",
        "https://a.example:8080/x?y=1#z",
    ],
)
def test_an_address_without_secrets_is_shown_as_it_is(db: Database, url: str) -> None:
    feeds.take_in(db, [FeedSource("https://a.example/f?token=t0ken")], {}, "")
    (number,) = bring(db, "Snow")
    db.execute("UPDATE items SET url = ? WHERE id = ?", (url, number))
    assert rows(db.path, "SELECT url FROM reports") == [{"url": url}]


def test_a_feed_that_is_listed_with_another_token_hides_that_one(db: Database) -> None:
    for token in ("0ne", "tw0"):
        feeds.take_in(db, [FeedSource(f"https://a.example/f?token={token}")], {}, token)
        bring(db, "Snow", feed=1 if token == "0ne" else 2)  # noqa: S105 - of this test
    shown = everything(db.path)
    assert "0ne" not in shown
    assert "tw0" not in shown


# --- the migration --------------------------------------------------------------------------------


def before(path: Path) -> None:
    """Make a database as it was before the views, which lacks that migration alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        wrapped = sqlite_utils.Database(db)
        earlier = Migrations("tracker")
        for each in migrations.pending(wrapped):
            if each.name != "m020_views":
                earlier()(each.fn)
        earlier.apply(wrapped)
        db.execute("INSERT INTO feeds (url) VALUES ('https://me:s3cret@a.example/f?key=t0ken')")
        db.execute("INSERT INTO outages (feed_id, since, reason) VALUES (1, 0, 'x')")


def schema(db: sqlite3.Connection) -> dict[str, str]:
    return dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE sql <> ''").fetchall())


def test_the_migration_changes_forms_and_no_meaning(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    before(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        older = schema(db)
        migrations.apply(sqlite_utils.Database(db))
    with closing(sqlite3.connect(path)) as db:
        newer = schema(db)
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        db.execute("PRAGMA foreign_keys = ON")
        assert db.execute("SELECT count(*) FROM outages").fetchone() == (1,)
        db.execute("DELETE FROM feeds")
        assert db.execute("SELECT count(*) FROM outages").fetchone() == (0,)
    assert newer.keys() - older.keys() == VIEWS.keys()
    assert 'content="items"' in newer["items_fts"]
    changed = {name for name, sql in older.items() if newer[name] != sql}
    assert {"items", "links", "outages", "items_fts"} < changed
    for name in changed - {"feeds"}:
        assert newer[name].replace("(id) ON", " ON") == older[name].replace(
            "(id) ON", " ON"
        ).replace("content='items'", 'content="items"')
    assert [name for name, sql in newer.items() if re.search(r"REFERENCES \w+ ON", sql)] == []


def test_the_migration_keeps_the_secrets_of_known_feeds_back(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    before(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrations.apply(sqlite_utils.Database(db))
    found = rows(path, "SELECT title, url, failure FROM feed_health")
    assert found == [{"title": "https://a.example/f", "url": "https://a.example/f", "failure": "x"}]


def test_where_the_schema_may_not_be_written_there_are_views_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    before(path)

    def forbid(action: int, name: str | None, value: str | None, *_: str | None) -> int:
        # As SQLite does in defensive mode: the pragma is passed over without an error.
        asked = action == sqlite3.SQLITE_PRAGMA and name == "writable_schema" and value == "ON"
        return sqlite3.SQLITE_IGNORE if asked else sqlite3.SQLITE_OK

    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.set_authorizer(forbid)
        m020_views(sqlite_utils.Database(db))
        assert "REFERENCES feeds ON" in schema(db)["items"]
        assert db.execute("SELECT count(*) FROM feed_health").fetchone() == (1,)
