"""Cutting known entries out never changes a result.

Each document is parsed whole and with what is known cut out; what a store would hold after either
must be the same, and so must be what is new.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import FeedFormatError
from tracker.feeds.parsing import delta
from tracker.feeds.parsing.encoding import to_utf8
from tracker.feeds.parsing.parse import parse
from tracker.feeds.read import Job, Reading, read
from tracker.model.polling import Document, Entry

URL = "https://gazette.example/feed"
REAL = Path(__file__).parents[2] / "shared" / "feeds"
RSS = (
    b'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title>'
    b"<lastBuildDate>Wed, 05 Aug 2020 10:00:00 GMT</lastBuildDate>%b</channel></rss>"
)
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>t</id>%b</feed>'


def entry(number: int, title: str = "", inside: str = "") -> bytes:
    return (
        f'<item><title>{title or f"Title {number}"}</title><guid isPermaLink="false">g{number}'
        f"</guid><link>/{number}</link>{inside}</item>"
    ).encode()


def rss(*entries: bytes) -> bytes:
    return RSS % b"\n".join(entries)


def rdf(*entries: bytes) -> bytes:
    namespace = b'<rss xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    return rss(*entries).replace(b"<rss ", namespace)


def job(body: bytes, known: bytes = b"") -> Reading:
    return read(Job(1, body, URL, "", known))


def whole(body: bytes) -> Document | None:
    try:
        return parse(body, url=URL)
    except FeedFormatError:
        return None


def held(before: dict[str, Entry], document: Document | None) -> dict[str, Entry]:
    return before | {found.id: found for found in document.entries} if document else before


def assert_same(before: bytes, after: bytes) -> int:
    """Compare reading `after` on top of `before` both ways; returns how many entries were cut."""
    first = job(before)
    reading = job(after, first.hashes)
    plain = whole(after)
    if plain is None:
        assert reading.failure is not None
        return 0
    assert reading.failure is None
    stored = held({}, whole(before))
    assert held(stored, reading.document) == held(stored, plain)
    if reading.document is not None:
        fresh = [e for e in reading.document.entries if stored.get(e.id) != e]
        assert fresh == [e for e in plain.entries if stored.get(e.id) != e]
        assert reading.document.title == plain.title
        assert reading.document.language == plain.language
    return reading.cut


# --- what is cut -------------------------------------------------------------------------------


def test_only_new_entries_are_parsed() -> None:
    first = job(rss(*map(entry, range(5))))
    second = job(rss(*map(entry, range(-1, 5))), first.hashes)
    assert second.document is not None
    assert [e.title for e in second.document.entries] == ["Title -1"]
    assert second.cut == 5


def test_a_changed_entry_is_parsed_again() -> None:
    first = job(rss(entry(1), entry(2)))
    second = job(rss(entry(1), entry(2, "Changed")), first.hashes)
    assert second.document is not None
    assert [e.title for e in second.document.entries] == ["Changed"]


def test_nothing_new_is_not_parsed_at_all() -> None:
    first = job(rss(entry(1), entry(2), entry(3)))
    reading = job(rss(entry(3), entry(1)).replace(b"10:00", b"11:00"), first.hashes)
    assert reading.document is None
    assert reading.failure is None
    assert reading.cut == 2


def test_an_entry_that_comes_back_is_parsed_again() -> None:
    first = job(rss(entry(1), entry(2)))
    second = job(rss(entry(1)), first.hashes)
    third = job(rss(entry(1), entry(2)), second.hashes)
    assert third.document is not None
    assert [e.id for e in third.document.entries] == ["g2"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<title>T</title>", b"<title>T</title><language>de</language>"),
        (b'<rss version="2.0"', b'<rss version="2.0" xml:lang="de"'),
        (b'<rss version="2.0"', b'<rss version="2.0" xml:base="http://b.example/"'),
        (b"/dc/elements/1.1/", b"/dc/elements/1.0/"),
        (b"<title>T</title>", b"<title>T</title><link>http://elsewhere.example/</link>"),
    ],
)
def test_another_frame_makes_nothing_known(old: bytes, new: bytes) -> None:
    body = rss(entry(1), entry(2))
    assert job(body.replace(old, new), job(body).hashes).cut == 0
    assert assert_same(body, body.replace(old, new)) == 0


def test_another_address_makes_nothing_known() -> None:
    body = rss(entry(1))
    assert read(Job(1, body, "https://elsewhere.example/", "", job(body).hashes)).cut == 0


# --- what is not cut ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        rss(entry(1), entry(1)),
        rss(entry(1), b"<item><title>B</title><guid><![CDATA[g1]]></guid></item>"),
        rss(entry(1), b"<image><title>I</title></image>", entry(2)),
        rss(entry(1), b"loose", entry(2)),
        rss(b"<item><title>no id, no link</title></item>", b"<item><title>other</title></item>"),
        rss(entry(1, inside="<item><title>within</title></item>")),
        rss(entry(1, inside='<f:a xmlns:f="http://f.example/1"/>'),
            entry(2, inside='<f:a xmlns:f="http://f.example/2"/>')),
        rss(entry(1, inside="<description><div>raw<p>x</p></div></description>")),
        rss(entry(1, title="A & B")),
        b"<!DOCTYPE rss []>" + rss(entry(1)),
        b"<!doctype rss []>" + rss(entry(1)),
        rss(entry(1), b"<entry><id>e</id></entry>"),
        rss(entry(1)).replace(b"</channel>", b"</item></channel>"),
        rss(entry(1)).replace(b"</channel>", b"<item></channel>"),
        rss(entry(1), b"<x:item xmlns:x='http://x.example/'/>"),
        rss(entry(1, inside='<x:a xmlns:x="http://purl.org/rss/1.0/"/>')),
        rss(entry(1, inside="<x:a xmlns:x='http://www.w3.org/2005/Atom'/>")),
        rss(entry(1, inside='<f:a xmlns:f="http://f.example/1"/>'),
            entry(2, inside='<g:a xmlns:g="http://f.example/1"/>')),
        rss(b"<item><title>A</title><link>/1</link></item>",
            b"<item><title>B</title><link href='/1'/></item>"),
        rdf(b"<item rdf:about='u'><title>A</title></item>",
            b"<item rdf:about='u'><title>B</title></item>"),
        rdf(b"<item rdf:about='u'><title>A</title><link>/1</link></item>",
            b"<item rdf:about='u'><title>B</title><link>/2</link></item>"),
        rss(entry(1), entry(2).replace(b">g2<", b">g1 <")),
        rss(entry(1))[:-20],
        b'{"items": [], "version": "https://jsonfeed.org/version/1.1"}',
    ],
)  # fmt: skip
def test_what_cannot_be_taken_apart_safely_has_no_hashes(body: bytes) -> None:
    assert job(body).hashes == b""


@pytest.mark.parametrize(
    "inside",
    [
        "<source><id>g1</id></source>",
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></content>",
        "<description><![CDATA[<div>x</div>]]></description>",
        "<f:a xmlns:f='http://f.example/1'/>",
        "<a xmlns=''/>",
        '<a xmlns=""/>',
    ],
)
def test_what_reaches_into_no_other_entry_may_stand_in_one(inside: str) -> None:
    body = rss(entry(1), entry(2, inside=inside))
    assert len(job(body).hashes) == 2 * delta.HASH_SIZE


def test_entries_of_two_resources_are_told_apart() -> None:
    body = rdf(*(b"<item rdf:about='%d'><title>A</title></item>" % n for n in range(2)))
    assert len(job(body).hashes) == 2 * delta.HASH_SIZE


def test_entries_of_one_link_and_two_ids_are_told_apart() -> None:
    body = rss(entry(1), entry(2).replace(b"/2<", b"/1<"))
    assert len(job(body).hashes) == 2 * delta.HASH_SIZE


def test_what_stands_behind_the_entries_is_part_of_the_frame() -> None:
    body = rss(entry(1), entry(2))
    after = body.replace(b"</channel>", b"<language>de</language></channel>")
    assert job(after, job(body).hashes).cut == 0
    assert assert_same(body, after) == 0


def test_comments_between_and_around_entries_are_no_part_of_the_frame() -> None:
    body = rss(entry(1), entry(2))
    after = body.replace(b"<channel>", b"<channel><!-- 11:00 -->").replace(
        b"</item>\n<item>", b"</item><!-- x --><item>"
    )
    assert job(after, job(body).hashes).cut == 2


def test_an_entry_in_a_comment_or_a_cdata_section_is_none() -> None:
    text = "<description><![CDATA[<item><title>x</title></item>]]></description>"
    body = rss(entry(1, inside=text), b"<!-- <item><title>y</title></item> -->", entry(2))
    assert len(job(body).hashes) == 2 * delta.HASH_SIZE


@pytest.mark.parametrize("piece", [b"<!--", b"<![CDATA[", b"<item ", b"<guid>", b"<?", b"<id><x "])
def test_what_never_ends_takes_no_square_of_time(piece: bytes) -> None:
    began = time.monotonic()
    delta.cut(rss(entry(1)) + piece * 100_000, b"", url=URL)
    delta.cut(rss(entry(1, inside=(piece * 100_000).decode())), b"", url=URL)
    assert time.monotonic() - began < 5


# --- differences -------------------------------------------------------------------------------


def edits(body: bytes, chance: random.Random) -> Iterator[bytes]:
    """Yield the document as publishers and accidents change it."""
    spans = delta._spans(body)  # noqa: SLF001 - to take the document apart in the same places
    if not spans:
        return
    parts = [body[start:end] for start, end in spans]
    head, tail = body[: spans[0][0]], body[spans[-1][1] :]
    name = b"item" if parts[0].startswith(b"<item") else b"entry"
    place = chance.randrange(len(parts))
    changed = re.sub(rb"(<title[^>]*>)", rb"\1Changed ", parts[place], count=1)
    fresh = re.sub(rb"(<(?:guid|id)[^>]*>)", rb"\1new", changed, count=1)

    def joined(*entries: bytes) -> bytes:
        return head + b"\n".join(entries) + tail

    def made(inside: bytes, attributes: bytes = b"") -> bytes:
        return b"<%b%b>%b</%b>" % (name, attributes, inside, name)

    yield joined(*parts)
    yield joined(*chance.sample(parts, len(parts)))
    yield joined(*parts[1:])
    yield joined(*parts[:place], changed, *parts[place + 1 :])
    yield joined(fresh, *parts)
    yield joined(changed, *parts)
    yield joined(*parts, changed)
    yield joined(*parts, parts[place])
    yield joined(made(b"<title>&eacute;t&eacute;</title><id>broken</id>"), *parts)
    yield joined(made(b"<title>A <b>B</title><id>broken</id>"), *parts)
    yield joined(*parts, made(b"<title><![CDATA[never closed</title><id>open</id>"))
    raw = b'<description><div xml:lang="xx" xml:base="http://x.example/">a<p>b</p></div></description>'
    yield joined(made(b"<title>D</title><id>div</id>" + raw), *parts)
    yield joined(
        made(b"<dc:title>N</dc:title><id>n</id>", b' xmlns:dc="http://x.example/"'), *parts
    )
    yield joined(*parts[:place], made(parts[place]), *parts[place + 1 :])
    yield re.sub(rb"<(rss|feed|rdf:RDF)\b", rb'<\1 xml:base="http://b.example/"', body, count=1)
    yield re.sub(rb"(<lastBuildDate>|<updated>)[^<]*", rb"\g<1>2022-01-01", body, count=1)
    yield body[: chance.randrange(spans[0][0], len(body))]


def documents() -> list[Path]:
    return [*REAL.glob("french/*.xml"), *REAL.glob("fixtures/*.xml")]


@pytest.mark.parametrize("template", [RSS, ATOM])
def test_edits_of_a_made_document_make_no_difference(template: bytes) -> None:
    body = template % b"".join(map(entry, range(8)))
    if template is ATOM:
        body = body.replace(b"item>", b"entry>").replace(b"guid", b"id")
    chance = random.Random(1)  # noqa: S311 - the same edits every time
    cut = [assert_same(body, after) + assert_same(after, body) for after in edits(body, chance)]
    assert sum(count > 0 for count in cut) >= 6


@pytest.mark.long
@pytest.mark.repeats
@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
def test_edits_of_real_documents_make_no_difference() -> None:
    chance = random.Random(2)  # noqa: S311 - as above
    cut = 0
    for path in chance.sample(sorted(documents()), 12):
        body = to_utf8(path.read_bytes())
        if len(body) < 80_000:
            cut += sum(assert_same(body, after) for after in edits(body, chance))
    assert cut > 500


@pytest.mark.repeats
@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
@pytest.mark.parametrize("name", ["technology", "home_uk"])
def test_a_real_feed_followed_through_its_issues_makes_no_difference(name: str) -> None:
    by_delta: dict[str, Entry] = {}
    by_whole: dict[str, Entry] = {}
    hashes, cut = b"", 0
    for path in sorted((REAL / "series" / name).glob("*.xml"))[:60]:
        reading = job(path.read_bytes(), hashes)
        hashes, cut = reading.hashes, cut + reading.cut
        by_delta = held(by_delta, reading.document)
        by_whole = held(by_whole, whole(path.read_bytes()))
        assert by_delta == by_whole
    assert cut > 500


PARTS = st.sampled_from(
    [
        *(entry(1), entry(2), entry(3), entry(2, "Changed"), entry(4, "A & B"), entry(1, "Again")),
        entry(5, inside="<description>&lt;p&gt;x&lt;/p&gt;</description><category>c</category>"),
        entry(6, inside="<description><div>raw</div></description><language>fr</language>"),
        entry(7, inside='<dc:creator xml:lang="es">Ann</dc:creator><dc:language>it</dc:language>'),
        entry(
            8, inside='<image><title>I</title></image><content type="xhtml"><div>x</div></content>'
        ),
        entry(9, inside="<source url='http://s.example/'><id>g1</id>S</source><author>b</author>"),
        *(b"<item/>", b"<item><title>bare</title></item>", b"<item><link>/2</link></item>"),
        *(
            b"<!-- c -->",
            b"<!-- <item> -->",
            b"<image/>",
            b"<textinput>",
            b"</textinput>",
            b"<item>",
        ),
    ]
)


# Entries that can be told apart, in an order of their own: most of such issues share some.
PLAIN = st.permutations([*map(entry, range(1, 7)), entry(2, "Changed"), entry(4, "Again")]).flatmap(
    lambda parts: st.integers(1, 6).map(lambda count: parts[:count])
)


@pytest.mark.repeats
def test_no_two_issues_make_a_difference() -> None:
    cut = Counter[bool]()

    @settings(max_examples=200)
    @given(st.lists(PARTS, max_size=7) | PLAIN, st.lists(PARTS, max_size=7) | PLAIN)
    def check(before: list[bytes], after: list[bytes]) -> None:
        if whole(rss(*before)) is not None:
            cut[assert_same(rss(*before), rss(*after)) > 0] += 1

    check()
    assert min(cut[True], cut[False]) > 10
