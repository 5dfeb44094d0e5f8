"""Which reports a story looks at: what the index finds for it, and what of that is a candidate."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
from making import make_item

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.tracking.story_matcher import StoryMatcher


def in_full_text(query: str, title: str) -> bool:
    expression = StoryMatcher.of(query, load_lexicon()).fulltext_expression(SNOWBALL)
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table f using fts5(title, tokenize='unicode61 remove_diacritics 2')")
    db.execute("insert into f values (?)", (title,))
    found = db.execute("select count(*) from f where f match ?", (expression,)).fetchone()
    db.close()
    return bool(found[0])


def is_candidate(query: str, title: str) -> bool:
    published = datetime(2031, 3, 1, 12, tzinfo=UTC)
    item = make_item(title, published=published)
    return StoryMatcher.of(query, load_lexicon()).features(AnalyzedItem.of(item)) is not None


@pytest.mark.parametrize(
    "title",
    ["Zor Blax opens", "ZORBLAX opens", "Zorblax's shop", "Der Zorblax-Laden", "zorblaxs open"],
)
def test_full_text_search_finds_every_candidate(title: str) -> None:
    assert in_full_text("ZorBlax acquisition", title)


def test_full_text_search_finds_the_inflected_words_of_a_form() -> None:
    assert in_full_text("depósito de municiones", "An ammunition and fuel depot")
    assert not in_full_text("depósito de municiones", "A fuel depot")


def test_full_text_search_finds_what_is_read_from_a_sign() -> None:
    assert in_full_text("Disney Plus price", "Disney+ is dearer now")
    engine = StoryIndex([(1, StoryMatcher.of("Disney Plus price", load_lexicon()).index_terms())])
    assert engine.stories(prepare("Disney+ is dearer now", "", "en")) == {1}


@pytest.mark.parametrize("title", ["A flu season begins", "Influenza is back", "Season of the flu"])
def test_what_shows_a_subject_is_looked_at(title: str) -> None:
    assert in_full_text("flu season", title)
    assert is_candidate("flu season", title)


@pytest.mark.parametrize("title", ["A football season begins", "Covid is back"])
def test_what_is_wider_than_the_subject_or_its_kin_is_not(title: str) -> None:
    assert not in_full_text("flu season", title)
    assert not is_candidate("flu season", title)


def test_the_words_of_a_phrase_are_found_apart_in_other_forms_and_all_of_them() -> None:
    title = "Schools: smartphones to be forbidden"
    assert in_full_text("school phone ban", title)
    assert is_candidate("school phone ban", title)
    assert not in_full_text("school phone ban", "Schools are closed, pupils stay at home")


@pytest.mark.parametrize(
    ("stored", "looked_for"),
    [
        ({"de"}, {"streik"}),
        ({"en-GB", "fr"}, {"walkout", "grev"}),
        ({"sv"}, {"walkout"}),  # of a language without words of its own the English ones are read
        ({"de", None}, {"streik", "walkout", "grev"}),
        (set(), set()),
    ],
)
def test_only_words_of_the_languages_that_are_stored_are_looked_for(
    stored: set[str | None], looked_for: set[str]
) -> None:
    matcher = StoryMatcher.of("Zorblax strike", load_lexicon())
    _, strike = matcher.segment_expressions(stored)
    assert {word for word in ("streik", "walkout", "grev") if f'"{word}' in strike} == looked_for


def test_a_story_in_one_language_looks_for_no_words_of_others() -> None:
    matcher = StoryMatcher.of("pension strike", load_lexicon(), languages=("de",))
    assert matcher.fulltext_expression({"de", "en"}) == matcher.fulltext_expression({"de"})
    assert matcher.fulltext_expression({"de"}) != matcher.fulltext_expression({"en"})
