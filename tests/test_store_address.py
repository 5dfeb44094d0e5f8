"""What is read of an article's address, on addresses as publishers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.store.address import told_by


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "https://a.example/2031/03/01/quux-sues-zorblax-over-patents/",
            "quux sues zorblax over patents",
        ),
        ("https://a.example/news/Quux_sues_Zorblax.html", "Quux sues Zorblax"),
        ("https://a.example/quux-sues-zorblax-1163874?ref=rss#top", "quux sues zorblax"),
        ("https://a.example/quux-6-delayed-until-2032-9f2c61d", "quux 6 delayed until 2032"),
        ("https://a.example/gr%C3%A8ve-%C3%A0-quux-demain", "grève à quux demain"),
        (
            "https://a.example/a-long-section-name/quux-sues-zorblax-over-patents",
            "quux sues zorblax over patents",
        ),
        ("/quux+sues+zorblax", "quux sues zorblax"),
    ],
)
def test_the_words_of_a_headline_are_read(url: str, words: str) -> None:
    assert told_by(url) == words


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://quux-sues-zorblax.example/",
        "https://a.example/technology/quux",
        "https://a.example/item?id=quux-sues-zorblax",
        "https://a.example/content/6ce14fb7-a86a-1fa2-22b7-7266d804a315",
        "https://a.example/2031-03-01-12-30",
        "https://a.example/articles/CBMiXWh0dHBzOi8vd3d3",
    ],
)
def test_an_address_without_a_headline_tells_nothing(url: str) -> None:
    assert told_by(url) == ""


@given(st.text() | st.from_regex(r"https?://[a-z./%_+?#-]{0,60}"))
def test_any_text_may_be_an_address(url: str) -> None:
    assert told_by(url) == told_by(url).strip()
