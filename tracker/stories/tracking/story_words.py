"""The words of a story: the sum of the vectors of its reports (Rocchio, 1971)."""

from __future__ import annotations

import math
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.stories.text.learnable import LearnableTerms
    from tracker.stories.tracking.vectors import Vector


MOST_WORDS = 300
"""The words that are kept, the strongest."""
STRONGEST = 30
"""The words that an item is compared with."""
_NAME_FROM = 0.5
"""Share of a word's reports that write it as a name, from which on it is one."""


class StoryWord(NamedTuple):
    """A word of a story: the sum of its weights in the reports, and how many these are.

    `first` is the day (an ordinal) of the first of them, `shown` the spelling, `named` the number
    of reports that write it as a name.
    """

    weight: float = 0.0
    reports: float = 0.0
    first: int = 0
    shown: str = ""
    named: float = 0.0

    @property
    def is_name(self) -> bool:
        """Whether it is mostly written as a name."""
        return self.named > _NAME_FROM * self.reports


class StoryWords:
    """The words of a story by stem; `mass` is the sum of the weights of its reports."""

    def __init__(self, words: Mapping[str, StoryWord] | None = None, mass: float = 0.0) -> None:
        self.words = dict(words or {})
        self.mass = mass

    def copy(self) -> StoryWords:
        """Return a copy that can be changed by itself."""
        return StoryWords(self.words, self.mass)

    def add(self, vector: Vector, weight: float, day: int, terms: LearnableTerms) -> None:
        """Add a report of a day (an ordinal) with a weight (0..1)."""
        words, names, shown = self.words, terms.names, terms.shown
        for stem, share in vector.items():
            known = words.get(stem)
            named = weight if stem in names else 0.0
            words[stem] = (
                StoryWord(
                    known[0] + weight * share,
                    known[1] + weight,
                    min(known[2], day),
                    known[3],
                    known[4] + named,
                )
                if known
                else StoryWord(weight * share, weight, day, shown.get(stem, stem), named)
            )
        self.mass += weight
        if len(words) > 2 * MOST_WORDS:
            self.prune()

    def prune(self) -> None:
        """Forget all but the strongest words."""
        if len(self.words) > MOST_WORDS:
            kept = nlargest(MOST_WORDS, self.words.items(), key=lambda pair: (pair[1], pair[0]))
            self.words = dict(kept)

    def strongest(self, most: int = STRONGEST) -> dict[str, float]:
        """Return the weights of the strongest words by stem, not scaled."""
        found = nlargest(most, [(word[0], stem) for stem, word in self.words.items()])
        return {stem: weight for weight, stem in found}


def scaled(weights: Mapping[str, float]) -> Vector:
    """Return weights as a unit vector, empty if none is above 0."""
    length = math.hypot(*weights.values())
    return {stem: weight / length for stem, weight in weights.items()} if length else {}


def without(weights: Mapping[str, float], vector: Vector, weight: float) -> dict[str, float]:
    """Return the weights of words without a report of a weight that is among them."""
    return {
        stem: max(0.0, total - weight * vector.get(stem, 0.0)) for stem, total in weights.items()
    }


def dot(vector: Vector, other: Mapping[str, float]) -> float:
    """Return the inner product of two vectors; the cosine, if both are unit vectors."""
    return sum([weight * other[stem] for stem, weight in vector.items() if stem in other])


def shared(vector: Vector, stems: Iterable[str]) -> int:
    """Return how many of some stems a vector has."""
    return sum([stem in vector for stem in stems])
