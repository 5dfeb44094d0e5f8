"""Surface forms of linked entities: every form in which a text may mention the entity.

Input: an entity id or an unlinked name segment, with the typed tokens. Output: a NAME segment with
its forms, each with a match level. Forms come from the gazetteer (aliases, related entities), and
from rules for versions ("iPhone 17"), surnames and office holders ("Zorblax CEO").
"""

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
    """Link an unlinked name to the only entity of which it is an ambiguous alias.

    In a report "Fed" or "Zoom" alone is weak evidence; in a query it denotes the entity. A place is
    linked only where the name begins like a country or is a preferred alias: "Indian" is of India
    and "America" is the United States, but "Dublin" stays the town. A name that is not linked may
    get a surname or its distinctive word as a further form.
    """
    tokens = tokenize(segment.text, "")
    if segment.is_known or segment.kind != NAME:
        return segment
    key = tuple(word.norm for word in tokens)
    aliases = [
        (form, entity)
        for form, entity in lexicon.gazetteer.starting(key[0])
        if form.tokens == key and (not form.case_sensitive or _is_acronym(tokens[0]))
    ]
    as_typed = {entity for form, entity in aliases if form.text == segment.text}
    if not as_typed and is_plural_acronym(tokens[0]):
        return segment
    entities = as_typed or {entity for _, entity in aliases}  # "Snap" is not "SNAP"
    if len(entities) == 1:
        kind = lexicon.gazetteer.kind(entity := entities.pop())
        of_country = kind == "country" and entity.startswith(key[0][:_COUNTRY_PREFIX])
        has_preferred = any(form.preferred for form, _ in aliases)
        if of_country or has_preferred or not lexicon.gazetteer.is_place(entity):
            return entity_segment(entity, tokens, lexicon, None)
    return (
        _family_members(segment, lexicon)
        if len(tokens) == 1
        else _distinctive_word(segment, lexicon)
    )


def is_single_word_name(form: SurfaceForm) -> bool:
    """Return whether a name is one word, apart from a company suffix: "Block Inc"."""
    return word_list("binds-before").issuperset(form.tokens[1:])


def _is_acronym(word: Token) -> bool:
    """Return whether a token is written as an acronym, or in lower case: "CZ", "cz".

    A single lower-case letter is not an acronym.
    """
    return word.text.isupper() or (word.shape == LOWER and len(word.norm) > 1)


