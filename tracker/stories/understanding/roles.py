"""Roles of query segments: focus, aspect, optional, background."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.query.model import (
    CONCEPT,
    HEAD_FIRST,
    NAME,
    WORD,
    is_date,
    is_listed,
    is_office,
    plain,
)
from tracker.stories.segmentation.concept_linking import happening_to, not_told_by
from tracker.stories.text.tokenization import FIGURE, tokenize
from tracker.stories.text.wordlists import (
    appositions,
    arrivals,
    open_words,
    plain_words,
    prepositions,
    with_english,
    word_list,
)
from tracker.stories.understanding.expansion import (
    with_flights,
    with_holders,
    with_relatives,
    with_those_of_kinds,
    with_words_apart,
)
from tracker.stories.understanding.name_inference import (
    acronyms,
    christened,
    leading_name,
    making_the_story,
    typed_small,
    with_its_people,
)

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import Part
    from tracker.stories.text.tokenization import Token


def with_roles(
    parts: list[Part], language: str, vocabulary: Lexicon, country: str = ""
) -> tuple[Part, ...]:
    """Where no name makes the story, take the unknown words for names; else the context makes it.

    Words that affairs are told in are no names: "apps" beside "contact tracing". Beside another
    name, an acronym that the vocabulary does not know is a matter, not a name. `country` is the
    entity of one that goes unsaid, "" for none.
    """
    parts = christened(_technologies(parts, language, vocabulary), language, vocabulary)
    named = any(part.kind == NAME for part in parts)
    typed = " ".join([part.text for part in parts])  # its first letter may be a sentence's
    if named and typed[1:] == typed[1:].lower():
        small = typed == typed.lower()
        parts = [typed_small(part, language, vocabulary, small=small) for part in parts]
    if not named:
        parts = leading_name(acronyms(parts), vocabulary)
    if not any(part.kind == NAME for part in parts):
        parts = [making_the_story(part, parts, language, vocabulary) for part in parts]
    parts = [with_its_people(part, language) for part in parts]
    subjects = [part for part in parts if part.kind == NAME and not part.context]
    if not subjects:
        parts = [replace(part, context=False) if part.kind == NAME else part for part in parts]
    parts = _with_matters(parts, subjects)
    open_to = _left_open(parts, language, vocabulary)
    nameless = not any(part.kind == NAME for part in parts)
    if nameless and len(parts) > 1:
        parts = list(map(_without_arrival, parts))
    parts = [
        replace(part, open=part.open or _is_open(part, open_to) or (nameless and is_office(part)))
        for part in parts
    ]
    parts = _with_asides(parts, language, vocabulary)
    parts = [not_told_by(part, parts[n:], vocabulary) for n, part in enumerate(parts, start=1)]
    parts = _of_the_names(parts, vocabulary)
    told = [word.norm for p in parts if p.kind != NAME for word in tokenize(p.text, "")]
    if not word_list("relatives").isdisjoint(told):
        parts = [with_relatives(part, vocabulary) for part in parts]
    named_here = [p.entity for p in parts if vocabulary.gazetteer.kind(p.entity) == "country"]
    countries = [country] if country else named_here
    parts = with_those_of_kinds(parts, language, vocabulary)
    parts = [with_holders(part, countries, vocabulary) for part in with_flights(parts)]
    return tuple(with_words_apart(part, parts, vocabulary) for part in parts)


def is_told_first(part: Part, typed: tuple[Token, ...], language: str) -> bool:
    """Tell whether the first words of a query say what happens, and not to what.

    A preposition tells (shortage of fuel), and some languages begin with it: grève éboueurs. In
    English an adjective does (sick astronaut, contaminated water), in German what happens may stand
    before its genitive: Abschaffung Rente mit 63.
    """
    read = tokenize(part.text, "")
    if language in _GENITIVE and read[-1].norm in word_list("happening"):
        return True
    if language == "en" and len(read) == 1 and _is_attribute(read[0].norm):
        return True
    if language in HEAD_FIRST:
        return len(read) <= _SHORT_AFFAIR
    behind = (read[-1], *typed[len(read) : len(read) + 1])
    return any(word.norm in prepositions(language) for word in behind)


def _is_attribute(word: str) -> bool:
    """Tell whether an English word says how what follows is."""
    return word in word_list("attributes") or (word.endswith("ed") and len(word) >= _PARTICIPLE)


_GENITIVE = frozenset({"de", "nl"})
_PARTICIPLE = 6
"""Letters from which on a word in -ed is one: leaked is, seed and breed are none."""


def _of_the_names(parts: list[Part], vocabulary: Lexicon) -> list[Part]:
    """Take each part for what may happen to the query's names, where it is known what they are."""
    kinds = {_kind(p, vocabulary) for p in parts if p.kind == NAME and (p.entity or not p.context)}
    if kinds <= _NOTHING_HAPPENS_TO or "" in kinds:
        return parts
    return [
        happening_to(part, frozenset(kinds), vocabulary) if part.kind == CONCEPT else part
        for part in parts
    ]


