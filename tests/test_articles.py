"""Articles: the feeds of an outlet bring one article several times; it is one report."""

from __future__ import annotations

import itertools
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.model.core import Status
from tracker.model.polling import Changed, Document, Entry, FeedSource, NextPoll, Transfer
from tracker.services import feedback, follow
from tracker.services.linking import catch_up
from tracker.store.archive import articles, items
from tracker.store.canonical import canonical
from tracker.store.database import Database, connect
from tracker.store.following import links, stories, timelines
from tracker.store.following.timelines import Window
from tracker.store.polling import feeds
from tracker.views import json as views

REAL_FEEDS = Path(__file__).resolve().parents[2] / "shared" / "feeds"
NOW = datetime(2020, 9, 20, 12, tzinfo=UTC)
SALE = "Oracle wins bidding to buy TikTok"
URL = "https://www.gazette.example/tech/tiktok-sold-to-oracle.html"
FEEDS = [FeedSource(f"https://www.gazette.example/{name}.xml") for name in ("all", "tech", "world")]
OTHER = FeedSource("https://www.courier.example/all.xml")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(connect(tmp_path / "t.db")) as connection:
        feeds.take_in(connection, [*FEEDS, OTHER], {}, "digest")
        yield connection


def entry(
    title: str = SALE, url: str = URL, *, days: float = 0, number: str = "", summary: str = ""
) -> Entry:
    return Entry(number or url, url, title, summary, NOW - timedelta(days=days))


def read(db: Database, *documents: tuple[FeedSource, list[Entry]], at: datetime = NOW) -> None:
    """Store documents of feeds as one poll does, and link their items."""
    outcomes = []
    for source, entries in documents:
        (state,) = feeds.due(db, at, force=True, url=source.url)
        document = Document(None, None, "en", tuple(entries))
        outcomes.append((Changed(state, Transfer(200, 0.1), document, b"", b""), NextPoll(at, "")))
    feeds.record_all(db, outcomes, at)
    catch_up(db, at)


def found(db: Database, query: str = "TikTok Oracle") -> list[list[str]]:
    """Return what a search finds: the URL of each article, with those of its copies."""
    preview = follow.search(db, query, NOW)
    return sorted(
        [each.item.url, *(copy.url for copy in each.copies)]
        for each in (*preview.linked, *preview.maybe)
    )


# --- which items are copies ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        URL,
        f"{URL}#xtor=RSS-3-[general]",
        f"{URL}?utm_source=rss",
        URL.replace("https", "http"),
        URL.replace("www.", ""),
        f"{URL}/",
    ],
)
@pytest.mark.parametrize("polls", [1, 2])
def test_one_address_in_two_feeds_of_an_outlet_is_one_article(
    db: Database, url: str, polls: int
) -> None:
    documents = (
        (FEEDS[0], [entry(days=0.2)]),
        (FEEDS[1], [entry("TikTok: Oracle wins", url, days=0.1, number="x")]),
    )
    if polls == 1:
        read(db, *documents)
    else:
        for document in documents:
            read(db, document)
    assert found(db) == [[URL, url]]


def test_a_short_address_with_another_mark_is_one_article(db: Database) -> None:
    read(db, (FEEDS[0], [entry(url="https://gazette.example/tiktok")]))
    read(db, (FEEDS[1], [entry("Oracle and TikTok", "https://gazette.example/tiktok?xtor=1")]))
    assert len(found(db)) == 1


def test_an_address_that_begins_like_another_is_another_article(db: Database) -> None:
    read(db, (FEEDS[0], [entry()]))
    read(db, (FEEDS[1], [entry("TikTok and Oracle part", URL.replace(".html", "-2.html"))]))
    read(db, (FEEDS[2], [entry("TikTok asks Oracle", f"{URL}?page=2")]))
    assert len(found(db)) == 3


@pytest.mark.parametrize(("days", "articles_"), [(1.9, 1), (2.1, 2)])
def test_one_title_within_two_days_is_one_article(
    db: Database, days: float, articles_: int
) -> None:
    read(db, (FEEDS[0], [entry()]))
    read(db, (FEEDS[1], [entry(url=f"{URL}l", days=days)]))
    assert len(found(db)) == articles_


def test_other_outlets_report_by_themselves(db: Database) -> None:
    read(db, (FEEDS[0], [entry()]), (OTHER, [entry(url="https://www.courier.example/a-b-c")]))
    assert len(found(db)) == 2


def test_entries_that_share_an_address_in_one_document_are_several_articles(db: Database) -> None:
    page = "https://www.gazette.example/2020/tiktok-live"
    titles = ("TikTok: Oracle bids", "TikTok: Walmart joins Oracle")
    read(db, (FEEDS[0], [entry(t, page, number=t) for t in titles]))
    read(db, (FEEDS[1], [entry(titles[1], page, number="x")]))
    assert sorted(map(len, found(db))) == [1, 2]


