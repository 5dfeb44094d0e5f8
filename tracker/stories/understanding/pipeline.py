"""The pipeline from a parsed query to its interpretation."""

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
    """Find the parts of a query; every clause that is not a limit gives at least one."""
    language = query_language(query, lexicon)
    found = _interpret_clauses(query, language, lexicon)
    countries = [segment for segment in found.segments if lexicon.geography.has(segment.entity)]
    if len(found.segments) == 1 or len(countries) != 1 or countries[0].is_required:
        return found
    (country,) = countries
    if _is_government_action(country, query) and any(
        p.kind == NAME for p in found.segments if p is not country
    ):
        return found
    unsaid = _without_tokens(query, tokenize(country.text, ""))
    at_home = _copy_optional(found, _interpret_clauses(unsaid, language, lexicon))
    if all(segment.optional or is_date_segment(segment) for segment in at_home.segments):
        return found
    return replace(found, country=country.entity, domestic=at_home)


def _copy_optional(whole: QueryInterpretation, at_home: QueryInterpretation) -> QueryInterpretation:
    """Leave open at home the words that are beside the country."""
    left_open = {
        segment.text for segment in whole.segments if segment.optional and segment.kind == WORD
    }
    segments = [
        replace(segment, optional=True)
        if segment.kind == WORD and segment.text in left_open
        else segment
        for segment in at_home.segments
    ]
    return replace(at_home, segments=tuple(segments))


def _is_government_action(country: QuerySegment, query: Query) -> bool:
    """Tell whether a query says of a country that its government does something.

    To somebody else that is named, it does so at home too: not every stake in a bank is a state's.
    """
    typed = tokenize(str(query), "")
    size = len(tokenize(country.text, ""))
    return any(
        typed[place].norm in word_list("governments")
        and " ".join(word.text for word in typed[place - size : place]) == country.text
        for place in range(size, len(typed))
    )


def _interpret_clauses(query: Query, language: str, lexicon: Lexicon) -> QueryInterpretation:
    segments: list[QuerySegment] = []
    excluded: list[QuerySegment] = []
    limits: list[Clause] = []
    run: list[str] = []

    def close_run() -> None:
        segments.extend(segment_words(" ".join(run), language, lexicon))
        run.clear()

    for clause in query.clauses:
        first = clause.terms[0]
        if clause.is_limit:
            limits.append(clause)
        elif clause.excluded:
            excluded.append(_literal_segment(first))
        elif len(clause.terms) == 1 and not first.quoted and not first.field:
            run.append(first.text)
        else:
            close_run()
            segments.append(_alternatives_segment(clause.terms, language, lexicon))
    close_run()
    bare = [t.text for c in query.clauses if not c.excluded for t in c.terms if not t.field]
    typed = tokenize(" ".join(bare), "")
    if not segments:  # function words alone are meant, as in The Who
        segments = [name_segment(typed)] if typed else []
    found = [*assign_roles(_without_duplicates(segments), language, lexicon)]
    return QueryInterpretation(
        tuple(_mark_event(found, typed, language)), tuple(excluded), tuple(limits)
    )


def _mark_event(
    segments: list[QuerySegment], typed: tuple[Token, ...], language: str
) -> list[QuerySegment]:
    """Mark the first part that tells something if it says what happens, and not to what."""
    telling = (
        n for n, segment in enumerate(segments) if not (segment.optional and segment.kind == WORD)
    )
    number = next(telling, None)
    if number is None or segments[number].kind != CONCEPT or segments[number].optional:
        return segments
    first = segments[number]
    folds = [word.norm for word in tokenize(first.text, "")]
    places = range(len(typed) - len(folds) + 1)
    begins = (at for at in places if [w.norm for w in typed[at : at + len(folds)]] == folds)
    happens = begins_with_event(first, typed[next(begins, 0) :], language)
    return [*segments[:number], replace(first, is_event=happens), *segments[number + 1 :]]


def _literal_segment(term: Term) -> QuerySegment:
    read = tokenize(term.text, "")
    form = SurfaceForm(term.text, tuple(word.norm for word in read))
    return QuerySegment(term.text, PHRASE, {ANY_LANGUAGE: (form,)}, field=term.field)


def _without_tokens(query: Query, name: tuple[Token, ...]) -> Query:
    """Leave the words of a name out of those that were typed side by side."""
    folds = {word.norm for word in name}
    kept = [
        clause
        for clause in query.clauses
        if clause.excluded
        or any(term.quoted or term.field for term in clause.terms)
        or not {word.norm for term in clause.terms for word in tokenize(term.text, "")} <= folds
    ]
    return Query(tuple(kept))


def _alternatives_segment(terms: tuple[Term, ...], language: str, lexicon: Lexicon) -> QuerySegment:
    """Make one part of terms joined by OR, or of a phrase or a word in a given field."""
    found: list[QuerySegment] = []
    for term in terms:
        if term.quoted:
            found.append(_literal_segment(term))
        else:
            found.extend(segment_words(term.text, language, lexicon))
            if not found:
                found.append(_literal_segment(term))
    merged: dict[str, tuple[SurfaceForm, ...]] = {}
    for segment in found:
        for code, forms in segment.forms.items():
            merged[code] = merged.get(code, ()) + forms
    return replace(
        found[0],
        text=" OR ".join(term.text for term in terms),
        forms=merged,
        senses=tuple(sense for segment in found for sense in segment.senses),
        field=terms[0].field,
        is_required=any(term.quoted or term.field for term in terms),
        concepts=tuple(concept for segment in found for concept in segment.concepts),
    )


def _without_duplicates(segments: list[QuerySegment]) -> list[QuerySegment]:
    """Leave each name and word out where it comes again, and join what names one concept."""
    seen: set[tuple[str, str, str]] = set()
    kept: list[QuerySegment] = []
    for segment in segments:
        key = (segment.kind, segment.entity, "" if segment.entity else segment.text.casefold())
        named = named_concepts(segment)
        alike = next((n for n, k in enumerate(kept) if named and named_concepts(k) == named), None)
        if alike is not None:
            kept[alike] = merge_segments(kept[alike], segment)
        elif key not in seen:
            kept.append(segment)
            seen.add(key)
    return kept


def add_alternative(query: str, name: str, lexicon: Lexicon) -> str | None:
    """Give a query to which another name will do as well as its first one.

    None where it has none that is one bare word (or several joined by OR): of "Elizabeth Holmes"
    an OR would take the last word only.
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
    said = [str(clause) for clause in parsed.clauses]
    place = next((n for n, clause in enumerate(said) if clause in names), None)
    if place is None:
        return None
    said[place] += f" OR {name}"
    return " ".join(said)
