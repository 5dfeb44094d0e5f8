"""All forms in which a linked entity may stand in a text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import ASSOCIATED, EXACT, PARTIAL
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.query.model import NAME, YEAR, QuerySegment
from tracker.stories.text.casing import is_plural_acronym
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.text.tokenization import Token


def resolve_ambiguous_name(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Give the entity that a name is weakly an alias of, if there is just one.

    In a report, "Fed" or "Zoom" alone says little; who types it means what is called so. Of places
    only what begins as they do, or is marked to name them: Indian is of India, and America is the
    United States, but who types Dublin means the town.
    """
    read = tokenize(segment.text, "")
    if segment.is_known or segment.kind != NAME:
        return segment
    key = tuple(word.norm for word in read)
    alike = [
        (form, entity)
        for form, entity in lexicon.gazetteer.starting(key[0])
        if form.tokens == key and (not form.case_sensitive or _is_acronym(read[0]))
    ]
    as_typed = {entity for form, entity in alike if form.text == segment.text}
    if not as_typed and is_plural_acronym(read[0]):
        return segment
    found = as_typed or {entity for _, entity in alike}  # Snap is no SNAP
    if len(found) == 1:
        kind = lexicon.gazetteer.kind(entity := found.pop())
        of_country = kind == "country" and entity.startswith(key[0][:_OF_COUNTRY])
        named = any(form.preferred for form, _ in alike)
        if of_country or named or not lexicon.gazetteer.is_place(entity):
            return entity_segment(entity, read, lexicon, None)
    return (
        _family_members(segment, lexicon) if len(read) == 1 else _distinctive_word(segment, lexicon)
    )


def is_single_word_name(form: SurfaceForm) -> bool:
    """Tell whether a name is one word, perhaps with what kind it is behind it: Block Inc."""
    return word_list("binds-before").issuperset(form.tokens[1:])


def _is_acronym(word: Token) -> bool:
    """Tell whether a word is written as one, or in small letters: CZ, cz, and X, but no x."""
    return word.text.isupper() or (word.shape == LOWER and len(word.norm) > 1)


def _family_members(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Let the surname stand for those who have it: the Clintons are Bill and Hillary Clinton."""
    whole = segment.forms[ANY_LANGUAGE][0]
    surname = whole.tokens[0].removesuffix("s")
    known = {
        entity for form, entity in lexicon.gazetteer.starting(surname) if form.tokens == (surname,)
    }
    if surname == whole.tokens[0] or {lexicon.gazetteer.kind(entity) for entity in known} != {
        "person"
    }:
        return segment
    form = SurfaceForm(whole.text[:-1], (surname,))
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: (*segment.forms[ANY_LANGUAGE], form)}
    )


def _distinctive_word(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Let the one of an unknown name's two words stand for it that is no common word.

    CentOS is CentOS Stream, and no stream is.
    """
    halves = [form for form in segment.forms[ANY_LANGUAGE] if form.level == PARTIAL]
    if [len(form.tokens) for form in halves] != [1, 1]:
        return segment
    own = [form for form in halves if not lexicon.is_common(form.text, "en")]
    if len(own) != 1 or any(lexicon.gazetteer.starting(form.tokens[0]) for form in halves):
        return segment
    kept = tuple(form for form in segment.forms[ANY_LANGUAGE] if form not in halves)
    return replace(segment, forms={**segment.forms, ANY_LANGUAGE: (*kept, own[0].at_level(EXACT))})


_OF_COUNTRY = 3
"""Letters that a country and its adjective have in common: Poland, Polish."""
_SUFFIX = 3
"""Letters up to which a word of a longer name is no short form of it: the Pro of Vision Pro."""


def entity_segment(
    entity: str, typed: tuple[Token, ...], lexicon: Lexicon, figure: Token | None
) -> QuerySegment:
    """Make a part of an entity; with a figure, of the one of that number (iPhone 17)."""
    kind = lexicon.gazetteer.kind(entity)
    text = " ".join(word.text for word in typed)
    folds = tuple(word.norm for word in typed)
    forms = [
        form if form.tokens != folds else form._replace(ambiguous=False)
        for form in lexicon.gazetteer.aliases(entity)
    ]
    numbers = _version_numbers(folds) if kind == "product" else set[str]()
    if numbers:  # GPT-5 is no GPT-4, nor all that its maker does, but Nvidia H20 has Nvidia
        forms = [form for form in forms if _version_numbers(form.tokens) <= numbers]
    if not figure and all(form.tokens != folds for form in forms):
        forms.append(SurfaceForm(text, folds))
    if len(typed) > 1 and not figure and (kind == "person" or folds[0] in word_list("given")):
        forms += [
            SurfaceForm(word.text, (word.norm,), ambiguous=True)
            for word in typed
            if {named for _, named in lexicon.gazetteer.starting(word.norm)} <= {entity}
            and word.shape not in (LOWER, FIGURE)
            and word.norm not in word_list("given") | word_list("versions")
            and (len(word.norm) > _SUFFIX or word.shape == UPPER)
            # No center is Kennedy Center; asked last, for it reads all forms.
            and not lexicon.is_common(word.norm, "en")
        ]
    if kind == "person":
        forms += _office_holder_forms(entity, lexicon)
    if figure:
        text = f"{text} {figure.norm}"
        forms = [
            form._replace(text=f"{form.text} {figure.norm}", tokens=(*form.tokens, figure.norm))
            for form in forms
        ]
    if not figure:
        bound = _related_forms(entity, lexicon)
        forms += [form for form in bound if not numbers or set(form.tokens) <= set(folds)]
    return QuerySegment(
        text,
        NAME,
        {ANY_LANGUAGE: tuple(forms)},
        is_known=True,
        entity=entity,
        background=kind == "government" or entity in word_list("everywhere"),
        is_person=kind == "person",
        is_place=lexicon.gazetteer.is_place(entity),
    )


def _related_forms(entity: str, lexicon: Lexicon) -> list[SurfaceForm]:
    """Give the forms of what leads an entity, or is what it is known for."""
    names = lexicon.gazetteer
    called = (form for other in names.related(entity) for form in names.aliases(other))
    return [form.at_level(ASSOCIATED) for form in called if not form.ambiguous]


def _version_numbers(folds: tuple[str, ...]) -> set[str]:
    """Give the figures of a version in a name: the 5 of GPT-5, PS5 and PlayStation 5.

    Cyberpunk 2077 has none.
    """
    found = {"".join(filter(str.isdigit, fold)) for fold in folds}
    return {digits for digits in found if 0 < len(digits) < YEAR}


def _office_holder_forms(person: str, lexicon: Lexicon) -> list[SurfaceForm]:
    """Give how reports call who leads something that is no place: Zorblax CEO, Zorblax-Chef."""
    return [
        SurfaceForm(
            f"{form.text} {office.replace('ceo', 'CEO')}",
            (*form.tokens, office),
            case_sensitive=form.case_sensitive,
        )
        for firm in lexicon.gazetteer.related_by(person)
        if not lexicon.gazetteer.is_place(firm)
        for form in lexicon.gazetteer.aliases(firm)
        if len(form.tokens) == 1 and not form.ambiguous
        for office in sorted(word_list("heads"), key=lambda word: (len(word), word))  # CEO first
    ]
