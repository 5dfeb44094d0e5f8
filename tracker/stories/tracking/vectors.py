"""Items as unit vectors of tf-idf weights, by stem.

A term's frequency in an item is 1.0 in the title and SUMMARY_SHARE in the summary: news repeats its
words for style. The inverse document frequency is log((n + 1) / (df + 1)) + 1 over a sample of the
user's own items, with 0 for the terms of more than COMMON of them (Salton and Buckley, 1988,
"Term-weighting approaches in automatic text retrieval").
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from tracker.stories.text.documents import AnalyzedText


COMMON = 0.1
"""Share of the items from which on a term tells nothing."""
_COMMON_FROM = 200
"""Items from which on a term can be common: in fewer, one affair may be in a tenth."""
_KEPT_FROM = 2
"""Document frequency from which on a term is stored; others count as in one item."""

Vector = dict[str, float]
"""Weights by stem; their squares add up to 1, or it is empty."""


@dataclass(frozen=True, slots=True)
class DocumentFrequencies:
    """In how many of `sampled` items each stem is; a stem that is left out is in one."""

    sampled: int
    counts: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[AnalyzedText]) -> DocumentFrequencies:
        """Count the stems of some texts."""
        counts: dict[str, int] = {}
        sampled = 0
        for text in texts:
            sampled += 1
            for stem in text.learnable_terms.weights:
                counts[stem] = counts.get(stem, 0) + 1
        return cls(sampled, {stem: n for stem, n in counts.items() if n >= _KEPT_FROM})

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of a stem, 0.0 for a common one."""
        count = self.counts.get(stem, 1)
        if self.sampled >= _COMMON_FROM and count > COMMON * self.sampled:
            return 0.0
        return math.log((self.sampled + 1.0) / (count + 1.0)) + 1.0 if self.sampled else 1.0

    def vector(self, text: AnalyzedText) -> Vector:
        """Return a text as a vector."""
        weights = text.learnable_terms.weights
        found = {
            stem: weight * rarity
            for stem, weight in weights.items()
            if (rarity := self.rarity(stem))
        }
        length = math.hypot(*found.values()) or 1.0
        return {stem: weight / length for stem, weight in found.items()}


def without_stems(vector: Vector, stems: Container[str]) -> Vector:
    """Return a vector without some stems, again of length 1."""
    found = {stem: weight for stem, weight in vector.items() if stem not in stems}
    length = math.hypot(*found.values()) or 1.0
    return {stem: weight / length for stem, weight in found.items()}
