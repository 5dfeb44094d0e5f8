"""Words that no list of affairs or names has are known under their names in seven languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from making import make_item

from tracker.errors import ConfigError
from tracker.stories.lexicon.dictionary import Dictionary
from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.language import query_language
from tracker.stories.query.model import CONCEPT, NAME, WORD, QuerySegment, focus
from tracker.stories.query.syntax import parse
from tracker.stories.resources import DATA
from tracker.stories.segmentation.concept_linking import named_concepts
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.text.tokenization import tokenize
from tracker.stories.tracking.presentation import ignored_words
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.understanding.pipeline import interpret

ROWS = """# English, French, German, Spanish, Italian, Portuguese, Dutch
quuxdom, quuxness\tquuxité\tQuuxtum\tquuxidad\tquuxità\tquuxidade\tquuxdom
quux house\tmaison de quux\tQuuxhaus\tcasa de quux\tcasa del quux\tcasa de quux\tquuxhuis

quuxmate\tquuxité\tQuuxpartner\tquuxero\tquuxero\tquuxeiro\tquuxmaat
"""


def parts(query: str) -> tuple[QuerySegment, ...]:
    return interpret(parse(query), load_lexicon()).segments


def kinds(query: str) -> list[tuple[str, str]]:
    return [(part.text, part.kind) for part in parts(query)]


def levels(query: str, title: str, language: str) -> list[float]:
    """Give how well a headline shows each part of a query."""
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    item = make_item(title, published=now, language=language)
    found = StoryMatcher.of(query, load_lexicon()).features_anyway(AnalyzedItem.of(item))
    evidence = found.evidence
    return [max((hit.level for hit in pair if hit), default=0.0) for pair in evidence.matches]


def dictionary(tmp_path: Path, text: str = ROWS) -> Dictionary:
    path = tmp_path / "dictionary.tsv"
    path.write_text(text, "utf-8")
    return Dictionary(path)


# --- the file -------------------------------------------------------------------------------------


def test_the_longest_words_are_found_with_all_their_senses(tmp_path: Path) -> None:
    found = dictionary(tmp_path)
    size, (entry,) = found.find(("quux", "hous", "fire"), "en")
    assert (size, entry["it"]) == (2, ("casa del quux",))
    size, entries = found.find(("quuxit",), "fr")
    assert (size, [entry["en"] for entry in entries]) == (
        1,
        [("quuxdom", "quuxness"), ("quuxmate",)],
    )
    assert found.find(("zorblax",), "en") == (0, ())
    assert found.find(("quuxdom",), "xx") == (0, ())


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("nl", "gequuxt", "gequuxte"),  # its stem begins behind the ge
        ("nl", "quuxzaak", "quuxzaken"),
        ("en", "dying", "dying"),  # its stem is die
        ("fr", "œuquux", "oeuquux"),
        ("fr", "fœquux", "foequux"),
        ("de", "OEQU", "OEQU"),
        ("it", "è-quux", "e quux"),
        ("es", "Ñuquux", "nuquux"),
        ("en", "ͻquux", "ͻquux"),
    ],
)
def test_a_word_is_found_by_its_stem_however_it_is_written(
    tmp_path: Path, language: str, written: str, typed: str
) -> None:
    row = "\t".join([f"other, {written}"] * 7)
    read = tokenize(typed, language)
    found = dictionary(tmp_path, row).find(tuple(word.stem for word in read), language)
    assert found[0] == len(read)


def test_words_are_listed_by_themselves_and_as_they_are(tmp_path: Path) -> None:
    found = dictionary(tmp_path)
    assert found.lists("quuxness", "en")
    assert found.lists("quuxite", "fr")
    assert not found.lists("quux", "en")
    assert not found.lists("quuxness", "fr")


def test_a_vocabulary_may_have_no_dictionary(tmp_path: Path) -> None:
    assert Dictionary(tmp_path / "none.tsv").find(("house",), "en") == (0, ())


@pytest.mark.parametrize("row", ["a\tb\tc", "a\tb\tc\td\te\tf\t", "a\tb,\tc\td\te\tf\tg"])
def test_a_line_that_is_out_of_form_is_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(ConfigError, match=r"dictionary\.tsv, line 3: has to have a word each"):
        dictionary(tmp_path, f"# a comment\n\n{row}\n").find(("a",), "en")


def test_it_is_read_only_once_a_word_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "dictionary.tsv"
    found = Dictionary(path)
    path.write_text(ROWS, "utf-8")
    assert found.lists("quuxdom", "nl")
    path.unlink()
    assert found.lists("quuxero", "es")


def test_the_shipped_file_is_in_order_and_has_each_english_word_once() -> None:
    lines = (DATA / "dictionary.tsv").read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    first = [line.split("\t")[0].split(",")[0].lower() for line in lines if line[0] != "#"]
    assert len(first) > 4000
    assert sorted(set(first)) == sorted(first)


def test_the_shipped_file_has_words_of_a_few_letters_and_signs_only() -> None:
    lines = (DATA / "dictionary.tsv").read_text("utf-8").splitlines()
    cells = [cell for line in lines if line[0] != "#" for cell in line.split("\t")]
    written = [word.strip() for cell in cells for word in cell.split(",")]
    assert [w for w in written if not any(map(str.isalnum, w)) or len(w.split()) > 8] == []
    odd = {c for word in written for c in word if not (c.isalnum() or c in " '’-./&")}
    assert odd == set()


# --- what a query asks for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        ("Ballsaal Weißes Haus", "White House ballroom rises", "en"),
        ("salle de bal Maison-Blanche", "White House ballroom rises", "en"),
        ("White House ballroom", "Trump baut einen Ballsaal im Weißen Haus", "de"),
        ("White House ballroom", "A Casa Branca terá um salão de baile", "pt"),
        ("crollo ponte Baltimora", "Bridge collapses in Baltimore", "en"),
        ("Baltimore bridge collapse", "Crolla un ponte a Baltimora", "it"),
        ("incendios Hawái", "Hawaii wildfires spread", "en"),
        ("camarones radiactivos", "Radioactive shrimp recalled", "en"),
        ("Pilzmord Prozess", "Mushroom murder trial begins", "en"),
        ("Zorblax Absetzung", "Zorblax is cancelled", "en"),
        ("indiciamento de Zorblax", "Zorblax indicted", "en"),
        ("protesta palestina", "Protesta propalestina en Bilbao", "es"),
    ],
)
def test_each_part_is_found_in_another_language(query: str, title: str, language: str) -> None:
    assert min(levels(query, title, language)) > 0.5, levels(query, title, language)


def test_a_thing_is_found_inflected_and_by_another_word_for_it() -> None:
    assert levels("zorblax ballroom", "Ballrooms of Zorblax", "en")[1] == 1.0
    assert levels("teen zorblax", "Adolescents love Zorblax", "en")[0] == 1.0


def test_the_halves_of_a_compound_are_shown_as_they_were_typed() -> None:
    assert [part.text for part in parts("Böllerverbot Zorblax")] == ["Böller", "Verbot", "Zorblax"]
    assert [part.text for part in parts("Kältebusse Zorblax")] == ["Kälte", "Busse", "Zorblax"]


@pytest.mark.parametrize("query", ["Bahnstreik", "Bahn Streik", "Bahnstreik GDL"])
def test_a_strike_on_the_railways_is_one_at_the_railway(query: str) -> None:
    railway, strike, *_ = parts(query)
    assert railway.entity == "deutsche-bahn"
    assert strike.concepts == ("strike",)


def test_the_right_of_publishers_is_no_name() -> None:
    assert [part.kind for part in parts("Google Leistungsschutzrecht")] == [NAME, CONCEPT]


def test_a_compound_that_is_cut_is_shown_whole_with_its_accents() -> None:
    for query in ("Böllerverbot", "Böllerverbot in Berlin", "Böllerverbot Zorblax"):
        halves = [part for part in parts(query) if part.text in {"Böller", "Verbot"}]
        assert [part.forms[ANY_LANGUAGE][-1].text.lower() for part in halves] == [
            "böllerverbot"
        ] * 2


def ignored(query: str) -> tuple[str, ...]:
    matcher = StoryMatcher.of(query, load_lexicon())
    return ignored_words(matcher.query, matcher.interpretation)


def test_a_compound_that_is_cut_is_looked_for() -> None:
    assert ignored("Pilzmord Prozess") == ()
    assert ignored("Tierpark Masernausbruch") == ()


def test_a_name_that_only_another_language_has_is_the_known_one() -> None:
    (called,) = [part for part in parts("crollo ponte Baltimora") if part.kind == NAME]
    assert (called.text, called.entity) == ("Baltimora", "baltimore")
    assert not any(part.optional for part in parts("crollo ponte Baltimora"))


def test_of_what_has_the_same_stem_the_word_that_was_typed_is_meant() -> None:
    (beaches,) = [part for part in parts("réouverture des plages") if part.text == "plages"]
    assert "beach" in {form.text for form in beaches.forms["en"]}
    assert not any("plagi" in form.text for form in beaches.forms["en"])
    assert not beaches.concepts


@pytest.mark.parametrize(
    ("query", "word", "english", "concept"),
    [
        ("Krankheit der Buche", "Buche", "beech", "book"),
        ("precio del apio", "apio", "celery", "api-access"),
        ("plaga de cigarras", "cigarras", "cicadas", "smoking"),
        ("mort de la buse", "buse", "buzzard", "transport"),
    ],
)
def test_a_word_of_the_dictionary_tells_no_affair_by_its_stem_alone(
    query: str, word: str, english: str, concept: str
) -> None:
    (thing,) = [part for part in parts(query) if part.text == word]
    assert english in {form.text for form in thing.forms["en"]}
    assert concept not in thing.concepts


def test_an_inflection_of_what_tells_an_affair_tells_it_though_the_dictionary_has_it() -> None:
    (robber,) = [part for part in parts("arrestation d'un cambrioleur") if part.text[0] == "c"]
    assert "theft" in robber.concepts


def test_what_is_listed_in_the_plural_is_the_word_that_was_typed_as_well() -> None:
    (sacked,) = [part for part in parts("plan de licenciement") if part.text == "licenciement"]
    assert {"coach sacking", "job cuts"} <= {form.text for form in sacked.forms["en"]}


def test_an_acronym_is_no_plural_of_another() -> None:
    (club,) = [part for part in parts("rachat de l'OM") if part.kind == NAME]
    assert not any("OMS" in form.text for form in club.forms[ANY_LANGUAGE])


def test_a_german_noun_is_no_name_for_its_capital() -> None:
    assert kinds("Ballsaal Weißes Haus")[0] == ("Ballsaal", WORD)
    assert ("Mord", CONCEPT) in kinds("Franco Mord Prozess")
    assert kinds("Zorblax Angriffe")[1] == ("Angriffe", CONCEPT)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Pilzmord Prozess", ["Pilz", "Mord", "Prozess"]),
        ("Masernausbruch", ["Masern", "Ausbruch"]),
        ("verkrachtingszaak Zorblax", ["verkrachtings", "zaak", "Zorblax"]),
        ("Quuxmord", ["Quuxmord"]),
        ("Rauchverbot Zorblax", ["Rauch", "Verbot", "Zorblax"]),
        ("Hackerangriff Zorblax", ["Hackerangriff", "Zorblax"]),
        ("Lokführerstreik", ["Lokführer", "Streik"]),
        ("treinstaking Zorblax", ["trein", "staking", "Zorblax"]),
        ("Generalstreik Zorblax", ["Generalstreik", "Zorblax"]),
        ("Bürgerkrieg Zorblax", ["Bürgerkrieg", "Zorblax"]),
    ],
)
def test_a_compound_is_cut_where_both_halves_are_known(query: str, expected: list[str]) -> None:
    assert [part.text for part in parts(query)] == expected


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("Welle", True),
        ("Quuxwelle", True),  # by its head
        ("Reisebus", True),  # by both halves: the head is short
        ("Quuxbus", False),
        ("Quuxwinkel", False),  # towns end so
        ("Bergwinkel", True),
        ("Quuxseniorinnen", True),
        ("Zorblax", False),
        ("welle", False),
        ("WELLE", False),
    ],
)
def test_a_german_noun_is_told_from_an_unknown_name(word: str, *, noun: bool) -> None:
    assert is_german_noun(tokenize(word, "de")[0], load_lexicon().dictionary) is noun


def test_a_noun_is_found_inflected() -> None:
    assert kinds("Quuxbusse angezündet")[0] == ("Quuxbusse", WORD)
    assert levels("Quuxbusse angezündet", "Quuxbus in Flammen", "de")[0] == 1.0


def test_a_compound_that_is_cut_is_found_whole() -> None:
    assert min(levels("Masernausbruch Quuxdorf", "Masernausbruch in Quuxdorf", "de")) > 0.5


def test_what_has_a_small_letter_in_german_is_no_name() -> None:
    assert kinds("quuxgebaute Böller Jugendliche")[0] == ("quuxgebaute", WORD)
    assert kinds("quuxgebaut böller jugendliche")[0] == ("quuxgebaut", NAME)


def test_a_thing_of_two_words_is_told_in_part_by_its_head() -> None:
    assert levels("Zorblax polar bear", "Zorblax shoots a polar bear", "en")[1] == 1.0
    assert 0.0 < levels("Zorblax polar bear", "Zorblax shoots the bear", "en")[1] < 1.0
    assert levels("Zorblax polar bear", "Zorblax sees polar light", "en")[1] == 0.0


def test_a_preposition_with_a_capital_is_no_name() -> None:
    assert kinds("Rachat De Zorblax") == [("Rachat", CONCEPT), ("Zorblax", NAME)]


def test_a_place_that_english_calls_so_too_stays_a_part_of_an_unknown_name() -> None:
    assert ("Florence Quux", NAME) in kinds("Florence Quux trial")
    assert ("Hawaii Quuxaina", NAME) in kinds("wildfires Hawaii Quuxaina")
    assert kinds("incendios Hawái Quuxaina")[1:] == [("Hawái", NAME), ("Quuxaina", NAME)]


def test_in_a_query_without_a_name_the_thing_makes_the_story() -> None:
    found = parts("listeria pasta outbreak")
    assert [found[number].text for number in focus(found)] == ["pasta"]


@pytest.mark.parametrize(
    ("query", "story"),
    [
        ("shortage of jet fuel", ["jet fuel"]),
        ("Mangel an Lehrern", ["Lehrern"]),
        ("tekort aan kerosine", ["kerosine"]),
        ("jet fuel shortage", ["jet fuel"]),
        ("grève éboueurs", ["éboueurs"]),
    ],
)
def test_what_stands_behind_a_preposition_makes_the_story(query: str, story: list[str]) -> None:
    found = parts(query)
    assert [found[number].text for number in focus(found)] == story


def test_what_names_no_affair_in_its_language_means_what_english_means() -> None:
    (part,) = [part for part in parts("Zorblax Absetzung") if part.kind == CONCEPT]
    assert {"cancellation", "firing"} <= named_concepts(part)


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("fuga Carlos Quux Giappone", "it"),
        ("celstraf Quux", "nl"),
        ("scandale Cambridge Quux", "fr"),
        ("votação lei eutanásia", "pt"),
        ("Nobel letteratura Quux", "it"),
        ("boycot Songfestival Israël", "nl"),
        ("Strafzölle chinesische Elektroautos", "de"),
        ("balzaal Witte Huis", "nl"),
        ("Qatar crisis", "en"),
        ("Boeing grounding", "en"),
        ("Quux autopen", "en"),
        ("Koalitionskrise Quux", "de"),
        ("Firmware Quux", "en"),
    ],
)
def test_a_language_is_told_by_things_names_and_letters(query: str, language: str) -> None:
    assert query_language(parse(query), load_lexicon()) == language


@pytest.mark.parametrize(
    ("query", "thing"),
    [
        ("chancellor New Year speech", "New Year speech"),
        ("New Year's Eve riots", "New Year's Eve riots"),
        ("Zorblax New Year's resolution", "New Year's resolution"),
    ],
)
def test_a_thing_that_begins_with_a_name_is_none(query: str, thing: str) -> None:
    assert (thing, WORD) in kinds(query)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Tuerkei Wahl", "Tuerkei: Wahl verschoben"),
        ("Tuerkei Wahl", "Türkei: Wahl verschoben"),
        ("Türkei Wahl", "Tuerkei: Wahl verschoben"),
        ("Oesterreich Wahl", "Oesterreich: Wahl verschoben"),
        ("Österreichs Wahl", "Wahl in Oesterreich verschoben"),
        ("Söder Wahl", "Soeder: Wahl verschoben"),
        ("Luebeck Wahl", "Lübeck: Wahl verschoben"),
    ],
)
def test_a_german_name_is_one_with_umlauts_and_without(query: str, title: str) -> None:
    assert levels(query, title, "de") == [1.0, 1.0]


def test_an_english_word_of_the_dictionary_means_what_it_does_in_english() -> None:
    adviser = interpret(parse("Tony Quux asesor del ministro"), load_lexicon()).segments[1]
    assert adviser.text == "asesor"
    assert not adviser.concepts, "an aide is no aide humanitaire"


def test_a_law_with_an_english_name_means_what_it_does_where_it_is_one() -> None:
    reform = interpret(parse("arbeidshervorming Spanje"), load_lexicon()).segments[0]
    assert "labour-reform" in reform.concepts, "as Italian has it of the Jobs Act"
