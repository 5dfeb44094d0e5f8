"""Set phrases with a word of an affair that tell nothing of it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_item

from tracker.errors import ConfigError
from tracker.stories.lexicon.idioms import (
    GAP,
    FixedExpressions,
    Phrases,
    Place,
    is_within_expression,
)
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.resources import DATA, read_sections
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import tokenize
from tracker.stories.tracking.story_matcher import StoryMatcher

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def told(query: str, title: str, language: str = "en") -> float:
    """Give how well a title tells the affair of a query, which is its last part."""
    matcher = StoryMatcher.of(query, load_lexicon())
    item = make_item(title, published=NOW, language=language)
    return matcher.features_anyway(AnalyzedItem.of(item)).levels[-1]


def idioms_of(path: Path, text: str) -> FixedExpressions:
    path.write_text(text, "utf-8")
    return FixedExpressions(path, {"strike", "trial"})


def holds(
    idioms: FixedExpressions, title: str, word: str, concept: str = "strike", typed: str = ""
) -> bool:
    """Tell whether a word of an English title is but a part of a phrase."""
    read = tokenize(title, "en")
    at = [each.text for each in read].index(word)
    asked = frozenset(each.norm for each in tokenize(typed, "en"))
    return is_within_expression(read, Place(at, 1, 1), idioms.of(concept, "en"), asked)


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        ("Zorblax strike", "Zorblax strikes a deal with Quux", "en"),
        ("Zorblax trial", "Zorblax offers a free trial", "en"),
        ("Zorblax acquisition", "Anna Quux takes over as Zorblax chief", "en"),
        ("Zorblax attack", "Zorblax chief has a heart attack", "en"),
        ("Zorblax fire", "Zorblax under fire over its prices", "en"),
        ("Zorblax CEO", "Zorblax names Anna Quux as finance chief", "en"),
        ("Zorblax limogeage", "Zorblax : trois cadres renvoyés en correctionnelle", "fr"),
        ("Zorblax examens", "Le patron de Zorblax mis en examen", "fr"),
        ("Zorblax entlassen", "Zorblax kündigt neue Preise an", "de"),
        ("Zorblax huelga", "Un preso de Zorblax en huelga de hambre", "es"),
        ("Zorblax rinvio", "Zorblax, tre dirigenti rinviati a giudizio", "it"),
        ("Zorblax incêndio", "Cessar-fogo em Zorblax", "pt"),
    ],
)
def test_a_set_phrase_tells_nothing_of_the_affair_that_one_of_its_words_tells(
    query: str, title: str, language: str
) -> None:
    assert told(query, title, language) < 0.5


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Zorblax strike", "Zorblax strike goes into its third day"),
        ("Zorblax strike", "Zorblax strike deal is near"),
        ("Zorblax trial", "Trial of Zorblax opens"),
        ("Zorblax free trial", "Zorblax ends its free trial"),
        ("Zorblax heart attack", "Zorblax chief has a heart attack"),
    ],
)
def test_the_word_by_itself_and_a_phrase_that_was_typed_tell_it(query: str, title: str) -> None:
    assert told(query, title) > 0.5


def test_words_joined_by_a_stroke_are_alternatives(tmp_path: Path) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", "[strike]\nen = strikes/struck a deal/balance\n")
    assert holds(idioms, "Quux struck a balance", "struck")
    assert holds(idioms, "Quux strikes a deal", "strikes")
    assert not holds(idioms, "Quux strikes a pose", "strikes")


def test_an_ellipsis_stands_for_up_to_four_other_words(tmp_path: Path) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", "[strike]\nen = strikes … deal\n")
    assert holds(idioms, "Quux strikes a huge deal", "strikes")
    assert holds(idioms, "Quux strikes one more very big deal", "strikes")
    assert not holds(idioms, "Quux strikes one more very big new deal", "strikes")


def test_a_word_within_or_at_the_end_of_a_phrase_is_a_part_of_it(tmp_path: Path) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", "[strike]\nen = lucky strike, on strike duty\n")
    assert holds(idioms, "A lucky strike for Quux", "strike")
    assert holds(idioms, "Quux on strike duty", "strike")
    assert not holds(idioms, "Quux on strike", "strike")


def test_a_form_as_long_as_the_phrase_is_no_part_of_it(tmp_path: Path) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", "[strike]\nen = lucky strike\n")
    read = tokenize("A lucky strike", "en")
    assert not is_within_expression(read, Place(1, 2, 2), idioms.of("strike", "en"), frozenset())


def test_a_form_that_goes_on_behind_the_phrase_is_no_part_of_it(tmp_path: Path) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", "[strike]\nen = the lucky strike\n")
    read = tokenize("The lucky strike ballot", "en")
    assert not is_within_expression(read, Place(2, 2, 2), idioms.of("strike", "en"), frozenset())
    assert is_within_expression(read, Place(2, 1, 1), idioms.of("strike", "en"), frozenset())


def test_a_phrase_of_one_concept_is_none_of_another(tmp_path: Path) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", "[strike]\nen = lucky strike\n")
    assert not holds(idioms, "A lucky strike", "strike", "trial")
    assert idioms.of_all(["strike", "trial"], "en") == {}
    assert idioms.of_all(["strike"], "en") == idioms.of("strike", "en")


def test_what_was_typed_is_meant(tmp_path: Path) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", "[strike]\nen = lucky strike\n")
    assert not holds(idioms, "A lucky strike", "strike", typed="lucky strike")
    assert holds(idioms, "A lucky strike", "strike", typed="strike")


def test_without_the_file_there_are_no_idioms(tmp_path: Path) -> None:
    assert FixedExpressions(tmp_path / "idioms.ini", {"strike"}).of("strike", "en") == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[stroke]\nen = lucky strike\n", "no such concept"),
        ("[strike]\nxx = lucky strike\n", "no language"),
        ("[strike]\nen = lucky strike, strike\n", "'strike' has to have two words"),
        ("[strike]\nen = strike/lucky … \n", "has to have two words"),
    ],
)
def test_a_file_out_of_form_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    idioms = idioms_of(tmp_path / "idioms.ini", text)
    with pytest.raises(ConfigError, match=rf"idioms\.ini.*{problem}"):
        idioms.of("strike", "en")


@given(st.lists(st.sampled_from(["strikes", "deal", "quux"]), min_size=1, max_size=12))
def test_a_phrase_reaches_from_its_first_word_to_the_nearest_last_one(typed: list[str]) -> None:
    phrases: Phrases = {"strikes": [("strikes", GAP, "deal")]}
    read = tokenize(" ".join(typed), "en")
    within: set[int] = set()
    for start, word in enumerate(typed):
        if word == "strikes" and "deal" in typed[start + 1 : start + 6]:
            within |= set(range(start, typed.index("deal", start) + 1))
    found = [
        is_within_expression(read, Place(at, 1, 1), phrases, frozenset())
        for at in range(len(typed))
    ]
    assert found == [at in within for at in range(len(typed))]


def test_each_phrase_holds_a_shorter_form_of_its_concept() -> None:
    vocabulary = load_lexicon()
    strange = []
    for concept, lists in read_sections(DATA / "idioms.ini").items():
        for language in lists:
            forms = [set(form.tokens) for form in vocabulary.forms(concept, language)]
            for phrase in chain.from_iterable(
                vocabulary.expressions.of(concept, language).values()
            ):
                read = [word.stem for word in tokenize(" ".join(phrase), language)]
                if not any(len(form) < len(read) and form.issubset(read) for form in forms):
                    strange.append((concept, phrase))
    assert not strange


def test_the_file_lists_phrases_in_all_languages() -> None:
    listed = read_sections(DATA / "idioms.ini").values()
    assert {language for lists in listed for language in lists} == set(SNOWBALL)