def test_a_new_id_and_headline_at_one_address_is_one_article(db: Database) -> None:
    read(db, (FEEDS[0], [entry(number="1")]))
    read(db, (FEEDS[0], [entry(f"{SALE} after all", number="2")]), at=NOW + timedelta(hours=1))
    assert len(found(db)) == 1


def test_the_front_page_is_the_address_of_no_article(db: Database) -> None:
    front = "https://www.gazette.example/"
    read(db, (FEEDS[0], [entry(url=front)]), (FEEDS[1], [entry("Oracle or TikTok", front)]))
    assert len(found(db)) == 2


def test_of_copies_in_one_poll_the_one_with_a_summary_stands_for_them(db: Database) -> None:
    told = entry(url=f"{URL}?utm_source=b", summary="The deal was told in Washington.")
    read(db, (FEEDS[0], [entry()]), (FEEDS[1], [told]))
    assert found(db) == [[told.url, URL]]


def test_a_copy_stays_one_when_its_headline_changes(db: Database) -> None:
    read(db, (FEEDS[0], [entry(days=0.2)]), (FEEDS[1], [entry(days=0.1)]))
    read(db, (FEEDS[1], [entry("TikTok: what Oracle gets")]))
    assert len(found(db)) == 1
    assert len(found(db, "Oracle")) == 1


def test_copies_of_a_deleted_item_are_articles_again(db: Database) -> None:
    read(db, (FEEDS[0], [entry()]), (FEEDS[1], [entry(f"{SALE} today", f"{URL}#b")]))
    (first,) = (each.item for each in follow.search(db, "TikTok Oracle", NOW).linked)
    db.execute("DELETE FROM items WHERE id = ?", (first.id,))
    assert db.execute("SELECT count(*) FROM items WHERE article IS NULL").fetchone() == (1,)


# --- counted once --------------------------------------------------------------------------------


def test_an_article_is_linked_counted_and_shown_once(db: Database) -> None:
    story = follow.follow(db, "TikTok sale", NOW).story
    read(db, *((feed, [entry(url=f"{URL}#{n}")]) for n, feed in enumerate(FEEDS)))
    read(db, (OTHER, [entry("TikTok is sold to Oracle", "https://www.courier.example/a-b-c")]))
    value = timelines.timeline(db, story, Window(), NOW)
    assert [len(report.copies) for report in value.reports].count(2) == 1
    assert len(value.reports) == sum(value.volume) == links.shown(db, story.id) == 2
    (told,) = (each for each in views.timeline(value)["items"] if each["copies"])
    assert {told["id"], *(copy["id"] for copy in told["copies"])} == {1, 2, 3}
    assert {copy["url"] for copy in told["copies"]} | {told["url"]} == {
        f"{URL}#{n}" for n in range(3)
    }


def test_a_story_learns_from_an_article_once(tmp_path: Path) -> None:
    learned = []
    for feeds_ in (FEEDS[:1], FEEDS):
        with closing(connect(tmp_path / f"{len(feeds_)}.db")) as db:
            feeds.take_in(db, FEEDS, {}, "digest")
            follow.follow(db, "TikTok sale", NOW)
            read(db, *((feed, [entry(), entry("TikTok dances", f"{URL}2")]) for feed in feeds_))
            learned.append(db.execute("SELECT profile FROM stories").fetchone())
    assert learned[0] == learned[1]
    assert learned[0][0]


def test_a_copy_that_a_later_poll_brings_is_neither_linked_nor_counted(db: Database) -> None:
    read(db, *((feed, [entry("Rain", f"{feed.url}/rain")]) for feed in FEEDS))
    story = follow.follow(db, "TikTok sale", NOW).story
    read(db, (FEEDS[0], [entry(), entry("Rain", f"{FEEDS[0].url}/rain")]))
    linked, profile = links.item_ids(db, story.id), stories.profile(db, story.id)
    assert len(linked) == 1
    read(db, (FEEDS[1], [entry(), entry("Rain", f"{FEEDS[1].url}/rain")]))
    assert links.item_ids(db, story.id) == linked
    assert stories.profile(db, story.id) == profile


def test_the_reasons_of_a_copy_are_those_of_its_article(db: Database) -> None:
    story = follow.follow(db, "TikTok sale", NOW).story
    read(db, *((feed, [entry(url=f"{URL}#{n}")]) for n, feed in enumerate(FEEDS)))
    told = [follow.why(db, story, items.find(db, f"{URL}#{n}")) for n in range(3)]
    assert told[0] == told[1] == told[2]
    assert told[0].status is Status.LINKED


# --- databases of before -------------------------------------------------------------------------


