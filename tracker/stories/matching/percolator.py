"""Inverted index of stories (reverse search): which of many stories an item can match."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ADJACENT
from tracker.stories.text.stemming import stemmed, stemming
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import RunCache, ascii_word, run_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tracker.stories.text.documents import PreparedText
    from tracker.stories.text.tokenization import Token


class StoryIndex:
    """Finds the stories whose index terms an item contains.

    Most words are in no story, so items are not tokenized here: for each run of characters between
    spaces, the index caches which stories it matches, nearly always none.
    """

    def __init__(self, index_terms: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Build the index from story ids and their matchers' index terms."""
        alone: dict[str, list[int]] = {}
        pairs: dict[str, list[int]] = {}
        self._firsts, self._seconds = set[str](), set[str]()
        for story, terms in index_terms:
            for term in terms:
                first, _, second = term.partition(ADJACENT)
                if second:
                    self._firsts.add(first)
                    self._seconds.add(second)
                (pairs if second else alone).setdefault(first + second, []).append(story)
        self._stories = {term: tuple(found) for term, found in alone.items()}
        self._pairs = {joined: tuple(found) for joined, found in pairs.items()}
        sizes = range(1, _AFFIX_LENGTH + 1)
        self._prefixes = {term[:size] for term in alone for size in sizes}
        self._suffixes = {term[-size:] for term in alone for size in sizes}
        self._caches: dict[str, RunCache[_RunEntry | None]] = {}

    def __bool__(self) -> bool:
        """Return whether the index has any terms."""
        return bool(self._stories)

    def stories(self, found: PreparedText) -> set[int]:
        """Return the ids of the stories that have an index term in an item.

        A term is a token, a stem, or two adjacent tokens.
        """
        title, summary, language, address = found
        entries = self._cache_of(stemmed(language))
        anchored: set[int] = set()
        for field in (title, summary, address):
            before = ""
            for entry in map(entries.__getitem__, field.split()):
                if entry is None:
                    before = ""
                    continue
                stories, first, last = entry
                if stories:
                    anchored.update(stories)
                if before and first:
                    anchored.update(self._stories_of_pair(before + first))
                if entry is not _NO_TOKENS:
                    before = last
        return anchored

    def _stories_of_pair(self, joined: str) -> tuple[int, ...]:
        """Return the stories of two adjacent tokens, given joined."""
        return self._stories.get(joined, ()) + self._pairs.get(joined, ())

    def _cache_of(self, language: str) -> RunCache[_RunEntry | None]:
        found = self._caches.get(language)
        if found is None:
            split, stem = run_tokenizer(language), stemming(language)
            look_up = partial(self._lookup, split, stem, stop_words(language))
            found = self._caches[language] = RunCache(look_up, _CACHE_SIZE)
        return found

    def _lookup(
        self,
        split: Callable[[str], tuple[Token, ...]],
        stem: Callable[[str], str],
        functions: frozenset[str],
        run: str,
    ) -> _RunEntry | None:
        """Return the entry of a run, None if no story has a term in it."""
        stories = self._stories.get
        if first := ascii_word(run):
            found = stories(first, ())
            last, stemmed = first, stem(first)
            if stemmed != first:
                found += stories(stemmed, ())
        else:
            words = split(run)
            if not words:
                return _NO_TOKENS
            found, last, first = (), "", words[0].norm
            for _, norm, stemmed, _ in words:
                found += stories(norm, ())
                if stemmed != norm:
                    found += stories(stemmed, ())
                if last and self._may_end_pair(norm, functions):
                    found += self._stories_of_pair(last + norm)
                last = norm if self._may_start_pair(norm, functions) else ""
        first = first if self._may_end_pair(first, functions) else ""
        last = last if self._may_start_pair(last, functions) else ""
        return (found, first, last) if found or first or last else None

    def _may_start_pair(self, word: str, functions: frozenset[str]) -> bool:
        """Return whether a token can be the first of an indexed pair."""
        alone = word not in functions and word[:_AFFIX_LENGTH] in self._prefixes
        return alone or word in self._firsts

    def _may_end_pair(self, word: str, functions: frozenset[str]) -> bool:
        """Return whether a token can be the second of an indexed pair."""
        alone = word not in functions and word[-_AFFIX_LENGTH:] in self._suffixes
        return alone or word in self._seconds


_AFFIX_LENGTH = 6
"""Letters compared to test whether a token begins or ends a one-token term.

A function word does neither: "in Tel" is not Intel. Terms of two tokens are tested exactly."""
_RunEntry = tuple[tuple[int, ...], str, str]
"""Stories of a run; its first token if it can end a pair; its last if it can start one."""
_NO_TOKENS: _RunEntry = (), "", ""
"""The entry of a run without tokens, such as a dash: its neighbours are adjacent."""
_CACHE_SIZE = 1 << 17
"""The most runs cached for each language, at most some 15 MB."""
