"""Phrases of an affair that a name parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.segmentation.rewriting import close_split_phrases
from tracker.stories.understanding.pipeline import interpret


@pytest.mark.parametrize(
    ("query", "closed", "language"),
    [
        ("Musk take Tesla private", "Musk Tesla take private", "en"),
        ("take Quux private", "Quux take private", "en"),
        ("Musk Take Tesla Private", "Musk Tesla Take Private", "en"),
        ("next Apple CEO", "Apple next CEO", "en"),
        ("next UK prime minister", "UK next prime minister", "en"),
        ("shut TikTok down", "TikTok shut down", "en"),
        ("break  Google  up", "Google break  up", "en"),
        ("Musk sortir Tesla de la Bourse", "Musk Tesla sortir de la Bourse", "fr"),
    ],
)
def test_a_name_that_parts_a_phrase_stands_before_it(
    query: str, closed: str, language: str
) -> None:
    assert close_split_phrases(query, language, load_lexicon()) == closed


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("FCC approves Nexstar deal", "en"),  # "approves" says by itself what happens
        ("New York Times strike", "en"),  # no phrase begins within a name
        ("Air France crash", "en"),  # nor with one
        ("Air Quux disaster", "en"),
        ("frozen Russian assets", "en"),  # nor where a phrase has the name in it
        ("avoirs russes gelés Ukraine", "fr"),
        ("take private Tesla", "en"),
        ("first Tesla robotaxi", "en"),
        ("take Tesla", "en"),
        ("Tesla", "en"),
        ("", "en"),
    ],
)
def test_what_no_name_parts_stays_as_it_was_typed(query: str, language: str) -> None:
    assert close_split_phrases(query, language, load_lexicon()) == query


def test_a_parted_phrase_is_one_affair() -> None:
    parts = interpret(parse("Musk take Tesla private"), load_lexicon()).segments
    assert [part.text for part in parts] == ["Musk", "Tesla", "take private"]
    assert "delisting" in parts[2].concepts


@given(st.text(st.sampled_from("take privAte Tesla nextCEO 60'."), max_size=40))
def test_closing_up_keeps_every_word(query: str) -> None:
    assert sorted(close_split_phrases(query, "en", load_lexicon()).split()) == sorted(query.split())