def as_before(path: Path) -> None:
    """Make the database one of the schema before articles; each copy has links of its own."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "INSERT INTO links (story_id, item_id, status, score, reasons, event, published,"
            " linked, arrival) SELECT story_id, items.id, status, score, reasons, event,"
            " links.published, linked, arrival FROM items JOIN links ON item_id = items.article"
        )
        views = db.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()
        for (view,) in views:
            db.execute(f"DROP VIEW {view}")
        for index in ("items_of_article", "feeds_of_outlet", "feeds_of_site"):
            db.execute(f"DROP INDEX {index}")
        db.execute("ALTER TABLE items DROP COLUMN article")
        for column in (
            "outlet",
            "site",
            "outlet_key",
            "outlet_name",
            "public_url",
            "secret_parameters",
        ):
            db.execute(f"ALTER TABLE feeds DROP COLUMN {column}")
        undone = "name IN ('m018_articles', 'm020_views')"
        db.execute(f"DELETE FROM _sqlite_migrations WHERE {undone}")  # noqa: S608 - of this test
        db.execute("PRAGMA user_version = 17")
        db.commit()


def test_a_migration_finds_the_articles_of_stored_items(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(connect(path)) as db:
        feeds.take_in(db, [*FEEDS, OTHER], {}, "digest")
        story = follow.follow(db, "TikTok sale", NOW).story
        read(db, *((feed, [entry(url=f"{URL}#{n}")]) for n, feed in enumerate(FEEDS)))
        read(db, (OTHER, [entry("TikTok is sold", "https://www.courier.example/a-b-c")]))
        before = db.execute("SELECT id, article, feed_id FROM items ORDER BY id").fetchall()
        sites = db.execute("SELECT id, site FROM feeds ORDER BY id").fetchall()
        shown = [(each.item.id, each.status) for each in links.of_story(db, story.id)]
    as_before(path)
    with closing(connect(path)) as db:
        assert db.execute("SELECT id, article, feed_id FROM items ORDER BY id").fetchall() == before
        assert db.execute("SELECT id, site FROM feeds ORDER BY id").fetchall() == sites
        assert [(each.item.id, each.status) for each in links.of_story(db, story.id)] == shown
        assert len(items.load(db, [1])[0].source) > 0


def test_a_migration_keeps_what_the_user_said_of_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(connect(path)) as db:
        feeds.take_in(db, FEEDS, {}, "digest")
        story = follow.follow(db, "TikTok sale", NOW).story
        read(db, *((feed, [entry(url=f"{URL}#{n}")]) for n, feed in enumerate(FEEDS)))
    as_before(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE links SET status = 'rejected' WHERE item_id = 3")
        raw.commit()
    with closing(connect(path)) as db:
        assert [(each.item.id, each.status) for each in links.of_story(db, story.id)] == [
            (1, Status.REJECTED)
        ]
        (again,) = feedback.decide(db, story, items.load(db, [2]), Status.ACCEPTED, NOW)
        assert (again.was, again.item.id) == (Status.REJECTED, 1)


# --- real feeds ----------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL_FEEDS.exists(), reason="needs feeds as their publishers gave them")
def test_real_feeds_show_no_article_twice(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tracker.feeds.read import Job, read\n"
        "import pickle\n"
        "paths = sorted(p for d in ('french', 'fixtures') for p in Path(sys.argv[1], d).iterdir()"
        " if p.suffix in {'.xml', '.json'})\n"
        "found = [(p.name, read(Job(1, p.read_bytes(), 'http://127.0.0.1/' + p.name, '', b''))"
        ".document) for p in paths]\n"
        "sys.stdout.buffer.write(pickle.dumps([each for each in found if each[1]]))"
    )
    import pickle

    done = subprocess.run([sys.executable, "-c", code, REAL_FEEDS], capture_output=True, check=True)
    documents = pickle.loads(done.stdout)  # noqa: S301 - of our own process
    with closing(connect(tmp_path / "t.db")) as db:
        sources = [FeedSource(f"http://127.0.0.1/{name}") for name, _ in documents]
        feeds.take_in(db, sources, {}, "digest")
        # In two polls: what comes later is compared with what is stored.
        for part in (slice(0, None, 2), slice(1, None, 2)):
            outcomes = []
            for source, (_, document) in list(zip(sources, documents, strict=True))[part]:
                (state,) = feeds.due(db, NOW, force=True, url=source.url)
                changed = Changed(state, Transfer(200, 0.1), document, b"", b"")
                outcomes.append((changed, NextPoll(NOW, "")))
            feeds.record_all(db, outcomes, NOW)
            catch_up(db, NOW)
        stored, distinct = articles.counts(db)
        assert stored > 2_000
        assert stored - distinct > 100
        story = follow.follow(db, "Trump", NOW).story
        preview = follow.search(db, "Trump", NOW)
        searched = [each.item for each in (*preview.linked, *preview.maybe)]
        value = timelines.timeline(db, story, Window(maybe=True), NOW)
        shown = [report.link.item for report in value.reports]
        assert min(len(searched), len(shown)) > 50
        for listed in (searched, shown):
            for one, other in itertools.combinations(listed, 2):
                if one.outlet == other.outlet:
                    assert canonical(one.url) != canonical(other.url)
                    near = abs(one.published - other.published) <= timedelta(days=2)
                    assert not (near and one.title == other.title)
        assert "Home" not in " ".join(item.source for item in (*searched, *shown))
        assert json.dumps(views.preview(preview))
