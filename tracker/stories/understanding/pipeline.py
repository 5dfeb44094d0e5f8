"""Query understanding: from a parsed query to its interpretation.

Input: a `Query` (clauses) and the lexicon. Output: a `QueryInterpretation`. The passes, in order:

1. Detect the language of the query.
2. Sort the clauses: limits, excluded terms, alternatives and required terms; the bare words between
   them are cut by `segment_words`.
3. Remove duplicate segments, and merge those that name the same concept.
4. Assign roles, infer names and expand (`roles.assign_roles`).
5. Mark the first segment as the event, if the query begins with what happens.
6. If the query names exactly one country, interpret it a second time without the country, for
   reports of that country's own outlets.

`add_alternative` adds an OR to the text of a query.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.query.language import query_language
from tracker.stories.query.model import (
    CONCEPT,
    NAME,
    PHRASE,
    WORD,
    QueryInterpretation,
    QuerySegment,
    is_date_segment,
)
from tracker.stories.query.syntax import Query, parse
from tracker.stories.segmentation.concept_linking import merge_segments, named_concepts
from tracker.stories.segmentation.name_recognition import name_segment
from tracker.stories.segmentation.segmenter import segment_words
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import word_list
from tracker.stories.understanding.roles import assign_roles, begins_with_event

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.syntax import Clause, Term
    from tracker.stories.text.tokenization import Token


def interpret(query: Query, lexicon: Lexicon) -> QueryInterpretation:
    """Interpret a query; every clause that is not a limit gives at least one segment.

    The domestic interpretation (without the country) is left out where the country is the only
    segment, is required, acts on another name as a government, or where nothing specific would be
    left.
    """
    language = query_language(query, lexicon)
    interpretation = _interpret_clauses(query, language, lexicon)
    countries = [
        segment for segment in interpretation.segments if lexicon.geography.has(segment.entity)
    ]
    if len(interpretation.segments) == 1 or len(countries) != 1 or countries[0].is_required:
        return interpretation
    (country,) = countries
    if _is_government_action(country, query) and any(
        p.kind == NAME for p in interpretation.segments if p is not country
    ):
        return interpretation
    shortened = _without_tokens(query, tokenize(country.text, ""))
    domestic = _copy_optional(interpretation, _interpret_clauses(shortened, language, lexicon))
    if all(segment.optional or is_date_segment(segment) for segment in domestic.segments):
        return interpretation
    return replace(interpretation, country=country.entity, domestic=domestic)


def _copy_optional(
    whole: QueryInterpretation, domestic: QueryInterpretation
) -> QueryInterpretation:
    """Mark the words of the domestic interpretation optional that are so in the whole query."""
    optional_words = {
        segment.text for segment in whole.segments if segment.optional and segment.kind == WORD
    }
    segments = [
        replace(segment, optional=True)
        if segment.kind == WORD and segment.text in optional_words
        else segment
        for segment in domestic.segments
    ]
    return replace(domestic, segments=tuple(segments))


def _is_government_action(country: QuerySegment, query: Query) -> bool:
    """Return whether a country in the query stands before a word for its government.

    For example: "US government stake in Intel". Outlets of that country name the government too,
    because not every stake is the state's.
    """
    typed = tokenize(str(query), "")
    length = len(tokenize(country.text, ""))
    return any(
        typed[position].norm in word_list("governments")
        and " ".join(word.text for word in typed[position - length : position]) == country.text
        for position in range(length, len(typed))
    )


def _interpret_clauses(query: Query, language: str, lexicon: Lexicon) -> QueryInterpretation:
    """Interpret the clauses in one language.

    `country` is the entity id of a country that the query leaves out; "" for none.
    """
    segments: list[QuerySegment] = []
    excluded: list[QuerySegment] = []
    limits: list[Clause] = []
    bare_words: list[str] = []

    def close_bare_words() -> None:
        segments.extend(segment_words(" ".join(bare_words), language, lexicon))
        bare_words.clear()

    for clause in query.clauses:
        first = clause.terms[0]
        if clause.is_limit:
            limits.append(clause)
        elif clause.excluded:
            excluded.append(_literal_segment(first))
        elif len(clause.terms) == 1 and not first.quoted and not first.field:
            bare_words.append(first.text)
        else:
            close_bare_words()
            segments.append(_alternatives_segment(clause.terms, language, lexicon))
    close_bare_words()
    texts = [t.text for c in query.clauses if not c.excluded for t in c.terms if not t.field]
    typed = tokenize(" ".join(texts), "")
    if not segments:  # only stop words, which are meant as a name: "The Who"
        segments = [name_segment(typed)] if typed else []
    segments_with_roles = [*assign_roles(_without_duplicates(segments), language, lexicon)]
    return QueryInterpretation(
        tuple(_mark_event(segments_with_roles, typed, language)), tuple(excluded), tuple(limits)
    )


def _mark_event(
    segments: list[QuerySegment], typed: tuple[Token, ...], language: str
) -> list[QuerySegment]:
    """Mark the first informative segment as the event, if it says what happens."""
    informative = (
        n for n, segment in enumerate(segments) if not (segment.optional and segment.kind == WORD)
    )
    number = next(informative, None)
    if number is None or segments[number].kind != CONCEPT or segments[number].optional:
        return segments
    first = segments[number]
    norms = [word.norm for word in tokenize(first.text, "")]
    starts = range(len(typed) - len(norms) + 1)
    matches = (
        start for start in starts if [w.norm for w in typed[start : start + len(norms)]] == norms
    )
    is_event = begins_with_event(first, typed[next(matches, 0) :], language)
    return [*segments[:number], replace(first, is_event=is_event), *segments[number + 1 :]]


def _literal_segment(term: Term) -> QuerySegment:
    """Build a PHRASE segment of a term, without looking its words up."""
    tokens = tokenize(term.text, "")
    form = SurfaceForm(term.text, tuple(word.norm for word in tokens))
    return QuerySegment(term.text, PHRASE, {ANY_LANGUAGE: (form,)}, field=term.field)


def _without_tokens(query: Query, name: tuple[Token, ...]) -> Query:
    """Return the query without the bare words that consist of these tokens."""
    norms = {word.norm for word in name}
    kept = [
        clause
        for clause in query.clauses
        if clause.excluded
        or any(term.quoted or term.field for term in clause.terms)
        or not {word.norm for term in clause.terms for word in tokenize(term.text, "")} <= norms
    ]
    return Query(tuple(kept))


def _alternatives_segment(terms: tuple[Term, ...], language: str, lexicon: Lexicon) -> QuerySegment:
    """Build one segment of the terms of a clause.

    The clause is several terms joined by OR, a phrase, or a term with a field. A quoted term and a
    term with a field make the segment required.
    """
    segments: list[QuerySegment] = []
    for term in terms:
        if term.quoted:
            segments.append(_literal_segment(term))
        else:
            segments.extend(segment_words(term.text, language, lexicon))
            if not segments:
                segments.append(_literal_segment(term))
    merged: dict[str, tuple[SurfaceForm, ...]] = {}
    for segment in segments:
        for code, forms in segment.forms.items():
            merged[code] = merged.get(code, ()) + forms
    return replace(
        segments[0],
        text=" OR ".join(term.text for term in terms),
        forms=merged,
        senses=tuple(sense for segment in segments for sense in segment.senses),
        field=terms[0].field,
        is_required=any(term.quoted or term.field for term in terms),
        concepts=tuple(concept for segment in segments for concept in segment.concepts),
    )


def _without_duplicates(segments: list[QuerySegment]) -> list[QuerySegment]:
    """Drop repeated names and words, and merge segments that name the same concepts."""
    seen: set[tuple[str, str, str]] = set()
    kept: list[QuerySegment] = []
    for segment in segments:
        key = (segment.kind, segment.entity, "" if segment.entity else segment.text.casefold())
        concepts = named_concepts(segment)
        same_concepts = next(
            (n for n, k in enumerate(kept) if concepts and named_concepts(k) == concepts), None
        )
        if same_concepts is not None:
            kept[same_concepts] = merge_segments(kept[same_concepts], segment)
        elif key not in seen:
            kept.append(segment)
            seen.add(key)
    return kept


def add_alternative(query: str, name: str, lexicon: Lexicon) -> str | None:
    """Return the query with `name` as an alternative (OR) to its first name.

    None if no name is a clause of its own: in "Elizabeth Holmes", the OR would bind the last word
    only.
    """
    parsed = parse(query, strict=False)
    names = {
        segment.text
        for segment in interpret(parsed, lexicon).segments
        if segment.kind == NAME
        and not segment.background
        and not segment.field
        and not segment.is_required
    }
    clauses = [str(clause) for clause in parsed.clauses]
    position = next((n for n, clause in enumerate(clauses) if clause in names), None)
    if position is None:
        return None
    clauses[position] += f" OR {name}"
    return " ".join(clauses)
