"""Names of places in small letters, and things that are called as a place is."""

from __future__ import annotations

import pytest

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.understanding.pipeline import interpret


def entities(query: str) -> list[str]:
    """Give the names of a query that the vocabulary knows."""
    return [part.entity for part in interpret(parse(query), load_lexicon()).segments if part.entity]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("huelga transporte madrid", "madrid"),
        ("furacão florida evacuação", "florida"),
        ("grève transports berlin", "berlin"),
        ("elecciones romania", "romania"),
        ("ballena chilena", "chile"),
        ("sanktionen gegen russen", "russia"),
    ],
)
def test_a_place_in_small_letters_is_no_thing_that_only_has_its_stem(
    query: str, place: str
) -> None:
    assert entities(query) == [place]


@pytest.mark.parametrize("query", ["camarones radiactivos", "rio contaminado", "élevage rennes"])
def test_a_thing_that_is_called_as_a_place_is_no_place_in_small_letters(query: str) -> None:
    assert not entities(query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("protesta palestina Vuelta", ["palestine", "vuelta-espana"]),
        ("protesta Vuelta", ["vuelta-espana"]),
        ("vuelta a clases", []),
        ("protestas contra Israel en la Vuelta a España", ["israel", "vuelta-espana"]),
        ("attentat Bondi Beach", []),
        ("frappe sur Doha", []),
    ],
)
def test_a_word_with_the_capital_that_others_have_not_is_the_name_that_it_may_be(
    query: str, found: list[str]
) -> None:
    assert entities(query) == found


def test_the_genitive_of_what_may_mean_a_country_is_not_several_of_its_people() -> None:
    assert not entities("Abujas Pläne")


def test_a_name_of_several_words_may_begin_with_a_stop_word_that_has_an_accent() -> None:
    assert entities("greve metrô São Paulo") == ["sao-paulo"]
    assert not entities("Proteste über alles")
