"""Ordinary RSS gives what feedparser gives, in every field that is kept.

Each document is read by `ordinary`, by `xmlfeed` and by feedparser alone; where the first has an
answer, all three must come to the same document.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from comparing import is_read_the_same, rows_of_elements
from feedparser.api import StrictFeedParser
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.feeds.parsing import names, ordinary
from tracker.feeds.parsing.encoding import to_utf8

CHILD = re.compile(rb"<([\w:]+)[\s>].*?</\1>|<[\w:]+[^<>]*/>", re.DOTALL)
REAL = Path(__file__).parents[2] / "shared" / "feeds"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "x": "https://gazette.example/ns",
    }.items()
)


def rss(channel: str, *items: str) -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {NAMESPACES}><channel>{channel}{inside}</channel></rss>'.encode()


def assert_same(body: bytes) -> bool:
    return is_read_the_same(ordinary.read, body)


# --- what is known of feedparser -----------------------------------------------------------------


def test_every_element_that_feedparser_knows_is_accounted_for() -> None:
    handled = {
        name.split("_", 2)[2].lower()
        for name in dir(StrictFeedParser)
        if name.startswith(("_start_", "_end_"))
    }
    known = names.UNUSED | names.SILENT | names.MEANT | ordinary._OF_ITEM.keys()  # noqa: SLF001 - as it is what has to be complete
    assert handled <= known


def name_within(uri: str, prefix: str) -> str | None:
    """Return how an element of that namespace is called; None where that is left to feedparser."""
    try:
        return names.Names([(prefix, uri)])[f"{{{uri}}}element"]
    except names.UnusualError:
        return None


def test_a_namespace_of_feedparsers_is_its_own_or_left_to_it() -> None:
    found = {
        (prefix, uri): name
        for uri in filter(None, StrictFeedParser.namespaces)
        for prefix in ("", "x", "dc", "media", "itunes", "content")
        if (name := name_within(uri, prefix)) is not None
    }
    assert found == {
        ("content", "http://purl.org/rss/1.0/modules/content/"): "content_element",
        ("dc", "http://purl.org/dc/elements/1.1/"): "dc_element",
        ("itunes", "http://www.itunes.com/DTDs/PodCast-1.0.dtd"): "itunes_element",
        ("media", "http://search.yahoo.com/mrss"): "media_element",
        ("media", "http://search.yahoo.com/mrss/"): "media_element",
    }


def test_the_prefix_of_an_unknown_namespace_counts() -> None:
    assert names.Names([("x", "https://a.example/")])["{https://a.example/}Element"] == "x_element"
    for prefix in ("dc", "Media", "title", "xlink"):
        with pytest.raises(names.UnusualError):
            names.Names([(prefix, "https://a.example/")])


# --- documents -----------------------------------------------------------------------------------

ORDINARY = (
    "<title>A &amp; B</title><link>http://a.example/?a=1&amp;b=2</link><guid>1</guid>"
    "<pubDate>Wed, 05 Aug 2020 10:00:00 GMT</pubDate><description><![CDATA[<p>Words]]>"
    "</description><dc:creator>Ann</dc:creator><category>c</category>"
)


def test_an_ordinary_document_is_read() -> None:
    head = "<title>T</title><link>http://a.example/</link><language>fr</language><ttl>60</ttl>"
    found = ordinary.read(rss(head, ORDINARY))
    assert found is not None
    assert found.feed["language"] == "fr"
    assert found.entries[0]["link"] == "http://a.example/?a=1&b=2"
    assert assert_same(rss(head, ORDINARY))


@pytest.mark.parametrize(
    "item",
    [
        "<link><![CDATA[http:///a.example/?a&amp;b&c;]]></link><link/>",
        "<guid isPermaLink='true'>http:////a.example/</guid><title/>",
        "<media:content><media:title>far</media:title></media:content><title>near</title>",
        "<title>first</title><title>second</title><source url='/'>S</source><title>third</title>",
        "<description>short</description><content:encoded>long</content:encoded>",
        "<content:encoded>long</content:encoded><description>short</description>",
        "<description>one</description><media:description type='html'>two</media:description>",
        "<dc:date>2020-08-05</dc:date><pubDate/><author>\u00c3\u00a9 \x93</author>",
        "<enclosure url='/a.mp3' type='audio/mpeg'/><x:title>other</x:title>",
    ],
)
def test_the_order_of_elements_makes_no_difference(item: str) -> None:
    assert assert_same(rss("<title>T</title>", item, ORDINARY))


@pytest.mark.parametrize(
    "item",
    [
        "<title>A <b>B</b></title>",
        "<title xml:lang='de'>A</title>",
        "<link href='/x'/>",
        "<pubDate>some day</pubDate>",
        "<description xml:base='http://b.example/'>x</description>",
        "<author><name>Ann</name></author>",
        "<dc:language>de</dc:language>",
        "<content type='xhtml'><div>x</div></content>",
        "<x:a><x:b lang='de'/></x:a>",
        "<dc:subject base='http://b.example/'></dc:subject><link>A</link>",
        "<category xml:lang='de'>c</category>",
        "<title xmlns='https://gazette.example/other' xmlns:dc='https://gazette.example/dc'/>",
        "<t xmlns:x='https://gazette.example/another'/>",
        "<title_detail>x</title_detail>",
        "<x:a>" * 30 + "</x:a>" * 30,
    ],
)
def test_what_is_unusual_is_left_to_feedparser(item: str) -> None:
    assert ordinary.read(rss("", item)) is None


@pytest.mark.parametrize(
    "head",
    [
        "<category base='http://b.example/'/><link>A</link>",
        "<atom:link rel='self' href='/feed' xml:base='http://b.example/'/><link>A</link>",
        "<ttl xml:lang='de'>60</ttl>",
    ],
)
def test_what_is_unusual_in_a_channel_is_left_to_feedparser(head: str) -> None:
    assert ordinary.read(rss(head, ORDINARY)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'><channel/></rss>",
        b"<?xml version='1.0' encoding='utf-16'?><rss version='2.0'><channel/></rss>",
        b"<rss version='2.0' xml:lang='de'><channel/></rss>",
        b"<rss version='2.0'><channel></rss>",
        b"<rss version='2.0'><channel/><item/></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'/>",
        rss("", "<x/>" * 600_000),
    ],
)
def test_a_document_of_another_kind_is_left_to_feedparser(body: bytes) -> None:
    assert ordinary.read(body) is None


@pytest.mark.long
@pytest.mark.repeats
@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
def test_real_documents_make_no_difference() -> None:
    chance = random.Random(3)  # noqa: S311 - the same series every time
    series = chance.sample(sorted(REAL.glob("series/*/*.xml")), 60)
    paths = [*REAL.glob("french/*.xml"), *REAL.glob("fixtures/*.xml"), *series]
    read = [path for path in paths if assert_same(to_utf8(path.read_bytes()))]
    assert len(read) > len(paths) * 0.8


@pytest.mark.repeats
@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
def test_real_documents_whose_elements_are_shuffled_make_no_difference() -> None:
    """Moved, doubled and dropped elements: the order in which they come counts for feedparser."""
    chance = random.Random(4)  # noqa: S311 - the same edits every time
    paths = sorted(REAL.glob("french/*.xml")) + sorted(REAL.glob("fixtures/*.rss.xml"))
    read = 0
    for path in chance.sample(paths, 40):
        body = to_utf8(path.read_bytes())[:60_000]
        head, *items = re.split(rb"(?=<item>)", body)
        everything = [m[0] for item in items[:8] for m in CHILD.finditer(item[len("<item>") :])]
        if not everything:
            continue
        made = [b"".join(chance.choices(everything, k=7)) for _ in range(8)]
        whole = b"".join(b"<item>%b</item>" % item for item in made)
        read += assert_same(head + whole + b"</channel></rss>")
    assert read > 20


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
        *("Ã©", "\x85", "“é”", "3", "hourly", "fr", "2020-08-05", "Wed, 05 Aug 2020 10:00 EST"),
    ]
)
TAGS = st.sampled_from(
    "title link guid description pubDate author source category id enclosure summary image Title "
    "dc:creator dc:title dc:date dc:description dc:language dc:subject dcterms:modified "
    "media:title media:description media:content media:group media:thumbnail content:encoded "
    "itunes:author itunes:summary itunes:title itunes:image itunes:owner "
    "atom:link atom:updated atom:title atom:author x:title x:y odd textInput "
    "language ttl authors links item sy:updatePeriod sy:updateFrequency".split()
)
ATTRIBUTES = st.sampled_from(
    [
        *[""] * 12,
        *(" isPermaLink='false'", " isPermaLink='true'", " type='html'", " type='text/plain'"),
        *(" url='http://a.example/a.mp3'", " rel='self' href='/f'", " href='/f'", " x:a='1'"),
        *(" xml:lang='de'", " type='image/png'", " base='http://b.example/'", " rel='Alternate'"),
    ]
)
ROWS = rows_of_elements(TAGS, ATTRIBUTES, TEXTS, 6)


# Elements as publishers write them: rows of these alone are ordinary.
USUAL = st.sampled_from(
    [
        *("<title>A &amp; B</title>", "<title><![CDATA[A <i>B</i>]]></title>", "<title/>"),
        *("<link>http://a.example/1</link>", "<link>/2?a&amp;b</link>", "<link/>"),
        *("<guid>1</guid>", "<guid isPermaLink='true'>http://a.example/1</guid>"),
        *("<description>&lt;p&gt;A&lt;/p&gt;</description>", "<description>A</description>"),
        *("<content:encoded>&lt;p&gt;A B&lt;/p&gt;</content:encoded>", "<category>c</category>"),
        *("<pubDate>Wed, 05 Aug 2020 10:00 EST</pubDate>", "<dc:date>2020-08-05</dc:date>"),
        *("<author>a@b.example (Ann)</author>", "<dc:creator>Ann</dc:creator>"),
        *("<media:title>M</media:title>", "<media:description>N</media:description>"),
        "<enclosure url='http://a.example/a.mp3' type='audio/mpeg'/>",
    ]
)


@pytest.mark.repeats
def test_no_row_of_elements_makes_a_difference() -> None:
    met = Counter[bool]()

    @settings(max_examples=300)
    @given(ROWS, st.lists(ROWS | st.lists(USUAL, max_size=8).map("".join), max_size=3), ROWS)
    def check(head: str, items: list[str], tail: str) -> None:
        body = rss(head, *items).replace(b"</channel>", tail.encode() + b"</channel>")
        met[assert_same(to_utf8(body))] += 1

    check()
    assert met[False] > 30


def test_no_row_of_usual_elements_makes_a_difference() -> None:
    met = Counter[bool]()

    @settings(max_examples=100)
    @given(st.lists(st.lists(USUAL, min_size=1, max_size=9).map("".join), min_size=1, max_size=4))
    def check(items: list[str]) -> None:
        met[assert_same(rss("<title>T</title>", *items))] += 1

    check()
    assert met[True] > 60
