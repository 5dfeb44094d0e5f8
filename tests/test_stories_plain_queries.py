"""Queries typed as people talk: questions, causes, plain words, and what says little elsewhere."""

from __future__ import annotations

import pytest

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.language import query_language
from tracker.stories.query.model import CONCEPT, NAME, WORD, QuerySegment, focus
from tracker.stories.query.syntax import parse
from tracker.stories.resources import DATA, read_sections
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.stopwords import negations, stop_words
from tracker.stories.understanding.pipeline import interpret

VOCABULARY = load_lexicon()
PLAIN = read_sections(DATA / "plain-words.ini")["words"]


def parts(query: str) -> list[QuerySegment]:
    """Give the parts that are not open."""
    return [part for part in interpret(parse(query), VOCABULARY).segments if not part.optional]


def read(query: str) -> list[tuple[str, str]]:
    """Give what is asked for: the entities, concepts or words of the parts that are not open."""
    return [
        (part.concepts[0] if part.kind == CONCEPT else part.entity or part.text, part.kind)
        for part in parts(query)
    ]


@pytest.mark.parametrize(
    "query", ["WhatsApp down", "aws down", "is chatgpt down", "Zorblax down", "cloud service down"]
)
def test_what_is_down_has_an_outage(query: str) -> None:
    assert read(query)[-1] == ("outage", CONCEPT)
    assert query_language(parse(query), VOCABULARY) == "en"


@pytest.mark.parametrize(
    "query", ["oil prices down", "Tesla sales down", "Ireland down", "Elon Musk down", "down"]
)
def test_figures_places_and_persons_are_down_otherwise(query: str) -> None:
    assert ("outage", CONCEPT) not in read(query)


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("airlines cutting jobs because of Covid", "airlines cutting jobs"),
        ("Zorblax layoffs due to Covid", "Zorblax layoffs"),
        ("licenciements chez Airbus à cause du coronavirus", "licenciements chez Airbus"),
        ("despidos en Airbus a causa del coronavirus", "despidos en Airbus"),
        ("trains SNCF annulés en raison d'Omicron", "trains SNCF annulés"),
        ("licenziamenti alla Fiat a causa dell'Iran", "licenziamenti alla Fiat"),
    ],
)
def test_a_name_as_the_cause_is_not_asked_for_where_the_rest_tells_the_story(
    query: str, same: str
) -> None:
    assert read(query) == read(same)


def test_the_cause_is_asked_for_where_it_makes_the_story() -> None:
    assert ("covid-19", NAME) in read("layoffs because of Covid")
    assert ("face-masks", CONCEPT) in read("chauffeur frappé à cause du masque")


@pytest.mark.parametrize(
    "query", ["train delays due to heat", "chauffeur frappé à cause du masque"]
)
def test_what_says_that_a_cause_follows_is_no_part(query: str) -> None:
    assert not {"due", "cause"} & {part.text for part in parts(query)}


def test_a_query_may_be_what_says_that_a_cause_follows() -> None:
    assert read("because of")


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("Will Assange be sent to prison", "Assange sent to prison"),
        ("Will Air Canada flights be late", "Air Canada flights late"),
        ("Why can't I book a Covid test", "book a Covid test"),
    ],
)
def test_a_question_asks_for_what_it_is_about(query: str, same: str) -> None:
    assert read(query) == read(same)
    found = {part.text for part in interpret(parse(query), VOCABULARY).segments}
    assert not {"Will", "Why", "I", "can't"} & found


@pytest.mark.parametrize(
    "query", ["Will Quux trial", "Will Smith slap at Oscars", "Will Assange trial"]
)
def test_a_name_may_begin_as_a_question_does(query: str) -> None:
    assert read(query)[0][1] == NAME
    assert parts(query)[0].text.startswith("Will ")


def test_a_german_question_may_begin_with_its_verb() -> None:
    assert read("Kommt der Kampfjet noch") == [("fighter-jets", CONCEPT)]
    assert ("brandenburg", NAME) in read("Zerbricht die Regierung in Brandenburg")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Quux November", ["Quux"]),
        ("Zorblaxière 11 mai", ["Zorblaxière"]),
        ("Estatuto Marco", ["Estatuto Marco"]),
        ("Quux 11", ["Quux 11"]),
    ],
)
def test_a_month_is_a_date_behind_a_name(query: str, names: list[str]) -> None:
    assert [part.text for part in parts(query) if part.kind == NAME] == names


