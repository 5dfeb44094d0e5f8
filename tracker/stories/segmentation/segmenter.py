"""Segmentation of a query: a greedy scan from left to right, one segment after another.

Input: the bare words of a query, their language and the lexicon. Output: a list of `QuerySegment`s,
each a name, a concept or a plain word, in the order of the query.

`segment_words` first normalises the text: it drops descriptions ("London-bound"), joins spaced
digits, closes split phrases ("take Tesla private"), splits off a cause ("because of …"), reads
Roman numerals and restores the true case. `_segment_tokens` then tries these readings at each
position; the first that applies consumes its tokens:

1. A phrase to omit: an accented stop word, a lead phrase ("in talks to"), a description before a
   name ("Chinese tech giant"), or a version number. An entity keeps its tokens here.
2. The continuation of an unknown name (`_continues_name`).
3. A known entity, concept or dictionary entry (`link_known`).
4. A compound of two known halves, a German noun, or a person in lower case (`_segment_unknown`).
5. A stop word or a qualifier, which gives no segment.
6. A token of an unknown name, which waits for the tokens that follow.
7. A plain word.

After the scan, products are replaced by their owners ("TikTok owner"), a final particle is linked
("aws down"), and names get further surface forms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import CONCEPT, NAME, word_segment
from tracker.stories.segmentation.company_linking import link_company
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.segmentation.context import cuts_a_name, is_plain_stop_word, may_be_name
from tracker.stories.segmentation.decompounding import is_linked_by_one_half, split_compound
from tracker.stories.segmentation.entity_forms import (
    resolve_ambiguous_name,
)
from tracker.stories.segmentation.entity_linking import link_entity
from tracker.stories.segmentation.longest_match import is_person_in_lower_case, link_known
from tracker.stories.segmentation.name_recognition import name_segment, name_segments
from tracker.stories.segmentation.query_text import QueryText
from tracker.stories.segmentation.rewriting import (
    close_split_phrases,
    description_length,
    is_place_or_government,
    is_qualifier,
    join_cause,
    lead_phrase_length,
    link_final_particle,
    omitted_length,
    remove_descriptions,
    split_at_cause,
)
from tracker.stories.segmentation.truecasing import add_lower_case_forms, show_as_typed, truecase
from tracker.stories.text.casing import capitals_are_informative
from tracker.stories.text.quantities import join_spaced_digits
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, ROMAN, token_spans, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


def segment_words(text: str, language: str, lexicon: Lexicon) -> list[QuerySegment]:
    """Segment bare words into names, concepts and plain words.

    `language` is an ISO 639-1 code. Words that only describe a name are removed first, provided
    that a name other than a place or a government is left. An expression of cause splits the text;
    both sides are segmented on their own.
    """
    if (shortened := remove_descriptions(text)) != text:
        segments = segment_words(shortened, language, lexicon)
        if any(
            segment.kind == NAME and not is_place_or_government(segment, lexicon)
            for segment in segments
        ):
            return segments
    text = close_split_phrases(join_spaced_digits(text, language), language, lexicon)
    before, cause = split_at_cause(text, language)
    if cause:
        return join_cause(*(segment_words(each, language, lexicon) for each in (before, cause)))
    typed = _read_roman_numerals(tokenize(text, language))
    query = QueryText(typed, language, lexicon)
    query = query.with_tokens(truecase(query))
    accented = _accented_stop_word_positions(text, typed, language)
    stop_positions = frozenset(n for n in accented if not _begins_known_name(query, n))
    segments = _segment_tokens(query, stop_positions)
    segments += link_final_particle(segments, query)
    segments = [add_lower_case_forms(segment, typed, query) for segment in segments]
    return show_as_typed(segments, text)


def _accented_stop_word_positions(
    text: str, typed: tuple[Token, ...], language: str
) -> frozenset[int]:
    """Return the positions of stop words that are typed with an accent.

    A name of one word never carries that accent, so these tokens are omitted; for example: "über"
    is not Uber.
    """
    if text.isascii():
        return frozenset()
    text = normalize("NFC", text)
    return frozenset(
        position
        for position, (token, (start, end)) in enumerate(zip(typed, token_spans(text), strict=True))
        if token.norm in stop_words(language) and not text[start:end].isascii()
    )


def _begins_known_name(query: QueryText, position: int) -> bool:
    """Return whether a known name of several words begins with a capitalised token (São Paulo)."""
    length, segment = link_known(query, position)
    return (
        query.at(position).shape == CAPITAL
        and length > 1
        and segment is not None
        and bool(segment.entity)
    )


def _segment_tokens(query: QueryText, stop_positions: frozenset[int]) -> list[QuerySegment]:
    """Scan the tokens from left to right; the module docstring lists the order of readings.

    `stop_positions` are the positions of tokens to omit. Tokens of an unknown name are collected in
    `unknown` until another segment begins.
    """
    segments: list[QuerySegment] = []
    unknown: list[Token] = []
    position = 0
    cased = any(word.shape not in (LOWER, FIGURE) for word in query.tokens)
    capitals_informative = capitals_are_informative(query.tokens)

    def end_name() -> None:
        segments.extend(_name_segments(unknown, query.lexicon))
        unknown.clear()

    while position < len(query.tokens):
        omitted = int(position in stop_positions) or _introduction_length(query, position)
        length, segment = (0, None) if omitted else link_known(query, position)
        if not omitted and not (segment and segment.entity):
            omitted = omitted_length(query, position, (unknown, segments))
        if omitted:
            end_name()
            position += omitted
            continue
        if unknown and _continues_name(query, position, (length, segment)):
            unknown.append(query.at(position))
            position += 1
            continue
        length, found = _segment_unknown(query, position, (length, segment))
        if not found and (
            is_plain_stop_word(query, position, capitals_informative=capitals_informative)
            or is_qualifier(query, position)
        ):
            length = 1
        elif not found and may_be_name(
            query.tokens, position, cased=cased, inside=bool(unknown or segments)
        ):
            unknown.append(query.at(position))
            position += 1
            continue
        elif not found:
            length, found = 1, [word_segment(query.at(position))]
        end_name()
        if found:
            length, found = _name_within_phrase(query, position, (length, found))
        segments += found
        position += length
    end_name()
    return segments


def _introduction_length(query: QueryText, position: int) -> int:
    """Return how many tokens at a position introduce what follows, and are omitted; else 0."""
    lead = lead_phrase_length(query, position)
    return lead or description_length(query, position)


def _segment_unknown(
    query: QueryText,
    position: int,
    known: tuple[int, QuerySegment | None],
) -> tuple[int, list[QuerySegment]]:
    """Segment a token that has no entity: as a compound, a German noun or a person.

    `known` is the result of `link_known` at this position (length and segment); it is returned as
    it is where none of these readings applies.
    """
    length, segment = known
    is_entity = segment is not None and bool(segment.entity)
    halves = (
        split_compound(query.at(position), query.language, query.lexicon)
        if length <= 1 and not is_entity
        else []
    )
    if halves and (
        segment is None or is_linked_by_one_half(segment, halves, query.language, query.lexicon)
    ):
        return 1, halves
    if (
        segment is None
        and query.language == "de"
        and is_german_noun(query.at(position), query.lexicon.dictionary)
    ):
        return 1, [replace(word_segment(query.at(position)), is_known=True)]
    if segment is None and is_person_in_lower_case(query, position):
        capitals = tuple(map(_capitalized, query.span(position, 2)))
        return 2, [resolve_ambiguous_name(name_segment(capitals), query.lexicon)]
    return length, [segment] if segment else []


def _read_roman_numerals(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Convert lower-case Roman numerals behind another word into figures.

    Numerals have at least two letters; for example: "artemis ii" becomes "artemis 2".
    """
    return tuple(
        word._replace(norm=numeral, stem=numeral, shape=FIGURE)
        if position
        and word.shape == LOWER
        and len(word.norm) > 1
        and (numeral := ROMAN.get(word.norm.upper(), ""))
        else word
        for position, word in enumerate(tokens)
    )


