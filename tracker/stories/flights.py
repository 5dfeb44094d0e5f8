"""Query expansion: an airline's flight numbers stand for its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import FULL, SHORT
from tracker.stories.lexicon.flight_numbers import (
    DESIGNATOR,
    FIGURES,
    airlines,
    flight,
    signs_by_name,
    signs_of,
)
from tracker.stories.lexicon.forms import ANY, WEAK_MARK, Form, form_of
from tracker.stories.query.model import NAME
from tracker.stories.resources import listed
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.stories.query.model import Part


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
    numbered = following.kind == NAME and bool(key) and bool(flight(*key[0].key[:DESIGNATOR]))
    return numbered and part.text.casefold() in name_words("flights")


def _with_its_flights(part: Part) -> Part:
    forms = part.forms[ANY]
    called = [form.key for form in forms if form.level == FULL and not form.weak]
    signs = {sign: None for key in called for sign in signs_by_name().get(key, ())}
    more = [Form(f"{sign.upper()} flight numbers", (sign + FIGURES,)) for sign in signs]
    if not part.known:
        more += _airlines_of(called)
    return replace(part, forms={**part.forms, ANY: (*forms, *more)}) if more else part


def _airlines_of(keys: Iterable[tuple[str, ...]]) -> list[Form]:
    """Give the names of the airlines whose flight numbers are among keys: MH 17, AI171."""
    numbered = {flight(key[0], *key[1:]) for key in keys if len(key) <= DESIGNATOR}
    return [
        form_of(name, ANY).at(SHORT)
        for sign in signs_of(numbered)
        for name in listed(airlines().get(sign, "") or airlines().get(sign + WEAK_MARK, ""))
    ]
