"""Query rewriting: words that are dropped, moved or replaced before and during segmentation.

Input: the text or the tokens of a query. Output: a shorter or reordered text, the number of tokens
to omit, or changed segments. Rewriting covers, in the order in which the segmenter applies it:

1. descriptions joined by a hyphen ("London-bound"): `remove_descriptions`;
2. phrases split by a name ("take Tesla private"): `close_split_phrases`;
3. causes ("because of …"): `split_at_cause` and `join_cause`;
4. lead phrases, descriptions, version numbers and amounts to omit: `lead_phrase_length`,
   `description_length`, `omitted_length`, `is_qualifier`;
5. final particles ("aws down"): `link_final_particle`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import CONCEPT, NAME, WORD, YEAR
from tracker.stories.segmentation.concept_linking import link_concept, named_concepts
from tracker.stories.segmentation.entity_linking import link_entity, link_half_known_name
from tracker.stories.segmentation.name_recognition import is_model_token
from tracker.stories.segmentation.query_text import QueryText
from tracker.stories.text.quantities import DATED, MONTHS, is_unit
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import FIGURE, LOWER, token_spans, tokenize
from tracker.stories.text.wordlists import (
    appositions,
    causes,
    endings,
    leads,
    qualifiers,
    word_list,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


_HYPHENATED = re.compile(r"[^\W_]+-([^\W\d_]+)(?=\s+\w)")


def remove_descriptions(text: str) -> str:
    """Remove hyphenated words that describe the word behind them: "London-bound Air India"."""
    kept = _HYPHENATED.sub(
        lambda match: "" if match[1].lower() in word_list("describing") else match[0], text
    )
    return " ".join(kept.split()) if kept != text else text


def is_place_or_government(segment: QuerySegment, lexicon: Lexicon) -> bool:
    """Return whether a segment is a known place, a country or a government."""
    return segment.is_place or lexicon.gazetteer.kind(segment.entity) == "government"


def lead_phrase_length(query: QueryText, position: int) -> int:
    """Return how many tokens at a position are a lead phrase: "in talks to buy"; else 0.

    A lead phrase says how far a development has come. It is typed in lower case, and something
    follows it.
    """
    if query.at(position).shape != LOWER:
        return 0
    norms = query.norms_from(position)
    length = next(
        (len(phrase) for phrase in leads(query.language) if norms[: len(phrase)] == phrase), 0
    )
    return length if length < len(norms) else 0


def description_length(query: QueryText, position: int) -> int:
    """Return how many tokens at a position say what the name behind them is; else 0.

    A description is a country and a class noun; for example: "Chinese tech giant" before "Huawei".
    Without a name behind it, as in "ban of a Chinese firm", it is not a description. A place or a
    government is not described either.
    """
    country = link_entity(query, position)
    if country is None or query.lexicon.gazetteer.kind(country[1].entity) != "country":
        return 0
    class_nouns = appositions(query.language) | word_list("makers")
    for end in range(
        position + country[0] + 1,
        min(position + country[0] + _LONGEST_DESCRIPTION, len(query.tokens)),
    ):
        if query.tokens[end - 1].shape != LOWER:
            return 0
        linked = link_entity(query, end) if query.tokens[end - 1].norm in class_nouns else None
        if linked:
            return 0 if is_place_or_government(linked[1], query.lexicon) else end - position
    return 0


_LONGEST_DESCRIPTION = 3
"""Tokens from the country up to the name, exclusive, are fewer than this: US tech firm Quux."""


def link_final_particle(segments: list[QuerySegment], query: QueryText) -> list[QuerySegment]:
    """Link a final particle to the concept of an outage: "aws down".

    Only behind something that can be down: prices and sales are "down" in another sense. The list
    is empty where no particle is linked.
    """
    if len(query.tokens) <= 1 or not segments:
        return []
    last = query.at(-1)
    phrase = endings().get(last.norm)
    if phrase is None or not _may_be_down(segments[-1], query.lexicon):
        return []
    _, concept = link_concept(QueryText(tokenize(phrase, "en"), "en", query.lexicon), 0)
    return [replace(concept, text=last.text, forms={ANY_LANGUAGE: ()})] if concept else []


def _may_be_down(segment: QuerySegment, lexicon: Lexicon) -> bool:
    """Return whether a segment is a service: a name of no person or place, or a kind of system."""
    if segment.kind == NAME:
        return not segment.is_person and not is_place_or_government(segment, lexicon)
    last = tokenize(segment.text, "")[-1].norm.removesuffix("s")
    return last in word_list("programs") | word_list("systems")


def is_qualifier(query: QueryText, position: int) -> bool:
    """Return whether a token is a qualifier that reports leave out: "bad" in "bad flu season".

    In a query of two tokens it may be half of a title ("worst roommates"), so it is a qualifier
    only before a word that names a concept.
    """
    word = query.at(position)
    is_listed = word.norm in qualifiers(query.language) or word.norm in qualifiers("en")
    if word.shape != LOWER or not is_listed:
        return False
    if len(query.tokens) >= _THREE_TOKENS:
        return True
    _, concept = link_concept(query, position + 1) if query.tokens[position + 1 :] else (0, None)
    return concept is not None and bool(named_concepts(concept))


_THREE_TOKENS = 3
"""The fewest tokens of a query in which a qualifier or a leading number is omitted."""


def omitted_length(
    query: QueryText,
    position: int,
    before: tuple[list[Token], list[QuerySegment]],
) -> int:
    """Return how many tokens at a position reports leave out or write differently; else 0.

    `before` holds the tokens of an unfinished unknown name and the segments so far. Omitted are

    - versions of products ("Pro" in "Pixel 10 Pro"); behind an unknown word the version belongs to
      it ("Surface Pro");
    - numbered parts ("season 3") and amounts ("30 billion", "35,000");
    - days of a month;
    - a leading count of a common noun ("150 citizens"); other leading figures may be a name
      ("1984", "60 Minutes").
    """
    word, following = query.at(position), query.span(position + 1, 1)
    if word.shape != FIGURE:
        versions = word.shape != LOWER and word.norm in word_list("versions")
        return int(versions and _ends_with_product(*before, query.lexicon))
    if following and is_unit(following[0].norm):
        return 2
    if following and following[0].norm in DATED:
        return 1 if following[0].norm in MONTHS else 2
    if position:
        last = query.at(position - 1).norm
        of_month = last in MONTHS and len(word.norm) < YEAR
        is_numbered = last in word_list("counted") or last in word_list("articles")
        return int(of_month or is_numbered or len(word.norm) > YEAR)
    if len(query.tokens) < _THREE_TOKENS or len(word.norm) == YEAR:
        return 0
    german_noun = query.language == "de" and is_german_noun(following[0], query.lexicon.dictionary)
    return int(german_noun or following[0].shape == LOWER)


def _ends_with_product(
    unknown: list[Token], segments: list[QuerySegment], lexicon: Lexicon
) -> bool:
    """Return whether the words so far end with a name that may have versions.

    That is a product, a company, or a name of unknown kind, but not a person.
    """
    if unknown:
        return is_model_token(unknown[-1])
    last = segments[-1] if segments else None
    return (
        last is not None
        and last.kind == NAME
        and lexicon.gazetteer.kind(last.entity) in {"", "company", "product"}
    )


def split_at_cause(text: str, language: str) -> tuple[str, str]:
    """Split a text at an expression of cause; the second part is "" where there is none.

    For example: "airline layoffs because of Covid" gives "airline layoffs" and "Covid".
    """
    typed = text.split()
    norms = [" ".join(word.norm for word in tokenize(each, language)) for each in typed]
    for position in range(1, len(typed)):
        for phrase in causes(language):
            end = position + len(phrase)
            if end < len(typed) and tuple(norms[position:end]) == phrase:
                return " ".join(typed[:position]), " ".join(typed[end:])
    return text, ""


def join_cause(
    segments: Sequence[QuerySegment], cause: Sequence[QuerySegment]
) -> list[QuerySegment]:
    """Join the segments of a query and of its cause.

    Names in the cause are dropped if the rest holds a concept and a second informative segment; for
    example: reports of "airline layoffs" need not mention Covid.
    """
    informative = [segment for segment in segments if segment.kind != WORD and not segment.optional]
    drop_names = len(informative) > 1 and any(segment.kind == CONCEPT for segment in informative)
    return [*segments, *(each for each in cause if not (drop_names and each.kind == NAME))]


def close_split_phrases(text: str, language: str, lexicon: Lexicon) -> str:
    """Move a name in front of the listed phrase that it splits.

    For example: "take Tesla private" becomes "Tesla take private".
    """
    query, spans = QueryText(tokenize(text, language), language, lexicon), token_spans(text)
    tokens = query.tokens
    if len(tokens) != len(spans):
        return text
    for position, word in enumerate(tokens[:-2]):
        name_length = _inner_name_length(query, position)
        end = position + 1 + name_length
        if (
            name_length
            and end < len(tokens)
            and _begins_listed_phrase(query.with_tokens((word, *tokens[end:])))
            and not any(
                _is_listed_phrase(query.with_tokens(tokens[start:]), end - start)
                for start in range(position, end)
            )
        ):
            phrase_start, name_start = spans[position][0], spans[position + 1][0]
            name_end = spans[end][0]
            name = text[name_start:name_end].rstrip()
            return f"{text[:phrase_start]}{name} {text[phrase_start:name_start]}{text[name_end:]}"
    return text


def _inner_name_length(query: QueryText, position: int) -> int:
    """Return how many tokens behind a position are a name; 0 for none.

    0 too if a name already begins at the position itself, as in "Air France". An unknown name is
    recognised by its capital behind a lower-case token.
    """
    linked = link_entity(query, position)
    if (linked and linked[0] > 1) or link_half_known_name(query, position):
        return 0
    if known := link_entity(query, position + 1):
        return known[0]
    return int(query.at(position).shape == LOWER != query.at(position + 1).shape)


def _begins_listed_phrase(query: QueryText) -> bool:
    """Return whether the tokens begin with a listed phrase of at least two tokens.

    False where the first token names a concept alone ("approves Nexstar deal"), except before a
    stop word ("shut TikTok down").
    """
    first_matches = query.lexicon.meanings((query.at(0).text,), query.language)
    if any(not each.foreign for each in first_matches) and not is_stop_word_here_or_in_english(
        query.at(1), query.language
    ):
        return False
    return _is_listed_phrase(query, 2)


def _is_listed_phrase(query: QueryText, length: int) -> bool:
    """Return whether a listed phrase of at least `length` and of two tokens begins here.

    A phrase that already contains the name is not split by it; for example: "frozen Russian
    assets".
    """
    matches = query.lexicon.meanings(tuple(word.text for word in query.tokens), query.language)
    return any(each.size >= max(length, 2) and each.exact and not each.foreign for each in matches)
