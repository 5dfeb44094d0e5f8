"""Estimators: log-odds, shrinkage towards a prior, and the selection of the strongest weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def log_odds(share: float) -> float:
    """Return ln(p / (1 - p)) of a share strictly between 0 and 1."""
    return math.log(share / (1.0 - share))


def shrunk(on: float, off: float, prior: float, strength: float) -> float:
    """Return the posterior mean of a share: (on + strength × prior) / (on + off + strength).

    The prior is a beta distribution with `prior` as its mean, worth `strength` examples.
    """
    return (on + strength * prior) / (on + off + strength)


def strongest(weights: Iterable[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """Return the `most` weights with the largest absolute values."""
    return sorted(weights, key=lambda pair: -abs(pair[1]))[:most]


def probability(odds: float) -> float:
    """Return 1 / (1 + exp(-odds)), the probability (0..1) of log-odds."""
    return 1.0 / (1.0 + math.exp(-odds))
