"""A country goes unsaid in reports of its own outlets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import verdicts

from tracker.errors import ConfigError
from tracker.model.core import Item, ReasonKind, Status, Story
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow
from tracker.services.linking import Linker
from tracker.services.registry import StoryRegistry
from tracker.services.retrieval import stored_candidates
from tracker.store.archive import items
from tracker.store.database import Database
from tracker.store.following import links, stories
from tracker.store.polling import feeds
from tracker.stories.lexicon.geography import Geography
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.model import focus
from tracker.stories.query.syntax import parse
from tracker.stories.resources import DATA, read_sections, split_list
from tracker.stories.scoring.features import Features
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import tokenize
from tracker.stories.tracking.presentation import shown_parts
from tracker.stories.tracking.profile import Profile
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.understanding.pipeline import interpret

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOMES = load_lexicon().geography
QUERY = "Spain doctors strike"
UNSAID = "Los médicos mantienen la huelga"
AFFAIR = (
    UNSAID,
    "Huelga de médicos: miles de consultas aplazadas",
    "Segunda jornada de huelga de los médicos",
    "Los médicos convocan otra huelga en junio",
)


def reading(title: str, site: str = "a.es", language: str = "es", number: int = 1) -> AnalyzedItem:
    url = f"https://www.{site}/news/{number}"
    return AnalyzedItem.of(Item(number, 1, "Outlet", url, title, "", NOW, language))


def case(
    title: str, site: str = "a.es", *, query: str = QUERY, language: str = "es"
) -> Features | None:
    """Give a headline as a story sees it, None where it is no candidate."""
    return StoryMatcher.of(query, load_lexicon()).features(reading(title, site, language))


def read_at_home(title: str, site: str, query: str, language: str) -> bool:
    """Tell whether a story takes a headline for one of an outlet at home."""
    found = case(title, site, query=query, language=language)
    assert found is not None
    return found.is_domestic


def at_home(query: str) -> list[str]:
    """Give the parts of a query as it is read at home; none where it is not read so."""
    found = interpret(parse(query), load_lexicon()).domestic
    return [part.text for part in found.segments] if found else []


@pytest.mark.parametrize(
    ("url", "language", "country"),
    [
        ("https://www.a.es/x", "en", "spain"),
        ("https://www.a.co.uk/x", "en", "united-kingdom"),
        ("http://A.FR:8080/x.de", "de", "france"),
        ("https://a.be/x", "fr", "belgium"),
        ("https://a.com/x", "de", "germany"),
        ("https://a.org", "nl", "netherlands"),
    ],
)
def test_an_outlet_is_at_home_where_its_domain_says_or_else_its_language(
    url: str, language: str, country: str
) -> None:
    assert HOMES.country_of(url, language) == country


@pytest.mark.parametrize("site", ["a.com", "a.io", "a.tv", "a.co", "a.me", "a.ai"])
def test_a_domain_that_is_taken_for_what_it_spells_tells_no_country(site: str) -> None:
    assert not HOMES.country_of(f"https://{site}/x", "en")


@given(st.text(), st.sampled_from(("en", "fr", "xx", "")))
def test_no_url_is_too_odd_to_be_asked_for_its_country(url: str, language: str) -> None:
    assert HOMES.country_of(url, language) in {"", *load_lexicon().gazetteer.entities}


@pytest.mark.parametrize(
    ("title", "language", "countries"),
    [
        ("La Belgique rouvre ses écoles", "fr", {"belgium"}),
        ("South Korea and Japan sign a treaty", "en", {"south-korea", "japan"}),
        ("Österreich streikt", "de", {"austria"}),
        ("Los médicos mantienen la huelga", "es", set()),
    ],
)
def test_the_countries_that_a_title_names_are_told(
    title: str, language: str, countries: set[str]
) -> None:
    assert HOMES.countries_named(tokenize(title, language)) == countries


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("Spain doctors strike", ["doctors", "strike"]),
        ("doctors strike in Spain", ["doctors", "strike"]),
        ("French schools reopening", ["schools", "reopening"]),
        ("grève médecins France", ["grève", "médecins"]),
        ("Amazon France warehouses closed", ["Amazon", "warehouses", "closed"]),
        ("New Zealand mosque shooting", ["mosque", "shooting"]),
    ],
)
def test_the_only_country_of_a_query_is_left_out_at_home(query: str, parts: list[str]) -> None:
    assert at_home(query) == parts


@pytest.mark.parametrize(
    "query",
    [
        "Germany",
        "The Netherlands",
        "in Germany",
        "news from Spain",
        "Germany 2026",
        "Spain crisis",
        "France Germany fighter jet",
        '"Spain" doctors strike',
        "title:Spain doctors strike",
        "doctors strike -Spain",
        "TikTok acquisition",
    ],
)
def test_what_would_say_nothing_without_its_country_is_read_as_it_is_typed(query: str) -> None:
    assert not at_home(query)


@pytest.mark.parametrize("site", ["a.mx", "a.ar"])
def test_a_report_of_another_countrys_outlet_has_to_name_it(site: str) -> None:
    assert case(UNSAID, site) is None
    assert case("España: los médicos mantienen la huelga", site) is not None


def test_a_report_from_elsewhere_is_read_as_before() -> None:
    found = case("Spanish doctors on strike", "a.com", language="en")
    assert found is not None
    assert not found.is_domestic


def test_what_is_left_open_beside_the_country_makes_no_story_at_home_either() -> None:
    found = interpret(parse("troops in Spanish cities"), load_lexicon()).domestic
    assert found is not None
    assert [found.segments[number].text for number in focus(found.segments)] == ["troops"]


def test_what_tells_nothing_of_the_affair_is_no_candidate_at_home() -> None:
    assert case("El Gobierno de España aprueba los presupuestos") is None


def test_a_title_that_names_another_country_is_told_of_that() -> None:
    assert case("Los médicos mantienen la huelga en Portugal") is None
    assert case("Huelga de médicos en España y Portugal") is not None


def test_of_an_affair_between_countries_a_title_may_name_the_other() -> None:
    title = "CSU fordert schnellere Abschiebung von Syrern nach Syrien"
    assert read_at_home(title, "a.de", "Germany deportations", "de")


def test_a_title_that_names_a_part_of_another_country_is_told_of_that() -> None:
    query = "UK doctors strike"
    assert case("Doctors on strike in Texas", "a.uk", query=query, language="en") is None
    query = "UK deportations"
    assert case("Raids before deportations in Texas", "a.uk", query=query, language="en") is None
    assert case("Deportations to Albania planned", "a.uk", query=query, language="en") is not None


@pytest.mark.parametrize(("site", "told"), [("a.de", True), ("a.cl", False)])
def test_a_title_on_a_part_of_the_world_may_be_told_of_a_country_in_it(
    site: str, *, told: bool
) -> None:
    query = {"a.de": "Germany heat wave", "a.cl": "Chile heat wave"}[site]
    found = case("European heat wave breaks records", site, query=query, language="en")
    assert bool(found) is told


def test_what_brings_only_what_is_wider_is_no_candidate_at_home() -> None:
    title, query = "Feuerwerksverbote in mehreren Orten", "Germany social media ban children"
    assert case(title, "a.de", query=query, language="de") is None


def test_beside_a_company_a_report_at_home_has_to_tell_the_affair() -> None:
    query = "Zorblax US ban"
    assert read_at_home("Ban on Zorblax takes effect", "a.us", query, "en")
    other = case("Zorblax shows a new phone", "a.us", query=query, language="en")
    assert other is None or not other.is_domestic


def test_beside_a_disease_a_report_at_home_need_not_tell_the_affair() -> None:
    query = "France coronavirus inquiry"
    assert read_at_home("Coronavirus : Véran entendu", "a.fr", query, "fr")


def test_a_country_is_named_by_its_parts() -> None:
    found = case("Measles case confirmed in Maryland", "a.org", query="US measles", language="en")
    assert found is not None
    assert found.levels[0] > 0.9


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("US government stake in Zorblax", []),
        ("US government's stake in Zorblax", []),
        ("US government shutdown", ["government shutdown"]),
        ("America measles outbreak", ["measles", "outbreak"]),
        ("america measles outbreak", ["measles", "outbreak"]),
        ("Captain America sequel", []),
    ],
)
def test_a_country_that_acts_on_somebody_goes_not_unsaid(query: str, parts: list[str]) -> None:
    assert at_home(query) == parts


def test_another_country_that_the_query_names_is_none_of_elsewhere() -> None:
    title = "Trump kündigt Zölle an: Was die USA fordern"
    assert read_at_home(title, "a.ch", "Trump tariffs Switzerland", "de")


def test_beside_another_name_a_report_of_elsewhere_is_read_as_before() -> None:
    query = "Amazon France warehouses closed"
    assert not read_at_home("Amazon schließt Lager in Polen", "a.fr", query, "de")


def test_what_is_read_at_home_says_that_the_country_goes_unsaid() -> None:
    verdict = verdicts(QUERY, [reading(UNSAID).item])[0]
    unsaid = [(r.part, r.worth) for r in verdict.reasons if r.kind == "home"]
    assert unsaid == [("Spain", 0.0)]
    assert sum(reason.worth for reason in verdict.reasons) == pytest.approx(verdict.score)


def test_what_is_outside_the_limits_is_ruled_out_at_home_too() -> None:
    matcher = StoryMatcher.of(QUERY, load_lexicon(), since=NOW + timedelta(days=1))
    assert matcher.features(reading(UNSAID)) is None
    assert matcher.features_anyway(reading(UNSAID)).excluded


def test_a_report_of_an_outlet_at_home_says_which_country_went_unsaid() -> None:
    report = reading("Renault supprime 500 emplois", "a.fr", "fr").item
    reasons = verdicts("Renault France layoffs", [report])[0].reasons
    assert [each.part for each in reasons if each.kind == ReasonKind.HOME] == ["France"]


@pytest.mark.xfail(strict=True, reason="the other parts outweigh a word that the user set")
def test_a_word_that_the_user_sets_counts_at_home() -> None:
    report, profile = reading("Huelga de médicos y paro de profesores").item, Profile()
    before = verdicts(QUERY, [report])[0].score
    profile.edit("profesores", -1.0)
    assert verdicts(QUERY, [report], profile=profile)[0].score < before - 0.1


@pytest.fixture
def db(db: Database) -> Database:
    """Give a database with one Spanish feed."""
    feeds.take_in(db, [FeedSource("https://a.es/feed", "A")], {}, "digest")
    return db


def poll(db: Database, *titles: str) -> None:
    """Store headlines of the feed and link them."""
    with db.transaction():
        db.executemany(
            "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
            " first_seen) VALUES (1, ?1, 'https://a.es/' || ?1, ?2, '', 'es', ?3, 0)",
            [(n, title, int(NOW.timestamp()) + n) for n, title in enumerate(titles)],
        )
        db.execute("INSERT INTO queue SELECT id FROM items")
    Linker(db, NOW, lambda *_: None).link()


def linked(db: Database, story: Story) -> set[str]:
    found = links.of_story(db, story.id)
    return {link.item.title for link in found if link.status is Status.LINKED}


def test_what_a_poll_brings_and_what_is_stored_are_read_alike_at_home(db: Database) -> None:
    early = follow.follow(db, QUERY, NOW).story
    poll(db, *AFFAIR)
    late = follow.follow(db, QUERY, NOW, slug="late").story
    assert linked(db, early) == linked(db, late) == set(AFFAIR)


def test_words_that_do_without_the_country_are_looked_for_at_its_own_outlets_alone(
    db: Database,
) -> None:
    poll(db, UNSAID, *(f"Huelga de médicos en Quuxland, día {n}" for n in range(3)))
    db.execute("UPDATE items SET url = 'https://a.mx/' || id, language = 'en' WHERE id > 1")
    found = stored_candidates(db, StoryMatcher.of(QUERY, load_lexicon()))
    assert [item.title for item in found] == [UNSAID]


def test_a_rejected_report_stays_out_at_home_after_a_rematch(db: Database) -> None:
    poll(db, *AFFAIR)
    story = follow.follow(db, QUERY, NOW).story
    feedback.decide(db, story, items.load(db, [1]), Status.REJECTED, NOW)
    follow.rematch(db, NOW, lambda *_: None)
    assert linked(db, story) == set(AFFAIR[1:])


def test_only_outlets_of_the_country_are_looked_at_for_what_goes_unsaid(db: Database) -> None:
    with db.transaction():
        story = stories.create(db, QUERY, NOW).id
    for _ in range(2):  # found, then read as it was kept
        followed = StoryRegistry.load(db)
        assert followed.stories_of("https://a.es/x", prepare(UNSAID, "", "es")) == {story}
        assert followed.stories_of("https://a.mx/x", prepare(UNSAID, "", "es")) == set()
        assert followed.stories_of("https://a.mx/x", prepare("España en huelga", "", "es")) == {
            story
        }


def test_a_preview_says_that_the_country_may_go_unsaid() -> None:
    notes = {
        part.text: part.note
        for part in shown_parts(StoryMatcher.of(QUERY, load_lexicon()).interpretation)
    }
    assert notes["Spain"] == "outlets of this country need not say it"
    assert not notes["doctors"]


def homes_of(path: Path, text: str) -> Geography:
    path.write_text(text, "utf-8")
    return Geography(path, load_lexicon().gazetteer)


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://gazette.com/x", "united-states"),
        ("https://www.news.gazette.com/x", "united-states"),
        ("https://thegazette.com/x", ""),
        ("https://gazette.com.es/x", "spain"),
        ("https://diario.es/x", "chile"),
        ("https://otro.es/x", "spain"),
    ],
)
def test_a_listed_outlet_is_at_home_with_all_its_hosts(
    tmp_path: Path, url: str, country: str
) -> None:
    listed = "[domains]\nes = spain\n[outlets]\nunited-states = gazette.com\nchile = diario.es\n"
    assert homes_of(tmp_path / "homes.ini", listed).country_of(url, "en") == country


@pytest.mark.parametrize(
    "text",
    [
        "[domains]\nqq = quuxland\n",
        "[languages]\nxx = microsoft\n",
        "qq = spain\n",
        "[outlets]\nquuxland = gazette.com\n",
        "[outlets]\nspain = gazette.com\nchile = gazette.com\n",
    ],
)
def test_a_file_that_is_out_of_form_is_an_error_that_says_where(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"homes\.ini"):
        homes_of(tmp_path / "homes.ini", text).has("spain")


@pytest.mark.parametrize(
    "text", ["[regions]\nquuxland = spain\n", "[regions]\neurope = spain, quuxland\n"]
)
def test_a_part_of_the_world_that_is_out_of_form_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"homes\.ini"):
        homes_of(tmp_path / "homes.ini", text).around("spain")


def test_without_the_file_no_outlet_is_at_home(tmp_path: Path) -> None:
    homes = Geography(tmp_path / "homes.ini", load_lexicon().gazetteer)
    assert not homes.country_of("https://a.es/x", "es")
    assert not homes.has("spain")


def test_the_file_lists_domains_languages_and_affairs_that_there_are() -> None:
    told = read_sections(DATA / "homes.ini")
    assert told.keys() == {"domains", "outlets", "languages", "regions", "within", "affairs"}
    assert all(len(code) == 2 and code.isalpha() for code in told["domains"])
    assert list(told["domains"]) == sorted(told["domains"])
    assert told["languages"].keys() < set(SNOWBALL)
    hosts = [
        (host, country) for country, each in told["outlets"].items() for host in split_list(each)
    ]
    assert [h for h, _ in hosts if h != h.lower() or "." not in h or "/" in h] == []
    assert [h for h, c in hosts if told["domains"].get(h.rpartition(".")[2]) == c] == []
    assert sorted({h for h, _ in hosts}) == sorted(h for h, _ in hosts)
    assert list(told["outlets"]) == sorted(told["outlets"])
    assert told["regions"].keys() <= load_lexicon().gazetteer.entities.keys()
    assert {c for each in told["regions"].values() for c in split_list(each)} <= {
        entity.id
        for entity in load_lexicon().gazetteer.entities.values()
        if entity.kind == "country"
    }
    assert HOMES.between
    assert HOMES.between <= load_lexicon().concepts.keys()
