"""What a query says beside its names and its affair."""

from __future__ import annotations

import pytest

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.model import CONCEPT, NAME, WORD
from tracker.stories.query.syntax import parse
from tracker.stories.understanding.pipeline import interpret

VOCABULARY = load_lexicon()


def read(query: str) -> list[tuple[str, str]]:
    """Give what is asked for: the entities, concepts or words of the parts that are not open."""
    found = interpret(parse(query), VOCABULARY).segments
    return [
        (part.entity or part.text, part.kind)
        if part.kind != CONCEPT
        else (part.concepts[0], CONCEPT)
        for part in found
        if not part.optional
    ]


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("Quuxcorp in talks to buy Zorblax", "Quuxcorp buy Zorblax"),
        ("quuxcorp files for bankruptcy", "quuxcorp bankruptcy"),
        ("nokia plans to cut jobs", "nokia cut jobs"),
        ("nokia en négociations pour racheter siemens", "nokia racheter siemens"),
        ("nokia s'apprête à racheter siemens", "nokia racheter siemens"),
    ],
)
def test_how_far_it_has_come_is_not_asked_for(query: str, same: str) -> None:
    assert read(query) == read(same)


def test_a_query_may_be_what_says_how_far_it_has_come() -> None:
    assert read("ready to") != []
    assert read("to") != []


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("ban on Chinese firm Huawei", "ban on Huawei"),
        ("us tech company nvidia layoffs", "nvidia layoffs"),
        ("layoffs at German airline Lufthansa", "layoffs at Lufthansa"),
    ],
)
def test_of_what_country_and_kind_a_name_is_is_not_asked_for(query: str, same: str) -> None:
    assert read(query) == read(same)


@pytest.mark.parametrize(
    ("query", "country"),
    [
        ("ban on Chinese firms", "china"),
        ("Chinese airline crash", "china"),
        ("Canada airline strike", "canada"),
    ],
)
def test_a_country_is_asked_for_where_no_name_is_behind_its_kind(query: str, country: str) -> None:
    assert (country, NAME) in read(query)


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("London-bound Air India plane crash", "Air India plane crash"),
        ("Saudi-backed LIV Golf merger", "LIV Golf merger"),
        ("china-owned tiktok ban", "tiktok ban"),
    ],
)
def test_what_a_hyphen_joins_to_describe_a_name_is_not_asked_for(query: str, same: str) -> None:
    assert read(query) == read(same)


def test_what_describes_no_name_is_asked_for() -> None:
    assert ("russia", NAME) in read("Russia-linked hackers")
    assert ("united-states", NAME) in read("US-led Gaza plan")


@pytest.mark.parametrize(
    "query", ["us flu season", "flu season in the us", "tariffs of the us", "measles across the us"]
)
def test_us_in_small_letters_is_the_country(query: str) -> None:
    assert ("united-states", NAME) in read(query)


@pytest.mark.parametrize(
    ("query", "country"),
    [
        ("wahl deutschland", "germany"),
        ("huelga españa", "spain"),
        ("récession france", "france"),
        ("sciopero italia", "italy"),
    ],
)
def test_a_country_is_known_in_small_letters_in_its_own_language(query: str, country: str) -> None:
    assert (country, NAME) in read(query)


def test_how_many_there_are_is_not_asked_for() -> None:
    assert "150" not in [text for text, _ in read("les 150 citoyens pour le climat")]
    assert read("1,9 milliard disparu chez wirecard") == read("disparu chez wirecard")


def test_a_common_word_is_left_open_beside_two_parts_that_tell() -> None:
    assert read("greta thunberg sailing to gaza") == read("greta thunberg gaza")
    assert read("people infected with flesh-eating bacteria") == read(
        "infected with flesh-eating bacteria"
    )


def test_a_common_word_is_asked_for_where_it_tells_the_affair() -> None:
    assert ("children", WORD) in read("Quuxcorp children")


def test_what_happens_is_told_first_behind_a_common_word_too() -> None:
    (first, second) = interpret(parse("suing for tariff refunds"), VOCABULARY).segments
    (_, behind, _) = interpret(parse("companies suing for tariff refunds"), VOCABULARY).segments
    assert first.is_event
    assert behind.is_event
    assert not second.is_event


def test_a_common_word_that_is_a_name_as_well_is_asked_for() -> None:
    assert ("arm", WORD) in read("nvidia to buy arm")


def test_what_is_open_beside_a_country_is_open_without_it() -> None:
    at_home = interpret(parse("American food stamp cutoff"), VOCABULARY).domestic
    assert at_home
    assert [(part.text, part.optional) for part in at_home.segments] == [
        ("food stamp", False),
        ("cutoff", True),
    ]


def test_a_person_is_known_in_small_letters_by_a_given_name() -> None:
    assert read("micah quux wants trade from cowboys")[0] == ("micah quux", NAME)
    forms = interpret(parse("micah quux trade"), VOCABULARY).segments[0].forms["any"]
    assert ("quux",) in [form.tokens for form in forms]


def test_a_common_word_behind_a_given_name_is_no_surname() -> None:
    assert ("rose garden", WORD) in read("rose garden party")


def test_what_nothing_is_known_of_is_a_name_beside_another_where_no_capital_is_typed() -> None:
    assert ("zorblax", NAME) in read("macron propose zorblax au conseil constitutionnel")
    assert ("zorblax", WORD) in read("Macron propose zorblax au Conseil constitutionnel")
    assert ("zorblaxing", WORD) in read("nokia zorblaxing layoffs")
    assert read("nokia layoffs in november") == read("nokia layoffs")


@pytest.mark.parametrize(
    "query", ["Streit über Rentenreform", "debatte u\u0308ber wehrpflicht", "über Rente"]
)
def test_a_function_word_with_its_accent_is_no_name_that_lacks_it(query: str) -> None:
    assert ("uber", NAME) not in read(query)


def test_a_name_is_known_without_the_accent_of_a_function_word() -> None:
    assert ("uber", NAME) in read("uber streik")
