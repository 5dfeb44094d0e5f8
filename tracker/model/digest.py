"""A digest: what is new of all stories, to be told at once. Every datetime is aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.core import Outage, Story, Timeline


class Burst(NamedTuple):
    """Far more reports in the last 24 hours than in the two weeks before: `usual` a day."""

    reports: int
    usual: float


@dataclass(frozen=True, slots=True)
class StoryNews:
    """What is new of one story.

    `told` has the developments with a new report, each whole. `late` counts other developments that
    are new in the database and older than the time of the digest. `burst` is None without one.
    """

    told: Timeline
    late: int = 0
    burst: Burst | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A story that fell silent in the time of a digest, and when its last development began."""

    story: Story
    last: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """The news of all open stories from one arrival to another.

    `since` is the time of the last digest, or the one that was asked for. `failing` are the feeds
    that fail now. `after` and `until` are arrival numbers; what is new has a number in between.
    """

    since: datetime
    made: datetime
    after: int
    until: int
    news: tuple[StoryNews, ...] = ()
    silent: tuple[Silence, ...] = ()
    failing: tuple[Outage, ...] = ()

    @property
    def developments(self) -> int:
        """The number of developments with something new."""
        return sum(len({r.link.event for r in each.told.reports}) for each in self.news)


class RowKind(StrEnum):
    """What a row of a digest is."""

    TITLE = "title"
    FACTS = "facts"
    STORY = "story"
    NEW = "new"
    MORE = "more"
    WAS = "was"
    NOTE = "note"
    HEADING = "heading"
    FAILING = "failing"


class Row(NamedTuple):
    """A row of a digest as it is written: `text` is plain, `url` a web address or "".

    `lead` stands before the text (a time), `tail` behind it (the outlets), each "" for none.
    """

    kind: RowKind
    text: str
    lead: str = ""
    tail: str = ""
    url: str = ""
