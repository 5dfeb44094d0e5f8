"""Truecasing: lower-casing capitals that mark no name, and display of segments as typed.

Input: the tokens of a query. Output: the same tokens, some of them in lower case. `truecase`
handles, in this order, the first word of a question, a headline in title case ("Bondi Beach
Shooting") and the first word of a sentence ("Stablecoin bill"). `add_lower_case_forms` and
`show_as_typed` adapt the segments afterwards.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import NAME
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.segmentation.dictionary_linking import find_entries
from tracker.stories.segmentation.entity_linking import link_entity, link_half_known_name
from tracker.stories.segmentation.name_recognition import law_or_body_length
from tracker.stories.text.casing import (
    CAPITALIZING,
    capitals_are_informative,
    is_typed_in_lower_case,
)
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, token_spans, tokenize
from tracker.stories.text.wordlists import open_words, plain_words, qualifiers, word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.segmentation.query_text import QueryText
    from tracker.stories.text.tokenization import Token


def truecase(query: QueryText) -> tuple[Token, ...]:
    """Return the tokens of a query, in lower case where a capital does not mark a name."""
    if _is_question(query) or _begins_with_a_verb(query):
        query = query.with_tokens((_lower_cased(query.at(0)), *query.tokens[1:]))
    is_headline = query.language in CAPITALIZING and not capitals_are_informative(query.tokens)
    if len(query.tokens) > 1 and is_headline:
        return _truecase_headline(query)
    if is_typed_in_lower_case(query.tokens):
        return _truecase_sentence(query)
    return query.tokens


def add_lower_case_forms(
    segment: QuerySegment,
    typed: Sequence[Token],
    query: QueryText,
) -> QuerySegment:
    """Let an unknown name match lower-case text too, where it may be an ordinary word.

    `typed` are the tokens before truecasing; `query` holds those after it. In a headline any
    unknown name qualifies. In a query with one capital, only the first word does ("Shoes off"). It
    does not if a known name begins with it, or if it is a common word and the whole query.
    """
    if segment.kind != NAME or segment.entity:
        return segment
    if is_typed_in_lower_case(typed):
        first = typed[0].norm
        if segment.forms[ANY_LANGUAGE][0].tokens[0] != first or query.lexicon.gazetteer.starting(
            first.removesuffix("s")
        ):
            return segment
        if len(typed) == 1 and query.lexicon.is_common(typed[0].text, query.language):
            return segment
    elif query.tokens == typed:
        return segment
    forms = tuple(form._replace(text=form.text.lower()) for form in segment.forms[ANY_LANGUAGE])
    return replace(segment, forms={**segment.forms, ANY_LANGUAGE: forms})


def _is_question(query: QueryText) -> bool:
    """Return whether a query is a question that begins like a name: "Will Assange be extradited".

    The first token is a stop word and a given name, a known name follows, and there are at least
    four tokens.
    """
    if (
        query.language != "en"
        or len(query.tokens) < _SHORTEST_QUESTION
        or query.at(0).shape != CAPITAL
    ):
        return False
    first = query.at(0)
    is_stop_word = is_stop_word_here_or_in_english(first, query.language)
    if not is_stop_word or first.norm not in word_list("given") or link_entity(query, 0):
        return False
    norms = tuple(word.norm for word in query.tokens[1:])
    aliases = query.lexicon.gazetteer.starting(norms[0])
    return any(norms[: len(form.tokens)] == form.tokens for form, _ in aliases)


_SHORTEST_QUESTION = 4
"""The fewest tokens of a question."""


def _begins_with_a_verb(query: QueryText) -> bool:
    """Return whether a German question begins with a plain verb: "Kommt der Kampfjet"."""
    return (
        query.language == "de"
        and len(query.tokens) > 1
        and query.at(0).shape == CAPITAL
        and query.at(0).stem in plain_words(query.language)
        and not is_german_noun(query.at(0), query.lexicon.dictionary)
        and not is_an_alias(query.at(0), query.lexicon.gazetteer)
    )


def _truecase_sentence(query: QueryText) -> tuple[Token, ...]:
    """Lower-case the first token of a sentence, if it is a common word: "Stablecoin bill".

    The token keeps its capital where it is an alias itself ("Bears stadium"), where nothing is
    known of it, or before a figure ("Line 5"). A given name loses it, and so does the first token
    of a known person ("Kawhi leonard"), which is then linked in lower case.
    """
    first, following = query.tokens[:1], query.tokens[1:2]
    if not following or first[0].shape != CAPITAL or following[0].shape == FIGURE:
        return query.tokens
    norm = first[0].norm
    if len(norm) == 1:
        return query.tokens
    lower_cased = (_lower_cased(first[0]), *query.tokens[1:])
    linked = link_entity(query.with_tokens(lower_cased), 0)
    if linked and linked[0] > 1 and linked[1].is_person:
        return lower_cased
    if is_an_alias(first[0], query.lexicon.gazetteer):
        return query.tokens
    is_given_name = norm in word_list("given")
    return lower_cased if is_given_name or _is_common_word(first[0], query) else query.tokens


def _truecase_headline(query: QueryText) -> tuple[Token, ...]:
    """Lower-case the concepts of a headline, and common words that stand alone.

    Names keep their capitals; for example: "Bondi Beach" in "Bondi Beach Shooting". A headline
    without any concept is returned as it is: "Ever Given" is a ship.
    """
    lower_cased = tuple(_lower_cased(word) for word in query.tokens)
    lowered, is_known = [False] * len(query.tokens), [False] * len(query.tokens)
    title_case = query.language == "en"  # every word has a capital, not only nouns
    concept_count = position = 0
    while position < len(query.tokens):
        before = query.at(position - 1) if position else None
        linked = link_entity(query, position)
        linked = linked or link_half_known_name(query, position)
        name_length = linked[0] if linked else law_or_body_length(query.tokens, position)
        concept_length = _concept_length(query.with_tokens(lower_cased), position)
        follows_given_name = before is not None and before.norm in word_list("given")
        if name_length and name_length >= concept_length:
            is_known[position : position + name_length] = [True] * name_length
            position += name_length
        elif (
            concept_length
            and not (follows_given_name and title_case)
            and not is_an_alias(query.at(position), query.lexicon.gazetteer)
        ):
            lowered[position : position + concept_length] = [True] * concept_length
            concept_count += 1
            position += concept_length
        else:
            lowered[position] = title_case and is_stop_word_here_or_in_english(
                query.at(position), query.language
            )
            position += 1
    if not concept_count:
        return query.tokens
    for position, word in enumerate(query.tokens if title_case else ()):
        neighbours = (n for n in (position - 1, position + 1) if 0 <= n < len(query.tokens))
        isolated = not is_known[position] and all(lowered[n] or is_known[n] for n in neighbours)
        if (
            isolated
            and _is_common_word(word, query)
            and not is_an_alias(word, query.lexicon.gazetteer)
        ):
            lowered[position] = True
    return tuple(lower_cased[n] if lowered[n] else word for n, word in enumerate(query.tokens))


def _concept_length(query: QueryText, position: int) -> int:
    """Return how many tokens at a position denote a concept; 0 for none.

    A single token has to be listed as typed, or with an inflection: "Stream" is not streaming.
    """
    word = query.at(position)
    if word.norm in open_words(query.language):
        return 1
    length, segment = link_concept(query, position)
    if segment is None or length > 1:
        return length
    matches = (
        meaning
        for each in {word.text, *map(word.text.removesuffix, _INFLECTIONS)}
        for meaning in query.lexicon.meanings((each,), query.language)
    )
    return length if any(meaning.exact and not meaning.foreign for meaning in matches) else 0


_INFLECTIONS = ("s", "es", "d", "ed", "ing")
"""English inflections that may follow a listed form."""


def _is_common_word(word: Token, query: QueryText) -> bool:
    """Return whether a token is a common word, whatever its case."""
    if is_stop_word_here_or_in_english(word, query.language) or query.lexicon.is_common(
        word.text, query.language
    ):
        return True
    if any(
        entry["en"][0].islower()
        for entry in find_entries((word,), query.language, query.lexicon)[1]
    ):
        return True
    return any(word.norm in listed(query.language) for listed in (qualifiers, open_words))


def _lower_cased(word: Token) -> Token:
    """Return a capitalised token in lower case; any other as it is."""
    if word.shape != CAPITAL:
        return word
    return word._replace(text=word.text.lower(), shape=LOWER)


def show_as_typed(segments: list[QuerySegment], text: str) -> list[QuerySegment]:
    """Restore the typed spelling of segments, with accents and hyphens.

    `text` is the query as typed. Segment texts and forms are replaced by the span of `text` with
    the same normalised tokens.
    """
    # Fast path for most queries.
    if text.isascii() and all(segment.text in text for segment in segments):
        return segments
    text = unicodedata.normalize("NFC", text)
    tokens, spans = tokenize(text, ""), token_spans(text)
    norms = [word.norm for word in tokens]

    def typed(shown: str) -> str:
        shown_norms = [word.norm for word in tokenize(shown, "")]
        length = len(shown_norms)
        start = next((n for n in range(len(norms)) if norms[n : n + length] == shown_norms), None)
        if start is not None:
            return text[spans[start][0] : spans[start + length - 1][1]]
        return next(filter(None, (_typed_half(shown, text[a:b]) for a, b in spans)), shown)

    def spelled(form: SurfaceForm) -> SurfaceForm:
        as_typed = typed(form.text)
        bare = " ".join(word.text for word in tokenize(as_typed, ""))
        if form.text == bare.lower():  # a lower-case form stays in lower case
            return form._replace(text=as_typed.lower())
        return form._replace(text=as_typed) if form.text == bare else form

    return [
        replace(
            segment,
            text=typed(segment.text),
            forms={**segment.forms, ANY_LANGUAGE: tuple(map(spelled, segment.forms[ANY_LANGUAGE]))},
        )
        for segment in segments
    ]


def _typed_half(shown: str, word: str) -> str:
    """Return the half of a compound as it is typed; "" if the word does not contain it.

    Words that change their length when normalised ("ß") are left alone, because the offsets would
    differ.
    """
    length, normalized = len(shown), normalize(word)
    if len(normalized) != len(word) or normalized == word.casefold():
        return ""
    if normalized.startswith(normalize(shown)):
        return word[:length]
    return shown[:1] + word[1 - length :] if normalized.endswith(normalize(shown)) else ""
