"""Pairs of reports: their features, their probability, and which ones are compared at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import log1p

import pytest
from making import make_item

from tracker.stories.events.fingerprint import Fingerprint, fingerprint
from tracker.stories.events.index import Event, ReportIndex
from tracker.stories.events.index import Report as IndexedReport
from tracker.stories.events.pair_model import (
    PairFeatures,
    are_installments,
    load_pair_model,
    pair_features,
)
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.text.documents import analyze

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def printed(title: str, *, hours: float = 0, language: str = "en", number: int = 1) -> Fingerprint:
    site = f"https://outlet{number}.example/{number}"
    when = NOON + timedelta(hours=hours)
    item = make_item(title, number=number, url=site, published=when, language=language)
    return fingerprint(item, analyze(title, "", language), load_lexicon())


def test_the_features_of_a_pair_are_those_of_the_table() -> None:
    found = pair_features(
        printed("Solberg leaves with 3 millions"),
        printed("Solberg leaves with 3 others", hours=24),
        0.5,
        same_outlet=True,
    )
    assert found == PairFeatures(
        cosine=0.5,
        fading_cosine=0.25,
        across=0.0,
        disjoint=0.0,
        log_hours=log1p(24),
        days=1.0,
        same_outlet=1.0,
        shared_figure=1.0,
        title_overlap=1.0,
    )


def test_across_languages_only_what_is_interlingual_counts() -> None:
    found = pair_features(
        printed("Solberg leaves"), printed("Solberg geht", language="de"), 0.5, same_outlet=False
    )
    assert (found.across, found.cosine, found.fading_cosine, found.title_overlap) == (1, 0, 0.5, 0)


@pytest.mark.parametrize(
    ("other", "hours", "wanted"),
    [
        ("Zorblax closes at 14 dollars", 24, True),
        ("Zorblax closes at 12 dollars", 24, False),
        ("Zorblax closes at 14 dollars", 11, False),
        ("Zorblax opens a factory for 14 workers", 24, False),
        ("Zorblax closes at last", 24, False),
        ("Zorblax closes at dollars", 24, False),
    ],
)
def test_installments_have_one_template_and_other_figures(
    other: str, hours: float, *, wanted: bool
) -> None:
    one, two = printed("Zorblax closes at 12 dollars"), printed(other, hours=hours)
    assert are_installments(one, two) is are_installments(two, one) is wanted


def test_a_figure_that_all_installments_have_does_not_join_them() -> None:
    one = printed("Zorblax: 210 cases in 24 hours")
    assert are_installments(one, printed("Zorblax: 230 cases in 24 hours", hours=24))


def test_the_nearer_in_words_and_time_the_more_probable() -> None:
    weights = load_pair_model()

    def chance(cosine: float, hours: float, *, same_outlet: bool = False) -> float:
        one, other = printed("Solberg leaves"), printed("Solberg moves", hours=hours)
        found: float = weights.probability(
            pair_features(one, other, cosine, same_outlet=same_outlet)
        )
        return found

    assert chance(0.6, 2) > chance(0.3, 2) > chance(0.3, 20) > chance(0.3, 60)
    assert chance(0.3, 2) > chance(0.3, 2, same_outlet=True)
    assert 0 < weights.threshold < 1


def test_candidates_stay_few_however_many_reports_there_are() -> None:
    index = ReportIndex()
    names = ("bridge", "harbour", "council", "railway", "factory", "island", "market", "court")
    for number in range(1500):
        place = f"{names[number % 8]} and {names[number // 8 % 8]}"
        language = "en" if number % 3 else "fr"
        one = printed(f"Zorblax burns near {place}, say {number} people", language=language)
        index.count(one)
        index.insert(IndexedReport(number, one, is_settled=False, event=Event(number)))
    found = index.candidates(printed("Zorblax burns near bridge and harbour and market"))
    assert 24 <= len(found) <= 72
    assert all(0 <= cosine <= 1 + 1e-9 for cosine in found.values())


def test_near_identical_titles_are_found_by_a_hash() -> None:
    index = ReportIndex()
    title = "Zorblax recalls thousands of scooters after battery fires in Oslo warehouse on Sunday"
    one = printed(title)
    index.insert(IndexedReport(1, one, is_settled=False, event=Event(1)))
    alike, crowded = index.twins(printed(title.replace("thousands", "millions")))
    assert [(report.item, crowded) for report in alike] == [(1, False)]
    assert index.twins(printed("Solberg leaves the railways")) == ({}, False)


def bare(
    *terms: str, hours: float = 0, language: str = "en", outlet: str = "herald"
) -> Fingerprint:
    """Make a report of these words alone, which are its names as well."""
    words = dict.fromkeys(terms, 1.0)
    when = NOON + timedelta(hours=hours)
    return Fingerprint(when, language, outlet, words, words, frozenset(terms))


def indexed(*reports: Fingerprint) -> ReportIndex:
    index = ReportIndex()
    for number, one in enumerate(reports, 1):
        index.count(one)
        index.insert(IndexedReport(number, one, is_settled=False, event=Event(number)))
    return index


def test_a_first_report_in_another_language_is_compared_by_its_names() -> None:
    index = indexed(bare("solberg", "railways", language="fr"))
    (cosine,) = index.candidates(bare("solberg", "leaves")).values()
    assert cosine > 0


def test_a_report_in_the_same_language_is_compared_by_its_words_alone() -> None:
    index = indexed(bare("solberg", language="fr"), bare("oslo"))
    solberg = Fingerprint(NOON, "en", "ledger", {"leaves": 1.0}, {"oslo": 1.0})
    assert set(index.candidates(solberg).values()) == {0.0}


def test_candidates_are_looked_up_by_the_rarest_words() -> None:
    usual = [f"usual{n}" for n in range(14)]
    index = indexed(bare("solberg", *usual), *(bare(*usual, f"word{n}") for n in range(60)))
    found = index.candidates(bare("solberg", *usual))
    assert 1 in {report.item for report in found}


def test_a_report_of_long_ago_is_no_candidate_and_no_twin() -> None:
    words = ("solberg", "leaves", "railways", "oslo")
    index = indexed(bare(*words))
    assert len(index.candidates(bare(*words, hours=96))) == len(index.twins(bare(*words))[0]) == 1
    assert index.candidates(bare(*words, hours=96.1)) == {}
    assert index.twins(bare(*words, hours=96.1)) == ({}, False)


def test_an_outlet_is_the_same_unless_it_brings_more_than_half() -> None:
    reports = [bare("a", outlet=outlet) for outlet in ("herald", "herald", "ledger", "courier")]
    index = indexed(*reports)
    assert index.is_same_outlet(reports[0], reports[1])
    assert not index.is_same_outlet(reports[0], reports[2])
    index.count(reports[0])
    assert not index.is_same_outlet(reports[0], reports[1])


def test_a_twin_is_found_by_its_hash_alone() -> None:
    index = ReportIndex()
    words = ("solberg", "leaves", "railways", "oslo")
    one = bare(*words)
    index.insert(IndexedReport(1, one, is_settled=False, event=Event(1)), is_twin=True)
    assert index.candidates(one) == {}
    assert [report.item for report in index.twins(one)[0]] == [1]


def test_titles_that_differ_in_one_word_of_nine_are_found_in_nine_of_ten_cases() -> None:
    found = 0
    for number in range(0, 10_000, 10):
        words = [sha256(str(n).encode()).hexdigest() for n in range(number, number + 10)]
        index = indexed(bare(*words[:9]))
        found += bool(index.twins(bare(*words[1:]))[0])
    assert found >= 900


@pytest.mark.parametrize(("alike", "crowded"), [(63, False), (64, True)])
def test_many_near_identical_reports_are_a_crowd(alike: int, *, crowded: bool) -> None:
    words = ("solberg", "leaves", "railways", "oslo")
    index = indexed(*(bare(*words) for _ in range(alike)))
    found, is_crowd = index.twins(bare(*words))
    assert [report.item for report in found] == list(range(alike - 3, alike + 1))
    assert is_crowd is crowded
    assert index.twins(bare("pilots", "strike")) == ({}, False)


def test_an_event_has_room_for_four_days() -> None:
    event = Event(1)
    assert event.has_room_for(NOON)
    event.take(bare("solberg"))
    event.take(bare("solberg", hours=-40))
    assert event.has_room_for(NOON + timedelta(hours=56))
    assert not event.has_room_for(NOON + timedelta(hours=57))
    assert event.has_room_for(NOON - timedelta(hours=96))
    assert not event.has_room_for(NOON - timedelta(hours=97))
    assert event.size == 2


def test_installments_are_in_one_language() -> None:
    one = bare("zorblax", "closes")
    other = bare("zorblax", "closes", hours=24, language="de")
    one, other = (replace(each, figures=frozenset({n})) for each, n in ((one, "1"), (other, "2")))
    assert not are_installments(one, other)
    assert are_installments(one, replace(other, language="en"))


def test_a_title_of_one_word_overlaps_with_another_by_half() -> None:
    found = pair_features(bare("solberg"), bare("solberg", "leaves"), 0.5, same_outlet=False)
    assert found.title_overlap == 0.5
