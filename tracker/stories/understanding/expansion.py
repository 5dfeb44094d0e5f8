"""Query expansion: class members, related names, words apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import ASSOCIATED, INSTANCE, PARTIAL
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm, parse_form
from tracker.stories.query.model import NAME
from tracker.stories.text.tokenization import stems_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment


_LEADS = 2
"""So many firms may each stand for who leads them; of more, each does by half."""


def separate_related_names(
    segment: QuerySegment, segments: list[QuerySegment], lexicon: Lexicon
) -> QuerySegment:
    """Take from a name the forms of what is bound to it, where the query names that too.

    Where it says what it is about, a person and the company keep each other's instead: what its
    head does is told under either name, by half where he leads many.
    """
    others = [other for other in segments if other.kind == NAME and other is not segment]
    forms = segment.forms.get(ANY_LANGUAGE, ())
    if segment.kind != NAME or not others:
        return segment
    if segment.is_person:
        if all(other.kind == NAME for other in segments):
            return segment
        own = {form.tokens for form in forms}
        led = tuple(
            form.at_level(
                ASSOCIATED
                if len(lexicon.gazetteer.related_by(segment.entity)) <= _LEADS
                else PARTIAL
            )
            for other in others
            if any(
                form.level == ASSOCIATED and form.tokens in own
                for form in other.forms.get(ANY_LANGUAGE, ())
            )
            for form in other.forms[ANY_LANGUAGE]
            if form.level > ASSOCIATED and not form.ambiguous
        )
        return replace(
            segment, forms={**segment.forms, ANY_LANGUAGE: forms + led}, implied=bool(led)
        )
    own = {
        form.tokens
        for other in others
        if not other.is_person
        for form in other.forms.get(ANY_LANGUAGE, ())
        if form.level != ASSOCIATED
    }
    kept = tuple(form for form in forms if form.level != ASSOCIATED or form.tokens not in own)
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: kept}, implied=len(kept) < len(forms)
    )


def add_class_members(
    segments: Sequence[QuerySegment], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Add to kinds of things the names of the best known, each of which is a part of the kind.

    Of two parts without a name, a kind makes the story: aerolíneas nuevas rutas.
    """
    named = {segment.entity for segment in segments if segment.kind == NAME}
    found = [_add_members_of(segment, named, language, lexicon) for segment in segments]
    if named or len([segment for segment in segments if not segment.optional]) != _PAIR:
        return found
    return [
        segment if segment is before else replace(segment, is_topic=True)
        for segment, before in zip(found, segments, strict=True)
    ]


_PAIR = 2
"""Parts of a query for a kind and what befalls it."""


def _add_members_of(
    segment: QuerySegment, named: Collection[str], language: str, lexicon: Lexicon
) -> QuerySegment:
    """Add to a kind of things those of the kind.

    Not where the query names one of these (`named`, by id, "" for an unknown name): Netflix is what
    makes that story. Beside any name but a place's only products are added: companies and bodies of
    the kind are others than it, its rivals.
    """
    if segment.kind == NAME or segment.is_required or segment.field:
        return segment
    english = [stems_of(segment.text, "en")] if language == "en" else []
    english += [form.tokens for form in segment.forms.get("en", ())]
    known = {entity: None for stems in english for entity in lexicon.hyponyms.of(stems)}
    if not known or not known.keys().isdisjoint(named):
        return segment
    rivalled = not all(map(lexicon.gazetteer.is_place, named))
    forms = [
        form.at_level(INSTANCE)
        for member in known
        for kind, called in [_member_forms(member, lexicon)]
        if kind == "product" or not rivalled
        for form in called
    ]
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: (*segment.forms[ANY_LANGUAGE], *forms)}
    )


def _member_forms(member: str, lexicon: Lexicon) -> tuple[str, tuple[SurfaceForm, ...]]:
    """Give of which kind a member is, "" where the names do not have it, and its forms."""
    if member in lexicon.gazetteer.entities:
        return lexicon.gazetteer.kind(member), lexicon.gazetteer.aliases(member)
    return "", (parse_form(member, ANY_LANGUAGE),)
