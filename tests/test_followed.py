"""How stories are understood is kept, and read as long as it holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import QueryError
from tracker.services import follow
from tracker.services.registry import StoryRegistry, keep_understanding, matcher_of
from tracker.store.database import Database
from tracker.store.following import compiled as kept
from tracker.store.following import stories
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.serialization import code_digest, dump
from tracker.stories.query.serialization import load as load_understanding
from tracker.stories.query.syntax import parse
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
