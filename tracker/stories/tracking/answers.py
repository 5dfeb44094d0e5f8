"""What the answers of a story's follower say of its other items.

The log-odds of the story's model are the mean of a Gaussian process, with the covariance
SHIFT² + WORDS² × cosine between two items: answers move all items a little, and those alike a lot.
Its mode given the answers is that of Gaussian process classification with a logistic likelihood
(Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, section 3.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.scoring.linear_model import probability
from tracker.stories.tracking.story_words import dot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.tracking.neighbourhood import Case


SHIFT, WORDS = 1.0, 4.0
"""Standard deviations of the log-odds: of what all items of a story share, and of their words.

docs/decisions/0027 has those that were compared.
"""
_SWEEPS, _STEPS = 30, 30
"""The most rounds over the answers, and the halvings within each."""
_CLOSE = 1e-3
"""Change of the weights in a round below which they are taken as found."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answered items, and by how much each of them moves the log-odds of an equal one."""

    cases: Sequence[Case]
    weights: Sequence[float]

    @classmethod
    def of(cls, cases: Sequence[Case], odds: Sequence[float]) -> Answers:
        """Weigh answered items (`Case.decided`), for which the model alone gives log-odds.

        The weight of an answer is its residual: how much it differs from the probability that all
        answers together give to its item. They are found one after the other, in rounds.
        """
        covariances = [[_covariance(one, other) for other in cases] for one in cases]
        weights, moves = [0.0] * len(cases), [0.0] * len(cases)
        for _ in range(_SWEEPS):
            largest = 0.0
            for n, case in enumerate(cases):
                own = covariances[n][n]
                others = odds[n] + moves[n] - own * weights[n]
                change = _residual(others, own, case.decided or 0.0) - weights[n]
                weights[n] += change
                largest = max(largest, abs(change))
                for other, covariance in enumerate(covariances[n]):
                    moves[other] += covariance * change
            if largest < _CLOSE:
                break
        return cls(cases, weights)

    def odds(self, case: Case) -> float:
        """Return the log-odds that the answers on other items add to those of a case."""
        return sum(
            [
                weight * _covariance(case, other)
                for other, weight in zip(self.cases, self.weights, strict=True)
                if other.item_id != case.item_id
            ]
        )


def _covariance(one: Case, other: Case) -> float:
    return SHIFT * SHIFT + WORDS * WORDS * dot(one.vector, other.vector)


def _residual(odds: float, own: float, answer: float) -> float:
    """Return r for which r = answer - probability(odds + own * r), by bisection."""
    low, high = answer - 1.0, answer
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        if middle < answer - probability(odds + own * middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
