"""Longest-match linking: the known name, concept or dictionary entry at a position of a query.

Input: a query and a position. Output: the number of tokens and a segment. `link_known` compares the
results of entity, company, concept and dictionary linking, and chooses among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.segmentation.company_linking import link_company
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.segmentation.context import (
    begins_geographic_name,
    is_concept_phrase,
    is_numbered_concept,
)
from tracker.stories.segmentation.dictionary_linking import (
    add_dictionary_names,
    begins_class_name,
    link_term,
)
from tracker.stories.segmentation.entity_forms import (
    entity_segment,
    is_single_word_name,
    resolve_ambiguous_name,
)
from tracker.stories.segmentation.entity_linking import link_entity, link_half_known_name
from tracker.stories.segmentation.name_recognition import law_or_body_length, name_segment
from tracker.stories.text.casing import capitals_are_informative
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, LOWER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.segmentation.query_text import QueryText


def link_known(query: QueryText, position: int) -> tuple[int, QuerySegment | None]:
    """Return the longest known name, concept or dictionary entry at a position.

    Tried in this order: an entity, a company named by one ambiguous word, a law or public body, a
    name of which only half is known, the short form of a longer entity name, and last a concept, a
    class term or a dictionary entry (`link_term`). A half-known name wins over a shorter entity.
    Returns the number of tokens and the segment; (0, None) where nothing is known.
    """
    linked = link_entity(query, position)
    if linked and (shorter := _name_before_concept(query, position, linked[0])):
        linked = shorter
    if linked is None and (company := link_company(query, position)):
        return company
    length = law_or_body_length(query.tokens, position) if linked is None else 0
    if length and link_concept(query, position)[0] < length:
        return length, resolve_ambiguous_name(
            name_segment(query.span(position, length)), query.lexicon
        )
    half_known = link_half_known_name(query, position)
    if (
        half_known
        and (linked is None or linked[0] < half_known[0])
        and (capitals_are_informative(query.tokens) or not is_concept_phrase(query, position))
        and not is_numbered_concept(query, position)
    ):
        return half_known
    if linked and not begins_class_name(query, position, linked[0]):
        return linked[0], add_dictionary_names(linked[1], query.language, query.lexicon)
    norms = query.norms_from(position)
    follows_given_name = position > 0 and query.at(position - 1).norm in word_list("given")
    may_be_alias = query.at(position).shape == CAPITAL and not follows_given_name
    for form, entity in query.lexicon.gazetteer.starting(norms[0]) if may_be_alias else ():
        if (
            len(form.tokens) > 1
            and is_single_word_name(form)
            # The check is last because it is expensive.
            and not query.lexicon.is_common(norms[0], query.language)
        ):
            return 1, entity_segment(entity, query.span(position, 1), query.lexicon, None)
    term = link_term(query, position)
    return (0, None) if term[0] <= 1 and begins_geographic_name(query.tokens, position) else term


def _name_before_concept(
    query: QueryText, position: int, length: int
) -> tuple[int, QuerySegment] | None:
    """Return the entity without its last token, if a longer concept begins there.

    For example: "German military service" is Germany and conscription, not the German military.
    """
    last = position + length - 1
    if length == 1 or query.at(last).shape != LOWER:
        return None
    if link_concept(query, last)[0] <= 1:
        return None
    shorter = link_entity(query.with_tokens(query.tokens[:last]), position)
    return shorter if shorter and shorter[0] == length - 1 else None


def is_person_in_lower_case(query: QueryText, position: int) -> bool:
    """Return whether a lower-case given name and an unknown word follow: "micah quux"."""
    pair = query.span(position, 2)
    return (
        len(pair) > 1
        and all(word.shape == LOWER for word in pair)
        and pair[0].norm in word_list("given")
        and not any(
            is_stop_word_here_or_in_english(word, query.language)
            or query.lexicon.is_common(word.text, query.language)
            for word in pair
        )
        and link_known(query, position + 1)[1] is None
    )
