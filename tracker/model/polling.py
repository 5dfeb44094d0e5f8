"""The data of a poll: feeds, documents, entries and outcomes.

Every datetime is aware and in UTC.

A feed's life: `FeedSource` (what the user lists) → `FeedState` (what the store knows of it) →
`Outcome` (the result of a request: `NotModified`, `Unchanged`, `Changed` or `Failed`) → the entries
of its `Document`, stored as `Item`s (see `tracker.model`).

These are named tuples, unlike the rest of the model: frozen dataclasses take five times as long to
define and to unpickle, and every poll does both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.hosts import without_credentials
from tracker.model.activity import FeedActivity

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class FeedSource(NamedTuple):
    """A feed as the user lists it in feeds.yaml.

    `title` and `language` (a two-letter code) are None where the feed's own apply, `outlet` (the
    name of its publisher) where it is found from the site.
    """

    url: str
    title: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    outlet: str | None = None

    @property
    def shown_url(self) -> str:
        """The URL without user name and password, safe to show."""
        return without_credentials(self.url)


class FirstAnswer(NamedTuple):
    """The answer in which a feed was found; the first poll reads it instead of asking again.

    `url` is where the body came from. `headers` have lower-case names, and are those that a poll
    reads. `seconds` is how long the transfer took.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float


class FoundFeed(NamedTuple):
    """A feed that was found, and what it last brought.

    `newest` is None if the feed is empty or its newest entry has no date; `headline` is "" if it is
    empty.
    """

    source: FeedSource
    newest: datetime | None
    headline: str
    answer: FirstAnswer


class Wishes(NamedTuple):
    """A document's polling hints.

    `ttl` is the time between two polls (ttl, sy:updatePeriod), None if unspecified; `skip_hours`
    (0..23, UTC) and `skip_days` (0 is Monday) are when not to poll.
    """

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


class FeedState(NamedTuple):
    """A feed at the start of a poll: its source and what earlier polls stored.

    `body_hash` and `entry_hashes` (8 bytes an entry, concatenated) are those of the last stored
    document, None and empty before the first. `failures` counts consecutive failures. `rhythm` is
    the usual time between new entries, None while unknown. `gone` is true after the status 410: the
    feed is then polled only on request. `moved_to` is the target of a permanent redirect, None
    without one or after it failed too often. `wishes` are those of the last stored document.
    """

    id: int
    source: FeedSource
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    entry_hashes: bytes = b""
    failures: int = 0
    rhythm: timedelta | None = None
    next_poll: datetime | None = None
    next_poll_why: str = ""
    gone: bool = False
    moved_to: str | None = None
    wishes: Wishes = Wishes()

    @property
    def address(self) -> str:
        """The URL to request: the target of a permanent redirect, else the listed one."""
        return self.moved_to or self.source.url


class Entry(NamedTuple):
    """An article as one feed document describes it.

    `id` is the feed's own id for it, else one derived from link or content; `url` is absolute, or
    "" if missing; `title` and `summary` are plain text. `published` is None without a valid date;
    `language` is None if the entry names none.
    """

    id: str
    url: str
    title: str
    summary: str
    published: datetime | None = None
    author: str | None = None
    language: str | None = None


class Document(NamedTuple):
    """A parsed feed document: the feed's metadata, and its entries in document order."""

    title: str | None
    site_url: str | None
    language: str | None
    entries: tuple[Entry, ...]
    wishes: Wishes = Wishes()


class Transfer(NamedTuple):
    """The metadata of an HTTP exchange.

    `moved_to` is the target of permanent redirects (301, 308), None without any; `max_age` is from
    Cache-Control or Expires, None without either; `status` is 0 if no response came; `etag` and
    `last_modified` are the validators of the next request.
    """

    status: int
    seconds: float
    size_in_bytes: int = 0
    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    moved_to: str | None = None


class NotModified(NamedTuple):
    """The publisher answered 304."""

    feed: FeedState
    transfer: Transfer


class Unchanged(NamedTuple):
    """A document without news: its bytes or all its entries are already stored."""

    feed: FeedState
    transfer: Transfer
    body_hash: bytes
    entry_hashes: bytes


class Changed(NamedTuple):
    """A document with entries to store; `cut` counts known entries left out."""

    feed: FeedState
    transfer: Transfer
    document: Document
    body_hash: bytes
    entry_hashes: bytes
    cut: int = 0


class Failed(NamedTuple):
    """The feed could not be read; `reason` says why in words.

    `retry_at` is from Retry-After, None without it; `gone` is true for 410.
    """

    feed: FeedState
    transfer: Transfer
    reason: str
    retry_at: datetime | None = None
    gone: bool = False


Outcome = NotModified | Unchanged | Changed | Failed


UNKNOWN_RHYTHM = "its rhythm is not known yet"
"""Why a feed is asked again when it is, while the rhythm that is kept of it is a guess."""


class NextPoll(NamedTuple):
    """When a feed is due next, why (shown by `feeds ls --long`), and its rhythm."""

    at: datetime
    why: str
    rhythm: timedelta | None = None


class FeedRow(NamedTuple):
    """A feed as `tracker feeds ls` shows it.

    `outlet` is the name of its outlet. `listed` is false for a feed that is no longer in feeds.yaml
    but has stored items;
    `failing_since` and `failure` are None while it works; `last_polled` and `last_ok` are None
    before the first time.
    """

    state: FeedState
    title: str
    listed: bool
    items: int
    last_polled: datetime | None
    last_ok: datetime | None
    last_new: datetime | None
    failing_since: datetime | None
    failure: str | None
    activity: FeedActivity = FeedActivity()

    @property
    def share_in_stories(self) -> float | None:
        """The share of its items that reached a story, 0..1; None without items."""
        return self.activity.in_stories / self.items if self.items else None

    outlet: str = ""


class Failure(NamedTuple):
    """A feed that failed during a poll: its URL without credentials, and the reason."""

    url: str
    reason: str


class PollReport(NamedTuple):
    """The result of one poll.

    `feeds` counts all requested feeds, `changed` those with entries to store; `seconds` is the wall
    time. `all_failed` is true if every feed failed that was expected to answer; a feed that had
    failed before is expected to answer only if no listed feed is well.
    """

    started: datetime
    seconds: float
    feeds: int
    not_modified: int
    unchanged: int
    changed: int
    new_items: int
    new_links: int
    failures: tuple[Failure, ...]
    all_failed: bool = False

    @property
    def failed(self) -> int:
        """The number of feeds that failed."""
        return len(self.failures)
