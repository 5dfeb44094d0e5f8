"""The engine finds by runs of characters just the stories that are found word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_item

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.text.documents import AnalyzedItem, analyze_prepared, prepare
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.stopwords import stop_words
from tracker.stories.tracking.story_matcher import StoryMatcher

ANCHORS = {
    1: {"zorblax", "zorblaxs"},
    2: {"tiktok"},
    3: {"quux6", "grandquux", "grand_quux", "the_grand"},
    4: {"acquisit", "buy", "compr"},
    5: {"us", "fr"},
    6: {"att", "don"},
}
RUNS = [
    *("Zorblax", "zorblax's", "ZorBlax,", "Zor", "Blax", "zor-blax", "Zor—", "—", "|", "-"),
    *("Tik", "Tok", "TikTok:", "tik", "tok", "Tik-Tok", "t", "iktok", "Quux", "VI", "6", "Grand"),
    *("acquisition", "acquisitions", "buying", "comprar", "U.S.", "U.S", "l'us", "AT&T", "d'"),
    *("don't", "d'on", "(Grand)", "ﬁ", "Ｚｏｒｂｌａｘ", "été", "a" * 50, "zorblax" * 9, "the"),
]


def word_by_word(title: str, summary: str, language: str | None, source: str) -> set[int]:
    """Find stories as plainly as can be: each word, its stem, two words beside or as one."""
    found = set()
    text = analyze_prepared(prepare(title, summary, language, source))
    functions = stop_words(text.language)
    for words in (text.title, text.summary):
        folds = [word.norm for word in words]
        held = {*folds, *(word.stem for word in words), *map("_".join, pairwise(folds))}
        held |= {one + two for one, two in pairwise(folds) if not {one, two} & functions}
        found |= {story for story, anchors in ANCHORS.items() if anchors & held}
    return found


TEXTS = st.lists(st.sampled_from(RUNS) | st.text(max_size=6), max_size=12).map(" ".join)


@given(TEXTS, TEXTS, st.sampled_from([*SNOWBALL, "xx"]), st.sampled_from(["", "Zor Tok"]))
def test_runs_find_what_words_find(title: str, summary: str, language: str, source: str) -> None:
    engine = StoryIndex(ANCHORS.items())
    for _ in range(2):  # looked at, then remembered
        found = engine.stories(prepare(title, summary, language, source))
        assert found == word_by_word(title, summary, language, source)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Tik Tok dances", {2}),
        ("Tik — Tok dances", {2}),
        ("Tik a Tok", set()),
        ("Le Tik-Tok", {2}),
        ("l'a Quux VI", {3}),
        ("Grand, Quux", {3}),
        ("Two talks to buy", {4}),
    ],
)
def test_two_words_joined_are_found_over_what_has_no_words(title: str, expected: set[int]) -> None:
    assert StoryIndex(ANCHORS.items()).stories(prepare(title, "", "en")) == expected


@pytest.mark.parametrize(
    "title", ["In Tel Aviv", "In-Tel Aviv", "A day in-tel", "Quux of", "Quux-of"]
)
def test_a_function_word_is_no_half_of_a_name_of_one_word(title: str) -> None:
    assert StoryIndex([(1, {"intel", "quuxof"})]).stories(prepare(title, "", "en")) == set()


@pytest.mark.parametrize("title", ["The Grand opens", "The-Grand opens", "TheGrand opens"])
def test_a_function_word_begins_a_name_that_is_listed_with_it(title: str) -> None:
    engine = StoryIndex([(1, StoryMatcher.of('"The Grand" strike', load_lexicon()).index_terms())])
    assert engine.stories(prepare(title, "", "en")) == {1}


def test_a_name_of_two_words_is_found_in_the_genitive_without_its_apostrophe() -> None:
    engine = StoryIndex([(1, StoryMatcher.of("Anna Quuxly trial", load_lexicon()).index_terms())])
    assert engine.stories(prepare("Anna Quuxlys trial begins", "", "en")) == {1}


@pytest.mark.parametrize(
    ("title", "stories"),
    [("Epicentre near the harbour", {1}), ("The aftermath in pictures", set())],
)
def test_a_subject_is_found_by_its_parts_and_not_by_what_often_goes_with_it(
    title: str, stories: set[int]
) -> None:
    matcher = StoryMatcher.of("earthquake", load_lexicon())
    assert StoryIndex([(1, matcher.index_terms())]).stories(prepare(title, "", "en")) == stories
    found = matcher.features(AnalyzedItem.of(make_item(title)))
    assert (found is not None) is bool(stories)


def test_words_of_two_fields_are_no_neighbours() -> None:
    assert StoryIndex(ANCHORS.items()).stories(prepare("Tik", "Tok", "en")) == set()


def test_what_is_no_longer_remembered_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.stories.matching.percolator._CACHE_SIZE", 2)
    engine = StoryIndex(ANCHORS.items())
    for _ in range(2):
        for title, expected in (("a b c Tik Tok d e", {2}), ("f g Zor blax h", {1})):
            assert engine.stories(prepare(title, "", "en")) == expected
