"""Query expansion: further surface forms for the segments of a query.

Input: the segments of a query, with their roles. Output: the same segments with more forms, each
with a match level, or with fewer. The expansions, in the order in which `assign_roles` applies
them:

1. relatives of a person, by the surname (`add_relatives`);
2. members of a class: "social network", Instagram (`add_class_members`);
3. flight numbers of airlines, and airlines of flight numbers (`add_flight_numbers`);
4. holders of an office in a country (`add_office_holders`);
5. separation of names that are related to each other (`separate_related_names`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import ASSOCIATED, EXACT, INSTANCE, PARTIAL, SHORT_FORM
from tracker.stories.lexicon.flight_numbers import (
    DESIGNATOR,
    NUMBER_SIGN,
    airlines,
    designators_among,
    designators_by_name,
    flight_key,
)
from tracker.stories.lexicon.forms import AMBIGUOUS_MARK, ANY_LANGUAGE, SurfaceForm, parse_form
from tracker.stories.query.model import NAME
from tracker.stories.resources import split_list
from tracker.stories.text.tokenization import stems_of, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment


def add_office_holders(
    segment: QuerySegment, countries: list[str], lexicon: Lexicon
) -> QuerySegment:
    """Add the names of current and former heads of these countries to an office.

    Reports often name a prime minister without the title. `countries` are entity ids. Other
    segments are returned as they are.
    """
    if not countries or not _is_head_of_country(segment):
        return segment
    holders = [
        form.at_level(INSTANCE)
        for country in countries
        for related in lexicon.gazetteer.related(country)
        if lexicon.gazetteer.kind(related) == "person"
        for form in lexicon.gazetteer.aliases(related)
    ]
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: (*segment.forms[ANY_LANGUAGE], *holders)}
    )


def _is_head_of_country(segment: QuerySegment) -> bool:
    """Return whether a segment is the office of a head of state or government."""
    typed = {word.norm for word in tokenize(segment.text, "")}
    return (
        segment.kind != NAME
        and not segment.field
        and bool("prime-minister" in segment.concepts or typed & word_list("leaders"))
    )


def add_relatives(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Let the surname of a person stand for relatives: "Savannah Guthrie mother missing".

    A surname that is a common word is left out, so that the family of a "Quux Tower" does not match
    every tower.
    """
    name = segment.forms[ANY_LANGUAGE][0].tokens if segment.kind == NAME else ()
    if len(name) < _SHORTEST_WITH_SURNAME or (segment.entity and not segment.is_person):
        return segment
    surname = name[-1:]
    if lexicon.is_common(surname[0], "en"):
        return segment
    forms = [form for form in segment.forms[ANY_LANGUAGE] if form.tokens != surname]
    forms.append(SurfaceForm(surname[0].title(), surname))
    return replace(segment, forms={**segment.forms, ANY_LANGUAGE: tuple(forms)})


_SHORTEST_WITH_SURNAME = 2
"""The fewest tokens of a name that has a surname."""
_MOST_COMPANIES = 2
"""A person who leads more companies than this stands for each at PARTIAL, not ASSOCIATED."""


def separate_related_names(
    segment: QuerySegment, segments: list[QuerySegment], lexicon: Lexicon
) -> QuerySegment:
    """Remove the forms of related names that the query contains itself.

    For example: in "Apple iPhone", Apple loses the aliases of "iPhone". If the query
    holds more than names, a person gets the aliases of the companies that the person leads instead:
    reports use either name. `implied` is set on each changed segment.
    """
    others = [other for other in segments if other.kind == NAME and other is not segment]
    forms = segment.forms.get(ANY_LANGUAGE, ())
    if segment.kind != NAME or not others:
        return segment
    if segment.is_person:
        if all(other.kind == NAME for other in segments):
            return segment
        own_keys = {form.tokens for form in forms}
        company_forms = tuple(
            form.at_level(
                ASSOCIATED
                if len(lexicon.gazetteer.related_by(segment.entity)) <= _MOST_COMPANIES
                else PARTIAL
            )
            for other in others
            if any(
                form.level == ASSOCIATED and form.tokens in own_keys
                for form in other.forms.get(ANY_LANGUAGE, ())
            )
            for form in other.forms[ANY_LANGUAGE]
            if form.level > ASSOCIATED and not form.ambiguous
        )
        return replace(
            segment,
            forms={**segment.forms, ANY_LANGUAGE: forms + company_forms},
            implied=bool(company_forms),
        )
    own_keys = {
        form.tokens
        for other in others
        if not other.is_person
        for form in other.forms.get(ANY_LANGUAGE, ())
        if form.level != ASSOCIATED
    }
    kept = tuple(form for form in forms if form.level != ASSOCIATED or form.tokens not in own_keys)
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: kept}, implied=len(kept) < len(forms)
    )


