"""Following on stored items: what is kept, what is learned, what the user corrects."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.errors import NotFoundError, QueryError, UsageError
from tracker.model.core import Link, ReasonPart, State, Status, Story, Verdict
from tracker.model.polling import FeedSource
from tracker.services import backfill, feedback, follow
from tracker.services.linking import Linker
from tracker.services.registry import matcher_of
from tracker.store.archive import items
from tracker.store.database import Database, connect
from tracker.store.following import links, stories, timelines
from tracker.store.following.timelines import Window
from tracker.store.polling import feeds
from tracker.stories.tracking.presentation import shown_parts

NOW = datetime(2020, 9, 20, 12, tzinfo=UTC)
HEADLINES = (
    # day, language, title
    (1, "en", "Microsoft in talks to buy TikTok's US business"),
    (2, "fr", "Microsoft négocie le rachat de TikTok aux États-Unis"),
    (13, "en", "Oracle wins bidding to buy TikTok, Microsoft says"),
    (13, "de", "Oracle gewinnt Bieterkampf um Übernahme von TikTok"),
    (13, "es", "Oracle gana la puja para la compra de TikTok"),
    (14, "en", "A teenager's TikTok dance is all over the world"),
    (15, "en", "New phone has a better camera"),
    (16, "fr", "La recette du gâteau au yaourt"),
)

AT_ONCE = (
    "Oracle wins bidding to buy TikTok",
    "Oracle beats Microsoft in bid to buy TikTok",
    "Microsoft says its bid to buy TikTok is rejected",
    "TikTok rejects Microsoft, picks Oracle as buyer",
    "China would rather see TikTok shut than bought",
    "TikTok sale: China prefers a shutdown",
    "Judge asked to rule on TikTok takeover deadline",
    "Deadline for TikTok takeover looms, judge says",
)


@pytest.fixture
def db(db: Database) -> Database:
    sources = [FeedSource(f"https://{code}.example/", f"Outlet {code}", code) for code in "abcd"]
    feeds.take_in(db, sources, {}, "digest")
    store(db, HEADLINES)
    return db


def store(db: Database, headlines: tuple[tuple[int, str, str], ...]) -> None:
    last = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()[0]
    with db.transaction():
        for number, (day, language, title) in enumerate(headlines):
            first = datetime(2020, 9, 1, 8, number % 60, tzinfo=UTC)
            published = first + timedelta(days=day - 1)
            db.execute(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (?, ?, ?, ?, '', ?, ?, 0)",
                (
                    number % 4 + 1,
                    title,
                    f"https://site{number % 4}.example/{title[:20].replace(' ', '-')}",
                    title,
                    language,
                    int(published.timestamp()),
                ),
            )
        db.execute("UPDATE feeds SET items = 2")
        db.execute("INSERT INTO queue SELECT id FROM items WHERE id > ?", (last,))
    Linker(db, NOW, lambda *_: None).link()


def shown(db: Database, story: Story, *, maybe: bool = False) -> set[str]:
    timeline = timelines.timeline(db, story, Window(maybe=maybe), NOW)
    return {report.link.item.title for report in timeline.reports}


def item_id(db: Database, words: str) -> int:
    row = db.execute("SELECT id FROM items WHERE title GLOB ?", (f"*{words}*",)).fetchone()
    return int(row[0])


def test_a_preview_keeps_nothing(db: Database) -> None:
    follow.preview(db, "Oracle", NOW)  # the words of all items are counted once
    before = db.total_changes
    found = follow.preview(db, "TikTok acquisition", NOW)
    assert found.linked_count > 0
    assert db.total_changes == before


def test_a_preview_finds_what_following_then_links(db: Database) -> None:
    found = follow.preview(db, "TikTok acquisition", NOW)
    story = follow.follow(db, "TikTok acquisition", NOW).story
    assert {finding.item.title for finding in found.linked} == shown(db, story)


@pytest.mark.parametrize("query", ["TikTok acquisition", "rachat de TikTok"])
def test_reports_in_four_languages_are_found_from_either(db: Database, query: str) -> None:
    story = follow.follow(db, query, NOW).story
    languages = {
        report.link.item.language for report in timelines.timeline(db, story, Window(), NOW).reports
    }
    assert languages == {"en", "fr", "de", "es"}


def test_reports_of_one_development_are_one_event_under_the_first(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    oracle = [
        report.link
        for report in timelines.timeline(db, story, Window(), NOW).reports
        if report.link.item.title.startswith("Oracle")
    ]
    assert len(oracle) == 3
    assert {link.event for link in oracle} == {min(link.item.id for link in oracle)}


def test_links_and_events_are_the_same_whichever_feed_answered_first(tmp_path: Path) -> None:
    told = []
    for number, order in enumerate((1, -1)):
        db = connect(tmp_path / f"{number}.db")
        sources = [FeedSource(f"https://{code}.example/", f"Outlet {code}") for code in "abcd"]
        feeds.take_in(db, sources, {}, "digest")
        with db.transaction():
            db.executemany(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (?1, ?2, ?2, ?2, '', 'en', 1600070400, 0)",
                [(place % 4 + 1, title) for place, title in enumerate(AT_ONCE)][::order],
            )
            db.execute("INSERT INTO queue SELECT id FROM items")
        Linker(db, NOW, lambda *_: None).link()
        story = follow.follow(db, "TikTok acquisition", NOW).story
        found = links.of_story(db, story.id)
        titles = {link.item.id: link.item.title for link in found}
        told.append({titles[link.item.id]: (titles[link.event], link.score) for link in found})
        db.close()
    assert told[0] == told[1]
    assert len(told[0]) > len({event for event, _ in told[0].values()}) > 1


def test_each_part_tells_how_much_it_finds_alone(db: Database) -> None:
    parts = {part.text: part.found for part in follow.preview(db, "TikTok acquisition", NOW).parts}
    assert parts["TikTok"] == 6
    assert parts["acquisition"] == 4  # with "in talks to buy", of which the stem is "talk"


def test_only_the_languages_asked_for_are_taken(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW, languages=["fr"]).story
    assert shown(db, story) == {"Microsoft négocie le rachat de TikTok aux États-Unis"}


def test_nothing_from_before_since_is_taken(db: Database) -> None:
    since = datetime(2020, 9, 10, tzinfo=UTC)
    story = follow.follow(db, "TikTok acquisition", NOW, since=since).story
    reports = timelines.timeline(db, story, Window(maybe=True), NOW).reports
    assert reports
    assert min(report.link.item.published for report in reports) >= since


def test_an_excluded_word_keeps_reports_out(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition -Microsoft", NOW).story
    assert not any("Microsoft" in title for title in shown(db, story, maybe=True))


def test_a_query_that_cannot_be_read_begins_no_story(db: Database) -> None:
    with pytest.raises(QueryError):
        follow.follow(db, '"TikTok', NOW)
    assert stories.slugs(db) == []


def test_following_leaves_the_garbage_collector_as_it_was(db: Database) -> None:
    follow.follow(db, "TikTok acquisition", NOW)
    with pytest.raises(QueryError):
        follow.preview(db, '"TikTok', NOW)
    assert gc.isenabled()
    gc.disable()
    try:
        follow.preview(db, "TikTok acquisition", NOW)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_slug_that_is_taken_begins_no_story(db: Database) -> None:
    follow.follow(db, "TikTok acquisition", NOW, slug="a")
    with pytest.raises(UsageError):
        follow.follow(db, "Oracle", NOW, slug="a")
    assert stories.slugs(db) == ["a"]


def test_why_tells_the_reasons_of_a_link_and_they_add_up(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    link = follow.why(db, story, items.load(db, [item_id(db, "Oracle wins")])[0])
    assert isinstance(link, Link)
    assert link.status is Status.LINKED
    assert sum(reason.worth for reason in link.reasons) == pytest.approx(link.score, abs=0.01)


def test_why_tells_what_an_item_that_is_not_linked_lacks(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    verdict = follow.why(db, story, items.load(db, [item_id(db, "New phone")])[0])
    assert isinstance(verdict, Verdict)
    assert verdict.status is None
    assert ReasonPart.NO_MATCH in {reason.part for reason in verdict.reasons}


def test_a_rejected_item_leaves_and_undo_brings_it_back(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    wins = items.load(db, [item_id(db, "Oracle wins")])
    feedback.decide(db, story, wins, Status.REJECTED, NOW)
    assert wins[0].title not in shown(db, story)
    undone = feedback.undo(db, NOW)
    assert (undone.item, undone.was, undone.now) == (wins[0], Status.REJECTED, Status.LINKED)
    assert wins[0].title in shown(db, story)


def test_undo_gives_back_what_was_learned_before(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    before = follow.learned(db, story)
    feedback.decide(db, story, items.load(db, [item_id(db, "Oracle wins")]), Status.REJECTED, NOW)
    assert follow.learned(db, story) != before
    feedback.undo(db, NOW)
    assert follow.learned(db, story) == before


def test_a_word_that_leaves_the_affair_open_is_no_unknown_one(db: Database) -> None:
    notes = {
        part.text: part.note for part in follow.preview(db, "TikTok frobnication crisis", NOW).parts
    }
    assert notes["frobnication"] == "not in the vocabulary"
    assert notes["crisis"] == "may be told in any words"


def test_undo_with_nothing_decided_is_an_error(db: Database) -> None:
    with pytest.raises(NotFoundError):
        feedback.undo(db, NOW)


def test_an_accepted_item_joins_the_event_that_it_reports(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition -Bieterkampf", NOW).story
    german = items.load(db, [item_id(db, "Bieterkampf")])
    feedback.decide(db, story, german, Status.ACCEPTED, NOW)
    accepted = links.find(db, story.id, german[0].id)
    english = links.find(db, story.id, item_id(db, "Oracle wins"))
    assert accepted is not None
    assert english is not None
    assert accepted.event == english.event


def test_a_new_query_links_what_is_stored_again(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    edited = follow.edit(db, story, NOW, query="Oracle acquisition")
    assert (edited.title, edited.slug) == ("Oracle acquisition", story.slug)
    assert {title.split()[0] for title in shown(db, edited)} == {"Oracle"}


def test_a_new_query_that_cannot_be_read_changes_nothing(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    before = shown(db, story)
    with pytest.raises(QueryError):
        follow.edit(db, story, NOW, query='"TikTok')
    assert stories.find(db, story.slug, NOW) == story
    assert shown(db, story) == before


def test_a_rematch_of_what_did_not_change_changes_nothing(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    before = [(link.item.id, link.status, link.event) for link in links.of_story(db, story.id)]
    seen: list[tuple[int, int]] = []
    count = follow.rematch(db, NOW, lambda done, total: seen.append((done, total)))
    after = [(link.item.id, link.status, link.event) for link in links.of_story(db, story.id)]
    assert after == before
    assert count == len(shown(db, story))
    assert seen == [(0, 1), (1, 1)]


def test_a_rematch_brings_nothing_back_as_new(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    timeline = timelines.timeline(db, story, Window(), NOW)
    stories.mark_seen(db, story.id, timeline.arrival, NOW)
    follow.rematch(db, NOW, lambda *_: None)
    assert timelines.timeline(db, story, Window(only_new=True), NOW).reports == ()


def test_search_finds_by_the_same_language_and_keeps_nothing(db: Database) -> None:
    before = db.total_changes
    found = follow.search(db, "TikTok acquisition", NOW)
    assert {finding.item.language for finding in found.linked} >= {"en", "fr"}
    assert db.total_changes == before


def test_what_is_polled_later_is_linked_and_learned_from(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    before = len(shown(db, story))
    store(db, ((19, "en", "Trump blesses Oracle's deal to buy TikTok"),))
    assert len(shown(db, story)) == before + 1


def test_a_word_that_the_user_sets_counts_at_once(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    feedback.set_terms(db, story, {"Oracle": 0.9}, NOW)
    terms = {term.text.casefold(): term.weight for term in follow.learned(db, story)}
    assert terms["oracle"] == pytest.approx(0.9)
    feedback.set_terms(db, story, {"Oracle": None}, NOW)
    terms = {term.text.casefold(): term.weight for term in follow.learned(db, story)}
    assert terms.get("oracle", 0) != pytest.approx(0.9)


def test_an_outlets_name_in_every_title_links_nothing_by_itself(db: Database) -> None:
    db.execute("UPDATE feeds SET outlet_name = 'The Oracle Times'")
    texts = ("Rain in the north", "Cup is won", "Cars are sold", "Books to read")
    store(db, tuple((17, "en", f"{text} - The Oracle Times") for text in texts))
    story = follow.follow(db, "Oracle acquisition", NOW).story
    assert not any("Times" in title for title in shown(db, story))


def test_a_future_look_back_window_is_empty(db: Database) -> None:
    assert follow.preview(db, "TikTok", NOW, since=NOW + timedelta(days=1)).linked_count == 0


def test_a_word_that_no_report_holds_yet_is_taken_up_and_listed_as_typed(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    feedback.set_terms(db, story, {"Société Zorblax": 0.5}, NOW)
    term = next(term for term in follow.learned(db, story) if term.given)
    assert (term.text, term.weight, term.items, term.since) == ("Société Zorblax", 0.5, 0, None)
    feedback.set_terms(db, story, {"societe zorblax": None}, NOW)
    assert not any(term.given for term in follow.learned(db, story))


def test_what_was_doubtful_is_judged_again_once_a_word_is_taken_up_or_ignored(
    db: Database,
) -> None:
    story = follow.follow(db, "TikTok Walmart acquisition", NOW).story
    title = "A teenager's TikTok dance is all over the world"
    assert title not in shown(db, story)
    assert title in shown(db, story, maybe=True)
    feedback.set_terms(db, story, {"dance": 1.0}, NOW)
    assert title in shown(db, story)
    feedback.set_terms(db, story, {"dance": -1.0}, NOW)
    assert title not in shown(db, story, maybe=True)


def test_a_word_taken_up_survives_another_query(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    feedback.set_terms(db, story, {"Oracle": 0.5}, NOW)
    follow.edit(db, story, NOW, query="TikTok sale")
    assert [term.text for term in follow.learned(db, story) if term.given] == ["Oracle"]


def test_a_query_is_widened_by_a_name_beside_the_one_that_it_has() -> None:
    assert follow.widened("TikTok acquisition", "Oracle") == "TikTok OR Oracle acquisition"
    assert follow.widened("grève chez Nestlé -thé", "Aldi") == "grève chez Nestlé OR Aldi -thé"
    assert follow.widened("TikTok OR Oracle deal", "Walmart") == "TikTok OR Oracle OR Walmart deal"
    assert follow.widened("Elizabeth Holmes trial", "Balwani") is None
    assert follow.widened("strike", "Nokia") is None
    assert follow.widened("TikTok NOT music", "Oracle") == "TikTok OR Oracle NOT music"  # of before


def test_a_doubtful_report_is_counted_once_however_often_it_is_looked_at(db: Database) -> None:
    story = follow.follow(db, "TikTok Oracle acquisition", NOW).story
    feedback.set_terms(db, story, {"dance": -0.25}, NOW)
    for _ in range(3):
        feedback.set_terms(db, story, {}, NOW)
    settled = counted(db, story)
    for _ in range(3):
        feedback.set_terms(db, story, {}, NOW)
    assert counted(db, story) == settled


def counted(db: Database, story: Story) -> list[tuple[str, float]]:
    """Return the words that a story has learned, and all its scores."""
    words = [(term.text, term.weight) for term in follow.learned(db, story)]
    return words + [(link.item.title, link.score) for link in links.of_story(db, story.id)]


def test_an_accepted_report_counts_from_its_own_date_when_all_is_rematched(db: Database) -> None:
    store(db, tuple((-20 * week, "en", f"TikTok takes week {week} off") for week in range(60)))
    story = follow.follow(db, "TikTok acquisition", NOW).story
    wins = items.load(db, [item_id(db, "Oracle wins")])
    feedback.decide(db, story, wins, Status.ACCEPTED, NOW)
    before = counted(db, story)
    follow.rematch(db, NOW, lambda *_: None)
    assert counted(db, story) == before


def test_undo_after_a_new_query_links_what_that_finds(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    (wins,) = items.load(db, [item_id(db, "Oracle wins")])
    feedback.decide(db, story, [wins], Status.ACCEPTED, NOW)
    edited = follow.edit(db, story, NOW, query="Quux lawsuit")
    assert shown(db, edited) == {wins.title}
    assert feedback.undo(db, NOW).now is None
    assert shown(db, edited) == set()


def test_why_tells_of_an_accepted_report_what_the_new_query_finds(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    wins = items.load(db, [item_id(db, "Oracle wins")])
    feedback.decide(db, story, wins, Status.ACCEPTED, NOW)
    edited = follow.edit(db, story, NOW, query="Quux lawsuit")
    link = follow.why(db, edited, wins[0])
    assert isinstance(link, Link)
    assert link.status is Status.ACCEPTED
    assert link.score < 0.2


@pytest.mark.parametrize("change", ["rematch", "edit"])
def test_a_closed_story_takes_nothing_up(db: Database, change: str) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    stories.change(db, story.id, state="closed")
    closed = stories.by_id(db, story.id, NOW)
    before = shown(db, story)
    store(db, ((19, "en", "Trump blesses Oracle's deal to buy TikTok"),))
    if change == "edit":
        follow.edit(db, closed, NOW, since=NOW - timedelta(days=900))
    else:
        assert follow.rematch(db, NOW, lambda *_: None) == len(before)
    assert shown(db, story) == before
    assert follow.reopen(db, closed, NOW) == 1


def test_a_closed_story_that_is_muted_takes_up_what_it_missed_and_stays_muted(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    stories.change(db, story.id, state="closed")
    closed = stories.by_id(db, story.id, NOW)
    store(db, ((19, "en", "Trump blesses Oracle's deal to buy TikTok"),))
    until = NOW + timedelta(days=3)
    assert follow.mute(db, closed, until, NOW) == 1
    muted = stories.by_id(db, story.id, NOW)
    assert (muted.state, muted.muted_until) == (State.MUTED, until)


def test_a_link_that_waits_to_be_matched_again_stays_through_an_edit(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    before = shown(db, story)
    number = item_id(db, "Oracle wins")
    db.execute(
        "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
        " SELECT 'delete', id, title, summary, address FROM items WHERE id = ?",
        (number,),
    )
    db.execute("INSERT INTO queue VALUES (?)", (number,))
    edited = follow.edit(db, story, NOW, since=NOW - timedelta(days=900))
    assert shown(db, edited) == before


def test_what_another_process_stored_meanwhile_is_taken_up(db: Database, tmp_path: Path) -> None:
    matcher = matcher_of(db, follow.follow(db, "TikTok acquisition", NOW).story)
    found = backfill.judge_stored(db, matcher, NOW)
    other = connect(tmp_path / "t.db")
    store(other, ((19, "en", "Trump blesses Oracle's deal to buy TikTok"),))
    other.close()
    assert found.version != db.version()
    again = backfill.judge_stored(db, matcher, NOW)
    assert len(again.judged) == len(found.judged) + 1


def test_others_write_while_reports_are_judged(db: Database, tmp_path: Path) -> None:
    other = connect(tmp_path / "t.db", timeout=0.0)

    def write(*_: object) -> None:
        stories.mark_seen(other, story.id, 1, NOW)

    story = follow.follow(db, "TikTok acquisition", NOW).story
    # Within its own transaction it may look once more at what has changed meanwhile.
    db.set_trace_callback(lambda sql: write() if "MATCH" in sql and not db.in_transaction else None)
    follow.edit(db, story, NOW, query="Oracle acquisition")
    db.set_trace_callback(None)
    other.close()
    assert stories.by_id(db, story.id, NOW).seen is not None


def meanwhile(db: Database, work: Callable[[Database], object]) -> None:
    """Have another process do something once, while what is stored is gone through."""
    done: list[object] = []

    def seen(sql: str) -> None:
        if "MATCH" in sql and not done:
            done.append(sql)
            other = connect(db.path)
            work(other)
            other.close()

    db.set_trace_callback(seen)


def test_two_edits_at_once_leave_a_story_that_is_understood_as_its_query(db: Database) -> None:
    story = follow.follow(db, "TikTok dance", NOW).story
    meanwhile(db, lambda other: follow.edit(other, story, NOW, query="Oracle acquisition"))
    edited = follow.edit(db, story, NOW, languages=["en"])
    assert (edited.query, edited.languages) == ("Oracle acquisition", ("en",))
    assert [part.text for part in shown_parts(matcher_of(db, edited).interpretation)] == [
        "Oracle",
        "acquisition",
    ]
    assert shown(db, edited) == {"Oracle wins bidding to buy TikTok, Microsoft says"}


@pytest.mark.parametrize("change", ["edit", "reopen", "rematch", "decide"])
def test_a_story_that_is_removed_meanwhile_is_not_found(db: Database, change: str) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    stories.change(db, story.id, state="closed" if change == "reopen" else "open")
    story = stories.by_id(db, story.id, NOW)
    wins = items.load(db, [item_id(db, "Oracle wins")])
    if change == "decide":
        stories.remove(db, story.id)
    else:
        meanwhile(db, lambda other: stories.remove(other, story.id))
    if change == "rematch":
        assert follow.rematch(db, NOW, lambda *_: None) == 0
        return
    with pytest.raises(NotFoundError):
        if change == "edit":
            follow.edit(db, story, NOW, query="Oracle acquisition")
        elif change == "reopen":
            follow.reopen(db, story, NOW)
        else:
            feedback.decide(db, story, wins, Status.ACCEPTED, NOW)


def test_an_empty_query_changes_nothing(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    with pytest.raises(QueryError):
        follow.edit(db, story, NOW, query="")
    assert stories.by_id(db, story.id, NOW) == story


def test_a_slug_that_is_taken_meanwhile_changes_nothing(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    meanwhile(db, lambda other: follow.follow(other, "Oracle bid", NOW, slug="oracle"))
    with pytest.raises(UsageError):
        follow.edit(db, story, NOW, query="Oracle acquisition", slug="oracle", words={"bid": 0.5})
    assert stories.by_id(db, story.id, NOW) == story
    assert not [term for term in follow.learned(db, story) if term.given]


def test_why_tells_no_link_of_what_no_poll_looks_at(db: Database) -> None:
    story = follow.follow(db, "Streik", NOW).story
    store(db, ((19, "de", "Zugbegleiterstreik beginnt"),))
    assert not links.of_story(db, story.id)
    verdict = follow.why(db, story, items.load(db, [item_id(db, "Zugbegleiterstreik")])[0])
    assert isinstance(verdict, Verdict)
    assert verdict.status is None


NOKIA = (
    *((day, "en", f"Nokia opens lab {day}") for day in range(1, 13)),
    (13, "en", "Nokia to lay off 5,000 workers"),
    (5, "en", "Cars are sold"),
)


@pytest.mark.parametrize("words", ["Nokia opens lab 3", "Cars are sold", "Nokia to lay off"])
def test_a_decision_that_is_taken_back_teaches_nothing(db: Database, words: str) -> None:
    store(db, NOKIA)
    story = follow.follow(db, "Nokia layoffs", NOW).story
    found, before = items.load(db, [item_id(db, words)]), counted(db, story)
    for status in (Status.REJECTED, Status.ACCEPTED, Status.REJECTED, Status.ACCEPTED):
        feedback.decide(db, story, found, status, NOW)
        feedback.undo(db, NOW)
    assert counted(db, story) == before


def test_a_part_is_counted_where_it_is_matched_not_where_the_index_may_have_it(
    db: Database,
) -> None:
    store(
        db,
        (
            (20, "en", "Rust and C++ are compared"),
            (20, "en", "Vitamin C and the flu"),
            (21, "en", "It is what it is"),
            (21, "en", "IT outage grounds flights"),
        ),
    )
    parts = [part for query in ("C++", "IT") for part in follow.search(db, query, NOW).parts]
    assert [(part.text, part.found, part.more) for part in parts] == [
        ("C++", 1, False),
        ("IT", 1, False),
    ]


def test_of_very_many_items_not_all_are_read_to_count_a_part(db: Database) -> None:
    store(db, tuple((20, "en", f"Zorblax report {number}") for number in range(follow.COUNTED + 1)))
    (part,) = follow.search(db, "Zorblax", NOW).parts
    assert (part.found, part.more) == (follow.COUNTED, True)


def test_what_following_found_is_unread_before_the_first_look_or_past_as_is_asked(
    db: Database,
) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    unread = {
        past_seen: timelines.timeline(db, story, Window(limit=1, past_seen=past_seen), NOW).unread
        for past_seen in (False, True)
    }
    assert unread[False] > unread[True] == 0
