"""Polling: fetch the feeds that are due, store their items, and link these to the stories.

Each document is stored as a whole, within 0.1 s, and its items wait in a durable queue to be
linked. A crash at any moment loses nothing that was stored, and the next poll fetches only the
feeds that were not finished.
"""

from __future__ import annotations

import time
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tracker.config import digest_of, load_feeds
from tracker.model.polling import Changed, Failed, Failure, NotModified, PollReport, Unchanged
from tracker.settings import Settings, overridden
from tracker.store.alerts import limits
from tracker.store.archive import queue
from tracker.store.database import only_one
from tracker.store.polling import feeds, first_answers, polls
from tracker.store.polling.tags import feeds_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from tracker.feeds.fetching.limits import Limits
    from tracker.model.polling import FeedState, NextPoll, Outcome
    from tracker.services.linking import Linker
    from tracker.settings import Value
    from tracker.store.database import Database


NO_OVERRIDES: Mapping[str, Value] = MappingProxyType({})
LINKED_AT_ONCE = 10_000
"""Stored items from which on they are linked while other feeds are fetched."""
SILENCE_IN_SECONDS = 5.0
"""Time without any answer after which the stored items are linked before the last feeds answer.

The items of one poll are scored in one batch, since a story that begins with a part of them takes
its noise for the affair. After such a silence nearly all feeds have answered.
"""
STORED_AT_ONCE = 256
"""Outcomes that share a transaction at the most: each transaction costs a disk sync of 1.5 ms."""
HELD_IN_SECONDS = 0.1
"""Time that an outcome waits for others to share its transaction, while more are coming."""


class Progress(NamedTuple):
    """The progress of a poll: `done` of `total` feeds, then `matched` of `to_match` items."""

    total: int = 0
    done: int = 0
    not_modified: int = 0
    unchanged: int = 0
    changed: int = 0
    new_items: int = 0
    failed: int = 0
    matched: int = 0
    to_match: int = 0


def poll(
    db: Database,
    feeds_yaml: Path,
    now: datetime,
    *,
    force: bool = False,
    url: str | None = None,
    tags: Sequence[str] = (),
    overrides: Mapping[str, Value] = NO_OVERRIDES,
    progress: Callable[[Progress], None] | None = None,
) -> PollReport:
    """Fetch the feeds that are due (`force`: all; `url`: this one) and link their items.

    With `tags`, feeds that have none of them are left out.
    `overrides` are settings that count more than those of feeds.yaml, by key (the environment's).
    `progress` is called after every feed and every batch of linked items. A feed that fails raises
    nothing: the report has its reason. Raises BusyError if another poll is running, ConfigError if
    feeds.yaml cannot be read, NotFoundError for a `url` that is not listed or a tag of no feed.
    """
    begun = time.perf_counter()
    tell = progress or (lambda _: None)
    with only_one(db.path):
        settings = overridden(take_in(db, feeds_yaml), overrides)
        limits.override(db, {k: v for k, v in overrides.items() if k.startswith("alerts.")})
        among = feeds_with(db, tags)
        due = feeds.due(db, now, force=force, url=url, among=among)
        run = _Run(db, now, tell, len(due), _bounds(settings))
        try:
            for outcomes in _outcomes(db, due, settings, now):
                run.take(outcomes)
        finally:
            run.store()
        first_answers.clear(db, now)
        run.link()
        if settings.retention_in_days:
            from tracker.services.care.retention import apply

            apply(db, settings.retention_in_days, now)
        all_failed = _all_failed(db, run, due, named=url is not None)
        report = run.report(time.perf_counter() - begun, all_failed=all_failed)
        polls.record(db, report)
        return report


def _all_failed(db: Database, run: _Run, due: list[FeedState], *, named: bool) -> bool:
    """Return whether every feed failed that was expected to answer (see `PollReport`)."""
    if not due or len(run.failures) < len(due):
        return False
    return named or not all(feed.failures for feed in due) or not feeds.is_any_well(db)


def take_in(db: Database, feeds_yaml: Path) -> Settings:
    """Store the feed list of feeds.yaml, and return its settings.

    An unchanged file is not parsed again, which saves 3 s a poll with 10,000 feeds.
    """
    if digest_of(feeds_yaml) == feeds.listed_digest(db):
        return Settings(**feeds.stored_settings(db))
    listed = load_feeds(feeds_yaml)
    limits.keep(db, listed.alerts)  # first: with the digest, the file counts as taken in
    feeds.take_in(db, listed.sources, listed.settings._asdict(), listed.digest)
    return listed.settings


def _bounds(settings: Settings) -> tuple[timedelta, timedelta]:
    """Return the shortest and the longest time between two polls of one feed."""
    return (
        timedelta(minutes=settings.shortest_in_minutes),
        timedelta(minutes=settings.longest_in_minutes),
    )


