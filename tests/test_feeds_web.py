"""A web of made sites, one for each way of announcing a feed and one for each trap.

A line says what is typed, which feeds are to be found, best first, and how many requests that may
take. `(…)` in place of feeds is the reason that a person is told.
"""

from __future__ import annotations

import gzip
import json
from typing import NamedTuple

import pytest
from publishing import Publisher, Reply, Route

from tracker.errors import FeedError
from tracker.feeds.fetching.limits import Limits
from tracker.feeds.finding.discover import find

HERE = Limits(timeout=5.0)
RSS = b"<rss version='2.0'><channel><title>R</title><item><title>a</title></item></channel></rss>"
ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><id>x</id>"
    b"<entry><title>a</title><id>1</id></entry></feed>"
)
RDF = (
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    b"xmlns='http://purl.org/rss/1.0/'><channel><title>D</title></channel>"
    b"<item><title>a</title><link>http://x.example/</link></item></rdf:RDF>"
)
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "items": [{"id": "1", "title": "a", "url": "https://x.example/1"}],
    }
).encode()
MISS = 1 + 8  # the page, and the usual paths at the root
NONE = "(no feed is named in it)"
MISS_BELOW = 1 + 2 * 8  # beside the page as well


def page(head: str, title: str = "Site") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>".encode()


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f"<link rel='{rel}' type='{kind}' href='{href}'>"


def moved(to: str, status: int = 301) -> Reply:
    return Reply(status, headers={"Location": to})


class Site(NamedTuple):
    name: str
    pages: dict[str, Route]
    typed: str
    found: str
    requests: int


