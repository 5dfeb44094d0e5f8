"""Similarity of pairs of reports by meaning, where a sentence encoder is installed."""

from __future__ import annotations

from operator import mul
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.events.fingerprint import Fingerprint

_KEPT = 4_000
"""The most vectors that are kept in memory; 2 kB each."""


class Encoder(Protocol):
    """Maps texts to vectors."""

    def encode(self, texts: list[str]) -> list[list[float]]:
        """Return a vector of length 1 for each text."""


class PairMeaning:
    """Measures how similar reports are by meaning; each text is encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        """Take the encoder, which is first used by `of_pairs`."""
        self._encoder = encoder
        self._vectors: dict[str, list[float]] = {}

    def of_pairs(
        self, pairs: Sequence[tuple[Fingerprint, Fingerprint]]
    ) -> list[tuple[float, float]]:
        """Return for each pair the cosines (-1..1) of its titles and of its openings."""
        texts = dict.fromkeys(text for pair in pairs for one in pair for text in one.texts)
        if len(self._vectors) > _KEPT:
            self._vectors.clear()
        new = [text for text in texts if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._encoder.encode(new), strict=True))
        vector = self._vectors
        return [
            (
                sum(map(mul, vector[one.texts[0]], vector[other.texts[0]])),
                sum(map(mul, vector[one.texts[1]], vector[other.texts[1]])),
            )
            for one, other in pairs
        ]
