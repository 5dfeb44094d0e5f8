"""Roles of query segments: focus, aspect, optional, background."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.query.model import (
    CONCEPT,
    HEAD_FIRST,
    NAME,
    WORD,
    consists_of,
    is_date_segment,
    is_office_segment,
    word_segment,
)
from tracker.stories.segmentation.concept_linking import restrict_to_name_kinds, without_concepts_of
from tracker.stories.text.tokenization import FIGURE, tokenize
from tracker.stories.text.wordlists import (
    appositions,
    arrivals,
    open_words,
    plain_words,
    prepositions,
    with_english,
    word_list,
)
from tracker.stories.understanding.expansion import (
    add_class_members,
    separate_related_names,
)
from tracker.stories.understanding.name_inference import (
    infer_acronyms,
    infer_focus,
    infer_leading_name,
    infer_lower_case_name,
    name_behind_given_names,
)

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


def assign_roles(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> tuple[QuerySegment, ...]:
    """Where no name makes the story, take the unknown words for names; else the context makes it.

    Words that affairs are told in are no names: "apps" beside "contact tracing". Beside another
    name, an acronym that the vocabulary does not know is a matter, not a name.
    """
    segments = _infer_names(segments, language, lexicon)
    subjects = [segment for segment in segments if segment.kind == NAME and not segment.background]
    if not subjects:
        segments = [
            replace(segment, background=False) if segment.kind == NAME else segment
            for segment in segments
        ]
    segments = _demote_acronyms(segments, subjects)
    open_to = _optional_words(segments, language, lexicon)
    nameless = not any(segment.kind == NAME for segment in segments)
    if nameless and len(segments) > 1:
        segments = list(map(_without_arrival, segments))
    segments = [
        replace(
            segment,
            optional=segment.optional
            or _is_optional(segment, open_to)
            or (nameless and is_office_segment(segment)),
        )
        for segment in segments
    ]
    segments = _mark_asides(segments, language, lexicon)
    segments = [
        without_concepts_of(segment, segments[n:], lexicon)
        for n, segment in enumerate(segments, start=1)
    ]
    segments = _restrict_to_names(segments, lexicon)
    segments = add_class_members(segments, language, lexicon)
    return tuple(separate_related_names(segment, segments, lexicon) for segment in segments)


def _infer_names(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Take for names those unknown words that the other segments leave no other role."""
    segments = name_behind_given_names(
        _demote_technologies(segments, language, lexicon), language, lexicon
    )
    named = any(segment.kind == NAME for segment in segments)
    typed = " ".join([segment.text for segment in segments])  # its first letter may be a sentence's
    if named and typed[1:] == typed[1:].lower():
        small = typed == typed.lower()
        segments = [
            infer_lower_case_name(segment, language, lexicon, small=small) for segment in segments
        ]
    if not named:
        segments = infer_leading_name(infer_acronyms(segments), lexicon)
    if not any(segment.kind == NAME for segment in segments):
        segments = [infer_focus(segment, segments, language, lexicon) for segment in segments]
    return segments


def begins_with_event(segment: QuerySegment, typed: tuple[Token, ...], language: str) -> bool:
    """Tell whether the first words of a query say what happens, and not to what.

    A preposition tells (shortage of fuel), and some languages begin with it: grève éboueurs. In
    English an adjective does (sick astronaut), in German what happens may stand
    before its genitive: Abschaffung Rente mit 63.
    """
    read = tokenize(segment.text, "")
    if language in _GENITIVE and read[-1].norm in word_list("happening"):
        return True
    if language == "en" and len(read) == 1 and read[0].norm in word_list("attributes"):
        return True
    if language in HEAD_FIRST:
        return len(read) <= _SHORT_AFFAIR
    behind = (read[-1], *typed[len(read) : len(read) + 1])
    return any(word.norm in prepositions(language) for word in behind)


_GENITIVE = frozenset({"de", "nl"})


def _restrict_to_names(segments: list[QuerySegment], lexicon: Lexicon) -> list[QuerySegment]:
    """Take each part for what may happen to the query's names, where it is known what they are."""
    kinds = {
        _name_kind(p, lexicon)
        for p in segments
        if p.kind == NAME and (p.entity or not p.background)
    }
    if kinds <= _NOTHING_HAPPENS_TO or "" in kinds:
        return segments
    return [
        restrict_to_name_kinds(segment, frozenset(kinds), lexicon)
        if segment.kind == CONCEPT
        else segment
        for segment in segments
    ]


_NOTHING_HAPPENS_TO = {"acronym", "technology"}
"""Kinds of names that are what an affair is told of beside others: airline layoffs of Covid."""


