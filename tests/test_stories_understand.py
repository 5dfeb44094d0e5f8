"""From the words of a query to names, affairs and what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import ConfigError
from tracker.stories.levels import (
    AMBIGUOUS,
    ASSOCIATED,
    EXACT,
    NARROWER,
    NEAR_SYNONYM,
    PARTIAL,
    RELATED,
    SYNONYM,
)
from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.lexicon import Lexicon
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.query_matcher import QueryMatcher
from tracker.stories.query.language import query_language
from tracker.stories.query.model import CONCEPT, NAME, WORD, QuerySegment, focus
from tracker.stories.query.syntax import parse
from tracker.stories.text.documents import analyze
from tracker.stories.understanding.from_article import query_from_article
from tracker.stories.understanding.pipeline import interpret

if TYPE_CHECKING:
    from pathlib import Path


def parts(query: str) -> tuple[QuerySegment, ...]:
    return interpret(parse(query), load_lexicon()).segments


def kinds(query: str) -> list[tuple[str, str]]:
    return [(part.text, part.kind) for part in parts(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Nokia layoffs", [("Nokia", NAME), ("layoffs", CONCEPT)]),
        ("Zorblax Quuxly lawsuit", [("Zorblax Quuxly", NAME), ("lawsuit", CONCEPT)]),
        ("Sony Zorblax merger", [("Sony", NAME), ("Zorblax", NAME), ("merger", CONCEPT)]),
        ("iPhone 17 delay", [("iPhone 17", NAME), ("delay", CONCEPT)]),
        ("Artemis II delay", [("Artemis II", NAME), ("delay", CONCEPT)]),
        ("Zorblax layoffs 2026", [("Zorblax", NAME), ("layoffs", CONCEPT), ("2026", WORD)]),
        ("1984 remake", [("1984", NAME), ("remake", CONCEPT)]),
        ("Air Zorblax strike", [("Air Zorblax", NAME), ("strike", CONCEPT)]),
        ("second Chapter 11 of Nokia", [("Chapter 11", CONCEPT), ("Nokia", NAME)]),
        ("layoffs at Zorblax 11", [("layoffs", CONCEPT), ("Zorblax 11", NAME)]),
        ("Zorblax River flood", [("Zorblax River", NAME), ("flood", CONCEPT)]),
        ("Mississippi River flood", [("Mississippi River", NAME), ("flood", CONCEPT)]),
        ("Zorblax Arsenal merger", [("Zorblax", NAME), ("Arsenal", NAME), ("merger", CONCEPT)]),
        (
            "Mark Kelly Anna Quux video trial",
            [("Mark Kelly", NAME), ("Anna Quux", NAME), ("trial", CONCEPT)],
        ),
        ("Senator Anna Zorb resigns", [("Anna Zorb", NAME), ("resigns", CONCEPT)]),
        ("Senator Zorb resigns", [("Senator Zorb", NAME), ("resigns", CONCEPT)]),
        (
            "Marie Quux Paul Zorb trial",
            [("Marie Quux", NAME), ("Paul Zorb", NAME), ("trial", CONCEPT)],
        ),
        ("zorblax lawsuit", [("zorblax", NAME), ("lawsuit", CONCEPT)]),
        ("communicable lawsuit", [("communicable", WORD), ("lawsuit", CONCEPT)]),
        ("Sony frobnication", [("Sony", NAME), ("frobnication", WORD)]),
        ("the layoffs at Sony", [("layoffs", CONCEPT), ("Sony", NAME)]),
    ],
)
def test_words_become_names_and_affairs(query: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Vivo privatisation", [("Vivo", NAME), ("privatisation", CONCEPT)]),
        ("venda da Vivo", [("venda", CONCEPT), ("Vivo", NAME)]),
        ("sale of Die Zeit", [("sale of", CONCEPT), ("Die Zeit", NAME)]),
        ("Sriwijaya Air crash", [("Sriwijaya Air", NAME), ("crash", CONCEPT)]),
        ("Quuxly Stream sabotage", [("Quuxly Stream", NAME), ("sabotage", CONCEPT)]),
        ("Deutsche Bahn strike", [("Deutsche Bahn", NAME), ("strike", CONCEPT)]),
        ("Sam Altman fired", [("Sam Altman", NAME), ("fired", CONCEPT)]),
        ("Wolves new stadium", [("Wolves", NAME), ("new stadium", CONCEPT)]),
        ("Strike of the nurses", [("Strike", CONCEPT), ("nurses", CONCEPT)]),
    ],
)
def test_a_capital_among_words_without_one_tells_a_name(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Strike At Deutsche Bahn", [("Strike", CONCEPT), ("Deutsche Bahn", NAME)]),
        ("Boeing Air Crash", [("Boeing", NAME), ("Air Crash", CONCEPT)]),
        ("Air Crash in Indonesia", [("Air Crash", CONCEPT), ("Indonesia", NAME)]),
        (
            "Merger Of Zorblax and Quuxly",
            [("Merger", CONCEPT), ("Zorblax", NAME), ("Quuxly", NAME)],
        ),
        ("Apple Zorblax Deal", [("Apple", NAME), ("Zorblax", NAME), ("Deal", CONCEPT)]),
    ],
)
def test_capitals_everywhere_tell_nothing(query: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Les licenciements chez Nokia", [("licenciements", CONCEPT), ("Nokia", NAME)]),
        ("Der Streik bei Nokia", [("Streik", CONCEPT), ("Nokia", NAME)]),
        ("The strike at Nokia", [("strike", CONCEPT), ("Nokia", NAME)]),
    ],
)
def test_the_first_word_may_have_a_capital_for_being_the_first(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Anna Zorblax Quuxly lawsuit", ["Anna Zorblax", "Quuxly"]),
        ("Anna Zorblax Real Quuxlies", ["Anna Zorblax", "Real Quuxlies"]),
        ("Anna Q Zorblax trial", ["Anna Q Zorblax"]),
        ("Elton John trial", ["Elton John"]),
        ("Zorblax Hill Quuxly flood", ["Zorblax Hill Quuxly"]),
        ("Texas Hill Quuxly flood", ["Texas", "Hill Quuxly"]),
        ("Isle of Zorblax ferry", ["Isle of Zorblax"]),
        ("Zorblax of Nokia", ["Zorblax", "Nokia"]),
        ("River Boca final", ["River", "Boca"]),
        ("Zorblax Arsenal contract", ["Zorblax", "Arsenal"]),
        ("Anna Arsenal contract", ["Anna Arsenal"]),
        ("Colorado River deal", ["Colorado River"]),
        ("Zorblax R1", ["Zorblax R1"]),
        ("Galaxy S26 Ultra delay", ["Galaxy S26"]),
        ("Zorblax Z TriFold delay", ["Zorblax Z TriFold"]),
        ("Pixel 10 Pro delay", ["Pixel 10"]),
        ("Surface Pro delay", ["Surface Pro"]),
        ("Lewis Hamilton Max Verstappen", ["Lewis Hamilton", "Max Verstappen"]),
        ("Lewis Hamilton Max Zorblax", ["Lewis Hamilton", "Max Zorblax"]),
        ("Zorblax 30 billion Quuxly deal", ["Zorblax", "Quuxly"]),
        ("TAP Air France merger", ["TAP", "Air France"]),
        ("Zorblax Air merger", ["Zorblax Air"]),
        ("Intel 18A delay", ["Intel", "18A"]),
        ("Boeing 777X delay", ["Boeing 777X"]),
        ("Apple 13 billion tax", ["Apple"]),
        ("Volkswagen 35,000 job cuts", ["Volkswagen"]),
        ("Zorblax 830 000 euros escroquerie", ["Zorblax"]),
        ("Zorblax 5 euros entrée", ["Zorblax"]),
        ("Boeing 737 800 crash", ["Boeing 737", "800"]),
        ("Zorblax 20 Kilo Gold gestohlen", ["Zorblax"]),
    ],
)
def test_words_with_capitals_side_by_side_are_cut_into_names(
    query: str, expected: list[str]
) -> None:
    assert [part.text for part in parts(query) if part.kind == NAME] == expected


@pytest.mark.parametrize(
    ("query", "entity"),
    [
        ("Gemini 3 delay", "gemini"),
        ("Apple watch ban", "apple-watch"),
        ("X outage", "twitter"),
        ("aws outage", "aws"),
        ("half-life 3", "half-life"),
        ("January 6 committee", "january-6"),
        ("Disney+ price", "disney-plus"),
        ("TAP Air France merger", "tap"),
    ],
)
def test_a_name_is_known_as_people_type_it(query: str, entity: str) -> None:
    assert entity in {part.entity for part in parts(query)}


@pytest.mark.parametrize("query", ["who resigns", "grève de la zorblax"])
def test_a_word_that_says_nothing_is_no_acronym_in_small_letters(query: str) -> None:
    assert not any(part.entity for part in parts(query))


def test_a_technology_is_no_number_of_the_name_before_it() -> None:
    assert kinds("Huawei 5G ban") == [("Huawei", NAME), ("5G", CONCEPT), ("ban", CONCEPT)]


def test_a_family_is_found_under_its_surname() -> None:
    forms = {form.text for form in parts("Clintons subpoena")[0].forms[ANY_LANGUAGE]}
    assert forms == {"Clintons", "Clinton"}


def test_a_plural_that_is_no_familys_stands_for_itself() -> None:
    assert {form.text for form in parts("Zooms lawsuit")[0].forms[ANY_LANGUAGE]} == {"Zooms"}


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        ("iPhone 12 launch", True),
        ("Meta Threads launch", True),
        ("Zorblax Quuxly release", True),
        ("lancement Switch 2", True),
        ("Nokia launch", False),
        ("Anna Quux release", False),
        ("Germany iPhone launch", False),
    ],
)
def test_all_that_is_told_of_a_product_belongs_to_its_arrival(query: str, *, is_open: bool) -> None:
    assert is_open in {part.optional for part in parts(query) if part.kind == CONCEPT}


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        ("Texas House walkout", True),
        ("US House walkout", False),  # where nothing else makes the story
        ("Texas Zorblax walkout", False),
    ],
)
def test_whose_house_it_is_makes_the_story(query: str, *, is_open: bool) -> None:
    assert any(part.optional and part.kind == WORD for part in parts(query)) is is_open


def test_a_year_is_not_asked_for() -> None:
    assert [part.optional for part in parts("Nokia layoffs 2026")] == [False, False, True]
    assert [part.optional for part in parts("Nokia 7 layoffs 50")] == [False, False, False]


@given(
    st.lists(
        st.sampled_from(
            "Anna Elton Zorblax Quuxly ZQ of the de 5 2026 Nokia Texas Kane AI strike ban travel"
            " oil prices Will Hill v for Straßenblockade d'emplois grève school phone".split()
        ),
        min_size=1,
        max_size=7,
    )
)
def test_every_query_of_known_and_unknown_words_has_parts_that_can_be_found(
    typed: list[str],
) -> None:
    found = parts(" ".join(typed))
    assert found
    assert all(part.forms[ANY_LANGUAGE][0].tokens for part in found)


def test_a_technology_is_a_part_of_the_affair_where_something_else_tells_it() -> None:
    assert kinds("AI") == [("AI", NAME)]
    assert kinds("AI chip shortage")[0] == ("AI", CONCEPT)
    assert kinds("Nokia AI layoffs")[:2] == [("Nokia", NAME), ("AI", CONCEPT)]


def test_the_last_word_of_a_query_is_no_function_word() -> None:
    assert kinds("Apple Car") == [("Apple", NAME), ("Car", NAME)]


@pytest.mark.parametrize(
    ("query", "name", "short"),
    [
        ("Prince Zorblax trial", "Prince Zorblax", "Zorblax"),
        ("Anna Zorblax trial", "Anna Zorblax", "Zorblax"),
        ("Zorblax Jr trial", "Zorblax Jr", "Zorblax"),
        ("Zorblax Holdings trial", "Zorblax Holdings", "Zorblax"),
    ],
)
def test_what_stands_for_a_longer_name(query: str, name: str, short: str) -> None:
    part = parts(query)[0]
    assert part.text == name
    assert [form.text for form in part.forms[ANY_LANGUAGE] if form.ambiguous] == [short]


def test_no_river_stands_for_a_named_one() -> None:
    keys = {form.tokens for form in parts("Zorblax River flood")[0].forms[ANY_LANGUAGE]}
    assert ("zorblax",) in keys
    assert ("river",) not in keys


def test_a_surname_that_is_a_given_name_stands_for_its_bearer_by_half() -> None:
    forms = parts("Anna Taylor trial")[0].forms[ANY_LANGUAGE]
    assert [(form.text, form.level) for form in forms] == [
        ("Anna Taylor", EXACT),
        ("Taylor", PARTIAL),
    ]


def test_a_known_name_is_found_before_a_word_that_binds() -> None:
    assert parts("RFK Jr hearing")[0].entity == "robert-kennedy-jr"


def test_the_parties_of_a_case_are_both_named() -> None:
    assert kinds("Apple v Nokia") == [("Apple", NAME), ("Nokia", NAME)]


def test_a_country_and_what_it_holds_of_a_company() -> None:
    country, stake, company = parts("US government stake in Intel")
    assert country.background
    assert "nationalisation" in stake.concepts
    assert company.text == "Intel"


@pytest.mark.parametrize("query", ["Übernahme Infinera", "Ubernahme Infinera"])
def test_a_word_is_known_with_and_without_its_accent(query: str) -> None:
    assert "acquisition" in parts(query)[0].concepts


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("panne Orange numéros d'urgence", ["panne", "Orange", "numéros d'urgence"]),
        ("gre\u0300ve Nestle\u0301", ["grève", "Nestlé"]),
        ("T-Mobile breach", ["T-Mobile", "breach"]),
        ("GTA VI delay", ["GTA VI", "delay"]),
        ("Huawei 5G Verbot", ["Huawei", "5G", "Verbot"]),
        ("Straßenbahn OR Übernahme Nokia", ["Straßenbahn OR Übernahme", "Nokia"]),
        ("procès de L’Oréal", ["procès", "Oréal"]),
    ],
)
def test_parts_are_shown_as_they_were_typed(query: str, shown: list[str]) -> None:
    assert [part.text for part in parts(query)] == shown


def test_a_name_typed_with_accents_is_not_shown_without_them_too() -> None:
    assert "Guaido" not in {form.text for form in parts("Juan Guaidó trial")[0].forms[ANY_LANGUAGE]}


def test_a_capital_keeps_a_surname_from_being_an_affair() -> None:
    assert ("Anna Strike", NAME) in kinds("Anna Strike interview")


def test_a_given_name_before_an_unknown_one_is_no_affair() -> None:
    assert kinds("Bill Zorblax retires")[0] == ("Bill Zorblax", NAME)


def test_words_that_affairs_are_told_in_are_no_names() -> None:
    assert kinds("age verification quotas") == [
        ("age verification", CONCEPT),
        ("quotas", WORD),
    ]
    assert kinds("age verification zorblax") == [
        ("age verification", CONCEPT),
        ("zorblax", NAME),
    ]


@pytest.mark.parametrize(
    ("query", "entity"),
    [
        ("Fed chair replacement", "federal-reserve"),
        ("Zoom security", "zoom"),
        ("zoom bombing", "zoom"),
        ("Dublin riots", ""),
        ("Mark Zoom trial", ""),
    ],
)
def test_a_name_that_says_little_in_a_report_is_known_when_it_is_typed(
    query: str, entity: str
) -> None:
    assert [part.entity for part in parts(query) if part.kind == NAME] == [entity]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bin strike", [("bin", WORD), ("strike", CONCEPT)]),
        ("used car prices", [("used car", CONCEPT), ("prices", CONCEPT)]),
        ("Streik bei der Bahn", [("Streik", CONCEPT), ("Bahn", CONCEPT)]),
        ("grève de la zorblax", [("grève", CONCEPT), ("zorblax", NAME)]),
    ],
)
def test_an_english_word_that_says_nothing_elsewhere_is_kept(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("AI bubble", [("AI", CONCEPT), ("AI bubble", CONCEPT)]),
        ("season 3 trailer", [("season", CONCEPT), ("trailer", CONCEPT)]),
        ("Squid Game season 3", [("Squid Game", NAME), ("season", CONCEPT)]),
        ("cellulari a scuola", [("cellulari", CONCEPT), ("cellulari a scuola", CONCEPT)]),
    ],
)
def test_an_affair_may_begin_with_a_name(query: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(query) == expected


def test_words_that_name_one_concept_are_one_part() -> None:
    assert kinds("Zorblax layoffs and job cuts") == [
        ("Zorblax", NAME),
        ("layoffs job cuts", CONCEPT),
    ]


def test_no_word_tells_two_parts_of_an_affair() -> None:
    boat, strikes = parts("drug boat strikes")
    means, told = (
        {c for sense in part.senses for c, _ in sense.concepts} for part in (boat, strikes)
    )
    assert "airstrike" in told
    assert not means & told
    assert "drug-trade" in means


def test_what_a_part_means_best_stays_though_a_later_one_means_it_too() -> None:
    first, second = parts("Zorblax undressing images")[1:]
    both = [{c for sense in part.senses for c, _ in sense.concepts} for part in (first, second)]
    assert "fake-nudes" in both[0] & both[1]


@pytest.mark.parametrize(
    ("query", "is_of_its_kind"),
    [("Hannover 96 transfer", True), ("Quuxphone 3 transfer", False)],
)
def test_an_unknown_name_with_a_figure_is_a_product_and_a_known_one_what_it_is(
    query: str,
    is_of_its_kind: bool,  # noqa: FBT001
) -> None:
    assert parts(query)[1].optional is not is_of_its_kind


def test_what_a_company_sells_under_a_figure_is_a_product() -> None:
    assert "wildfire" in parts("Boeing fire")[1].concepts
    assert "wildfire" not in parts("Boeing 737 fire")[1].concepts


def test_a_name_within_the_phrase_of_an_affair_is_asked_for() -> None:
    assert [part.entity for part in parts("firms leaving Russia") if part.kind == NAME] == [
        "russia"
    ]


def test_a_weak_word_of_a_phrase_adds_no_sense() -> None:
    (attack,) = parts("shark attack")
    assert "terrorism" not in attack.concepts
    assert "shark-attack" in attack.concepts


def test_a_query_in_another_language_finds_the_same_affair() -> None:
    assert "acquisition" in parts("rachat de Nokia")[0].concepts


def test_a_country_beside_a_company_is_context() -> None:
    country, company = parts("US Zorblax ban")[:2]
    assert country.background
    assert not company.background


def test_a_country_alone_makes_the_story() -> None:
    assert not parts("China tariffs")[0].background


def test_a_known_name_is_found_by_a_word_that_is_its_own() -> None:
    forms = {form.text: form.ambiguous for form in parts("James Webb delay")[0].forms[ANY_LANGUAGE]}
    assert forms["Webb"]
    assert "James" not in forms


def test_a_common_word_is_no_short_form_of_a_company() -> None:
    assert kinds("Spirit merger")[0][1] == NAME
    assert all(part.entity != "world-bank" for part in parts("World Zorblax opens"))


def test_what_has_a_concept_of_its_own_does_not_mean_a_wider_one() -> None:
    levels = {
        p.text: dict(p.senses[0].concepts) for p in parts("Zorblax robotaxi sale") if p.senses
    }
    assert levels["robotaxi"] == {"robotaxi": SYNONYM}
    assert set(levels["sale"].values()) == {SYNONYM}


def test_a_concept_brings_forms_of_every_language() -> None:
    sense = parts("Nokia acquisition")[1].senses[0]
    assert {"en", "fr", "de", "es", "it", "pt", "nl"} <= set(sense.languages())
    assert all(sense.forms(code) for code in sense.languages())


def bound(part: QuerySegment) -> set[str]:
    return {form.text for form in part.forms[ANY_LANGUAGE] if form.level == ASSOCIATED}


def test_a_company_brings_who_leads_it_and_what_it_is_known_for() -> None:
    assert {"Tim Cook", "iPhone"} <= bound(parts("Apple lawsuit")[0])


def test_what_the_query_names_itself_is_not_bound_as_well() -> None:
    apple, phone = parts("Apple iPhone")
    assert "iPhone" not in {form.text for form in apple.forms[ANY_LANGUAGE]}
    assert apple.implied
    assert not bound(phone)


def test_a_company_and_its_head_stand_for_each_other_in_an_affair() -> None:
    apple, cook, _ = parts("Apple Tim Cook succession")
    assert "Tim Cook" in bound(apple)
    assert "Apple" in bound(cook)
    assert cook.implied


def test_a_company_does_not_stand_for_its_head_where_no_affair_is_told() -> None:
    apple, cook = parts("Apple Tim Cook")
    assert "Tim Cook" in bound(apple)
    assert not bound(cook)


def test_the_head_of_many_companies_does_not_stand_for_one_beside_it() -> None:
    musk, neuralink = parts("Musk Neuralink")
    assert "Elon Musk" in bound(parts("Neuralink trial")[0])
    assert not bound(neuralink)
    assert not bound(musk)
    assert not bound(parts("Musk Neuralink trial")[1])


def test_the_word_of_a_name_that_is_no_common_word_stands_for_it() -> None:
    forms = {form.text: form.level for form in parts("Zorblax Stream")[0].forms[ANY_LANGUAGE]}
    assert forms == {"Zorblax Stream": EXACT, "Zorblax": EXACT}


@pytest.mark.parametrize("query", ["Germany milk price", "Spain bank merger", "Paris museum theft"])
def test_a_common_word_beside_a_place_is_what_the_affair_is_about(query: str) -> None:
    assert [part.optional for part in parts(query)] == [False, False, False]


@pytest.mark.parametrize(
    ("query", "identifying"),
    [
        ("Germany milk price", ["Germany", "milk"]),
        ("vol musée Paris", ["Paris", "musée"]),
        ("incendio bar Suiza", ["Suiza", "bar"]),
        ("Spain floods", ["Spain"]),
        ("Nokia milk price", ["Nokia"]),
    ],
)
def test_beside_a_place_the_subject_identifies_the_story_too(
    query: str, identifying: list[str]
) -> None:
    found = parts(query)
    assert [found[number].text for number in focus(found)] == identifying


@pytest.mark.parametrize(
    ("query", "optional"),
    [("troops in Spanish cities", ["cities"]), ("German towns flooded", ["towns"])],
)
def test_a_word_for_places_of_any_name_is_optional(query: str, optional: list[str]) -> None:
    assert [part.text for part in parts(query) if part.optional] == optional


@pytest.mark.parametrize(
    "query", ["childhood cancer", "childhood obesity", "class size", "youth unemployment"]
)
def test_a_listed_thing_of_two_words_is_one_segment(query: str) -> None:
    assert kinds(f"France {query}") == [("France", NAME), (query, WORD)]


def test_a_form_of_the_past_is_no_plural() -> None:
    assert parts("Zorblax chief fired")[-1].concepts == ("firing",)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Anna Quux 60 Minutes", [("Anna Quux", NAME), ("60 Minutes", NAME)]),
        ("Orb 60 delay", [("Orb 60", NAME), ("delay", CONCEPT)]),
        ("ZQ Transit strike", [("ZQ Transit", NAME), ("strike", CONCEPT)]),
        ("Quuxly Story 5 release", [("Quuxly Story 5", NAME), ("release", CONCEPT)]),
    ],
)
def test_figures_and_acronyms_begin_names_of_several_words(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(query) == expected


def test_an_acronym_is_the_name_of_a_query_that_has_no_other() -> None:
    assert kinds("SNAP benefits shutdown") == [
        ("SNAP", NAME),
        ("benefits", CONCEPT),
        ("shutdown", CONCEPT),
    ]


def test_an_acronym_within_what_names_the_affair_is_no_name() -> None:
    assert kinds("CEO pay") == [("CEO pay", CONCEPT)]


def test_letters_and_figures_are_a_name_beside_another() -> None:
    assert kinds("Amazon ZQ2") == [("Amazon", NAME), ("ZQ2", NAME)]


@pytest.mark.parametrize(
    ("query", "concepts"),
    [
        ("Gaza takeover", {"ground-offensive"}),
        ("Twitter takeover", {"acquisition", "sale"}),
        ("Twitter takeover Gaza", {"acquisition", "sale", "ground-offensive"}),
        ("Zorblax takeover", {"acquisition", "sale", "ground-offensive"}),
        ("Nvidia results", {"earnings"}),
        ("Anna Quux retiring", {"executive-departure", "sport-retirement"}),
    ],
)
def test_a_word_means_what_may_happen_to_the_names_of_the_query(
    query: str, concepts: set[str]
) -> None:
    assert {concept for part in parts(query) for concept in part.concepts} == concepts


@pytest.mark.parametrize(
    ("query", "is_open"),
    [("Elon Musk Tim Cook split", True), ("Nokia split", False), ("Nokia Tim Cook split", False)],
)
def test_what_happens_to_none_of_the_names_leaves_the_affair_open(
    query: str, *, is_open: bool
) -> None:
    assert parts(query)[-1].optional is is_open


def test_a_first_word_with_a_capital_is_what_is_weakly_called_so() -> None:
    assert parts("Autostrade rinnovo")[0].entity == "autostrade"


def test_a_figure_is_no_part_of_a_person() -> None:
    assert parts("Alfredo Cospito 41 bis")[0].text == "Alfredo Cospito"


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        ("Zorblax jet", True),
        ("Nokia jet", True),
        ("Anna Quux jet", True),
        ("Zorblax airport", True),
        ("Qatar jet", False),
        ("Donald Trump jet", False),
        ("stablecoin jet", False),
        ("Qatar crisis", True),
    ],
)
def test_what_only_says_what_it_is_that_has_the_name_is_open(query: str, *, is_open: bool) -> None:
    assert parts(query)[-1].optional is is_open


@pytest.mark.parametrize(
    ("query", "made_by"),
    [
        ("Nokia layoffs", ["Nokia"]),
        ("layoffs", ["layoffs"]),
        ("offshore wind halt", ["offshore wind"]),
        ("réforme des retraites suspension", ["réforme des retraites"]),
        ("baby formula shortage probe", ["baby formula", "shortage"]),
    ],
)
def test_a_story_is_made_by_its_names_or_by_what_is_before_the_last_part(
    query: str, made_by: list[str]
) -> None:
    found = parts(query)
    assert [found[number].text for number in focus(found)] == made_by


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Texas Senate race", [("Texas", NAME), ("Senate race", CONCEPT)]),
        ("Boston Mayor election", [("Boston", NAME), ("Mayor election", CONCEPT)]),
    ],
)
def test_an_office_is_no_part_of_the_name_of_a_place(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(query) == expected


def test_common_words_in_small_letters_are_no_name_with_capitals() -> None:
    assert kinds("Greece refugee camp fire")[-1] == ("fire", CONCEPT)
    assert parts("Camp Fire lawsuit")[0].entity == "camp-fire"


def test_a_company_is_called_by_its_name_without_its_kind() -> None:
    forms = {form.text: form.ambiguous for form in parts("Ant Group IPO")[0].forms[ANY_LANGUAGE]}
    assert forms["Ant"]


def test_a_word_that_begins_another_name_is_no_short_form_of_a_company() -> None:
    assert "United" not in {
        form.text for form in parts("United Airlines strike")[0].forms[ANY_LANGUAGE]
    }


@pytest.mark.parametrize(("word", "found"), [("ZQX", True), ("Zqx", False)])
def test_an_unknown_acronym_of_three_letters_is_found_in_capitals_only(
    word: str, *, found: bool
) -> None:
    observer = QueryMatcher(interpret(parse("ZQX delay"), load_lexicon()))
    assert (
        observer.match(analyze(f"The {word} delay", "", "en")).matches[0][0] is not None
    ) is found


@pytest.mark.parametrize("word", ["layoffs", "whistleblower", "séisme", "Rückruf", "eleições"])
def test_a_word_at_the_head_of_its_list_names_the_concept(word: str) -> None:
    senses = parts(f"Nokia {word}")[1].senses
    assert SYNONYM in dict(senses[0].concepts).values()


def test_what_one_word_of_a_phrase_names_is_not_meant_by_the_phrase() -> None:
    levels = dict(parts("Nokia price increase")[1].senses[0].concepts)
    assert levels == {"price-rise": SYNONYM}


@pytest.mark.parametrize(
    ("phrase", "head", "level"),
    [
        ("synagogue attack", "attack", AMBIGUOUS),  # an attack, told of as one
        ("utility bill", "legislation", None),  # no kin of energy bills: another bill is meant
        ("price increase", "price", None),  # the phrase names an affair itself
    ],
)
def test_the_head_of_a_phrase_stands_weakly_for_what_names_nothing(
    phrase: str, head: str, level: float | None
) -> None:
    assert dict(parts(f"Nokia {phrase}")[1].senses[0].concepts).get(head) == level


def test_or_makes_one_part() -> None:
    assert parts("Oracle OR Walmart deal")[0].text == "Oracle OR Walmart"


def test_a_phrase_is_required() -> None:
    assert parts('Nokia "night shift"')[1].is_required


def test_every_query_of_function_words_still_says_something() -> None:
    assert interpret(parse("title:the"), load_lexicon()).segments
    assert kinds("The Who") == [("The Who", NAME)]
    assert kinds("of") == [("of", NAME)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Nokia to acquire Infinera for $2.3 billion", "acquire"),
        ("Rachat d'Infinera : Nokia avance", "Nokia"),
        ("Thieves steal crown jewels", "thieves"),
    ],
)
def test_an_article_gives_words_that_can_be_followed(title: str, expected: str) -> None:
    query = query_from_article(title, "", None, load_lexicon())
    assert expected.casefold() in query.casefold()
    assert parse(query)


def test_an_article_gives_words_with_their_accents() -> None:
    assert query_from_article("Grève chez Nestlé", "", "fr", load_lexicon()) == "Nestlé grève"


def test_an_article_whose_headline_says_nothing_gives_its_words() -> None:
    assert query_from_article("And so on", "", "en", load_lexicon())


# --- the files of the vocabulary -----------------------------------------------------------------


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_vocabulary_of_ones_own_is_read(tmp_path: Path) -> None:
    written(tmp_path, "concepts-x.ini", "[nap]\nabout = sleep\nen = nap, doze?\n")
    assert load_lexicon(tmp_path).meanings(("naps",), "en")[0].concept == "nap"


NAPS = """[nap]
about = sleep
kin = dream
en = nap, doze?, drowsy?, slumber, forty winks, kip?!, nap pods, nap dream
de = Nickerchen, Schlaf?
fr = somme de la nuit

