"""Names that are inferred late: words that turn out to be names once the rest is known."""

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
    """Take an unknown word behind what is given names for one: cyclone chido."""
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
    segment: QuerySegment, language: str, lexicon: Lexicon, *, small: bool
) -> QuerySegment:
    """Take a word beside a name, all in small letters, for the only thing that is called so.

    Beside gamestop, robinhood is the broker. Where no capital is typed, a word that nothing is
    known of is a name too, but in German, which has too many compounds.
    """
    if (
        segment.kind != WORD
        or segment.is_required
        or is_date_segment(segment)
        or lexicon.is_common(segment.text, language)
    ):
        return segment
    named = resolve_ambiguous_name(replace(segment, kind=NAME), lexicon)
    unknown = (
        small and not segment.is_known and language != "de" and not _cannot_be_name(segment.text)
    )
    return named if named.entity or unknown else segment


def _cannot_be_name(text: str) -> bool:
    """Tell whether a word that is typed small has the length or the ending of no name."""
    return (
        len(text) < _NAME
        or not text.isalpha()
        or text in word_list("given")
        or text.endswith((*_ENDINGS, "ing", "ed", "s"))
    )


_NAME = 4
"""Letters from which on an unknown word in small letters may be a name."""


def infer_acronyms(segments: list[QuerySegment]) -> list[QuerySegment]:
    """Take an acronym for a name, also where it only narrows an affair: SNAP benefits.

    Not in what names the affair itself, as CEO pay does, and as IPO does in the end, nor of a
    technology: RAM has other names.
    """
    if all(segment.text.isupper() for segment in segments):
        return segments
    found: list[QuerySegment] = []
    for segment in segments:
        known = segment.is_required or segment.entity
        read = tokenize(segment.text, "") if segment.kind == CONCEPT and not known else ()
        if (len(read) > 1 or segment is segments[-1]) and named_concepts(segment):
            read = ()
        capitals = [word for word in read if word.shape == UPPER and len(word.norm) >= _ACRONYM]
        found += [name_segment((word,)) for word in capitals]
        if not capitals or len(capitals) < len(read):
            found.append(segment)
    return found


_ACRONYM = 3
"""Letters from which on capitals are taken for a name where the query has no other."""


def infer_leading_name(segments: list[QuerySegment], lexicon: Lexicon) -> list[QuerySegment]:
    """Take a first word for the name that it may be, if it has the only capital: Bears stadium.

    What names an affair itself is one at the beginning of a sentence: Strike of the nurses.
    """
    first = segments[0] if segments else None
    if (
        first is None
        or first.kind != CONCEPT
        or not first.text.istitle()
        or len(read := tokenize(first.text, "")) > 1
        or not segments[1:]
        or any(segment.text != segment.text.lower() for segment in segments[1:])
        or any(level >= NEAR_SYNONYM for sense in first.senses for _, level in sense.concepts)
    ):
        return segments
    called = resolve_ambiguous_name(name_segment(read), lexicon)
    return [called, *segments[1:]] if called.entity else segments


def infer_focus(
    segment: QuerySegment, segments: list[QuerySegment], language: str, lexicon: Lexicon
) -> QuerySegment:
    """Take a word that tells no affair for a name, or for the thing that the dictionary has."""
    if (
        segment.kind != WORD
        or segment.is_required
        or (is_date_segment(segment) and not _is_year_title(segment, segments))
        or lexicon.is_common(segment.text, language)
        or consists_of(segment, with_english(open_words, language))
        or (language == "en" and segment.text.islower() and segment.text.endswith(_ENDINGS))
    ):
        return segment
    if segment.is_known:
        return replace(segment, is_topic=True)
    cased = any(other.text != other.text.lower() for other in segments)
    if language == "de" and cased and segment.text == segment.text.lower():
        return segment  # what has a small letter beside capitals names nothing in German
    return resolve_ambiguous_name(replace(segment, kind=NAME), lexicon)


_ENDINGS = (
    *("atory", "itory", "utory", "ical", "ious", "eous", "uous", "able", "ible", "ful", "less"),
    *("ative", "itive", "utive", "ective", "ness", "tion", "sion", "ism", "ably"),
)
"""What English adjectives and abstract nouns end in, and hardly a name that is typed small."""


def _is_year_title(segment: QuerySegment, segments: list[QuerySegment]) -> bool:
    """Tell whether a year is a name, as in "1984 remake", rather than a date."""
    return segment is segments[0] and segment.text.isdecimal()
