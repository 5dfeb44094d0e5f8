"""Every answer that a publisher may give, from a real server that counts what it was asked."""

from __future__ import annotations

import gzip
import os
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from publishing import Publisher, Reply

from tracker import __version__
from tracker.errors import FeedError
from tracker.feeds import harvest as harvesting
from tracker.feeds.fetching.fetch import Answer, Fetcher, Request
from tracker.feeds.fetching.limits import Limits
from tracker.feeds.finding.discover import find
from tracker.model.polling import (
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


def state(url: str, **known: object) -> FeedState:
    headers = known.pop("headers", ())
    source = FeedSource(url, headers=headers)  # type: ignore[arg-type]  # given as pairs
    return FeedState(1, source)._replace(**known)  # type: ignore[arg-type]  # fields by name


def harvest(
    feeds: list[FeedState], limits: Limits = HERE, known_hosts: frozenset[str] = frozenset()
) -> Iterator[Outcome]:
    for ready in harvesting.harvest(feeds, limits=limits, now=NOW, known_hosts=known_hosts):
        yield from ready


def ask(publisher: Publisher, path: str, limits: Limits = HERE, **known: object) -> Outcome:
    (outcome,) = harvest([state(publisher.url(path), **known)], limits=limits)
    return outcome


def failure(publisher: Publisher, path: str, limits: Limits = HERE) -> str:
    outcome = ask(publisher, path, limits)
    assert isinstance(outcome, Failed), outcome
    return outcome.reason


# --- documents ---------------------------------------------------------------------------------


def test_a_document_comes_with_its_entries_and_validators(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS, headers={"ETag": '"1"', "Last-Modified": "then"})
    outcome = ask(publisher, "/f")
    assert isinstance(outcome, Changed)
    (entry,) = outcome.document.entries
    assert (entry.id, entry.title, entry.summary) == ("g1", "A first report", "It is said.")
    assert entry.url == "http://gazette.example/first"
    assert (outcome.transfer.etag, outcome.transfer.last_modified) == ('"1"', "then")
    assert publisher.asked == {"/f": 1}


def test_the_same_bytes_are_unchanged_without_validators(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS)
    first = ask(publisher, "/f")
    assert isinstance(first, Changed)
    second = ask(publisher, "/f", body_hash=first.body_hash, entry_hashes=first.entry_hashes)
    assert isinstance(second, Unchanged)
    assert second.entry_hashes == first.entry_hashes


def test_new_bytes_count_although_the_validators_are_the_old_ones(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS, headers={"ETag": '"1"'})
    outcome = ask(publisher, "/f", etag='"1"', body_hash=b"another")
    assert isinstance(outcome, Changed)


def test_another_date_of_issue_alone_is_unchanged(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS)
    first = ask(publisher, "/f")
    assert isinstance(first, Changed)
    issue = b"<channel><lastBuildDate>Wed, 05 Aug 2020 11:00:00 GMT</lastBuildDate>"
    publisher.routes["/f"] = Reply(body=RSS.replace(b"<channel>", issue))
    second = ask(publisher, "/f", body_hash=first.body_hash, entry_hashes=first.entry_hashes)
    assert isinstance(second, Changed)  # the first issue had no such element
    publisher.routes["/f"] = Reply(body=RSS.replace(b"<channel>", issue.replace(b"11:", b"12:")))
    third = ask(publisher, "/f", body_hash=second.body_hash, entry_hashes=second.entry_hashes)
    assert isinstance(third, Unchanged)


def test_only_the_new_entry_of_a_changed_document_is_read(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS)
    first = ask(publisher, "/f")
    assert isinstance(first, Changed)
    more = b"<item><title>More</title><guid>http://gazette.example/2</guid></item><item>"
    publisher.routes["/f"] = Reply(body=RSS.replace(b"<item>", more, 1))
    second = ask(publisher, "/f", body_hash=first.body_hash, entry_hashes=first.entry_hashes)
    assert isinstance(second, Changed)
    assert [entry.title for entry in second.document.entries] == ["More"]
    assert second.cut == 1


def test_a_compressed_document_is_inflated(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=gzip.compress(RSS), headers={"Content-Encoding": "gzip"})
    assert isinstance(ask(publisher, "/f"), Changed)
    assert "gzip" in publisher.headers[0]["accept-encoding"]


def test_the_charset_of_the_answer_counts_where_the_document_says_nothing(
    publisher: Publisher,
) -> None:
    body = RSS.decode().replace("A first report", "Пожар").encode("windows-1251")
    publisher.routes["/f"] = Reply(body=body, headers={"Content-Type": "text/xml; charset=cp1251"})
    outcome = ask(publisher, "/f")
    assert isinstance(outcome, Changed)
    assert outcome.document.entries[0].title == "Пожар"


# --- not modified ------------------------------------------------------------------------------


def test_validators_are_sent_and_a_304_refreshes_them(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(304, headers={"ETag": '"2"', "Cache-Control": "max-age=600"})
    outcome = ask(publisher, "/f", etag='"1"', last_modified="then", body_hash=b"x")
    assert isinstance(outcome, NotModified)
    assert (outcome.transfer.etag, outcome.transfer.last_modified) == ('"2"', "then")
    assert outcome.transfer.max_age == timedelta(minutes=10)
    assert publisher.headers[0]["if-none-match"] == '"1"'
    assert publisher.headers[0]["if-modified-since"] == "then"


def test_a_304_to_a_first_request_is_a_failure(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(304)
    assert "never read before" in failure(publisher, "/f")


# --- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_reported(publisher: Publisher, status: int) -> None:
    publisher.routes["/old"] = Reply(status, headers={"Location": "/new"})
    publisher.routes["/new"] = Reply(body=RSS)
    outcome = ask(publisher, "/old")
    assert isinstance(outcome, Changed)
    assert outcome.transfer.moved_to == publisher.url("/new")
    assert publisher.asked == {"/old": 1, "/new": 1}


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_passing_redirect_is_followed_and_forgotten(publisher: Publisher, status: int) -> None:
    publisher.routes["/old"] = Reply(status, headers={"Location": publisher.url("/new")})
    publisher.routes["/new"] = Reply(body=RSS)
    outcome = ask(publisher, "/old")
    assert isinstance(outcome, Changed)
    assert outcome.transfer.moved_to is None


def test_what_is_permanent_ends_at_the_first_passing_redirect(publisher: Publisher) -> None:
    publisher.routes["/a"] = Reply(301, headers={"Location": "/b"})
    publisher.routes["/b"] = Reply(302, headers={"Location": "/c"})
    publisher.routes["/c"] = Reply(301, headers={"Location": "/d"})
    publisher.routes["/d"] = Reply(body=RSS)
    outcome = ask(publisher, "/a")
    assert outcome.transfer.moved_to == publisher.url("/b")


def test_a_permanent_redirect_to_a_page_is_not_reported(publisher: Publisher) -> None:
    publisher.routes["/old"] = Reply(301, headers={"Location": "/"})
    publisher.routes["/"] = Reply(body=b"<!DOCTYPE html><title>Welcome</title>")
    outcome = ask(publisher, "/old")
    assert isinstance(outcome, Failed)
    assert outcome.transfer.moved_to is None


def test_redirects_in_a_circle_end(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(302, headers={"Location": "/f"})
    assert failure(publisher, "/f") == "it redirects without end (8 times)"
    assert publisher.asked["/f"] == 9


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/", "mailto:a@b.example"]
)
def test_a_redirect_leads_nowhere_but_to_the_web(publisher: Publisher, target: str) -> None:
    publisher.routes["/f"] = Reply(302, headers={"Location": target})
    assert "no web address" in failure(publisher, "/f")


def test_a_redirect_without_target_fails(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(301)
    assert failure(publisher, "/f") == "it redirects to nowhere (301)"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "[::1]", "2130706434", "0x7f.2"])
def test_a_redirect_to_a_private_address_is_refused(publisher: Publisher, host: str) -> None:
    publisher.routes["/f"] = Reply(302, headers={"Location": publisher.url("/secret", host)})
    publisher.routes["/secret"] = Reply(body=RSS)
    assert "private address" in failure(publisher, "/f")
    assert publisher.asked == {"/f": 1}


def test_a_redirect_to_a_private_address_that_the_list_names_is_followed(
    publisher: Publisher,
) -> None:
    publisher.routes["/f"] = Reply(302, headers={"Location": publisher.url("/g", "localhost")})
    publisher.routes["/g"] = Reply(body=RSS)
    feeds = [state(publisher.url("/f"))]
    known = frozenset({"localhost"})
    (outcome,) = harvest(feeds, known_hosts=known)
    assert isinstance(outcome, Changed)


def test_a_name_that_resolves_to_a_private_address_is_refused_on_connecting(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if DNS had given a public address when it was asked first: only the socket tells.
    monkeypatch.setattr("tracker.feeds.fetching.fetch.names_private", lambda _: False)
    publisher.routes["/f"] = Reply(302, headers={"Location": publisher.url("/secret", "localhost")})
    publisher.routes["/secret"] = Reply(body=RSS)
    assert "private address" in failure(publisher, "/f")
    assert publisher.asked == {"/f": 1}


def test_the_feeds_own_headers_do_not_follow_to_another_origin(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(302, headers={"Location": publisher.url("/g", "localhost")})
    publisher.routes["/g"] = Reply(body=RSS)
    feed = state(publisher.url("/f"), headers=(("Authorization", "Bearer secret"),), etag='"1"')
    known = frozenset({"localhost"})
    (outcome,) = harvest([feed], known_hosts=known)
    assert isinstance(outcome, Changed)
    assert publisher.headers[0]["authorization"] == "Bearer secret"
    assert "authorization" not in publisher.headers[1]
    assert publisher.headers[1]["if-none-match"] == '"1"'


def test_the_feeds_own_headers_do_not_come_back_within_a_foreign_origin(
    publisher: Publisher,
) -> None:
    publisher.routes["/f"] = Reply(302, headers={"Location": publisher.url("/g", "localhost")})
    publisher.routes["/g"] = Reply(302, headers={"Location": "/h"})
    publisher.routes["/h"] = Reply(body=RSS)
    feed = state(publisher.url("/f"), headers=(("Authorization", "Bearer secret"),))
    (outcome,) = harvest([feed], known_hosts=frozenset({"localhost"}))
    assert isinstance(outcome, Changed)
    assert ["authorization" in sent for sent in publisher.headers] == [True, False, False]


@pytest.mark.parametrize(("host", "sent"), [("localhost", None), ("127.0.0.1", "Bearer secret")])
def test_where_a_feed_moved_its_own_headers_are_sent_within_its_origin_only(
    publisher: Publisher, host: str, sent: str | None
) -> None:
    publisher.routes["/new"] = Reply(body=RSS)
    feed = state(
        publisher.url("/old"),
        headers=(("Authorization", "Bearer secret"),),
        etag='"1"',
        moved_to=publisher.url("/new", host),
    )
    (outcome,) = harvest([feed], known_hosts=frozenset({host}))
    assert isinstance(outcome, Changed)
    assert publisher.headers[0].get("authorization") == sent
    assert publisher.headers[0]["if-none-match"] == '"1"'


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
    publisher: Publisher, status: int, words: str
) -> None:
    publisher.routes["/f"] = Reply(status)
    reason = failure(publisher, "/f")
    assert words in reason
    assert f"({status})" in reason
    assert publisher.asked == {"/f": 1}


def test_gone_is_told(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(410)
    outcome = ask(publisher, "/f", etag='"1"')
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
    publisher: Publisher, status: int, text: str, moment: datetime | None
) -> None:
    publisher.routes["/f"] = Reply(status, headers={"Retry-After": text})
    outcome = ask(publisher, "/f")
    assert isinstance(outcome, Failed)
    assert outcome.retry_at == moment


@pytest.mark.parametrize("body", [b"", b" \n "])
def test_an_empty_document_is_a_failure_that_keeps_the_old_validators(
    publisher: Publisher, body: bytes
) -> None:
    publisher.routes["/f"] = Reply(body=body)
    outcome = ask(publisher, "/f")
    assert isinstance(outcome, Failed)
    assert outcome.reason == "the answer is empty"


def test_a_page_instead_of_a_feed_does_not_leave_its_validators(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=b"<html><title>Hm</title>", headers={"ETag": '"page"'})
    outcome = ask(publisher, "/f", etag='"feed"')
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
def test_a_document_that_is_no_feed_is_named(publisher: Publisher, body: bytes, words: str) -> None:
    publisher.routes["/f"] = Reply(body=body)
    assert words in failure(publisher, "/f")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, b"<html><title>Just a moment...</title>"),
        Reply(403, headers={"cf-mitigated": "challenge"}),
        Reply(503, b"<html><script>window._cf_chl_opt={}</script>"),
    ],
)
def test_a_cloudflare_challenge_is_named(publisher: Publisher, reply: Reply) -> None:
    publisher.routes["/f"] = reply
    assert "Cloudflare challenge" in failure(publisher, "/f")


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


