"""Accept, reject and undo: what they change is told, and undo restores every row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tracker.errors import NotFoundError
from tracker.model.core import Item, Status, Story
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow
from tracker.services.linking import Linker
from tracker.store.archive import articles, items
from tracker.store.canonical import canonical
from tracker.store.database import Database, connect
from tracker.store.following import links, stories
from tracker.store.polling import feeds

NOW = datetime(2020, 9, 20, 12, tzinfo=UTC)
EVENT = 6  # the column of a link with its event
QUERIES = ("TikTok acquisition", "Nokia layoffs", "Oracle Walmart")
SALE = (
    "Microsoft in talks to buy TikTok's US business",
    "Trump orders ByteDance to sell TikTok within 90 days",
    "Walmart joins Microsoft in bid for TikTok",
    "ByteDance weighs Oracle offer for TikTok",
    "Oracle wins bidding to buy TikTok, Microsoft says",
    "Walmart and Oracle to own a fifth of TikTok Global",
    "China would rather see TikTok shut than bought",
    "ByteDance says it keeps most of TikTok Global",
    "Oracle and Walmart get a blessing for TikTok",
    "Judge halts the ban of TikTok for now",
    "TikTok and Oracle wait for Beijing",
    "Walmart sees growth in TikTok shopping",
    "TikTok takeover: what Oracle gains",
    "ByteDance and Oracle disagree on who owns TikTok",
    "A teenager's TikTok dance is all over the world",
    "TikTok star signs a record deal",
    "Ten TikTok recipes for the summer",
    "Nokia to lay off 5,000 workers",
    "Nokia opens a lab in Dallas",
    "Nokia cuts jobs at its French unit",
    "Nokia wins 5G order",
    "Unions call Nokia's cuts unacceptable",
    "Cars are sold",
    "New phone has a better camera",
    "Oracle boss praises TikTok",
    "Walmart boss on TikTok and the future of shopping",
)
LATER = (
    "Oracle closes in on TikTok with Walmart",
    "TikTok asks a judge to stop the sale",
    "Nokia names a new chief",
    "Nokia lays off hundreds more in France",
    "Walmart opens a store",
    "TikTok dancers march",
    "ByteDance seeks licence to sell TikTok's code",
    "Oracle shares rise on TikTok takeover",
)


def unheard(_done: int, _total: int) -> None:
    pass


def begun(path: Path) -> Database:
    db = connect(path)
    sources = [FeedSource(f"https://feeds.example/{code}", code, "en") for code in "ab"]
    feeds.take_in(db, sources, {}, "digest")
    return db


def bring(
    db: Database, *titles: str, day: int = 0, feed: int = 1, urls: tuple[str, ...] = ()
) -> None:
    """Store headlines as a feed's news, and link them."""
    with db.transaction():
        (last,) = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()
        for number, title in enumerate(titles):
            url = urls[number] if urls else f"https://a.example/{title.replace(' ', '-')}"
            at = int((NOW + timedelta(days=day - number % 20)).timestamp())
            db.execute(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (?, ?, ?, ?, '', 'en', ?, ?)",
                (feed, f"{day} {title} {url}", url, title, at, at),
            )
        db.execute("UPDATE feeds SET items = (SELECT count(*) FROM items WHERE feed_id = feeds.id)")
        db.execute("INSERT INTO queue SELECT id FROM items WHERE id > ?", (last,))
    Linker(db, NOW, unheard).link()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(begun(tmp_path / "t.db")) as connection:
        yield connection


@pytest.fixture
def story(db: Database) -> Story:
    bring(db, *SALE)
    return follow.follow(db, QUERIES[0], NOW).story


Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(db: Database, story_id: int | None = None) -> Rows:
    """Return every row that a correction may change, of one story or all."""
    one = (story_id,)
    return {
        "stories": db.execute(
            "SELECT * FROM stories WHERE ?1 IS NULL OR id = ?1 ORDER BY id", one
        ).fetchall(),
        "links": db.execute(
            "SELECT * FROM links WHERE ?1 IS NULL OR story_id = ?1 ORDER BY story_id, item_id", one
        ).fetchall(),
        "decisions": db.execute(
            "SELECT id, story_id, item_id, made, status, before, leader FROM decisions"
            " WHERE ?1 IS NULL OR story_id = ?1 ORDER BY id",
            one,
        ).fetchall(),
    }


