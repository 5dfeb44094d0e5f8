"""The reasons of a score: contributions in probability that add up to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.model.core import Reason, ReasonKind, ReasonPart
from tracker.stories.scoring.statistics import probability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.matching.evidence import TermMatch
    from tracker.stories.scoring.estimates import QueryContribution
    from tracker.stories.scoring.features import FeatureExtractor, Features
    from tracker.stories.scoring.weights import Weights


class LogOdds(NamedTuple):
    """The terms of one item's log-odds.

    `query` depends on the matched query segments, `terms` on learned terms (each with its stem),
    `day` on the reports around its date (day rate, surge), `semantic` on sentence similarity.
    """

    query: QueryContribution
    terms: list[tuple[str, float]]
    day: tuple[float, float]
    semantic: float

    def score(self, intercept: float) -> float:
        """Return the probability (0..1) of the sum of all terms and the intercept."""
        intercept += self.query.total + sum([value for _, value in self.terms])
        return probability(intercept + sum(self.day) + self.semantic)


def without_boosts(parts: LogOdds, weights: Weights) -> LogOdds:
    """Return the log-odds without what dates and habit add, unless learned words support it.

    Dates and habit say how probable the affair is among reports of a name. They multiply evidence
    of it and do not replace it where the name is in the news for many affairs.
    """
    if sum([value for _, value in parts.terms]) >= weights.supporting_terms:
        return parts
    day_rate, surge = parts.day
    rates = parts.query.base_rates
    pattern = max(0.0, rates[ReasonPart.PATTERN])
    query = parts.query._replace(
        base_rates={**rates, ReasonPart.PATTERN: rates[ReasonPart.PATTERN] - pattern},
        total=parts.query.total - pattern,
    )
    return parts._replace(query=query, day=(min(0.0, day_rate), min(0.0, surge)))


def explain(extractor: FeatureExtractor, features: Features, parts: LogOdds) -> Iterator[Reason]:
    """Yield the reasons in order; their worths add up to the score.

    The worth of a reason is the change of the probability when its log-odds are added to those of
    the reasons before it.
    """
    log_odds = extractor.weights.intercept
    score = probability(log_odds)
    yield Reason(ReasonPart.ANY_REPORT, ReasonKind.START, "", "", score)
    for part, kind, match, value in _contributions(extractor, features, parts):
        log_odds += value
        before, score = score, probability(log_odds)
        yield Reason(
            part, kind, match.text if match else "", match.field if match else "", score - before
        )


def _contributions(
    extractor: FeatureExtractor, features: Features, parts: LogOdds
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    """Yield part, kind, match and log-odds of everything that contributes to the score."""
    query = parts.query
    names = list(zip(extractor.focus, query.name_levels, strict=True))
    aspects = [
        (number, level)
        for (number, _), level in zip(extractor.aspects, query.aspect_levels, strict=True)
    ]
    groups = [(names, query.query_terms["names"]), (aspects, query.query_terms["aspects"])]
    if not extractor.has_separate_aspects:  # one segment is both focus and aspect
        groups = [(names, query.query_terms["names"] + query.query_terms["aspects"])]
    for levels, value in groups:
        yield from _segment_contributions(extractor, features, levels, value)
    if not extractor.aspects:
        yield ReasonPart.NO_ASPECT_IN_QUERY, ReasonKind.START, None, query.query_terms["aspects"]
    near: list[tuple[str, float]] = [
        (part, query.query_terms[part])
        for part in (ReasonPart.PROXIMITY, ReasonPart.TITLE, ReasonPart.ALL_NAMES)
    ]
    near.append((ReasonPart.SEMANTIC, parts.semantic))
    profile = [(features.evidence.shown.get(stem, stem), value) for stem, value in parts.terms]
    profile += query.base_rates.items()
    profile += zip((ReasonPart.DAY_RATE, ReasonPart.SURGE), parts.day, strict=True)
    for kind, contributions in ((ReasonKind.NEAR, near), (ReasonKind.PROFILE, profile)):
        for part, value in contributions:
            if value:
                yield part, kind, None, value


def _segment_contributions(
    extractor: FeatureExtractor,
    features: Features,
    levels: list[tuple[int, float]],
    value: float,
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    """Divide the log-odds of a group of segments among them, in proportion to their levels."""
    total = sum(level for _, level in levels)
    if value and levels and not total:
        part = ReasonPart.IMPLICIT_ASPECT if value > 0 else ReasonPart.NO_ASPECT
        yield part, ReasonKind.START, None, value
    for number, level in levels:
        title, summary = features.evidence.matches[number]
        match = title if title and (not summary or title.level >= summary.level) else summary
        segment = extractor.segments[number]
        kind, conflict = segment.kind if match else ReasonKind.MISSING, features.conflicting_place
        if conflict and number in conflict.numbers:
            kind, match = ReasonKind.ELSEWHERE, conflict.match
        yield segment.text, kind, match, value * level / total if total else 0.0
