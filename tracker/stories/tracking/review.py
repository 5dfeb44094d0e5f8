"""Active learning: which items a story's follower is asked about, and how much of it is found.

The item whose score is nearest to the threshold teaches most (uncertainty sampling: Lewis and Gale,
"A sequential algorithm for training text classifiers", SIGIR 1994). The number of reports is the
sum of the probabilities of all items that were judged; its range is fitted over labelled stories.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.resources import DATA

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


DOUBTFUL = 2.0
"""Log-odds (`Judgement.odds`), either sign, up to which an item is asked about."""
FEW_ERRORS = 0.04
"""Expected errors, as a share of a story's expected reports, below which nothing is asked."""
RANGES = DATA / "review-ranges.json"
"""Rows of answers, low, high: from that many answers on, the true number of reports is low to
high times the expected one in 80 % of the labelled stories (`benchmarks/quality/fit_review.py`).
"""


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many reports a story is expected to have, linked or not, and a range (80 %) for it.

    `found` of them are expected among its links. `errors` of its present links and of what it left
    out are expected to be wrong.
    """

    expected: float
    found: float
    low: float
    high: float
    errors: float


def completeness(
    odds: Mapping[int, float], chances: Mapping[int, float], said: Mapping[int, float]
) -> Completeness:
    """Estimate the reports of a story by all that was judged.

    `odds` and `chances` are those of `Judgement`, `said` the follower's answers, 1.0 or 0.0; all
    are by item id.
    """
    expected = found = errors = 0.0
    for item_id, value in odds.items():
        if item_id in said:
            expected += said[item_id]
            found += said[item_id]
        else:
            share = chances[item_id]
            expected += share
            found += share if value >= 0.0 else 0.0
            errors += 1.0 - share if value >= 0.0 else share
    accepted = sum(said.values())
    low, high = _range(len(said))
    least = max(accepted, low * (expected + 1.0) - 1.0)
    return Completeness(expected, found, least, high * (expected + 1.0) - 1.0, errors)


def questions(
    odds: Mapping[int, float], settled: Collection[int], found: Completeness
) -> list[int]:
    """Return the items to ask about, the one that teaches most first; empty if that is little.

    `settled` are those that were answered or skipped.
    """
    if found.errors < FEW_ERRORS * found.expected:
        return []
    return sorted(
        (each for each in odds if each not in settled and abs(odds[each]) <= DOUBTFUL),
        key=lambda each: (abs(odds[each]), -each),
    )


def _range(answers: int) -> tuple[float, float]:
    """Return the factors of the range after so many answers."""
    return next((low, high) for least, low, high in reversed(_ranges()) if answers >= least)


@cache
def _ranges() -> tuple[tuple[int, float, float], ...]:
    return tuple((int(n), low, high) for n, low, high in json.loads(RANGES.read_text("utf-8")))
