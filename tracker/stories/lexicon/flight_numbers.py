"""Flight numbers, which headlines use without the airline's name. For example: SJ182, MH-17.

A flight number is the airline's two-character designator and one to four digits (IATA, Passenger
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
"""Stands for the digits in the key of a flight number; no token contains it."""
DESIGNATOR = 2
_NUMBER = re.compile(r"[1-9]\d{1,3}")
"""Two to four digits; a single one is ambiguous. For example: "A3 2" is a motorway exit."""


@cache
def designators_by_name() -> dict[tuple[str, ...], list[str]]:
    """Return the normalised designators of the airlines, by the tokens of their names."""
    found: dict[tuple[str, ...], list[str]] = {}
    for designator, names in airlines().items():
        for name in split_list(names):
            key = tuple([word.norm for word in tokenize(name, "")])
            found.setdefault(key, []).append(designator.removesuffix(AMBIGUOUS_MARK))
    return found


@cache
def airlines() -> dict[str, str]:
    """Return the airlines' names, separated by commas, by designator as listed."""
    return read_sections(DATA / "airlines.ini")["airlines"]


@cache
def _separable_designators() -> frozenset[str]:
    """Return the designators that a space may separate from the digits.

    For example: MH 17, not UK 2019.
    """
    return frozenset(
        designator for designator in airlines() if not designator.endswith(AMBIGUOUS_MARK)
    )


def flight_key(word: str, following: str = "") -> str:
    """Return the key of a flight number; "" if the words are none.

    `word` is a normalised token and `following` the next one, for numbers written apart. The
    designator is not checked: callers look up the keys of known airlines only.
    """
    designator, digits = word[:DESIGNATOR], word[DESIGNATOR:]
    if digits:
        is_designator = not designator.isdecimal()
    else:
        is_designator, digits = designator in _separable_designators(), following
    return designator + NUMBER_SIGN if is_designator and _NUMBER.fullmatch(digits) else ""


def designators_among(keys: Collection[str]) -> frozenset[str]:
    """Return the designators of the flight-number keys among some keys."""
    return frozenset([key[:-1] for key in keys if key[-1:] == NUMBER_SIGN])


def mark_flights(tokens: tuple[Token, ...], designators: frozenset[str]) -> tuple[Token, ...]:
    """Return a field's tokens, with the flight key as `norm` of each known flight number."""
    if not any(norm[:DESIGNATOR] in designators for _, norm, _, _ in tokens):  # the common case
        return tokens
    return tuple(
        token._replace(norm=key) if (key := _token_key(token, following, designators)) else token
        for token, following in zip(
            tokens, (*(token.norm for token in tokens[1:]), ""), strict=True
        )
    )


def _token_key(word: Token, following: str, designators: frozenset[str]) -> str:
    """Return the flight key at a token; "" if none, or if it is not in upper case."""
    if word.norm[:DESIGNATOR] not in designators:
        return ""
    return (
        flight_key(word.norm, following) if word.shape == UPPER or word.norm[0].isdecimal() else ""
    )
