"""From feeds to outcomes: transfers, delta and parsing, side by side."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tracker import __version__
from tracker.errors import FeedFormatError
from tracker.feeds.answers import Received, judge
from tracker.feeds.encoding import to_utf8
from tracker.feeds.limits import Limits
from tracker.feeds.urls import host_of
from tracker.model import Changed, Failed, FeedState, NotModified, Outcome, Transfer, Unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

HOMEPAGE = "https://tracker.example/"
USER_AGENT = f"tracker/{__version__} (feed reader for the terminal; +{HOMEPAGE})"
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


def harvest(
    feeds: Sequence[FeedState],
    *,
    limits: Limits,
    now: datetime,
    known_hosts: frozenset[str] = frozenset(),
) -> Iterator[Outcome]:
    """Ask all `feeds` and yield one outcome for each, as it is ready, in any order.

    `known_hosts` are those of the whole feed list (the hosts of `feeds` are always among them):
    a redirect leads to a private address only where it leads to one of them. No failure of a feed
    raises. Closing the iterator, or an exception such as KeyboardInterrupt, ends all transfers.
    """
    from tracker.feeds.fetch import Fetcher, Request

    hosts = known_hosts | {host_of(feed.source.url) for feed in feeds}
    with Fetcher(limits, hosts, USER_AGENT) as fetcher:
        fetcher.add(Request(key, feed.source.url, _headers(feed)) for key, feed in enumerate(feeds))
        while len(fetcher):
            for answer in fetcher.pump(1.0):
                judged = judge(feeds[answer.request.key], answer, now)
                yield _read(judged) if isinstance(judged, Received) else judged


def _read(received: Received) -> Outcome:
    from tracker.feeds.parse import parse_utf8

    feed, transfer, body, url, content_type = received
    digest = hashlib.blake2b(body, digest_size=16).digest()
    if digest == feed.body_hash:
        return Unchanged(feed, transfer, digest, feed.entry_hashes)
    try:
        parsed = parse_utf8(to_utf8(body, content_type), url=url)
    except FeedFormatError as error:
        return Failed(feed, transfer, error.reason)
    return Changed(feed, transfer, parsed.document, digest, b"")


def _headers(feed: FeedState) -> tuple[tuple[str, str], ...]:
    """Give the request's headers; those that the user gives the feed come last and replace ours."""
    headers = {"Accept": _ACCEPT}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.last_modified:
        headers["If-Modified-Since"] = feed.last_modified
    own = {name.lower() for name, _ in feed.source.headers}
    kept = tuple((name, value) for name, value in headers.items() if name.lower() not in own)
    return kept + feed.source.headers


__all__ = ["HOMEPAGE", "USER_AGENT", "Limits", "NotModified", "Transfer", "harvest"]
