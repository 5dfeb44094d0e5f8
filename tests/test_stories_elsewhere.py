"""Reports of the same affair in another place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from judging import features_of, verdicts
from making import make_item

from tracker.errors import ConfigError
from tracker.model.core import Reason, Status, Verdict
from tracker.stories.lexicon.geography import Geography
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.resources import DATA, read_sections, split_list

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ITEM = make_item("", published=NOW)
HOMES = load_lexicon().geography
QUERY = "South Carolina measles outbreak"


def told(query: str, title: str, summary: str = "") -> str:
    """Give the place that a report tells of instead of the query's, "" for none."""
    instead = features_of(query, replace(ITEM, title=title, summary=summary)).conflicting_place
    return instead.match.text if instead else ""


def judged(query: str, title: str) -> Verdict:
    return verdicts(query, [replace(ITEM, title=title)])[0]


@pytest.mark.parametrize(
    ("query", "title", "place"),
    [
        (QUERY, "Measles outbreak grows in Minnesota", "Minnesota"),
        (QUERY, "New Mexico reports a measles outbreak", "New Mexico"),
        (QUERY, "Measles outbreak spreads to Salt Lake schools", "Salt Lake"),
        ("Harlem Legionnaires outbreak", "Legionnaires outbreak sickens five in Ohio", "Ohio"),
        ("Israel strike Qatar Hamas", "Israeli strike on Gaza kills a Hamas leader", "Gaza"),
    ],
)
def test_a_report_that_names_another_place_is_told_of_that(
    query: str, title: str, place: str
) -> None:
    assert told(query, title) == place


def test_the_other_place_may_stand_in_the_summary() -> None:
    assert told(QUERY, "Measles outbreak grows", "Minnesota confirms ten cases.") == "Minnesota"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        (QUERY, "Measles outbreak grows"),  # nowhere else
        (QUERY, "From Minnesota to South Carolina, measles outbreaks grow"),  # here as well
        (QUERY, "US measles outbreak is the worst in years"),  # what it is in
        ("Illinois measles outbreak", "Chicago measles outbreak grows"),  # what is in it
        ("Chicago measles outbreak", "Illinois measles outbreak grows"),
        ("Portugal hantavirus outbreak", "Europe braces for hantavirus outbreak"),
        ("Europe hantavirus outbreak", "Hantavirus outbreak in Portugal"),
        (QUERY, "Measles outbreak in minnesota"),  # no name
        (QUERY, "Austin Quux on the measles outbreak"),  # a given name as well
        (QUERY, "Texas Instruments on the measles outbreak"),  # a name with a place in it
    ],
)
def test_what_the_place_is_in_or_has_in_it_is_not_elsewhere(query: str, title: str) -> None:
    assert told(query, title) == ""


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Maryland Elon Musk deportation", "Elon Musk faces deportation to Uganda"),
        ("Utah Nokia Zorblax merger", "Nokia and Zorblax agree in Ohio"),
        ("measles outbreak", "Measles outbreak in Utah"),
        ("Utah wildfires", "Wildfires in Nevada"),
    ],
)
def test_a_person_or_two_names_go_on_elsewhere_and_a_place_alone_has_to_be_there(
    query: str, title: str
) -> None:
    assert told(query, title) == ""


@pytest.mark.xfail(strict=True, reason="a place that an item names instead weighs too little")
def test_what_is_told_of_elsewhere_is_not_linked() -> None:
    here = judged(QUERY, "South Carolina measles outbreak grows")
    nowhere = judged(QUERY, "Measles outbreak grows")
    elsewhere = judged(QUERY, "Minnesota measles outbreak grows")
    assert here.status is Status.LINKED
    assert elsewhere.score < nowhere.score / 2 < here.score
    assert elsewhere.status is not Status.LINKED


def test_the_reasons_name_the_other_place() -> None:
    reasons = judged(QUERY, "Minnesota measles outbreak grows").reasons
    assert Reason("South Carolina", "elsewhere", "Minnesota", "title", 0.0) in reasons


def test_what_a_place_is_in_has_it_in_it() -> None:
    assert HOMES.around("chicago") == {"chicago", "illinois", "united-states"}
    assert {"chicago", "illinois", "texas", "houston"} < HOMES.inside("united-states")
    assert HOMES.inside("chicago") == {"chicago"}
    assert HOMES.around("lisbon") > {"lisbon", "portugal", "europe"}
    assert HOMES.inside("europe") > {"europe", "portugal", "lisbon"}


def test_each_place_is_listed_within_another_one() -> None:
    within = read_sections(DATA / "homes.ini")["within"]
    names = load_lexicon().gazetteer
    pairs = [(whole, part) for whole, parts in within.items() for part in split_list(parts)]
    assert list(within) == sorted(within)
    assert [pair for pair in pairs if not all(map(names.is_place, pair))] == []
    assert [pair for pair in pairs if pair[0] in HOMES.inside(pair[1])] == []


@pytest.mark.parametrize("text", ["quuxland = chicago", "illinois = quuxville", "illinois = nokia"])
def test_what_is_no_place_is_an_error_that_says_where(tmp_path: Path, text: str) -> None:
    path = tmp_path / "homes.ini"
    path.write_text(f"[within]\n{text}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"homes\.ini"):
        Geography(path, load_lexicon().gazetteer).around("chicago")
