"""A kind of things is told by the best known of the kind."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.model.core import Item
from tracker.stories.levels import INSTANCE
from tracker.stories.lexicon.forms import ANY_LANGUAGE, parse_form
from tracker.stories.lexicon.lexicon import Lexicon
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.model import focus
from tracker.stories.query.syntax import parse
from tracker.stories.resources import DATA
from tracker.stories.scoring.features import Features
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.text.tokenization import tokenize
from tracker.stories.tracking.presentation import shown_parts
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.understanding.pipeline import interpret


def members(query: str, number: int = 0) -> set[str]:
    """Give by which names a part of a query is told that are not its own."""
    part = interpret(parse(query), load_lexicon()).segments[number]
    return {form.text for form in part.forms[ANY_LANGUAGE] if form.level == INSTANCE}


def reading(title: str, language: str = "en") -> AnalyzedItem:
    """Give an item with a title and no summary, as a matcher reads it."""
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    return AnalyzedItem.of(Item(1, 1, "Outlet", "https://example.org/1", title, "", now, language))


def sighting(query: str, title: str, language: str = "en") -> Features:
    """Give what a headline shows of a query."""
    return StoryMatcher.of(query, load_lexicon()).features_anyway(reading(title, language))


def levels(query: str, title: str, language: str) -> list[float]:
    """Give how well a headline shows each part of a query."""
    hits = sighting(query, title, language).evidence.matches
    return [max((hit.level for hit in pair if hit), default=0.0) for pair in hits]


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
    assert min(levels(query, title, language)) >= INSTANCE


def test_one_of_a_kind_tells_it_better_than_what_is_wider() -> None:
    title = "Spirit Airlines shuts down"
    assert levels("budget airline shutting down", title, "en")[0] == INSTANCE


def test_another_word_for_a_firm_or_a_program_means_the_same_kind() -> None:
    assert members("oil firms profits") == members("oil company profits") != set()
    assert members("car tools") == set()


def test_what_the_kind_is_called_tells_it_better_than_one_of_it() -> None:
    assert levels("airline layoffs", "Layoffs at an airline", "en")[0] == 1.0
    assert levels("airline layoffs", "Layoffs at Ryanair", "en")[0] == INSTANCE


def test_one_of_a_kind_is_half_of_it_where_it_is_counted_how_many_reports_hold_the_kind() -> None:
    titles = ("An airline cuts 3,000 jobs", "Ryanair cuts 3,000 jobs", "Zorblax cuts 3,000 jobs")
    assert [sighting("airline layoffs", title).names_present for title in titles] == [0b11, 0b01, 0]


def test_a_story_may_be_told_by_nothing_but_the_names_of_its_kind() -> None:
    title = reading("Ryanair cuts 3,000 jobs")
    assert StoryMatcher.of("airline layoffs", load_lexicon()).features(title) is not None
    assert StoryMatcher.of("supermarket layoffs", load_lexicon()).features(title) is None


def test_where_one_of_the_kind_is_named_the_others_do_not_tell_it() -> None:
    assert "Netflix" in members("streaming price hike")
    assert not members("Netflix streaming price hike", 1)


def test_beside_a_name_companies_and_bodies_of_the_kind_are_its_rivals() -> None:
    assert "Teamsters" in members("union vote")
    assert not members("Amazon union vote", 1)
    assert "Waymo" in members("robotaxi crash")
    assert "Waymo" not in members("Tesla robotaxi crash", 1)
    assert "Waymo" not in members("Zorblax robotaxi crash", 1)
    assert "Galaxy Fold" in members("Samsung foldable phone", 1)
    assert "Waymo" in members("California robotaxi crash", 1)


@pytest.mark.parametrize(
    ("query", "story"),
    [
        ("aerolíneas nuevas rutas", ["aerolíneas"]),
        ("next-gen games consoles", ["games consoles"]),
        ("precios supermercados", ["supermercados"]),
    ],
)
def test_of_two_parts_without_a_name_a_kind_makes_the_story(query: str, story: list[str]) -> None:
    parts = interpret(parse(query), load_lexicon()).segments
    assert [parts[number].text for number in focus(parts)] == story


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("AI chip shortage", ["AI", "chip", "shortage"]),
        ("green party ban", ["green party", "ban"]),
        ("E-Auto-Hersteller Verkaufszahlen", ["E-Auto-Hersteller", "Verkaufszahlen"]),
        ("fábricas de coches cierre", ["fábricas de coches", "cierre"]),
        ("cadenas de supermercados precios", ["cadenas de supermercados", "precios"]),
        ("crypto exchange hack", ["crypto exchange", "hack"]),
        ("budget airline shutting down", ["budget airline", "shutting down"]),
        ("oil firms profits", ["oil firms", "profits"]),
        ("coffee chain strike", ["coffee chain", "strike"]),
        ("AI company lawsuit", ["AI company", "lawsuit"]),
        ("contact tracing apps", ["contact tracing", "apps"]),
        ("fast food chain outbreak", ["fast food chain", "outbreak"]),
        ("streaming services prices", ["streaming services", "prices"]),
    ],
)
def test_a_kind_of_several_words_is_one_part(query: str, expected: list[str]) -> None:
    assert [part.text for part in interpret(parse(query), load_lexicon()).segments] == expected


def test_a_phrase_that_has_to_be_there_is_told_by_nothing_else() -> None:
    assert not members('"game console" price hike')
    assert not members("title:airline layoffs")


def test_a_name_that_is_a_word_as_well_tells_a_kind_where_capitals_tell_names() -> None:
    query = "mobile operator outage"
    assert levels(query, "Customers of Orange see an outage", "en")[0] == INSTANCE
    assert levels(query, "An outage hits an orange", "en")[0] == 0.0
    assert levels(query, "An Outage Hits Orange And Blue", "en")[0] == 0.0
    assert levels(query, "An Outage Hits Vodafone And Blue", "en")[0] == INSTANCE


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Staff behind Metal Gear Solid Delta are laid off", 0.0),
        ("Airline Delta to lay off staff", INSTANCE),
        ("Staff of Delta are laid off", INSTANCE),
        ("Staff of Qantas Airways are laid off", INSTANCE),
    ],
)
def test_a_word_that_ends_a_longer_name_is_none_of_the_kind(title: str, level: float) -> None:
    assert levels("budget airline layoffs", title, "en")[0] == level


# --- the file -------------------------------------------------------------------------------------


def shipped() -> list[tuple[list[str], list[str]]]:
    """Give what each kind is called, and its members, as the file has them."""
    lines = (DATA / "kinds.tsv").read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line[0] != "#"]
    return [(called.split(", "), members.split(", ")) for called, members in cells]


def test_the_shipped_kinds_are_in_order_and_each_is_called_so_once() -> None:
    first = [called[0] for called, _ in shipped()]
    assert first == sorted(first)
    stems = [
        tuple(w.stem for w in tokenize(each, "en")) for called, _ in shipped() for each in called
    ]
    assert len(stems) > 100
    assert sorted(stems) == sorted(set(stems))


def test_the_members_of_a_shipped_kind_are_ids_in_order_and_then_names_in_order() -> None:
    entities = load_lexicon().gazetteer.entities
    for _, members in shipped():
        ids = {member for member in members if member in entities}
        assert members == [*sorted(ids), *sorted(set(members) - ids)]


def test_no_member_of_a_shipped_kind_is_a_name_that_has_an_id() -> None:
    names = load_lexicon().gazetteer
    for member in {member for _, members in shipped() for member in members} - set(names.entities):
        key = parse_form(member, ANY_LANGUAGE).tokens
        assert not [form for form, _ in names.starting(key[0]) if form.tokens == key], member


def test_each_shipped_kind_has_a_name_that_tells_it() -> None:
    names = load_lexicon().gazetteer
    for called, members in shipped():
        assert any(
            member not in names.entities
            or not all(form.ambiguous for form in names.aliases(member))
            for member in members
        ), called


def vocabulary(tmp_path: Path, kinds: str) -> Lexicon:
    (tmp_path / "concepts-x.ini").write_text("[nap]\nabout = sleep\nen = nap\n", "utf-8")
    (tmp_path / "kinds.tsv").write_text(kinds, "utf-8")
    return load_lexicon(tmp_path)


def test_a_vocabulary_may_have_no_kinds(tmp_path: Path) -> None:
    (tmp_path / "concepts-x.ini").write_text("[nap]\nabout = sleep\nen = nap\n", "utf-8")
    assert load_lexicon(tmp_path).hyponyms.of(("airlin",)) == ()


def test_who_is_not_among_the_names_may_be_written_out(tmp_path: Path) -> None:
    few = vocabulary(tmp_path, "# comment\n\nsleep, nap\tQuuxly Nap, Zorblax\n")
    part = interpret(parse("nap"), few).segments[0]
    bound = [form.text for form in part.forms[ANY_LANGUAGE] if form.level == INSTANCE]
    assert bound == ["Quuxly Nap", "Zorblax"]
    beside = interpret(parse("Quuxoo nap"), few).segments[1]
    assert [form for form in beside.forms[ANY_LANGUAGE] if form.level == INSTANCE] == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nap\tsiesta", "no 'siesta' among the names"),
        ("nap", "words for a kind, a tab"),
        ("nap\t,", "words for a kind, a tab"),
        ("\tZorblax", "words for a kind, a tab"),
    ],
)
def test_a_line_that_is_out_of_form_is_named(tmp_path: Path, line: str, says: str) -> None:
    few = vocabulary(tmp_path, f"# comment\n{line}\n")
    with pytest.raises(ConfigError, match=rf"kinds\.tsv, line 2: .*{says}"):
        few.hyponyms.of(("nap",))


# --- what is shown --------------------------------------------------------------------------------


def test_it_is_said_that_a_part_is_told_by_names_and_these_are_shown_once() -> None:
    airline, layoffs = shown_parts(
        StoryMatcher.of("airline layoffs", load_lexicon()).interpretation
    )
    assert re.fullmatch(r"and \d+ names of the kind", airline.note)
    assert layoffs.note == ""
    assert [code for code, forms in airline.forms if "Ryanair" in forms] == [""]
