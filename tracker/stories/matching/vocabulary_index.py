"""Inverted index of the stories' own words: which of many stories an item may be near to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tracker.stories.text.stemming import stemmed, stemming
from tracker.stories.text.tokenization import RunCache, ascii_word, run_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tracker.stories.text.documents import PreparedText
    from tracker.stories.text.tokenization import Token


_FEWEST = 2
"""Words of a story's vocabulary that an item has at the least."""
_LEAST_WEIGHT = 0.25
"""The least sum of their weights: the cosine is lower than half of it."""
_CACHE_SIZE = 1 << 16
"""The most runs cached for each language."""


class VocabularyIndex:
    """Finds the stories of whose vocabulary an item has some words, without tokenizing it."""

    def __init__(self, vocabularies: Iterable[tuple[int, Mapping[str, float]]]) -> None:
        """Build the index from story ids and their vocabularies, weights (0..1) by stem."""
        self._stories: dict[str, list[tuple[int, float]]] = {}
        for story, words in vocabularies:
            for stem, weight in words.items():
                self._stories.setdefault(stem, []).append((story, weight))
        self._caches: dict[str, RunCache[tuple[str, ...]]] = {}

    def stories(self, found: PreparedText) -> set[int]:
        """Return the ids of the stories that an item may be near to."""
        if not self._stories:
            return set()
        entries = self._cache_of(stemmed(found.language))
        stems = set[str]()
        for field in (found.title, found.summary):
            for run in field.split():
                stems.update(entries[run])
        shared: dict[int, tuple[int, float]] = {}
        for stem in stems:
            for story, weight in self._stories[stem]:
                count, total = shared.get(story, (0, 0.0))
                shared[story] = count + 1, total + weight
        return {
            story
            for story, (count, total) in shared.items()
            if count >= _FEWEST and total >= _LEAST_WEIGHT
        }

    def _cache_of(self, language: str) -> RunCache[tuple[str, ...]]:
        found = self._caches.get(language)
        if found is None:
            look_up = partial(self._stems_of, run_tokenizer(language), stemming(language))
            found = self._caches[language] = RunCache(look_up, _CACHE_SIZE)
        return found

    def _stems_of(
        self, split: Callable[[str], tuple[Token, ...]], stem: Callable[[str], str], run: str
    ) -> tuple[str, ...]:
        """Return the stems of a run that are in a vocabulary."""
        word = ascii_word(run)
        found = [stem(word)] if word else [token.stem for token in split(run)]
        return tuple([each for each in found if each in self._stories])
