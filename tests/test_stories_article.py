"""The words of a query, taken from an article: whom and what it is about, not its outlet."""

from __future__ import annotations

import pytest

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.understanding.from_article import query_from_article


def query(title: str, language: str, *outlets: str) -> str:
    return query_from_article(title, "", language, load_lexicon(), outlets)


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Zorblax meldet Insolvenz an", "de", "Zorblax Insolvenz"),
        ("Müller Brot ist insolvent", "de", "Müller Brot insolvent"),
        ("Weber Grill wird verkauft", "de", "Weber Grill verkauft"),
        ("Der Fall Gelbhaar: Grüne ziehen Konsequenzen", "de", "Gelbhaar Grüne fall"),
        ("Weniger Züge bei Zorblax", "de", "Zorblax Züge"),
        ("Die Linke streitet über Rente", "de", "Die Linke streitet"),
        ("Ynsecto placé en redressement judiciaire", "fr", "ynsecto placé en redressement"),
    ],
)
def test_whom_an_article_is_about_is_in_its_query(title: str, language: str, expected: str) -> None:
    assert query(title, language) == expected


@pytest.mark.parametrize("title", ["Zorblax files for bankruptcy", "Zorblax Filing for Bankruptcy"])
def test_what_a_company_files_for_is_what_happens(title: str) -> None:
    assert query(title, "en") == "zorblax bankruptcy"


def test_files_are_files_where_nobody_files_for_anything() -> None:
    assert query("The Zorblax files go online", "en") == "Zorblax files"


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("Covestro-Übernahme: Kartellamt prüft | tagesschau.de", "Tagesschau"),
        ("Covestro-Übernahme: Kartellamt prüft - DER SPIEGEL", "www.spiegel.de"),
    ],
)
def test_the_outlet_of_an_article_is_not_in_its_query(title: str, outlet: str) -> None:
    assert query(title, "de", "", outlet) == "Covestro Übernahme"
