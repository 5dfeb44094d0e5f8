"""What belongs to a story and what only shares a name, on headlines made up for the purpose."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from judging import features_of, is_candidate, matcher_of, verdicts
from making import make_item

from tracker.errors import QueryError
from tracker.model.core import Item, Status, Verdict
from tracker.stories.levels import NARROWER, SYNONYM
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.query.syntax import parse
from tracker.stories.scoring.features import Features
from tracker.stories.scoring.weights import WEIGHTS
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.tracking.presentation import ignored_words, shown_parts
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.understanding.pipeline import interpret

DAY = datetime(2031, 3, 1, 12, tzinfo=UTC)
_LINKED_FOR_RARITY = pytest.mark.xfail(strict=True, reason="a rare name alone is linked")


def item(
    title: str,
    summary: str = "",
    *,
    number: int = 1,
    source: str = "Gazette",
    day: int = 0,
    address: str = "",
) -> Item:
    published = DAY + timedelta(days=day)
    return make_item(
        title, summary, number=number, published=published, source=source, address=address
    )


def judged(query: str, *titles: str) -> list[Verdict]:
    """Judge headlines as one poll brings them."""
    return verdicts(query, [item(title, number=n, day=n) for n, title in enumerate(titles)])


def sighted(query: str, title: str) -> Features:
    return features_of(query, item(title))


def linked(query: str, title: str) -> bool:
    return judged(query, title)[0].status is Status.LINKED


def by_address(query: str, title: str, address: str) -> Verdict:
    return verdicts(query, [item(title, address=address)])[0]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Zorblax acquisition", "Quuxly in talks to acquire Zorblax for $3 billion"),
        ("Zorblax acquisition", "Takeover of Zorblax nears its end"),
        ("zorblax acquisition", "Zorblax acquisition falls through"),
        ("Zorblax Nokia lawsuit", "Zorblax sues Nokia over patents"),
        ("Zorblax layoffs", "Zorblax lays off a third of its workers"),
        ("Zorblax buyback", "Zorblax to buy back shares for a billion"),
        ("Zorblax lockdown", "Zorblax is locked down again"),
        ("ZorBlax strike", "Zor Blax workers go on strike"),
        ("Air Zorblax strike", "Pilots of Air Zorblax walk out in strike over pay"),
        ("Orb 6 delay", "Orb VI delayed until spring"),
        ("Zorblax outage", "Zorblax outage hits hospitals"),
        ("Zorblax layoffs", "Zorblax to cut 15,000 jobs"),
        ("Anna Quuxly trial", "Anna Quuxlys trial begins"),
        ("social media addiction trial", "Trial over addiction to Instagram begins"),
        ("Zorblax layoffs", "Zorblax to cut up to 15,000 of its jobs"),
        ("stablecoin bill", "Senate passes bill on stablecoins"),
        ("contact tracing app", "A second app for contact tracing starts"),
        ("school phone ban", "Ban on phones in schools begins"),
        ("Zorblax Hill Quuxly fire", "Fire in the Hill Quuxly part of town is out"),
        ("Zorblax Quuxly fight", "Zorblax drops Quuxly from its programme"),
        ("Zorblax Quuxly fight over gadgets", "Zorblax and Quuxly quarrel over gadgets again"),
    ],
)
def test_what_a_follower_wants_is_linked(query: str, title: str) -> None:
    assert linked(query, title)


@pytest.mark.parametrize(
    ("query", "title", "there"),
    [
        ("1700", "Zorblax closes 1,700 shops", True),
        ("1700", "Zorblax ferme 1 700 magasins", True),
        ("1,700", "Zorblax ferme 1.700 magasins", True),
        ("2,5", "Growth of 2.5% at last", True),
        ("2-1", "Wolves win 2-1 at home", True),
        ("25", "Growth of 2,5% at last", False),
        ("21", "Wolves win 2-1 at home", False),
        ("25", "Growth of 2/5 at last", False),
        ("2-1", "Wolves win 21 games", False),
    ],
)
def test_a_figure_is_the_one_that_is_written(query: str, title: str, *, there: bool) -> None:
    matcher = matcher_of(query)
    assert (matcher.features(AnalyzedItem.of(item(title))) is not None) is there


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Apple lawsuit", "Pineapple growers file lawsuit over water"),
        ("Arm acquisition", "Alarm maker completes acquisition of rival"),
        ("Arm acquisition", "He broke his arm on the day of the big acquisition"),
        ("Meta fine", "The metadata law brings a record fine"),
        ("X lawsuit", "The lawsuit over the x axis of a chart is settled"),
        pytest.param(
            "Zorblax acquisition", "Quuxly buys rival of Zorblax", marks=_LINKED_FOR_RARITY
        ),
        pytest.param("Zorblax Quuxly fight", "Zorblax opens a shop", marks=_LINKED_FOR_RARITY),
        ("Zorblax lawsuit", "The lawsuit of the century ends"),
        ("stablecoin bill", "Senate passes bill on school meals"),
        ("executions", "Zorblax hangs on to win by a point"),
        ("gas prices", "Electricity grid of Quuxland is rebuilt"),
        ("housing market", "Free-trade zone opens"),
        ("contact tracing app", "Contact tracing is given up"),
        ("school phone ban", "Ban on knives in schools begins"),
        (
            "school phone ban",
            "Ban on knives in the park, say police in a town that has a school and many new phones",
        ),
        ("Zorblax Hill Quuxly fire", "Fire at Zorblax is out"),
        ("Zorblax Nokia lawsuit", "Quuxly is sued over its patents"),
        ("Lisa Quux trial", "Tim Quux goes on trial"),
        ("Kennedy Center cancellations", "Plans for a Data Center are cancelled"),
        ("Intel lawsuit", "Lawsuit in Tel Aviv over a bridge"),
        ("Intel lawsuit", "In Tel Aviv, a lawsuit over a bridge"),
        ("solar eclipse", "Total lunar eclipse turns the moon red"),
        ("interstellar object", "Two comets are to be seen this month"),
    ],
)
def test_what_shares_a_word_is_not_linked(query: str, title: str) -> None:
    assert not linked(query, title)


@pytest.mark.parametrize(
    ("query", "title", "told"),
    [
        ("Quuxland curfew", "Quuxland imposes a night-time curfew", True),
        ("Quuxland curfew", "Quuxland puts travellers in quarantine", False),
        ("Quuxland lockdown", "Quuxland imposes a night-time curfew", True),
        ("Zorblax buyback", "Zorblax raises its dividend", False),
        ("Quuxland riots", "Quuxland sees a peaceful demonstration", False),
        ("Zorblax tablet", "Zorblax shows a new phone", False),
    ],
)
def test_what_has_a_name_of_its_own_is_not_told_by_what_is_beside_it(
    query: str, title: str, *, told: bool
) -> None:
    assert sighted(query, title).aspect_in_title is told


def test_jobs_alone_tell_little_of_their_being_cut() -> None:
    brought = sighted("Zorblax layoffs", "Zorblax brings new jobs to a town").aspect_level
    assert (
        brought
        <= WEIGHTS.ambiguous_level
        < sighted("Zorblax layoffs", "Zorblax cuts jobs").aspect_level
    )


def test_two_unknown_names_need_not_stand_side_by_side() -> None:
    apart, half = judged(
        "Zorblax Quuxly merger", "Zorblax offers Quuxly a merger", "Zorblax looks for a merger"
    )
    assert apart.status is Status.LINKED
    assert half.score < apart.score


def test_two_names_typed_as_one_may_have_an_s_where_they_stand_apart() -> None:
    there, not_there = (
        sighted("Zorblax Quuxly libel", f"Anna Zorblaxs court date with Eva {name} is near")
        for name in ("Quuxlys", "Quuxless")
    )
    assert there.levels[0] == 1.0
    assert not_there.levels[0] == WEIGHTS.partial_level


def test_a_lone_letter_is_a_name_where_no_name_is_before_it() -> None:
    assert sighted("X outage", "Users say that X is down").levels[0] > 0.0
    assert sighted("X outage", "Generation X is down on its luck").levels[0] == 0.0


def test_what_only_says_which_version_it_is_does_not_stand_for_a_name() -> None:
    assert sighted("Disney+ price", "PlayStation Plus raises its price").levels[0] == 0.0


def test_a_streaming_service_is_found_by_its_sign() -> None:
    assert linked("Disney Plus price rise", "Disney+ raises its prices again")


def test_an_attribute_is_no_word_of_a_plain_text() -> None:
    assert linked("Zorblax Center strike", "Strike at Zorblax Center")
    assert not linked("Center strike", 'Show "class=center" to everyone')


@pytest.mark.parametrize(
    ("title", "language", "tells"),
    [
        ("Zorblax ruft jetzt sämtliche Wagen zurück, Quux soll zahlen", "de", True),
        ("Zorblax stößt seine Tochter Quux ab", "de", True),
        ("Zorblax neemt branchegenoot Quux over", "nl", True),
        ("Zorblax stößt auf Kritik", "de", False),
        ("Zorblax neemt Quux mee over de grens", "nl", False),
        ("Quux Wants to Take Zorblax Private", "en", True),
        ("Quux takes its suppliers private in a deal", "en", True),
        ("Zorblax takes a long look at private schools", "en", False),
    ],
)
def test_a_verb_is_found_apart_from_its_particle(title: str, language: str, *, tells: bool) -> None:
    query = "Zorblax recall" if "ruft" in title else "Zorblax acquisition OR divestiture"
    query = "Zorblax delisting" if language == "en" else query
    reading = AnalyzedItem.of(replace(item(title), language=language))
    assert (matcher_of(query).features_anyway(reading).aspect_level > 0.5) == tells


@pytest.mark.parametrize(
    ("query", "title", "language", "level"),
    [
        ("Zorblax strike", "Warnstreik bei Zorblax", "de", SYNONYM),
        ("Zorblax strike", "Zorblax-Pilotenstreik beginnt", "de", SYNONYM),
        ("Zorblax strike", "Zorblax staat stil door treinstaking", "nl", SYNONYM),
        ("Zorblax vaccine", "Zorblax im Impfstoffstreit", "de", NARROWER),
        ("Zorblax strike", "Streikbeginn bei Zorblax", "de", None),
        ("Zorblax strike", "Zorblax Warnstreik", "en", None),
        ("Zorblax shooting", "Finanzausschuss prüft Zorblax", "de", None),
        ("Zorblax peace talks", "Zorblax ist unzufrieden", "de", None),
    ],
)
def test_a_compound_is_what_its_last_half_is_and_about_its_first(
    query: str, title: str, language: str, level: float | None
) -> None:
    reading = AnalyzedItem.of(replace(item(title), language=language))
    hit = matcher_of(query).features_anyway(reading).evidence.matches[1][0]
    assert (hit.level if hit else None) == level


def test_what_goes_on_with_two_parts_of_an_affair_tells_of_one() -> None:
    sighting = sighted("Zorblax constitution referendum", "Zorblax votes on its budget")
    assert sighting.levels[1] == pytest.approx(WEIGHTS.related_level)
    assert sighting.levels[2] == 0.0


def test_a_function_word_is_no_form_for_having_its_stem() -> None:
    def affair(title: str) -> float:
        reading = AnalyzedItem.of(replace(item(title), language="es"))
        return matcher_of("Zorblax strike").features_anyway(reading).aspect_level

    assert affair("Nuevos paros en Zorblax") > 0.5
    assert affair("Nuevos precios para Zorblax") == 0.0


@pytest.mark.parametrize(
    ("title", "held"),
    [
        ("Über Klage der Bahn entschieden", False),
        ("U\u0308BER KLAGE ENTSCHIEDEN", False),
        ("Uber: Klage abgewiesen", True),
        ("Klage gegen Uber", True),
    ],
)
def test_no_uber_is_the_german_word_for_over(title: str, *, held: bool) -> None:
    reading = AnalyzedItem.of(replace(item(title), language="de"))
    assert (matcher_of("Uber Klage").features(reading) is not None) is held


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Zorblax found to be guilty", "found to be guilty"),
        ("Zorblax found not guilty", ""),
        ("Zorblax found without guilty knowledge", ""),
    ],
)
def test_what_is_negated_is_not_within_a_form(title: str, found: str) -> None:
    matcher = StoryMatcher.of('Zorblax "found guilty" OR convicted', load_lexicon())
    hit = matcher.features_anyway(AnalyzedItem.of(item(title))).evidence.matches[1][0]
    assert (hit.text if hit and " " in hit.text else "") == found


def test_a_query_without_a_name_wants_all_of_its_words() -> None:
    assert linked("pension strike", "Strike over the pension reform goes on")
    assert not linked("pension strike", "Strike closes the ports")


def test_a_report_is_sure_only_of_an_affair_that_it_tells_whole() -> None:
    whole = sighted("Zorblax vaccine export ban", "Export ban on the Zorblax vaccine")
    half = sighted("Zorblax vaccine export ban", "Zorblax vaccine works")
    assert whole.explicit_level == 1.0
    assert half.explicit_level == 0.0
    assert half.aspect_level > 0.0


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        ("Nokia acquisition", "Rachat de Nokia : les négociations avancent", "fr"),
        ("Nokia acquisition", "Übernahme von Nokia steht bevor", "de"),
        ("Nokia acquisition", "La adquisición de Nokia sigue en pie", "es"),
        ("rachat de Nokia", "Nokia acquisition nears completion", "en"),
        ("Nokia layoffs", "Nokia streicht Stellen: Entlassungen geplant", "de"),
    ],
)
def test_a_story_is_followed_across_languages(query: str, title: str, language: str) -> None:
    report = make_item(title, published=DAY, language=language)
    assert is_candidate(query, report)
    assert verdicts(query, [report])[0].status is Status.LINKED


_TYPED = [
    *("layoffs", "strike", "price", "fight", "halt", "AI", "social", "media", "Gaza", "Qatar"),
    *("Apple", "Tim", "Cook", "Zorblax", "Zorblax-Quuxly", "Quuxly-Stream", "Ant", "Group", "2"),
    *('"night shift"', "title:Sony", "-chess", "takeover", "rachat", "Übernahme", "jet"),
]


@example("layoffs OR Zorblax-Quuxly", "Zorblax opens")
@given(
    st.builds(
        str.join, st.sampled_from([" ", " OR "]), st.lists(st.sampled_from(_TYPED), min_size=1)
    ),
    st.lists(
        st.sampled_from([*"to of rival Instagram Zorblax Quuxly Stream iPhone".split(), *_TYPED]),
        max_size=8,
    ).map(" ".join),
)
def test_every_query_judges_every_report(query: str, title: str) -> None:
    try:
        [found] = judged(query, title)
    except QueryError:
        return
    assert 0.0 <= found.score <= 1.0


def test_an_instance_that_is_named_for_comparison_only_counts_little() -> None:
    assert judged("layoffs AI", "AI rival")[0].status is None


def test_a_name_is_found_in_an_address_in_small_letters() -> None:
    found = by_address(
        "Zorblax acquisition", "A giant is bought", "quux buys zorblax for 3 billion"
    )
    assert found.status is Status.LINKED
    assert ("zorblax", "address") in [(r.found, r.field) for r in found.reasons]


def test_an_acronym_is_found_in_an_address_unless_it_is_a_word_that_says_nothing() -> None:
    matcher = matcher_of("EU law")
    told = ("eu agrees on law at last", "law for us who wait")
    cases = [matcher.features(AnalyzedItem.of(item("A deal", address=words))) for words in told]
    assert [case is not None for case in cases] == [True, False]
    assert matcher_of("US law").features(AnalyzedItem.of(item("A deal", address=told[1]))) is None


def test_what_an_address_tells_says_a_little_less_than_a_title() -> None:
    told = by_address("Zorblax acquisition", "Quux buys Zorblax", "quux buys zorblax")
    found = by_address("Zorblax acquisition", "Quux and its giant", "quux buys zorblax")
    assert 0.0 < found.score < told.score


def test_two_names_typed_as_one_are_found_apart_in_an_address() -> None:
    found = by_address("Veolia Suez", "A merger of waste", "veolia is to buy suez after all")
    assert found.score == by_address("Veolia Suez", "A merger of waste", "veolia suez merge").score


def test_a_negated_word_in_an_address_keeps_an_item_out() -> None:
    assert (
        by_address("Zorblax -rumour", "Zorblax sold", "zorblax sold rumour has it").status is None
    )


def test_what_a_title_has_to_hold_is_not_looked_for_in_an_address() -> None:
    matcher = matcher_of("title:Zorblax")
    assert (
        matcher.features(AnalyzedItem.of(item("Giant sold", address="zorblax sold at last")))
        is None
    )


def test_a_negated_word_keeps_an_item_out() -> None:
    titles = ("Zorblax acquisition talks", "Zorblax acquisition of chairs")
    verdicts = judged("Zorblax acquisition -chairs", *titles)
    assert [v.status for v in verdicts] == [Status.LINKED, None]


def test_a_phrase_has_to_be_there() -> None:
    verdicts = judged('Zorblax "night shift"', "Zorblax ends night shift", "Zorblax ends shift")
    assert [v.status is Status.LINKED for v in verdicts] == [True, False]


def test_a_field_is_kept_to() -> None:
    matcher = matcher_of("title:Zorblax")
    assert matcher.features(AnalyzedItem.of(item("Zorblax opens"))) is not None
    assert matcher.features(AnalyzedItem.of(item("It opens", "Zorblax opens"))) is None


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        ("source:gazette", True),
        ("source:herald", False),
        ("lang:en", True),
        ("lang:fr", False),
        ("before:2031-03-02", True),
        ("before:2031-03-01", False),
        ("after:2031-03-01", True),
        ("after:2031-03-02", False),
        ("-source:gazette", False),
        ("-source:herald", True),
        ("-lang:en", False),
        ("-before:2031-03-02", False),
        ("source:herald OR source:gazette", True),
        ("lang:de OR lang:fr", False),
        ("source:herald OR lang:en", True),
    ],
)
def test_limits_are_kept_to(limit: str, kept: bool) -> None:  # noqa: FBT001 - a table of cases
    matcher = StoryMatcher.of(f"Zorblax {limit}", load_lexicon())
    assert (matcher.features(AnalyzedItem.of(item("Zorblax opens"))) is not None) is kept


def test_since_and_languages_are_kept_to() -> None:
    reading = AnalyzedItem.of(item("Zorblax opens"))
    assert (
        StoryMatcher.of("Zorblax", load_lexicon(), since=DAY + timedelta(1)).features(reading)
        is None
    )
    assert StoryMatcher.of("Zorblax", load_lexicon(), languages=("fr",)).features(reading) is None


def test_a_name_alone_takes_everything_of_that_name() -> None:
    titles = ("Zorblax opens a shop", "Zorblax hires a chef", "Nobody hires Quuxly")
    assert [v.status is Status.LINKED for v in judged("Zorblax", *titles)] == [True, True, False]


@_LINKED_FOR_RARITY
def test_an_outlet_in_every_title_links_nothing_by_itself() -> None:
    titles = [f"Rain on day {n} in the valley - Zorblax News" for n in range(30)]
    found = judged("Zorblax acquisition", *titles, "Quuxly completes acquisition of Zorblax")
    assert [n for n, v in enumerate(found) if v.status is Status.LINKED] == [30]


@pytest.mark.parametrize(
    ("source", "title", "is_told_of"),
    [
        ("zorblaxpost.com", "Rain in the valley - The Zorblax Post", False),
        ("www.zorblax-post.com", "Zorblax Post | Rain in the valley", False),
        ("thezorblaxpost.org", "Rain in the valley | Zorblax Post", False),
        ("zorblax.de", "Rain in the valley - DER ZORBLAX", False),
        ("Le Zorblax", "Rain in the valley | zorblax.fr", False),
        ("zorblaxpost.com", "Rain in the valley, Zorblax Post says", True),
        ("valleypost.com", "Rain in the valley - The Zorblax Post", True),
    ],
)
def test_the_outlet_in_its_own_title_is_no_subject(
    source: str, title: str, *, is_told_of: bool
) -> None:
    reading = AnalyzedItem.of(item(title, source=source))
    assert (matcher_of("Zorblax layoffs").features(reading) is not None) is is_told_of


# --- reasons -------------------------------------------------------------------------------------


@given(
    st.sampled_from(
        [
            "Zorblax Quuxly acquisition",
            "Nokia ACME Quuxly lawsuit",
            "Nokia blue badge",
            "merger",
            "Nokia",
            "Anna Quuxly Nokia",
            "Zorblax crisis",
        ]
    ),
    st.lists(
        st.sampled_from("Zorblax Quuxly Nokia buys sues merger blue badge of new".split()),
        max_size=8,
    ),
)
def test_worths_add_up_to_the_score(query: str, words: list[str]) -> None:
    found = judged(query, " ".join(words))[0]
    assert 0.0 <= found.score <= 1.0
    assert sum(reason.worth for reason in found.reasons) == pytest.approx(found.score, abs=1e-6)


def test_what_is_missing_is_said() -> None:
    found = judged("Zorblax acquisition", "Zorblax paints its office")[0]
    assert [r.part for r in found.reasons if r.kind == "missing"] == ["acquisition"]


def test_what_is_found_is_shown_in_its_words() -> None:
    found = judged("Zorblax acquisition", "Quuxly takes over Zorblax")[0]
    by_part = {reason.part: reason for reason in found.reasons}
    assert by_part["Zorblax"].found == "Zorblax"
    assert by_part["acquisition"].field == "title"


# --- learning ------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["wildfire season", "hurricane season"])
def test_a_season_of_disasters_is_one_affair(query: str) -> None:
    assert [part.text for part in interpret(parse(query), load_lexicon()).segments] == [query]


def test_what_tells_one_part_of_an_affair_outright_is_no_kin_of_the_other() -> None:
    _, fined, rights = sighted("Google fine neighbouring rights", "Regulator fines Google").levels
    assert (fined, rights) == (1.0, 0.0)
    alone = sighted("Google neighbouring rights", "Regulator fines Google").levels
    assert alone[1] == pytest.approx(WEIGHTS.related_level)


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Quake hits, bridge and school are gone", 1.0),
        ("School and bridge are gone", 2 / 3),
        ("School is gone", 0.0),
    ],
)
def test_of_three_parts_without_a_name_two_make_the_story(title: str, made: float) -> None:
    assert sighted("school bridge quake", title).majority_level == pytest.approx(made, abs=0.08)
    assert sighted("Zorblax bridge quake", title).majority_level == 0.0


def test_what_most_parts_show_tells_the_affair_whichever_is_left_out() -> None:
    told = sighted("school bridge quake", "School closed after quake").aspect_level
    left_out = sighted("school bridge quake", "School bridge closed").aspect_level
    assert left_out == pytest.approx(2 / 3, abs=0.1)
    assert told > left_out
    assert sighted("school bridge quake", "School closed").aspect_level == 0.0


def test_a_weak_word_alone_tells_half_of_what_a_query_of_one_part_asks_for() -> None:
    slow = sighted("recession", "A slowdown at the Quux works")
    assert slow.levels == (WEIGHTS.ambiguous_only_level,)
    assert (
        sighted("Quux recession", "A slowdown at the Quux works").levels[1]
        == WEIGHTS.ambiguous_level
    )


@pytest.mark.parametrize(
    ("zone", "kept"),
    [
        ("America/New_York", ["before:2031-03-02", "-after:2031-03-02"]),
        ("Pacific/Kiritimati", ["after:2031-03-02", "-before:2031-03-02"]),
        ("UTC", ["after:2031-03-02", "-before:2031-03-02"]),
    ],
)
def test_limits_of_dates_are_days_in_the_zone_that_is_given(zone: str, kept: list[str]) -> None:
    at_night = replace(item("Zorblax opens"), published=datetime(2031, 3, 2, 3, tzinfo=UTC))
    limits = [sign + field for field in ("before:", "after:") for sign in ("", "-")]
    found = [
        limit
        for limit in (f"{each}2031-03-02" for each in limits)
        if StoryMatcher.of(f"Zorblax {limit}", load_lexicon(), zone=ZoneInfo(zone)).features(
            AnalyzedItem.of(at_night)
        )
    ]
    assert sorted(found) == sorted(kept)


# --- many stories, a large store -----------------------------------------------------------------


def test_the_engine_finds_a_storys_items_and_no_others() -> None:
    queries = {1: "Zorblax acquisition", 2: "TikTok ban", 3: "Grand Quux 6 delay"}
    matchers = {n: matcher_of(query) for n, query in queries.items()}
    engine = StoryIndex((n, matcher.index_terms()) for n, matcher in matchers.items())
    titles = {"Zorblax opens": {1}, "Tik Tok dances": {2}, "Rain again": set(), "Zorblaxian": set()}
    for title, expected in titles.items():
        assert engine.stories(prepare(title, "", "en")) == expected
        assert engine.stories(prepare("", "", "en", "", title)) == expected


PIECES = 'Zorblax strike the OR - " title: source:x lang:en ʼ é 5'.split()


@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_any_query_that_parses_can_be_looked_for(text: str) -> None:
    from tracker.errors import QueryError

    try:
        matcher = matcher_of(text)
    except QueryError:
        return
    assert matcher.index_terms()
    matcher.features_anyway(AnalyzedItem.of(item("Zorblax on strike")))
    assert matcher.fulltext_expression(())
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table f using fts5(title)")
    db.execute("select count(*) from f where f match ?", (matcher.fulltext_expression(SNOWBALL),))
    db.close()


def test_parts_tell_how_a_query_was_understood() -> None:
    parts = shown_parts(matcher_of("Zorblax frobnication strike -chess lang:en").interpretation)
    by_text = {part.text: part for part in parts}
    assert by_text["frobnication"].note == "not in the vocabulary"
    assert tuple(code for code, _ in by_text["strike"].forms if code in ("de", "es")) == (
        "de",
        "es",
    )
    assert by_text["chess"].excluded
    assert by_text["lang:en"].kind == "field"
    assert sum(part.weight for part in parts) == pytest.approx(1.0)


def ignored(query: str) -> tuple[str, ...]:
    matcher = matcher_of(query)
    return ignored_words(matcher.query, matcher.interpretation)


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("Zorblax bad merger of 30 billion", ("bad", "30")),
        ("the TikTok acquisition", ()),
        ("Ripple XRP lawsuit", ()),  # two names of one thing
        ("artemis ii launch", ()),
        ("Zorblax 'worst' merger -dull source:Gazette", ("worst",)),
    ],
)
def test_words_that_no_part_looks_for_are_given(query: str, left_out: tuple[str, ...]) -> None:
    assert ignored(query) == left_out


def test_it_is_said_of_a_known_word_too_that_it_leaves_open_how_it_is_told() -> None:
    notes = [part.note for part in shown_parts(matcher_of("iPhone 12 launch").interpretation)]
    assert notes == ["", "may be told in any words"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("5G auction", "Regulators prepare the auction of 5G licences"),
        ("F-35 contract", "Spain cancels its F-35 contract"),
        ("zorblax shortage", "A shortage of zorblax worries pharmacies"),
    ],
)
def test_a_name_is_found_as_it_is_written(query: str, title: str) -> None:
    assert linked(query, title)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Boxer Taylor leaves the ring", WEIGHTS.partial_level),
        ("The trial of Taylor begins", WEIGHTS.partial_level),
        ("The trial begins for Taylor", WEIGHTS.partial_level),
        ("Anna Taylor leaves the ring", 1.0),
        ("The singer Taylor Quux leaves the ring", 0.0),
        ("The singer Maria Taylor leaves the ring", 0.0),
        ("A Taylor in the Ring Is Worth Two", 0.0),
        ("Their taylor leaves the ring", 0.0),
    ],
)
def test_a_surname_that_is_a_given_name_is_found_where_it_stands_by_itself(
    title: str, level: float
) -> None:
    assert sighted("Anna Taylor trial", title).levels[0] == level


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Holmes County fair returns after a year off", 0.0),
        ("What Holmes told the county court", WEIGHTS.short_form_level),
        ("Elizabeth Holmes County fair booth raided", 1.0),
    ],
)
def test_a_place_that_is_called_like_a_person_is_not_that_person(title: str, level: float) -> None:
    assert sighted("Elizabeth Holmes trial", title).levels[0] == level


def test_where_every_word_has_a_capital_none_marks_the_name_of_a_place() -> None:
    found = sighted("Elizabeth Holmes trial", "Holmes County Fair Returns After A Year Off")
    assert found.levels[0] == WEIGHTS.short_form_level


def test_one_of_two_surnames_is_found_behind_a_given_name() -> None:
    found = sighted("Quuxly Zorblat libel", "Coleen Quuxly wins libel case")
    assert 0.0 < found.levels[0] < 1.0


def test_an_adjective_of_a_country_is_found_in_small_letters() -> None:
    reading = AnalyzedItem.of(
        replace(item("Le gouvernement américain impose une taxe"), language="fr")
    )
    assert matcher_of("United States tariffs").features(reading) is not None
