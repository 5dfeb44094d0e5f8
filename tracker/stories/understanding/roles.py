"""Roles of query segments: focus, aspect, optional, background.

The focus is what the story is about: the names, or without names the topics. Aspects are the
concepts that say what happens. Optional segments need not occur in a report. Background names only
give the context.

Input: the segments of a query. Output: the segments with their roles and expansions. The passes of
`assign_roles`, in order:

1. Infer names (`_infer_names`).
2. If all names are background, make them the focus.
3. Turn unknown acronyms and offices beside another name into words.
4. Without names, turn words for an arrival ("release date") into optional words.
5. Mark generic words, dates and offices optional, then common words.
6. Resolve ambiguity: drop concepts that a later segment denotes too, and those that do not apply to
   the kinds of the names.
7. Expand: class members, related names.

`begins_with_event` is used by the pipeline afterwards.
"""

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
    add_namesakes,
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
    """Assign the roles of segments and expand them; the module docstring lists the passes."""
    segments = _infer_names(segments, language, lexicon)
    subjects = [segment for segment in segments if segment.kind == NAME and not segment.background]
    if not subjects:
        segments = [
            replace(segment, background=False) if segment.kind == NAME else segment
            for segment in segments
        ]
    segments = _demote_acronyms(segments, subjects)
    generic = _optional_words(segments, language, lexicon)
    nameless = not any(segment.kind == NAME for segment in segments)
    if nameless and len(segments) > 1:
        segments = list(map(_demote_arrival, segments))
    segments = [
        replace(
            segment,
            optional=segment.optional
            or _is_generic(segment, generic)
            or (nameless and is_office_segment(segment)),
        )
        for segment in segments
    ]
    segments = _mark_common_words(segments, language, lexicon)
    segments = [
        without_concepts_of(segment, segments[n:], lexicon)
        for n, segment in enumerate(segments, start=1)
    ]
    segments = _restrict_concepts(segments, lexicon)
    segments = add_class_members(segments, language, lexicon)
    segments = [separate_related_names(segment, segments, lexicon) for segment in segments]
    return tuple([_mark_many_sided(add_namesakes(each, lexicon), lexicon) for each in segments])


