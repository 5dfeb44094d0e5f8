"""Company linking: a company named by one ambiguous word, confirmed by the concepts around it.

Input: a query and a position. Output: the number of tokens and a NAME segment, or None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.segmentation.entity_forms import entity_segment, is_single_word_name
from tracker.stories.segmentation.entity_linking import link_entity
from tracker.stories.text.casing import is_typed_in_lower_case
from tracker.stories.text.tokenization import LOWER, UPPER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.segmentation.query_text import QueryText
    from tracker.stories.text.tokenization import Token


def link_company(query: QueryText, position: int) -> tuple[int, QuerySegment] | None:
    """Link a company by one ambiguous word, if the concepts in the query confirm it.

    A first word is confirmed by a concept that applies to companies ("target boycott"). A word
    beside another company is confirmed by a concept between companies as well ("nvidia arm deal").
    None for no such company.
    """
    may_be_name = query.at(position).shape != LOWER or is_typed_in_lower_case(query.tokens)
    entity = _company_named_by(query.at(position), query.lexicon) if may_be_name else ""
    if not entity:
        return None
    beside_company = _is_company_name(query, position + 1, 1) or any(
        _is_company_name(query, position - size, size) for size in (1, 2)
    )
    confirming = word_list("of-firms") if beside_company or not position else frozenset[str]()
    if beside_company:
        confirming |= word_list("between-firms")
    if confirming.isdisjoint(_concepts_behind(query, position)):
        return None
    return 1, entity_segment(entity, query.span(position, 1), query.lexicon, None)


def _company_named_by(word: Token, lexicon: Lexicon) -> str:
    """Return the only company that a word names, with or without a suffix; "" for none.

    An acronym has to be in upper case or in lower case, not capitalised.
    """
    companies = {
        entity
        for form, entity in lexicon.gazetteer.starting(word.norm)
        if is_single_word_name(form)
        if not form.case_sensitive or word.shape in (LOWER, UPPER)
        if lexicon.gazetteer.kind(entity) == "company"
    }
    return companies.pop() if len(companies) == 1 else ""


def _is_company_name(query: QueryText, position: int, length: int) -> bool:
    """Return whether a company's name of at least `length` tokens is at a position."""
    if not 0 <= position < len(query.tokens):
        return False
    linked = link_entity(query, position)
    return bool(
        linked
        and linked[0] >= length
        and query.lexicon.gazetteer.kind(linked[1].entity) == "company"
    )


def _concepts_behind(query: QueryText, position: int) -> set[str]:
    """Return the concepts of all tokens and phrases behind a position."""
    return {
        concept
        for start in range(position + 1, len(query.tokens))
        for end in (start + 1, len(query.tokens))
        if (segment := link_concept(query.with_tokens(query.tokens[:end]), start)[1])
        for concept in segment.concepts
    }
