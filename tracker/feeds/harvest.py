"""From feeds to outcomes: transfers in this thread, reading in worker processes where it pays."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from tracker.feeds.fetching.answers import Received, judge
from tracker.feeds.fetching.limits import Limits, user_agent
from tracker.feeds.workers import Pool, usable_workers
from tracker.hashing import blake2b
from tracker.hosts import host_of
from tracker.model.polling import Changed, Failed, Unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.feeds.fetching.fetch import Answer, Fetcher
    from tracker.feeds.read import Job, Reading
    from tracker.model.polling import FeedState, FirstAnswer, Outcome

__all__ = ["Limits", "harvest"]

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
# Bytes to be read from which workers pay: 30 ms of reading against 10 ms to start them.
_WORTH_WORKERS = 200_000
# A document of which entries are known is mostly cut away unread.
_KNOWN_SHARE = 8
# Above this, what is fetched waits for the readers, and memory with it.
_MOST_BACKLOG = 6 * 2**20
# Read in this process, nothing could stop a document that takes for ever.
_MOST_READ_HERE = 512 * 1024
_READING_DEADLINE = 30.0
# Two workers have a document of 40 kB ready each 2 ms.
_LULL_IN_SECONDS = 0.02
_LULL_AGAIN_IN_SECONDS = 1.0


def harvest(
    feeds: Sequence[FeedState],
    *,
    limits: Limits,
    now: datetime,
    known_hosts: frozenset[str] = frozenset(),
    contact: str = "",
    first_answers: Mapping[str, FirstAnswer] | None = None,
) -> Iterator[list[Outcome]]:
    """Ask all `feeds` and yield one outcome for each, in any order: at a time those that are ready.

    An empty list tells of a lull: nothing was ready for 20 ms. While that lasts, another one comes
    each second, but not while documents are read.
    `known_hosts` are those of the whole feed list (the hosts of `feeds` are always among them):
    a redirect leads to a private address only where it leads to one of them. `contact` is what
    publishers are told of who asks (see `user_agent`). A feed whose listed address is in
    `first_answers` is not asked: that is its answer. No failure of a feed raises. Closing the
    iterator, or an exception such as KeyboardInterrupt, ends all transfers and processes. While the
    consumer works, documents are read on and answers wait in the kernel.
    """
    from tracker.feeds.fetching.fetch import Answer, Fetcher, Request

    given = first_answers or {}
    hosts = known_hosts | {host_of(feed.source.url) for feed in feeds}
    workers = usable_workers(limits.workers)
    agent = user_agent(contact)
    with Pool(workers, _READING_DEADLINE) as pool, Fetcher(limits, hosts, agent) as fetcher:
        fetcher.add(
            Request(key, feed.address, _headers(feed), home=feed.source.url)
            for key, feed in enumerate(feeds)
            if feed.source.url not in given
        )
        known = [
            Answer(
                Request(key, feed.source.url),
                first.status,
                dict(first.headers),
                first.body,
                first.seconds,
                first.url,
            )
            for key, feed in enumerate(feeds)
            if (first := given.get(feed.source.url))
        ]
        yield from _Harvest(feeds, now, fetcher, pool, can_delegate=workers > 0).run(known)


class _Harvest:
    """One run: what was received and not read yet, and where each thing goes next."""

    def __init__(
        self,
        feeds: Sequence[FeedState],
        now: datetime,
        fetcher: Fetcher,
        pool: Pool,
        *,
        can_delegate: bool,
    ) -> None:
        self._feeds = feeds
        self._now = now
        self._fetcher = fetcher
        self._pool = pool
        self._can_delegate = can_delegate
        self._backlog: deque[Job] = deque()
        self._received: dict[int, tuple[Received, bytes]] = {}

    def run(self, known: list[Answer]) -> Iterator[list[Outcome]]:
        """Yield the outcomes of the answers that are `known`, and of those that come."""
        pool, fetcher = self._pool, self._fetcher
        last: float | None = None  # when something was yielded
        patience = _LULL_AGAIN_IN_SECONDS
        while known or len(fetcher) or self._backlog or pool.busy:
            self._delegate()
            idle = not self._backlog or pool.running
            fetcher.paused = sum(len(job.body) for job in self._backlog) > _MOST_BACKLOG
            answers, known = known, []
            answers += fetcher.pump(
                patience if idle and not answers else 0.0, pool.readable, pool.writable
            )
            ready = [outcome for answer in answers if (outcome := self._judge(answer)) is not None]
            readings = pool.collect() if pool.running else []
            if not answers and not readings and self._backlog and not pool.running:
                readings.append(self._read_here())
            self._delegate()
            ready += map(self._outcome, readings)
            if ready:
                yield ready
                last, patience = time.monotonic(), _LULL_IN_SECONDS
            elif last and time.monotonic() - last >= patience:
                # Told again only while servers are silent: a large document takes seconds to read.
                if patience == _LULL_IN_SECONDS or not (self._backlog or pool.busy):
                    yield ready
                last, patience = time.monotonic(), _LULL_AGAIN_IN_SECONDS

    def _judge(self, answer: Answer) -> Outcome | None:
        """Tell the outcome, None where the document is to be read first."""
        key = answer.request.key
        feed = self._feeds[key]
        judged = judge(feed, answer, self._now)
        if not isinstance(judged, Received):
            return judged
        body_hash = blake2b(judged.body, digest_size=16).digest()
        if body_hash == feed.body_hash:
            return Unchanged(feed, judged.transfer, body_hash, feed.entry_hashes)
        from tracker.feeds.read import Job

        self._received[key] = judged._replace(body=b""), body_hash
        job = Job(key, judged.body, judged.url, judged.content_type, feed.entry_hashes)
        self._backlog.append(job)
        return None

    def _delegate(self) -> None:
        """Hand the backlog to the workers, starting them where it is worth their while."""
        if not self._backlog or not self._can_delegate:
            return
        if not self._pool.running:
            cost = sum(len(job.body) // (_KNOWN_SHARE if job.known else 1) for job in self._backlog)
            if cost < _WORTH_WORKERS and len(self._backlog[0].body) <= _MOST_READ_HERE:
                return
            self._pool.start()
        self._pool.fill(self._backlog)

    def _read_here(self) -> Reading:
        from tracker.feeds.read import read

        return read(self._backlog.popleft())

    def _outcome(self, reading: Reading) -> Outcome:
        received, body_hash = self._received.pop(reading.key)
        feed, transfer = received.feed, received.transfer
        if reading.failure is not None:
            # Its validators would turn the next answer into a 304, as if all were well.
            kept = transfer._replace(
                etag=feed.etag, last_modified=feed.last_modified, moved_to=None
            )
            return Failed(feed, kept, reading.failure)
        if reading.document is None:
            return Unchanged(feed, transfer, body_hash, reading.hashes)
        return Changed(feed, transfer, reading.document, body_hash, reading.hashes, reading.cut)


def _headers(feed: FeedState) -> tuple[tuple[str, str], ...]:
    """Give the request's headers; those that the user gives the feed replace ours."""
    headers = [("Accept", _ACCEPT)]
    if feed.etag:
        headers.append(("If-None-Match", feed.etag))
    if feed.last_modified:
        headers.append(("If-Modified-Since", feed.last_modified))
    if feed.source.headers:
        own = {name.lower() for name, _ in feed.source.headers}
        headers = [pair for pair in headers if pair[0].lower() not in own]
        headers += feed.source.headers
    return tuple(headers)
