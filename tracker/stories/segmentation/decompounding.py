"""Compounds in a query that say what two segments would."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.query.model import word_segment
from tracker.stories.segmentation.concept_linking import link_concept, named_concepts
from tracker.stories.segmentation.dictionary_linking import (
    add_translations,
    find_entries,
    link_dictionary_entry,
)
from tracker.stories.segmentation.entity_linking import link_entity
from tracker.stories.text.morphology import COMPOUNDING, without_joint
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import open_words, word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


def split_compound(word: Token, language: str, lexicon: Lexicon) -> list[QuerySegment]:
    """Cut a compound that is unknown as a whole into two parts that are known: Pilz, Mord.

    Of all ways to cut it, the one with the longest head counts. None where nothing is known.
    """
    if language not in COMPOUNDING or not word.norm.isalpha():
        return []
    for cut in range(_SHORTEST_HALF, len(word.text) - _SHORTEST_HALF + 1):
        modifier, head = word.text[:cut], _half_segment(word.text[cut:], language, lexicon)
        alone = (*without_joint(modifier), f"{modifier}e") if head else ()  # Schul-, of Schule
        found = (_half_segment(surface, language, lexicon) for surface in alone)
        first = next(filter(None, found), None)
        if head and first:
            whole = SurfaceForm(word.text, (word.norm,))
            return [
                replace(
                    segment,
                    forms={
                        **segment.forms,
                        ANY_LANGUAGE: (*segment.forms.get(ANY_LANGUAGE, ()), whole),
                    },
                )
                for segment in (first, head)
            ]
    return []


def is_linked_by_one_half(
    segment: QuerySegment, halves: list[QuerySegment], language: str, lexicon: Lexicon
) -> bool:
    """Tell whether a part, a compound of these halves, is known by one of them: Kitastreik."""
    read = tokenize(segment.text, language)
    if segment.entity or len(read) > 1 or not segment.senses:
        return False
    if _is_linked_by_first_half(segment, halves) or _is_linked_by_head(segment, halves):
        return True
    return (
        not any(
            form.tokens == (read[0].stem,)
            for form, _, _ in lexicon.concepts_from(read[0].stem, language)
        )
        and not find_entries(read, language, lexicon)[0]
    )


def _is_linked_by_first_half(segment: QuerySegment, halves: list[QuerySegment]) -> bool:
    """Tell whether a compound is listed for its first half only, and a state acts on that.

    A Böllerverbot is a ban, though it stands among the words for fireworks.
    """
    first, head = halves
    return named_concepts(segment) == named_concepts(first) and bool(
        named_concepts(head) & word_list("acts")
    )


def _is_linked_by_head(segment: QuerySegment, halves: list[QuerySegment]) -> bool:
    """Tell whether a compound is listed for its head only, and something is known of the rest.

    A Bahnstreik stands among the words for strikes, and is one on the railways.
    """
    first, head = halves
    listed = {concept for sense in segment.senses for concept, _ in sense.concepts}
    known = bool(named_concepts(first) or first.entity)
    return known and not named_concepts(segment) and bool(named_concepts(head) & listed)


def _half_segment(surface: str, language: str, lexicon: Lexicon) -> QuerySegment | None:
    """Make a part of a half of a compound, if it is listed so; None for what is not."""
    if len(surface) < _SHORTEST_HALF:
        return None
    read = tokenize(surface.capitalize() if language == "de" else surface, language)
    if named := link_entity(read, 0, language, lexicon):
        return named[1] if named[0] == len(read) else None
    size, segment = link_concept(read, 0, language, lexicon)
    if segment and size == len(read) and lexicon.concepts_from(read[0].stem, language):
        return add_translations(segment, language, lexicon)
    size, segment = link_dictionary_entry(read, 0, language, lexicon)
    if segment is None and len(read) == 1 and read[0].norm in open_words(language):
        return word_segment(read[0])
    return segment if size == len(read) else None


_SHORTEST_HALF = 4
"""Letters from which on a half of a compound is looked up."""
