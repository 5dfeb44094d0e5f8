"""Predicates on the neighbours of a token, which decide how the segmenter reads the token.

Input: a query and a position. Output: a boolean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.text.casing import CAPITALIZING, capitals_are_informative
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.segmentation.query_text import QueryText
    from tracker.stories.text.tokenization import Token


def may_be_name(tokens: tuple[Token, ...], position: int, *, cased: bool, inside: bool) -> bool:
    """Return whether an unknown token is written as a name.

    `cased` is whether any token of the query has a capital; `inside` is whether a segment or an
    unknown name precedes this token. A figure behind a lower-case word is not a name.
    """
    word, before = tokens[position], tokens[position - 1] if inside and position else None
    if word.shape == FIGURE and before and before.shape == LOWER:
        return False
    return cased and word.shape != LOWER


def begins_geographic_name(tokens: tuple[Token, ...], position: int) -> bool:
    """Return whether a capitalised geographic noun follows: "Mississippi River".

    The query has to be in sentence case, so that capitals are informative.
    """
    pair = tokens[position : position + 2]
    capitals = capitals_are_informative(tokens) and all(word.shape == CAPITAL for word in pair)
    return capitals and pair[-1] is not pair[0] and pair[-1].norm in word_list("grounds")


def is_numbered_concept(query: QueryText, position: int) -> bool:
    """Return whether a concept that ends with a figure is here: "Chapter 11"."""
    length = link_concept(query, position)[0]
    return length > 1 and query.at(position + length - 1).shape == FIGURE


def is_concept_phrase(query: QueryText, position: int) -> bool:
    """Return whether a concept of several tokens begins here or behind a known alias.

    For example: "Air Crash" in "India Air Crash".
    """
    start = position + 1 if is_an_alias(query.at(position), query.lexicon.gazetteer) else position
    return link_concept(query.with_tokens(query.tokens[start:]), 0)[0] > 1


def cuts_a_name(tokens: tuple[Token, ...], position: int, length: int) -> bool:
    """Return whether a concept of `length` tokens would begin with the end of a name.

    This is so behind an unknown capitalised word, where capitals are informative; for example:
    "Stream" in "Nord Stream sabotage", "Air crash" in "Sriwijaya Air crash".
    """
    rest = tokens[position + 1 : position + length]
    return tokens[position].shape == CAPITAL and (not rest or rest[0].shape == LOWER)


def is_plain_stop_word(
    query: QueryText,
    position: int,
    *,
    capitals_informative: bool,
) -> bool:
    """Return whether a token is a stop word here, and not a name or a part of one.

    `capitals_informative` is whether the query is in sentence case. A capitalised article inside a
    query may belong to a name ("Le Monde"), and so may a stop word that is also a given name,
    before a capital ("Will Quux").
    """
    word = query.at(position)
    if not is_stop_word_here_or_in_english(word, query.language):
        return False
    article = (
        position and query.language not in CAPITALIZING and word.norm not in word_list("links")
    )
    if word.shape == LOWER or word.text == "I" or not (capitals_informative or article):
        return True
    following = query.span(position + 1, 1)
    before_capital = bool(following) and following[0].shape == CAPITAL
    if before_capital and word.norm in word_list("given"):  # for example: "Will Quux"
        return False
    return not position and not is_an_alias(word, query.lexicon.gazetteer)
