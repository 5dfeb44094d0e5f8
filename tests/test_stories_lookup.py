"""What is looked up in the full-text index finds what is read: inflections, in seven languages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from tracker.stories.lexicon.forms import parse_form
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.fulltext import fulltext_phrases
from tracker.stories.text.stemming import SNOWBALL, stemming


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table f using fts5(title, tokenize='unicode61 remove_diacritics 2')")
    yield db
    db.close()


def finds(index: sqlite3.Connection, form: str, language: str, title: str) -> bool:
    rowid = index.execute("insert into f values (?)", (title,)).lastrowid
    expression = " OR ".join(fulltext_phrases(parse_form(form, language), language))
    found = index.execute("select rowid from f where f match ?", (expression,)).fetchall()
    return (rowid,) in found


@pytest.mark.parametrize(
    ("form", "language", "title"),
    [
        ("rule", "en", "A ruling is due"),
        ("city", "en", "Cities and a city"),
        ("vote", "en", "Voting ends"),
        ("car", "en", "Cars recalled"),
        ("cut", "en", "Cutting jobs"),
        ("ban", "en", "Phones banned"),
        ("job cut", "en", "Jobs: the company cuts"),
        ("city vote", "en", "A city that is voting"),
        ("possible", "en", "The possibility of rain"),
        ("witness", "en", "Man witnessed the murder"),
        ("journal", "fr", "Des journaux en crise"),
        ("référence", "fr", "Le référent"),
        ("loi", "fr", "Des lois nouvelles"),
        ("Gas", "de", "Gase und Gas"),
        ("Duell", "de", "Das Duell"),
        ("asistente", "es", "La asistencia"),
        ("ley", "es", "Nuevas leyes"),
        ("presidente", "it", "La presidenza"),
        ("eleição", "pt", "As eleições"),
        ("prijs", "nl", "De prijzen stijgen"),
        ("soldaat", "nl", "Soldaten vertrekken"),
        ("Straße", "de", "Auf den Straßen"),
        ("œuvre d'art", "fr", "Vol d'œuvres d'art"),
        ("sold its", "en", "Quux has sold its shop"),
        ("l'Aquila", "any", "Terremoto a L'Aquila"),
        ("U.S. Steel", "any", "U.S. Steel is sold"),
        ("US Steel", "any", "U.S. Steel is sold"),
        ("Boar's Head", "any", "Boar's Head meat"),
        ("Orsted", "any", "Ørsted cuts jobs"),
        ("Łódź", "any", "Trams in Łódź"),
        ("Disney Plus", "any", "Disney+ is dearer"),
        ("1700", "any", "It cuts 1,700 jobs"),
        ("1,700", "any", "Il supprime 1 700 postes"),
        ("2.5", "any", "La zone euro à 2,5%"),
    ],
)
def test_inflections_are_found(
    index: sqlite3.Connection, form: str, language: str, title: str
) -> None:
    assert finds(index, form, language, title)


@pytest.mark.parametrize(
    ("form", "title"), [("car", "A carbon career"), ("ban", "A bank in Bangkok")]
)
def test_a_short_word_is_not_the_beginning_of_others(
    index: sqlite3.Connection, form: str, title: str
) -> None:
    assert not finds(index, form, "en", title)


@pytest.mark.parametrize(
    ("form", "language"), [("bid for", "en"), ("Kampf um", "de"), ("baisse du", "fr")]
)
def test_a_function_word_is_not_the_beginning_of_others(
    index: sqlite3.Connection, form: str, language: str
) -> None:
    assert finds(index, form, language, f"{form} it")
    assert not finds(index, form, language, f"{form}zorblax it")


@pytest.mark.long
@pytest.mark.repeats
def test_whatever_is_listed_is_found_as_it_is_written(index: sqlite3.Connection) -> None:
    known = load_lexicon()
    names = [
        (form.text, "any")
        for each in known.gazetteer.entities
        for form in known.gazetteer.aliases(each)
    ]
    affairs = [
        (form.rstrip("?!"), language)
        for each in known.concepts.values()
        for language, forms in each.written.items()
        for form in forms
    ]
    listed = names + affairs[::10]
    index.executemany("insert into f (rowid, title) values (?, ?)", enumerate(t for t, _ in listed))
    missed = []
    for number, (text, language) in enumerate(listed):
        expression = " OR ".join(fulltext_phrases(parse_form(text, language), language))
        found = index.execute(
            "select 1 from f where rowid = ? and f match ?", (number, expression)
        ).fetchone()
        missed += [] if found else [text]
    assert len(missed) <= 1, missed


@pytest.mark.parametrize("language", SNOWBALL)
def test_the_words_of_one_stem_find_each_other(language: str) -> None:
    concepts = load_lexicon().concepts.values()
    written = {form.rstrip("?!") for each in concepts for form in each.written.get(language, ())}
    words = sorted({form.lower() for form in written if form.isalpha() and len(form) > 2})
    stem, by_stem = stemming(language), dict[str, list[str]]()
    for word in words:
        by_stem.setdefault(stem(parse_form(word, "any").tokens[0]), []).append(word)
    pairs = [(one, other) for group in by_stem.values() for one in group for other in group]
    missed = [pair for pair in pairs if pair[0] != pair[1] and not _is_met(*pair, language)]
    assert len(missed) <= len(words) / 200, missed


def _is_met(one: str, other: str, language: str) -> bool:
    word = parse_form(other, "any").tokens[0]
    found = fulltext_phrases(parse_form(one, language), language)
    return any(
        word.startswith(each[1:-2]) if each.endswith("*") else word == each[1:-1] for each in found
    )
