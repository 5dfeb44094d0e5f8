"""Requests outside a poll: a few, for something that a person has just asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.feeds.fetching.limits import Limits, user_agent
from tracker.hosts import host_of, without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.feeds.fetching.fetch import Answer, Fetcher

OK = 200
_REFUSING = frozenset({403, 429})
_AT_ONCE = 2


def download(url: str, *, limits: Limits | None = None, contact: str = "") -> Answer:
    """Fetch one document; raises FeedError, with the reason, if none comes.

    `contact` is what the publisher is told of who asks (see `user_agent`).
    """
    from tracker.feeds.fetching.fetch import Fetcher

    with Fetcher(limits or Limits(), frozenset([host_of(url)]), user_agent(contact)) as fetcher:
        return first_that_answers(fetcher, [url])


def first_that_answers(fetcher: Fetcher, spellings: Iterable[str]) -> Answer:
    """Ask one address after the other; raises FeedError, with the first reason, if none answers."""
    reason = ""
    for spelling in spellings:
        (answer,) = ask(fetcher, [spelling])
        if answer.error is None and answer.status == OK:
            return answer
        reason = reason or reason_of(answer)
    raise FeedError(reason)


def reason_of(answer: Answer) -> str:
    """Return in words why an answer brought no document."""
    from tracker.feeds.fetching.answers import describe_status

    if answer.error is not None:
        return without_credentials(answer.error)
    return describe_status(answer)


def ask(fetcher: Fetcher, urls: Iterable[str]) -> list[Answer]:
    """Ask for all, and return the answers in the order of the URLs."""
    from tracker.feeds.fetching.fetch import Request

    fetcher.add(Request(number, url) for number, url in enumerate(urls))
    answers: list[Answer] = []
    while len(fetcher):
        answers += fetcher.pump(1.0)
    return sorted(answers, key=lambda answer: answer.request.key)


class Prober:
    """Asks addresses that may be feeds, two at a time, for at most `left` seconds in all.

    A host that answers with 403 or 429 is not asked again; `refusal` is the first such answer.
    After its time it asks no more: requests without an answer may still be open.
    """

    def __init__(self, fetcher: Fetcher, seconds: float) -> None:
        self._fetcher = fetcher
        self._refused: set[str] = set()
        self.left = seconds
        self.refusal: Answer | None = None

    def page(self, url: str) -> Answer:
        """Fetch one page; raises FeedError if none comes."""
        return first_that_answers(self._fetcher, [url])

    def answers(self, urls: Iterable[str]) -> Iterator[list[Answer]]:
        """Yield the answers of two addresses at a time, in the order of the URLs."""
        left = list(dict.fromkeys(urls))
        while left and self.left > 0:
            group, left = left[:_AT_ONCE], left[_AT_ONCE:]
            began = time.monotonic()
            group = [url for url in group if host_of(url) not in self._refused]
            found = self._ask(group, began + self.left)
            self.left -= time.monotonic() - began
            for answer in found:
                if answer.status in _REFUSING and answer.error is None:
                    self._refused.add(host_of(answer.url))
                    self.refusal = self.refusal or answer
            yield found

    def _ask(self, urls: list[str], deadline: float) -> list[Answer]:
        from tracker.feeds.fetching.fetch import Request

        self._fetcher.add(Request(number, url) for number, url in enumerate(urls))
        found: list[Answer] = []
        while len(self._fetcher) and (left := deadline - time.monotonic()) > 0:
            found += self._fetcher.pump(min(left, 1.0))
        return sorted(found, key=lambda answer: answer.request.key)