def item_called(db: Database, title: str) -> Item:
    row = db.execute("SELECT id FROM items WHERE title = ?", (title,)).fetchone()
    return items.load(db, [row[0]])[0]


def unsigned(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return links with the absolute values of their events.

    A rematch names an event anew: n is the same one as -n.
    """
    return [(*row[:EVENT], abs(row[EVENT]), *row[EVENT + 1 :]) for row in rows]


# --- undo --------------------------------------------------------------------------------------


class Corrections(RuleBasedStateMachine):
    """Any sequence of decisions and undos on three stories, with polls and rematches between.

    `past` holds for each decision that can be taken back: the story, its rows before it, and
    whether a poll or a rematch has changed the story since.
    """

    @initialize()
    def begin(self) -> None:
        self.kept = ExitStack()
        folder = self.kept.enter_context(tempfile.TemporaryDirectory())
        self.db = self.kept.enter_context(closing(begun(Path(folder, "t.db"))))
        bring(self.db, *SALE)
        bring(self.db, SALE[4], SALE[14], feed=2)  # copies of two reports
        self.stories = [follow.follow(self.db, query, NOW).story for query in QUERIES]
        self.past: list[tuple[Story, Rows, bool]] = []
        self.polls = 0

    def teardown(self) -> None:
        if hasattr(self, "kept"):
            self.kept.close()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Note which stories are changed within."""
        before = {story.id: rows_of(self.db, story.id) for story in self.stories}
        yield
        changed = {id_ for id_, rows in before.items() if rows_of(self.db, id_) != rows}
        self.past = [
            (story, rows, touched or story.id in changed) for story, rows, touched in self.past
        ]

    @rule(
        story=st.integers(0, len(QUERIES) - 1),
        chosen=st.lists(st.integers(1, len(SALE) + 2), min_size=1, max_size=3),
        status=st.sampled_from([Status.ACCEPTED, Status.REJECTED]),
    )
    def decide(self, story: int, chosen: list[int], status: Status) -> None:
        subject = self.stories[story]
        for number in chosen:
            (item,) = items.load(self.db, [number])
            before = rows_of(self.db, subject.id)
            (told,) = feedback.decide(self.db, subject, [item], status, NOW)
            if told.changes:
                self.past.append((subject, before, False))
            assert links.find(self.db, subject.id, told.item.id).status is status  # type: ignore[union-attr]

    @rule(
        story=st.integers(0, len(QUERIES) - 1),
        chosen=st.lists(st.integers(1, len(SALE) + 2), min_size=2, max_size=4, unique=True),
        status=st.sampled_from([Status.ACCEPTED, Status.REJECTED]),
    )
    def decide_at_once(self, story: int, chosen: list[int], status: Status) -> None:
        subject, before = self.stories[story], rows_of(self.db, self.stories[story].id)
        told = feedback.decide(self.db, subject, items.load(self.db, chosen), status, NOW)
        made = sum(each.changes for each in told)
        # All of them taken back lead to where the first began.
        for _ in range(made):
            feedback.undo(self.db, NOW)
        assert rows_of(self.db, subject.id) == before

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        story, before, touched = self.past.pop()
        back = feedback.undo(self.db, NOW)
        assert back.story.id == story.id
        after = rows_of(self.db, story.id)
        assert after["decisions"] == before["decisions"]
        if touched:
            with self._watched():
                follow.rematch(self.db, NOW, unheard)
            rematched = rows_of(self.db, story.id)
            assert unsigned(after["links"]) == unsigned(rematched["links"])
            assert after["stories"] == rematched["stories"]
        else:
            assert after == before

    @precondition(lambda self: self.polls < len(LATER))
    @rule()
    def poll(self) -> None:
        with self._watched():
            bring(self.db, LATER[self.polls], day=1)
        self.polls += 1

    @rule()
    def rematch(self) -> None:
        with self._watched():
            follow.rematch(self.db, NOW, unheard)

    @invariant()
    def every_decision_holds(self) -> None:
        if not hasattr(self, "db"):
            return
        said: dict[tuple[int, int], str] = {}
        for story_id, item_id, status in self.db.execute(
            "SELECT story_id, item_id, status FROM decisions ORDER BY id"
        ):
            said[story_id, item_id] = status
        kept = {
            (story_id, item_id): status
            for story_id, item_id, status in self.db.execute(
                "SELECT story_id, item_id, status FROM links"
                " WHERE status IN ('accepted', 'rejected')"
            )
        }
        assert kept == said


TestCorrections = pytest.mark.long(pytest.mark.repeats(Corrections.TestCase))
TestCorrections.settings = settings(
    max_examples=20,
    stateful_step_count=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_undo_restores_what_a_correction_promoted(db: Database) -> None:
    bring(db, *SALE)
    story = follow.follow(db, QUERIES[0], NOW).story
    before, promoted = rows_of(db), 0
    for number in range(1, len(SALE) + 1):
        for status in (Status.ACCEPTED, Status.REJECTED):
            (told,) = feedback.decide(db, story, items.load(db, [number]), status, NOW)
            promoted += sum(move.now is Status.LINKED for move in told.moves)
            back = feedback.undo(db, NOW)
            assert rows_of(db) == before
            assert {(m.item_id, m.now, m.was) for m in back.moves} == {
                (m.item_id, m.was, m.now) for m in told.moves
            }
    assert promoted > 0


def test_undo_after_a_rematch_leads_to_a_rematch_without_the_decision(
    db: Database, story: Story
) -> None:
    def state() -> list[Any]:
        columns = "item_id, status, score, reasons, event, first_odds, match_odds"
        return [
            stories.profile(db, story.id),
            *db.execute(f"SELECT {columns} FROM links ORDER BY item_id"),  # noqa: S608 - fixed text
        ]

    follow.rematch(db, NOW, unheard)
    before = state()
    feedback.decide(db, story, [item_called(db, SALE[4])], Status.REJECTED, NOW)
    follow.rematch(db, NOW, unheard)
    feedback.undo(db, NOW)
    assert state() == before


def test_undo_after_a_poll_keeps_what_that_brought(db: Database, story: Story) -> None:
    feedback.decide(db, story, [item_called(db, SALE[14])], Status.ACCEPTED, NOW)
    bring(db, *LATER, day=1)
    feedback.undo(db, NOW)
    late = item_called(db, "TikTok asks a judge to stop the sale")
    link = links.find(db, story.id, late.id)
    assert link is not None
    assert link.status is Status.LINKED


def test_undo_in_a_story_that_was_closed_takes_nothing_else_up(db: Database, story: Story) -> None:
    feedback.decide(db, story, [item_called(db, SALE[4])], Status.REJECTED, NOW)
    bring(db, LATER[1], day=1)
    stories.change(db, story.id, state="closed")
    bring(db, LATER[7], day=1)
    assert feedback.undo(db, NOW).now is Status.LINKED
    assert links.find(db, story.id, item_called(db, LATER[1]).id) is not None
    assert links.find(db, story.id, item_called(db, LATER[7]).id) is None


def test_what_was_decided_twice_the_other_way_is_taken_back_one_by_one(
    db: Database, story: Story
) -> None:
    (item,) = items.load(db, [5])
    feedback.decide(db, story, [item], Status.ACCEPTED, NOW)
    feedback.decide(db, story, [item], Status.REJECTED, NOW)
    bring(db, *LATER, day=1)
    assert feedback.undo(db, NOW).now is Status.ACCEPTED
    assert feedback.undo(db, NOW).now is Status.LINKED
    with pytest.raises(NotFoundError):
        feedback.undo(db, NOW)


def test_states_that_no_undo_can_restore_are_not_kept(db: Database, story: Story) -> None:
    feedback.decide(db, story, items.load(db, [5]), Status.ACCEPTED, NOW)
    bring(db, LATER[1], day=1)
    feedback.decide(db, story, items.load(db, [6]), Status.ACCEPTED, NOW)
    kept = db.execute("SELECT state_before IS NULL FROM decisions ORDER BY id").fetchall()
    assert kept == [(1,), (0,)]


# --- items and their copies --------------------------------------------------------------------

ARTICLE = "https://www.outlet.example/tech/tiktok-sold_706.html"


@pytest.mark.parametrize(
    "reference",
    [
        ARTICLE,
        f"{ARTICLE}#xtor=RSS-3-[general]",
        f"{ARTICLE}#comments",
        f"{ARTICLE}?utm_source=rss&utm_medium=feed",
        f"{ARTICLE}?at_medium=RSS&at_campaign=KARANGA",
        f"{ARTICLE}?xtor=RSS-1",
        f"{ARTICLE}/",
        ARTICLE.replace("https", "http"),
        ARTICLE.replace("www.", ""),
        ARTICLE.replace("www.outlet", "Outlet").replace("https://", ""),
        f" {ARTICLE} ",
    ],
)
def test_an_item_is_found_by_any_form_of_its_address(db: Database, reference: str) -> None:
    urls = (f"{ARTICLE}#xtor=RSS-3-[general]", f"{ARTICLE}?page=2", f"{ARTICLE}l")
    bring(db, "TikTok is sold", "Page two", "Another", urls=urls)
    assert items.find(db, reference).title == "TikTok is sold"


def test_of_several_forms_the_one_that_was_typed_is_found(db: Database) -> None:
    bring(db, "One", "Two", urls=(f"{ARTICLE}#one", f"{ARTICLE}#two"))
    assert items.find(db, f"{ARTICLE}#two").title == "Two"


@pytest.mark.parametrize("reference", ["", " ", "\t", "#", "https://", "https:///"])
def test_an_empty_reference_names_no_item(db: Database, reference: str) -> None:
    bring(db, "Without a link", "Without either", urls=("", ""))
    with pytest.raises(NotFoundError, match=r"There is no item"):
        items.find(db, reference)


def test_what_tells_two_articles_apart_stays_in_an_address() -> None:
    assert canonical("https://a.example/?id=1") != canonical("https://a.example/?id=2")
    assert canonical("https://a.example/a") != canonical("https://a.example/A")
    assert canonical("https://a.example:8080/") == "a.example:8080"
    assert canonical("https://a.example:443/a/?b=1&utm_source=x&c=2#d") == "a.example/a?b=1&c=2"


def test_a_decision_on_a_copy_is_one_on_its_article(db: Database) -> None:
    bring(db, *SALE)
    bring(db, SALE[4], feed=1, urls=(ARTICLE,))
    bring(db, SALE[4], feed=2, urls=(f"{ARTICLE}#xtor=RSS-3-[general]",))
    story = follow.follow(db, QUERIES[0], NOW).story
    before = rows_of(db)
    copies = [items.find(db, f"{ARTICLE}#xtor=RSS-3-[general]"), items.find(db, ARTICLE)]
    (told,) = feedback.decide(db, story, copies, Status.REJECTED, NOW)
    linked = {each.item.id: each.status for each in links.of_story(db, story.id)}
    both = [told.item.id, *(each.id for each in told.copies)]
    assert {each.id for each in copies} <= {*both}
    assert [linked.get(each) for each in both] == [Status.REJECTED, *[None] * (len(both) - 1)]
    assert feedback.undo(db, NOW).copies == told.copies
    assert rows_of(db) == before


def test_a_copy_that_comes_later_is_decided_with_its_article(db: Database) -> None:
    bring(db, *SALE, urls=tuple(f"https://a.example/{n}" for n in range(len(SALE))))
    story = follow.follow(db, QUERIES[0], NOW).story
    (item,) = items.load(db, [5])
    feedback.decide(db, story, [item], Status.REJECTED, NOW)
    bring(db, SALE[4], feed=2, urls=(f"{item.url}?utm_source=b",))
    (told,) = feedback.decide(db, story, [item], Status.REJECTED, NOW)
    assert (told.was, len(told.copies)) == (Status.REJECTED, 1)
    assert not told.changes


def test_articles_at_the_front_page_of_their_feed_are_no_copies(db: Database) -> None:
    bring(db, *SALE[:6], urls=("https://a.example/",) * 6)
    story = follow.follow(db, QUERIES[0], NOW).story
    (told,) = feedback.decide(db, story, items.load(db, [5]), Status.REJECTED, NOW)
    assert told.copies == ()


def test_items_without_an_address_are_no_copies(db: Database) -> None:
    bring(db, *SALE[:6], urls=("",) * 6)
    assert articles.copies(db, range(1, 7)) == {}
