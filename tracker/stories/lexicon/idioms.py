"""Fixed expressions in which a form does not denote its concept (data/idioms.ini).

For example: "strike a deal" is not a strike, "free trial" is not a trial.
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


GAP, ALTERNATIVE = "…", "/"
"""Marks in a listed phrase: a gap, and a separator of alternatives."""
_LONGEST_GAP = 4
"""A gap spans at most so many tokens."""
_LONGEST_LEAD = 8
"""A phrase begins at most so many tokens before the form that it contains."""
Phrase = tuple[str, ...]
"""The normalised tokens of a phrase, with `GAP` for a gap."""
Phrases = dict[str, list[Phrase]]
"""Phrases by their first token."""


class FixedExpressions:
    """The fixed expressions of each concept, read from a file at the first look-up."""

    def __init__(self, path: Path, concepts: Collection[str]) -> None:
        """Take the path of the file, which may be missing, and all concept ids."""
        self._path = path
        self._concepts = concepts
        self._by_concept: dict[tuple[str, str], Phrases] = {}

    def of(self, concept: str, language: str) -> Phrases:
        """Return the phrases of a language in which a concept is not denoted.

        Empty for most concepts. ConfigError for a malformed file.
        """
        key = concept, language
        phrases = self._by_concept.get(key)
        if phrases is None:
            phrases = self._by_concept[key] = _by_first_token(self._phrases(concept, language))
        return phrases

    def of_all(self, concepts: Iterable[str], language: str) -> Phrases:
        """Return the phrases that all of the concepts have in common."""
        return shared_phrases([self.of(concept, language) for concept in concepts])

    def _phrases(self, concept: str, language: str) -> Iterator[list[Phrase]]:
        for phrase in split_list(self._sections.get(concept, {}).get(language, "")):
            alternatives = list(_alternatives(phrase))
            if any(len(key) - key.count(GAP) < _SHORTEST_PHRASE for key in alternatives):
                problem = f"{phrase!r} has to have two words"
                raise ConfigError(self._path, problem, key=f"[{concept}] {language}")
            yield alternatives

    @cached_property
    def _sections(self) -> dict[str, dict[str, str]]:
        sections = read_sections(self._path) if self._path.exists() else {}
        for concept, lists in sections.items():
            if concept not in self._concepts:
                raise ConfigError(self._path, "there is no such concept", key=f"[{concept}]")
            for language in lists.keys() - SNOWBALL.keys():
                raise ConfigError(self._path, "is no language", key=f"[{concept}] {language}")
        return sections


_SHORTEST_PHRASE = 2
"""The least number of words in a phrase, gaps left out."""


def shared_phrases(lists: Sequence[Phrases]) -> Phrases:
    """Return the phrases that all given lists contain; none for no lists."""
    first, *rest = lists or [{}]
    return _by_first_token(
        [phrase for phrase in phrases if all(phrase in other.get(word, ()) for other in rest)]
        for word, phrases in first.items()
    )


def _by_first_token(several: Iterable[Iterable[Phrase]]) -> Phrases:
    found: Phrases = {}
    for phrases in several:
        for phrase in phrases:
            found.setdefault(phrase[0], []).append(phrase)
    return found


def _alternatives(phrase: str) -> Iterator[Phrase]:
    """Yield a phrase once for each combination of its alternatives."""
    for choice in product(*(word.split(ALTERNATIVE) for word in phrase.split())):
        norms_by_word = ((GAP,) if word == GAP else _norms(word) for word in choice)
        yield tuple(norm for norms in norms_by_word for norm in norms)


def _norms(text: str) -> Phrase:
    return tuple(word.norm for word in tokenize(text, ""))


class Place(NamedTuple):
    """The position of a matched form in a field.

    `start` is its first token, `size` the tokens that it spans, `own` how many of these it consists
    of.
    """

    start: int
    size: int
    own: int


def is_within_expression(
    tokens: Sequence[Token], place: Place, phrases: Phrases, typed: frozenset[str]
) -> bool:
    """Return whether a matched form is only a part of a fixed expression.

    An expression whose words were all `typed` (normalised) in the query does not count.
    """
    end = place.start + place.size
    return any(
        place.own < len(phrase) - phrase.count(GAP)
        and _end(tokens, start, phrase) >= end
        and not typed.issuperset(norm for norm in phrase if norm != GAP)
        for start in range(max(0, place.start - _LONGEST_LEAD), place.start + 1)
        for phrase in phrases.get(tokens[start].norm, ())
    )


def _end(tokens: Sequence[Token], place: int, phrase: Phrase) -> int:
    """Return the index after a phrase that begins at `place`.

    0 if the phrase does not match there.
    """
    at, gap = place + 1, 0
    for word in phrase[1:]:
        if word == GAP:
            gap = _LONGEST_GAP
            continue
        within = range(at, min(at + gap + 1, len(tokens)))
        found = next((n for n in within if tokens[n].norm == word), None)
        if found is None:
            return 0
        at, gap = found + 1, 0
    return at
