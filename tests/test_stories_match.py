"""What belongs to a story and what only shares a name, on headlines made up for the purpose."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from making import make_item

from tracker.errors import QueryError
from tracker.model.core import Item, Status, Verdict
from tracker.stories.levels import NARROWER, SYNONYM
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.evidence import Evidence, TermMatch
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.query.syntax import parse
from tracker.stories.scoring.features import Features
from tracker.stories.scoring.profile import Profile
from tracker.stories.scoring.profile_codec import profile_from_json, profile_to_json
from tracker.stories.scoring.scorer import Scorer
from tracker.stories.scoring.weights import WEIGHTS, weights_for
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.tracking.candidates import Candidate, is_uncertain, verdict
from tracker.stories.tracking.learning import apply_feedback, backfill, learn_batch
from tracker.stories.tracking.presentation import ignored_words, shown_parts
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.understanding.pipeline import interpret

DAY = datetime(2031, 3, 1, 12, tzinfo=UTC)


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
    matcher = StoryMatcher.of(query, load_lexicon())
    profile = Profile()
    readings = [AnalyzedItem.of(item(title, number=n, day=n)) for n, title in enumerate(titles)]
    cases = [matcher.candidate_anyway(reading) for reading in readings]
    learn_batch(matcher.scorer, profile, cases, [])
    return [verdict(matcher.scorer, profile, case) for case in cases]


def sighted(query: str, title: str) -> Features:
    return (
        StoryMatcher.of(query, load_lexicon())
        .candidate_anyway(AnalyzedItem.of(item(title)))
        .features
    )


def linked(query: str, title: str) -> bool:
    return judged(query, title)[0].status is Status.LINKED


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
    matcher = StoryMatcher.of(query, load_lexicon())
    assert (matcher.candidate(AnalyzedItem.of(item(title))) is not None) is there


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Apple lawsuit", "Pineapple growers file lawsuit over water"),
        ("Arm acquisition", "Alarm maker completes acquisition of rival"),
        ("Arm acquisition", "He broke his arm on the day of the big acquisition"),
        ("Meta fine", "The metadata law brings a record fine"),
        ("X lawsuit", "The lawsuit over the x axis of a chart is settled"),
        ("Zorblax acquisition", "Quuxly buys rival of Zorblax"),
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
        ("Zorblax Quuxly fight", "Zorblax opens a shop"),
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
    assert (
        StoryMatcher.of(query, load_lexicon()).candidate_anyway(reading).features.aspect_level > 0.5
    ) == tells


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
    hit = (
        StoryMatcher.of(query, load_lexicon())
        .candidate_anyway(reading)
        .features.evidence.matches[1][0]
    )
    assert (hit.level if hit else None) == level


def test_what_goes_on_with_two_parts_of_an_affair_tells_of_one() -> None:
    sighting = sighted("Zorblax constitution referendum", "Zorblax votes on its budget")
    assert sighting.levels[1] == pytest.approx(WEIGHTS.related_level)
    assert sighting.levels[2] == 0.0


def test_a_function_word_is_no_form_for_having_its_stem() -> None:
    def affair(title: str) -> float:
        reading = AnalyzedItem.of(replace(item(title), language="es"))
        return (
            StoryMatcher.of("Zorblax strike", load_lexicon())
            .candidate_anyway(reading)
            .features.aspect_level
        )

    assert affair("Nuevos paros en Zorblax") > 0.5
    assert affair("Nuevos precios para Zorblax") == 0.0


def test_an_affair_that_a_rare_name_is_never_told_with_counts_as_told_in_other_words() -> None:
    titles = [f"Zorblax wins over backer number {word}" for word in "abcdefghijkl"]
    few, many = judged("Zorblax currency", *titles[:5])[-1], judged("Zorblax currency", *titles)[-1]
    assert many.score > few.score
    told = [{reason.part for reason in verdict.reasons} for verdict in (few, many)]
    assert ["the affair, told in other words" in parts for parts in told] == [False, True]


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
    assert StoryMatcher.of("Uber Klage", load_lexicon()).is_found_by_polls(reading) is held


def test_an_affair_in_words_of_which_no_others_are_known_may_be_told_in_others() -> None:
    titles = [
        f"Zorblax {word} in the hills" for word in "glows hums sleeps waits sings rests".split()
    ]
    titles += ["Zorblax wumble again"]
    for query, told in (("Zorblax wumble", True), ("Zorblax trial", False)):
        matcher, profile = StoryMatcher.of(query, load_lexicon()), Profile()
        for day, title in enumerate(titles):
            case = matcher.candidate_anyway(
                AnalyzedItem.of(item(title.replace("wumble", query.split()[1]), day=day))
            )
            learn_batch(matcher.scorer, profile, [case], [])
        assert (matcher.scorer.estimates(profile).implicit_aspect > 0.0) is told


def test_to_tell_a_part_of_an_affair_of_several_counts_for_more_than_its_share() -> None:
    query, title = "Zorblax strike arrest", "Zorblax strike goes on"
    judge = Scorer(interpret(parse(query), load_lexicon()), replace(WEIGHTS, additional_aspect=0.0))
    by_share = judge.verdict(sighted(query, title), Profile()).score
    assert by_share < judged(query, title)[0].score < judged("Zorblax strike", title)[0].score


@pytest.mark.parametrize(("apart", "heard"), [(1, False), (20, True)])
def test_few_reports_of_a_rare_name_say_how_its_affair_is_told_after_two_months(
    apart: int, *, heard: bool
) -> None:
    matcher, profile = StoryMatcher.of("Zorblax currency", load_lexicon()), Profile()
    for n in range(6):
        read = AnalyzedItem.of(item(f"Zorblax wins backer {n}", number=n, day=n * apart))
        profile.observe(matcher.candidate_anyway(read).features, 1.0)
    assert (matcher.scorer.estimates(profile).implicit_aspect > 0.1) is heard


def test_to_tell_nothing_of_two_parts_speaks_more_against_a_report_than_of_one() -> None:
    one, two = (judged(query, "Zorblax opens a shop")[0] for query in _OF_ONE_PART_AND_OF_TWO)
    assert two.score < one.score
    assert "the affair, of which nothing is told" in {reason.part for reason in two.reasons}


_OF_ONE_PART_AND_OF_TWO = ("Zorblax lawsuit", "Zorblax climate lawsuit")


def test_what_holds_one_of_two_names_says_little_of_what_holds_both() -> None:
    judge = StoryMatcher.of("Zorblax Nokia deal", load_lexicon()).scorer
    both, one = (sighted("Zorblax Nokia deal", f"{names} in talks") for names in _BOTH_AND_ONE)
    profile = Profile()
    before = judge.score(both, profile)
    for _ in range(30):
        profile.observe(one, 1.0)
        profile.update(one, 0.0, 1.0)
    counted_alike = Scorer(
        interpret(parse("Zorblax Nokia deal"), load_lexicon()),
        replace(WEIGHTS, incomplete_share=1.0),
    )
    assert judge.score(both, profile) > counted_alike.score(both, profile)
    assert judge.score(both, profile) < before


_BOTH_AND_ONE = ("Zorblax and Nokia", "Nokia")


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
    hit = matcher.candidate_anyway(AnalyzedItem.of(item(title))).features.evidence.matches[1][0]
    assert (hit.text if hit and " " in hit.text else "") == found


def test_a_query_without_a_name_wants_all_of_its_words() -> None:
    assert linked("pension strike", "Strike over the pension reform goes on")
    assert not linked("pension strike", "Strike closes the ports")


@pytest.mark.parametrize(
    ("score", "linked", "status"),
    [
        (0.4, False, Status.MAYBE),
        (0.1, False, None),
        (0.6, True, Status.LINKED),
        (-1.0, False, Status.LINKED),
    ],
)
def test_a_report_is_what_it_was_counted_as(
    score: float, *, linked: bool, status: Status | None
) -> None:
    matcher = StoryMatcher.of("Zorblax layoffs", load_lexicon())
    case = matcher.candidate_anyway(AnalyzedItem.of(item("Zorblax announces layoffs")))
    case.score, case.linked = score, linked
    found = verdict(matcher.scorer, Profile(), case)
    assert found.status is status
    weights = matcher.scorer.weights
    told = {Status.LINKED: 1.0, Status.MAYBE: weights.link_threshold, None: weights.maybe_threshold}
    assert found.score < told[status]
    assert sum(reason.worth for reason in found.reasons) == pytest.approx(found.score)


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
    matcher = StoryMatcher.of(query, load_lexicon())
    text = make_item(title, published=DAY, language=language)
    case = matcher.candidate(AnalyzedItem.of(text))
    assert case is not None
    learn_batch(matcher.scorer, Profile(), [case], [])
    assert case.linked


def test_a_report_that_was_doubtful_has_to_be_surer_than_a_new_one() -> None:
    matcher = StoryMatcher.of("Zorblax layoffs", load_lexicon())
    judge = Scorer(matcher.interpretation, replace(WEIGHTS, hysteresis=0.5))
    titled = AnalyzedItem.of(item("Zorblax layoffs begin"))
    new, waiting = matcher.candidate_anyway(titled), matcher.candidate_anyway(titled)
    learn_batch(judge, Profile(), [new], [])
    learn_batch(judge, Profile(), [], [waiting])
    assert [new.linked, waiting.linked] == [True, False]
    found = verdict(judge, Profile(), waiting)
    assert found.status is Status.MAYBE
    assert found.reasons[-1].part == "doubtful before"
    assert sum(reason.worth for reason in found.reasons) == pytest.approx(found.score)


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
        matcher = StoryMatcher.of(query, load_lexicon())
    except QueryError:
        return
    case = matcher.candidate_anyway(AnalyzedItem.of(item(title)))
    learn_batch(matcher.scorer, Profile(), [case], [])
    assert 0.0 <= case.score <= 1.0


def test_days_and_months_are_not_learned() -> None:
    matcher = StoryMatcher.of("Zorblax acquisition", load_lexicon())
    news = replace(item("Zorblax : la vente annoncée mardi 11 février à Lyon"), language="fr")
    case = matcher.candidate_anyway(AnalyzedItem.of(news))
    learned = case.features.evidence.terms
    assert "lyon" in learned
    assert not {"mardi", "fevrier"} & learned.keys()


def test_an_instance_that_is_named_for_comparison_only_counts_little() -> None:
    matcher = StoryMatcher.of("layoffs AI", load_lexicon())
    case = matcher.candidate_anyway(AnalyzedItem.of(item("AI rival")))
    learn_batch(matcher.scorer, Profile(), [case], [])
    assert case.score < matcher.scorer.weights.maybe_threshold


def by_address(query: str, title: str, address: str) -> Verdict:
    matcher = StoryMatcher.of(query, load_lexicon())
    case = matcher.candidate(AnalyzedItem.of(item(title, address=address)))
    assert case is not None
    learn_batch(matcher.scorer, profile := Profile(), [case], [])
    return verdict(matcher.scorer, profile, case)


def test_a_name_is_found_in_an_address_in_small_letters() -> None:
    found = by_address(
        "Zorblax acquisition", "A giant is bought", "quux buys zorblax for 3 billion"
    )
    assert found.status is Status.LINKED
    assert ("zorblax", "address") in [(r.found, r.field) for r in found.reasons]


def test_an_acronym_is_found_in_an_address_unless_it_is_a_word_that_says_nothing() -> None:
    matcher = StoryMatcher.of("EU law", load_lexicon())
    told = ("eu agrees on law at last", "law for us who wait")
    cases = [matcher.candidate(AnalyzedItem.of(item("A deal", address=words))) for words in told]
    assert [case is not None for case in cases] == [True, False]
    assert (
        StoryMatcher.of("US law", load_lexicon()).candidate(
            AnalyzedItem.of(item("A deal", address=told[1]))
        )
        is None
    )


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
    matcher = StoryMatcher.of("title:Zorblax", load_lexicon())
    assert (
        matcher.candidate(AnalyzedItem.of(item("Giant sold", address="zorblax sold at last")))
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
    matcher = StoryMatcher.of("title:Zorblax", load_lexicon())
    assert matcher.candidate(AnalyzedItem.of(item("Zorblax opens"))) is not None
    assert matcher.candidate(AnalyzedItem.of(item("It opens", "Zorblax opens"))) is None


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
    assert (matcher.candidate(AnalyzedItem.of(item("Zorblax opens"))) is not None) is kept


def test_since_and_languages_are_kept_to() -> None:
    reading = AnalyzedItem.of(item("Zorblax opens"))
    assert (
        StoryMatcher.of("Zorblax", load_lexicon(), since=DAY + timedelta(1)).candidate(reading)
        is None
    )
    assert StoryMatcher.of("Zorblax", load_lexicon(), languages=("fr",)).candidate(reading) is None


def test_a_name_alone_takes_everything_of_that_name() -> None:
    titles = ("Zorblax opens a shop", "Zorblax hires a chef", "Nobody hires Quuxly")
    assert [v.status is Status.LINKED for v in judged("Zorblax", *titles)] == [True, True, False]


def test_an_outlet_in_every_title_links_nothing_by_itself() -> None:
    titles = [f"Rain on day {n} in the valley - Zorblax News" for n in range(30)]
    verdicts = judged("Zorblax acquisition", *titles, "Quuxly completes acquisition of Zorblax")
    assert [n for n, v in enumerate(verdicts) if v.status is Status.LINKED] == [30]


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
    assert (
        StoryMatcher.of("Zorblax layoffs", load_lexicon()).candidate(reading) is not None
    ) is is_told_of


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

AFFAIR = [f"Quuxly bids for Zorblax takeover, offer {n}" for n in range(12)]
NOISE = [f"Dancers film a challenge with Zorblax app number {n}" for n in range(24)]


def learned() -> tuple[StoryMatcher, Profile, list[Candidate]]:
    matcher = StoryMatcher.of("Zorblax acquisition", load_lexicon())
    profile = Profile()
    readings = [
        AnalyzedItem.of(item(title, number=n, day=n % 12)) for n, title in enumerate(AFFAIR + NOISE)
    ]
    cases = [case for reading in readings if (case := matcher.candidate(reading))]
    learn_batch(matcher.scorer, profile, sorted(cases, key=lambda c: c.features.day), [])
    return matcher, profile, cases


def test_learned_words_lift_a_report_that_lacks_the_affair() -> None:
    matcher, profile, _ = learned()
    good = matcher.candidate_anyway(
        AnalyzedItem.of(item("Quuxly and Zorblax meet the board", day=5))
    )
    bad = matcher.candidate_anyway(
        AnalyzedItem.of(item("Dancers love the Zorblax challenge", day=5))
    )
    fresh = Profile()
    judge = matcher.scorer
    assert judge.score(good.features, profile) > judge.score(bad.features, profile) + 0.2
    assert judge.score(bad.features, profile) < judge.score(bad.features, fresh)


def test_what_is_worked_out_for_many_says_the_same_as_for_one() -> None:
    matcher, profile, cases = learned()
    judge = matcher.scorer
    profile.edit("dance", -0.5)
    many = judge.estimates(profile, len(cases))
    for case in cases * 2:
        assert judge.verdict(case.features, profile, many) == judge.verdict(case.features, profile)
        assert judge.score(case.features, profile, many) == judge.score(case.features, profile)


def test_a_name_and_what_is_bound_to_it_are_told_apart_where_they_are_judged_together() -> None:
    matcher, profile = StoryMatcher.of("Apple Nokia lawsuit", load_lexicon()), Profile()
    titles = ["Apple sues Nokia again", "Apple fights Nokia in court"] * 6
    titles += ["Tim Cook opens a shop", "Apple opens a shop"]
    cases = [
        matcher.candidate_anyway(AnalyzedItem.of(item(title, number=n)))
        for n, title in enumerate(titles)
    ]
    learn_batch(matcher.scorer, profile, cases, [])
    bound, full = (case.features for case in cases[-2:])
    assert bound.levels == full.levels
    assert bound.names_present != full.names_present
    standing = matcher.scorer.estimates(profile, 2)
    together = [matcher.scorer.score(each, profile, standing) for each in (bound, full)]
    assert together == [matcher.scorer.score(each, profile) for each in (bound, full)]


def test_noise_of_the_same_name_stays_out() -> None:
    _, _, cases = learned()
    assert {case.item_id for case in cases if case.linked} == set(range(12))


def test_a_name_that_most_candidates_hold_says_less() -> None:
    matcher = StoryMatcher.of("Zorblax Nokia lawsuit", load_lexicon())
    profile = Profile()
    titles = [f"Nokia opens shop {n}" for n in range(9)] + ["Zorblax and Nokia meet"]
    readings = [AnalyzedItem.of(item(title, number=n)) for n, title in enumerate(titles)]
    learn_batch(
        matcher.scorer, profile, [matcher.candidate_anyway(reading) for reading in readings], []
    )
    rare, common = matcher.scorer.priors.name_shares(profile)
    assert rare > common


@pytest.mark.parametrize(
    ("name", "counts"), [("Greece", False), ("Quux", True), ("Quux Greece", True)]
)
def test_that_few_tell_of_it_speaks_for_a_report_of_somebody_and_not_of_a_place(
    name: str, *, counts: bool
) -> None:
    matcher, profile = told_with(f"{name} wildfires", *["An old shop is open"] * 2)
    profile.decay(DAY.toordinal() + 400)
    case = matcher.candidate_anyway(AnalyzedItem.of(item(f"{name} sells ten frigates", number=9)))
    reasons = verdict(matcher.scorer, profile, case).reasons
    assert any(reason.part == "how many reports name it" for reason in reasons) is counts


def told_with(query: str, *titles: str) -> tuple[StoryMatcher, Profile]:
    """Give a story that was told of in these headlines."""
    matcher, profile = StoryMatcher.of(query, load_lexicon()), Profile()
    readings = [AnalyzedItem.of(item(title, number=n)) for n, title in enumerate(titles)]
    learn_batch(
        matcher.scorer, profile, [matcher.candidate_anyway(reading) for reading in readings], []
    )
    return matcher, profile


def test_what_nearly_all_reports_of_a_name_tell_says_less_than_what_few_tell() -> None:
    query = "Zorblax vaccine export ban"
    before, after = (
        matcher.scorer.priors.aspect_shares(profile)
        for matcher, profile in (
            told_with(query),
            told_with(query, *[f"Zorblax vaccine reaches town {n}" for n in range(60)]),
        )
    )
    assert before == [0.5, 0.5]
    assert after[0] < 0.25
    assert sum(after) == pytest.approx(1.0)


def test_a_report_that_tells_what_all_others_of_a_name_tell_scores_less() -> None:
    query, title = "Zorblax vaccine export ban", "Zorblax vaccine approved"
    first = told_with(query)
    later = told_with(query, *[f"Zorblax vaccine reaches town {n}" for n in range(60)])
    affair = [
        verdict(
            matcher.scorer,
            profile,
            matcher.candidate_anyway(AnalyzedItem.of(item(title, number=99))),
        )
        for matcher, profile in (first, later)
    ]
    worths = [next(r.worth for r in each.reasons if r.part == "vaccine") for each in affair]
    assert worths[1] < worths[0] / 2


def test_the_only_part_of_an_affair_has_all_of_it() -> None:
    matcher, profile = told_with("Zorblax strike", "Zorblax strike goes on", "Zorblax opens a shop")
    assert matcher.scorer.priors.aspect_shares(profile) == [1.0]


def test_a_profile_from_before_parts_were_counted_weighs_them_alike() -> None:
    matcher, profile = told_with("Zorblax vaccine export ban", "Zorblax vaccine reaches a town")
    kept = json.loads(profile_to_json(profile))
    del kept["seen"], kept["told"]
    shares = matcher.scorer.priors.aspect_shares(profile_from_json(json.dumps(kept)))
    assert shares == [0.5, 0.5]


@pytest.mark.parametrize("query", ["wildfire season", "hurricane season"])
def test_a_season_of_disasters_is_one_affair(query: str) -> None:
    assert [part.text for part in interpret(parse(query), load_lexicon()).segments] == [query]


def test_what_tells_one_part_of_an_affair_outright_is_no_kin_of_the_other() -> None:
    _, fined, rights = sighted("Google fine neighbouring rights", "Regulator fines Google").levels
    assert (fined, rights) == (1.0, 0.0)
    alone = sighted("Google neighbouring rights", "Regulator fines Google").levels
    assert alone[1] == pytest.approx(WEIGHTS.related_level)


def test_names_without_an_affair_are_sure_only_together() -> None:
    matcher, profile = StoryMatcher.of("Zorblax Quuxly Nokia", load_lexicon()), Profile()
    one, both = (
        matcher.candidate_anyway(AnalyzedItem.of(item(title, number=n)))
        for n, title in enumerate(("Nokia opens a shop", "Nokia meets Quuxly of Zorblax"))
    )
    learn_batch(matcher.scorer, profile, [one, both], [])
    assert one.share < 1.0
    assert both.share == 1.0


def test_a_name_that_is_nearly_always_beside_the_other_counts_in_part() -> None:
    query = "Zorblax Nokia lawsuit"
    together = [f"Zorblax sues Nokia over patent number {n}" for n in range(9)]
    apart = [f"Zorblax sues somebody over patent number {n}" for n in range(9)]
    last = "Zorblax appears before the judge"
    often, never = judged(query, *together, last)[-1], judged(query, *apart, last)[-1]

    def names(verdict: Verdict) -> float:
        return sum(reason.worth for reason in verdict.reasons if reason.kind == "name")

    assert names(often) > names(never) > 0.0


@pytest.mark.parametrize(
    ("reports", "last", "makes_up"),
    [
        (5, "Zorblax merger is approved", True),
        (300, "Zorblax merger is approved", False),
        (5, "Zorblax opens a bakery", False),
    ],
)
def test_a_report_of_the_affair_makes_up_for_a_name_where_few_hold_the_other(
    reports: int, last: str, *, makes_up: bool
) -> None:
    matcher, profile = StoryMatcher.of("Zorblax Nokia merger", load_lexicon()), Profile()
    for n in range(reports):
        seen = AnalyzedItem.of(item(f"Zorblax {n}", number=n, day=n * 300 // reports))
        profile.observe(matcher.candidate_anyway(seen).features, 1.0)
    sighting = matcher.candidate_anyway(AnalyzedItem.of(item(last))).features
    shares = matcher.scorer.priors.name_shares(profile)
    held = matcher.scorer.name_coverage(sighting, matcher.scorer.estimates(profile))
    assert (held > max(0.5, shares[0]) + 0.1) is makes_up


@pytest.mark.parametrize(
    ("title", "more"), [("Shortage of chips gets worse", True), ("Chips are on sale", False)]
)
def test_a_report_of_the_affair_makes_up_for_a_matter_that_it_leaves_out(
    title: str, *, more: bool
) -> None:
    matcher, profile = StoryMatcher.of("car chip shortage", load_lexicon()), Profile()
    sighting = matcher.candidate_anyway(AnalyzedItem.of(item(title))).features
    without = Scorer(matcher.interpretation, replace(WEIGHTS, aspect_compensation_nameless=0.0))
    assert (matcher.scorer.score(sighting, profile) > without.score(sighting, profile)) is more


def test_what_makes_up_for_a_matter_fills_no_more_than_is_missing() -> None:
    matcher = StoryMatcher.of("car chip shortage", load_lexicon())
    scorer = Scorer(matcher.interpretation, replace(WEIGHTS, aspect_compensation_nameless=1.0))
    sighting = matcher.candidate_anyway(AnalyzedItem.of(item("Shortage of chips gets worse")))
    held = scorer.name_coverage(sighting.features, scorer.estimates(Profile()))
    assert held == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("Sony Nokia Zorblax merger", True),
        ("US Nokia Zorblax merger", True),
        ("Nokia Zorblax merger", False),
        ("US China Zorblax merger", False),  # countries are context, and no whole names
        ("Zorblax merger", False),
    ],
)
def test_of_many_names_a_report_need_not_hold_all(query: str, *, more: bool) -> None:
    matcher, profile = StoryMatcher.of(query, load_lexicon()), Profile()
    sighting = matcher.candidate_anyway(
        AnalyzedItem.of(item("Zorblax in talks of a merger"))
    ).features
    without = Scorer(matcher.interpretation, replace(WEIGHTS, sufficient_names=9.0))
    assert (matcher.scorer.score(sighting, profile) > without.score(sighting, profile)) is more


@pytest.mark.parametrize(("common", "more"), [(0, True), (2000, False)])
def test_a_few_of_many_names_are_all_that_tells_it_where_they_are_seldom_together(
    common: int, *, more: bool
) -> None:
    matcher, profile = StoryMatcher.of("Sony Nokia Zorblax", load_lexicon()), Profile()
    for n in range(common):
        seen = AnalyzedItem.of(item("Sony and Nokia", number=n, day=n * 300 // common))
        profile.observe(matcher.candidate_anyway(seen).features, 1.0)
    sighting = matcher.candidate_anyway(AnalyzedItem.of(item("Sony and Nokia"))).features
    without = Scorer(matcher.interpretation, replace(WEIGHTS, sufficient_names=9.0))
    assert (matcher.scorer.score(sighting, profile) > without.score(sighting, profile)) is more


def test_all_of_many_names_are_no_more_than_one_is_of_one() -> None:
    matcher = StoryMatcher.of("Sony Nokia Zorblax merger", load_lexicon())
    sighting = matcher.candidate_anyway(
        AnalyzedItem.of(item("Sony, Nokia, Zorblax: a merger"))
    ).features
    standing = matcher.scorer.estimates(Profile())
    assert matcher.scorer.name_coverage(sighting, standing) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("query", "common", "more"),
    [
        ("Zorblax Nokia merger", 0, True),
        ("Zorblax Nokia merger", 2000, False),  # of which one is told of beside everybody
        ("Zorblax US merger", 0, False),
        ("Apple iPhone merger", 0, False),  # which belong together anyway
        ("Zorblax merger", 0, False),
    ],
)
def test_names_that_only_an_affair_brings_together_say_more(
    query: str, common: int, *, more: bool
) -> None:
    matcher, profile = StoryMatcher.of(query, load_lexicon()), Profile()
    sighting = matcher.candidate_anyway(AnalyzedItem.of(item(query))).features
    for n in range(common):
        seen = AnalyzedItem.of(item(query.split(maxsplit=1)[0], number=n, day=n * 300 // common))
        profile.observe(matcher.candidate_anyway(seen).features, 1.0)
    reasons = matcher.scorer.verdict(sighting, profile).reasons
    worth = sum(each.worth for each in reasons if each.part == "what brings the names together")
    assert (worth > 0.001) is more


def test_a_part_of_what_makes_the_story_is_less_than_a_part_of_what_happens() -> None:
    judge = StoryMatcher.of("beef prices", load_lexicon()).scorer
    part = TermMatch(NARROWER, "ranch", "title", 0)
    levels = judge.features(Evidence(((part, None), (part, None)), {}), 1).levels
    assert levels == (WEIGHTS.narrower_focus_level, WEIGHTS.narrower_level)


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


def test_what_leaves_out_the_subject_is_as_rare_as_the_parts_that_it_has_instead() -> None:
    query, profile = "tennis player hits line judge", Profile()
    profile.observe(sighted(query, "Zorblax is out for hitting a line judge"), 1.0)
    alone = profile.reports_a_year(sighted(query, "Line judge hit by Zorblax").names_present, 30.0)
    for _ in range(300):
        profile.observe(sighted(query, "A judge rules on Zorblax"), 1.0)
    assert (
        profile.reports_a_year(sighted(query, "Line judge hit by Zorblax").names_present, 30.0)
        == alone
    )


def test_what_most_parts_show_tells_the_affair_whichever_is_left_out() -> None:
    told = sighted("school bridge quake", "School closed after quake").aspect_level
    left_out = sighted("school bridge quake", "School bridge closed").aspect_level
    assert left_out == pytest.approx(2 / 3, abs=0.1)
    assert told > left_out
    assert sighted("school bridge quake", "School closed").aspect_level == 0.0


def test_a_report_without_what_makes_the_story_is_linked_for_the_rest() -> None:
    query = "Bankeinbruch Tresorraum Millionenbeute"
    matcher = StoryMatcher.of(query, load_lexicon())
    report = AnalyzedItem.of(replace(item("Bank-Einbruch: Loch im Tresorraum"), language="de"))
    case = matcher.candidate(report)
    assert case is not None
    assert matcher.scorer.score(case.features, Profile()) > WEIGHTS.link_threshold


def test_names_without_an_affair_make_up_for_one_in_days_of_the_story() -> None:
    titles = ["Zorblax opens a shop", *[f"Zorblax meets Nokia again: {n}" for n in range(4)]]
    matcher, profile = StoryMatcher.of("Nokia Zorblax", load_lexicon()), Profile()
    readings = [
        AnalyzedItem.of(item(title, number=n, day=40 * (n > 0))) for n, title in enumerate(titles)
    ]
    learn_batch(
        matcher.scorer, profile, [matcher.candidate_anyway(reading) for reading in readings], []
    )
    standing = matcher.scorer.estimates(profile)
    early, late = (
        matcher.candidate_anyway(AnalyzedItem.of(item("Zorblax is sold", day=day))).features
        for day in (0, 40)
    )
    assert (
        matcher.scorer.name_coverage(late, standing)
        > matcher.scorer.name_coverage(early, standing) + 0.05
    )


def test_names_without_an_affair_count_alike() -> None:
    matcher = StoryMatcher.of("Nokia TikTok", load_lexicon())
    profile = Profile()
    titles = [f"Nokia opens shop {n}" for n in range(9)] + ["TikTok meets Nokia"]
    readings = [AnalyzedItem.of(item(title, number=n)) for n, title in enumerate(titles)]
    learn_batch(
        matcher.scorer, profile, [matcher.candidate_anyway(reading) for reading in readings], []
    )
    assert matcher.scorer.priors.name_shares(profile) == [0.5, 0.5]


def test_a_name_that_few_reports_a_year_hold_says_more() -> None:
    matcher = StoryMatcher.of("Zorblax acquisition", load_lexicon())
    scores = []
    for reports in (5, 300):
        profile = Profile()
        cases = [
            matcher.candidate_anyway(
                AnalyzedItem.of(item(f"Zorblax {n}", number=n, day=n * 300 // reports))
            )
            for n in range(reports)
        ]
        for case in cases:
            profile.observe(case.features, 1.0)
        scores.append(matcher.scorer.score(cases[0].features, profile))
    assert scores[0] > scores[1] + 0.1


def test_a_name_is_as_frequent_as_the_feeds_bring_reports() -> None:
    sighting = sighted("Zorblax trial", "Zorblax is doing fine")
    scores = []
    for a_year in (None, 50_000.0, 600_000.0):
        judge = Scorer(interpret(parse("Zorblax trial"), load_lexicon()), weights_for(a_year))
        profile = Profile()
        for number in range(300):
            profile.observe(sighted("Zorblax trial", f"Zorblax says {number}"), 1.0)
        scores.append(judge.score(sighting, profile))
    assert scores[0] == scores[1] < scores[2]


def test_a_frequent_name_speaks_against_no_report_of_an_open_affair() -> None:
    titles = [f"Zorblax opens shop number {n}" for n in range(300)]

    def frequency(query: str) -> float:
        reasons = judged(query, *titles)[-1].reasons
        return sum(each.worth for each in reasons if each.part == "how many reports name it")

    assert frequency("Zorblax crisis") == 0.0
    assert frequency("Zorblax strike") < 0.0


def test_names_that_are_always_told_of_together_speak_against_an_open_affair() -> None:
    matcher, profile = StoryMatcher.of("Zorblax Nokia feud", load_lexicon()), Profile()
    title = "Zorblax meets Nokia"
    cases = [
        matcher.candidate_anyway(AnalyzedItem.of(item(title, number=n, day=n))) for n in range(300)
    ]
    for case in cases:
        profile.observe(case.features, 1.0)
    reasons = matcher.scorer.verdict(cases[0].features, profile).reasons
    assert sum(each.worth for each in reasons if each.part == "how many reports name it") < 0.0


def test_a_first_week_does_not_speak_for_a_year() -> None:
    matcher, profile = StoryMatcher.of("Zorblax acquisition", load_lexicon()), Profile()
    for day in range(7):
        case = matcher.candidate_anyway(
            AnalyzedItem.of(item("Zorblax speaks", number=day, day=day))
        )
        profile.observe(case.features, 1.0)
    assert 40 < profile.reports_a_year(case.features.names_present, 40) < 7 * 52 / 3


def test_a_profile_without_counts_of_names_has_them_estimated() -> None:
    _, profile, _ = learned()
    data = json.loads(profile_to_json(profile))
    seen = data.pop("held")
    read = profile_from_json(json.dumps(data)).name_counts
    assert read.keys() == {int(held) for held in seen}
    assert 0.0 < sum(read.values()) <= sum(seen.values()) + 0.01


def worth_of_surge(verdict: Verdict) -> float:
    return sum(reason.worth for reason in verdict.reasons if "usual" in reason.part)


def test_where_little_is_known_yet_no_number_of_reports_is_a_surge() -> None:
    *_, other = judged("Zorblax acquisition", *AFFAIR, "Zorblax opens a bakery")
    assert abs(worth_of_surge(other)) < 0.05


def test_a_surge_of_reports_lifts_those_that_say_little() -> None:
    matcher = StoryMatcher.of("Zorblax acquisition", load_lexicon())
    profile = Profile()
    early = [
        AnalyzedItem.of(item(f"Zorblax opens shop {n}", number=n, day=n * 20)) for n in range(5)
    ]
    late = [AnalyzedItem.of(item(title, number=20 + n, day=101)) for n, title in enumerate(AFFAIR)]
    learn_batch(
        matcher.scorer, profile, [matcher.candidate_anyway(reading) for reading in early + late], []
    )
    quiet, loud = (
        matcher.candidate_anyway(AnalyzedItem.of(item("Zorblax speaks", day=d))) for d in (41, 102)
    )
    assert worth_of_surge(matcher.scorer.verdict(quiet.features, profile)) == 0.0
    assert worth_of_surge(matcher.scorer.verdict(loud.features, profile)) > 0.0


@pytest.mark.parametrize(("name", "status"), [("Zorblax", Status.LINKED), ("Paris", Status.MAYBE)])
def test_no_surge_lifts_a_report_that_shows_only_a_name_of_many_affairs(
    name: str, status: Status
) -> None:
    matcher = StoryMatcher.of(f"{name} strike", load_lexicon())
    late = [item(f"Strike in {name} goes on", number=n, day=101) for n in range(8)]
    profile = Profile(late[0].published.toordinal() - 60)
    found = [matcher.candidate_anyway(AnalyzedItem.of(each)) for each in late]
    learn_batch(matcher.scorer, profile, found, [])
    new = matcher.candidate_anyway(AnalyzedItem.of(item(f"{name} sees snow", day=102)))
    assert matcher.scorer.verdict(new.features, profile).status is status


def test_a_name_that_nobody_told_of_for_two_months_is_a_surge_from_the_first_day() -> None:
    matcher = StoryMatcher.of("Zorblax acquisition", load_lexicon())
    late = [AnalyzedItem.of(item(title, number=n, day=101)) for n, title in enumerate(AFFAIR)]
    worth = []
    for first in (0, late[0].item.published.toordinal() - 60):
        profile = Profile(first)
        learn_batch(
            matcher.scorer, profile, [matcher.candidate_anyway(reading) for reading in late], []
        )
        new = matcher.candidate_anyway(AnalyzedItem.of(item("Zorblax speaks", day=102)))
        worth.append(worth_of_surge(matcher.scorer.verdict(new.features, profile)))
    assert worth[0] < 0.01
    assert worth[1] > 0.1


def test_a_weak_word_alone_tells_half_of_what_a_query_of_one_part_asks_for() -> None:
    slow = sighted("recession", "A slowdown at the Quux works")
    assert slow.levels == (WEIGHTS.ambiguous_only_level,)
    assert (
        sighted("Quux recession", "A slowdown at the Quux works").levels[1]
        == WEIGHTS.ambiguous_level
    )
    judge = Scorer(interpret(parse("recession"), load_lexicon()))
    assert judge.score(slow, Profile()) < 0.3


def test_a_profile_is_bounded() -> None:
    matcher = StoryMatcher.of("Zorblax acquisition", load_lexicon())
    profile = Profile()
    for n in range(40):
        title = " ".join(f"word{n}x{m}" for m in range(30)) + " Zorblax acquisition"
        case = matcher.candidate_anyway(AnalyzedItem.of(item(title, number=n, day=n)))
        learn_batch(matcher.scorer, profile, [case], [])
    assert len(profile.terms) <= 400
    assert len(profile_to_json(profile)) < 60_000


def test_a_profile_is_the_same_after_a_journey_through_text() -> None:
    _, profile, _ = learned()
    assert profile_to_json(profile_from_json(profile_to_json(profile))) == profile_to_json(profile)
    assert profile_from_json(None).terms == {}


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
        if StoryMatcher.of(f"Zorblax {limit}", load_lexicon(), zone=ZoneInfo(zone)).candidate(
            AnalyzedItem.of(at_night)
        )
    ]
    assert sorted(found) == sorted(kept)


def test_what_was_learned_can_be_listed_and_edited() -> None:
    matcher, profile, _ = learned()
    terms = {term.text: term for term in profile.top_terms()}
    assert terms["Quuxly"].weight > 0.0
    case = matcher.candidate_anyway(AnalyzedItem.of(item("Quuxly and Zorblax meet", day=5)))
    before = matcher.scorer.score(case.features, profile)
    profile.edit("Quuxly", -1.0)
    assert matcher.scorer.score(case.features, profile) < before
    profile.edit("Quuxly", None)
    assert matcher.scorer.score(case.features, profile) == before


@pytest.mark.parametrize("forgotten", ["Hotard", "hotard"])
def test_a_word_that_is_forgotten_leaves_what_another_one_says(forgotten: str) -> None:
    profile = Profile()
    profile.edit("Justin Hotard", 0.5)
    both = dict(profile.manual_stems)
    profile.edit("Hotard", -0.25)
    assert set(profile.manual_stems.values()) == {0.5, -0.25}
    profile.edit(forgotten, None)
    assert profile.manual_stems == both
    profile.edit("Justin Hotard", None)
    assert profile.manual_stems == {}


def test_what_the_user_sets_holds_at_home_as_well() -> None:
    profile = Profile()
    home = profile.domestic()
    profile.edit("Quuxly", 0.5)
    profile.edit("Zorblax", 0.5)
    profile.edit("Quuxly", None)
    assert home.manual_terms == {"Zorblax": 0.5}
    assert home.manual_stems == profile.manual_stems


def test_a_rejection_unlearns() -> None:
    matcher, profile, cases = learned()
    judge, other = matcher.scorer, cases[1]
    before = judge.score(other.features, profile)
    apply_feedback(profile, judge, cases[0], Status.REJECTED)
    assert judge.score(other.features, profile) < before


def test_what_was_learned_fades() -> None:
    _, profile, _ = learned()
    on = profile.on
    profile.decay(profile.last + 400)
    assert profile.on < on / 2


def test_a_backfill_links_what_polls_would_have_linked() -> None:
    matcher, _, cases = learned()
    late = [Candidate(case.item_id, case.features) for case in cases]
    backfill(matcher.scorer, Profile(), late)
    assert {c.item_id for c in late if c.linked} == {c.item_id for c in cases if c.linked}


def test_a_backfill_learns_as_polls_of_twenty_would() -> None:
    matcher = StoryMatcher.of("Zorblax takeover", load_lexicon())
    words = "bid offer rival deal shop coast crew song game award".split()
    titles = [f"Zorblax {words[n % 10]} {words[n * 7 % 10]} after {n}" for n in range(400)]
    titles[::9] = [f"Takeover of Zorblax: {words[n % 10]} {n}" for n in range(len(titles[::9]))]

    def candidates() -> list[Candidate]:
        readings = [AnalyzedItem.of(item(t, number=n, day=n // 20)) for n, t in enumerate(titles)]
        return [matcher.candidate_anyway(reading) for reading in readings]

    whole, profile, polled = candidates(), Profile(), Profile()
    backfill(matcher.scorer, profile, whole)
    pending: list[Candidate] = []
    for start in range(0, len(titles), 20):
        batch = candidates()[start : start + 20]
        learn_batch(matcher.scorer, polled, batch, pending)
        pending = [each for each in (*pending, *batch) if is_uncertain(matcher.scorer, each)]
    assert profile_to_json(profile) == profile_to_json(polled)


def test_a_backfill_lets_go_of_what_turns_out_to_be_improbable() -> None:
    matcher = StoryMatcher.of("Zorblax recall", load_lexicon())
    told = [item("Recall of Zorblax heaters", number=n, day=70 + n // 2) for n in range(6)]
    beside = item("Zorblax chief speaks in Geneva", number=6, day=72)
    shops = [item(f"Zorblax opens shop {n}", number=n, day=n + 65) for n in range(10, 130)]
    found = [matcher.candidate_anyway(AnalyzedItem.of(each)) for each in (*told, beside, *shops)]
    soon = [Candidate(case.item_id, case.features) for case in found[:20]]
    backfill(matcher.scorer, Profile(DAY.toordinal()), soon)
    assert beside.id in {case.item_id for case in soon if case.linked}
    backfill(matcher.scorer, Profile(DAY.toordinal()), found)
    assert {case.item_id for case in found if case.linked} == {each.id for each in told}


def test_a_doubtful_item_is_judged_again_when_more_is_known() -> None:
    matcher = StoryMatcher.of("Zorblax acquisition", load_lexicon())
    profile = Profile()
    early = matcher.candidate_anyway(AnalyzedItem.of(item("Quuxly eyes Zorblax", number=99)))
    learn_batch(matcher.scorer, profile, [early], [])
    before = early.score
    pending = [early] if is_uncertain(matcher.scorer, early) else []
    new = [
        matcher.candidate_anyway(AnalyzedItem.of(item(t, number=n))) for n, t in enumerate(AFFAIR)
    ]
    learn_batch(matcher.scorer, profile, new, pending)
    assert matcher.scorer.score(early.features, profile) > before


# --- many stories, a large store -----------------------------------------------------------------


def test_the_engine_finds_a_storys_items_and_no_others() -> None:
    queries = {1: "Zorblax acquisition", 2: "TikTok ban", 3: "Grand Quux 6 delay"}
    matchers = {n: StoryMatcher.of(query, load_lexicon()) for n, query in queries.items()}
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
        matcher = StoryMatcher.of(text, load_lexicon())
    except QueryError:
        return
    assert matcher.index_terms()
    matcher.candidate_anyway(AnalyzedItem.of(item("Zorblax on strike")))
    assert matcher.fulltext_expression(())
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table f using fts5(title)")
    db.execute("select count(*) from f where f match ?", (matcher.fulltext_expression(SNOWBALL),))
    db.close()


def test_parts_tell_how_a_query_was_understood() -> None:
    parts = shown_parts(
        StoryMatcher.of("Zorblax frobnication strike -chess lang:en", load_lexicon()).interpretation
    )
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
    matcher = StoryMatcher.of(query, load_lexicon())
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
    notes = [
        part.note
        for part in shown_parts(StoryMatcher.of("iPhone 12 launch", load_lexicon()).interpretation)
    ]
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
    assert StoryMatcher.of("United States tariffs", load_lexicon()).candidate(reading) is not None
