"""From an address that a user gives to what is there: a site's feeds, an article's words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tracker.errors import FeedError, FeedFormatError
from tracker.feeds.fetching.limits import Limits, user_agent
from tracker.feeds.finding.asking import ask, first_that_answers
from tracker.feeds.parsing import challenge
from tracker.feeds.parsing.encoding import to_utf8
from tracker.hosts import host_of
from tracker.model_polling import FeedSource

if TYPE_CHECKING:
    from tracker.feeds.fetching.fetch import Answer, Fetcher
    from tracker.feeds.parsing.markup import PageAbout

# What the common publishing systems use, most frequent first.
_COMMON_PATHS = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json")
_MOST_CANDIDATES = 12


def discover(url: str, *, limits: Limits | None = None, contact: str = "") -> list[FeedSource]:
    """Find the feeds of a site, each with its own title and language; never empty.

    `url` may be a feed itself, a page that names its feeds, or a page of a site that keeps one
    where many do; without a scheme https is tried, then http. Raises FeedError, whose reason
    says what was found instead.
    """
    from tracker.feeds.fetching.fetch import Fetcher

    spellings = [url] if "://" in url else [f"https://{url}", f"http://{url}"]
    hosts = frozenset(host_of(spelling) for spelling in spellings)
    with Fetcher(limits or Limits(), hosts, user_agent(contact)) as fetcher:
        answer = first_that_answers(fetcher, spellings)
        try:
            return [_as_source(answer)]
        except FeedFormatError as error:
            reason = error.reason
        body = to_utf8(answer.body, answer.headers.get("content-type", ""))
        if challenge.is_page(body):
            found = _feeds_among(fetcher, _named(body, answer.url)) or _feeds_among(
                fetcher, _guessed(answer.url), most=1
            )
            if found:
                return found
            reason = f"{reason.removesuffix(', not a feed')}, and no feed is named in it"
        raise FeedError(reason)


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


def _as_source(answer: Answer) -> FeedSource:
    """Read the answer as a feed; raises FeedFormatError."""
    from tracker.feeds.parsing.parse import parse

    document = parse(
        answer.body, url=answer.url, content_type=answer.headers.get("content-type", "")
    )
    address = answer.moved_to or answer.request.url
    return FeedSource(address, title=document.title, language=document.language)


def _named(body: bytes, base: str) -> list[str]:
    """List the feeds that the page names, absolute; those of comments last."""
    from tracker.feeds.parsing.markup import feed_links

    found: dict[str, bool] = {}
    for link in feed_links(body.decode("utf-8", "replace")):
        try:
            url = urljoin(base, link.href)
        except ValueError:
            continue
        found.setdefault(url, "comment" in f"{link.title} {link.href}".lower())
    return sorted(found, key=lambda url: found[url])[:_MOST_CANDIDATES]


def _guessed(base: str) -> list[str]:
    """List where feeds commonly are, beside the page and at the site's root."""
    near = base if base.endswith("/") else f"{base}/"
    roots = dict.fromkeys((near, urljoin(base, "/")))
    return [urljoin(root, path) for path in _COMMON_PATHS for root in roots]


def _feeds_among(fetcher: Fetcher, urls: list[str], most: int | None = None) -> list[FeedSource]:
    """Keep those that are feeds indeed; with `most`, ask one by one until that many are found."""
    found: dict[str, FeedSource] = {}
    for group in [[url] for url in urls] if most else [urls]:
        for answer in ask(fetcher, group):
            try:
                source = _as_source(answer)
            except FeedError:
                continue
            found.setdefault(source.url, source)
        if most and len(found) >= most:
            break
    return list(found.values())
