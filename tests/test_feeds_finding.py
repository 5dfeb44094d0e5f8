"""A local web of sites: one for each way of announcing a feed, one for each trap."""

from __future__ import annotations

import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tracker.errors import FeedError
from tracker.feeds.fetching.limits import Limits
from tracker.feeds.finding.discover import find

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Limits(timeout=5.0)
RSS = (
    b"<rss version='2.0'><channel><title>The Gazette</title><language>en</language>"
    b"<item><title>Old</title><guid>1</guid><pubDate>Mon, 03 Aug 2020 10:00:00 GMT</pubDate></item>"
    b"<item><title>New</title><guid>2</guid><pubDate>Wed, 05 Aug 2020 10:00:00 GMT</pubDate></item>"
    b"</channel></rss>"
)
COMMON = 8


class Web(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Site)
        self.pages: dict[str, tuple[int, list[tuple[str, str]], bytes]] = {}
        self.missing = 404
        self.slow = threading.Event()
        self.stopping = threading.Event()
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.at_once = self.most_at_once = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def put(
        self, path: str, body: bytes | str, *headers: tuple[str, str], status: int = 200
    ) -> None:
        self.pages[path] = status, list(headers), body.encode() if isinstance(body, str) else body

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went away."""

    def found(self, path: str) -> list[str]:
        start = len(self.url(""))
        return [each.source.url[start:] for each in find(self.url(path), limits=HERE)]


class Site(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        web = self.server
        with web.lock:
            web.asked[self.path] += 1
            web.at_once += 1
            web.most_at_once = max(web.most_at_once, web.at_once)
        status, headers, body = web.pages.get(self.path, (web.missing, [], b""))
        if self.path not in web.pages and web.slow.is_set():
            web.stopping.wait(10)
        time.sleep(0.005)
        with web.lock:
            web.at_once -= 1
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.stopping.set()
        server.shutdown()
        thread.join()


# --- ways of announcing ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("<link rel=alternate type=application/rss+xml href=f>", "/blog/f"),
        (
            "<base href='/deep/er/'><link rel=alternate type=application/rss+xml href=f>",
            "/deep/er/f",
        ),
        ("<link rel='alternate' type='text/xml' href='/f'>", "/f"),
        ("<link rel='ALTERNATE' type='Application/XML; charset=utf-8' href='/f'>", "/f"),
        ("<link rel=feed href='/f'>", "/f"),
        ("<p><a href='/news.rss'><img src=icon.png></a>", "/news.rss"),
        ("<p><a href='f?format=rss'>Subscribe</a>", "/blog/f?format=rss"),
        ("<p><a href='/export/1234'>RSS</a>", "/export/1234"),
        ("<p><a class='icon rss' href='/export/1234'></a>", "/export/1234"),
    ],
)
def test_a_feed_that_a_page_announces_is_found_in_two_requests(
    web: Web, page: str, feed: str
) -> None:
    web.put("/blog/", f"<html><head>{page}")
    web.put(feed, RSS)
    assert web.found("/blog/") == [feed]
    assert sum(web.asked.values()) == 2


def test_an_address_for_feed_readers_is_asked_as_a_web_address(web: Web) -> None:
    web.put("/", f"<html><a href='{web.url('/f').replace('http:', 'feed:')}'>Subscribe</a>")
    web.put("/f", RSS)
    assert web.found("/") == ["/f"]


def test_a_feed_of_a_link_header_is_found(web: Web) -> None:
    web.put(
        "/",
        "<html>Hello",
        ("Link", '</style.css>; rel=preload, </f>; type="application/atom+xml"; rel="x alternate"'),
        ("Link", '</wp-json/>; rel="https://api.w.org/"'),
    )
    web.put("/f", RSS)
    assert web.found("/") == ["/f"]
    assert sum(web.asked.values()) == 2


def test_a_page_that_forwards_is_followed(web: Web) -> None:
    web.put("/", "<html><meta http-equiv=Refresh content='0; URL=\"/en/\"'>")
    web.put("/en/", "<html><link rel=alternate type=application/rss+xml href=f>")
    web.put("/en/f", RSS)
    assert web.found("/") == ["/en/f"]
    assert sum(web.asked.values()) == 3


def test_pages_that_forward_in_a_circle_end(web: Web) -> None:
    web.put("/a", "<html><title>A</title><meta http-equiv=refresh content='0;url=/b'>")
    web.put("/b", "<html><title>B</title><meta http-equiv=refresh content='0;url=/a'>")
    with pytest.raises(FeedError, match="no feed is named in it"):
        web.found("/a")
    assert web.asked["/a"] + web.asked["/b"] == 3


def test_the_feed_of_an_account_is_found_in_one_request(web: Web) -> None:
    web.put("/@someone.rss", RSS)
    assert web.found("/@someone") == ["/@someone.rss"]
    assert web.asked == {"/@someone.rss": 1}


def test_the_feed_of_a_tag_is_preferred_to_that_of_the_site(web: Web) -> None:
    web.put("/tag/news/", "<html><link rel=alternate type=application/rss+xml href=/feed>")
    web.put("/tag/news/feed/", RSS)
    web.put("/feed", RSS)
    assert web.found("/tag/news/") == ["/tag/news/feed/"]
    assert web.asked == {"/tag/news/feed/": 1}


def test_several_feeds_are_shown_with_what_they_brought_comments_last(web: Web) -> None:
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href={href}>"
        for href in ("/comments/feed", "/a", "/b")
    )
    web.put("/", f"<html>{links}")
    for path in ("/comments/feed", "/a"):
        web.put(path, RSS)
    web.put("/b", b"<rss version='2.0'><channel><title>Empty</title></channel></rss>")
    found = find(web.url("/"), limits=HERE)
    assert [each.source.url for each in found] == [
        web.url(path) for path in ("/a", "/b", "/comments/feed")
    ]
    assert [each.headline for each in found] == ["New", "", "New"]
    assert found[0].newest is not None
    assert (found[0].newest.day, found[1].newest) == (5, None)


# --- traps -----------------------------------------------------------------------------------


def test_a_miss_asks_each_usual_path_once_and_two_at_a_time(web: Web) -> None:
    web.put("/blog", "<html><title>Nothing</title>")
    with pytest.raises(FeedError, match=r"titled “Nothing”, and no feed is named in it$"):
        web.found("/blog")
    assert sum(web.asked.values()) == 1 + 2 * COMMON
    assert set(web.asked.values()) == {1}
    assert web.most_at_once <= 2


@pytest.mark.parametrize("status", [403, 429])
def test_a_host_that_refuses_is_not_asked_on(web: Web, status: int) -> None:
    web.put("/", "<html><title>Nothing</title>")
    web.missing = status
    with pytest.raises(FeedError, match=rf"no feed is named in it; then .*\({status}\)"):
        web.found("/")
    assert sum(web.asked.values()) == 3


def test_too_many_requests_end_the_search_before_the_page(web: Web) -> None:
    web.missing = 429
    with pytest.raises(FeedError, match="too many requests"):
        web.found("/@someone")
    assert web.asked == {"/@someone.rss": 1}


def test_a_slow_site_ends_the_search_in_time(web: Web) -> None:
    web.put("/", "<html><title>Nothing</title>")
    web.slow.set()
    began = time.monotonic()
    with pytest.raises(FeedError, match="too slow to be searched"):
        find(web.url("/"), limits=HERE, budget=0.3)
    assert time.monotonic() - began < 3


def test_a_site_that_shows_its_home_page_everywhere_has_no_feed(web: Web) -> None:
    web.put("/", "<html><title>Home</title>")
    for path in ("/feed", "/rss", "/feed.xml", "/rss.xml"):
        web.put(path, "", ("Location", "/"), status=302)
    with pytest.raises(FeedError, match="no feed is named in it"):
        web.found("/")


@pytest.mark.parametrize(
    "page",
    [
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/pages/1>",
        "<link rel=alternate type=text/xml href='/wp-json/oembed/1.0/embed?format=xml'>",
        "<link rel=alternate hreflang=de href=/de>",
        "<a href='/about-rss.html'>What is RSS?</a>",
        "<a href='javascript:rss()'>RSS</a>",
        "<base href='http://['><link rel=alternate type=application/rss+xml href='http://['>",
    ],
)
def test_what_only_looks_like_an_announcement_is_not_asked(web: Web, page: str) -> None:
    web.put("/", f"<html><title>Home</title>{page}")
    with pytest.raises(FeedError, match="no feed is named in it"):
        web.found("/")
    assert sum(web.asked.values()) == 1 + COMMON


def test_the_site_is_not_searched_for_the_feed_of_a_tag(web: Web) -> None:
    web.put("/tag/news/", "<html><title>News</title>")
    web.put("/feed", RSS)
    with pytest.raises(FeedError, match="no feed is named in it"):
        web.found("/tag/news/")
    assert "/feed" not in web.asked


def test_a_page_cannot_lead_to_a_private_address(web: Web) -> None:
    private = web.url("/f").replace("127.0.0.1", "localhost")
    web.put("/f", RSS)
    web.put(
        "/",
        f"<html><base href='{private}'><link rel=feed href='f'><a href='{private}'>rss</a>"
        f"<meta http-equiv=refresh content='0;url={private}'>",
    )
    with pytest.raises(FeedError):
        web.found("/")
    assert "/f" not in web.asked
