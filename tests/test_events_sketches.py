"""A sketch keeps what tells a report's development, and nothing that all its story's share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.model.core import Item
from tracker.stories.events.fingerprint import Fingerprint, fingerprint, story_terms
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.text.documents import analyze
from tracker.stories.text.stopwords import is_stop_word, negations, stop_words
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import appositions, open_words, qualifiers
from tracker.stories.understanding.pipeline import interpret

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sketched(
    title: str, summary: str = "", *, asked: str = "", language: str = "en", url: str = ""
) -> Fingerprint:
    words = load_lexicon()
    item = Item(1, 1, "The Herald", url, title, summary, NOON, language)
    ignored = story_terms(interpret(parse(asked), words)) if asked else frozenset()
    return fingerprint(item, analyze(title, summary, language), words).without(ignored)


def test_the_query_s_names_are_taken_out_in_every_spelling() -> None:
    told = sketched("Microsoft rejects Oracle", asked="Microsoft acquisition")
    assert "oracl" in told.terms
    assert not {"microsoft", "=microsoft"} & (told.terms.keys() | told.interlingual.keys())


def test_the_query_s_kind_of_affair_links_no_two_reports() -> None:
    told = sketched("Oracle takeover of Nordwind", asked="Nordwind acquisition")
    assert "~acquisition" not in told.interlingual


def test_a_kind_of_affair_has_one_mark_in_all_languages() -> None:
    english = sketched("Oracle faces a lawsuit")
    german = sketched("Klage gegen Oracle", language="de")
    assert {
        mark for mark in english.interlingual.keys() & german.interlingual.keys() if mark[0] == "~"
    }


def test_an_entity_has_one_mark_under_all_its_names() -> None:
    english = sketched("The United States objects")
    french = sketched("Les États-Unis s'y opposent", language="fr")
    assert "=united-states" in english.interlingual.keys() & french.interlingual.keys()


def test_the_pronoun_is_not_the_country() -> None:
    assert "=united-states" in sketched("A ban in the US").interlingual
    assert "=united-states" not in sketched("A ban on all of us").interlingual


def test_a_word_of_the_title_weighs_more_than_one_of_the_summary() -> None:
    told = sketched("Pilots strike", "A court intervenes")
    assert told.terms["pilot"] > told.terms["court"]


def test_a_figure_weighs_half_as_much_again_as_a_word() -> None:
    told = sketched("Solberg pays 22 million euros", "Aarhus gets 7 million euros")
    for marks in (told.terms, told.interlingual):
        assert marks["2.2e+07"] == pytest.approx(1.5 * told.terms["solberg"])
        assert marks["7e+06"] == pytest.approx(1.5 * told.terms["aarhus"])


def test_a_kind_of_affair_weighs_less_in_a_summary_and_within_one_language() -> None:
    title = sketched("Lawsuit against Solberg").interlingual["~lawsuit"]
    told = sketched("Solberg is back", "A lawsuit is filed")
    assert told.terms["~lawsuit"] < told.interlingual["~lawsuit"] < title <= 1.0
    # "filed" is an ambiguous form of a case.
    assert told.interlingual["~case"] < told.interlingual["~lawsuit"]


def test_a_name_is_a_stronger_mark_than_a_common_word() -> None:
    told = sketched("The company of Solberg pays the pilots again")
    assert told.interlingual["solberg"] > told.interlingual["pilots"]


def test_capitals_that_every_word_has_make_no_names() -> None:
    lower = sketched("Pilots want Solberg to stay in the company")
    title_case = sketched("Pilots Want Solberg To Stay In The Company")
    assert title_case.interlingual["solberg"] < lower.interlingual["solberg"]


@pytest.mark.parametrize(
    ("url", "outlet"),
    [("https://www.herald.example/a", "herald.example"), ("", "The Herald")],
)
def test_the_outlet_is_the_site_or_else_the_feed(url: str, outlet: str) -> None:
    assert sketched("Pilots strike", url=url).outlet == outlet


def test_a_text_of_function_words_leaves_nothing() -> None:
    assert not sketched("What is this all about?").terms


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pt", "nl"])
def test_every_language_has_its_function_words(language: str) -> None:
    assert len(stop_words(language)) > 90


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pt", "nl"])
def test_what_negates_is_a_function_word_and_what_leaves_open_is_none(language: str) -> None:
    assert negations(language)
    assert negations(language) <= stop_words(language)
    assert open_words(language)
    assert appositions(language)
    assert not open_words(language) & appositions(language)
    assert not (open_words(language) | appositions(language)) & stop_words(language)
    assert qualifiers(language)
    assert not qualifiers(language) & (open_words(language) | stop_words(language))


def test_function_words_are_known_by_their_case() -> None:
    pronoun, country = tokenize("us US", "en")
    assert is_stop_word(pronoun, "en")
    assert not is_stop_word(country, "en")


def test_a_language_without_a_list_has_no_function_words() -> None:
    assert not stop_words("xx")


def test_a_word_in_capitals_is_no_function_word() -> None:
    assert "us" in sketched("A ban in the US").terms
    assert "us" not in sketched("A ban on all of us").terms