def test_a_server_that_speaks_no_tls_is_told(publisher: Publisher) -> None:
    feed = state(publisher.url("/f").replace("http:", "https:"))
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
def test_a_broken_answer_is_told(publisher: Publisher, raw: bytes, words: str) -> None:
    publisher.routes["/f"] = Reply(raw=raw)
    assert words in failure(publisher, "/f")


def test_a_trickling_answer_ends_at_the_deadline(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS, trickle=0.02)
    began = time.monotonic()
    reason = failure(publisher, "/f", Limits(workers=0, timeout=0.3))
    assert reason == "no complete answer came within 0.3 s"
    assert time.monotonic() - began < 2


def test_redirects_share_one_deadline(publisher: Publisher) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.12)
        return Reply(302, headers={"Location": "/f"})

    publisher.routes["/f"] = slow
    assert "within 0.3 s" in failure(publisher, "/f", Limits(workers=0, timeout=0.3))
    assert publisher.asked["/f"] <= 3


def test_the_cap_counts_inflated_bytes(publisher: Publisher) -> None:
    bomb = gzip.compress(b"<rss>" + bytes(40 * 2**20))
    publisher.routes["/f"] = Reply(body=bomb, headers={"Content-Encoding": "gzip"})
    assert len(bomb) < 100_000
    assert failure(publisher, "/f", HERE._replace(max_body=2 * 2**20)) == "it is larger than 2 MiB"


