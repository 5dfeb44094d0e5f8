"""The story's own model: what an item shares with the reports that the story has.

First contact is a feature, not a verdict: an item that matches the query links the more, the more
it has of the story's words, and the nearer it is to a report of the same days. An item that matches
nothing of the query can belong by them alone. What a story learns from are the items that first
contact links, and the user's answers; it never learns from its own verdicts, so that one wrong link
does not cause the next (drift: Yang, Lad, Lao et al., "Robustness of adaptive filtering methods in
a cross-benchmark evaluation", SIGIR 2005). An item is judged by the reports up to LOOK_AHEAD days
after it, which makes the verdict the same whether they come one by one or all at once.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.scoring.linear_model import (
    LogisticRegression,
    fitted_model,
    log_odds,
    probability,
)
from tracker.stories.tracking.answers import Answers
from tracker.stories.tracking.neighbourhood import LEARNED_FROM, Neighbourhood
from tracker.stories.tracking.story_words import dot, scaled, shared, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.stories.scoring.first_contact import Contact
    from tracker.stories.tracking.neighbourhood import Case, Nearest
    from tracker.stories.tracking.profile import Profile
    from tracker.stories.tracking.story_words import StoryWords
    from tracker.stories.tracking.vectors import Vector


LOOK_AHEAD = 3
"""Days after an item whose reports still count for it."""
NEAR = 10
"""Days around an item whose reports it is compared with one by one."""
_COMPARED = 150
"""The most of these, the latest."""
_MOST_ODDS, _NO_CONTACT = 5.0, -4.0
"""Bound of the log-odds of first contact, either sign; those of an item that is no candidate."""
VOCABULARY = 14
"""The strongest words by which items that match nothing of the query are found."""
_FEWEST_REPORTS = 3.0
"""Reports from which on a story has a vocabulary."""
_FEWEST_SHARED, _LEAST_SIMILAR = 2, 0.12
"""Words of the vocabulary that such an item has, and its cosine with the vocabulary, at least."""
MANUAL_ODDS = 1.7
"""Log-odds of a word in the title that the user gave the weight 1."""

FEATURES = (
    "first_contact",
    "is_link",
    "no_candidate",
    "first_probability",
    "words",
    "nearest",
    "nearest_three",
    "distance",
    "reports",
    "reports_in_days",
    "probability_words",
    "first_contact_words",
    "probability_nearest",
)
"""The features of the model beside those of first contact, in order."""


_REPORTS = FEATURES.index("reports")
_YOUNG = math.log1p(2.5)
"""The feature `reports` up to which a story is young: what it links then, it is known by later."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of an item.

    `odds` are log-odds above those of the threshold, above 0 for an item that is linked, and
    `threshold` the log-odds of that. The others are parts of them:
    `first_contact` those of the first regression, `words` by stem, strongest first, `nearest` with
    its report, `rate` by the reports of these days, `answers` by those of the user, and
    `manual` by stem.
    """

    odds: float
    threshold: float
    first_contact: float
    words: tuple[tuple[str, float], ...]
    nearest: Nearest | None
    nearest_odds: float
    rate: float
    answers: float
    manual: tuple[tuple[str, float], ...]

    @property
    def score(self) -> float:
        """How near the item is to the threshold, 0..1; it is linked from 0.5 on."""
        return probability(self.odds)

    @property
    def chance(self) -> float:
        """The probability that the item belongs, 0..1."""
        return probability(self.odds + self.threshold)


def vocabulary(words: StoryWords) -> Vector:
    """Return the words by which items are found, as a unit vector; empty for a young story."""
    return scaled(words.strongest(VOCABULARY)) if words.mass >= _FEWEST_REPORTS else {}


def shows_vocabulary(vector: Vector, words: Mapping[str, float]) -> bool:
    """Return whether an item is near enough to a vocabulary to be judged."""
    return shared(vector, words) >= _FEWEST_SHARED and dot(vector, words) >= _LEAST_SIMILAR


def first_judgement(contact: Contact) -> Judgement:
    """Return what first contact says of an item by itself."""
    return Judgement(contact.odds, 0.0, contact.odds, (), None, 0.0, 0.0, 0.0, ())


def words_of(profile: Profile, known: Iterable[Case]) -> StoryWords:
    """Return all words of a story; `known` are its cases from the day `profile.folded` on."""
    words = profile.words.copy()
    for case in known:
        if case.weight and case.day >= profile.folded:
            words.add(case.vector, case.weight, case.day, case.terms)
    return words


def judge(
    profile: Profile, known: Iterable[Case], asked: Iterable[Case], *, ahead: int = LOOK_AHEAD
) -> dict[int, Judgement]:
    """Judge items by a story's reports; return the judgements by item id.

    `known` are the cases from the day `profile.folded` on, or all of them; those that are asked may
    be among them. Reports up to `ahead` days after an item count for it.
    """
    known = list(known)
    answers = _answers(profile, known)
    found: dict[int, Judgement] = {}
    for case, values, evidence in _features(profile, known, asked, ahead):
        found[case.item_id] = _judgement(profile, case, values, evidence, answers)
    return found


class _Evidence(NamedTuple):
    """What the features of an item come from: the story's words, and the nearest report."""

    words: Mapping[str, float]
    nearest: Nearest | None


def features(
    profile: Profile, known: Iterable[Case], asked: Iterable[Case]
) -> Iterator[tuple[Case, tuple[float, ...]]]:
    """Yield cases with their FEATURES, by day; the arguments are those of `judge`."""
    for case, values, _ in _features(profile, known, asked):
        yield case, values


