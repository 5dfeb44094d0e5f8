"""Queries typed as sentences, as headlines and in small letters ask for the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from making import make_item

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.language import query_language
from tracker.stories.query.model import CONCEPT, NAME, WORD, QuerySegment
from tracker.stories.query.syntax import parse
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.understanding.pipeline import interpret


def parts(query: str) -> tuple[QuerySegment, ...]:
    return interpret(parse(query), load_lexicon()).segments


def kinds(query: str) -> list[tuple[str, str]]:
    return [(part.text, part.kind) for part in parts(query)]


def named(query: str) -> list[str]:
    return [part.text for part in parts(query) if part.kind == NAME]


def entities(query: str) -> list[str]:
    return [part.entity for part in parts(query) if part.entity]


def is_candidate(query: str, title: str) -> bool:
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    item = make_item(title, published=now)
    return StoryMatcher.of(query, load_lexicon()).features(AnalyzedItem.of(item)) is not None


@pytest.mark.parametrize(
    "query",
    [
        "stablecoin bill",
        "car chip shortage",
        "winter fuel u-turn",
        "bad flu season new strain",
        "crise na habitação",
        "kawhi leonard trade",
        "nvidia arm acquisition",
        "aws outage",
        "alina habba attorney",
    ],
)
def test_the_capital_of_a_sentence_changes_nothing(query: str) -> None:
    typed = query[0].upper() + query[1:]
    assert [(part.kind, part.entity, part.concepts) for part in parts(typed)] == [
        (part.kind, part.entity, part.concepts) for part in parts(query)
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Bears stadium", ["Bears"]),
        ("Line 5 pipeline", ["Line 5"]),
        ("Swatch slanted eye ad", ["Swatch"]),
        ("Facebook whistleblower hearing", ["Facebook"]),
    ],
)
def test_a_name_keeps_the_first_capital(query: str, expected: list[str]) -> None:
    assert named(query) == expected


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Autopen", "Who used the autopen, and when"),
        ("Shoes off airport security", "Passengers may keep their shoes on at airport security"),
        ("Sousaphones Strike", "Why the sousaphones of the band fell silent"),
    ],
)
def test_an_unknown_word_that_only_begins_a_sentence_is_found_in_small_letters(
    query: str, title: str
) -> None:
    assert is_candidate(query, title)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Gap", "The gap between rich and poor widens again"),
        ("Y lawsuit", "The lawsuit over the y axis of a chart is settled"),
        ("Zorblax Gap lawsuit", "A lawsuit over the gap in the fence"),
    ],
)
def test_a_capital_that_tells_a_name_is_looked_for(query: str, title: str) -> None:
    assert not is_candidate(query, title)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Swiss Tariffs", [("Swiss", NAME), ("Tariffs", CONCEPT)]),
        ("Greece Wildfires", [("Greece", NAME), ("Wildfires", CONCEPT)]),
        ("Zorblax Executives Arrested", [("Zorblax Executives", NAME), ("Arrested", CONCEPT)]),
        ("Florida Vaccine Mandates Kids", [("Florida", NAME), ("Kids", WORD)]),
        ("Bondi Beach Shooting", [("Bondi Beach", NAME), ("Shooting", CONCEPT)]),
        ("Zorblax Craze", [("Zorblax", NAME), ("Craze", WORD)]),
        ("Fischsterben Oder", [("Fischsterben", CONCEPT), ("Oder", NAME)]),
    ],
)
def test_what_tells_an_affair_in_a_headline_is_no_name(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert set(expected) <= set(kinds(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Diana Waters Trial", "Diana Waters"),
        ("Ever Given", "Given"),
        ("Zorblax Stream", "Zorblax Stream"),
        ("Quux Marriage Act", "Quux Marriage Act"),
        ("Kretinsky Le Monde", "Le Monde"),
    ],
)
def test_a_name_in_a_headline_keeps_what_would_tell_an_affair(query: str, expected: str) -> None:
    assert expected in named(query)


def test_a_new_something_is_no_place_called_so() -> None:
    assert "New Pope" not in named("New Pope Conclave")
    assert named("New Quux strike") == ["New Quux"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("visa antitrust", ["visa"]),
        ("Blizzard layoffs", ["activision"]),
        ("block layoffs", ["block"]),
        ("target pride boycott", ["target"]),
        ("ups plane crash", ["ups"]),
        ("nvidia arm deal", ["nvidia", "arm"]),
        ("arm qualcomm licence dispute", ["arm", "qualcomm"]),
        ("visa mastercard swipe fees", ["visa", "mastercard"]),
        ("orange panne", ["orange"]),
    ],
)
def test_a_company_called_by_a_word_is_told_by_what_befalls_it(
    query: str, expected: list[str]
) -> None:
    assert entities(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "visa ban",
        "shell company fraud",
        "blizzard warning",
        "block on arms",
        "visa layoffs at Zorblax",
        "zorblax visa layoffs",
    ],
)
def test_a_word_that_a_company_is_called_by_stays_one_elsewhere(query: str) -> None:
    assert not {"visa", "shell", "activision", "block"} & set(entities(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("meta eu fine", ["meta", "european-union"]),
        ("cz pardon", ["changpeng-zhao"]),
        ("pegasus spyware", ["pegasus"]),
        ("Pegasus Spyware Phones", ["pegasus"]),
        ("signal group chat leak", ["signal"]),
        ("arcelor mittal strike", ["arcelormittal"]),
        ("vw werk osnabrück", ["volkswagen", "osnabruck"]),
    ],
)
def test_a_name_is_known_in_small_letters(query: str, expected: list[str]) -> None:
    assert entities(query) == expected


@pytest.mark.parametrize("query", ["pegasus spyware", "Pegasus Spyware"])
def test_what_describes_a_name_typed_like_it_is_a_part_of_its_own(query: str) -> None:
    assert [part.text.lower() for part in parts(query)] == ["pegasus", "spyware"]


def test_uber_in_small_letters_is_no_german_word() -> None:
    assert ("trade secrets", CONCEPT) in kinds("uber trade secrets")


@pytest.mark.parametrize("query", ["tim cook stepping down", "Tim Cook Stepping Down"])
def test_the_words_of_a_known_name_tell_no_language(query: str) -> None:
    assert query_language(parse(query), load_lexicon()) == "en"
    assert [part.kind for part in parts(query)] == [NAME, CONCEPT]


def test_a_given_name_within_a_name_begins_no_other() -> None:
    assert named("descarrilamento Elevador da Glória") == ["Elevador da Glória"]


@pytest.mark.parametrize("query", ["cyclone zorbla mayotte", "tempête zorbla mayotte"])
def test_the_name_of_a_storm_is_one_in_small_letters(query: str) -> None:
    assert named(query) == ["zorbla", "mayotte"]


@pytest.mark.parametrize("query", ["storm winter mayotte", "storm 2026 mayotte"])
def test_a_common_word_or_a_year_is_no_name_of_a_storm(query: str) -> None:
    assert named(query) == ["mayotte"]


def test_two_short_words_are_no_name_by_chance() -> None:
    assert "intel" not in entities("attack in tel aviv")


def test_a_german_noun_is_told_from_a_name_by_its_ending() -> None:
    assert named("Linke Wagenknecht Spaltung") == ["Linke", "Wagenknecht"]
    assert kinds("Linke Wagenknecht Spaltung")[2] == ("Spaltung", WORD)


def test_the_word_of_a_company_begins_no_phrase() -> None:
    assert kinds("nvidia arm deal")[2] == ("deal", CONCEPT)
