"""Amounts, shares and dates have one name in all languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.text.quantities import quantities
from tracker.stories.text.stemming import SNOWBALL


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a $34.5bn bid"),
        ("en", "34.5 billion dollars"),
        ("en", "valued at $34.5B"),
        ("fr", "34,5 milliards de dollars"),
        ("de", "für 34,5 Milliarden Dollar"),
        ("de", "34,5 Mrd. Dollar"),
        ("es", "34.500 millones de dólares"),
        ("es", "34,5 mil millones"),
        ("it", "34,5 miliardi"),
        ("pt", "34,5 mil milhões"),
        ("pt", "R$ 34,5 bilhões"),
        ("nl", "34,5 miljard dollar"),
    ],
)
def test_an_amount_has_one_name_in_seven_languages(language: str, text: str) -> None:
    assert set(quantities(text, language)) == {"3.45e+10"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "up 12½ per cent"),
        ("en", "up 12.5%"),
        ("en", "12.5 percent"),
        ("en", "12.5 per cent more"),
        ("fr", "12,5 %"),
        ("fr", "12,5 pour cent"),
        ("de", "um 12,5 Prozent"),
        ("es", "un 12,5 por ciento"),
        ("nl", "12,5 procent"),
    ],
)
def test_a_share_has_one_name_in_seven_languages(language: str, text: str) -> None:
    assert set(quantities(text, language)) == {"12.5%"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "on May 26"),
        ("en", "26th of May"),
        ("fr", "le 26 mai"),
        ("de", "am 26. Mai"),
        ("es", "el 26 de mayo"),
        ("it", "il 26 maggio"),
        ("pt", "em 26 de maio"),
        ("nl", "op 26 mei"),
    ],
)
def test_a_date_has_one_name_in_seven_languages(language: str, text: str) -> None:
    assert set(quantities(text, language)) == {"@05", "@05-26"}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "1,800 jobs", "1800"),
        ("de", "1.800 Stellen", "1800"),
        ("fr", "1 800 postes", "1800"),
        ("en", "version 1.5", "1.5"),
        ("de", "Version 1.5", "1.5"),
        ("fr", "1,5 point", "1.5"),
        ("en", "1,234,567.89", "1.23457e+06"),
        ("de", "1.234.567,89", "1.23457e+06"),
        ("de", "2 Billionen", "2e+12"),
        ("en", "2 trillion", "2e+12"),
        ("en", "iPhone 17", "17"),
    ],
)
def test_separators_and_scales_are_those_of_the_language(
    language: str, text: str, name: str
) -> None:
    assert set(quantities(text, language)) == {name}


def test_a_month_that_is_also_a_verb_needs_a_number_beside_it() -> None:
    assert not quantities("They may march on", "en")
    assert set(quantities("delayed to November", "en")) == {"@11"}


def test_an_amount_tells_more_than_a_small_number() -> None:
    found = quantities("3 firms pay $20 million", "en")
    assert found["2e+07"] > found["3"]


@given(st.text(), st.sampled_from([*SNOWBALL, "xx"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    assert all(0 < worth <= 1 for worth in quantities(text, language).values())


@given(st.from_regex(r"[$]?[0-9][0-9.,]{0,30} ?(%|bn|million|May)?", fullmatch=True))
def test_any_number_can_be_read(text: str) -> None:
    assert quantities(text, "en")
