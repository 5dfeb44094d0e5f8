"""Flights by their numbers, which headlines name where they do not name the airline: SJ182, MH-17.

A flight number is the airline's two signs and up to four figures (IATA, Passenger Services
Conference Resolution 762). It stands for its airline in a query on what befalls planes alone: of
an airline's fares and strikes no single flight tells.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.forms import ANY, WEAK_MARK, Form, form_of
from tracker.stories.levels import FULL, SHORT
from tracker.stories.parts import NAME
from tracker.stories.resources import DATA, listed, sections
from tracker.stories.text.tokenization import UPPER, words
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tracker.stories.parts import Part
    from tracker.stories.text.tokenization import Word

FIGURES = "…"
"""What the key of a form has for the figures of a flight number; no word has it in itself."""
_DESIGNATOR = 2
_NUMBER = re.compile(r"[1-9]\d{1,3}")
"""The figures that tell a flight: one alone is a model's or a motorway's (A3 2, F9 1)."""


def with_flights(parts: Sequence[Part]) -> list[Part]:
    """Let the flight numbers of the airlines that a query names stand for them.

    An airline's name stands as well, if not as surely, for a flight that is typed by its number.
    Of a query that names what befalls planes; any other is given back as it is.
    """
    affairs = name_words("of-flights")
    if affairs.isdisjoint(concept for part in parts for concept in part.concepts):
        return list(parts)
    pairs = zip(parts, (*parts[1:], None), strict=True)
    kept = [part for part, following in pairs if not (following and _tells(part, following))]
    return [_with_its_flights(part) if part.kind == NAME else part for part in kept]


def _tells(part: Part, following: Part) -> bool:
    """Tell whether a part only says that the one behind it is a flight: vol AF447, and no theft."""
    key = following.forms.get(ANY, ())[:1]
    numbered = following.kind == NAME and bool(key) and bool(flight(*key[0].key[:_DESIGNATOR]))
    return numbered and part.text.casefold() in name_words("flights")


def _with_its_flights(part: Part) -> Part:
    forms = part.forms[ANY]
    called = [form.key for form in forms if form.level == FULL and not form.weak]
    signs = {sign: None for key in called for sign in _airlines().get(key, ())}
    more = [Form(f"{sign.upper()} flight numbers", (sign + FIGURES,)) for sign in signs]
    if not part.known:
        more += _airlines_of(called)
    return replace(part, forms={**part.forms, ANY: (*forms, *more)}) if more else part


def _airlines_of(keys: Iterable[tuple[str, ...]]) -> list[Form]:
    """Give the names of the airlines whose flight numbers are among keys: MH 17, AI171."""
    numbered = {flight(key[0], *key[1:]) for key in keys if len(key) <= _DESIGNATOR}
    return [
        form_of(name, ANY).at(SHORT)
        for sign in signs_of(numbered)
        for name in listed(_listed().get(sign, "") or _listed().get(sign + WEAK_MARK, ""))
    ]


@cache
def _airlines() -> dict[tuple[str, ...], list[str]]:
    """Give the signs of the airlines, folded, by their names' folded words."""
    found: dict[tuple[str, ...], list[str]] = {}
    for sign, names in _listed().items():
        for name in listed(names):
            key = tuple([word.fold for word in words(name, "")])
            found.setdefault(key, []).append(sign.removesuffix(WEAK_MARK))
    return found


@cache
def _listed() -> dict[str, str]:
    return sections(DATA / "airlines.ini")["airlines"]


@cache
def _apart() -> frozenset[str]:
    """Give the signs that tell a flight where the figures stand apart: MH 17, but no UK 2019."""
    return frozenset(sign for sign in _listed() if not sign.endswith(WEAK_MARK))


def flight(word: str, following: str = "") -> str:
    """Give the key of the flight number that a folded word is, or is with the one behind it.

    "" for no flight number. Whether an airline has the signs is not asked: keys of those are asked
    for alone.
    """
    sign, figures = word[:_DESIGNATOR], word[_DESIGNATOR:]
    if figures:
        return sign + FIGURES if _NUMBER.fullmatch(figures) and not sign.isdecimal() else ""
    return sign + FIGURES if sign in _apart() and _NUMBER.fullmatch(following) else ""


def signs_of(keys: Collection[str]) -> frozenset[str]:
    """Give the signs of the flight numbers among keys of forms and words."""
    return frozenset([key[:-1] for key in keys if key[-1:] == FIGURES])


def read_flights(found: tuple[Word, ...], signs: frozenset[str]) -> tuple[Word, ...]:
    """Give the words of a field, those with the key for their fold that tell flights of signs."""
    if not any(fold[:_DESIGNATOR] in signs for _, fold, _, _ in found):  # as nearly all
        return found
    return tuple(
        word._replace(fold=key) if (key := _read(word, following, signs)) else word
        for word, following in zip(found, (*(word.fold for word in found[1:]), ""), strict=True)
    )


def _read(word: Word, following: str, signs: frozenset[str]) -> str:
    written = word.shape == UPPER or word.fold[0].isdecimal()
    return flight(word.fold, following) if written and word.fold[:_DESIGNATOR] in signs else ""