def _name_kind(segment: QuerySegment, lexicon: Lexicon) -> str:
    """Give what kind of name a part is; "" where nothing tells."""
    read = tokenize(segment.text, "")
    kind = lexicon.gazetteer.kind(segment.entity)
    if kind in {"", "company"} and any(word.shape == FIGURE for word in read):
        return "product"  # Boeing 737, Quuxphone 3
    if kind:
        return kind
    return "person" if len(read) > 1 and read[0].norm in word_list("given") else ""


def _demote_technologies(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Take a technology for a part of the affair, where something else tells that: AI training."""
    matters = [
        segment for segment in segments if lexicon.gazetteer.kind(segment.entity) == "technology"
    ]
    left_open = with_english(open_words, language) | with_english(appositions, language)
    if all(segment in matters or _is_optional(segment, left_open) for segment in segments):
        return segments
    return [
        replace(segment, kind=CONCEPT) if segment in matters else segment for segment in segments
    ]


def _demote_acronyms(
    segments: list[QuerySegment], subjects: list[QuerySegment]
) -> list[QuerySegment]:
    """Take an unknown acronym for a matter, and who decides for none, beside another name."""
    matters = [
        segment
        for segment in subjects
        if not segment.is_known
        and (is_office_segment(segment) or (segment.text.isupper() and segment.text.isalpha()))
    ]
    if len(matters) == len(subjects):
        return segments
    return [
        replace(
            word_segment(tokenize(segment.text, "en")[0]),
            text=segment.text,
            optional=is_office_segment(segment),
        )
        if segment in matters
        else segment
        for segment in segments
    ]


def _without_arrival(segment: QuerySegment) -> QuerySegment:
    """Take a part that asks when something comes out for a word, where no name is asked about."""
    if segment.is_required or word_list("of-named").isdisjoint(segment.concepts[:1]):
        return segment
    return replace(word_segment(*tokenize(segment.text, "")), text=segment.text, optional=True)


def _is_optional(segment: QuerySegment, listed: frozenset[str]) -> bool:
    """Tell whether a part leaves open what kind of affair it is; a date does, reports omit it."""
    return is_date_segment(segment) or consists_of(segment, listed)


def _mark_asides(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Leave open the words that tell no affair, where others tell the story.

    Plain words (decides, huge) say nothing beside anything that tells; what is common otherwise is
    said in other words beside two parts and more: Greta Thunberg sailing to Gaza. Without a name it
    may be what the story is about (mushroom murder trial), but for what means anybody.
    """
    nameless = not any(segment.kind == NAME for segment in segments)
    telling = [
        segment
        for segment in segments
        if not segment.optional
        and (segment.kind != WORD or segment.is_topic or (nameless and segment.is_known))
    ]
    named = any(segment.kind == NAME for segment in telling)
    enough = len(telling) >= _TELLING

    def is_aside(segment: QuerySegment) -> bool:
        if segment.kind != WORD or segment.is_topic or segment.is_required:
            return False
        if {word.stem for word in tokenize(segment.text, language)} <= plain_words(language):
            return bool(telling)
        if segment.text != segment.text.lower():
            return False
        if not (enough and named):
            return enough and segment.text in word_list("anybody")
        common = segment.text.isalpha() and lexicon.is_common(segment.text, language)
        return common and not is_an_alias(tokenize(segment.text, "")[0], lexicon.gazetteer)

    return [
        replace(segment, optional=True) if is_aside(segment) else segment for segment in segments
    ]


_TELLING = 2


def _optional_words(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> frozenset[str]:
    """Give the words, folded, that beside these names leave open what kind of affair it is.

    Of a name that is unknown, or of what people say the kind of, they may only say what it is that
    has it: the Robinhood app. A product's arrival is all that is told of the product.
    """
    named = [segment for segment in segments if segment.kind == NAME]
    listed = with_english(open_words, language)
    kinds = {
        lexicon.gazetteer.kind(segment.entity)
        for segment in named
        if segment.entity or not segment.is_known
    }
    if kinds & _DESCRIBED:
        listed |= with_english(appositions, language)
    kinds = {_name_kind(segment, lexicon) for segment in named}
    if kinds & _ARRIVING and kinds <= _ARRIVING | {"company"}:
        listed |= with_english(arrivals, language)
    return listed


_SHORT_AFFAIR = 2
"""Words up to which they do; the réforme des retraites is what a suspension happens to."""
_DESCRIBED = {"", "acronym", "company", "organisation", "product", "technology"}
_ARRIVING = {"", "product"}
"""Of what kind a name is whose arrival may be followed, beside its maker's; "" for unknown."""
