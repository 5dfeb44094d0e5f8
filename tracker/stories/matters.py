"""What a query tells at a place besides names: an affair, a thing, or a kind of things."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from tracker.stories.described import qualifies
from tracker.stories.meanings import concept_part, named_concepts
from tracker.stories.query.model import Part, plain
from tracker.stories.text.tokenization import CAPITAL, LOWER, UPPER, Word, stems_of
from tracker.stories.text.wordlists import name_words
from tracker.stories.things import found_in, thing, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.lexicon.dictionary import Entry
    from tracker.stories.lexicon.lexicon import Vocabulary


def told(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary
) -> tuple[int, Part | None]:
    """Find the longest affair at a place, or else the longest thing of the dictionary's.

    A longer thing is meant where a word of it does not name an affair: sala da ballo.
    """
    size, part = concept_part(run, place, language, vocabulary)
    if size <= 1 and qualifies(run, place, language, vocabulary):
        return 0, None
    kind = _kind(run, place, language, vocabulary)
    named = part is not None and bool(named_concepts(part))
    if part and named and kind > size:
        rest = run[place + size : place + kind]
        if _are_all(rest, name_words("makers")):  # a fast food chain is fast food
            return kind, replace(part, text=plain(*run[place : place + kind]).text)
        if _are_all(rest, name_words("programs")):  # a contact tracing app is a part of that
            kind = 0
        elif size >= _SEVERAL and _is_told_with(part, rest, language, vocabulary):
            return kind, replace(part, text=plain(*run[place : place + kind]).text)
    if not named or kind > size:
        longer = thing(run, place, language, vocabulary)
        if longer[0] > size and longer[0] >= kind:
            return longer
        if kind > size:
            return kind, replace(plain(*run[place : place + kind]), known=True)
    return size, part and translated(part, language, vocabulary)


def _is_told_with(
    part: Part, rest: tuple[Word, ...], language: str, vocabulary: Vocabulary
) -> bool:
    """Tell whether what a part names is told with words behind it as well: of offshore wind, farms.

    A low-cost airline is told of otherwise than low costs are.
    """
    forms = (form for each in named_concepts(part) for form in vocabulary.forms(each, language))
    return {word.stem for word in rest} <= {stem for form in forms for stem in form.key}


def _kind(run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary) -> int:
    """Give how many words at a place are a kind of things, if several; 0 for none."""
    shapes = (LOWER, UPPER, CAPITAL) if language == "de" else (LOWER, UPPER)
    small = tuple(takewhile(lambda word: word.shape in shapes, run[place:]))
    if len(small) < _SEVERAL:
        return 0
    if language == "en":
        size = vocabulary.kinds.begins(tuple([word.stem for word in small]))
    else:
        size, entries = found_in(small, language, vocabulary)
        size = size if any(map(vocabulary.kinds.of, _in_english(entries))) else 0
    return size if size >= _SEVERAL else 0


def _in_english(entries: tuple[Entry, ...]) -> Iterator[tuple[str, ...]]:
    """Give the English words for what the dictionary has, by their stems."""
    for written in (each for entry in entries for each in entry["en"]):
        yield stems_of(written, "en")


_SEVERAL = 2


def is_kind_of_it(
    run: tuple[Word, ...], place: int, size: int, language: str, vocabulary: Vocabulary
) -> bool:
    """Tell whether a name of so many words is the first of a kind: coffee [chain].

    In English only with who makes or sells it: an AI chip is a chip for AI.
    """
    rest = run[place + size : place + _kind(run, place, language, vocabulary)]
    return bool(rest) if language != "en" else _are_all(rest, name_words("makers"))


def _are_all(typed: tuple[Word, ...], listed: frozenset[str]) -> bool:
    """Tell whether words are all listed, which says nothing of none."""
    return bool(typed) and all(word.fold.removesuffix("s") in listed for word in typed)
