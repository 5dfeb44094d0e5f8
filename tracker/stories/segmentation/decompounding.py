"""Decompounding: one German or Dutch token that stands for two query segments.

Input: a token of a query. Output: the segments of its modifier and its head, or none.
"""

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
from tracker.stories.segmentation.query_text import QueryText
from tracker.stories.text.morphology import COMPOUNDING, without_joint
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import open_words, word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


def split_compound(token: Token, language: str, lexicon: Lexicon) -> list[QuerySegment]:
    """Split a compound into two known halves: "Pilzmord" into "Pilz" and "Mord".

    Of all possible cuts, the one with the longest head is used. Each half keeps the whole compound
    as a surface form. The list is empty where no cut gives two known halves.
    """
    if language not in COMPOUNDING or not token.norm.isalpha():
        return []
    for cut in range(_SHORTEST_HALF, len(token.text) - _SHORTEST_HALF + 1):
        modifier, head = token.text[:cut], _half_segment(token.text[cut:], language, lexicon)
        # The modifier may have lost its final e; for example: "Schul-" of "Schule".
        candidates = (*without_joint(modifier), f"{modifier}e") if head else ()
        segments = (_half_segment(surface, language, lexicon) for surface in candidates)
        first = next(filter(None, segments), None)
        if head and first:
            whole = SurfaceForm(token.text, (token.norm,))
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
    """Return whether a segment, a compound of these halves, is known by one half only.

    For example: "Kitastreik" matches the concept of strikes only through its head "Streik".
    """
    tokens = tokenize(segment.text, language)
    if segment.entity or len(tokens) > 1 or not segment.senses:
        return False
    if _is_linked_by_first_half(segment, halves) or _is_linked_by_head(segment, halves):
        return True
    return (
        not any(
            form.tokens == (tokens[0].stem,)
            for form, _, _ in lexicon.concepts_from(tokens[0].stem, language)
        )
        and not find_entries(tokens, language, lexicon)[0]
    )


def _is_linked_by_first_half(segment: QuerySegment, halves: list[QuerySegment]) -> bool:
    """Return whether only the first half of a compound is listed and the head is an act of state.

    For example: "Böllerverbot" is a ban, although the lexicon lists it with fireworks.
    """
    first, head = halves
    return named_concepts(segment) == named_concepts(first) and bool(
        named_concepts(head) & word_list("acts")
    )


def _is_linked_by_head(segment: QuerySegment, halves: list[QuerySegment]) -> bool:
    """Return whether only the head of a compound is listed, and the modifier is known.

    For example: "Bahnstreik" is listed with strikes, and the modifier names the railways.
    """
    first, head = halves
    listed = {concept for sense in segment.senses for concept, _ in sense.concepts}
    known = bool(named_concepts(first) or first.entity)
    return known and not named_concepts(segment) and bool(named_concepts(head) & listed)


def _half_segment(surface: str, language: str, lexicon: Lexicon) -> QuerySegment | None:
    """Return the segment of one half of a compound; None if the half is unknown.

    Tried in this order: an entity, a concept, a dictionary entry, a listed generic word.
    """
    if len(surface) < _SHORTEST_HALF:
        return None
    tokens = tokenize(surface.capitalize() if language == "de" else surface, language)
    if linked := link_entity(QueryText(tokens, language, lexicon), 0):
        return linked[1] if linked[0] == len(tokens) else None
    length, segment = link_concept(QueryText(tokens, language, lexicon), 0)
    if segment and length == len(tokens) and lexicon.concepts_from(tokens[0].stem, language):
        return add_translations(segment, language, lexicon)
    length, segment = link_dictionary_entry(QueryText(tokens, language, lexicon), 0)
    if segment is None and len(tokens) == 1 and tokens[0].norm in open_words(language):
        return word_segment(tokens[0])
    return segment if length == len(tokens) else None


_SHORTEST_HALF = 4
"""The fewest letters of a half of a compound."""
