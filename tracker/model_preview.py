"""What is shown of the matcher: how it understood a query, what it found, what a story learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model import Item, Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query as it was understood.

    `kind` is name, concept, word, phrase, field, …; `weight` its share of the query in 0..1, 0 for
    one that only excludes. `forms` are the words that stand for it, by language ("" for any).
    `found` counts the stored items that hold it alone, None where they were not counted; `note`
    says in words what the user should know of it ("not in the vocabulary"), "" for nothing.
    """

    text: str
    kind: str
    weight: float
    forms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    excluded: bool = False
    found: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the matcher thinks of an item that it was shown, in a preview or a search."""

    item: Item
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query finds among the items stored since `since` (None for all of them).

    `linked` and `maybe` are findings, newest first, perhaps only the first of them; the counts are
    of all. `events` counts the developments that the linked ones tell. `left_out` are the words of
    the query that are not looked for.
    """

    query: str
    parts: tuple[Part, ...]
    since: datetime | None
    items: int
    linked_count: int
    maybe_count: int
    events: int
    linked: tuple[Finding, ...] = ()
    maybe: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileTerm:
    """A name or word that a story has learned, or would learn if the user agreed (`proposed`).

    `weight` is in -1..1, below 0 for what speaks against; `since` is when it was learned, None
    before that; `items` counts the linked items that hold it. `given` tells that the user set the
    weight.
    """

    text: str
    kind: str
    weight: float
    since: datetime | None
    items: int
    proposed: bool = False
    given: bool = False
