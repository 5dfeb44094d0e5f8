"""The two logistic regressions of the scoring model, with their fitted weights.

`benchmarks/quality/fit_story.py` fits both over labelled stories and writes the file.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.resources import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


FILE = DATA / "story-weights.json"
"""The file of the fitted weights."""


@dataclass(frozen=True, slots=True)
class LogisticRegression:
    """A logistic regression: the log-odds are `intercept` plus the sum of weights × features."""

    intercept: float
    weights: tuple[float, ...]

    @classmethod
    def of(
        cls, names: Sequence[str], weights: Mapping[str, float], intercept: float
    ) -> LogisticRegression:
        """Put weights in the order of the features; a feature without a weight counts 0."""
        return cls(intercept, tuple(weights.get(name, 0.0) for name in names))

    def log_odds(self, values: Sequence[float]) -> float:
        """Return the log-odds of an item with these features, in the order of the weights."""
        return self.intercept + sum(
            [weight * value for weight, value in zip(self.weights, values, strict=True)]
        )


@dataclass(frozen=True, slots=True)
class FittedModel:
    """The fitted weights by feature, as they are stored.

    `first_contact` are those of the first regression, `query` and `story` those of the second one:
    for the features of first contact, and for what the story knows. `threshold` is the probability
    (0..1) from which on an item is linked, `young_threshold` that of a story with few reports.
    """

    first_intercept: float
    first_contact: Mapping[str, float]
    story_intercept: float
    query: Mapping[str, float]
    story: Mapping[str, float]
    threshold: float
    young_threshold: float

    @classmethod
    def read(cls, path: Path) -> FittedModel:
        """Read a file of fitted weights."""
        return cls(**json.loads(path.read_text("utf-8")))


@cache
def fitted_model() -> FittedModel:
    """Return the fitted weights that tracker comes with."""
    return FittedModel.read(FILE)


def log_odds(share: float) -> float:
    """Return ln(p / (1 - p)) of a share strictly between 0 and 1."""
    return math.log(share / (1.0 - share))


def probability(odds: float) -> float:
    """Return 1 / (1 + exp(-odds)), the probability (0..1) of log-odds."""
    return 1.0 / (1.0 + math.exp(-odds)) if odds > -_MOST else 0.0


_MOST = 700.0
"""Log-odds beyond which exp() overflows."""
