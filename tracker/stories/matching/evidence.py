"""Evidence: what one item shows of a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class TermMatch(NamedTuple):
    """The best match of a segment in one field.

    `level` is in 0..1 (see `levels`), `text` the matched tokens as written, `field` is title,
    summary or address, `place` the position of the first token, `size` the number of tokens.
    """

    level: float
    text: str
    field: str
    place: int
    size: int = 1


@dataclass(slots=True)
class Evidence:
    """What one item shows of one query.

    `matches` has a pair for each segment: the match in the title, and the one in the summary or
    address. `excluded` names what rules the item out, "" for nothing. `proximity` (0..1) is how
    near a name and an aspect stand.
    """

    matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]
    excluded: str = ""
    proximity: float = 0.0


class ConflictingPlace(NamedTuple):
    """A place that an item names instead of those segments of the query (by number)."""

    numbers: tuple[int, ...]
    match: TermMatch