def _family_members(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Add the singular of a plural surname: "Clintons" finds Bill and Hillary Clinton."""
    full_form = segment.forms[ANY_LANGUAGE][0]
    surname = full_form.tokens[0].removesuffix("s")
    known = {
        entity for form, entity in lexicon.gazetteer.starting(surname) if form.tokens == (surname,)
    }
    if surname == full_form.tokens[0] or {lexicon.gazetteer.kind(entity) for entity in known} != {
        "person"
    }:
        return segment
    form = SurfaceForm(full_form.text[:-1], (surname,))
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: (*segment.forms[ANY_LANGUAGE], form)}
    )


def _distinctive_word(segment: QuerySegment, lexicon: Lexicon) -> QuerySegment:
    """Let the less common of an unknown name's two words stand for the name.

    For example: "CentOS" stands for "CentOS Stream"; "Stream" does not.
    """
    single_words = [form for form in segment.forms[ANY_LANGUAGE] if form.level == PARTIAL]
    if [len(form.tokens) for form in single_words] != [1, 1]:
        return segment
    distinctive = [form for form in single_words if not lexicon.is_common(form.text, "en")]
    if len(distinctive) != 1 or any(
        lexicon.gazetteer.starting(form.tokens[0]) for form in single_words
    ):
        return segment
    kept = tuple(form for form in segment.forms[ANY_LANGUAGE] if form not in single_words)
    return replace(
        segment, forms={**segment.forms, ANY_LANGUAGE: (*kept, distinctive[0].at_level(EXACT))}
    )


_COUNTRY_PREFIX = 3
"""Letters that a country and its adjective share: Poland, Polish."""
_LONGEST_SUFFIX = 3
"""The most letters of a word that is a suffix, not a short form: the Pro of Vision Pro."""


def entity_segment(
    entity: str, typed: tuple[Token, ...], lexicon: Lexicon, figure: Token | None
) -> QuerySegment:
    """Build the segment of an entity with all its surface forms.

    `typed` are the tokens that name it. `figure` is its number ("17" in "iPhone 17"), which every
    form then carries; None for no number.
    """
    kind = lexicon.gazetteer.kind(entity)
    text = " ".join(word.text for word in typed)
    norms = tuple(word.norm for word in typed)
    forms = [
        form if form.tokens != norms else form._replace(ambiguous=False)
        for form in lexicon.gazetteer.aliases(entity)
    ]
    versions = _version_numbers(norms) if kind == "product" else set[str]()
    # "GPT-5" excludes the forms of "GPT-4"; forms without a number stay.
    if versions:
        forms = [form for form in forms if _version_numbers(form.tokens) <= versions]
    if not figure and all(form.tokens != norms for form in forms):
        forms.append(SurfaceForm(text, norms))
    if len(typed) > 1 and not figure and (kind == "person" or norms[0] in word_list("given")):
        forms += _single_words(entity, typed, lexicon)
    if kind == "person":
        forms += _office_holder_forms(entity, lexicon)
    if figure:
        text = f"{text} {figure.norm}"
        forms = [
            form._replace(text=f"{form.text} {figure.norm}", tokens=(*form.tokens, figure.norm))
            for form in forms
        ]
    if not figure:
        related = _related_forms(entity, lexicon)
        forms += [form for form in related if not versions or set(form.tokens) <= set(norms)]
    return QuerySegment(
        text,
        NAME,
        {ANY_LANGUAGE: tuple(forms)},
        is_known=True,
        entity=entity,
        background=kind == "government" or entity in word_list("everywhere"),
        is_person=kind == "person",
        is_place=lexicon.gazetteer.is_place(entity),
        is_many_sided=lexicon.gazetteer.is_many_sided(entity),
    )


def _single_words(entity: str, typed: tuple[Token, ...], lexicon: Lexicon) -> list[SurfaceForm]:
    """Return the words of a person's name that stand for the person alone, as ambiguous forms.

    Given names, suffixes, figures and aliases of other entities do not.
    """
    return [
        SurfaceForm(word.text, (word.norm,), ambiguous=True)
        for word in typed
        if {owner for _, owner in lexicon.gazetteer.starting(word.norm)} <= {entity}
        and word.shape not in (LOWER, FIGURE)
        and word.norm not in word_list("given") | word_list("versions")
        and (len(word.norm) > _LONGEST_SUFFIX or word.shape == UPPER)
        # For example: "center" of "Kennedy Center". The check is last because it is expensive.
        and not lexicon.is_common(word.norm, "en")
    ]


def _related_forms(entity: str, lexicon: Lexicon) -> list[SurfaceForm]:
    """Return the aliases of related entities, at level ASSOCIATED.

    For example: the chief executive of a company, or the product that it is known for.
    """
    gazetteer = lexicon.gazetteer
    forms = (form for other in gazetteer.related(entity) for form in gazetteer.aliases(other))
    return [form.at_level(ASSOCIATED) for form in forms if not form.ambiguous]


def _version_numbers(norms: tuple[str, ...]) -> set[str]:
    """Return the version numbers in a name, of fewer than four digits.

    For example: 5 in "GPT-5", "PS5" and "PlayStation 5"; none in "Cyberpunk 2077".
    """
    numbers = {"".join(filter(str.isdigit, norm)) for norm in norms}
    return {digits for digits in numbers if 0 < len(digits) < YEAR}


def _office_holder_forms(person: str, lexicon: Lexicon) -> list[SurfaceForm]:
    """Return how reports describe the head of a company: "Zorblax CEO", "Zorblax-Chef".

    Places are left out.
    """
    return [
        SurfaceForm(
            f"{form.text} {office.replace('ceo', 'CEO')}",
            (*form.tokens, office),
            case_sensitive=form.case_sensitive,
        )
        for company in lexicon.gazetteer.related_by(person)
        if not lexicon.gazetteer.is_place(company)
        for form in lexicon.gazetteer.aliases(company)
        if len(form.tokens) == 1 and not form.ambiguous
        for office in sorted(word_list("heads"), key=lambda word: (len(word), word))  # CEO first
    ]
