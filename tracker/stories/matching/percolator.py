"""An inverted index of stories (reverse search): which of many an item may belong to."""

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
    """Finds the stories that an item may belong to, among many, by the words that they hang on.

    Most words are no story's, so that items are not split into words here: of each run of
    characters it is remembered what it means to any story, which is nearly always nothing.
    """

    def __init__(self, anchors: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Take each story's id with the `anchors` of its matcher, which need not be kept."""
        alone: dict[str, list[int]] = {}
        beside: dict[str, list[int]] = {}
        self._firsts, self._seconds = set[str](), set[str]()
        for story, some in anchors:
            for anchor in some:
                first, _, second = anchor.partition(ADJACENT)
                if second:
                    self._firsts.add(first)
                    self._seconds.add(second)
                (beside if second else alone).setdefault(first + second, []).append(story)
        self._stories = {anchor: tuple(found) for anchor, found in alone.items()}
        self._beside = {joined: tuple(found) for joined, found in beside.items()}
        sizes = range(1, _TOLD_BY + 1)
        self._begins = {anchor[:size] for anchor in alone for size in sizes}
        self._ends = {anchor[-size:] for anchor in alone for size in sizes}
        self._marks: dict[str, RunCache[_Mark | None]] = {}

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self._stories)

    def stories(self, found: PreparedText) -> set[int]:
        """Give the ids of the stories of which an item holds an anchor.

        That is a word, the stem of one, or two words side by side.
        """
        title, summary, language, address = found
        marks = self._marks_in(stemmed(language))
        anchored: set[int] = set()
        for field in (title, summary, address):
            before = ""
            for mark in map(marks.__getitem__, field.split()):
                if mark is None:
                    before = ""
                    continue
                stories, first, last = mark
                if stories:
                    anchored.update(stories)
                if before and first:
                    anchored.update(self._of_two(before + first))
                if mark is not _WORDLESS:
                    before = last
        return anchored

    def _of_two(self, joined: str) -> tuple[int, ...]:
        """Give the stories of two words that stand side by side, given as one."""
        return self._stories.get(joined, ()) + self._beside.get(joined, ())

    def _marks_in(self, language: str) -> RunCache[_Mark | None]:
        found = self._marks.get(language)
        if found is None:
            split, stem = run_tokenizer(language), stemming(language)
            look = partial(self._mark, split, stem, stop_words(language))
            found = self._marks[language] = RunCache(look, _MARKS_KEPT)
        return found

    def _mark(
        self,
        split: Callable[[str], tuple[Token, ...]],
        stem: Callable[[str], str],
        functions: frozenset[str],
        run: str,
    ) -> _Mark | None:
        """Look at the words of a run; None where they mean nothing to any story."""
        stories = self._stories.get
        if first := ascii_word(run):
            found = stories(first, ())
            last, stemmed = first, stem(first)
            if stemmed != first:
                found += stories(stemmed, ())
        else:
            words = split(run)
            if not words:
                return _WORDLESS
            found, last, first = (), "", words[0].norm
            for _, fold, stemmed, _ in words:
                found += stories(fold, ())
                if stemmed != fold:
                    found += stories(stemmed, ())
                if last and self._may_end(fold, functions):
                    found += self._of_two(last + fold)
                last = fold if self._may_begin(fold, functions) else ""
        first = first if self._may_end(first, functions) else ""
        last = last if self._may_begin(last, functions) else ""
        return (found, first, last) if found or first or last else None

    def _may_begin(self, word: str, functions: frozenset[str]) -> bool:
        """Tell whether a word may be the first of two that an anchor is."""
        alone = word not in functions and word[:_TOLD_BY] in self._begins
        return alone or word in self._firsts

    def _may_end(self, word: str, functions: frozenset[str]) -> bool:
        """Tell whether a word may be the second of two that an anchor is."""
        alone = word not in functions and word[-_TOLD_BY:] in self._ends
        return alone or word in self._seconds


_TOLD_BY = 6
"""By so many letters it is told which words may begin or end an anchor of one word; most do not.

Function words never do: in Tel Aviv is no Intel. What the two words of a name are is known."""
_Mark = tuple[tuple[int, ...], str, str]
"""The stories of a run's words; its first word if it may end an anchor, its last if begin one."""
_WORDLESS: _Mark = (), "", ""
"""A run without words, as a dash is: the words before and behind it are neighbours."""
_MARKS_KEPT = 1 << 17
"""Runs whose marks are remembered, for each language; some 15 MB of memory at the most."""