_NOTHING_HAPPENS_TO = {"acronym", "technology"}
"""Kinds of names that are what an affair is told of beside others: airline layoffs of Covid."""


def _kind(part: Part, vocabulary: Lexicon) -> str:
    """Give what kind of name a part is; "" where nothing tells."""
    read = tokenize(part.text, "")
    kind = vocabulary.gazetteer.kind(part.entity)
    if kind in {"", "company"} and any(word.shape == FIGURE for word in read):
        return "product"  # Boeing 737, Quuxphone 3
    if kind:
        return kind
    return "person" if len(read) > 1 and read[0].norm in word_list("given") else ""


def _technologies(parts: list[Part], language: str, vocabulary: Lexicon) -> list[Part]:
    """Take a technology for a part of the affair, where something else tells that: AI training."""
    matters = [part for part in parts if vocabulary.gazetteer.kind(part.entity) == "technology"]
    left_open = with_english(open_words, language) | with_english(appositions, language)
    if all(part in matters or _is_open(part, left_open) for part in parts):
        return parts
    return [replace(part, kind=CONCEPT) if part in matters else part for part in parts]


def _with_matters(parts: list[Part], subjects: list[Part]) -> list[Part]:
    """Take an unknown acronym for a matter, and who decides for none, beside another name."""
    matters = [
        part
        for part in subjects
        if not part.known and (is_office(part) or (part.text.isupper() and part.text.isalpha()))
    ]
    if len(matters) == len(subjects):
        return parts
    return [
        replace(plain(tokenize(part.text, "en")[0]), text=part.text, open=is_office(part))
        if part in matters
        else part
        for part in parts
    ]


def _without_arrival(part: Part) -> Part:
    """Take a part that asks when something comes out for a word, where no name is asked about."""
    if part.required or word_list("of-named").isdisjoint(part.concepts[:1]):
        return part
    return replace(plain(*tokenize(part.text, "")), text=part.text, open=True)


def _is_open(part: Part, listed: frozenset[str]) -> bool:
    """Tell whether a part leaves open what kind of affair it is; a date does, reports omit it."""
    return is_date(part) or is_listed(part, listed)


def _with_asides(parts: list[Part], language: str, vocabulary: Lexicon) -> list[Part]:
    """Leave open the words that tell no affair, where others tell the story.

    Plain words (decides, huge) say nothing beside anything that tells; what is common otherwise is
    said in other words beside two parts and more: Greta Thunberg sailing to Gaza. Without a name it
    may be what the story is about (mushroom murder trial), but for what means anybody.
    """
    nameless = not any(part.kind == NAME for part in parts)
    telling = [
        part
        for part in parts
        if not part.open and (part.kind != WORD or part.thing or (nameless and part.known))
    ]
    named = any(part.kind == NAME for part in telling)
    enough = len(telling) >= _TELLING

    def is_aside(part: Part) -> bool:
        if part.kind != WORD or part.thing or part.required:
            return False
        if {word.stem for word in tokenize(part.text, language)} <= plain_words(language):
            return bool(telling)
        if part.text != part.text.lower():
            return False
        if not (enough and named):
            return enough and part.text in word_list("anybody")
        common = part.text.isalpha() and vocabulary.is_common(part.text, language)
        return common and not is_an_alias(tokenize(part.text, "")[0], vocabulary.gazetteer)

    return [replace(part, open=True) if is_aside(part) else part for part in parts]


_TELLING = 2


def _left_open(parts: list[Part], language: str, vocabulary: Lexicon) -> frozenset[str]:
    """Give the words, folded, that beside these names leave open what kind of affair it is.

    Of a name that is unknown, or of what people say the kind of, they may only say what it is that
    has it: the Robinhood app. A product's arrival is all that is told of the product.
    """
    named = [part for part in parts if part.kind == NAME]
    listed = with_english(open_words, language)
    kinds = {
        vocabulary.gazetteer.kind(part.entity) for part in named if part.entity or not part.known
    }
    if kinds & _DESCRIBED:
        listed |= with_english(appositions, language)
    kinds = {_kind(part, vocabulary) for part in named}
    if kinds & _ARRIVING and kinds <= _ARRIVING | {"company"}:
        listed |= with_english(arrivals, language)
    return listed


_SHORT_AFFAIR = 2
"""Words up to which they do; the réforme des retraites is what a suspension happens to."""
_DESCRIBED = {"", "acronym", "company", "organisation", "product", "technology"}
_ARRIVING = {"", "product"}
"""Of what kind a name is whose arrival may be followed, beside its maker's; "" for unknown."""
