"""Items, stories and the links between them; every datetime is aware and in UTC.

A story's life: `Story` → `Link` (with its `Reason`s) → `Timeline`. What precedes an item is in
`tracker.model.polling`. The modules are separate because a frozen dataclass takes half a
millisecond to create, and a poll without news needs none of these classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class State(StrEnum):
    """The state of a story; a closed one takes no more items."""

    OPEN = "open"
    MUTED = "muted"
    CLOSED = "closed"


class Status(StrEnum):
    """The status of a link; the user sets the last two, the matcher the others."""

    LINKED = "linked"
    MAYBE = "maybe"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


USER_DECIDED = (Status.ACCEPTED, Status.REJECTED)
"""Statuses that only the user sets; matching never overwrites them."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as stored.

    `source` is the name of its outlet, `feed` the title of its feed. `published` is the entry's own
    date, or the time it was first seen if that date is missing or in the future. `address` are the
    words of the URL of an item without a summary, "" for others. `outlet_key` is equal for the
    feeds of one outlet; "" stands for the source.
    """

    id: int
    feed_id: int
    source: str
    url: str
    title: str
    summary: str
    published: datetime
    language: str | None = None
    address: str = ""
    outlet_key: str = ""
    feed: str = ""

    @property
    def outlet(self) -> str:
        """What the items of one outlet share; its name is `source`."""
        return self.outlet_key or self.source

    @property
    def order(self) -> tuple[datetime, str, int]:
        """The sort key of reports: oldest first, then by URL, then by id.

        Ids come last, because they depend on which feed answered first; links and events must not.
        """
        return self.published, self.url, self.id


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier title of an item; `replaced` is when a poll found the next one."""

    title: str
    replaced: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A story that the user follows.

    `since` bounds how far back items are taken, None for no bound; `languages` is empty for all;
    `muted_until` is set while muted; `seen` is when its timeline was last viewed, None for never.
    """

    id: int
    slug: str
    title: str
    query: str
    state: State
    created: datetime
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    muted_until: datetime | None = None
    seen: datetime | None = None


class ReasonKind(StrEnum):
    """What a reason is about, where it is not a segment of the query.

    Segments that an item matches have their own kinds (name, concept, word, phrase).
    """

    START = "start"
    NEAR = "near"
    PROFILE = "profile"
    NEIGHBOUR = "neighbour"
    MISSING = "missing"
    NEGATED = "negated"
    HOME = "home"
    ELSEWHERE = "elsewhere"


class ReasonPart(StrEnum):
    """The parts of reasons that name a feature of the model instead of words of the query.

    The values are stored with the links, so they never change.
    """

    ANY_REPORT = "any report"
    IMPLICIT_ASPECT = "the affair, told in other words"
    NO_ASPECT = "the affair, of which nothing is told"
    NO_ASPECT_IN_QUERY = "no affair in the query"
    TITLE = "title"
    PROXIMITY = "near"
    NEIGHBOUR = "a report that belongs"
    NO_NEIGHBOUR = "no report that belongs"
    RARITY = "how many reports name it"
    DAY_RATE = "reports of these days"
    OTHER_WORDS = "other words of the story"
    ANSWERS = "what you said of others"
    NO_MATCH = "nothing of the query"
    KEPT = "shown before"
    WEIGHED = "the match, weighed by the story"


class Reason(NamedTuple):
    """One component of a score; a named tuple, because a judged report has about twenty.

    `part` names the query segment or feature ("acquisition"), `kind` its type (name, concept, word,
    phrase, profile, near, neighbour, negated, missing, elsewhere, …). `found` are the item's words
    that match it ("talks to buy"), what the item names instead, or the title of its neighbour.
    `field` is where these are (title, summary, address, ""). `worth` is the contribution to the
    score, 0 for a missing part; the contributions of a link add up to its score.
    """

    part: str
    kind: str
    found: str
    field: str
    worth: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The matcher's decision on one item for one story.

    `score` is in 0..1; `status` is LINKED or MAYBE, or None for an item that does not belong.
    """

    score: float
    status: Status | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An item linked to a story; links with the same `event` report the same development.

    `first_odds` are the log-odds of first contact, None for an item that matches nothing of the
    query; `match_odds` is what its match adds to those of the story's own model.
    """

    story_id: int
    item: Item
    status: Status
    score: float
    reasons: tuple[Reason, ...]
    event: int
    linked: datetime
    first_odds: float | None = None
    match_odds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """A link in a timeline; `new` is true if it arrived since the last look.

    `revisions` are the item's earlier titles, oldest first. `copies` are the other items of the
    same article, by id.
    """

    link: Link
    new: bool
    revisions: tuple[Revision, ...] = ()
    copies: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """A period during which a feed failed; `until` is None while it lasts."""

    feed: str
    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A story's reports, newest first, and the outages of its feeds.

    `volume` counts linked reports by calendar day, oldest first, today last. `hidden` counts
    developments that the limit left out. `arrival` is the number of the last arrival that viewing
    the timeline marks as seen (see `store.stories.mark_seen`). `doubtful` counts `maybe` reports
    of the period that are not shown, `left_new` the developments with news that the limit or the
    dates left out, and `unread` those of them that viewing the timeline does not mark as seen.
    `first_development` and `last_development` are the times of the earliest and latest report of
    the whole story.
    """

    story: Story
    reports: tuple[Report, ...]
    outages: tuple[Outage, ...] = ()
    volume: tuple[int, ...] = ()
    last_development: datetime | None = None
    hidden: int = 0
    arrival: int = 0
    doubtful: int = 0
    unread: int = 0
    left_new: int = 0
    first_development: datetime | None = None


@dataclass(frozen=True, slots=True)
class StorySummary:
    """A line of the dashboard; `unread` counts events with news since the last look."""

    story: Story
    unread: int
    events: int
    reports: int
    maybe: int
    last_development: datetime | None
    last_title: str | None
    volume: tuple[int, ...] = ()
    proposals: tuple[str, ...] = field(default=())
