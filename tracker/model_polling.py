"""What a poll takes up and what comes of it; every datetime is aware and in UTC.

A feed's life: `FeedSource` (what the user lists) → `FeedState` (what the store knows of it) →
`Outcome` (what asking for it gave: `NotModified`, `Unchanged`, `Changed` or `Failed`) → the entries
of its `Document`, stored as `Item`s (see `tracker.model`).

Named tuples, unlike the rest of the model: every poll makes these classes anew and has entries
from its workers, and frozen dataclasses take five times as long for either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.hosts import without_credentials

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class FeedSource(NamedTuple):
    """A feed as the user lists it in feeds.yaml.

    `title` and `language` (a two-letter code) are None where the feed's own count.
    """

    url: str
    title: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def shown_url(self) -> str:
        """The URL without user name and password, as it may be shown."""
        return without_credentials(self.url)


class Wishes(NamedTuple):
    """What a document asks of those who poll it.

    `ttl` is the time between two polls (ttl, sy:updatePeriod), None where it says nothing;
    `skip_hours` (0..23, UTC) and `skip_days` (0 is Monday) are when not to ask.
    """

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


class FeedState(NamedTuple):
    """A feed as a poll takes it up: its source and what earlier polls learned of it.

    `body_hash` and `entry_hashes` (8 bytes an entry, joined) are those of the document that was
    stored last, None and empty before the first. `failures` counts in a row, 0 while the feed is
    well. `rhythm` is the usual time between its new entries, None while unknown. `gone` is true
    once a publisher answered 410: such a feed is asked again only when it is named. `moved_to` is
    where the publisher moved it for good, None where it did not or where that address failed too
    often. `wishes` are those of the document that was stored last.
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
        """The URL to ask: where the publisher moved the feed, else the listed one."""
        return self.moved_to or self.source.url


class Entry(NamedTuple):
    """What one feed document says of one article.

    `id` is the feed's own id of it, else one derived from link or content; `url` is absolute,
    or "" where there is none; `title` and `summary` are plain text. `published` is None where the
    feed gives no date that can be read; `language` None where the entry names none of its own.
    """

    id: str
    url: str
    title: str
    summary: str
    published: datetime | None = None
    author: str | None = None
    language: str | None = None


class Document(NamedTuple):
    """A parsed feed document: the feed's own words about itself, and its entries in its order."""

    title: str | None
    site_url: str | None
    language: str | None
    entries: tuple[Entry, ...]
    wishes: Wishes = Wishes()


class Transfer(NamedTuple):
    """What was learned from the HTTP exchange itself.

    `moved_to` is where permanent redirects (301, 308) led, None where there were none; `max_age`
    is what Cache-Control or Expires allow, None where they say nothing; `status` is 0 where no
    answer came; `etag` and `last_modified` are those to send next time.
    """

    status: int
    seconds: float
    size_in_bytes: int = 0
    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    moved_to: str | None = None


class NotModified(NamedTuple):
    """The publisher answered 304: nothing to read."""

    feed: FeedState
    transfer: Transfer


class Unchanged(NamedTuple):
    """A document came, byte for byte the one that is stored (or with no entry that is not)."""

    feed: FeedState
    transfer: Transfer
    body_hash: bytes
    entry_hashes: bytes


class Changed(NamedTuple):
    """A document came with something to store; `cut` counts entries left out as known."""

    feed: FeedState
    transfer: Transfer
    document: Document
    body_hash: bytes
    entry_hashes: bytes
    cut: int = 0


class Failed(NamedTuple):
    """The feed could not be read; `reason` says why in words.

    `retry_at` is when the publisher asks to come back (Retry-After), None where it says nothing;
    `gone` is true for 410.
    """

    feed: FeedState
    transfer: Transfer
    reason: str
    retry_at: datetime | None = None
    gone: bool = False


Outcome = NotModified | Unchanged | Changed | Failed


class NextPoll(NamedTuple):
    """When a feed is due next, why (words for `feeds ls --long`), and its rhythm as now known."""

    at: datetime
    why: str
    rhythm: timedelta | None = None


class FeedRow(NamedTuple):
    """A feed as `tracker feeds ls` shows it.

    `listed` is false for a feed that left feeds.yaml but whose items are kept; `failing_since` and
    `failure` are None while it is well; `last_polled` and `last_ok` None before the first time.
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


class Failure(NamedTuple):
    """One feed that failed during a poll, its URL without credentials, and why in words."""

    url: str
    reason: str


class PollReport(NamedTuple):
    """One run over the feeds that were due.

    `feeds` counts all that were asked; `changed` those with something to store; `seconds` is the
    wall time of the run.
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

    @property
    def failed(self) -> int:
        """How many feeds failed."""
        return len(self.failures)
