"""What the full-text index is given is cut and folded as it is read, whatever letters it is in."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.store.plain_letters import in_plain_letters
from tracker.stories.text.tokenization import tokenize


def tokens(text: str) -> list[str]:
    """Give the words of a text as the index has them."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE f USING fts5(t, tokenize='unicode61 remove_diacritics 2')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, 'instance')")
        db.execute("INSERT INTO f VALUES (?)", (text,))
        return [row[0] for row in db.execute("SELECT term FROM v ORDER BY offset")]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ｎｏｋｉａ layoffs", "Nokia layoffs"),
        ("OʼBrien resigns", "O'Brien resigns"),
        ("Staking in Ĳmuiden", "Staking in IJmuiden"),
        ("Waits 4½ years", "Waits 4.5 years"),
        ("CO₂-Preis, ﬁnance und 𝐍𝐨𝐤𝐢𝐚", "CO2-Preis, finance und Nokia"),
        (
            "l’été « à 50\u202f% »… Straße, Œuvre, Nokia™",
            "l’été « à 50\u202f% »… Straße, Œuvre, Nokia™",
        ),
    ],
)
def test_letters_that_only_look_otherwise_are_plain(text: str, plain: str) -> None:
    assert in_plain_letters(text) == plain


@pytest.mark.parametrize(
    "text", ["Ｎｏｋｉａ", "ıPhone", "Ĳmuiden", "CO₂", "ﬁnance", "𝐍𝐨𝐤𝐢𝐚", "Nokia™"]
)
def test_a_word_is_indexed_as_it_is_read(text: str) -> None:
    assert tokens(in_plain_letters(text)) == [word.norm for word in tokenize(text, "")]


@given(st.text())
def test_a_text_in_plain_letters_is_read_as_it_was(text: str) -> None:
    plain = in_plain_letters(text)
    assert [word.norm for word in tokenize(plain, "")] == [word.norm for word in tokenize(text, "")]