def test_headers_without_end_are_cut_off(publisher: Publisher) -> None:
    many = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 5000) for n in range(55))
    publisher.routes["/f"] = Reply(raw=b"HTTP/1.1 200 OK\r\n" + many + b"\r\n" + RSS)
    assert failure(publisher, "/f") == "its headers are without end"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://127.0.0.1/", "nonsense", "http://"]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    (outcome,) = harvest([state(url)])
    assert isinstance(outcome, Failed)
    assert outcome.reason == "its address is no http or https URL"


def test_credentials_of_an_address_stay_out_of_the_reason(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(302, headers={"Location": "http://me:pass@:99999/"})
    url = publisher.url("/f").replace("//", "//user:hunter2@")
    (outcome,) = harvest([state(url)])
    assert isinstance(outcome, Failed)
    assert "hunter2" not in outcome.reason
    assert "pass" not in outcome.reason
    assert publisher.headers[0]["authorization"].startswith("Basic ")


def test_credentials_of_an_address_stay_out_of_the_links_of_its_entries(
    publisher: Publisher,
) -> None:
    publisher.routes["/f"] = Reply(body=b"<rss><item><title>A</title><link>/a</link></item></rss>")
    (outcome,) = harvest([state(publisher.url("/f").replace("//", "//user:hunter2@"))])
    assert isinstance(outcome, Changed)
    assert outcome.document.entries[0].url == publisher.url("/a")


def test_the_headers_of_an_answer_are_those_after_the_interim_ones(publisher: Publisher) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nETag: early\r\nCache-Control: max-age=900\r\n\r\n"
    late = b"HTTP/1.1 200 OK\r\nLast-Modified: then\r\nContent-Length: %d\r\n\r\n" % len(RSS)
    publisher.routes["/f"] = Reply(raw=early + late + RSS)
    transfer = ask(publisher, "/f").transfer
    assert (transfer.etag, transfer.last_modified, transfer.max_age) == (None, "then", None)


def test_what_a_hop_before_brought_is_forgotten(publisher: Publisher) -> None:
    headers = {"Location": "/g", "ETag": "early", "Cache-Control": "max-age=900"}
    publisher.routes["/f"] = Reply(302, body=b"not this", headers=headers)
    publisher.routes["/g"] = Reply(body=RSS)
    outcome = ask(publisher, "/f")
    assert isinstance(outcome, Changed)
    assert (outcome.transfer.etag, outcome.transfer.max_age) == (None, None)
    assert outcome.transfer.size_in_bytes == len(RSS)


@pytest.mark.parametrize(("size", "read"), [(len(RSS), True), (len(RSS) - 1, False)])
def test_a_document_may_be_as_large_as_the_cap(
    publisher: Publisher, size: int, *, read: bool
) -> None:
    publisher.routes["/f"] = Reply(body=RSS)
    outcome = ask(publisher, "/f", HERE._replace(max_body=size))
    assert isinstance(outcome, Changed) == read


def test_redirects_are_followed_up_to_their_number(publisher: Publisher) -> None:
    for hop in range(2):
        publisher.routes[f"/{hop}"] = Reply(302, headers={"Location": f"/{hop + 1}"})
    publisher.routes["/2"] = Reply(body=RSS)
    assert isinstance(ask(publisher, "/0", HERE._replace(max_redirects=2)), Changed)
    assert "without end (1 times)" in failure(publisher, "/0", HERE._replace(max_redirects=1))


# --- the fetcher -------------------------------------------------------------------------------


def answered(fetcher: Fetcher, count: int) -> list[Answer]:
    found: list[Answer] = []
    deadline = time.monotonic() + 10
    while len(found) < count:
        assert time.monotonic() < deadline
        found += fetcher.pump(0.2)
    return found


def test_nothing_starts_while_the_fetcher_is_paused(publisher: Publisher) -> None:
    with Fetcher(HERE, frozenset({"127.0.0.1"}), "t") as fetcher:
        fetcher.paused = True
        fetcher.add([Request(7, publisher.url("/f"))])
        for _ in range(20):  # as long as it would take to be asked
            assert fetcher.pump(0.02) == []
        assert (len(fetcher), publisher.asked) == (1, {})
        fetcher.paused = False
        (answer,) = answered(fetcher, 1)
        assert (answer.request.key, answer.status, len(fetcher)) == (7, 404, 0)


def test_a_private_address_is_asked_only_where_the_list_names_it(publisher: Publisher) -> None:
    with Fetcher(HERE, frozenset(), "t") as fetcher:
        fetcher.add([Request(1, publisher.url("/f"))])
        (answer,) = answered(fetcher, 1)
    assert (answer.status, answer.error) == (
        0,
        "it leads to 127.0.0.1, a private address that the feed list does not name",
    )
    assert publisher.asked == {}


def test_waiting_for_answers_ends_when_a_given_file_can_be_read(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS, trickle=1.0)
    readable, writable = os.pipe()
    with Fetcher(HERE, frozenset({"127.0.0.1"}), "t") as fetcher:
        fetcher.add([Request(1, publisher.url("/f"))])
        while not publisher.asked:
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


def test_the_time_that_a_request_waits_for_its_host_is_not_its_own(publisher: Publisher) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.15)
        return Reply(body=RSS)

    publisher.routes = {f"/{n}": slow for n in range(4)}
    limits = Limits(workers=0, per_host=1, timeout=0.4)
    feeds = [state(publisher.url(f"/{n}")) for n in range(4)]
    assert all(isinstance(outcome, Changed) for outcome in harvest(feeds, limits))