def _name_within_phrase(
    query: QueryText,
    position: int,
    known: tuple[int, list[QuerySegment]],
) -> tuple[int, list[QuerySegment]]:
    """Add the name or concept that overlaps the segments found at a position.

    A concept phrase may begin with a name ("AI bubble") or contain one ("leaving Russia"); both are
    kept. A place in lower case that begins a longer concept phrase is dropped; for example: "paris
    sportifs" are bets, not Paris. A company in a deal with another one keeps its name only ("nvidia
    arm deal").

    Returns how many tokens all segments cover together, and the segments.
    """
    length, (segment, *others) = known
    if segment.entity and link_company(query, position):
        return length, [segment, *others]
    if segment.entity:
        phrase_length, concept = link_concept(query, position)
        if concept is None or phrase_length <= length:
            return length, [segment, *others]
        lower_case_place = query.at(position).shape == LOWER and is_place_or_government(
            segment, query.lexicon
        )
        return phrase_length, [concept] if lower_case_place else [segment, *others, concept]
    end = position + length
    starts = [start for start in range(position + 1, end) if query.at(start).shape != LOWER]
    inner_names = [link_entity(query.with_tokens(query.tokens[:end]), start) for start in starts]
    return length, [segment, *others, *(name for _, name in filter(None, inner_names))]


