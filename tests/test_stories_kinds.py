"""A kind of things is told by the best known of the kind."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.model import Item
from tracker.stories.forms import ANY, BOUND
from tracker.stories.matcher import Matcher, Reading
from tracker.stories.query import parse
from tracker.stories.sections import sections
from tracker.stories.text import words
from tracker.stories.understand import understand
from tracker.stories.vocabulary_files import DATA, load


def members(query: str, number: int = 0) -> set[str]:
    """Give by which names a part of a query is told that are not its own."""
    part = understand(parse(query), load()).parts[number]
    return {form.text for form in part.forms[ANY] if form.level == BOUND}


def levels(query: str, title: str, language: str) -> list[float]:
    """Give how well a headline shows each part of a query."""
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    item = Item(1, 1, "Outlet", "https://example.org/1", title, "", now, language)
    evidence = Matcher.of(query, load()).any_case(Reading.of(item)).sighting.evidence
    return [max((hit.level for hit in pair if hit), default=0.0) for pair in evidence.hits]


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        ("game console price hike", "Sony raises the price of the PlayStation 5", "en"),
        ("game console price hike", "Nintendo erhöht die Preise der Switch 2", "de"),
        ("Spielkonsolen Preiserhöhung", "PS5 price hike hits Europe", "en"),
        ("grève compagnies aériennes", "Ryanair crews go on strike", "en"),
        ("supermercati sciopero", "Streik bei Lidl", "de"),
        ("train strike", "Grève à la SNCF", "fr"),
    ],
)
def test_a_kind_is_found_by_one_of_it_in_any_language(
    query: str, title: str, language: str
) -> None:
    assert min(levels(query, title, language)) >= BOUND


def test_what_the_kind_is_called_tells_it_better_than_one_of_it() -> None:
    assert levels("airline layoffs", "Layoffs at an airline", "en")[0] == 1.0
    assert levels("airline layoffs", "Layoffs at Ryanair", "en")[0] == BOUND


def test_a_story_may_be_told_by_nothing_but_the_names_of_its_kind() -> None:
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    item = Item(1, 1, "Outlet", "https://example.org/1", "Ryanair cuts 3,000 jobs", "", now, "en")
    reading = Reading.of(item)
    case = Matcher.of("airline layoffs", load()).case(reading)
    assert case is not None
    assert Matcher.of("supermarket layoffs", load()).case(reading) is None


def test_where_one_of_the_kind_is_named_the_others_do_not_tell_it() -> None:
    assert "Netflix" in members("streaming price hike")
    assert not members("Netflix streaming price hike", 1)


def test_beside_a_company_the_others_of_the_kind_are_its_rivals() -> None:
    assert "Waymo" in members("robotaxi crash")
    assert "Waymo" not in members("Tesla robotaxi crash", 1)
    assert "Waymo" not in members("Zorblax robotaxi crash", 1)
    assert "Galaxy Fold" in members("Samsung foldable phone", 1)
    assert "Waymo" in members("California robotaxi crash", 1)


def test_a_phrase_that_has_to_be_there_is_told_by_nothing_else() -> None:
    assert not members('"game console" price hike')
    assert not members("title:airline layoffs")


def test_a_name_that_is_a_word_as_well_tells_no_kind() -> None:
    assert "Orange" not in members("mobile operator outage")
    assert "Vodafone" in members("mobile operator outage")


def test_the_names_of_a_kind_are_not_learned_as_its_words() -> None:
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    item = Item(1, 1, "Outlet", "https://example.org/1", "Ryanair quuxes", "", now, "en")
    evidence = Matcher.of("airline layoffs", load()).any_case(Reading.of(item)).sighting.evidence
    assert set(evidence.terms) == {"quux"}


# --- the file -------------------------------------------------------------------------------------


def test_the_shipped_kinds_are_in_order_and_each_is_called_so_once() -> None:
    listed = sections(DATA / "kinds.ini")["kinds"]
    assert list(listed) == sorted(listed)
    called = [tuple(w.stem for w in words(each, "en")) for key in listed for each in key.split(",")]
    assert len(called) > 100
    assert sorted(set(called)) == sorted(called)
    for ids in listed.values():
        each = ids.replace("\n", " ").replace(" ", "").split(",")
        assert each == sorted(set(each))


def test_each_shipped_kind_has_a_name_that_tells_it() -> None:
    names = load().names
    for key, ids in sections(DATA / "kinds.ini")["kinds"].items():
        listed = ids.replace("\n", " ").replace(" ", "").split(",")
        strong = [entity for entity in listed if not all(f.weak for f in names.aliases(entity))]
        assert strong, key


def test_a_vocabulary_may_have_no_kinds(tmp_path: Path) -> None:
    (tmp_path / "concepts-x.ini").write_text("[nap]\nabout = sleep\nen = nap\n", "utf-8")
    assert load(tmp_path).kinds.of(("airlin",)) == ()


def test_who_is_not_among_the_names_may_be_written_out(tmp_path: Path) -> None:
    (tmp_path / "concepts-x.ini").write_text("[nap]\nabout = sleep\nen = nap\n", "utf-8")
    (tmp_path / "kinds.ini").write_text("[kinds]\nnap = Quuxly Nap, Zorblax\n", "utf-8")
    part = understand(parse("nap"), load(tmp_path)).parts[0]
    bound = [form.text for form in part.forms[ANY] if form.level == BOUND]
    assert bound == ["Quuxly Nap", "Zorblax"]
    beside = understand(parse("Quuxoo nap"), load(tmp_path)).parts[1]
    assert [form for form in beside.forms[ANY] if form.level == BOUND] == []


def test_a_kind_of_what_is_no_name_is_named(tmp_path: Path) -> None:
    (tmp_path / "kinds.ini").write_text("[kinds]\nnap = siesta\n", "utf-8")
    with pytest.raises(ConfigError, match="no 'siesta' among the names"):
        load(tmp_path)