[dream]
about = what is seen asleep
en = dream

[rest]
about = anything without work
en = rest, leisure, pause, nap, doze, dream, slumber, kip
"""


def own(folder: Path) -> Lexicon:
    return load_lexicon(written(folder, "concepts-x.ini", NAPS))


def test_a_word_that_is_only_a_weak_form_names_what_it_may_mean(tmp_path: Path) -> None:
    levels = dict(interpret(parse("Zorblax drowsy"), own(tmp_path)).segments[1].senses[0].concepts)
    assert levels == {"nap": NARROWER}


def test_a_phrase_that_begins_with_the_name_of_a_concept_may_say_something_else(
    tmp_path: Path,
) -> None:
    def parts_of(typed: str) -> list[tuple[str, dict[str, float]]]:
        found = interpret(parse(f"Zorblax {typed}"), own(tmp_path)).segments[1:]
        return [(part.text, dict(part.senses[0].concepts)) for part in found]

    assert parts_of("nap pods") == [("nap pods", {"nap": SYNONYM})]
    assert parts_of("nap dream") == [
        ("nap", {"nap": SYNONYM}),
        ("dream", {"dream": SYNONYM}),
    ]


def test_a_marked_form_names_its_concept_wherever_it_stands(tmp_path: Path) -> None:
    def levels(word: str) -> dict[str, float]:
        return dict(
            interpret(parse(f"Zorblax {word}"), own(tmp_path)).segments[1].senses[0].concepts
        )

    assert levels("slumber") == {"nap": NARROWER, "rest": NARROWER}
    assert levels("kip") == {"nap": NEAR_SYNONYM}
    marked = [form for form in own(tmp_path).forms("nap", "en") if form.text == "kip"]
    assert [form.ambiguous for form in marked] == [True]


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Zorblax sits in a doze", AMBIGUOUS),
        ("Zorblax has a dream", RELATED),
    ],
)
def test_a_wider_concept_hides_no_weak_form_and_no_kin(
    tmp_path: Path, title: str, level: float
) -> None:
    observer = QueryMatcher(interpret(parse("Zorblax nap"), own(tmp_path)))
    hit = observer.match(analyze(title, "", "en")).matches[1][0]
    assert hit is not None
    assert hit.level == level


def test_a_technology_under_its_acronym_keeps_its_other_names_without_another_name() -> None:
    observer = QueryMatcher(interpret(parse("RAM shortage"), load_lexicon()))
    told = ("DRAM shortage looms", "Shortage of memory chips", "Dodge recalls a Ram")
    found = [observer.match(analyze(title, "", "en")).matches[0][0] is not None for title in told]
    assert found == [True, True, False]


def test_words_that_snowball_confuses_tell_apart() -> None:
    def tells(query: str, title: str, language: str = "en") -> bool:
        hits = (
            QueryMatcher(interpret(parse(query), load_lexicon()))
            .match(analyze(title, "", language))
            .matches
        )
        return any(hit.level > RELATED for hit in hits[1] if hit)

    assert tells("Quuxly resignation", "Quuxly chief quits")
    assert not tells("Quuxly resignation", "Quuxly is quite big")
    assert tells("Quuxly fine", "Quuxly : une amende record", "fr")
    assert not tells("Quuxly fine", "Quuxly : un amendement rejeté", "fr")


@pytest.mark.parametrize(
    "query", ["August solar eclipse", "solar eclipse 2031", "éclipse solaire août", "eclipse June"]
)
def test_a_date_makes_no_story(query: str) -> None:
    found = interpret(parse(query), load_lexicon()).segments
    dated = [part.kind == WORD and part.optional for part in found]
    assert sorted(dated) == [False, True]
    assert [found[number].kind for number in focus(found)] == [CONCEPT]


@pytest.mark.parametrize(
    ("typed", "told", "level"),
    [
        ("nap", "slumber", SYNONYM),
        ("nap", "siesta", NARROWER),
        ("nap", "siesta hour", NARROWER),
        ("nap", "snooze", NARROWER),
        ("nap", "kip", SYNONYM),
        ("kip", "kip", EXACT),
        ("kip", "slumber", NEAR_SYNONYM),
        ("kip", "snooze", NARROWER),
        ("snooze", "slumber", NARROWER),
    ],
)
def test_what_stands_far_down_a_list_tells_a_part_of_its_concept(
    tmp_path: Path, typed: str, told: str, level: float
) -> None:
    forms = "nap, doze, forty winks, slumber, siesta, siesta hour, nap hour, snooze, kip!"
    vocabulary = load_lexicon(
        written(tmp_path, "concepts-x.ini", f"[nap]\nabout = sleep\nen = {forms}\n")
    )
    observer = QueryMatcher(interpret(parse(f"Zorblax {typed}"), vocabulary))
    hit = observer.match(analyze(f"Zorblax has a {told}", "", "en")).matches[1][0]
    assert hit is not None
    assert hit.level == level


def test_a_name_of_the_query_tells_no_affair_by_itself() -> None:
    observer = QueryMatcher(interpret(parse("Quuxland measles outbreak"), load_lexicon()))
    levels = {
        title: observer.match(analyze(title, "", "en")).matches[2][0] is not None
        for title in ("Measles in Quuxland", "Measles outbreak in Quuxland")
    }
    assert levels == {"Measles in Quuxland": False, "Measles outbreak in Quuxland": True}


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Bar fire in Quuxland", EXACT),
        ("Fire guts a bar in Quuxland", NEAR_SYNONYM),
        ("Fire in Quuxland", NARROWER),
    ],
)
def test_a_word_of_a_phrase_tells_a_part_of_it(title: str, level: float) -> None:
    hits = QueryMatcher(interpret(parse("Quuxland bar fire"), load_lexicon())).match(
        analyze(title, "", "en")
    )
    hit = hits.matches[1][0]
    assert hit is not None
    assert hit.level == level


def test_a_phrase_may_be_typed_without_its_function_words(tmp_path: Path) -> None:
    assert own(tmp_path).meanings(("somme", "nuit"), "fr")[0].concept == "nap"


def test_a_compound_that_is_no_form_is_what_its_head_is() -> None:
    part = parts("Zorblax baut um wegen Trauzeugenaffäre")[-1]
    assert part.kind == CONCEPT
    assert "scandal" in part.concepts


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("Nokia layoffs", "en"),
        ("Zorblax suppressions d'emplois", "fr"),
        ("Bosch Werksschließung", "de"),
        ("Zorblax éboulement", "fr"),
        ("incendio Zorblax juicio", "es"),
        ("greve Zorblax salários", "pt"),
        ("EU USB-C law", "en"),
        ("state AI law ban", "en"),
        ("Ja Quux trade", "en"),
        ("Zorblax", "en"),
        ("autopen", "en"),
        ("Tether reserves", "en"),
        ("electric car tax credit ending", "en"),
        ("self driving car crash", "en"),
        ("accident de car", "fr"),
        ("staking van Zorblax", "nl"),
    ],
)
def test_the_language_of_a_query_is_the_one_that_most_of_its_words_tell(
    query: str, language: str
) -> None:
    assert query_language(parse(query), load_lexicon()) == language


@pytest.mark.parametrize(
    ("query", "subject"),
    [
        ("nft craze", ["nft"]),
        ("electric car tax credit ending", ["electric car", "tax credit"]),
    ],
)
def test_what_leaves_the_affair_open_is_no_name(query: str, subject: list[str]) -> None:
    found = parts(query)
    assert [found[number].text for number in focus(found)] == subject
    assert found[-1].optional


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("bad flu season new strain", ["flu season", "new strain"]),
        ("drug boat second strike", ["drug boat", "strike"]),
        ("Zorblax proposed merger", ["Zorblax", "merger"]),
        ("énorme panne Zorblax", ["panne", "Zorblax"]),
    ],
)
def test_what_only_says_how_something_is_is_left_out(query: str, said: list[str]) -> None:
    assert [part.text for part in parts(query)] == said


def test_of_two_words_none_only_says_how_the_other_is() -> None:
    assert [part.text for part in parts("worst roommates")] == ["worst", "roommates"]


def test_with_a_capital_it_is_a_name() -> None:
    assert kinds("Best Quux layoffs") == [("Best Quux", NAME), ("layoffs", CONCEPT)]


def test_a_given_name_before_another_is_no_function_word() -> None:
    assert kinds("Will Quux tour") == [("Will Quux", NAME), ("tour", CONCEPT)]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("concepts-x.ini", "[nap]\nen = nap\n", "about"),
        ("concepts-x.ini", "[nap]\nabout = sleep\n", "no forms"),
        ("concepts-x.ini", "[nap]\nabout = sleep\nxx = nap\n", "no such key"),
        ("concepts-x.ini", "[nap]\nabout = sleep\nen = nap, …\n", "no words"),
        ("concepts-x.ini", "[nap]\nabout = sleep\nkin = doze\nen = nap\n", "no concept"),
        ("concepts-x.ini", "[nap]\nabout = sleep\nof = moons\nen = nap\n", "no kind"),
        ("concepts-x.ini", "[nap]\nabout = a\nen = nap\n[nap]\nabout = b\n", "nap"),
        ("concepts-x.ini", "nap\n", "section"),
        ("names-x.ini", "[x]\nkind = planet\nany = X\n", "no kind"),
        ("names-x.ini", "[x]\nkind = company\n", "no aliases"),
        ("names-x.ini", "[x]\nkind = company\nany = …\n", "no words"),
        ("names-x.ini", "[x]\nkind = company\nall = X\n", "no such key"),
        ("bonds.ini", "[bonds]\nx = y\n", "no 'x'"),
    ],
)
def test_a_file_out_of_form_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load_lexicon(written(tmp_path, name, text))


def test_a_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "concepts-x.ini").write_bytes("[été]".encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_lexicon(tmp_path)


def test_a_known_name_does_not_tell_the_language_of_a_query() -> None:
    parts = interpret(parse("Uber self-driving crash"), load_lexicon()).segments
    assert [part.concepts[:1] for part in parts] == [(), ("self-driving",), ("accident",)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Thames Water nationalisation", ["Thames Water"]),
        ("Paris Hilton arrest", ["Paris Hilton"]),
        ("Paris Louvre heist", ["Paris Louvre"]),
        ("Facebook whistleblower", ["Facebook"]),
        ("Valencia floods", ["Valencia"]),
    ],
)
def test_a_known_name_is_cut_from_neither_a_longer_one_nor_an_affair(
    query: str, names: list[str]
) -> None:
    parts = interpret(parse(query), load_lexicon()).segments
    assert [part.text for part in parts if part.kind == NAME] == names
    assert len(parts) == 2


def test_an_acronym_that_names_an_affair_in_the_end_is_what_happens() -> None:
    assert kinds("coworking startup IPO")[-1] == ("IPO", CONCEPT)
    assert kinds("SNAP benefits")[0] == ("SNAP", NAME)


def test_changes_leave_open_what_they_are() -> None:
    (loan, changes) = interpret(parse("student loan changes"), load_lexicon()).segments
    assert (loan.optional, changes.optional) == (False, True)


@pytest.mark.parametrize(
    ("query", "meant", "wider"),
    [
        ("reforma laboral", "labour-reform", "working-conditions"),
        ("Klimagipfel", "climate-summit", "climate"),
        ("Altersprüfung", "age-verification", "age-limits"),
        ("klimaattop", "climate-summit", "climate"),
        ("KI-Blase", "ai-bubble", "ai-model"),
        ("Schulschließung", "school-closure", "education"),
    ],
)
def test_what_names_one_affair_is_no_other_that_it_only_begins_like(
    query: str, meant: str, wider: str
) -> None:
    levels = dict(levels_of(parts(query)[-1]))
    assert levels[meant] == SYNONYM
    assert wider not in levels


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("Klimakrise", "climate"),
        ("Kauf von Zorblax", "acquisition"),
        ("Entlassungen", "layoffs"),
        ("Tarifabschluss", "collective-bargaining"),
        ("Tarifabschluss", "wage"),
        ("Kandidatur", "nomination"),
    ],
)
def test_what_begins_like_the_name_of_an_affair_means_it_where_it_names_no_other(
    query: str, meant: str
) -> None:
    assert dict(levels_of(parts(query)[0]))[meant] == SYNONYM


def test_signs_between_words_are_no_names() -> None:
    assert "names" in [part.text for part in parts(r"and \d+ names of the kind")]


def levels_of(part: QuerySegment) -> list[tuple[str, float]]:
    return [found for sense in part.senses for found in sense.concepts]
