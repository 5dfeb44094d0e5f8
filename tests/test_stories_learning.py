"""Learning: what a batch counts, what fades, and what a backfill keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from making import NOON, make_item

from tracker.model.core import ReasonPart
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.scoring.profile import Profile
from tracker.stories.scoring.scorer import Scorer
from tracker.stories.scoring.weights import WEIGHTS
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import Candidate
from tracker.stories.tracking.learning import backfill, learn_batch
from tracker.stories.tracking.story_matcher import StoryMatcher

MATCHER = StoryMatcher.of("Zorblax layoffs", load_lexicon())
SURE, DOUBTFUL = "Zorblax to cut 15,000 jobs", "Zorblax staff wait for news"


def candidate(title: str, *, days: float = 0) -> Candidate:
    item = make_item(title, published=NOON + timedelta(days=days))
    return MATCHER.candidate_anyway(AnalyzedItem.of(item))


def test_what_was_counted_fades_with_the_day_of_a_later_batch() -> None:
    profile = Profile()
    learn_batch(MATCHER.scorer, profile, [candidate(SURE) for _ in range(6)], [])
    before = profile.on
    learn_batch(MATCHER.scorer, profile, [candidate(DOUBTFUL, days=400)], [])
    assert profile.on < before / 2


@pytest.mark.parametrize("before", [True, False])
def test_what_was_counted_with_its_earlier_words_is_not_counted_again(*, before: bool) -> None:
    profile, found = Profile(), candidate(DOUBTFUL)
    learn_batch(MATCHER.scorer, profile, [*map(candidate, (SURE, SURE, DOUBTFUL))], [])
    known = profile.candidates()
    found.counted_before = before
    learn_batch(MATCHER.scorer, profile, [found], [])
    assert not found.linked
    assert found.share >= 0.0
    assert profile.candidates() - known == pytest.approx(float(not before))


def test_what_stays_doubtful_is_counted_again_only_with_new_candidates() -> None:
    profile, pending = Profile(), candidate(DOUBTFUL)
    pending.share = 0.9
    learn_batch(MATCHER.scorer, profile, [], [pending])
    assert (pending.linked, pending.share) == (False, 0.9)
    learn_batch(MATCHER.scorer, profile, [candidate(SURE)], [pending])
    assert pending.linked is False
    assert pending.share < 0.5


@pytest.mark.parametrize(("keep", "kept"), [(0.0, 7), (2.0, 2)])
def test_a_backfill_keeps_its_links_above_a_threshold_of_their_own_and_the_certain_ones(
    keep: float, kept: int
) -> None:
    titles = (
        SURE,
        "Zorblax workers fear cuts",
        "Zorblax jobs at risk",
        "Zorblax union calls for talks on jobs",
        "Zorblax cuts",
        "Zorblax: unions fear for jobs",
        "Job losses at Zorblax and Quuxly feared",
    )
    candidates = [candidate(title, days=day) for day, title in enumerate(titles)]
    scorer = Scorer(MATCHER.interpretation, replace(WEIGHTS, keep_threshold=keep))
    backfill(scorer, Profile(), candidates)
    assert sum(each.linked for each in candidates) == kept
    assert all(each.linked for each in candidates if each.share >= 1.0)


def test_of_what_says_the_affair_base_rates_are_discounted() -> None:
    scorer = Scorer(MATCHER.interpretation, replace(WEIGHTS, base_rate_discount=1.0))
    profile, found = Profile(), candidate(SURE)
    learn_batch(scorer, profile, [candidate(DOUBTFUL) for _ in range(20)], [])
    plain = MATCHER.scorer.score(found.features, profile)
    assert scorer.score(found.features, profile) > plain + 0.01


def test_a_term_is_shown_once_several_reports_have_it() -> None:
    profile = Profile()
    learn_batch(MATCHER.scorer, profile, [candidate(SURE) for _ in range(9)], [])
    learn_batch(MATCHER.scorer, profile, [candidate(f"{SURE} in Quuxville")], [])
    shown = {term.text for term in profile.strong_terms()}
    assert "jobs" in shown
    assert "Quuxville" not in shown


def test_a_term_is_shown_where_it_speaks_clearly_for_the_story_or_against_it() -> None:
    profile = Profile()
    cases = [candidate(f"{SURE}, spokesman says") for _ in range(9)]
    cases += [candidate("Zorblax opens a museum, spokesman says") for _ in range(9)]
    cases.append(candidate(f"{SURE} in Quuxville"))
    learn_batch(MATCHER.scorer, profile, cases, [])
    shown = {term.text: term.weight for term in profile.strong_terms()}
    assert shown["jobs"] > 0 > shown["museum"]
    learned = {term.shown for term in profile.terms.values()}
    assert {"spokesman", "Quuxville"} <= learned - shown.keys()


def parts_of(query: str, title: str, profile: Profile, language: str = "en") -> set[str]:
    """Return what adds to the score of a report with this title."""
    matcher = StoryMatcher.of(query, load_lexicon())
    known, found = [
        matcher.candidate_anyway(
            AnalyzedItem.of(make_item(each, published=NOON, language=language))
        )
        for each in (query, title)
    ]
    learn_batch(matcher.scorer, profile, [known, known], [])
    verdict = matcher.scorer.verdict(found.features, profile)
    return {reason.part for reason in verdict.reasons if reason.worth > 0.0}


@pytest.mark.parametrize(
    ("title", "part"),
    [("Japan beats Quuxland", "nothing"), ("Rice of Japan beats that of Quuxland", "rarity")],
)
def test_that_a_place_is_rare_says_nothing_unless_the_subject_is_named(
    title: str, part: str
) -> None:
    of_two_years = Profile(NOON.toordinal() - 700)
    parts = parts_of("Japan rice price", title, of_two_years)
    assert (ReasonPart.RARITY in parts) is (part == "rarity")


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("Chile aprueba el matrimonio igualitario", "nothing"),
        ("Chile escribe una constitución", "every name"),
    ],
)
def test_a_word_that_only_goes_with_the_subject_is_not_the_subject(title: str, part: str) -> None:
    parts = parts_of("Chile constitution referendum", title, Profile(), "es")
    assert (ReasonPart.ALL_NAMES in parts) is (part == "every name")


@pytest.mark.parametrize(
    ("query", "name"), [("Apple antitrust", "Apple"), ("TikTok acquisition", "TikTok")]
)
def test_a_giant_alone_is_not_linked_even_where_no_report_names_the_affair(
    query: str, name: str
) -> None:
    matcher = StoryMatcher.of(query, load_lexicon())
    found = [
        matcher.candidate_anyway(
            AnalyzedItem.of(
                make_item(f"{name} shows {thing}", published=NOON + timedelta(days=day))
            )
        )
        for thing, day in zip("abcdefghijkl", range(0, 1200, 100), strict=True)
    ]
    backfill(matcher.scorer, Profile(NOON.toordinal()), found)
    assert not any(each.linked for each in found)
