"""Ordinary Atom gives what feedparser gives, in every field that is kept."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from comparing import is_read_the_same, rows_of_elements
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.feeds.parsing import ordinary_atom
from tracker.feeds.parsing.encoding import to_utf8

REAL = Path(__file__).parents[2] / "shared" / "feeds"
CHILD = re.compile(rb"<([\w:]+)[\s>].*?</\1>|<[\w:]+[^<>]*/>", re.DOTALL)
NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:x="https://gazette.example/ns"'
)
HEAD = (
    "<title>T</title><id>tag:gazette.example,2020:feed</id><link href='https://gazette.example/'/>"
    "<link rel='self' type='application/atom+xml' href='/feed'/><updated>2020-08-05</updated>"
)
ENTRY = (
    "<title type='html'>A &amp;amp; B</title><link rel='alternate' type='text/html' "
    "href='http://a.example/?a=1&amp;b=2'/><id>tag:a.example,2020:1</id>"
    "<published>2020-08-05T10:00:00Z</published><updated>2020-08-05T11:00:00+02:00</updated>"
    "<author><name>Ann</name><uri>/ann</uri></author><category term='c'/>"
    "<summary type='html'>&lt;p&gt;Words&lt;/p&gt;</summary>"
)


def atom(head: str, *entries: str, attributes: str = "") -> bytes:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f"<feed {NAMESPACES}{attributes}>{head}{inside}</feed>".encode()


def assert_same(body: bytes) -> bool:
    return is_read_the_same(ordinary_atom.read, body)


@pytest.mark.parametrize("attributes", ["", " xml:lang='en'", " xml:lang='pt-BR'"])
def test_an_ordinary_document_is_read(attributes: str) -> None:
    assert assert_same(atom(HEAD, ENTRY, attributes=attributes))


@pytest.mark.parametrize(
    "entry",
    [
        "<content type='html'>long</content><summary>short</summary>",
        "<summary>short</summary><content>long</content>",
        "<summary/><content type='html'>long</content>",
        "<id>http:///a.example/1</id>",
        "<link href='/1'/><link rel='enclosure' href='/a.mp3' type='audio/mpeg' length='1'/>",
        "<link href='/1' type='application/json'/><id>2</id>",
        "<link href='http:////a.example/&amp;b;' rel='Alternate' type='TEXT/HTML'/>",
        "<title>\u00c3\u00a9 \x93</title><author><name>\u00c3\u00a9</name></author>",
        "<author><name/></author><media:thumbnail url='/a.png'/><thr:total>3</thr:total>",
        "<rights>all</rights><updated/><title/>",
    ],
)
def test_usual_elements_in_any_order_are_read(entry: str) -> None:
    assert assert_same(atom(HEAD, entry, ENTRY))


@pytest.mark.parametrize(
    "entry",
    [
        "<title>A <b>B</b></title>",
        "<title xml:lang='de'>A</title>",
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></content>",
        "<content src='/a.png' type='image/png'/>",
        "<content type='application/xml'>x</content>",
        "<link>http://a.example/</link>",
        "<link href='/1' xml:base='http://b.example/'/>",
        "<published>some day</published>",
        "<author><name>Ann</name><email>a@b.example</email></author>",
        "<author>Ann</author>",
        "<author><name>Ann</name></author><author><name>Bob</name></author>",
        "<contributor><name>Bob</name></contributor>",
        "<source><title>S</title></source>",
        "<issued>2020-08-05</issued>",
        "<title>one</title><title>two</title>",
        "<summary>one</summary><summary>two</summary>",
        "<media:title>M</media:title>",
        "<x:title>M</x:title>",
        "<category term='c' xml:lang='de'/>",
        "<id>1</id>text",
    ],
)
def test_what_is_unusual_is_left_to_feedparser(entry: str) -> None:
    assert ordinary_atom.read(atom(HEAD, entry)) is None


@pytest.mark.parametrize(
    "body",
    [
        atom(HEAD, ENTRY, attributes=" xml:base='http://b.example/'"),
        atom(HEAD, ENTRY, attributes=" xml:lang='x y'"),
        atom(HEAD, ENTRY).replace(b"</feed>", b"<title>late</title></feed>"),
        atom(HEAD, ENTRY).replace(b"<entry>", b"<entry xml:lang='de'>"),
        atom(HEAD, ENTRY).replace(b"2005/Atom", b"1999/Atom"),
        atom(HEAD, ENTRY).replace(b"</feed>", b""),
        b"<!DOCTYPE feed>" + atom(HEAD, ENTRY),
        b"<rss version='2.0'><channel/></rss>",
        b"<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>",
        atom(HEAD, "<category/>" * 300_000),
    ],
)
def test_a_document_of_another_kind_is_left_to_feedparser(body: bytes) -> None:
    assert ordinary_atom.read(body) is None


@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
def test_real_documents_make_no_difference() -> None:
    chance = random.Random(5)  # noqa: S311 - the same documents every time
    found = [path for path in sorted(REAL.rglob("*.xml")) if b"<feed" in path.read_bytes()[:2000]]
    read = [
        path
        for path in chance.sample(found, min(60, len(found)))
        if assert_same(to_utf8(path.read_bytes()))
    ]
    assert read


TEXTS = st.sampled_from(
    [
        *(
            "",
            "A",
            " A\n ",
            "<![CDATA[<p>A &amp; B</p>]]>",
            "A<!-- c -->B",
            "<b>A</b>",
            "a <?p?> b",
        ),
        *("http:///a.example/?a&amp;amp;b&amp;c;", "http://a.example/1", "a@b.example", "QQ=="),
        *("Ã©", "\x85", "“é”", "2020-08-05", "2020-08-05T10:00:00+02:00", "fr"),
    ]
)
TAGS = st.sampled_from(
    "title link id summary content published updated author name uri email category rights source "
    "contributor generator logo icon subtitle issued modified created entry feed description guid "
    "media:title media:thumbnail media:group thr:total x:y x:title Title".split()
)
ATTRIBUTES = st.sampled_from(
    [
        *[""] * 8,
        *(" type='html'", " type='text'", " type='xhtml'", " type='text/html'", " src='/a'"),
        *(" href='/f'", " rel='self' href='/f'", " href='/f' type='image/png'", " term='c'"),
        *(" xml:lang='de'", " xml:base='http://b.example/'", " x:a='1'", " rel='Alternate'"),
    ]
)
ROWS = rows_of_elements(TAGS, ATTRIBUTES, TEXTS, 4)
KINDS = (
    ("<title>A</title>", "<title type='html'>A &amp;lt;i&gt; B</title>", "<title/>"),
    ("<link href='/1'/>", "<link rel='alternate' href='http://a.example/2?a&amp;b'/>", ""),
    ("<id>tag:1</id>", "<id>http:///a.example/</id>", ""),
    ("<summary>A</summary>", "<summary type='html'>&lt;p&gt;A&lt;/p&gt;</summary>", "<summary/>"),
    ("<content type='html'>&lt;p&gt;A B&lt;/p&gt;</content>", "<content/>", ""),
    ("<published>2020-08-05T10:00:00Z</published>", "<published/>", ""),
    ("<updated>2020-08-06T10:00:00-05:00</updated>", ""),
    ("<author><name>Ann</name></author>", "<author><name>“é”</name><uri>a</uri></author>", ""),
    ("<link rel='enclosure' href='/a.mp3'/>", "<category term='c'/>", "<thr:total>1</thr:total>"),
)
USUAL = st.tuples(*map(st.sampled_from, KINDS)).flatmap(st.permutations).map("".join)


def test_no_row_of_elements_makes_a_difference() -> None:
    met = Counter[bool]()

    @settings(max_examples=300)
    @given(ROWS, st.lists(ROWS | USUAL, max_size=3), st.sampled_from(["", " xml:lang='de'"]))
    def check(head: str, entries: list[str], attributes: str) -> None:
        met[assert_same(to_utf8(atom(head, *entries, attributes=attributes)))] += 1

    check()
    assert met[False] > 30


def test_no_row_of_usual_elements_makes_a_difference() -> None:
    met = Counter[bool]()

    @settings(max_examples=150)
    @given(st.lists(USUAL, min_size=1, max_size=4))
    def check(entries: list[str]) -> None:
        met[assert_same(atom(HEAD, *entries))] += 1

    check()
    assert met[True] > 100