WAYS = [
    Site("rss itself", {"/f": RSS}, "/f", "/f", 1),
    Site("atom itself", {"/f": ATOM}, "/f", "/f", 1),
    Site("rdf itself", {"/f": RDF}, "/f", "/f", 1),
    Site("json feed itself", {"/f": JSON}, "/f", "/f", 1),
    Site("feed with a byte order mark", {"/f": b"\xef\xbb\xbf" + RSS}, "/f", "/f", 1),
    Site(
        "feed sent as html",
        {"/f": Reply(200, RSS, {"Content-Type": "text/html"})},
        "/f",
        "/f",
        1,
    ),
    Site(
        "compressed feed",
        {"/f": Reply(200, gzip.compress(RSS), {"Content-Encoding": "gzip"})},
        "/f",
        "/f",
        1,
    ),
    Site("feed that moved", {"/old": moved("/f"), "/f": RSS}, "/old", "/f", 2),
    Site("feed for a while elsewhere", {"/f": moved("/g", 302), "/g": RSS}, "/f", "/f", 2),
    Site("link of rss", {"/": page(link("/f")), "/f": RSS}, "/", "/f", 2),
    Site("link of atom", {"/": page(link("/f", "application/atom+xml")), "/f": ATOM}, "/", "/f", 2),
    Site(
        "link of json", {"/": page(link("/f", "application/feed+json")), "/f": JSON}, "/", "/f", 2
    ),
    Site("link of text/xml", {"/": page(link("/f", "text/xml")), "/f": RSS}, "/", "/f", 2),
    Site(
        "link of application/xml",
        {"/": page(link("/f", "application/xml")), "/f": RSS},
        "/",
        "/f",
        2,
    ),
    Site("rel=feed", {"/": page("<link rel=feed href=/f>"), "/f": RSS}, "/", "/f", 2),
    Site(
        "link in capitals",
        {"/": page("<LINK REL=ALTERNATE TYPE=APPLICATION/RSS+XML HREF=/f>"), "/f": RSS},
        "/",
        "/f",
        2,
    ),
    Site("relative link", {"/a/b/": page(link("../f")), "/a/f": RSS}, "/a/b/", "/a/f", 2),
    Site("base", {"/": page("<base href='/x/'>" + link("f")), "/x/f": RSS}, "/", "/x/f", 2),
    Site(
        "link with an entity",
        {"/": page(link("/f?a=1&amp;b=2")), "/f?a=1&b=2": RSS},
        "/",
        "/f?a=1&b=2",
        2,
    ),
    Site("link in the body", {"/": page("") + link("/f").encode(), "/f": RSS}, "/", "/f", 2),
    Site(
        "page that moved",
        {"/": moved("/en/"), "/en/": page(link("f")), "/en/f": RSS},
        "/",
        "/en/f",
        3,
    ),
    Site(
        "meta refresh",
        {
            "/": page("<meta http-equiv=refresh content='0;url=/en/'>"),
            "/en/": page(link("f")),
            "/en/f": RSS,
        },
        "/",
        "/en/f",
        3,
    ),
    Site(
        "Link header",
        {
            "/": Reply(
                200, page(""), {"Link": '</f>; rel="alternate"; type="application/rss+xml"'}
            ),
            "/f": RSS,
        },
        "/",
        "/f",
        2,
    ),
    Site(
        "anchor with the word",
        {"/": page("") + b"<a href=/export/9>RSS</a>", "/export/9": RSS},
        "/",
        "/export/9",
        2,
    ),
    Site(
        "anchor with the suffix",
        {"/": page("") + b"<a href=/news.rss><img src=i.png></a>", "/news.rss": RSS},
        "/",
        "/news.rss",
        2,
    ),
    Site(
        "anchor of a feed reader",
        {"/": page("") + b"<a class='icon rss' href=/e></a>", "/e": RSS},
        "/",
        "/e",
        2,
    ),
    Site("usual path /feed", {"/": page(""), "/feed": RSS}, "/", "/feed", 3),
    Site("usual path /atom.xml", {"/": page(""), "/atom.xml": ATOM}, "/", "/atom.xml", 7),
    Site(
        "usual path beside the page",
        {"/blog": page(""), "/blog/feed": RSS},
        "/blog",
        "/blog/feed",
        3,
    ),
    Site("account on any host", {"/@me.rss": RSS}, "/@me", "/@me.rss", 1),
    Site("tag of a weblog", {"/tag/x/feed/": RSS}, "/tag/x/", "/tag/x/feed/", 1),
    Site(
        "several, comments last",
        {
            "/": page(link("/comments") + link("/f") + link("/g")),
            "/comments": RSS,
            "/f": RSS,
            "/g": ATOM,
        },
        "/",
        "/f /g /comments",
        4,
    ),
]
TRAPS = [
    Site("nothing", {"/": page("")}, "/", NONE, MISS),
    Site("nothing below", {"/blog": page("")}, "/blog", NONE, MISS_BELOW),
    Site("link to a page", {"/": page(link("/about")), "/about": page("")}, "/", NONE, MISS + 1),
    Site("link to nothing", {"/": page(link("/f"))}, "/", NONE, MISS + 1),
    Site(
        "one of two links broken", {"/": page(link("/gone") + link("/f")), "/f": RSS}, "/", "/f", 3
    ),
    Site("the same feed twice", {"/": page(link("/f") + link("/f#x")), "/f": RSS}, "/", "/f", 2),
    Site(
        "oembed and the like",
        {
            "/": page(
                link("/wp-json/oembed?format=xml", "text/xml")
                + link("/wp-json/x", "application/json")
            )
        },
        "/",
        NONE,
        MISS,
    ),
    Site(
        "another language",
        {"/": page("<link rel=alternate hreflang=de href=/de>")},
        "/",
        NONE,
        MISS,
    ),
    Site(
        "a page about feeds",
        {"/": page("") + b"<a href=/about-rss.html>What is RSS?</a>"},
        "/",
        NONE,
        MISS,
    ),
    Site(
        "home page everywhere",
        {
            "/": page(""),
            **{f"/{p}": moved("/", 302) for p in ("feed", "rss", "feed.xml", "rss.xml")},
        },
        "/",
        NONE,
        MISS + 4,
    ),
    Site(
        "feed of the site, not of the tag",
        {"/tag/x/": page(""), "/feed": RSS},
        "/tag/x/",
        NONE,
        2 + 8,
    ),
    Site(
        "challenge",
        {"/": Reply(403, b"<html><title>Just a moment...</title>")},
        "/",
        "(a Cloudflare challenge)",
        1,
    ),
    Site("login", {"/": page("", "Log in")}, "/", "(a login page)", MISS),
    Site("refusal", {"/": page(""), "/feed": 429, "/rss": 429}, "/", "(too many requests)", 3),
    Site(
        "circle of pages",
        {
            "/": page("<meta http-equiv=refresh content='0;url=/b'>"),
            "/b": page("<meta http-equiv=refresh content='0;url=/'>"),
        },
        "/",
        NONE,
        3 + 8,
    ),
    Site("circle of redirects", {"/": moved("/b"), "/b": moved("/")}, "/", "(redirects)", 9),
    Site("private address", {"/": page(link("http://localhost/f"))}, "/", NONE, MISS),
    Site(
        "no scheme of the web",
        {"/": page(link("file:///etc/passwd") + link("javascript:x"))},
        "/",
        NONE,
        MISS,
    ),
    Site("plain text", {"/": b"hello"}, "/", "(plain text, not a feed)", 1),
    Site("broken feed", {"/f": b"<rss version='2.0'><channel><title>R"}, "/f", "/f", 1),
    Site("nothing there", {}, "/x", "(nothing at this address)", 1),
]


@pytest.mark.parametrize("site", [*WAYS, *TRAPS], ids=lambda site: site.name)
def test_what_is_found_is_right_and_asks_no_more_than_it_has_to(
    publisher: Publisher, site: Site
) -> None:
    publisher.routes |= site.pages
    if site.found.startswith("("):
        with pytest.raises(FeedError) as caught:
            find(publisher.url(site.typed), limits=HERE)
        assert site.found.strip("()") in caught.value.reason
    else:
        found = find(publisher.url(site.typed), limits=HERE)
        assert [each.source.url for each in found] == [
            publisher.url(path) for path in site.found.split()
        ]
    assert sum(publisher.asked.values()) == site.requests
    assert publisher.most_at_once <= 2
