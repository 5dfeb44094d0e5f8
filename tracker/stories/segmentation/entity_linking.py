"""Entity linking: from the tokens of a query to the entity that they name.

Input: a query and a position. Output: the number of tokens and a NAME segment, or
None. `link_entity` tries the aliases of the gazetteer, the longest first. An alias is
rejected where

- it is ambiguous and the context does not mark a name;
- it is an acronym that is typed as an ordinary word;
- it is a phrase of common words, or a common noun, in lower case;
- it is the surname of another person;
- it begins a longer unknown name.

`link_half_known_name` covers names of which the gazetteer holds only a part.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import HEAD_FIRST, YEAR
from tracker.stories.segmentation.entity_forms import entity_segment, resolve_ambiguous_name
from tracker.stories.segmentation.name_recognition import name_segment
from tracker.stories.text.casing import (
    capitals_are_informative,
    is_plural_acronym,
    is_typed_in_lower_case,
)
from tracker.stories.text.normalization import normalize
from tracker.stories.text.quantities import DATED, MONTHS, is_unit
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, MIXED, UPPER, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.segmentation.query_text import QueryText
    from tracker.stories.text.tokenization import Token


@lru_cache(maxsize=1 << 9)
def link_entity(query: QueryText, position: int) -> tuple[int, QuerySegment] | None:
    """Return the longest alias at a position, with the version number behind it.

    The result is the number of tokens and the segment; None where no alias fits. Results are
    cached: whether a token is a name depends on the tokens that follow, which are linked by the
    same function, so the time would grow exponentially.
    """
    norms = query.norms_from(position)
    for form, entity in query.lexicon.gazetteer.starting(norms[0]):
        length = len(form.tokens)
        alias = form, entity
        if norms[:length] != form.tokens or (
            form.ambiguous and not _is_name_in_context(query, position, alias)
        ):
            continue
        if form.case_sensitive and not _is_acronym_here(query, position):
            continue
        if form.text.isupper() and _is_common_word(query.at(position), query):
            continue
        if _is_lower_case_phrase(query, position, form):
            continue
        if length == 1 and _is_common_noun(query.at(position), entity, query):
            continue
        if length == 1 and _is_surname_of_another(query, position, entity):
            return None
        if _begins_unknown_name(query, position + length, entity):
            continue
        head_length, is_own = _described_short_name(
            query.span(position, length), form, entity, query.lexicon
        )
        if head_length and not is_own:
            continue
        length = head_length or length
        figure = _version_number(query, position + length, entity)
        segment = entity_segment(entity, query.span(position, length), query.lexicon, figure)
        return length + (figure is not None), segment
    return None


def _is_name_in_context(
    query: QueryText,
    position: int,
    alias: tuple[SurfaceForm, str],
) -> bool:
    """Return whether an ambiguous alias is a name here.

    A preferred alias is one in a query typed in lower case. In languages with the head first, so is
    a capitalised alias between lower-case tokens ("protesta Vuelta"), unless it is a place. Between
    other capitals it belongs to a longer name.
    """
    form, entity = alias
    if form.preferred and is_typed_in_lower_case(query.tokens):
        return True
    if (
        query.language not in HEAD_FIRST
        or not position
        or not capitals_are_informative(query.tokens)
    ):
        return False
    neighbours = (
        query.at(position - 1),
        *query.tokens[position + len(form.tokens) : position + len(form.tokens) + 1],
    )
    lower_case = all(word.shape in (LOWER, FIGURE) for word in neighbours)
    return (
        lower_case
        and form.text == query.at(position).text
        and not query.lexicon.gazetteer.is_place(entity)
    )


def _is_surname_of_another(query: QueryText, position: int, entity: str) -> bool:
    """Return whether a given name precedes that the known person does not have."""
    before = query.at(position - 1) if position else None
    return (
        before is not None
        and before.shape == CAPITAL
        and before.norm in word_list("given")
        and query.lexicon.gazetteer.kind(entity) == "person"
        and all(before.norm not in form.tokens for form in query.lexicon.gazetteer.aliases(entity))
    )


def _is_acronym_here(query: QueryText, position: int) -> bool:
    """Return whether a token is an acronym: in upper case, or in a query without capitals.

    In a query without capitals, a stop word or a common word is not one: "aws" is, "who" is not.
    English "us" is the country beside other words.
    """
    word = query.at(position)
    if word.shape == UPPER or not is_typed_in_lower_case(query.tokens):
        return word.shape == UPPER
    if word.norm == "us" and query.language == "en":
        return word.shape == LOWER and len(query.tokens) > 1
    return not is_stop_word_here_or_in_english(
        word, query.language
    ) and not query.lexicon.is_common(word.text, query.language)


def _is_common_word(word: Token, query: QueryText) -> bool:
    """Return whether a lower-case token is a common word: Spanish "echa" is not "ECHA"."""
    return word.shape == LOWER and query.lexicon.is_common(word.text, query.language)


def _version_number(query: QueryText, position: int, entity: str) -> Token | None:
    """Return the token of the version number behind an entity: "17" of "iPhone 17".

    None where there is none. Products have any, persons none. A company has a model's number only
    ("Boeing 777X"): digits alone, or at least three digits; not "Intel 18A".
    """
    word = query.at(position) if position < len(query.tokens) else None
    if word is None or not _is_version_number(query, position):
        return None
    kind = query.lexicon.gazetteer.kind(entity)
    is_model = word.norm.isdecimal() or sum(map(str.isdigit, word.norm)) >= _MODEL_DIGITS
    return word if kind == "product" or (kind != "person" and is_model) else None


_MODEL_DIGITS = 3
"""The fewest digits of a model number that holds letters."""


def _is_version_number(query: QueryText, position: int) -> bool:
    """Return whether a figure numbers a name: neither an entity ("5G") nor an amount.

    For example: "30" before "billion" and "35,000" are amounts; a figure before a month is a date.
    """
    following = query.span(position + 1, 1)
    return (
        query.at(position).shape == FIGURE
        and len(query.at(position).norm) <= YEAR
        and not (following and (is_unit(following[0].norm) or following[0].norm in DATED))
        and link_entity(query, position) is None
    )


def _is_lower_case_phrase(query: QueryText, position: int, form: SurfaceForm) -> bool:
    """Return whether an alias is typed as a phrase of common lower-case words.

    The query has to have a capital elsewhere; for example: "camp fire" in "refugee camp fire
    Greece" is not the Camp Fire. A plural acronym ("MPs") has to be spelled as the alias is.
    """
    typed = query.span(position, len(form.tokens))
    if len(typed) == 1 and is_plural_acronym(typed[0]):
        return form.text != typed[0].text
    return (
        len(typed) > 1
        and not form.is_lower_case
        and all(word.shape == LOWER for word in typed)
        and any(word.shape not in (LOWER, FIGURE) for word in query.tokens)
        and all(query.lexicon.is_common(word.text, "en") for word in typed)
    )


def _begins_unknown_name(query: QueryText, end: int, entity: str) -> bool:
    """Return whether a place is the first word of an unknown two-word name.

    Applies in sentence case; for example: "Thames Water", "Paris Hilton". A known name, an office
    ("Texas House") or a German noun that follows leaves the place a place, and so do two unknown
    words ("Texas Hill Country").
    """
    if (
        query.lexicon.gazetteer.kind(entity) != "place"
        or end == len(query.tokens)
        or not capitals_are_informative(query.tokens)
    ):
        return False
    unknown = 0
    while end + unknown < len(query.tokens) and query.at(end + unknown).shape in (
        CAPITAL,
        MIXED,
    ):
        if query.at(end + unknown).norm in word_list("offices"):
            break
        if query.language == "de" and is_german_noun(
            query.at(end + unknown), query.lexicon.dictionary
        ):
            break
        if link_entity(query, end + unknown):
            break
        unknown += 1
    return unknown == 1


def _described_short_name(
    typed: tuple[Token, ...], form: SurfaceForm, entity: str, lexicon: Lexicon
) -> tuple[int, bool]:
    """Return the length of the short name inside an alias that ends with common words; else 0.

    The boolean is whether the short name is an ambiguous alias of this entity; for example:
    "Cruise" in "Cruise robotaxis". In "Facebook whistleblower" the short name is Facebook, and the
    rest is left to be linked as a concept. "Apple watch" is the product, whose alias "Apple Watch"
    has a capital there. "Amazon rainforest" has no short name, because Amazon is another entity.
    """
    alias_tokens = tokenize(form.text, "")
    # If all words are typed in the same case, use the case of the listed alias.
    written = typed if len({word.shape == LOWER for word in typed}) > 1 else alias_tokens
    head = tuple(word.norm for word in takewhile(lambda word: word.shape != LOWER, written))
    tail = alias_tokens[len(head) :]
    if all(word.shape != LOWER for word in tail):
        return 0, False
    # A capital in the tail ("Notre-Dame-des-Landes") makes the alias one name.
    lower_case_tail = all(word.shape == LOWER for word in written[len(head) :])
    if not lower_case_tail or not 0 < len(head) < len(typed):
        return 0, False
    entities = [
        (other.ambiguous, owner)
        for other, owner in lexicon.gazetteer.starting(head[0])
        if other.tokens == head
    ]
    unambiguous = {owner for ambiguous, owner in entities if not ambiguous}
    is_own = not unambiguous and any(owner == entity for _, owner in entities)
    has_person = bool(unambiguous) and lexicon.gazetteer.kind(entity) == "person"
    return (len(head), is_own) if is_own or has_person or entity in unambiguous else (0, False)


def link_half_known_name(query: QueryText, position: int) -> tuple[int, QuerySegment] | None:
    """Link a name of which the gazetteer may know only one half: "Air Canada", "Artemis 2".

    The name is a token and a version number, a word that binds the next one ("Air", "Lake"), or a
    word before a company suffix ("Airlines", "Group"). The result is the number of tokens and the
    segment; None for no such name.
    """
    word, following = query.at(position), query.span(position + 1, 1)
    of_date = word.norm in MONTHS and bool(following) and following[0].shape == FIGURE
    if word.shape == LOWER or not following or following[0].shape == LOWER or of_date:
        return None
    has_number = len(following[0].norm) < YEAR and _is_version_number(query, position + 1)
    if has_number and position and query.at(position - 1).norm in word_list("given"):
        has_number = position + 2 == len(query.tokens)  # for example: "Anna Quux 60 Minutes"
    # Unambiguous aliases have taken their version numbers already.
    if has_number and is_an_alias(word, query.lexicon.gazetteer):
        product = resolve_ambiguous_name(name_segment((word,)), query.lexicon).entity
        if query.lexicon.gazetteer.kind(product) != "product":
            return None
        return 2, entity_segment(product, (word,), query.lexicon, following[0])
    binds = word.norm in word_list("binds-next")
    # A binding word that is a stop word too binds no common word: "New Quux", but not "New Pope".
    if binds and is_stop_word_here_or_in_english(word, query.language):
        binds = not query.lexicon.is_common(following[0].text, query.language)
    if has_number or binds:
        return 2, resolve_ambiguous_name(name_segment(query.span(position, 2)), query.lexicon)
    suffixes = list(
        takewhile(
            lambda other: other.norm in word_list("binds-before"), query.tokens[position + 1 :]
        )
    )
    # For example: "TAP Air France" is TAP and Air France, not "TAP Air" and France.
    if suffixes and link_entity(query, position + 1) is None:
        return 1 + len(suffixes), name_segment((word, *suffixes))
    return None


_PLURAL_ENDINGS = ("s", "es", "x")
"""Plural endings of languages that write common nouns in lower case."""


def _is_common_noun(word: Token, entity: str, query: QueryText) -> bool:
    """Return whether a lower-case token that is a place's alias is a common noun.

    For example: "camarones", shrimp. The dictionary has to list the token itself, not only its
    stem: "madrid" is not "madre". A demonym is written in lower case anyway, so it stays a place:
    "huelga chilena".
    """
    names = query.lexicon.gazetteer
    if word.shape != LOWER or query.language == "en" or not names.is_place(entity):
        return False
    if any(form.is_lower_case and form.text == word.text for form in names.aliases(entity)):
        return False
    _, entries = query.lexicon.dictionary.find((word.stem,), query.language)
    things = (entry[query.language] for entry in entries if entry["en"][0].islower())
    return any(
        _has_dictionary_form(word.norm, normalize(thing)) for each in things for thing in each
    )


def _has_dictionary_form(word: str, thing: str) -> bool:
    """Return whether a word is a dictionary form, or its regular plural."""
    return word == thing or (word.startswith(thing) and word.removeprefix(thing) in _PLURAL_ENDINGS)
