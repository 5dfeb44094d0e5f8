"""Where a page says that feeds are, and where feeds commonly are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from tracker.feeds.finding.publishers import channel_feed, is_section
from tracker.feeds.parsing.markup import feed_links, names_feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.feeds.parsing.markup import FeedLink

# What the common publishing systems use, most frequent first.
_COMMON_PATHS = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json", "rss/")
_MOST_CANDIDATES = 12
_HEADER_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)")
_PARAMETER = re.compile(r";\s*([\w*]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")


class Announced(NamedTuple):
    """What a page announces, as absolute addresses.

    `links` are the feeds of `<link>` elements and of the `Link:` header, those of comments last;
    `anchors` are links of the text that look like feeds; `refresh` is where the page forwards to,
    "" if to no other page.
    """

    links: list[str]
    anchors: list[str]
    refresh: str


def announced(body: bytes, url: str, headers: Mapping[str, str]) -> Announced:
    """Return what the page at `url` announces; `body` is in UTF-8."""
    page = feed_links(body.decode("utf-8", "replace"))
    base = _joined(url, page.base) or url
    links = [_joined(url, href) for href in _of_header(headers.get("link", ""))]
    links += [_joined(base, link.href) for link in _comments_last(page.links)]
    if (urlsplit(url).hostname or "").endswith("youtube.com"):
        links.append(channel_feed(page.channel) or "")
    anchors = [_joined(base, link.href) for link in _comments_last(page.anchors)]
    refresh = _joined(base, page.refresh) if page.refresh else ""
    return Announced(_first_of(links), _first_of(anchors), "" if refresh == url else refresh)


def guessed(url: str) -> list[str]:
    """Return where feeds commonly are, beside the page and at the site's root.

    Not at the root for a tag, category or author: the site's feed is not what was asked for.
    """
    path = url.partition("?")[0].partition("#")[0]
    near = path if path.endswith("/") else f"{path}/"
    roots = dict.fromkeys((near,) if is_section(url) else (near, urljoin(url, "/")))
    return [urljoin(root, common) for common in _COMMON_PATHS for root in roots]


def _of_header(value: str) -> list[str]:
    """Return the feeds that a `Link:` header names (RFC 8288)."""
    found = []
    for link in _HEADER_LINK.finditer(value):
        parameters = {
            name.lower(): (quoted or bare).lower()
            for name, quoted, bare in _PARAMETER.findall(link[2])
        }
        kind = parameters.get("type", "").partition(";")[0].strip()
        if "alternate" in parameters.get("rel", "").split() and names_feed(kind):
            found.append(link[1])
    return found


def _comments_last(links: Iterable[FeedLink]) -> list[FeedLink]:
    return sorted(links, key=lambda link: "comment" in f"{link[0]} {link[1]}".lower())


def _joined(base: str, href: str) -> str:
    """Return an absolute web address, "" if it cannot be made."""
    if href.lower().startswith("feed:"):
        href = href[5:] if "://" in href[5:] else f"http:{href[5:]}"
    try:
        url = urljoin(base, href)
    except ValueError:
        return ""
    return url.partition("#")[0] if url.startswith(("http://", "https://")) else ""


def _first_of(urls: Iterable[str]) -> list[str]:
    return [url for url in dict.fromkeys(urls) if url][:_MOST_CANDIDATES]
