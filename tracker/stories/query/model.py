"""Query segments, and the interpretation of a query that they form."""

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
"""Languages with the head of a noun phrase first.

For example: "visa de travail", "grève éboueurs".
"""
YEAR = 4
"""Numbers of so many digits are years, not parts of a name."""


@dataclass(frozen=True, slots=True)
class QuerySegment:
    """A segment of a query: a name, a concept, a word or a phrase.

    text: the words as typed.
    kind: NAME, CONCEPT, WORD or PHRASE.
    forms: surface forms by language: the typed words and, for a name, its aliases.
    is_known: whether the lexicon has it.
    concepts, senses: the ids that it denotes, and the same with match levels.
    entity: the id of the entity that it names, "" for none.
    background: a name that does not identify the story.
    field: the field that it must match in, "" for any.
    is_required: whether every report must match it.
    implied: a name that another name of the query implies (Apple iPhone).
    is_person, is_place: the kind of a known name; a place may be a country.
    optional: a word that leaves the kind of affair open (fight).
    loose: the words of a phrase, each with its own sense or None; they may match in any order.
    is_event: the event that a head-first language names first (grève éboueurs).
    is_topic: no concept, but what identifies the story without a name (radioactive shrimp).
    is_many_sided: a known name that is in the news for many affairs (Paris, Google).
    namesakes: longer names of others, as tokens, in which the name stands.
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
    is_many_sided: bool = False
    namesakes: tuple[tuple[str, ...], ...] = ()


def focus(segments: Sequence[QuerySegment]) -> list[int]:
    """Return the indexes of the segments that identify the story: its names.

    A query without names has all segments but the event: the last one (for example: "offshore wind
    halt") or the one marked `is_event`. Dates, offices ("senate stablecoin bill") and optional
    words are left out. A single segment is both subject and event. A place alone does not identify
    a story: beside places the subject does, too ("milk" in "Germany milk price").
    """
    names = [n for n, segment in enumerate(segments) if segment.kind == NAME]
    candidates = [n for n, segment in enumerate(segments) if not is_date_segment(segment)]
    candidates = candidates or list(range(len(segments)))
    candidates = [n for n in candidates if not is_office_segment(segments[n])] or candidates
    if names:
        rest = [n for n in candidates if n not in names and not segments[n].optional]
        only_places = all(segments[n].is_place for n in names)
        return [*names, *_subjects(segments, rest)] if only_places else names
    last = candidates[-1]
    candidates = [n for n in candidates if n == last or not _is_optional_word(segments[n])]
    topics = [n for n in candidates if segments[n].is_topic]
    return topics or _subjects(segments, candidates) or [_event(segments, candidates)]


def _event(segments: Sequence[QuerySegment], numbers: Sequence[int]) -> int:
    """Return which of some segments is the event."""
    last = next((n for n in reversed(numbers) if not segments[n].entity), numbers[-1])
    return next((n for n in numbers if segments[n].is_event), last)


def _subjects(segments: Sequence[QuerySegment], numbers: Sequence[int]) -> list[int]:
    """Return some segments without their event and optional words."""
    event = _event(segments, numbers) if numbers else None
    return [n for n in numbers if n != event and not _is_optional_word(segments[n])]


def _is_optional_word(segment: QuerySegment) -> bool:
    return segment.optional and segment.kind == WORD


def majority_focus(segments: Sequence[QuerySegment]) -> list[int]:
    """Return the indexes of the segments of which a majority identifies the story.

    Empty for a query with a name or with fewer than three segments that are not optional.
    """
    candidates = [n for n, segment in enumerate(segments) if not segment.optional]
    has_name = any(segment.kind == NAME for segment in segments)
    return [] if has_name or len(candidates) < _FEWEST_FOR_MAJORITY else candidates


def anchor_segments(segments: Sequence[QuerySegment]) -> list[int]:
    """Return the indexes of the segments of which a candidate must match at least one.

    They are names where there are any: a report that leaves the country out is looked for at the
    country's own outlets alone, by the query without it.
    """
    if majority := majority_focus(segments):
        return majority
    identifying = focus(segments)
    names = [n for n in identifying if segments[n].kind == NAME] or identifying
    return [n for n in names if not segments[n].background] or list(range(len(segments)))


_FEWEST_FOR_MAJORITY = 3


def word_segment(*typed: Token) -> QuerySegment:
    """Return a segment of words that the lexicon does not have."""
    text = " ".join([word.text for word in typed])
    return QuerySegment(
        text, WORD, {ANY_LANGUAGE: (SurfaceForm(text, tuple([word.norm for word in typed])),)}
    )


def is_date_segment(segment: QuerySegment) -> bool:
    """Return whether a segment is a word of only years, months and seasons."""
    return segment.kind == WORD and all(map(is_date_token, tokenize(segment.text, "")))


def is_office_segment(segment: QuerySegment) -> bool:
    """Return whether a segment is an office or a body without a name. For example: senate."""
    return segment.kind != CONCEPT and segment.text.lower() in word_list("offices")


def consists_of(segment: QuerySegment, listed: frozenset[str]) -> bool:
    """Return whether a segment is a concept or word that a list contains completely."""
    if segment.kind not in {CONCEPT, WORD}:
        return False
    return {word.norm for word in tokenize(segment.text, "")} <= listed


def is_date_token(word: Token) -> bool:
    """Return whether a token is a year, a season or a month."""
    is_year = word.norm.isdecimal() and len(word.norm) == YEAR
    return is_year or word.norm in MONTHS or word.norm in word_list("seasons")


@dataclass(frozen=True, slots=True)
class QueryInterpretation:
    """The interpretation of a query: its segments, exclusions and limits.

    Where it names one country, `country` is that entity's id, and `domestic` the interpretation
    without it: outlets of that country leave the name out.
    """

    segments: tuple[QuerySegment, ...]
    excluded: tuple[QuerySegment, ...]
    limits: tuple[Clause, ...]
    country: str = ""
    domestic: QueryInterpretation | None = None