def _name_segments(unknown: list[Token], lexicon: Lexicon) -> list[QuerySegment]:
    """Build name segments from the tokens of an unknown name.

    Tokens that end with a geographic noun ("River", "Square") are one name. If each token alone
    resolves to an entity, each is a name of its own ("Kane Bayern"). The same holds for two tokens
    of which the second is a company or an organisation, if the first is neither an alias nor a
    given name ("Quux Arsenal"). All others are cut by `name_segments`.
    """
    if unknown and unknown[-1].norm in word_list("grounds"):
        return [resolve_ambiguous_name(segment, lexicon) for segment in name_segments(unknown)]
    single_names = [
        resolve_ambiguous_name(segment, lexicon)
        for word in unknown
        for segment in name_segments([word])
    ]
    if len(single_names) > 1 and all(segment.entity for segment in single_names):
        return single_names
    if (
        len(single_names) == _TWO_TOKENS
        and lexicon.gazetteer.kind(single_names[1].entity) in _ORGANISATION_KINDS
        and unknown[0].norm not in word_list("given")
        and not is_an_alias(unknown[0], lexicon.gazetteer)
    ):
        return single_names
    return [resolve_ambiguous_name(segment, lexicon) for segment in name_segments(unknown)]


_TWO_TOKENS = 2
_ORGANISATION_KINDS = frozenset({"company", "organisation"})


def _continues_name(
    query: QueryText,
    position: int,
    known: tuple[int, QuerySegment | None],
) -> bool:
    """Return whether the token at a position belongs to the unknown name before it.

    `known` is the result of `link_known` here. Three cases continue a name: a concept word that
    begins with the end of a name ("Air" in "Sriwijaya Air crash"), an unknown segment that ends
    with a figure ("Story 5" in "Toy Story 5"), and a preposition between capitalised unknown words
    ("of" in "Isle of Quux").
    """
    length, segment = known
    if segment and segment.kind == CONCEPT:
        office = query.at(position).norm in word_list("offices")
        return (
            not office
            and capitals_are_informative(query.tokens)
            and cuts_a_name(query.tokens, position, length)
        )
    if segment:
        return not segment.is_known and query.at(position + length - 1).shape == FIGURE
    following = query.span(position + 1, 1)
    return (
        query.at(position).shape == LOWER
        and query.at(position).norm in word_list("inside")
        and bool(following)
        and following[0].shape == CAPITAL
        and link_known(query, position + 1)[1] is None
    )


def _capitalized(word: Token) -> Token:
    """Return the token with an initial capital."""
    return word._replace(text=word.text.title(), shape=CAPITAL)
