"""What the user sees of the matcher: a query's interpretation, its findings, a story's profile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.core import Item, Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """A segment of a query, as it was interpreted.

    `kind` is name, concept, word, phrase, field, …; `weight` is its share of the query in 0..1, 0
    for an exclusion. `forms` are its surface forms by language ("" for any). `found` counts the
    stored items that match it, None if not counted; `more` is true if not all candidates were read,
    so that more items may match. `note` is a remark for the user ("not in the vocabulary"), "" for
    none.
    """

    text: str
    kind: str
    weight: float
    forms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    excluded: bool = False
    found: int | None = None
    note: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """An item of a preview or a search, with the matcher's verdict.

    `copies` are the other items of the same article, by id.
    """

    item: Item
    verdict: Verdict
    copies: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query finds among the items stored since `since` (None for all).

    `linked` and `maybe` are findings, newest first, and may be truncated; the counts are complete.
    `events` counts the developments among the linked items. `left_out` are the words of the query
    that are ignored. `waiting` counts the stored items that are in no index yet, and were therefore
    not searched.
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
    waiting: int = 0

    def first(self, limit: int) -> Preview:
        """Return this with `limit` findings, the sure ones before the doubtful; 0 keeps all."""
        if not limit:
            return self
        sure = self.linked[:limit]
        return replace(self, linked=sure, maybe=self.maybe[: limit - len(sure)])


@dataclass(frozen=True, slots=True)
class ProfileTerm:
    """A name or word of a story's profile, learned or `proposed` to the user.

    `weight` is in -1..1, negative for evidence against the story; `since` is when it was learned,
    None for a proposal; `items` counts the linked items with it. `given` is true if the user set
    the weight.
    """

    text: str
    kind: str
    weight: float
    since: datetime | None
    items: int
    proposed: bool = False
    given: bool = False
