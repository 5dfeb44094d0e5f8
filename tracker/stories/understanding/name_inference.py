"""Name inference: words that turn out to be names once the other segments are known.

Input: the segments of a query. Output: the same segments, some of them turned from words or
concepts into names, or into topics. `roles.py` applies the functions in this order: names behind
words for storms, lower-case names beside another name; in a query without names acronyms, the first
word, and then any word that no list explains.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import NEAR_SYNONYM
from tracker.stories.query.model import CONCEPT, NAME, WORD, consists_of, is_date_segment
from tracker.stories.segmentation.concept_linking import named_concepts
from tracker.stories.segmentation.entity_forms import resolve_ambiguous_name
from tracker.stories.segmentation.name_recognition import name_segment
from tracker.stories.text.tokenization import UPPER, tokenize
from tracker.stories.text.wordlists import open_words, with_english, word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment


def name_behind_given_names(
    segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Turn an unknown word behind a concept that gets given names into a name: "cyclone chido"."""
    return [
        resolve_ambiguous_name(replace(segment, kind=NAME), lexicon)
        if segment.kind == WORD
        and before is not None
        and named_concepts(before) & word_list("christened")
        and not is_date_segment(segment)
        and not lexicon.is_common(segment.text, language)
        else segment
        for before, segment in zip([None, *segments], segments, strict=False)
    ]


def infer_lower_case_name(
    segment: QuerySegment, language: str, lexicon: Lexicon, *, all_lower_case: bool
) -> QuerySegment:
    """Turn a lower-case word beside a name into a name, if it is an alias of one entity.

    For example: "robinhood" beside "gamestop". If the whole query is in lower case
    (`all_lower_case`), an unknown word is a name too, except in German, which has too many
    compounds.
    """
    if (
        segment.kind != WORD
        or segment.is_required
        or is_date_segment(segment)
        or lexicon.is_common(segment.text, language)
    ):
        return segment
    linked = resolve_ambiguous_name(replace(segment, kind=NAME), lexicon)
    is_unknown_name = (
        all_lower_case
        and not segment.is_known
        and language != "de"
        and not _cannot_be_name(segment.text)
    )
    return linked if linked.entity or is_unknown_name else segment


def _cannot_be_name(text: str) -> bool:
    """Return whether a lower-case word has a length or an ending that names do not have."""
    return (
        len(text) < _SHORTEST_NAME
        or not text.isalpha()
        or text in word_list("given")
        or text.endswith((*_NON_NAME_ENDINGS, "ing", "ed", "s"))
    )


_SHORTEST_NAME = 4
"""The fewest letters of an unknown lower-case name."""


def infer_acronyms(segments: list[QuerySegment]) -> list[QuerySegment]:
    """Turn acronyms into names in a query without names: "SNAP" of "SNAP benefits".

    Not in a phrase that names a concept itself ("CEO pay"), not a final acronym that does ("IPO"),
    and not a technology ("RAM").
    """
    if all(segment.text.isupper() for segment in segments):
        return segments
    inferred: list[QuerySegment] = []
    for segment in segments:
        is_fixed = segment.is_required or segment.entity
        tokens = tokenize(segment.text, "") if segment.kind == CONCEPT and not is_fixed else ()
        if (len(tokens) > 1 or segment is segments[-1]) and named_concepts(segment):
            tokens = ()
        acronyms = [
            word for word in tokens if word.shape == UPPER and len(word.norm) >= _SHORTEST_ACRONYM
        ]
        inferred += [name_segment((word,)) for word in acronyms]
        if not acronyms or len(acronyms) < len(tokens):
            inferred.append(segment)
    return inferred


_SHORTEST_ACRONYM = 3
"""The fewest letters of an acronym that is taken for a name."""


def infer_leading_name(segments: list[QuerySegment], lexicon: Lexicon) -> list[QuerySegment]:
    """Turn the first word into a name, if it has the only capital: "Bears stadium".

    The word has to be an alias of one entity. A word that names a concept is the beginning of a
    sentence instead: "Strike of the nurses".
    """
    first = segments[0] if segments else None
    if (
        first is None
        or first.kind != CONCEPT
        or not first.text.istitle()
        or len(tokens := tokenize(first.text, "")) > 1
        or not segments[1:]
        or any(segment.text != segment.text.lower() for segment in segments[1:])
        or any(level >= NEAR_SYNONYM for sense in first.senses for _, level in sense.concepts)
    ):
        return segments
    name = resolve_ambiguous_name(name_segment(tokens), lexicon)
    return [name, *segments[1:]] if name.entity else segments


def infer_focus(
    segment: QuerySegment, segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> QuerySegment:
    """Turn an unexplained word into a name, or into a topic if the dictionary lists it.

    Used in a query without names. Dates, common words, generic words, English words with the ending
    of an adjective or an abstract noun, and lower-case words beside capitals in German stay words.
    """
    if (
        segment.kind != WORD
        or segment.is_required
        or (is_date_segment(segment) and not _is_year_title(segment, segments))
        or lexicon.is_common(segment.text, language)
        or consists_of(segment, with_english(open_words, language))
        or (
            language == "en" and segment.text.islower() and segment.text.endswith(_NON_NAME_ENDINGS)
        )
    ):
        return segment
    if segment.is_known:
        return replace(segment, is_topic=True)
    has_capitals = any(other.text != other.text.lower() for other in segments)
    if language == "de" and has_capitals and segment.text == segment.text.lower():
        return segment  # a lower-case word beside capitals is not a noun in German
    return resolve_ambiguous_name(replace(segment, kind=NAME), lexicon)


_NON_NAME_ENDINGS = (
    *("atory", "itory", "utory", "ical", "ious", "eous", "uous", "able", "ible", "ful", "less"),
    *("ative", "itive", "utive", "ective", "ness", "tion", "sion", "ism", "ably"),
)
"""Endings of English adjectives and abstract nouns, which lower-case names rarely have."""


def _is_year_title(segment: QuerySegment, segments: list[QuerySegment]) -> bool:
    """Return whether a year is a name, as in "1984 remake", rather than a date."""
    return segment is segments[0] and segment.text.isdecimal()
