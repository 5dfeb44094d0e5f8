"""Set phrases with a word of an affair that tell nothing of it (data/idioms.ini).

Who strikes a deal is on no strike, a free trial is held in no court, a heart attack is no attack.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import ConfigError
from tracker.stories.resources import read_sections, split_list
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from tracker.stories.text.tokenization import Token


OPEN, OR = "…", "/"
"""What stands in a listed phrase where other words may stand (strikes … deal), and what parts words
of which either does: takes/took over as."""
_BETWEEN = 4
"""So many other words at most may stand there."""
_LONGEST = 8
"""So many words before a form a phrase may begin at most that it is a part of."""
Phrase = tuple[str, ...]
"""The folded words of a phrase, with `OPEN` where others may stand."""
Phrases = dict[str, list[Phrase]]
"""Phrases by their first words."""


class FixedExpressions:
    """Reads its file once a concept is asked for; without it there are no idioms."""

    def __init__(self, path: Path, concepts: Collection[str]) -> None:
        """Take the file, of a section a concept, and the ids of all concepts."""
        self._path = path
        self._concepts = concepts
        self._found: dict[tuple[str, str], Phrases] = {}

    def of(self, concept: str, language: str) -> Phrases:
        """Give the phrases that tell nothing of a concept in a language; none for most.

        ConfigError where the file is out of form.
        """
        key = concept, language
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = _by_first(self._phrases(concept, language))
        return found

    def of_all(self, concepts: Iterable[str], language: str) -> Phrases:
        """Give the phrases that tell nothing of any of some concepts."""
        return shared_phrases([self.of(concept, language) for concept in concepts])

    def _phrases(self, concept: str, language: str) -> Iterator[list[Phrase]]:
        for phrase in split_list(self._sections.get(concept, {}).get(language, "")):
            found = list(_spelled_out(phrase))
            if any(len(key) - key.count(OPEN) < _TWO for key in found):
                problem = f"{phrase!r} has to have two words"
                raise ConfigError(self._path, problem, key=f"[{concept}] {language}")
            yield found

    @cached_property
    def _sections(self) -> dict[str, dict[str, str]]:
        found = read_sections(self._path) if self._path.exists() else {}
        for concept, lists in found.items():
            if concept not in self._concepts:
                raise ConfigError(self._path, "there is no such concept", key=f"[{concept}]")
            for language in lists.keys() - SNOWBALL.keys():
                raise ConfigError(self._path, "is no language", key=f"[{concept}] {language}")
        return found


_TWO = 2


def shared_phrases(lists: Sequence[Phrases]) -> Phrases:
    """Give the phrases that all of some have; none of none."""
    first, *rest = lists or [{}]
    return _by_first(
        [phrase for phrase in phrases if all(phrase in each.get(word, ()) for each in rest)]
        for word, phrases in first.items()
    )


def _by_first(several: Iterable[Iterable[Phrase]]) -> Phrases:
    found: Phrases = {}
    for phrases in several:
        for phrase in phrases:
            found.setdefault(phrase[0], []).append(phrase)
    return found


def _spelled_out(phrase: str) -> Iterator[Phrase]:
    """Give a phrase with each of its alternatives: takes/took over as."""
    for choice in product(*(word.split(OR) for word in phrase.split())):
        read = ((OPEN,) if word == OPEN else _folds(word) for word in choice)
        yield tuple(fold for folds in read for fold in folds)


def _folds(text: str) -> Phrase:
    return tuple(word.norm for word in tokenize(text, ""))


class Place(NamedTuple):
    """Where a form stands in a field: at which word, over how many, and how many are its own."""

    start: int
    size: int
    own: int


def is_within_expression(
    read: Sequence[Token], place: Place, phrases: Phrases, typed: frozenset[str]
) -> bool:
    """Tell whether a form is but a part of a phrase: who strikes a deal makes no strike deal.

    What is `typed` (folded words) is meant: who asks for the free trial of Quux gets it.
    """
    end = place.start + place.size
    return any(
        place.own < len(phrase) - phrase.count(OPEN)
        and _end(read, start, phrase) >= end
        and not typed.issuperset(fold for fold in phrase if fold != OPEN)
        for start in range(max(0, place.start - _LONGEST), place.start + 1)
        for phrase in phrases.get(read[start].norm, ())
    )


def _end(read: Sequence[Token], place: int, phrase: Phrase) -> int:
    """Give where a phrase ends that begins at a place; 0 where it does not stand there."""
    at, reach = place + 1, 0
    for word in phrase[1:]:
        if word == OPEN:
            reach = _BETWEEN
            continue
        within = range(at, min(at + reach + 1, len(read)))
        found = next((n for n in within if read[n].norm == word), None)
        if found is None:
            return 0
        at, reach = found + 1, 0
    return at
