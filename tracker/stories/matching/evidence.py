"""Evidence: what one item shows of a query, and which terms a story can learn from it."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    address. `terms` are the learnable stems with their weights (0..1), `shown` their spellings,
    `names` those of them that are written as names. `excluded` names what rules
    the item out, "" for nothing. `proximity` (0..1) is how near a name and an aspect stand.
    `similarity` is that of the sentence encoder, None if not measured.
    """

    matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]
    terms: dict[str, float]
    excluded: str = ""
    proximity: float = 0.0
    shown: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    similarity: float | None = None


class ConflictingPlace(NamedTuple):
    """A place that an item names instead of those segments of the query (by number)."""

    numbers: tuple[int, ...]
    match: TermMatch