def _mark_many_sided(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Mark a name that may be that of a place or a giant, but is not surely (Washington)."""
    if segment.kind != NAME or segment.entity:
        return segment
    typed = tuple([word.norm for word in tokenize(segment.text, "")])
    if not typed:  # signs alone
        return segment
    names = lexicon.gazetteer
    found = [entity for form, entity in names.starting(typed[0]) if form.tokens == typed]
    return replace(segment, is_many_sided=any(map(names.is_many_sided, found)))


def _infer_names(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Turn unknown words into names, where the other segments leave no other role."""
    segments = name_behind_given_names(
        _demote_technologies(segments, language, lexicon), language, lexicon
    )
    has_name = any(segment.kind == NAME for segment in segments)
    typed = " ".join([segment.text for segment in segments])
    if has_name and typed[1:] == typed[1:].lower():
        lower_case = typed == typed.lower()
        segments = [
            infer_lower_case_name(segment, language, lexicon, all_lower_case=lower_case)
            for segment in segments
        ]
    if not has_name:
        segments = infer_leading_name(infer_acronyms(segments), lexicon)
    if not any(segment.kind == NAME for segment in segments):
        segments = [infer_focus(segment, segments, language, lexicon) for segment in segments]
    return segments


def begins_with_event(segment: QuerySegment, typed: tuple[Token, ...], language: str) -> bool:
    """Return whether the first words of a query say what happens, and not to what.

    `typed` are the tokens from this segment on. The signs differ by language:

    - a preposition follows: "shortage of fuel";
    - the head comes first (Spanish, French, Italian, Portuguese), in a segment of at most two
      tokens: "grève éboueurs";
    - in English, an adjective: "sick astronaut", "contaminated water";
    - in German and Dutch, a listed event noun before a genitive: "Abschaffung Rente mit 63".
    """
    tokens = tokenize(segment.text, "")
    if language in _EVENT_BEFORE_GENITIVE and tokens[-1].norm in word_list("happening"):
        return True
    if language == "en" and len(tokens) == 1 and tokens[0].norm in word_list("attributes"):
        return True
    if language in HEAD_FIRST:
        return len(tokens) <= _LONGEST_LEADING_EVENT
    following = (tokens[-1], *typed[len(tokens) : len(tokens) + 1])
    return any(word.norm in prepositions(language) for word in following)


_EVENT_BEFORE_GENITIVE = frozenset({"de", "nl"})
"""Languages in which an event noun may stand before its genitive."""


def _restrict_concepts(segments: list[QuerySegment], lexicon: Lexicon) -> list[QuerySegment]:
    """Drop concepts that do not apply to the kinds of the query's names.

    Nothing is dropped where the kind of a name is unknown.
    """
    kinds = {
        _name_kind(p, lexicon)
        for p in segments
        if p.kind == NAME and (p.entity or not p.background)
    }
    if kinds <= _KINDS_WITHOUT_EVENTS or "" in kinds:
        return segments
    return [
        restrict_to_name_kinds(segment, frozenset(kinds), lexicon)
        if segment.kind == CONCEPT
        else segment
        for segment in segments
    ]


_KINDS_WITHOUT_EVENTS = {"acronym", "technology"}
"""Kinds of names that give the context only: "Covid" in "airline layoffs Covid"."""


def _name_kind(segment: QuerySegment, lexicon: Lexicon) -> str:
    """Return the kind of a name segment; "" where it is unknown.

    A company or an unknown name with a figure is a product ("Boeing 737"); an unknown name that
    begins with a given name is a person.
    """
    tokens = tokenize(segment.text, "")
    kind = lexicon.gazetteer.kind(segment.entity)
    if kind in {"", "company"} and any(word.shape == FIGURE for word in tokens):
        return "product"  # for example: "Boeing 737", "Quuxphone 3"
    if kind:
        return kind
    return "person" if len(tokens) > 1 and tokens[0].norm in word_list("given") else ""


def _demote_technologies(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Turn technologies into concepts, if another segment is specific: "AI training"."""
    technologies = [
        segment for segment in segments if lexicon.gazetteer.kind(segment.entity) == "technology"
    ]
    generic = with_english(open_words, language) | with_english(appositions, language)
    if all(segment in technologies or _is_generic(segment, generic) for segment in segments):
        return segments
    return [
        replace(segment, kind=CONCEPT) if segment in technologies else segment
        for segment in segments
    ]


def _demote_acronyms(
    segments: list[QuerySegment], subjects: list[QuerySegment]
) -> list[QuerySegment]:
    """Turn unknown acronyms and offices into words, if another name is left.

    An office becomes an optional word. `subjects` are the names that are not background.
    """
    demoted = [
        segment
        for segment in subjects
        if not segment.is_known
        and (is_office_segment(segment) or (segment.text.isupper() and segment.text.isalpha()))
    ]
    if len(demoted) == len(subjects):
        return segments
    return [
        replace(
            word_segment(tokenize(segment.text, "en")[0]),
            text=segment.text,
            optional=is_office_segment(segment),
        )
        if segment in demoted
        else segment
        for segment in segments
    ]


def _demote_arrival(segment: QuerySegment) -> QuerySegment:
    """Turn a segment that asks for a release date into an optional word.

    Used in a query without names.
    """
    if segment.is_required or word_list("of-named").isdisjoint(segment.concepts[:1]):
        return segment
    return replace(word_segment(*tokenize(segment.text, "")), text=segment.text, optional=True)


def _is_generic(segment: QuerySegment, listed: frozenset[str]) -> bool:
    """Return whether a segment is a date, or consists of generic words.

    Generic words (`listed`) do not say what kind of event it is, and reports omit dates.
    """
    return is_date_segment(segment) or consists_of(segment, listed)


def _mark_common_words(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Mark words optional that reports phrase differently or leave out.

    Plain words ("decides", "huge") are optional beside any informative segment. Other common words
    are optional beside a name and a second informative segment; for example: "sailing" in "Greta
    Thunberg sailing to Gaza". A place does not identify an affair: not every price in Germany is
    that of "Germany milk price". Without a name a common word may be the topic ("mushroom murder
    trial"), except for words for people or places in general.
    """
    nameless = not any(segment.kind == NAME for segment in segments)
    informative = [
        segment
        for segment in segments
        if not segment.optional
        and (segment.kind != WORD or segment.is_topic or (nameless and segment.is_known))
    ]
    has_name = any(segment.kind == NAME and not segment.is_place for segment in informative)
    enough = len(informative) >= _ENOUGH_SEGMENTS

    def is_optional(segment: QuerySegment) -> bool:
        """Return whether a segment is such a word."""
        if segment.kind != WORD or segment.is_topic or segment.is_required:
            return False
        if {word.stem for word in tokenize(segment.text, language)} <= plain_words(language):
            return bool(informative)
        if segment.text != segment.text.lower():
            return False
        if not (enough and has_name):
            return enough and segment.text in word_list("anybody") | word_list("anywhere")
        common = segment.text.isalpha() and lexicon.is_common(segment.text, language)
        return common and not is_an_alias(tokenize(segment.text, "")[0], lexicon.gazetteer)

    return [
        replace(segment, optional=True) if is_optional(segment) else segment for segment in segments
    ]


_ENOUGH_SEGMENTS = 2
"""The fewest informative segments beside which a common word is optional."""


def _optional_words(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> frozenset[str]:
    """Return the normalised words that are optional beside the names of this query.

    They are the generic words, also in English. Beside an unknown name, a company or a product,
    appositions are added ("app" in "Robinhood app"). Beside a product without names of other kinds,
    words for its arrival are added, because they match all reports on the product.
    """
    names = [segment for segment in segments if segment.kind == NAME]
    optional = with_english(open_words, language)
    kinds = {
        lexicon.gazetteer.kind(segment.entity)
        for segment in names
        if segment.entity or not segment.is_known
    }
    if kinds & _KINDS_WITH_APPOSITIONS:
        optional |= with_english(appositions, language)
    kinds = {_name_kind(segment, lexicon) for segment in names}
    if kinds & _KINDS_WITH_ARRIVALS and kinds <= _KINDS_WITH_ARRIVALS | {"company"}:
        optional |= with_english(arrivals, language)
    return optional


_LONGEST_LEADING_EVENT = 2
"""The most tokens of a leading event where the head comes first; longer ones are the object:
réforme des retraites."""
_KINDS_WITH_APPOSITIONS = {"", "acronym", "company", "organisation", "product", "technology"}
"""Kinds of names that a noun often describes: the Robinhood app."""
_KINDS_WITH_ARRIVALS = {"", "product"}
"""Kinds of names whose arrival may be the story, beside their maker's; "" for unknown."""
