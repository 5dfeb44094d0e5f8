"""Polling: ask the feeds that are due, store what they bring, link it to the stories.

What is read is stored within a moment, each feed as a whole, and what is stored waits in a durable
queue to be linked: a crash at any moment loses nothing that was stored, and the next poll asks only
the feeds that were not finished.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tracker.config import Settings, digest_of, load_feeds
from tracker.model_polling import Changed, Failed, Failure, NotModified, PollReport, Unchanged
from tracker.store import feeds, polls, queue
from tracker.store.database import only_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from tracker.model_polling import FeedState, NextPoll, Outcome
    from tracker.services.linking import Linker
    from tracker.store.database import Database


LINKED_AT_ONCE = 10_000
"""How many stored items are linked while others are fetched."""
STORED_AT_ONCE = 256
"""How many outcomes share a transaction at the most: each costs a sync of the disk, 1.5 ms."""
HELD_IN_SECONDS = 0.1
"""How long what was read waits for more to share its transaction, while more is coming."""


class Progress(NamedTuple):
    """How far a poll is: `done` of `total` feeds, then `matched` of `to_match` items."""

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
    progress: Callable[[Progress], None] | None = None,
) -> PollReport:
    """Ask the feeds that are due (`force`: all; `url`: this one) and link what they bring.

    `progress` is called after every feed and every batch of linked items. No failure of a feed
    raises: the report has its reason. Raises BusyError where another poll is running, ConfigError
    for a feeds.yaml that cannot be understood, NotFoundError for a `url` that is not listed.
    """
    begun = time.perf_counter()
    tell = progress or (lambda _: None)
    with only_one(db.path):
        settings = take_in(db, feeds_yaml)
        due = feeds.due(db, now, force=force, url=url)
        run = _Run(db, now, tell, len(due), _bounds(settings))
        unlinked = 0
        try:
            for outcomes in _outcomes(db, due, settings, now):
                unlinked += run.take(outcomes)
                if unlinked >= LINKED_AT_ONCE:
                    run.link()
                    unlinked = 0
        finally:
            run.store()
        run.link()
        state = run.state
        report = PollReport(
            now,
            time.perf_counter() - begun,
            state.total,
            state.not_modified,
            state.unchanged,
            state.changed,
            state.new_items,
            run.new_links,
            tuple(run.failures),
            all_failed=_all_failed(db, run, due, named=url is not None),
        )
        polls.record(db, report)
        return report


def _all_failed(db: Database, run: _Run, due: list[FeedState], *, named: bool) -> bool:
    """Return whether every feed failed that was expected to answer (see `PollReport`)."""
    if not due or len(run.failures) < len(due):
        return False
    return named or not all(feed.failures for feed in due) or not feeds.is_any_well(db)


def take_in(db: Database, feeds_yaml: Path) -> Settings:
    """Make the list of feeds what feeds.yaml says, and return its settings.

    An unchanged file is not parsed again: at 10,000 feeds that is 3 s saved on every poll.
    """
    if digest_of(feeds_yaml) == feeds.listed_digest(db):
        return Settings(**feeds.stored_settings(db))
    listed = load_feeds(feeds_yaml)
    feeds.take_in(db, listed.sources, listed.settings._asdict(), listed.digest)
    return listed.settings


def _bounds(settings: Settings) -> tuple[timedelta, timedelta]:
    """Return the shortest and the longest time between two polls of a feed."""
    return (
        timedelta(minutes=settings.shortest_in_minutes),
        timedelta(minutes=settings.longest_in_minutes),
    )


def _outcomes(
    db: Database, due: list[FeedState], settings: Settings, now: datetime
) -> Iterator[list[Outcome]]:
    if not due:
        return iter(())
    from tracker.feeds.fetching.limits import Limits
    from tracker.feeds.harvest import harvest
    from tracker.hosts import host_of

    limits = Limits(
        transfers=settings.connections,
        per_host=settings.per_host,
        timeout=settings.timeout_in_seconds,
        max_body=settings.max_body_in_mebibytes << 20,
        workers=settings.workers or None,
    )
    hosts = frozenset(map(host_of, feeds.listed_urls(db)))
    return harvest(due, limits=limits, now=now, known_hosts=hosts, contact=settings.contact)


class _Run:
    """What came of a poll so far: `state` in numbers, `failures` in words."""

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
        self._linker: Linker | None = None
        tell(self.state)

    @property
    def new_links(self) -> int:
        """How many links are new."""
        return self._linker.new_links if self._linker else 0

    def take(self, outcomes: list[Outcome]) -> int:
        """Take what is ready, and store it with what else comes within a moment.

        An empty list tells that nothing does: then all is stored. Returns how many items are new.
        """
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting += outcomes
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                self.failures.append(Failure(outcome.feed.source.shown_url, outcome.reason))
        self.state = _counted(self.state, outcomes)
        full = len(self._waiting) >= STORED_AT_ONCE
        late = time.monotonic() - self._since > HELD_IN_SECONDS
        new = self.store() if full or late or not outcomes else 0
        self._tell(self.state)
        return new

    def store(self) -> int:
        """Store the outcomes that wait, in one transaction; return how many items are new."""
        waiting, self._waiting = self._waiting, []
        new = 0
        if waiting:
            new = feeds.record_all(self._db, map(self._planned, waiting), self._now)
            self.state = self.state._replace(new_items=self.state.new_items + new)
        return new

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
        """Link what is stored; mostly that is nothing, and the matcher is not even loaded."""
        if queue.is_empty(self._db):
            return
        if self._linker is None:
            from tracker.services.linking import Linker

            self._linker = Linker(self._db, self._now, self._linked)
        self._linker.link()

    def _linked(self, done: int, total: int) -> None:
        """Tell how far the linking is."""
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