def _outcomes(
    db: Database, due: list[FeedState], settings: Settings, now: datetime
) -> Iterator[list[Outcome]]:
    if not due:
        return iter(())
    from tracker.feeds.harvest import harvest
    from tracker.hosts import host_of

    hosts = frozenset(map(host_of, feeds.listed_urls(db)))
    new = [feed.source.url for feed in due if feed.next_poll is None]
    return harvest(
        due,
        limits=limits_of(settings),
        now=now,
        known_hosts=hosts,
        contact=settings.contact,
        first_answers=first_answers.load(db, new, now) if new else None,
    )


def limits_of(settings: Settings) -> Limits:
    """Return how much a poll may take of publishers, by the user's settings."""
    from tracker.feeds.fetching.limits import Limits

    return Limits(
        transfers=settings.connections,
        per_host=settings.per_host,
        timeout=settings.timeout_in_seconds,
        max_body=settings.max_body_in_mebibytes << 20,
        workers=settings.workers or None,
    )


class _Run:
    """One poll while it is running: `state` has its counts, `failures` the reasons."""

    def __init__(
        self,
        db: Database,
        now: datetime,
        tell: Callable[[Progress], None],
        total: int,
        bounds: tuple[timedelta, timedelta],
    ) -> None:
        self.state = Progress(total=total)
        self.failures: list[Failure] = []
        self._db = db
        self._now = now
        self._tell = tell
        self._bounds = bounds
        self._waiting: list[Outcome] = []
        self._since = 0.0
        self._last = time.monotonic()
        self._unlinked = 0
        self._linker: Linker | None = None
        tell(self.state)

    @property
    def new_links(self) -> int:
        """The number of new links."""
        return self._linker.new_links if self._linker else 0

    def report(self, seconds: float, *, all_failed: bool) -> PollReport:
        """Return what the poll did in so many seconds."""
        state = self.state
        return PollReport(
            self._now,
            seconds,
            state.total,
            state.not_modified,
            state.unchanged,
            state.changed,
            state.new_items,
            self.new_links,
            tuple(self.failures),
            all_failed=all_failed,
        )

    def take(self, outcomes: list[Outcome]) -> None:
        """Take outcomes; store and link the items when it is time.

        Outcomes are stored together with those of the next 0.1 s. An empty list means that nothing
        else came: all is stored then, and linked after SILENCE_IN_SECONDS.
        """
        now = time.monotonic()
        if not self._waiting:
            self._since = now
        self._waiting += outcomes
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                self.failures.append(Failure(outcome.feed.source.shown_url, outcome.reason))
        self.state = _counted(self.state, outcomes)
        full = len(self._waiting) >= STORED_AT_ONCE
        late = now - self._since > HELD_IN_SECONDS
        if full or late or not outcomes:
            self.store()
        self._tell(self.state)
        if outcomes:
            self._last = now
        if self._unlinked >= LINKED_AT_ONCE:
            self._linking().link_queue()
            self._unlinked = 0
        elif self._unlinked and now - self._last >= SILENCE_IN_SECONDS:
            self.link()

    def store(self) -> None:
        """Store the outcomes that wait, in one transaction."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            new = feeds.record_all(self._db, map(self._planned, waiting), self._now)
            self.state = self.state._replace(new_items=self.state.new_items + new)
            self._unlinked += new

    def _planned(self, outcome: Outcome) -> tuple[Outcome, NextPoll]:
        from tracker.feeds.schedule import next_poll

        shortest, longest = self._bounds
        plan = next_poll(
            outcome,
            now=self._now,
            shortest=shortest,
            longest=longest,
            jitter=_jitter() if isinstance(outcome, Failed) else 0.0,
        )
        return outcome, plan

    def link(self) -> None:
        """Link the stored items. Mostly there are none, and the matcher is not loaded."""
        self._unlinked = 0
        if not queue.is_empty(self._db):
            self._linking().link()

    def _linking(self) -> Linker:
        if self._linker is None:
            from tracker.services.linking import Linker

            self._linker = Linker(self._db, self._now, self._linked)
        return self._linker

    def _linked(self, done: int, total: int) -> None:
        self.state = self.state._replace(matched=done, to_match=total)
        self._tell(self.state)


def _jitter() -> float:
    import random

    return random.random()  # noqa: S311 - spreads load, keeps no secret


def _counted(state: Progress, outcomes: list[Outcome]) -> Progress:
    kinds = [type(outcome) for outcome in outcomes]
    return state._replace(
        done=state.done + len(kinds),
        not_modified=state.not_modified + kinds.count(NotModified),
        unchanged=state.unchanged + kinds.count(Unchanged),
        changed=state.changed + kinds.count(Changed),
        failed=state.failed + kinds.count(Failed),
    )
