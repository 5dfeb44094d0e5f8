"""From an address that a user gives to what is there: a site's feeds, an article's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tracker.errors import FeedError, FeedFormatError
from tracker.feeds.fetching.limits import Limits, user_agent
from tracker.feeds.finding.asking import OK, Prober, first_that_answers, reason_of
from tracker.feeds.finding.pages import announced, guessed
from tracker.feeds.finding.publishers import advice, feeds_of_publisher
from tracker.feeds.parsing import challenge
from tracker.feeds.parsing.encoding import to_utf8
from tracker.hosts import host_of
from tracker.model.polling import FeedSource, FirstAnswer, FoundFeed

if TYPE_CHECKING:
    from tracker.feeds.fetching.fetch import Answer
    from tracker.feeds.parsing.markup import PageAbout

BUDGET_IN_SECONDS = 15.0
"""How long addresses that may be feeds are asked for in one search."""
_LATE = "the site is too slow to be searched for its feeds"
_TOO_MANY = 429
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_MOST_REFRESHES = 2
# What a poll reads of an answer; a cookie, for example, is not kept.
_KEPT = ("content-type", "etag", "last-modified", "cache-control", "expires", "date", "age")


def find(
    url: str,
    *,
    limits: Limits | None = None,
    contact: str = "",
    budget: float = BUDGET_IN_SECONDS,
) -> list[FoundFeed]:
    """Find the feeds of a site, best first, each with its own title and language; never empty.

    `url` may be a feed itself, a page whose publisher keeps feeds at known places, a page that
    announces its feeds, or a page of a site that keeps one where many do; without a scheme https
    is tried, then http. Addresses that may be feeds are asked for `budget` seconds in all. Raises
    FeedError, whose reason says what was found instead.
    """
    from tracker.feeds.fetching.fetch import Fetcher

    spellings = [url] if "://" in url else [f"https://{url}", f"http://{url}"]
    hosts = frozenset(host_of(spelling) for spelling in spellings)
    with Fetcher(limits or Limits(), hosts, user_agent(contact)) as fetcher:
        prober = Prober(fetcher, budget)
        if found := _feeds_among(prober, feeds_of_publisher(spellings[0])):
            return found
        if prober.left <= 0:
            raise FeedError(_LATE)
        if prober.refusal is not None and prober.refusal.status == _TOO_MANY:
            raise FeedError(_with_advice(reason_of(prober.refusal), spellings[0]))
        try:
            answer = first_that_answers(fetcher, spellings)
        except FeedError as error:
            raise FeedError(_with_advice(error.reason, spellings[0])) from error
        return _of_answer(Prober(fetcher, prober.left), answer, hops=_MOST_REFRESHES)


def _of_answer(prober: Prober, answer: Answer, *, hops: int) -> list[FoundFeed]:
    """Return the feeds of an answer that is a feed or a page; raises FeedError if it is neither."""
    try:
        return [_as_feed(answer)]
    except FeedFormatError as error:
        reason = error.reason
    body = to_utf8(answer.body, answer.headers.get("content-type", ""))
    if not challenge.is_page(body):
        raise FeedError(reason)
    page = announced(body, answer.url, answer.headers)
    if found := _feeds_among(prober, page.links) or _feeds_among(prober, page.anchors):
        return found
    if page.refresh and hops and prober.left > 0:
        return _of_answer(prober, prober.page(page.refresh), hops=hops - 1)
    if found := _feeds_among(prober, guessed(answer.url), most=1):
        return found
    reason = f"{reason.removesuffix(', not a feed')}, and no feed is named in it"
    if prober.left <= 0:
        reason += f"; {_LATE}"
    elif prober.refusal is not None:
        reason += f"; then {reason_of(prober.refusal)}"
    raise FeedError(_with_advice(reason, answer.url))


def _with_advice(reason: str, url: str) -> str:
    words = advice(url)
    return f"{reason}; {words}" if words else reason


def read_article(url: str, *, limits: Limits | None = None, contact: str = "") -> PageAbout:
    """Fetch an article's page, and return its title, description, language and site's name.

    Raises FeedError where no page comes, or one without a title.
    """
    from tracker.feeds.fetching.fetch import Fetcher
    from tracker.feeds.parsing.markup import page_about

    with Fetcher(limits or Limits(), frozenset([host_of(url)]), user_agent(contact)) as fetcher:
        answer = first_that_answers(fetcher, [url])
    body = to_utf8(answer.body, answer.headers.get("content-type", ""))
    about = page_about(body.decode("utf-8", "replace"))
    if not challenge.is_page(body) or not about.title:
        raise FeedError("it is not a page with a title")
    return about


def _as_feed(answer: Answer) -> FoundFeed:
    """Read the answer as a feed; raises FeedFormatError."""
    from tracker.feeds.parsing.parse import parse

    document = parse(
        answer.body, url=answer.url, content_type=answer.headers.get("content-type", "")
    )
    address = answer.moved_to or answer.request.url
    source = FeedSource(address, title=document.title, language=document.language)
    dated = [entry for entry in document.entries if entry.published is not None]
    newest = max(dated, key=lambda entry: entry.published or _EARLIEST, default=None)
    first = newest or next(iter(document.entries), None)
    headers = tuple((name, answer.headers[name]) for name in _KEPT if name in answer.headers)
    return FoundFeed(
        source,
        newest.published if newest else None,
        first.title if first else "",
        FirstAnswer(answer.url, answer.status, headers, answer.body, answer.seconds),
    )


def _feeds_among(prober: Prober, urls: list[str], most: int | None = None) -> list[FoundFeed]:
    """Return those that are feeds indeed; with `most`, stop when that many are found."""
    found: dict[str, FoundFeed] = {}
    for answers in prober.answers(urls):
        for answer in answers:
            if answer.error is not None or answer.status != OK:
                continue
            try:
                feed = _as_feed(answer)
            except FeedError:
                continue
            found.setdefault(feed.source.url, feed)
        if most and len(found) >= most:
            break
    return list(found.values())[:most]
