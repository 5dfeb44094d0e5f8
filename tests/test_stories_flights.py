"""Flights told by their numbers, in queries on what befalls planes."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from making import make_item

from tracker.stories.lexicon.flight_numbers import flight_key
from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.resources import DATA, read_sections, split_list
from tracker.stories.scoring.features import PRESENT
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import tokenize
from tracker.stories.tracking.story_matcher import StoryMatcher

ITEM = make_item("", published=datetime(2031, 3, 1, 12, tzinfo=UTC))
QUERY = "Jeju Air crash"


def named(query: str) -> list[str]:
    """Give all that the names of a query are called."""
    parts = StoryMatcher.of(query, load_lexicon()).interpretation.segments
    return [form.text for part in parts if part.kind == "name" for form in part.forms[ANY_LANGUAGE]]


def is_told(query: str, title: str, language: str = "en") -> bool:
    """Tell whether a title holds the name of a query, wherever reports are looked for."""
    matcher = StoryMatcher.of(query, load_lexicon())
    case = matcher.candidate(AnalyzedItem.of(replace(ITEM, title=title, language=language)))
    held = case is not None and case.features.names_present == PRESENT
    assert held <= bool(
        StoryIndex([(1, matcher.index_terms())]).stories(prepare(title, "", language))
    )
    assert held <= in_full_text(matcher, title)
    return held


def in_full_text(matcher: StoryMatcher, title: str) -> bool:
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table f using fts5(title, tokenize='unicode61 remove_diacritics 2')")
    db.execute("insert into f values (?)", (title,))
    expression = matcher.fulltext_expression(SNOWBALL)
    found = db.execute("select count(*) from f where f match ?", (expression,)).fetchone()
    db.close()
    return bool(found[0])


@pytest.mark.parametrize(
    "title",
    [
        "Black boxes of 7C2216 are found",
        "Families of the 7C-2216 victims sue",
        "What we know of flight 7C 2216",
        "Bird feathers in engine: 7C2216 report",
    ],
)
def test_the_number_of_a_flight_stands_for_its_airline(title: str) -> None:
    assert is_told(QUERY, title)


@pytest.mark.parametrize(
    "title",
    [
        "Black boxes of KE2216 are found",  # another airline's
        "Court hears the 7C appeal",
        "Room 7C 1 is closed",
        "Form 7C22161 is out",
        "Sensor 7C2216B is out",
        "Rule 17C2216 is out",
    ],
)
def test_what_is_no_flight_number_of_the_airline_does_not(title: str) -> None:
    assert not is_told(QUERY, title)


def test_signs_that_mean_something_else_tell_a_flight_only_with_the_figures_behind_them() -> None:
    assert is_told("Vistara emergency landing", "UK943 lands in Mumbai on one engine")
    assert not is_told("Vistara emergency landing", "A look back at UK 2019 air crash inquiry")


def test_signs_that_are_a_word_in_small_letters_tell_a_flight_in_capitals() -> None:
    assert is_told("Aeroflot crash", "Qué pasó con el vuelo SU 1492 en Moscú", "es")
    assert not is_told("Aeroflot crash", "El piloto y su 1492 pasajeros", "es")


def test_flight_numbers_are_written_in_capitals() -> None:
    assert is_told("Lion Air crash", "What the JT610 recorder says")
    assert is_told("Lion Air crash", "What the JT 610 recorder says")
    assert not is_told("Lion Air crash", "What the jt610 recorder says")


@pytest.mark.parametrize("query", ["Jeju Air strike", "Jeju Air", "Zorblax Air crash"])
def test_of_what_befalls_no_planes_or_an_unknown_airline_no_flight_tells(query: str) -> None:
    assert not [text for text in named(query) if "flight" in text]


def test_what_is_looked_for_is_said_in_words() -> None:
    assert "7C flight numbers" in named(QUERY)


@pytest.mark.parametrize("query", ["AI171 crash", "flight AI171 crash", "crash vol AI171"])
def test_the_airline_stands_for_a_flight_that_is_typed_by_its_number(query: str) -> None:
    assert "Air India" in named(query)
    parts = StoryMatcher.of(query, load_lexicon()).interpretation.segments
    assert sorted(part.text for part in parts) == ["AI171", "crash"]


def test_a_flight_that_has_a_name_of_its_own_is_not_all_of_its_airline() -> None:
    assert "Malaysia Airlines" not in named("MH370 crash")


@pytest.mark.parametrize(
    ("written", "following", "key"),
    [
        ("sj182", "", "sj…"),
        ("4u9525", "", "4u…"),
        ("mh", "17", "mh…"),
        ("j2", "8243", "j2…"),
        ("uk", "2019", ""),
        ("sj182b", "", ""),
        ("sj1", "", ""),
        ("1234", "", ""),
        ("sj", "", ""),
        ("", "", ""),
    ],
)
def test_a_flight_number_is_two_signs_and_two_to_four_figures(
    written: str, following: str, key: str
) -> None:
    assert flight_key(written, following) == key


AIRLINES = read_sections(DATA / "airlines.ini")["airlines"]


def test_the_signs_of_airlines_are_in_form_and_have_names() -> None:
    wrong = [
        sign
        for sign in AIRLINES
        if len(plain := sign.removesuffix("?")) != 2
        or not plain.isalnum()
        or plain.isdecimal()
        or (plain != sign and plain in AIRLINES)
        or not split_list(AIRLINES[sign])
        or not all(tokenize(name, "") for name in split_list(AIRLINES[sign]))
    ]
    assert wrong == []