def judge_as_polls(
    profile: Profile, known: Sequence[Case], asked: Sequence[Case]
) -> dict[int, Judgement]:
    """Judge stored items as polls would have: what is linked on its own day stays linked."""
    late, early = judge(profile, known, asked), judge(profile, known, asked, ahead=0)
    return {
        item_id: max(early[item_id], judgement, key=attrgetter("odds"))
        for item_id, judgement in late.items()
    }


def _features(
    profile: Profile, known: Iterable[Case], asked: Iterable[Case], ahead: int = LOOK_AHEAD
) -> Iterator[tuple[Case, tuple[float, ...], _Evidence]]:
    # Reports of earlier days are in the profile's words.
    late = [each for each in known if each.weight and each.day >= profile.folded]
    reports = sorted(late, key=lambda case: (case.day, case.item_id))
    days = [report.day for report in reports]
    words, counted = profile.words.copy(), 0
    by_day = groupby(sorted(asked, key=attrgetter("day")), key=attrgetter("day"))
    for day, cases in by_day:
        visible = bisect_right(days, day + ahead)
        for report in reports[counted:visible]:
            words.add(report.vector, report.weight, report.day, report.terms)
        counted = visible
        start = max(bisect_left(days, day - NEAR), visible - _COMPARED)
        near = Neighbourhood(reports[start:visible], day)
        before = days[start - 1] if start else profile.last
        own = {report.item_id: report.weight for report in reports[:visible]}
        visible_on = _Visible(words.strongest(), words.mass, near, before, own)
        for case in cases:
            yield case, *_case_features(case, visible_on)


class _Visible(NamedTuple):
    """What is known of a story on a day.

    `strongest` are the weights of its words, `mass` the sum of those of its reports, `near` the
    reports around the day, `before` the day of the last one before these, and `own` the weights of
    the reports that the words include, by item id.
    """

    strongest: Mapping[str, float]
    mass: float
    near: Neighbourhood
    before: int
    own: Mapping[int, float]


def _case_features(case: Case, known: _Visible) -> tuple[tuple[float, ...], _Evidence]:
    strongest, mass, near, before, owned = known
    vector, own = case.vector, owned.get(case.item_id, 0.0)
    centroid = scaled(without(strongest, vector, own) if own else strongest)
    similarity = dot(vector, centroid)
    nearest, three = near.nearest(case)
    distance, dense = near.distance(case, before), near.dense(own, case)
    reports = max(0.0, mass - own)
    odds = max(-_MOST_ODDS, min(_MOST_ODDS, case.contact.odds)) if case.contact else _NO_CONTACT
    first = probability(case.contact.odds) if case.contact else 0.0
    cosine = nearest.similarity if nearest else 0.0
    values = (
        odds,
        float(first >= LEARNED_FROM),
        float(case.contact is None),
        first,
        similarity,
        cosine,
        three,
        math.log1p(distance),
        math.log1p(reports),
        math.log1p(dense),
        first * similarity,
        odds * similarity,
        first * cosine,
    )
    return values, _Evidence(centroid, nearest)


def _judgement(
    profile: Profile,
    case: Case,
    values: tuple[float, ...],
    evidence: _Evidence,
    answers: Answers,
) -> Judgement:
    weights = _regression().weights
    part = {name: w * v for name, w, v in zip(FEATURES, weights, values, strict=True)}
    first = case.contact.odds if case.contact else _NO_CONTACT
    learned = part["words"] + part["probability_words"] + part["first_contact_words"]
    nearest = part["nearest"] + part["nearest_three"] + part["probability_nearest"]
    manual = tuple(
        (stem, given * MANUAL_ODDS * case.terms.weights[stem])
        for stem, given in profile.manual_stems.items()
        if given and stem in case.terms.weights
    )
    told, threshold = answers.odds(case), log_odds(threshold_of(values))
    total = _regression().intercept + sum(part.values()) - threshold
    total += (case.contact.match if case.contact else 0.0) + told + sum([w for _, w in manual])
    return Judgement(
        total,
        threshold,
        first,
        _shares(case.vector, evidence.words, learned),
        evidence.nearest,
        nearest,
        part["distance"] + part["reports"] + part["reports_in_days"],
        told,
        manual,
    )


def threshold_of(values: Sequence[float]) -> float:
    """Return the probability from which on an item with these FEATURES is linked."""
    return fitted_model().young_threshold if is_young(values) else fitted_model().threshold


def is_young(values: Sequence[float]) -> bool:
    """Return whether the story of an item with these FEATURES has few other reports."""
    return values[_REPORTS] < _YOUNG


def _shares(
    vector: Vector, words: Mapping[str, float], total: float
) -> tuple[tuple[str, float], ...]:
    """Divide log-odds among the words that an item shares with its story, strongest first."""
    found = {stem: weight * words[stem] for stem, weight in vector.items() if words.get(stem)}
    whole = sum(found.values())
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((stem, total * share / whole) for stem, share in ranked) if whole else ()


def _answers(profile: Profile, known: Sequence[Case]) -> Answers:
    """Return what the answers among the known cases say of others."""
    answered = [case for case in known if case.decided is not None]
    silent = Answers((), ())
    odds = {
        case.item_id: _judgement(profile, case, values, evidence, silent).odds
        for case, values, evidence in _features(profile, known, answered)
    }
    return Answers.of(answered, [odds[case.item_id] for case in answered])


@cache
def _regression() -> LogisticRegression:
    fitted = fitted_model()
    return LogisticRegression.of(FEATURES, fitted.story, fitted.story_intercept)
