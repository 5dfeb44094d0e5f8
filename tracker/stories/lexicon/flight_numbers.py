"""Flights by their numbers, which headlines name without the airline: SJ182, MH-17.

A flight number is the airline's designator of two signs and up to four figures (IATA, Passenger
Services Conference Resolution 762).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import AMBIGUOUS_MARK
from tracker.stories.resources import DATA, read_sections, split_list
from tracker.stories.text.tokenization import UPPER, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.stories.text.tokenization import Token


NUMBER_SIGN = "…"
"""What the key of a form has for the figures of a flight number; no word has it in itself."""
DESIGNATOR = 2
_NUMBER = re.compile(r"[1-9]\d{1,3}")
"""The figures that tell a flight: one alone is a model's or a motorway's (A3 2, F9 1)."""


@cache
def designators_by_name() -> dict[tuple[str, ...], list[str]]:
    """Give the signs of the airlines, folded, by their names' folded words."""
    found: dict[tuple[str, ...], list[str]] = {}
    for sign, names in airlines().items():
        for name in split_list(names):
            key = tuple([word.norm for word in tokenize(name, "")])
            found.setdefault(key, []).append(sign.removesuffix(AMBIGUOUS_MARK))
    return found


@cache
def airlines() -> dict[str, str]:
    """Return the airlines (names, by commas) by their designators, as listed."""
    return read_sections(DATA / "airlines.ini")["airlines"]


@cache
def _apart() -> frozenset[str]:
    """Give the signs that tell a flight where the figures stand apart: MH 17, but no UK 2019."""
    return frozenset(sign for sign in airlines() if not sign.endswith(AMBIGUOUS_MARK))


def flight_key(word: str, following: str = "") -> str:
    """Give the key of the flight number that a folded word is, or is with the one behind it.

    "" for no flight number. Whether an airline has the signs is not asked: keys of those are asked
    for alone.
    """
    sign, figures = word[:DESIGNATOR], word[DESIGNATOR:]
    if figures:
        return sign + NUMBER_SIGN if _NUMBER.fullmatch(figures) and not sign.isdecimal() else ""
    return sign + NUMBER_SIGN if sign in _apart() and _NUMBER.fullmatch(following) else ""


def designators_among(keys: Collection[str]) -> frozenset[str]:
    """Give the signs of the flight numbers among keys of forms and words."""
    return frozenset([key[:-1] for key in keys if key[-1:] == NUMBER_SIGN])


def mark_flights(found: tuple[Token, ...], signs: frozenset[str]) -> tuple[Token, ...]:
    """Give the words of a field, those with the key for their fold that tell flights of signs."""
    if not any(fold[:DESIGNATOR] in signs for _, fold, _, _ in found):  # as nearly all
        return found
    return tuple(
        word._replace(norm=key) if (key := _key_of(word, following, signs)) else word
        for word, following in zip(found, (*(word.norm for word in found[1:]), ""), strict=True)
    )


def _key_of(word: Token, following: str, signs: frozenset[str]) -> str:
    written = word.shape == UPPER or word.norm[0].isdecimal()
    return flight_key(word.norm, following) if written and word.norm[:DESIGNATOR] in signs else ""
