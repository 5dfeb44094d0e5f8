"""How stories are understood is kept, and read as long as it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import QueryError
from tracker.model.polling import FeedSource
from tracker.services import follow
from tracker.services.registry import StoryRegistry, keep_understanding, matcher_of
from tracker.store.archive import items
from tracker.store.database import Database
from tracker.store.following import compiled as kept
from tracker.store.following import stories
from tracker.store.polling import feeds
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.serialization import code_digest, dump
from tracker.stories.query.serialization import load as load_understanding
from tracker.stories.query.syntax import parse
from tracker.stories.scoring.profile_codec import profile_from_json
from tracker.stories.scoring.weights import WEIGHTS, weights_for
from tracker.stories.text.documents import prepare
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.understanding.pipeline import interpret

NOW = datetime(2020, 9, 14, 12, tzinfo=UTC)
TITLE = prepare("Oracle wins bid to buy TikTok", "", "en")


def begun(db: Database, query: str) -> int:
    """Begin a story of which nothing is kept."""
    with db.transaction():
        return stories.create(db, query, NOW).id


def anchors(query: str) -> str:
    return " ".join(sorted(StoryMatcher.of(query, load_lexicon()).index_terms()))


def rows(db: Database) -> list[tuple[int, str, str]]:
    return db.execute("SELECT story_id, made_by, anchors FROM compiled").fetchall()


def stored(db: Database, dates: list[int], titles: list[str] | None = None) -> None:
    """Store an item of each date, in seconds; nothing waits to be linked."""
    items_of = zip(dates, titles or ["A title"] * len(dates), strict=True)
    feeds.take_in(db, [FeedSource("https://a.example/", "A")], {}, "digest")
    with db.transaction():
        db.executemany(
            "INSERT INTO items (feed_id, entry_id, url, title, summary, published, first_seen)"
            " VALUES (1, ?1, ?1, ?2, '', ?1, 0)",
            items_of,
        )
        db.execute("INSERT INTO items_fts (rowid, title) SELECT id, title FROM items")
        db.execute("UPDATE feeds SET items = ?", (len(dates),))


def test_how_much_the_feeds_bring_is_told_by_the_dates_of_the_latest(db: Database) -> None:
    now, day = int(NOW.timestamp()), 86_400
    wrong = [0, 1, now + 900 * day, now + 901 * day]
    stored(db, [*wrong, *(now - hour * 3_600 // 100 for hour in range(12_000))])
    assert items.a_year(db) == pytest.approx(100 * 24 * 365, rel=0.01)


def test_of_few_reports_it_is_not_told_how_many_there_are_a_year(db: Database) -> None:
    stored(db, list(range(999)))
    assert items.a_year(db) is None


def test_reports_of_one_moment_are_those_of_a_day(db: Database) -> None:
    stored(db, list(range(2_000)))
    assert items.a_year(db) == pytest.approx(1_800 * 365, rel=0.01)


def test_what_new_feeds_kept_of_years_is_not_all_that_was_told_then(db: Database) -> None:
    now, day = int(NOW.timestamp()), 86_400
    kept = [now - day * (60 + 10 * number) for number in range(150)]
    stored(db, [*kept, *(now - day * number // 100 for number in range(2_500))])
    since = items.covered_since(db)
    assert since is not None
    assert NOW - timedelta(days=28) < since < NOW - timedelta(days=20)


def test_where_all_days_brought_as_much_reports_are_known_since_the_first(db: Database) -> None:
    now, hour = int(NOW.timestamp()), 3_600
    stored(db, [now - hour * number for number in range(2_400)])
    since = items.covered_since(db)
    assert since is not None
    assert NOW - timedelta(days=100) <= since < NOW - timedelta(days=98)


def test_of_two_reports_the_first_tells_since_when_there_are_any(db: Database) -> None:
    stored(db, [1_000_000, 2_000_000])
    assert items.covered_since(db) == datetime.fromtimestamp(1_000_000, UTC)


def test_without_reports_it_is_not_known_since_when_there_are_any(db: Database) -> None:
    assert items.covered_since(db) is None


def test_a_story_knows_since_when_the_feeds_bring_reports(db: Database) -> None:
    now, day = int(NOW.timestamp()), 86_400
    stored(db, [now - day * number for number in range(90)])
    first = (NOW - timedelta(days=89)).toordinal()
    followed = follow.follow(db, "Zorblax trial", NOW)
    assert profile_from_json(stories.profile(db, followed.story.id)).first == first
    assert StoryRegistry.load(db).profile(db, begun(db, "Quux trial")).first == first


def test_a_story_knows_no_reports_before_its_first_day(db: Database) -> None:
    now, day = int(NOW.timestamp()), 86_400
    stored(db, [now - day * number for number in range(90)])
    followed = follow.follow(db, "Zorblax trial", NOW, since=NOW - timedelta(days=10))
    first = (NOW - timedelta(days=10)).toordinal()
    assert profile_from_json(stories.profile(db, followed.story.id)).first == first


def test_stories_are_judged_by_what_the_feeds_bring(db: Database) -> None:
    now = int(NOW.timestamp())
    stored(db, [now - 60 * number for number in range(3_000)])
    followed = StoryRegistry.load(db)
    story = stories.by_id(db, begun(db, "Zorblax trial"), NOW)
    usual = weights_for(items.a_year(db)).typical_reports_a_year
    assert usual > WEIGHTS.typical_reports_a_year
    assert matcher_of(db, story).scorer.weights.typical_reports_a_year == usual
    followed.load_matchers(db, [story.id], NOW)
    assert followed.matchers[story.id].scorer.weights.typical_reports_a_year == usual


def test_a_story_is_begun_by_what_the_feeds_bring(db: Database) -> None:
    now, titles = int(NOW.timestamp()), ["A title"] * 3_000
    for number in range(150):
        titles[20 * number] = f"Zorblax says {number}"
    titles[1_010] = "Zorblax before the judge"
    stored(db, [now - 60 * number for number in range(3_000)], titles)
    assert follow.preview(db, "Zorblax trial", NOW).linked_count > 0


@pytest.mark.parametrize(
    "query",
    [
        "TikTok acquisition",
        "rachat de TikTok",
        "food stamps cut off",
        'title:"New Quux" OR title:Zorblax -rumour -"press release" lang:fr OR lang:de -after:2020',
        "grève éboueurs",
        "Tesla Musk pay",
        "GPT-5 release",
        "Anna Quuxly trial",
        "The Who",
        "Eurovision Israel boycott",
        "Spain doctors strike -rumour",
    ],
)
def test_an_understanding_is_read_as_it_was_written(query: str) -> None:
    understanding = interpret(parse(query), load_lexicon())
    assert load_understanding(dump(understanding), load_lexicon()) == understanding


WORDS = 'Quux TikTok trial IPO grève éboueurs the US -ban "oil price" OR title:deal 6 Anna Spain'


@pytest.mark.repeats
@given(st.lists(st.sampled_from(WORDS.split(" ")), min_size=1, max_size=6).map(" ".join))
def test_any_understanding_is_read_as_it_was_written(query: str) -> None:
    try:
        understanding = interpret(parse(query), load_lexicon())
    except QueryError:
        return
    assert load_understanding(dump(understanding), load_lexicon()) == understanding


def test_what_a_poll_had_to_find_is_kept(db: Database) -> None:
    story = begun(db, "TikTok acquisition")
    assert StoryRegistry.load(db).index.stories(TITLE) == {story}
    assert rows(db) == [(story, code_digest(), anchors("TikTok acquisition"))]


def test_what_is_kept_is_read_and_not_found_anew(db: Database) -> None:
    story = begun(db, "TikTok acquisition")
    StoryRegistry.load(db)
    db.execute("UPDATE compiled SET anchors = 'oracle'")
    engine = StoryRegistry.load(db).index
    assert engine.stories(TITLE) == {story}
    assert engine.stories(prepare("TikTok is bought", "", "en")) == set()


def test_what_other_code_kept_is_found_anew(db: Database) -> None:
    story = begun(db, "TikTok acquisition")
    StoryRegistry.load(db)
    db.execute("UPDATE compiled SET anchors = 'nothing', understanding = '', made_by = 'other'")
    assert StoryRegistry.load(db).index.stories(TITLE) == {story}
    assert rows(db) == [(story, code_digest(), anchors("TikTok acquisition"))]


def test_following_and_editing_keep_how_the_query_is_understood(db: Database) -> None:
    story = follow.follow(db, "TikTok acquisition", NOW).story
    assert rows(db) == [(story.id, code_digest(), anchors("TikTok acquisition"))]
    follow.edit(db, story, NOW, query="Zorblax acquisition")
    assert rows(db) == [(story.id, code_digest(), anchors("Zorblax acquisition"))]


def test_another_query_makes_what_was_kept_void(db: Database) -> None:
    story = begun(db, "TikTok acquisition")
    StoryRegistry.load(db)
    stories.change(db, story, title="TikTok")
    assert len(rows(db)) == 1
    stories.change(db, story, query="Zorblax acquisition")
    assert rows(db) == []


def test_of_a_story_that_changed_or_went_meanwhile_nothing_is_kept(db: Database) -> None:
    story = begun(db, "Zorblax acquisition")
    matcher = StoryMatcher.of("TikTok acquisition", load_lexicon())
    keep_understanding(db, [(story, "TikTok acquisition", matcher), (9, "Quux deal", matcher)])
    assert rows(db) == []


def test_what_is_kept_goes_with_its_story(db: Database) -> None:
    stories.remove(db, follow.follow(db, "TikTok acquisition", NOW).story.id)
    assert rows(db) == []


def test_a_matcher_of_what_is_kept_is_the_one_of_the_query(db: Database) -> None:
    story = follow.follow(db, "Tesla Musk pay", NOW, languages=("en",)).story
    assert kept.understandings(db, [story.id], code_digest())
    read = matcher_of(db, story)
    found = StoryMatcher.of("Tesla Musk pay", load_lexicon(), languages=("en",))
    assert read.interpretation == found.interpretation
    assert (read.anchor_numbers, read.languages, read.since) == (
        found.anchor_numbers,
        ("en",),
        None,
    )


def test_closed_stories_are_not_looked_for(db: Database) -> None:
    story = begun(db, "TikTok acquisition")
    stories.change(db, story, state="closed")
    assert not StoryRegistry.load(db).index
