"""Reading text: what has to be alike is alike, and what is not stays apart."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from Stemmer import Stemmer

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.text.casing import is_title_case
from tracker.stories.text.documents import analyze, prepare
from tracker.stories.text.language_id import detect, detect_together
from tracker.stories.text.morphology import COMPOUNDING
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL, own_stems, singular_in, stem_groups
from tracker.stories.text.tokenization import (
    CAPITAL,
    FIGURE,
    LOWER,
    MIXED,
    UPPER,
    ascii_word,
    camel_case_parts,
    token_spans,
    tokenize,
)


def folds(text: str, language: str = "en") -> list[str]:
    return [word.norm for word in tokenize(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Élan à l'Été", ["elan", "a", "ete"]),
        ("L’accord d’Apple", ["accord", "apple"]),
        ("dell'Italia, qu'elle", ["italia", "elle"]),
        ("Microsoft's and users'", ["microsoft", "and", "users"]),
        ("don't, O’Brien", ["dont", "obrien"]),
        ("She’ll say I'll, we'd, he'd've", ["she", "say", "i", "we", "he"]),
        ("WE'RE sure they've, I'm, O'Brien'll", ["we", "sure", "they", "i", "obrien"]),
        ("the U.S. and the U.K.", ["the", "us", "and", "the", "uk"]),
        ("GTA VI", ["gta", "6"]),
        ("Tik-Tok", ["tik", "tok"]),
        ("1,000 of 4.5", ["1000", "of", "4.5"]),
        ("1.700.000 à 2,5%, 0.125", ["1700000", "a", "2.5", "0.125"]),
        ("Waits 4½ years, 3¾% up", ["waits", "4.5", "years", "3.75", "up"]),
        ("C++ or C# at AT&T", ["c++", "or", "c#", "at", "at&t"]),
        ("Disney+, Canal+'s and LGBTQ+ at 18+", "disney plus canal plus and lgbtq at 18".split()),
        ("Straße und Ærø", ["strasse", "und", "aero"]),
        ("soft\u00adware", ["software"]),
        ("", []),
        ("— … !", []),
    ],
)
def test_words_are_folded_alike(text: str, expected: list[str]) -> None:
    assert folds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’accord d’Élodie", ["accord", "Élodie"]),
        ("Musk's T-Mobile", ["Musk", "T", "Mobile"]),
        ("  the U.S., at last", ["the", "U.S.", "at", "last"]),
        ("Straße VI: 1,000", ["Straße", "VI", "1,000"]),
        ("Disney+'s prices", ["Disney", "+", "prices"]),
        ("She’ll say O'Brien'd've", ["She", "say", "O'Brien"]),
    ],
)
def test_words_are_found_where_they_stand(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in token_spans(text)] == expected


@given(st.text())
def test_every_word_stands_somewhere(text: str) -> None:
    assert len(token_spans(text)) == len(tokenize(text, ""))


def test_x_stays_a_letter() -> None:
    assert folds("X sues") == ["x", "sues"]


@pytest.mark.parametrize(
    ("surface", "shape"),
    [("arm", LOWER), ("Arm", CAPITAL), ("ARM", UPPER), ("iPhone", MIXED), ("6", FIGURE)],
)
def test_shape_tells_how_a_word_is_written(surface: str, shape: int) -> None:
    assert tokenize(surface, "en")[0].shape == shape


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "acquires", "acquired"),
        ("fr", "licenciements", "licenciement"),
        ("de", "Übernahmen", "Übernahme"),
        ("es", "despidos", "despido"),
        ("it", "scioperi", "sciopero"),
        ("pt", "greves", "greve"),
        ("nl", "overnames", "overname"),
    ],
)
def test_inflections_share_a_stem(language: str, one: str, other: str) -> None:
    assert tokenize(one, language)[0].stem == tokenize(other, language)[0].stem


def test_a_language_that_is_not_stemmed_is_read_as_it_is() -> None:
    assert tokenize("Nyheter", "sv")[0].stem == "nyheter"


def test_a_summary_that_repeats_the_title_is_read_once() -> None:
    text = analyze("Oracle wins", "Oracle wins the bid", "en")
    assert [word.norm for word in text.summary] == ["the", "bid"]


def test_fields_without_words_are_left_out() -> None:
    assert [name for name, _ in analyze("Title", "", "en").fields()] == ["title"]


def test_a_region_is_cut_from_the_language() -> None:
    assert analyze("Title", "", "pt-BR").language == "pt"


@pytest.mark.parametrize(("code", "language"), [("eng", "en"), ("fre", "fr"), ("fil", "fil")])
def test_three_letters_are_no_other_language_than_theirs(code: str, language: str) -> None:
    assert analyze("Title", "", code).language == language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Microsoft Is in Talks to Buy TikTok", True),
        ("Microsoft is in talks to buy the video app", False),
        ("ARM SHARES FALL", True),
    ],
)
def test_title_case_is_seen(text: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_title_case(tokenize(text, "en")) is expected


@pytest.mark.parametrize(
    ("surface", "expected"),
    [("TikTok", ("tik", "tok")), ("OpenAI", ("open", "ai")), ("Apple", ("apple",))],
)
def test_compounds_come_apart_at_capitals(surface: str, expected: tuple[str, ...]) -> None:
    assert camel_case_parts(surface) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Microsoft négocie le rachat des activités américaines de TikTok", "fr"),
        ("Der Bundestag stimmt über den Haushalt ab", "de"),
        ("El Gobierno aprueba la reforma de las pensiones", "es"),
        ("The company is in talks to buy the video app", "en"),
        ("O governo tem 45 dias para fechar o acordo de compra", "pt"),
        ("De vakbonden kondigen een staking aan bij het spoor", "nl"),
        ("Il governo approva la riforma delle pensioni", "it"),
        ("Intel", "en"),
        ("", "en"),
    ],
)
def test_language_is_detected(text: str, language: str) -> None:
    assert detect(text) == language


@given(st.text(max_size=200), st.sampled_from([*SNOWBALL, "xx", ""]))
def test_no_text_is_too_strange_to_read(text: str, language: str) -> None:
    for word in tokenize(text, language):
        assert word.norm
        assert word.stem
        assert word.text


@given(st.text(max_size=100))
@example("Ǽ")
def test_folding_is_stable(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


ENGLISH = [
    "The government has agreed to build three new railway lines in the north",
    "Thousands of workers are on strike because of the new rules for pensions",
    "What we know about the storm that has been moving towards the coast",
]


def test_a_headline_that_does_not_tell_is_in_the_language_of_its_feed() -> None:
    assert detect("Apple’s Errors") != "en"
    assert detect_together([*ENGLISH, "Apple’s Errors"])[-1] == "en"
    assert detect_together(["Apple’s Errors"], before=["en"] * 5) == ["en"]


def test_a_feed_of_several_languages_decides_nothing() -> None:
    mixed = ["fr", "de", "en", "es"] * 3
    alone = detect("Apple’s Errors")
    assert detect_together(["Apple’s Errors"], before=mixed) == [alone]


def test_a_headline_that_tells_keeps_its_language_in_any_feed() -> None:
    french = "Le gouvernement a décidé de construire trois nouvelles lignes de chemin de fer"
    assert detect_together([*ENGLISH, french])[-1] == "fr"


@given(st.text(max_size=60))
def test_detection_never_fails(text: str) -> None:
    assert detect(text)


@given(st.text(max_size=8) | st.text("aBcVIx.,:'(?!5é", max_size=8))
def test_what_is_taken_for_one_plain_word_is_read_as_that_word(text: str) -> None:
    if word := ascii_word(text):
        assert folds(text) == [word]


@pytest.mark.parametrize("language", SNOWBALL)
def test_a_stem_of_its_own_is_no_stem_of_another_word(language: str) -> None:
    stemmer, singular = Stemmer(SNOWBALL[language]), singular_in(language) or str
    own = own_stems(language)
    assert own
    for word, stem in own.items():
        assert stem != stemmer.stemWord(singular(word)), f"{word} keeps the stem that it shares"
        assert word.startswith(stem)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reisebus", "Reisebussen"),
        ("Ergebnis", "Ergebnisse"),
        ("Elektroauto", "Elektroautos"),
        ("Kunstmuseum", "Kunstmuseen"),
    ],
)
def test_a_plural_that_the_stemmer_leaves_apart_ends_a_compound_too(one: str, other: str) -> None:
    assert tokenize(one, "de")[0].stem == tokenize(other, "de")[0].stem


@pytest.mark.parametrize("language", sorted(COMPOUNDING))
def test_what_is_listed_as_one_word_ends_like_another_that_tells_an_affair(language: str) -> None:
    vocabulary = load_lexicon()
    forms = (
        form for concept in vocabulary.concepts for form in vocabulary.forms(concept, language)
    )
    heads = {form.tokens[0] for form in forms if len(form.tokens) == 1}
    for word in stem_groups("whole")[language].split():
        stem = tokenize(word, language)[0].stem
        assert any(stem[cut:] in heads for cut in range(1, len(stem))), f"{word} needs no listing"


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        *(("es", "mujer", "mujeres"), ("es", "volcán", "volcanes"), ("es", "línea", "líneas")),
        *(("es", "inglés", "ingleses"), ("es", "clase", "clases"), ("es", "mes", "meses")),
        *(("fr", "étranger", "étrangers"), ("fr", "leader", "leaders")),
        *(("pt", "eleição", "eleições"), ("pt", "cidadão", "cidadãos"), ("pt", "mãe", "mães")),
        *(("pt", "jornal", "jornais"), ("pt", "hotel", "hotéis"), ("pt", "civil", "civis")),
        *(("pt", "imagem", "imagens"), ("pt", "fim", "fins"), ("pt", "lei", "leis")),
        *(
            ("pt", "português", "portugueses"),
            ("pt", "mulher", "mulheres"),
            ("pt", "país", "países"),
        ),
        ("pt", "herói", "heróis"),
        ("fr", "loyer", "loyers"),
    ],
)
def test_a_noun_has_the_stem_of_its_plural(language: str, one: str, several: str) -> None:
    assert tokenize(one, language)[0].stem == tokenize(several, language)[0].stem


def test_a_word_with_a_stem_of_its_own_has_it_wherever_it_is_read() -> None:
    assert [word.stem for word in tokenize("Finales, final", "en")] == ["finale", "final"]
    police, vote = tokenize("municipale municipales", "fr")
    assert police.stem != vote.stem
    assert tokenize("ventes", "fr")[0].stem == tokenize("vente", "fr")[0].stem != "vent"
    assert tokenize("plages", "fr")[0].stem == tokenize("plage", "fr")[0].stem


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "hopes", "hopeful"),
        ("en", "natural", "naturalization"),
        ("en", "success", "succession"),
        ("en", "inflation", "inflators"),
        ("en", "education", "educators"),
        ("en", "peace", "peaceful"),
        ("de", "Falle", "Fall"),
        ("de", "Schutz", "Schütze"),
        ("de", "wegen", "weg"),
        ("de", "rechnet", "Rechner"),
        ("es", "polonia", "polonio"),
        ("fr", "cru", "crue"),
        ("pt", "prevê", "prévia"),
        ("fr", "investissement", "investi"),
        ("es", "salas", "salida"),
        ("it", "testa", "test"),
        ("pt", "nomes", "nomeado"),
        ("nl", "zorgen", "zorg"),
        ("en", "doctors", "doctored"),
        ("en", "fire", "fired"),
        ("fr", "loi", "loyers"),
        ("fr", "coulisses", "coule"),
        ("es", "mina", "min"),
        ("it", "casa", "caso"),
        ("it", "voleva", "voli"),
        ("it", "lascia", "lascito"),
        ("nl", "buiten", "buit"),
        ("pt", "referiu", "referendo"),
    ],
)
def test_words_of_headlines_that_a_stemmer_confuses_are_told_apart(
    language: str, one: str, other: str
) -> None:
    assert tokenize(one, language)[0].stem != tokenize(other, language)[0].stem


@pytest.mark.parametrize(
    "title", ["Rain falls | The Daily", "Rain falls - The Daily", "The Daily : Rain falls"]
)
def test_the_name_of_the_outlet_is_left_out_at_either_end(title: str) -> None:
    assert prepare(title, "", "en", "The Daily").title == "Rain falls"
    assert prepare(title, "", "en", "Gazette").title == title
