"""Requests outside a poll: a few, for something that a person has just asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.feeds.fetching.limits import Limits, user_agent
from tracker.hosts import host_of, without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.feeds.fetching.fetch import Answer, Fetcher

OK = 200


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
