"""Every answer that a publisher may give, from a real server that counts what it was asked."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tracker.errors import FeedError
from tracker.feeds import harvest as harvesting
from tracker.feeds.fetching.fetch import Answer, Fetcher, Request
from tracker.feeds.fetching.limits import Limits
from tracker.feeds.finding.discover import discover
from tracker.feeds.harvest import USER_AGENT
from tracker.model_polling import (
    Changed,
    Failed,
    FeedSource,
    FeedState,
    NotModified,
    Outcome,
    Unchanged,
)

NOW = datetime(2020, 8, 5, 12, tzinfo=UTC)
HERE = Limits(workers=0, timeout=5.0)
RSS = (
    b"<rss version='2.0'><channel><title>The Gazette</title><link>http://gazette.example/</link>"
    b"<language>en</language><item><title>A first report</title><link>/first</link>"
    b"<guid isPermaLink='false'>g1</guid><pubDate>Wed, 05 Aug 2020 10:00:00 GMT</pubDate>"
    b"<description>It is &lt;b&gt;said&lt;/b&gt;.</description></item></channel></rss>"
)


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    trickle: float = 0.0


Route = Reply | Callable[[BaseHTTPRequestHandler], Reply]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Route] = {}
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self.at_once = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        server = self.server
        with server.lock:
            server.asked[self.path] += 1
            server.headers.append({name.lower(): value for name, value in self.headers.items()})
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        route = server.routes.get(self.path, Reply(404))
        reply = route if isinstance(route, Reply) else route(self)
        with server.lock:
            server.at_once -= 1
        self.answer(reply)

    def answer(self, reply: Reply) -> None:
        if reply.raw is not None:
            self.wfile.write(reply.raw)
            self.close_connection = True
            return
        lines = [f"HTTP/1.1 {reply.status} X"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        lines += [f"Content-Length: {len(reply.body)}", "", ""]
        head = "\r\n".join(lines).encode()
        if not reply.trickle:
            self.wfile.write(head + reply.body)
            return
        self.wfile.write(head)
        for byte in reply.body:
            if self.server.stopping.wait(reply.trickle):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.stopping.set()
        running.shutdown()
        thread.join()


def state(url: str, **known: object) -> FeedState:
    headers = known.pop("headers", ())
    source = FeedSource(url, headers=headers)  # type: ignore[arg-type]  # given as pairs
    return FeedState(1, source)._replace(**known)  # type: ignore[arg-type]  # fields by name


def harvest(
    feeds: list[FeedState], limits: Limits = HERE, known_hosts: frozenset[str] = frozenset()
) -> Iterator[Outcome]:
    for ready in harvesting.harvest(feeds, limits=limits, now=NOW, known_hosts=known_hosts):
        yield from ready


def ask(server: Server, path: str, limits: Limits = HERE, **known: object) -> Outcome:
    (outcome,) = harvest([state(server.url(path), **known)], limits=limits)
    return outcome


def failure(server: Server, path: str, limits: Limits = HERE) -> str:
    outcome = ask(server, path, limits)
    assert isinstance(outcome, Failed), outcome
    return outcome.reason


# --- documents ---------------------------------------------------------------------------------


def test_a_document_comes_with_its_entries_and_validators(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS, headers={"ETag": '"1"', "Last-Modified": "then"})
    outcome = ask(server, "/f")
    assert isinstance(outcome, Changed)
    (entry,) = outcome.document.entries
    assert (entry.id, entry.title, entry.summary) == ("g1", "A first report", "It is said.")
    assert entry.url == "http://gazette.example/first"
    assert (outcome.transfer.etag, outcome.transfer.last_modified) == ('"1"', "then")
    assert server.asked == {"/f": 1}


def test_the_same_bytes_are_unchanged_without_validators(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS)
    first = ask(server, "/f")
    assert isinstance(first, Changed)
    second = ask(server, "/f", body_hash=first.body_hash, entry_hashes=first.entry_hashes)
    assert isinstance(second, Unchanged)
    assert second.entry_hashes == first.entry_hashes


def test_new_bytes_count_although_the_validators_are_the_old_ones(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS, headers={"ETag": '"1"'})
    outcome = ask(server, "/f", etag='"1"', body_hash=b"another")
    assert isinstance(outcome, Changed)


def test_another_date_of_issue_alone_is_unchanged(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS)
    first = ask(server, "/f")
    assert isinstance(first, Changed)
    issue = b"<channel><lastBuildDate>Wed, 05 Aug 2020 11:00:00 GMT</lastBuildDate>"
    server.routes["/f"] = Reply(body=RSS.replace(b"<channel>", issue))
    second = ask(server, "/f", body_hash=first.body_hash, entry_hashes=first.entry_hashes)
    assert isinstance(second, Changed)  # the first issue had no such element
    server.routes["/f"] = Reply(body=RSS.replace(b"<channel>", issue.replace(b"11:", b"12:")))
    third = ask(server, "/f", body_hash=second.body_hash, entry_hashes=second.entry_hashes)
    assert isinstance(third, Unchanged)


def test_only_the_new_entry_of_a_changed_document_is_read(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS)
    first = ask(server, "/f")
    assert isinstance(first, Changed)
    more = b"<item><title>More</title><guid>http://gazette.example/2</guid></item><item>"
    server.routes["/f"] = Reply(body=RSS.replace(b"<item>", more, 1))
    second = ask(server, "/f", body_hash=first.body_hash, entry_hashes=first.entry_hashes)
    assert isinstance(second, Changed)
    assert [entry.title for entry in second.document.entries] == ["More"]
    assert second.cut == 1


def test_a_compressed_document_is_inflated(server: Server) -> None:
    server.routes["/f"] = Reply(body=gzip.compress(RSS), headers={"Content-Encoding": "gzip"})
    assert isinstance(ask(server, "/f"), Changed)
    assert "gzip" in server.headers[0]["accept-encoding"]


def test_the_charset_of_the_answer_counts_where_the_document_says_nothing(server: Server) -> None:
    body = RSS.decode().replace("A first report", "Пожар").encode("windows-1251")
    server.routes["/f"] = Reply(body=body, headers={"Content-Type": "text/xml; charset=cp1251"})
    outcome = ask(server, "/f")
    assert isinstance(outcome, Changed)
    assert outcome.document.entries[0].title == "Пожар"


# --- not modified ------------------------------------------------------------------------------


def test_validators_are_sent_and_a_304_refreshes_them(server: Server) -> None:
    server.routes["/f"] = Reply(304, headers={"ETag": '"2"', "Cache-Control": "max-age=600"})
    outcome = ask(server, "/f", etag='"1"', last_modified="then", body_hash=b"x")
    assert isinstance(outcome, NotModified)
    assert (outcome.transfer.etag, outcome.transfer.last_modified) == ('"2"', "then")
    assert outcome.transfer.max_age == timedelta(minutes=10)
    assert server.headers[0]["if-none-match"] == '"1"'
    assert server.headers[0]["if-modified-since"] == "then"


def test_a_304_to_a_first_request_is_a_failure(server: Server) -> None:
    server.routes["/f"] = Reply(304)
    assert "never read before" in failure(server, "/f")


# --- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_reported(server: Server, status: int) -> None:
    server.routes["/old"] = Reply(status, headers={"Location": "/new"})
    server.routes["/new"] = Reply(body=RSS)
    outcome = ask(server, "/old")
    assert isinstance(outcome, Changed)
    assert outcome.transfer.moved_to == server.url("/new")
    assert server.asked == {"/old": 1, "/new": 1}


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_passing_redirect_is_followed_and_forgotten(server: Server, status: int) -> None:
    server.routes["/old"] = Reply(status, headers={"Location": server.url("/new")})
    server.routes["/new"] = Reply(body=RSS)
    outcome = ask(server, "/old")
    assert isinstance(outcome, Changed)
    assert outcome.transfer.moved_to is None


def test_what_is_permanent_ends_at_the_first_passing_redirect(server: Server) -> None:
    server.routes["/a"] = Reply(301, headers={"Location": "/b"})
    server.routes["/b"] = Reply(302, headers={"Location": "/c"})
    server.routes["/c"] = Reply(301, headers={"Location": "/d"})
    server.routes["/d"] = Reply(body=RSS)
    outcome = ask(server, "/a")
    assert outcome.transfer.moved_to == server.url("/b")


def test_a_permanent_redirect_to_a_page_is_not_reported(server: Server) -> None:
    server.routes["/old"] = Reply(301, headers={"Location": "/"})
    server.routes["/"] = Reply(body=b"<!DOCTYPE html><title>Welcome</title>")
    outcome = ask(server, "/old")
    assert isinstance(outcome, Failed)
    assert outcome.transfer.moved_to is None


def test_redirects_in_a_circle_end(server: Server) -> None:
    server.routes["/f"] = Reply(302, headers={"Location": "/f"})
    assert failure(server, "/f") == "it redirects without end (8 times)"
    assert server.asked["/f"] == 9


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/", "mailto:a@b.example"]
)
def test_a_redirect_leads_nowhere_but_to_the_web(server: Server, target: str) -> None:
    server.routes["/f"] = Reply(302, headers={"Location": target})
    assert "no web address" in failure(server, "/f")


def test_a_redirect_without_target_fails(server: Server) -> None:
    server.routes["/f"] = Reply(301)
    assert failure(server, "/f") == "it redirects to nowhere (301)"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "[::1]", "2130706434", "0x7f.2"])
def test_a_redirect_to_a_private_address_is_refused(server: Server, host: str) -> None:
    server.routes["/f"] = Reply(302, headers={"Location": server.url("/secret", host)})
    server.routes["/secret"] = Reply(body=RSS)
    assert "private address" in failure(server, "/f")
    assert server.asked == {"/f": 1}


def test_a_redirect_to_a_private_address_that_the_list_names_is_followed(server: Server) -> None:
    server.routes["/f"] = Reply(302, headers={"Location": server.url("/g", "localhost")})
    server.routes["/g"] = Reply(body=RSS)
    feeds = [state(server.url("/f"))]
    known = frozenset({"localhost"})
    (outcome,) = harvest(feeds, known_hosts=known)
    assert isinstance(outcome, Changed)


def test_a_name_that_resolves_to_a_private_address_is_refused_on_connecting(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if DNS had given a public address when it was asked first: only the socket tells.
    monkeypatch.setattr("tracker.feeds.fetching.fetch.names_private", lambda _: False)
    server.routes["/f"] = Reply(302, headers={"Location": server.url("/secret", "localhost")})
    server.routes["/secret"] = Reply(body=RSS)
    assert "private address" in failure(server, "/f")
    assert server.asked == {"/f": 1}


def test_the_feeds_own_headers_do_not_follow_to_another_origin(server: Server) -> None:
    server.routes["/f"] = Reply(302, headers={"Location": server.url("/g", "localhost")})
    server.routes["/g"] = Reply(body=RSS)
    feed = state(server.url("/f"), headers=(("Authorization", "Bearer secret"),), etag='"1"')
    known = frozenset({"localhost"})
    (outcome,) = harvest([feed], known_hosts=known)
    assert isinstance(outcome, Changed)
    assert server.headers[0]["authorization"] == "Bearer secret"
    assert "authorization" not in server.headers[1]
    assert server.headers[1]["if-none-match"] == '"1"'


def test_the_feeds_own_headers_do_not_come_back_within_a_foreign_origin(server: Server) -> None:
    server.routes["/f"] = Reply(302, headers={"Location": server.url("/g", "localhost")})
    server.routes["/g"] = Reply(302, headers={"Location": "/h"})
    server.routes["/h"] = Reply(body=RSS)
    feed = state(server.url("/f"), headers=(("Authorization", "Bearer secret"),))
    (outcome,) = harvest([feed], known_hosts=frozenset({"localhost"}))
    assert isinstance(outcome, Changed)
    assert ["authorization" in sent for sent in server.headers] == [True, False, False]


@pytest.mark.parametrize(("host", "sent"), [("localhost", None), ("127.0.0.1", "Bearer secret")])
def test_where_a_feed_moved_its_own_headers_are_sent_within_its_origin_only(
    server: Server, host: str, sent: str | None
) -> None:
    server.routes["/new"] = Reply(body=RSS)
    feed = state(
        server.url("/old"),
        headers=(("Authorization", "Bearer secret"),),
        etag='"1"',
        moved_to=server.url("/new", host),
    )
    (outcome,) = harvest([feed], known_hosts=frozenset({host}))
    assert isinstance(outcome, Changed)
    assert server.headers[0].get("authorization") == sent
    assert server.headers[0]["if-none-match"] == '"1"'


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "user name"),
        (403, "forbids"),
        (404, "nothing at this address"),
        (429, "too many requests"),
        (451, "legal"),
        (500, "has an error"),
        (503, "not available for now"),
        (522, "Cloudflare"),
        (499, "refusing answer"),
        (599, "error answer"),
    ],
)
def test_a_refusal_is_told_in_words_with_its_number(
    server: Server, status: int, words: str
) -> None:
    server.routes["/f"] = Reply(status)
    reason = failure(server, "/f")
    assert words in reason
    assert f"({status})" in reason
    assert server.asked == {"/f": 1}


def test_gone_is_told(server: Server) -> None:
    server.routes["/f"] = Reply(410)
    outcome = ask(server, "/f", etag='"1"')
    assert isinstance(outcome, Failed)
    assert outcome.gone
    assert "gone for good (410)" in outcome.reason
    assert outcome.transfer.etag == '"1"'


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("Wed, 05 Aug 2020 13:00:00 GMT", NOW + timedelta(hours=1)),
        ("Wed, 05 Aug 2020 11:00:00 GMT", NOW),
        ("soon", None),
        ("99999999999", NOW + timedelta(days=366)),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(
    server: Server, status: int, text: str, moment: datetime | None
) -> None:
    server.routes["/f"] = Reply(status, headers={"Retry-After": text})
    outcome = ask(server, "/f")
    assert isinstance(outcome, Failed)
    assert outcome.retry_at == moment


@pytest.mark.parametrize("body", [b"", b" \n "])
def test_an_empty_document_is_a_failure_that_keeps_the_old_validators(
    server: Server, body: bytes
) -> None:
    server.routes["/f"] = Reply(body=body)
    outcome = ask(server, "/f")
    assert isinstance(outcome, Failed)
    assert outcome.reason == "the answer is empty"


def test_a_page_instead_of_a_feed_does_not_leave_its_validators(server: Server) -> None:
    server.routes["/f"] = Reply(body=b"<html><title>Hm</title>", headers={"ETag": '"page"'})
    outcome = ask(server, "/f", etag='"feed"')
    assert isinstance(outcome, Failed)
    assert outcome.transfer.etag == '"feed"'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><title>Welcome &amp; hello</title>", "page titled “Welcome & hello”"),
        (b"<html><head><title>Just a moment...</title></head>", "Cloudflare challenge"),
        (b"<html><script src='https://ct.captcha-delivery.com/c.js'></script>", "captcha"),
        (b"<html><title>Before you continue to YouTube</title>", "cookie consent page"),
        (b"<html><title>Sign in</title><input type='password'>", "login page"),
        (b'{"error": "no such feed"}', "JSON of another kind (with error)"),
        (b'{"items": [', "broken JSON"),
        (b"<opml version='2.0'><body/></opml>", "an OPML list"),
        (b"<?xml version='1.0'?><note>hello</note>", "XML document of another kind (<note>)"),
        (b"nothing to see", "plain text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a file of another kind"),
    ],
)
def test_a_document_that_is_no_feed_is_named(server: Server, body: bytes, words: str) -> None:
    server.routes["/f"] = Reply(body=body)
    assert words in failure(server, "/f")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, b"<html><title>Just a moment...</title>"),
        Reply(403, headers={"cf-mitigated": "challenge"}),
        Reply(503, b"<html><script>window._cf_chl_opt={}</script>"),
    ],
)
def test_a_cloudflare_challenge_is_named(server: Server, reply: Reply) -> None:
    server.routes["/f"] = reply
    assert "Cloudflare challenge" in failure(server, "/f")


# --- the network -------------------------------------------------------------------------------


def test_nobody_listening_is_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        feed = state(f"http://127.0.0.1:{unused.getsockname()[1]}/f")
        (outcome,) = harvest([feed])
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("no connection to 127.0.0.1")


def test_an_unknown_host_is_told() -> None:
    # A label of more than 63 characters: libcurl's resolver refuses it without asking anybody.
    name = f"{'x' * 64}.example"
    (outcome,) = harvest([state(f"http://{name}/feed")])
    assert isinstance(outcome, Failed)
    assert outcome.reason == f"there is no host named {name}"


def test_a_server_that_speaks_no_tls_is_told(server: Server) -> None:
    feed = state(server.url("/f").replace("http:", "https:"))
    (outcome,) = harvest([feed])
    assert isinstance(outcome, Failed)
    assert "TLS" in outcome.reason


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<rss", "broke off"),
        (b"+OK POP3 ready\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip", "compression"),
    ],
)
def test_a_broken_answer_is_told(server: Server, raw: bytes, words: str) -> None:
    server.routes["/f"] = Reply(raw=raw)
    assert words in failure(server, "/f")


def test_a_trickling_answer_ends_at_the_deadline(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS, trickle=0.02)
    began = time.monotonic()
    reason = failure(server, "/f", Limits(workers=0, timeout=0.3))
    assert reason == "no complete answer came within 0.3 s"
    assert time.monotonic() - began < 2


def test_redirects_share_one_deadline(server: Server) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.12)
        return Reply(302, headers={"Location": "/f"})

    server.routes["/f"] = slow
    assert "within 0.3 s" in failure(server, "/f", Limits(workers=0, timeout=0.3))
    assert server.asked["/f"] <= 3


def test_the_cap_counts_inflated_bytes(server: Server) -> None:
    bomb = gzip.compress(b"<rss>" + bytes(40 * 2**20))
    server.routes["/f"] = Reply(body=bomb, headers={"Content-Encoding": "gzip"})
    assert len(bomb) < 100_000
    assert failure(server, "/f", HERE._replace(max_body=2 * 2**20)) == "it is larger than 2 MiB"


def test_headers_without_end_are_cut_off(server: Server) -> None:
    many = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 5000) for n in range(55))
    server.routes["/f"] = Reply(raw=b"HTTP/1.1 200 OK\r\n" + many + b"\r\n" + RSS)
    assert failure(server, "/f") == "its headers are without end"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://127.0.0.1/", "nonsense", "http://"]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    (outcome,) = harvest([state(url)])
    assert isinstance(outcome, Failed)
    assert outcome.reason == "its address is no http or https URL"


def test_credentials_of_an_address_stay_out_of_the_reason(server: Server) -> None:
    server.routes["/f"] = Reply(302, headers={"Location": "http://me:pass@:99999/"})
    url = server.url("/f").replace("//", "//user:hunter2@")
    (outcome,) = harvest([state(url)])
    assert isinstance(outcome, Failed)
    assert "hunter2" not in outcome.reason
    assert "pass" not in outcome.reason
    assert server.headers[0]["authorization"].startswith("Basic ")


def test_credentials_of_an_address_stay_out_of_the_links_of_its_entries(server: Server) -> None:
    server.routes["/f"] = Reply(body=b"<rss><item><title>A</title><link>/a</link></item></rss>")
    (outcome,) = harvest([state(server.url("/f").replace("//", "//user:hunter2@"))])
    assert isinstance(outcome, Changed)
    assert outcome.document.entries[0].url == server.url("/a")


def test_the_headers_of_an_answer_are_those_after_the_interim_ones(server: Server) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nETag: early\r\nCache-Control: max-age=900\r\n\r\n"
    late = b"HTTP/1.1 200 OK\r\nLast-Modified: then\r\nContent-Length: %d\r\n\r\n" % len(RSS)
    server.routes["/f"] = Reply(raw=early + late + RSS)
    transfer = ask(server, "/f").transfer
    assert (transfer.etag, transfer.last_modified, transfer.max_age) == (None, "then", None)


def test_what_a_hop_before_brought_is_forgotten(server: Server) -> None:
    headers = {"Location": "/g", "ETag": "early", "Cache-Control": "max-age=900"}
    server.routes["/f"] = Reply(302, body=b"not this", headers=headers)
    server.routes["/g"] = Reply(body=RSS)
    outcome = ask(server, "/f")
    assert isinstance(outcome, Changed)
    assert (outcome.transfer.etag, outcome.transfer.max_age) == (None, None)
    assert outcome.transfer.size_in_bytes == len(RSS)


@pytest.mark.parametrize(("size", "read"), [(len(RSS), True), (len(RSS) - 1, False)])
def test_a_document_may_be_as_large_as_the_cap(server: Server, size: int, *, read: bool) -> None:
    server.routes["/f"] = Reply(body=RSS)
    outcome = ask(server, "/f", HERE._replace(max_body=size))
    assert isinstance(outcome, Changed) == read


def test_redirects_are_followed_up_to_their_number(server: Server) -> None:
    for hop in range(2):
        server.routes[f"/{hop}"] = Reply(302, headers={"Location": f"/{hop + 1}"})
    server.routes["/2"] = Reply(body=RSS)
    assert isinstance(ask(server, "/0", HERE._replace(max_redirects=2)), Changed)
    assert "without end (1 times)" in failure(server, "/0", HERE._replace(max_redirects=1))


# --- the fetcher -------------------------------------------------------------------------------


def answered(fetcher: Fetcher, count: int) -> list[Answer]:
    found: list[Answer] = []
    deadline = time.monotonic() + 10
    while len(found) < count:
        assert time.monotonic() < deadline
        found += fetcher.pump(0.2)
    return found


def test_nothing_starts_while_the_fetcher_is_paused(server: Server) -> None:
    with Fetcher(HERE, frozenset({"127.0.0.1"}), "t") as fetcher:
        fetcher.paused = True
        fetcher.add([Request(7, server.url("/f"))])
        assert fetcher.pump(0.05) == []
        assert (len(fetcher), server.asked) == (1, {})
        fetcher.paused = False
        (answer,) = answered(fetcher, 1)
        assert (answer.request.key, answer.status, len(fetcher)) == (7, 404, 0)


def test_a_private_address_is_asked_only_where_the_list_names_it(server: Server) -> None:
    with Fetcher(HERE, frozenset(), "t") as fetcher:
        fetcher.add([Request(1, server.url("/f"))])
        (answer,) = answered(fetcher, 1)
    assert (answer.status, answer.error) == (
        0,
        "it leads to 127.0.0.1, a private address that the feed list does not name",
    )
    assert server.asked == {}


def test_waiting_for_answers_ends_when_a_given_file_can_be_read(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS, trickle=1.0)
    readable, writable = os.pipe()
    with Fetcher(HERE, frozenset({"127.0.0.1"}), "t") as fetcher:
        fetcher.add([Request(1, server.url("/f"))])
        while not server.asked:
            fetcher.pump(0.01)
        os.write(writable, b"x")
        began = time.monotonic()
        while time.monotonic() - began < 0.5:  # the answer itself may be heard of first
            fetcher.pump(5.0, [readable])
            if time.monotonic() - began < 0.4:
                break
        assert time.monotonic() - began < 0.4
    os.close(readable)
    os.close(writable)


def test_the_time_that_a_request_waits_for_its_host_is_not_its_own(server: Server) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.15)
        return Reply(body=RSS)

    server.routes = {f"/{n}": slow for n in range(4)}
    limits = Limits(workers=0, per_host=1, timeout=0.4)
    feeds = [state(server.url(f"/{n}")) for n in range(4)]
    assert all(isinstance(outcome, Changed) for outcome in harvest(feeds, limits))


# --- manners -----------------------------------------------------------------------------------


def test_the_user_agent_names_tracker_and_its_page(server: Server) -> None:
    ask(server, "/f")
    assert server.headers[0]["user-agent"] == USER_AGENT
    assert USER_AGENT.startswith("tracker/")
    assert "+https://" in USER_AGENT


def test_a_feeds_own_headers_replace_ours(server: Server) -> None:
    ask(server, "/f", headers=(("accept", "text/xml"), ("User-Agent", "me"), ("Cookie", "a=b")))
    assert server.headers[0]["accept"] == "text/xml"
    assert server.headers[0]["user-agent"] == "me"
    assert server.headers[0]["cookie"] == "a=b"


def test_a_netrc_file_gives_credentials(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    ask(server, "/f")
    assert server.headers[0]["authorization"].startswith("Basic ")


def test_the_netrc_file_of_the_users_home_gives_credentials(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    ask(server, "/f")
    assert server.headers[0]["authorization"].startswith("Basic ")


# pycurl takes a duplicate of the socket that it is given, and lets the object go without closing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_proxy_of_the_users_own_network_may_be_connected_to_for_any_host(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    target, other = "http://feeds.example.com/f", "http://other.example.com/f"
    head = f"HTTP/1.1 302 X\r\nLocation: {other}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    server.routes[target] = Reply(raw=head.encode())
    server.routes[other] = Reply(body=RSS)
    (outcome,) = harvest([state(target)])
    assert isinstance(outcome, Changed)


def test_the_proxy_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    target = "http://feeds.example.com/f"
    server.routes[target] = Reply(302, headers={"Location": "http://other.example.com/f"})
    server.routes["http://other.example.com/f"] = Reply(body=RSS)
    (outcome,) = harvest([state(target)])
    assert isinstance(outcome, Changed)


def test_at_most_two_requests_run_at_a_host(server: Server) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.03)
        return Reply(body=RSS)

    feeds = [state(server.url(f"/{n}")) for n in range(8)]
    server.routes = {f"/{n}": slow for n in range(8)}
    outcomes = list(harvest(feeds))
    assert len(outcomes) == 8
    assert server.most_at_once == 2


def test_hosts_are_asked_side_by_side_up_to_the_limit(server: Server) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.1)
        return Reply(body=RSS)

    server.routes["/f"] = slow
    feeds = [state(server.url("/f", f"h{n}.localhost")) for n in range(6)]
    limits = Limits(workers=0, transfers=4, timeout=5.0)
    assert all(isinstance(each, Changed) for each in harvest(feeds, limits=limits))
    assert server.most_at_once == 4


def test_leaving_early_ends_the_transfers(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS)
    server.routes["/slow"] = Reply(body=RSS, trickle=0.05)
    feeds = [state(server.url("/f")), state(server.url("/slow"))]
    outcomes = harvest(feeds)
    assert isinstance(next(outcomes), Changed)
    began = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert time.monotonic() - began < 1


# --- discovery ---------------------------------------------------------------------------------


def test_a_feed_is_discovered_as_itself(server: Server) -> None:
    server.routes["/f"] = Reply(body=RSS)
    (found,) = discover(server.url("/f"), limits=HERE)
    assert found == FeedSource(server.url("/f"), title="The Gazette", language="en")


def test_the_feeds_that_a_page_names_are_discovered(server: Server) -> None:
    page = (
        b"<html><head><link rel=alternate type='application/rss+xml' title='All' href='/f'>"
        b"<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments'>"
        b"<link rel=alternate hreflang=de href='/de'><link rel=alternate "
        b"type='application/atom+xml' href='/broken'></head>"
    )
    server.routes["/"] = Reply(body=page)
    server.routes["/f"] = Reply(body=RSS)
    server.routes["/comments"] = Reply(body=RSS.replace(b"The Gazette", b"Comments"))
    found = discover(server.url("/"), limits=HERE)
    assert [source.title for source in found] == ["The Gazette", "Comments"]
    assert "/de" not in server.asked


def test_a_feed_at_a_common_path_is_discovered(server: Server) -> None:
    server.routes["/blog"] = Reply(body=b"<html><title>Blog</title>")
    server.routes["/blog/feed.xml"] = Reply(body=RSS)
    (found,) = discover(server.url("/blog"), limits=HERE)
    assert found.url == server.url("/blog/feed.xml")


def test_a_permanently_moved_feed_is_discovered_at_its_new_address(server: Server) -> None:
    server.routes["/old"] = Reply(301, headers={"Location": "/f"})
    server.routes["/f"] = Reply(body=RSS)
    (found,) = discover(server.url("/old"), limits=HERE)
    assert found.url == server.url("/f")


def test_a_page_without_feeds_is_told(server: Server) -> None:
    server.routes["/"] = Reply(body=b"<html><title>Nothing here</title>")
    with pytest.raises(FeedError, match="titled “Nothing here”, and no feed is named in it"):
        discover(server.url("/"), limits=HERE)


def test_an_address_that_answers_with_an_error_is_told(server: Server) -> None:
    with pytest.raises(FeedError, match="nothing at this address"):
        discover(server.url("/nowhere"), limits=HERE)


def test_a_page_cannot_make_discovery_ask_a_private_address(server: Server) -> None:
    href = server.url("/secret", "localhost")
    page = f"<html><link rel=alternate type='application/rss+xml' href='{href}'>"
    server.routes["/"] = Reply(body=page.encode())
    server.routes["/secret"] = Reply(body=RSS)
    with pytest.raises(FeedError):
        discover(server.url("/"), limits=HERE)
    assert "/secret" not in server.asked
