"""The reasons of a score: contributions in probability that add up to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model.core import Reason, ReasonKind, ReasonPart
from tracker.stories.scoring.first_contact import (
    ASPECTS_MATCH,
    CERTAIN,
    FEATURES,
    IN_TITLE,
    NAMES_MATCH,
    PROXIMITY,
    QUERY,
    match_features,
)
from tracker.stories.scoring.linear_model import fitted_model, probability

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.stories.matching.evidence import TermMatch
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.first_contact import Contact
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.tracking.story_model import Judgement


_WORDS = 5
"""The learned words that are named; the rest is one reason."""


def explain(
    scorer: Scorer,
    features: Features,
    contact: Contact | None,
    judgement: Judgement,
    shown: Mapping[str, str],
) -> Iterator[Reason]:
    """Yield the reasons in order; their worths add up to the score.

    The worth of a reason is the change of the probability when its log-odds are added to those of
    the reasons before it. `shown` has the spellings of the item's stems.
    """
    log_odds = score = 0.0
    for part, kind, match, value in _contributions(scorer, features, contact, judgement, shown):
        log_odds += value
        before, score = score, probability(log_odds)
        text, field = (match.text, match.field) if match else ("", "")
        if part == ReasonPart.NEIGHBOUR and judgement.nearest:
            text = judgement.nearest.title
        yield Reason(part, kind, text, field, score - before)
    if features.is_domestic:
        for country in scorer.implied_countries:
            yield Reason(country, ReasonKind.HOME, "", "", 0.0)


def _contributions(
    scorer: Scorer,
    features: Features,
    contact: Contact | None,
    judgement: Judgement,
    shown: Mapping[str, str],
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    """Yield part, kind, match and log-odds of everything that contributes to the score."""
    told = 0.0
    for each in (
        *(
            _of_query(scorer.of(features), features, contact)
            if contact
            else _of_no_query(judgement)
        ),
        *_of_story(judgement, shown),
    ):
        told += each[-1]
        if each[-1] or each[1] not in _UNSAID_IF_ZERO:
            yield each
    yield ReasonPart.WEIGHED, ReasonKind.PROFILE, None, judgement.odds - told


_UNSAID_IF_ZERO = frozenset({ReasonKind.NEAR, ReasonKind.PROFILE, ReasonKind.NEIGHBOUR})


def _of_no_query(
    judgement: Judgement,
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    yield ReasonPart.NO_MATCH, ReasonKind.START, None, judgement.first_contact


def _of_query(
    scorer: Scorer, features: Features, contact: Contact
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    """Yield what adds up to the log-odds of first contact."""
    fitted = fitted_model()
    found = dict(zip(FEATURES, match_features(scorer, features), strict=False))
    value = {
        group: sum([fitted.first_contact.get(name, 0.0) * found[name] for name in group])
        for group in (NAMES_MATCH, ASPECTS_MATCH, IN_TITLE, PROXIMITY, QUERY)
    }
    start = fitted.first_intercept + value[QUERY]
    yield ReasonPart.ANY_REPORT, ReasonKind.START, None, start
    extractor = scorer.extractor
    names = list(zip(extractor.focus, scorer.coverage.levels(features), strict=True))
    aspects = [
        (number, share * features.levels[number])
        for share, (number, _) in zip(extractor.aspect_shares, extractor.aspects, strict=True)
    ]
    volume = contact.odds - fitted.first_intercept - sum(value.values())
    if contact.odds >= CERTAIN:  # the names alone say so
        value[NAMES_MATCH], volume = value[NAMES_MATCH] + volume, 0.0
    groups = [(names, value[NAMES_MATCH]), (aspects, value[ASPECTS_MATCH])]
    if not extractor.has_separate_aspects:  # one segment is both focus and aspect
        groups = [(names, value[NAMES_MATCH] + value[ASPECTS_MATCH])]
    for levels, worth in groups:
        yield from _segment_contributions(scorer, features, levels, worth)
    if not extractor.aspects:
        yield ReasonPart.NO_ASPECT_IN_QUERY, ReasonKind.START, None, value[ASPECTS_MATCH]
    yield ReasonPart.PROXIMITY, ReasonKind.NEAR, None, value[PROXIMITY]
    yield ReasonPart.TITLE, ReasonKind.NEAR, None, value[IN_TITLE]
    yield ReasonPart.RARITY, ReasonKind.PROFILE, None, volume


def _of_story(
    judgement: Judgement, shown: Mapping[str, str]
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    """Yield what the story's own words, reports and answers add."""
    for stem, value in (*judgement.words[:_WORDS], *judgement.manual):
        yield shown.get(stem, stem), ReasonKind.PROFILE, None, value
    rest = sum([value for _, value in judgement.words[_WORDS:]])
    yield ReasonPart.OTHER_WORDS, ReasonKind.PROFILE, None, rest
    if judgement.nearest:
        yield ReasonPart.NEIGHBOUR, ReasonKind.NEIGHBOUR, None, judgement.nearest_odds
    else:
        yield ReasonPart.NO_NEIGHBOUR, ReasonKind.NEIGHBOUR, None, judgement.nearest_odds
    yield ReasonPart.DAY_RATE, ReasonKind.PROFILE, None, judgement.rate
    yield ReasonPart.ANSWERS, ReasonKind.PROFILE, None, judgement.answers


def _segment_contributions(
    scorer: Scorer, features: Features, levels: list[tuple[int, float]], value: float
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    """Divide the log-odds of a group of segments among them, in proportion to their levels."""
    total = sum(level for _, level in levels)
    if value and levels and not total:
        part = ReasonPart.IMPLICIT_ASPECT if value > 0 else ReasonPart.NO_ASPECT
        yield part, ReasonKind.START, None, value
    for number, level in levels:
        title, summary = features.evidence.matches[number]
        match = title if title and (not summary or title.level >= summary.level) else summary
        segment = scorer.segments[number]
        kind, conflict = segment.kind if match else ReasonKind.MISSING, features.conflicting_place
        if conflict and number in conflict.numbers:
            kind, match = ReasonKind.ELSEWHERE, conflict.match
        yield segment.text, kind, match, value * level / total if total else 0.0
