"""Query expansion: further surface forms for the segments of a query.

Input: the segments of a query, with their roles. Output: the same segments with more forms, each
with a match level, or with fewer. The expansions, in the order in which `assign_roles` applies
them:

1. members of a class: "social network", Instagram (`add_class_members`);
2. separation of names that are related to each other (`separate_related_names`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import ASSOCIATED, INSTANCE, PARTIAL
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm, parse_form
from tracker.stories.query.model import NAME
from tracker.stories.text.tokenization import stems_of, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment


_MOST_COMPANIES = 2
"""A person who leads more companies than this does not identify one of them."""


def separate_related_names(
    segment: QuerySegment, segments: list[QuerySegment], lexicon: Lexicon
) -> QuerySegment:
    """Remove the forms of related names that the query contains itself.

    For example: in "Apple iPhone", Apple loses the aliases of "iPhone". A company keeps the
    aliases of its head unless the head leads many: a report on Musk is not one on Neuralink. If the
    query holds more than names, the head gets the aliases of the company: reports use either name.
    `implied` is set on each changed segment.
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
            form.at_level(PARTIAL if _leads_many(segment, lexicon) else ASSOCIATED)
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
        if not other.is_person or _leads_many(other, lexicon)
        for form in other.forms.get(ANY_LANGUAGE, ())
        if form.level != ASSOCIATED
    }
    kept = tuple(form for form in forms if form.level != ASSOCIATED or form.tokens not in own_keys)
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: kept}, implied=len(kept) < len(forms)
    )


def _leads_many(person: QuerySegment, lexicon: Lexicon) -> bool:
    return len(lexicon.gazetteer.related_by(person.entity)) > _MOST_COMPANIES


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


def add_namesakes(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Add the longer names of others in which the typed name of the segment stands.

    For example: "Epstein-Barr virus" is not about Epstein, nor "Jordan Bardella" about Jordan.
    Only persons are not about the place in their name: a hospital of Paris is in Paris.
    """
    typed = tuple([word.norm for word in tokenize(segment.text, "")])
    if segment.kind != NAME or len(typed) > 1 or not (segment.is_place or segment.is_person):
        return segment
    names = lexicon.gazetteer
    own = {segment.entity, *names.related(segment.entity), *names.related_by(segment.entity)}
    apart = "person" if segment.is_place else "acronym" if segment.is_person else ""
    query_forms = {form.tokens for form in segment.forms.get(ANY_LANGUAGE, ())}
    found = {
        alias
        for alias, entity in names.longer_aliases(typed)
        if entity not in own and alias not in query_forms and names.kind(entity) == apart
    }
    return replace(segment, namesakes=tuple(sorted(found)))