# --- manners -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("", "(feed reader)"),
        ("https://example.org/me", "(+https://example.org/me)"),
        ("me@example.org", "(me@example.org)"),
    ],
)
def test_the_user_agent_names_tracker_and_the_users_contact(
    publisher: Publisher, contact: str, told: str
) -> None:
    publisher.routes["/f"] = Reply(body=b"<rss><item><title>A</title></item></rss>")
    list(harvesting.harvest([state(publisher.url("/f"))], limits=HERE, now=NOW, contact=contact))
    assert publisher.headers[0]["user-agent"] == f"tracker/{__version__} {told}"


def test_a_feeds_own_headers_replace_ours(publisher: Publisher) -> None:
    ask(publisher, "/f", headers=(("accept", "text/xml"), ("User-Agent", "me"), ("Cookie", "a=b")))
    assert publisher.headers[0]["accept"] == "text/xml"
    assert publisher.headers[0]["user-agent"] == "me"
    assert publisher.headers[0]["cookie"] == "a=b"


def test_a_netrc_file_gives_credentials(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    ask(publisher, "/f")
    assert publisher.headers[0]["authorization"].startswith("Basic ")


def test_the_netrc_file_of_the_users_home_gives_credentials(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    ask(publisher, "/f")
    assert publisher.headers[0]["authorization"].startswith("Basic ")


# pycurl takes a duplicate of the socket that it is given, and lets the object go without closing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_proxy_of_the_users_own_network_may_be_connected_to_for_any_host(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", publisher.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    target, other = "http://feeds.example.com/f", "http://other.example.com/f"
    head = f"HTTP/1.1 302 X\r\nLocation: {other}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    publisher.routes[target] = Reply(raw=head.encode())
    publisher.routes[other] = Reply(body=RSS)
    (outcome,) = harvest([state(target)])
    assert isinstance(outcome, Changed)


def test_the_proxy_of_the_environment_is_used(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", publisher.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    target = "http://feeds.example.com/f"
    publisher.routes[target] = Reply(302, headers={"Location": "http://other.example.com/f"})
    publisher.routes["http://other.example.com/f"] = Reply(body=RSS)
    (outcome,) = harvest([state(target)])
    assert isinstance(outcome, Changed)


def test_at_most_two_requests_run_at_a_host(publisher: Publisher) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.03)
        return Reply(body=RSS)

    feeds = [state(publisher.url(f"/{n}")) for n in range(8)]
    publisher.routes = {f"/{n}": slow for n in range(8)}
    outcomes = list(harvest(feeds))
    assert len(outcomes) == 8
    assert publisher.most_at_once == 2


def test_hosts_are_asked_side_by_side_up_to_the_limit(publisher: Publisher) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.1)
        return Reply(body=RSS)

    publisher.routes["/f"] = slow
    feeds = [state(publisher.url("/f", f"h{n}.localhost")) for n in range(6)]
    limits = Limits(workers=0, transfers=4, timeout=5.0)
    assert all(isinstance(each, Changed) for each in harvest(feeds, limits=limits))
    assert publisher.most_at_once == 4


def test_leaving_early_ends_the_transfers(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS)
    publisher.routes["/slow"] = Reply(body=RSS, trickle=0.05)
    feeds = [state(publisher.url("/f")), state(publisher.url("/slow"))]
    outcomes = harvest(feeds)
    assert isinstance(next(outcomes), Changed)
    began = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert time.monotonic() - began < 1


# --- discovery ---------------------------------------------------------------------------------


def test_a_feed_is_discovered_as_itself(publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(body=RSS)
    (found,) = find(publisher.url("/f"), limits=HERE)
    assert found.source == FeedSource(publisher.url("/f"), title="The Gazette", language="en")


def test_the_feeds_that_a_page_names_are_discovered(publisher: Publisher) -> None:
    page = (
        b"<html><head><link rel=alternate type='application/rss+xml' title='All' href='/f'>"
        b"<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments'>"
        b"<link rel=alternate hreflang=de href='/de'><link rel=alternate "
        b"type='application/atom+xml' href='/broken'></head>"
    )
    publisher.routes["/"] = Reply(body=page)
    publisher.routes["/f"] = Reply(body=RSS)
    publisher.routes["/comments"] = Reply(body=RSS.replace(b"The Gazette", b"Comments"))
    found = find(publisher.url("/"), limits=HERE)
    assert [each.source.title for each in found] == ["The Gazette", "Comments"]
    assert "/de" not in publisher.asked


def test_a_feed_at_a_common_path_is_discovered(publisher: Publisher) -> None:
    publisher.routes["/blog"] = Reply(body=b"<html><title>Blog</title>")
    publisher.routes["/blog/feed.xml"] = Reply(body=RSS)
    (found,) = find(publisher.url("/blog"), limits=HERE)
    assert found.source.url == publisher.url("/blog/feed.xml")


def test_a_permanently_moved_feed_is_discovered_at_its_new_address(publisher: Publisher) -> None:
    publisher.routes["/old"] = Reply(301, headers={"Location": "/f"})
    publisher.routes["/f"] = Reply(body=RSS)
    (found,) = find(publisher.url("/old"), limits=HERE)
    assert found.source.url == publisher.url("/f")


def test_a_page_without_feeds_is_told(publisher: Publisher) -> None:
    publisher.routes["/"] = Reply(body=b"<html><title>Nothing here</title>")
    with pytest.raises(FeedError, match="titled “Nothing here”, and no feed is named in it"):
        find(publisher.url("/"), limits=HERE)


def test_an_address_that_answers_with_an_error_is_told(publisher: Publisher) -> None:
    with pytest.raises(FeedError, match="nothing at this address"):
        find(publisher.url("/nowhere"), limits=HERE)


def test_a_page_cannot_make_discovery_ask_a_private_address(publisher: Publisher) -> None:
    href = publisher.url("/secret", "localhost")
    page = f"<html><link rel=alternate type='application/rss+xml' href='{href}'>"
    publisher.routes["/"] = Reply(body=page.encode())
    publisher.routes["/secret"] = Reply(body=RSS)
    with pytest.raises(FeedError):
        find(publisher.url("/"), limits=HERE)
    assert "/secret" not in publisher.asked


def test_a_host_that_no_name_server_can_be_asked_for_is_said() -> None:
    (outcome,) = harvest([state(f"http://{'é' * 70}.example/feed")])
    assert isinstance(outcome, Failed)
    assert outcome.reason == "its address cannot be read"
