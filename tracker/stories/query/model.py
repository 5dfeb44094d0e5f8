"""Query segments, and the interpretation that they make together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.text.quantities import MONTHS
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.concepts import WeightedConcepts
    from tracker.stories.query.syntax import Clause
    from tracker.stories.text.tokenization import Token


NAME, CONCEPT, WORD, PHRASE = "name", "concept", "word", "phrase"
HEAD_FIRST = frozenset({"es", "fr", "it", "pt"})
"""Languages that say first what it is or what happens: visa de travail, grève éboueurs."""
YEAR = 4
"""Figures of so many are the year of an affair, not a part of a name."""


@dataclass(frozen=True, slots=True)
class QuerySegment:
    """One part of a query: `forms` are the words as typed and, of a name, what else it is called.

    `known` is whether the vocabulary has it; `concepts` are the ids of its concepts, and `senses`
    what they stand for; `context` is true for a name that does not make a story; `bound` for one
    that the query names together with what belongs to it anyway (Apple iPhone); `open` for a word
    that leaves open what kind of affair it is (fight). `person` and `place` are for what the
    vocabulary has as one, a country among the places. `apart` are the words of a phrase, each with
    what it means by itself, if the vocabulary knows it: they may stand in another order. `happens`
    is for what is typed first in a language that says so what happens (grève éboueurs), and `thing`
    for what tells no affair and so makes the story where no name does: radioactive shrimp.
    """

    text: str
    kind: str
    forms: dict[str, tuple[SurfaceForm, ...]]
    is_known: bool = False
    concepts: tuple[str, ...] = ()
    entity: str = ""
    senses: tuple[WeightedConcepts, ...] = ()
    background: bool = False
    field: str = ""
    is_required: bool = False
    implied: bool = False
    is_person: bool = False
    is_place: bool = False
    optional: bool = False
    loose: tuple[tuple[str, WeightedConcepts | None], ...] = ()
    is_event: bool = False
    is_topic: bool = False


def focus(segments: Sequence[QuerySegment]) -> list[int]:
    """Give the numbers of the parts that make a story: its names.

    In a query without any they are all but the last, as that one says what happens in the short way
    of headlines (offshore wind halt), or the first, where it `happens`. A technology says of none
    what happens to it: ban on AI. One alone is both. Dates make no story (solar eclipse 2026), nor
    does who decides on it (senate stablecoin bill), nor what is open: troops in cities.
    """
    names = [number for number, segment in enumerate(segments) if segment.kind == NAME]
    told = [number for number, segment in enumerate(segments) if not is_date_segment(segment)]
    told = told or list(range(len(segments)))
    told = [number for number in told if not is_office_segment(segments[number])] or told
    told = [
        n for n in told if n == told[-1] or not (segments[n].optional and segments[n].kind == WORD)
    ]
    things = [number for number in told if segments[number].is_topic]
    if names or things or len(told) == 1:
        return names or things or told
    last = next((number for number in reversed(told) if not segments[number].entity), told[-1])
    happens = next((number for number in told if segments[number].is_event), last)
    rest = [
        n for n in told if n != happens and not (segments[n].optional and segments[n].kind == WORD)
    ]
    return rest or [happens]


def majority_focus(segments: Sequence[QuerySegment]) -> list[int]:
    """Give the numbers of the parts of which most make the story, of a query of three and more.

    None where it has a name. "Bankeinbruch Tresorraum Millionenbeute" is told without the loot.
    """
    told = [number for number, segment in enumerate(segments) if not segment.optional]
    named = any(segment.kind == NAME for segment in segments)
    return [] if named or len(told) < _SEVERAL else told


def anchor_segments(segments: Sequence[QuerySegment]) -> list[int]:
    """Give the numbers of the parts of which a candidate shows at least one."""
    if most := majority_focus(segments):
        return most
    return [n for n in focus(segments) if not segments[n].background] or list(range(len(segments)))


_SEVERAL = 3


def word_segment(*typed: Token) -> QuerySegment:
    """Make a part of words that the vocabulary does not know."""
    text = " ".join([word.text for word in typed])
    return QuerySegment(
        text, WORD, {ANY_LANGUAGE: (SurfaceForm(text, tuple([word.norm for word in typed])),)}
    )


def is_date_segment(segment: QuerySegment) -> bool:
    """Tell whether a word of a query is a year, a season or a month, and no name."""
    return segment.kind == WORD and all(map(is_date_token, tokenize(segment.text, "")))


def is_office_segment(segment: QuerySegment) -> bool:
    """Tell whether a word of a query is who decides, whoever's it is: senate, the Texas House."""
    return segment.kind != CONCEPT and segment.text.lower() in word_list("offices")


def consists_of(segment: QuerySegment, listed: frozenset[str]) -> bool:
    """Tell whether all words of a part that is no name are among some, given folded."""
    if segment.kind not in {CONCEPT, WORD}:
        return False
    return {word.norm for word in tokenize(segment.text, "")} <= listed


def is_date_token(word: Token) -> bool:
    """Tell whether a token is a year, a season or a month."""
    year = word.norm.isdecimal() and len(word.norm) == YEAR
    return year or word.norm in MONTHS or word.norm in word_list("seasons")


@dataclass(frozen=True, slots=True)
class QueryInterpretation:
    """A query's parts, what must not be there, and the clauses that set hard limits.

    Where it names one country, `country` is its entity, and `at_home` how the query is understood
    without it, as for reports of that country's outlets, which leave the name out.
    """

    segments: tuple[QuerySegment, ...]
    excluded: tuple[QuerySegment, ...]
    limits: tuple[Clause, ...]
    country: str = ""
    domestic: QueryInterpretation | None = None