def add_class_members(
    segments: Sequence[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Add the best-known members of a class to the segments that name the class.

    For example: "social network" gets Instagram. In a query without names and of two segments that
    are not optional, a class becomes the topic; for example: "aerolíneas nuevas rutas".
    """
    named_entities = {segment.entity for segment in segments if segment.kind == NAME}
    expanded = [_add_members_of(segment, named_entities, language, lexicon) for segment in segments]
    if (
        named_entities
        or len([segment for segment in segments if not segment.optional]) != _TWO_SEGMENTS
    ):
        return expanded
    return [
        segment if segment is original else replace(segment, is_topic=True)
        for segment, original in zip(expanded, segments, strict=True)
    ]


_TWO_SEGMENTS = 2
"""The segments of a query that holds a class and what happens to it."""


def _add_members_of(
    segment: QuerySegment, named_entities: Collection[str], language: str, lexicon: Lexicon
) -> QuerySegment:
    """Add to a class segment the names of its members, at level INSTANCE.

    `named_entities` are the entity ids of the query's names, "" for an unknown name. Nothing is
    added if the query names a member: then that member makes the story. Beside a name other than a
    place only products are added, because companies of the class are rivals of the name.
    """
    if segment.kind == NAME or segment.is_required or segment.field:
        return segment
    english = [stems_of(segment.text, "en")] if language == "en" else []
    english += [form.tokens for form in segment.forms.get("en", ())]
    members = {entity: None for stems in english for entity in lexicon.hyponyms.of(stems)}
    if not members or not members.keys().isdisjoint(named_entities):
        return segment
    only_products = not all(map(lexicon.gazetteer.is_place, named_entities))
    forms = [
        form.at_level(INSTANCE)
        for member in members
        for kind, names in [_member_forms(member, lexicon)]
        if kind == "product" or not only_products
        for form in names
    ]
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: (*segment.forms[ANY_LANGUAGE], *forms)}
    )


def _member_forms(member: str, lexicon: Lexicon) -> tuple[str, tuple[SurfaceForm, ...]]:
    """Return the kind and the forms of a member; the kind is "" outside the gazetteer."""
    if member in lexicon.gazetteer.entities:
        return lexicon.gazetteer.kind(member), lexicon.gazetteer.aliases(member)
    return "", (parse_form(member, ANY_LANGUAGE),)


def add_flight_numbers(segments: Sequence[QuerySegment]) -> list[QuerySegment]:
    """Add the flight numbers of the airlines that a query names.

    A flight typed by its number gets the name of its airline, at level SHORT_FORM. Only queries
    with a concept of air accidents are expanded; any other is returned as it is.
    """
    concepts = word_list("of-flights")
    if concepts.isdisjoint(concept for segment in segments for concept in segment.concepts):
        return list(segments)
    pairs = zip(segments, (*segments[1:], None), strict=True)
    kept = [
        segment
        for segment, following in pairs
        if not (following and _only_says_flight(segment, following))
    ]
    return [_add_flights_of(segment) if segment.kind == NAME else segment for segment in kept]


def _only_says_flight(segment: QuerySegment, following: QuerySegment) -> bool:
    """Return whether a segment is just the word for the flight behind it: "vol AF447".

    French "vol" would otherwise be a theft.
    """
    key = following.forms.get(ANY_LANGUAGE, ())[:1]
    is_flight_number = (
        following.kind == NAME and bool(key) and bool(flight_key(*key[0].tokens[:DESIGNATOR]))
    )
    return is_flight_number and segment.text.casefold() in word_list("flights")


def _add_flights_of(segment: QuerySegment) -> QuerySegment:
    """Add flight numbers to an airline, and the airline to a flight number."""
    forms = segment.forms[ANY_LANGUAGE]
    keys = [form.tokens for form in forms if form.level == EXACT and not form.ambiguous]
    designators = {
        designator: None for key in keys for designator in designators_by_name().get(key, ())
    }
    more = [
        SurfaceForm(f"{designator.upper()} flight numbers", (designator + NUMBER_SIGN,))
        for designator in designators
    ]
    if not segment.is_known:
        more += _airline_forms(keys)
    return (
        replace(segment, forms={**segment.forms, ANY_LANGUAGE: (*forms, *more)})
        if more
        else segment
    )


def _airline_forms(keys: Iterable[tuple[str, ...]]) -> list[SurfaceForm]:
    """Return the names of airlines whose flight numbers are among the keys: "MH 17", "AI171"."""
    flight_keys = {flight_key(key[0], *key[1:]) for key in keys if len(key) <= DESIGNATOR}
    return [
        parse_form(name, ANY_LANGUAGE).at_level(SHORT_FORM)
        for designator in designators_among(flight_keys)
        for name in split_list(
            airlines().get(designator, "") or airlines().get(designator + AMBIGUOUS_MARK, "")
        )
    ]
