"""First contact: how well an item matches a query, before the story has a say.

The features are what the item shows of the query, and how many items of late show as much: most
reports of a name that is rare, or of a day on which everyone tells of the affair, belong to it.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import groupby, repeat
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.scoring.linear_model import LogisticRegression, fitted_model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.stories.scoring.candidate_counts import CandidateCounts, Surroundings
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.scorer import Scorer


NAMES_MATCH = ("coverage", "names_present", "full_coverage", "all_names_in_title")
"""The features of first contact that say how well the names match."""
ASPECTS_MATCH = (
    "aspects",
    "explicit_aspects",
    "full_aspects",
    "match",
    "explicit_match",
    "match_squared",
    "name_only",
)
"""Those that say how well the aspects match."""
IN_TITLE = ("focus_in_title", "aspect_in_title")
PROXIMITY = ("proximity",)
QUERY = ("domestic", "has_aspects", "several_aspects", "several_focus", "focus_size")
"""Those that are of the query, not of the item."""
VOLUME = (
    "week",
    "season",
    "titled_in_week",
    "titled_in_season",
    "matched_in_week",
    "matched_in_season",
    "alike",
    "matched_alike",
    "coverage_alike",
    "aspects_alike",
    "coverage_week",
    "aspects_week",
)
"""Those that say how many candidates there are around the item."""
FEATURES = NAMES_MATCH + ASPECTS_MATCH + IN_TITLE + PROXIMITY + QUERY + VOLUME
"""The features of first contact, in order."""
_FULL_COVERAGE, _FULL_ASPECTS = 0.99, 0.8
"""Name coverage and aspect level from which on they count as full."""
CERTAIN = 20.0
"""Log-odds of an item that is certain to belong, whatever the story is like."""
_FIRST_BITS = 0x5555_5555_5555_5555
"""The lower of the two bits of each segment in `Features.names_present`."""


class Contact(NamedTuple):
    """The outcome of first contact.

    `odds` are its log-odds, `match` is what the item's features add to the log-odds of the story's
    own model.
    """

    odds: float
    match: float


def match_features(scorer: Scorer, features: Features) -> tuple[float, ...]:
    """Return the features of first contact but those of VOLUME; `scorer` is that of the item."""
    coverage, aspects = scorer.coverage.of(features), features.aspect_level
    match = coverage * aspects
    present = features.names_present & _FIRST_BITS
    return (
        coverage,
        float(present.bit_count()),
        float(coverage >= _FULL_COVERAGE),
        float(features.all_names_in_title),
        aspects,
        features.explicit_level,
        float(aspects >= _FULL_ASPECTS),
        match,
        coverage * features.explicit_level,
        match * match,
        float(features.is_name_only),
        float(features.focus_in_title),
        float(features.aspect_in_title),
        features.evidence.proximity,
        float(features.is_domestic),
        *scorer.query_features,
    )


def volume_features(coverage: float, aspects: float, around: Surroundings) -> tuple[float, ...]:
    """Return the features of VOLUME of an item with this coverage and aspect level."""
    week, season, alike = around
    few, many, same = math.log1p(week.items), math.log1p(season.items), math.log1p(alike.items)
    return (
        few,
        many,
        week.share(week.titled),
        season.share(season.titled),
        week.share(week.matched),
        season.share(season.matched),
        same,
        alike.share(alike.matched),
        coverage * same,
        aspects * same,
        coverage * few,
        aspects * few,
    )


def count(
    counts: CandidateCounts,
    scorer: Scorer,
    candidates: Iterable[Features],
    counted: Iterable[bool] | None = None,
) -> list[tuple[float, ...]]:
    """Count candidates, oldest first, and return their features of first contact, in order.

    Those of a day are all counted before the first of them is measured: a verdict does not depend
    on which of them comes first. Those of which `counted` is true are only measured.
    """
    values = []
    known = zip(candidates, repeat(0) if counted is None else counted, strict=False)
    for _, day in groupby(known, key=lambda each: each[0].day):
        measured = []
        for features, is_counted in day:
            found = match_features(scorer.of(features), features)
            measured.append((features, found))
            if not is_counted:
                kind, match = _kind(features), found[_MATCH]
                counts.add(features.day, kind, in_title=features.aspect_in_title, match=match)
        values += [_with_volume(counts, features, found) for features, found in measured]
    return values


def measure(counts: CandidateCounts, scorer: Scorer, features: Features) -> tuple[float, ...]:
    """Return the features of first contact of an item that is counted already, or never is."""
    return _with_volume(counts, features, match_features(scorer.of(features), features))


def _with_volume(
    counts: CandidateCounts, features: Features, found: tuple[float, ...]
) -> tuple[float, ...]:
    around = counts.around(features.day, _kind(features))
    return found + volume_features(found[_COVERAGE], found[_ASPECTS], around)


def _kind(features: Features) -> int:
    """Return the kind of an item, as `CandidateCounts` has it."""
    return features.names_present << 1 | features.is_domestic


def contact(values: tuple[float, ...]) -> Contact:
    """Return the outcome for an item with these features.

    A query of names alone asks for all that is told of them: an item with all of them in the title
    is certain. The labelled stories have no such query.
    """
    if not values[_HAS_ASPECTS] and values[_FULL] and values[_TITLED]:
        return Contact(CERTAIN, 2.0 * CERTAIN)
    first, story = _regressions()
    return Contact(first.log_odds(values), story.log_odds(values))


@cache
def _regressions() -> tuple[LogisticRegression, LogisticRegression]:
    fitted = fitted_model()
    return (
        LogisticRegression.of(FEATURES, fitted.first_contact, fitted.first_intercept),
        LogisticRegression.of(FEATURES, fitted.query, 0.0),
    )


_COVERAGE, _ASPECTS, _MATCH = map(FEATURES.index, ("coverage", "aspects", "match"))
_HAS_ASPECTS, _FULL, _TITLED = map(
    FEATURES.index, ("has_aspects", "full_coverage", "focus_in_title")
)
