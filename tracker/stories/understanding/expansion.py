"""Query expansion: class members, flight numbers, office holders, relatives, words apart."""

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
    from tracker.stories.query.model import Part


def with_holders(part: Part, countries: list[str], vocabulary: Lexicon) -> Part:
    """Add to the office of who leads a country the names of those who hold it or did.

    A prime minister of Britain is told of by name alone.
    """
    if not countries or not _leads(part):
        return part
    holders = [
        form.at_level(INSTANCE)
        for country in countries
        for bound in vocabulary.gazetteer.related(country)
        if vocabulary.gazetteer.kind(bound) == "person"
        for form in vocabulary.gazetteer.aliases(bound)
    ]
    return replace(part, forms={**part.forms, ANY_LANGUAGE: (*part.forms[ANY_LANGUAGE], *holders)})


def _leads(part: Part) -> bool:
    """Tell whether a part of a query is the office of who leads a country."""
    typed = {word.norm for word in tokenize(part.text, "")}
    return (
        part.kind != NAME
        and not part.field
        and bool("prime-minister" in part.concepts or typed & word_list("leaders"))
    )


def with_relatives(part: Part, vocabulary: Lexicon) -> Part:
    """Let the surname of a person stand for others who have it: Savannah Guthrie mother missing."""
    whole = part.forms[ANY_LANGUAGE][0].tokens if part.kind == NAME else ()
    if len(whole) < _WITH_SURNAME or (part.entity and not part.person):
        return part
    surname = whole[-1:]
    if vocabulary.is_common(surname[0], "en"):  # of the Quux Tower family, not every tower
        return part
    forms = [form for form in part.forms[ANY_LANGUAGE] if form.tokens != surname]
    forms.append(SurfaceForm(surname[0].title(), surname))
    return replace(part, forms={**part.forms, ANY_LANGUAGE: tuple(forms)})


_WITH_SURNAME = 2
_LEADS = 2
"""So many firms may each stand for who leads them; of more, each does by half."""


def with_words_apart(part: Part, parts: list[Part], vocabulary: Lexicon) -> Part:
    """Take from a name the forms of what is bound to it, where the query names that too.

    Where it says what it is about, a person and the company keep each other's instead: what its
    head does is told under either name, by half where he leads many.
    """
    others = [other for other in parts if other.kind == NAME and other is not part]
    forms = part.forms.get(ANY_LANGUAGE, ())
    if part.kind != NAME or not others:
        return part
    if part.person:
        if all(other.kind == NAME for other in parts):
            return part
        own = {form.tokens for form in forms}
        led = tuple(
            form.at_level(
                ASSOCIATED
                if len(vocabulary.gazetteer.related_by(part.entity)) <= _LEADS
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
        return replace(part, forms={**part.forms, ANY_LANGUAGE: forms + led}, bound=bool(led))
    own = {
        form.tokens
        for other in others
        if not other.person
        for form in other.forms.get(ANY_LANGUAGE, ())
        if form.level != ASSOCIATED
    }
    kept = tuple(form for form in forms if form.level != ASSOCIATED or form.tokens not in own)
    return replace(part, forms={**part.forms, ANY_LANGUAGE: kept}, bound=len(kept) < len(forms))


def with_those_of_kinds(parts: Sequence[Part], language: str, vocabulary: Lexicon) -> list[Part]:
    """Add to kinds of things the names of the best known, each of which is a part of the kind.

    Of two parts without a name, a kind makes the story: aerolíneas nuevas rutas.
    """
    named = {part.entity for part in parts if part.kind == NAME}
    found = [_with_those_of_its_kind(part, named, language, vocabulary) for part in parts]
    if named or len([part for part in parts if not part.open]) != _PAIR:
        return found
    return [
        part if part is before else replace(part, thing=True)
        for part, before in zip(found, parts, strict=True)
    ]


_PAIR = 2
"""Parts of a query for a kind and what befalls it."""


def _with_those_of_its_kind(
    part: Part, named: Collection[str], language: str, vocabulary: Lexicon
) -> Part:
    """Add to a kind of things those of the kind.

    Not where the query names one of these (`named`, by id, "" for an unknown name): Netflix is what
    makes that story. Beside any name but a place's only products are added: companies and bodies of
    the kind are others than it, its rivals.
    """
    if part.kind == NAME or part.required or part.field:
        return part
    english = [stems_of(part.text, "en")] if language == "en" else []
    english += [form.tokens for form in part.forms.get("en", ())]
    known = {entity: None for stems in english for entity in vocabulary.hyponyms.of(stems)}
    if not known or not known.keys().isdisjoint(named):
        return part
    rivalled = not all(map(vocabulary.gazetteer.is_place, named))
    forms = [
        form.at_level(INSTANCE)
        for member in known
        for kind, called in [_called(member, vocabulary)]
        if kind == "product" or not rivalled
        for form in called
    ]
    return replace(part, forms={**part.forms, ANY_LANGUAGE: (*part.forms[ANY_LANGUAGE], *forms)})


def _called(member: str, vocabulary: Lexicon) -> tuple[str, tuple[SurfaceForm, ...]]:
    """Give of which kind a member is, "" where the names do not have it, and its forms."""
    if member in vocabulary.gazetteer.entities:
        return vocabulary.gazetteer.kind(member), vocabulary.gazetteer.aliases(member)
    return "", (parse_form(member, ANY_LANGUAGE),)


def with_flights(parts: Sequence[Part]) -> list[Part]:
    """Let the flight numbers of the airlines that a query names stand for them.

    An airline's name stands as well, if not as surely, for a flight that is typed by its number.
    Of a query that names what befalls planes; any other is given back as it is.
    """
    affairs = word_list("of-flights")
    if affairs.isdisjoint(concept for part in parts for concept in part.concepts):
        return list(parts)
    pairs = zip(parts, (*parts[1:], None), strict=True)
    kept = [part for part, following in pairs if not (following and _tells(part, following))]
    return [_with_its_flights(part) if part.kind == NAME else part for part in kept]


def _tells(part: Part, following: Part) -> bool:
    """Tell whether a part only says that the one behind it is a flight: vol AF447, and no theft."""
    key = following.forms.get(ANY_LANGUAGE, ())[:1]
    numbered = (
        following.kind == NAME and bool(key) and bool(flight_key(*key[0].tokens[:DESIGNATOR]))
    )
    return numbered and part.text.casefold() in word_list("flights")


def _with_its_flights(part: Part) -> Part:
    forms = part.forms[ANY_LANGUAGE]
    called = [form.tokens for form in forms if form.level == EXACT and not form.ambiguous]
    signs = {sign: None for key in called for sign in designators_by_name().get(key, ())}
    more = [SurfaceForm(f"{sign.upper()} flight numbers", (sign + NUMBER_SIGN,)) for sign in signs]
    if not part.known:
        more += _airlines_of(called)
    return replace(part, forms={**part.forms, ANY_LANGUAGE: (*forms, *more)}) if more else part


def _airlines_of(keys: Iterable[tuple[str, ...]]) -> list[SurfaceForm]:
    """Give the names of the airlines whose flight numbers are among keys: MH 17, AI171."""
    numbered = {flight_key(key[0], *key[1:]) for key in keys if len(key) <= DESIGNATOR}
    return [
        parse_form(name, ANY_LANGUAGE).at_level(SHORT_FORM)
        for sign in designators_among(numbered)
        for name in split_list(
            airlines().get(sign, "") or airlines().get(sign + AMBIGUOUS_MARK, "")
        )
    ]
