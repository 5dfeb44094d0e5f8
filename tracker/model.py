"""Items, stories and what links them; every datetime is aware and in UTC.

A story's life: `Story` → `Link` (with its `Reason`s) → `Timeline`. What comes before an item is in
`tracker.model_polling`: a frozen dataclass costs half a millisecond to make, and a poll in which
nothing is new needs none of these, a timeline none of those.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class State(StrEnum):
    """Of a story: an open one takes up items and shows them, a closed one takes up no more."""

    OPEN = "open"
    MUTED = "muted"
    CLOSED = "closed"


class Status(StrEnum):
    """Of a link: what the matcher found (linked, maybe) or what the user said (the others)."""

    LINKED = "linked"
    MAYBE = "maybe"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


USER_DECIDED = (Status.ACCEPTED, Status.REJECTED)
"""What only the user sets: matching never overwrites it."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as stored.

    `source` is the feed's title; `published` is the entry's own date, or when it was first seen
    where it has none or one that lies in the future. `address` are the words of the URL of an item
    without a summary, "" for one that has a summary.
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

    @property
    def order(self) -> tuple[datetime, str, int]:
        """Its place among reports, oldest first; of one moment by URL, of one URL by id.

        Ids tell which feed answered first, by which no link and no event is to differ.
        """
        return self.published, self.url, self.id


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier title of an item, and when a poll found it replaced."""

    title: str
    replaced: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """What the user follows.

    `since` bounds how far back items are taken, None for no bound; `languages` is empty for all;
    `muted_until` is set while muted; `seen` is when its timeline was last looked at, None before
    the first time.
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
    ALL_NAMES = "every name"
    SEMANTIC = "meaning"
    NEIGHBOUR = "a report that belongs"
    NO_NEIGHBOUR = "no report that belongs"
    RARITY = "how many reports name it"
    COOCCURRENCE = "what brings the names together"
    PATTERN = "such reports as a rule"
    DAY_RATE = "reports of these days"
    SURGE = "more reports than usual"
    LAST_COUNT = "when it was last counted"
    HELD_BACK = "doubtful before"


class Reason(NamedTuple):
    """One part of a score; a tuple, since twenty are made of each report that is judged.

    `part` names what it is about ("acquisition"), `kind` what that is (name, concept, word, phrase,
    profile, near, neighbour, negated, missing, elsewhere, …), `found` the words of the item that
    show it ("talks to buy") or what it names instead, or the title of its neighbour, `field` where
    (title, summary, address, ""), `worth` what it adds to the score (0 for what was missing, below
    0 for what speaks against). The worths of a link add up to its score.
    """

    part: str
    kind: str
    found: str
    field: str
    worth: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the matcher thinks of one item for one story.

    `score` is in 0..1; `status` is LINKED or MAYBE, or None for an item that does not belong.
    """

    score: float
    status: Status | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Item × story; links of one story with the same `event` report the same development.

    `share` is how much of the item (0..1) the story's profile counted for the affair, the rest of
    it against, so that it can be taken back; below 0 where it counted nothing. `likeness` is that
    of its title's meaning to the query, None where it was not asked for since the title changed.
    """

    story_id: int
    item: Item
    status: Status
    score: float
    reasons: tuple[Reason, ...]
    event: int
    linked: datetime
    share: float = -1.0
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A link as a timeline shows it; `new` is true for what arrived since the last look.

    `revisions` are the item's earlier titles, oldest first.
    """

    link: Link
    new: bool
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch of time in which a feed failed; `until` is None while it lasts."""

    feed: str
    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A story's reports, newest first, and what was amiss meanwhile.

    `volume` counts linked reports of the last days, oldest first, the last one today; `hidden`
    counts developments that the limit left out; `arrival` is up to which one a look at it has seen
    all (see `store.stories.mark_seen`). `doubtful` counts the doubtful reports that are left out,
    `unread` the developments with something new that are, be it for their number or for their date.
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


@dataclass(frozen=True, slots=True)
class StorySummary:
    """A line of the dashboard; `unread` counts events with something new since the last look."""

    story: Story
    unread: int
    events: int
    reports: int
    maybe: int
    last_development: datetime | None
    last_title: str | None
    volume: tuple[int, ...] = ()
    proposals: tuple[str, ...] = field(default=())
