"""Estimators: log-odds, shrinkage towards a prior, and the strongest of some worths."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def log_odds(share: float) -> float:
    """Give ln(p / (1 - p)); `share` lies strictly between 0 and 1."""
    return math.log(share / (1.0 - share))


def shrunk(on: float, off: float, prior: float, strength: float) -> float:
    """Estimate a share from counts, drawn towards a prior as by `strength` examples of it."""
    return (on + strength * prior) / (on + off + strength)


def strongest(weights: Iterable[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """Give the weights that say most, for or against."""
    return sorted(weights, key=lambda pair: -abs(pair[1]))[:most]


def probability(odds: float) -> float:
    """Give the chance (0..1) of log-odds."""
    return 1.0 / (1.0 + math.exp(-odds))