@pytest.mark.parametrize(
    ("query", "subject"),
    [
        ("que proposent les citoyens pour le climat", "citoyens"),
        ("Wie heißen die meisten Babys", "Babys"),
        ("wie viele Flüchtlinge kamen 2025", "Flüchtlinge"),
        ("por qué tantos ceros en euskera", "euskera"),
    ],
)
def test_plain_words_make_no_story_and_are_no_names(query: str, subject: str) -> None:
    found = interpret(parse(query), VOCABULARY).segments
    assert [found[number].text for number in focus(found)] == [subject]


def test_a_day_is_left_out_with_its_month() -> None:
    assert read("retour à l'école 11 mai") == read("retour à l'école")
    assert read("retour à l'école 11 juin") == read("retour à l'école juin")


def test_a_plain_word_alone_is_asked_for() -> None:
    assert read("decided") == [("decided", WORD)]


def test_of_who_sells_a_known_thing_nothing_is_asked() -> None:
    assert [part.text for part in parts("office sharing company listing")] == [
        "office sharing",
        "listing",
    ]


@pytest.mark.parametrize("query", ["Sparkasse Gelsenkirchen", "Fallschirmjäger Zweibrücken"])
def test_a_town_that_ends_in_a_noun_is_a_name(query: str) -> None:
    assert read(query)[-1] == (query.rsplit(maxsplit=1)[-1], NAME)


def test_a_compound_that_begins_with_a_noun_is_no_town() -> None:
    assert ("church", CONCEPT) in read("Sanierung Dorfkirchen")


def test_an_inflection_names_what_the_word_names() -> None:
    assert ("student-loans", CONCEPT) in read("student loans July")
    assert read("student loans rules") == read("student loan rules")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("offshore wind farms halted", ("wind-power", CONCEPT)),
        ("low-cost airline collapse", ("low-cost airline", WORD)),
        ("coffee shop closures", ("restaurants", CONCEPT)),
        ("coffee prices", ("coffee", NAME)),
    ],
)
def test_a_kind_is_told_as_its_affair_where_that_is_told_with_the_same_words(
    query: str, first: tuple[str, str]
) -> None:
    assert read(query)[0] == first


def test_a_plain_word_is_no_acronym_in_small_letters() -> None:
    assert "echa" not in {part.entity for part in parts("policía echa a okupas de fábricas")}
    assert "echa" in {part.entity for part in parts("ECHA fluor")}


def test_how_many_there_are_is_not_asked_for() -> None:
    assert "150" not in {part.text for part in parts("150 citoyens climat")}
    assert "1984" in {part.text for part in parts("1984 remake film")}


def test_of_two_words_the_one_that_only_says_how_is_left_out_before_an_affair() -> None:
    assert read("weniger Flüchtlinge") == read("Flüchtlinge")
    assert [part.text for part in parts("worst roommates")] == ["worst", "roommates"]


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("Flugausfälle Winter", "Flugausfälle"),
        ("will house prices go down this year", "house prices go down"),
        ("SNAP benefits stop November 1", "SNAP benefits stop"),
        ("combien d'infirmières augmentées", "infirmières augmentées"),
    ],
)
def test_when_and_how_many_make_no_story(query: str, same: str) -> None:
    found = [interpret(parse(each), VOCABULARY).segments for each in (query, same)]
    told = [[parts[number].text for number in focus(parts)] for parts in found]
    assert told[0] == told[1]
    assert read(query) == read(same)


def test_when_something_comes_out_is_asked_of_what_is_named() -> None:
    assert read("when is the next total eclipse") == read("total eclipse")
    assert "release-date" in interpret(parse("when is GTA 6 out"), VOCABULARY).segments[0].concepts
    assert read("release date") == [("release-date", CONCEPT)]


def test_how_many_there_are_of_a_german_noun_is_not_asked_for() -> None:
    assert "20" not in {part.text for part in parts("20 Kilo Gold gestohlen")}


@pytest.mark.parametrize("language", sorted(SNOWBALL))
def test_no_plain_word_tells_an_affair(language: str) -> None:
    listed = PLAIN[language].split()
    assert len(listed) > 100
    assert [word for word in listed if VOCABULARY.meanings((word,), language)] == []


def test_contracted_verbs_that_negate_are_negations() -> None:
    verbs = "ca wo do does did is are was were would could should has have had".split()
    negating = {f"{verb}nt" for verb in verbs}
    assert negating <= stop_words("en")
    assert negating <= negations("en")
