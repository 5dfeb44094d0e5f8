"""The probability that two reports of a story report the same development.

A logistic regression on a few features of a pair. Its weights are the table
data/event-weights.ini, fitted by benchmarks/quality/fit_events.py on labelled stories.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.resources import DATA, read_sections

if TYPE_CHECKING:
    from tracker.stories.events.fingerprint import Fingerprint

_INSTALLMENT_GAP = timedelta(hours=12)
"""The shortest time between two installments; figures change within a development, too."""
_SAME_TEMPLATE = 0.8
"""The lowest overlap of two titles that have one template."""
_FEWEST_WORDS = 2
"""The least number of words that an overlap is a share of."""


class PairFeatures(NamedTuple):
    """The features of two reports; cosines are of tf-idf vectors (0..1)."""

    cosine: float
    """Cosine of the words of two reports in one language; 0 in two languages."""
    fading_cosine: float
    """The cosine, in two languages of names, figures, dates and concepts, halved for each day."""
    across: float
    """1 if they are in two languages."""
    disjoint: float
    """1 if they share no term."""
    log_hours: float
    """log(1 + hours between them)."""
    days: float
    """Days between them."""
    same_outlet: float
    """1 if one outlet published both, unless it publishes most of the story."""
    shared_figure: float
    """1 if they have a number in common."""
    title_overlap: float
    """Share of the shorter title's words that the other title has; 0 in two languages."""


def pair_features(
    one: Fingerprint, other: Fingerprint, cosine: float, *, same_outlet: bool
) -> PairFeatures:
    """Return the features of two reports.

    `cosine` (0..1) is that of their terms in one language, else of their interlingual features.
    """
    hours = abs((one.published - other.published).total_seconds()) / 3600
    across = one.language != other.language
    return PairFeatures(
        0.0 if across else cosine,
        cosine * math.exp2(-hours / 24),
        float(across),
        float(cosine == 0.0),
        math.log1p(hours),
        hours / 24,
        float(same_outlet),
        float(not one.figures.isdisjoint(other.figures)),
        0.0 if across else _title_overlap(one, other),
    )


def are_installments(one: Fingerprint, other: Fingerprint) -> bool:
    """Return whether two reports are installments of a series: prices, case counts, results.

    Their titles have one template, each has a figure that the other lacks, and they are half a day
    or more apart. They never report the same development.
    """
    return bool(
        one.figures - other.figures
        and other.figures - one.figures
        and abs(one.published - other.published) >= _INSTALLMENT_GAP
        and one.language == other.language
        and _title_overlap(one, other) >= _SAME_TEMPLATE
    )


def _title_overlap(one: Fingerprint, other: Fingerprint) -> float:
    """Return the share (0..1) of the shorter title's words that the other title has."""
    fewest = min(len(one.title), len(other.title))
    return len(one.title & other.title) / max(_FEWEST_WORDS, fewest)


@dataclass(frozen=True, slots=True)
class PairModel:
    """The regression: weights in the order of `PairFeatures`, and a constant.

    `threshold` (0..1) is the lowest score at which a report joins an event.
    """

    weights: tuple[float, ...]
    constant: float
    threshold: float

    def probability(self, features: PairFeatures) -> float:
        """Return the chance (0..1) that two reports report the same development."""
        return 1.0 / (1.0 + math.exp(-self.constant - sum(map(mul, self.weights, features))))


@cache
def load_pair_model() -> PairModel:
    """Read the table that is shipped."""
    section = read_sections(DATA / "event-weights.ini")["pairs"]
    weights = tuple([float(section.get(name, "0")) for name in PairFeatures._fields])
    return PairModel(weights, float(section["constant"]), float(section["threshold"]))
