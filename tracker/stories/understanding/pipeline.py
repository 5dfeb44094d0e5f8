"""The pipeline from a parsed query to its interpretation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.query.language import language_of
from tracker.stories.query.model import CONCEPT, NAME, PHRASE, WORD, Part, Understanding, is_date
from tracker.stories.query.syntax import Query, parse
from tracker.stories.segmentation.concept_linking import joined, named_concepts
from tracker.stories.segmentation.name_recognition import name
from tracker.stories.segmentation.segmenter import segments
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import word_list
from tracker.stories.understanding.roles import is_told_first, with_roles

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.syntax import Clause, Term
    from tracker.stories.text.tokenization import Token


def understand(query: Query, vocabulary: Lexicon) -> Understanding:
    """Find the parts of a query; every clause that is not a limit gives at least one."""
    language = language_of(query, vocabulary)
    found = _understood(query, language, vocabulary)
    countries = [part for part in found.parts if vocabulary.geography.has(part.entity)]
    if len(found.parts) == 1 or len(countries) != 1 or countries[0].required:
        return found
    (country,) = countries
    if _governs(country, query) and any(p.kind == NAME for p in found.parts if p is not country):
        return found
    unsaid = _without(query, tokenize(country.text, ""))
    at_home = _as_open_as(found, _understood(unsaid, language, vocabulary, country.entity))
    if all(part.open or is_date(part) for part in at_home.parts):
        return found
    return replace(found, country=country.entity, at_home=at_home)


def _as_open_as(whole: Understanding, at_home: Understanding) -> Understanding:
    """Leave open at home the words that are beside the country."""
    left_open = {part.text for part in whole.parts if part.open and part.kind == WORD}
    parts = [
        replace(part, open=True) if part.kind == WORD and part.text in left_open else part
        for part in at_home.parts
    ]
    return replace(at_home, parts=tuple(parts))


def _governs(country: Part, query: Query) -> bool:
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


def _understood(
    query: Query, language: str, vocabulary: Lexicon, country: str = ""
) -> Understanding:
    parts: list[Part] = []
    excluded: list[Part] = []
    limits: list[Clause] = []
    run: list[str] = []

    def close_run() -> None:
        parts.extend(segments(" ".join(run), language, vocabulary))
        run.clear()

    for clause in query.clauses:
        first = clause.terms[0]
        if clause.is_limit:
            limits.append(clause)
        elif clause.excluded:
            excluded.append(_literal(first))
        elif len(clause.terms) == 1 and not first.quoted and not first.field:
            run.append(first.text)
        else:
            close_run()
            parts.append(_alternatives(clause.terms, language, vocabulary))
    close_run()
    bare = [t.text for c in query.clauses if not c.excluded for t in c.terms if not t.field]
    typed = tokenize(" ".join(bare), "")
    if not parts:  # function words alone are meant, as in The Who
        parts = [name(typed)] if typed else []
    found = [*with_roles(_unique(parts), language, vocabulary, country)]
    return Understanding(
        tuple(_with_what_happens(found, typed, language)), tuple(excluded), tuple(limits)
    )


def _with_what_happens(parts: list[Part], typed: tuple[Token, ...], language: str) -> list[Part]:
    """Mark the first part that tells something if it says what happens, and not to what."""
    telling = (n for n, part in enumerate(parts) if not (part.open and part.kind == WORD))
    number = next(telling, None)
    if number is None or parts[number].kind != CONCEPT or parts[number].open:
        return parts
    first = parts[number]
    folds = [word.norm for word in tokenize(first.text, "")]
    places = range(len(typed) - len(folds) + 1)
    begins = (at for at in places if [w.norm for w in typed[at : at + len(folds)]] == folds)
    happens = is_told_first(first, typed[next(begins, 0) :], language)
    return [*parts[:number], replace(first, happens=happens), *parts[number + 1 :]]


def _literal(term: Term) -> Part:
    read = tokenize(term.text, "")
    form = SurfaceForm(term.text, tuple(word.norm for word in read))
    return Part(term.text, PHRASE, {ANY_LANGUAGE: (form,)}, field=term.field)


def _without(query: Query, name: tuple[Token, ...]) -> Query:
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


def _alternatives(terms: tuple[Term, ...], language: str, vocabulary: Lexicon) -> Part:
    """Make one part of terms joined by OR, or of a phrase or a word in a given field."""
    found: list[Part] = []
    for term in terms:
        if term.quoted:
            found.append(_literal(term))
        else:
            found.extend(segments(term.text, language, vocabulary))
            if not found:
                found.append(_literal(term))
    merged: dict[str, tuple[SurfaceForm, ...]] = {}
    for part in found:
        for code, forms in part.forms.items():
            merged[code] = merged.get(code, ()) + forms
    return replace(
        found[0],
        text=" OR ".join(term.text for term in terms),
        forms=merged,
        senses=tuple(sense for part in found for sense in part.senses),
        field=terms[0].field,
        required=any(term.quoted or term.field for term in terms),
        concepts=tuple(concept for part in found for concept in part.concepts),
    )


def _unique(parts: list[Part]) -> list[Part]:
    """Leave each name and word out where it comes again, and join what names one concept."""
    seen: set[tuple[str, str, str]] = set()
    kept: list[Part] = []
    for part in parts:
        key = (part.kind, part.entity, "" if part.entity else part.text.casefold())
        named = named_concepts(part)
        alike = next((n for n, k in enumerate(kept) if named and named_concepts(k) == named), None)
        if alike is not None:
            kept[alike] = joined(kept[alike], part)
        elif key not in seen:
            kept.append(part)
            seen.add(key)
    return kept


def widen(query: str, name: str, vocabulary: Lexicon) -> str | None:
    """Give a query to which another name will do as well as its first one.

    None where it has none that is one bare word (or several joined by OR): of "Elizabeth Holmes"
    an OR would take the last word only.
    """
    parsed = parse(query, strict=False)
    names = {
        part.text
        for part in understand(parsed, vocabulary).parts
        if part.kind == NAME and not part.context and not part.field and not part.required
    }
    said = [str(clause) for clause in parsed.clauses]
    place = next((n for n, clause in enumerate(said) if clause in names), None)
    if place is None:
        return None
    said[place] += f" OR {name}"
    return " ".join(said)
