"""Documents of all formats, encodings and degrees of brokenness."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import FeedFormatError
from tracker.feeds.parsing.markup import LONGEST_SUMMARY, plain_text, title_text
from tracker.feeds.parsing.parse import parse
from tracker.model.polling import Document, Entry, Wishes

URL = "https://gazette.example/feeds/all.xml"
FIFTH = datetime(2020, 8, 5, 15, 4, 5, tzinfo=UTC)
REAL = Path(__file__).parents[2] / "shared" / "feeds"


def read(body: str | bytes, content_type: str = "") -> Document:
    body = body.encode() if isinstance(body, str) else body
    return parse(body, url=URL, content_type=content_type)


def rss(items: str, head: str = "") -> Document:
    return read(
        '<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title>'
        f"{head}{items}</channel></rss>"
    )


def item(inside: str, head: str = "") -> Entry:
    (entry,) = rss(f"<item>{inside}</item>", head).entries
    return entry


# --- formats -----------------------------------------------------------------------------------


def test_rss() -> None:
    found = rss(
        "<item><title>One</title><link>https://a.example/1</link><guid>g</guid>"
        "<pubDate>Wed, 05 Aug 2020 15:04:05 GMT</pubDate><dc:creator>Ann</dc:creator>"
        "<description>&lt;p&gt;Text&lt;/p&gt;</description></item>",
        "<link>https://a.example/</link><language>fr-CA</language><ttl>60</ttl>"
        "<skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours>"
        "<skipDays><day>Sunday</day></skipDays>",
    )
    assert found == Document(
        "T",
        "https://a.example/",
        "fr",
        (Entry("g", "https://a.example/1", "One", "Text", FIFTH, "Ann"),),
        Wishes(timedelta(hours=1), frozenset({0, 7}), frozenset({6})),
    )


def test_atom() -> None:
    found = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>T</title>'
        '<link href="https://a.example/"/><entry xml:lang="en"><id>urn:1</id>'
        '<title type="html">A &amp;lt;b&amp;gt; &amp;amp; c</title>'
        '<link rel="self" href="/self"/><link href="articles/1"/>'
        '<updated>2020-08-05T15:04:05Z</updated><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>two</p></div></content>'
        "</entry></feed>"
    )
    (entry,) = found.entries
    assert (found.title, found.language) == ("T", "de")
    assert entry.id == "urn:1"
    assert entry.url == "https://gazette.example/feeds/articles/1"
    assert entry.title == "A <b> & c"
    assert entry.summary == "One two"
    assert (entry.published, entry.language) == (FIFTH, "en")


def test_rdf() -> None:
    found = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>T</title>'
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
        '</channel><item rdf:about="https://a.example/1"><title>One</title>'
        "<link>https://a.example/1</link><dc:date>2020-08-05T15:04:05Z</dc:date></item></rdf:RDF>"
    )
    assert found.wishes.ttl == timedelta(hours=6)
    assert [(e.id, e.published) for e in found.entries] == [("https://a.example/1", FIFTH)]


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "language": "es",
        "home_page_url": "https://a.example/",
        "items": [
            {
                "id": 7,
                "url": "/1",
                "title": "One",
                "content_html": "<p>Text &amp; more</p>",
                "date_published": "2020-08-05T15:04:05Z",
                "authors": [{"name": "Ann"}],
            },
            {"id": "8", "content_text": "1 < 2", "attachments": [{"url": "/a.mp3"}]},
            "no item",
        ],
    }
    found = read(json.dumps(feed))
    assert found.language == "es"
    assert found.entries == (
        Entry("7", "https://gazette.example/1", "One", "Text & more", FIFTH, "Ann"),
        Entry("8", "https://gazette.example/a.mp3", "1 < 2", "1 < 2"),
    )


@pytest.mark.parametrize(
    ("of_feed", "of_entry", "own"),
    [
        ('<rss xml:lang="en"><channel><language>de</language>', "", None),
        ('<rss><channel xml:lang="en">', "", None),
        ("<rss><channel><language>de</language>", "<dc:language>de</dc:language>", "de"),
        ('<rss xml:lang="en"><channel>', '<dc:language xml:lang="fr">es</dc:language>', "es"),
        ("<rss><channel><language>de</language>", "<dc:language>eng</dc:language>", "en"),
        ("<rss><channel><language>de</language>", "<dc:language>ger-AT</dc:language>", "de"),
        ("<rss><channel>", "<dc:language>fil</dc:language>", None),
        ('<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">', "", None),
    ],
)
def test_an_entry_has_a_language_of_its_own_only_where_it_names_one(
    of_feed: str, of_entry: str, own: str | None
) -> None:
    name = "entry" if "Atom" in of_feed else "item"
    closing = "</feed>" if "Atom" in of_feed else "</channel></rss>"
    head = of_feed.replace("<rss", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"')
    found = read(f"{head}<title>T</title><{name}><title>A</title>{of_entry}</{name}>{closing}")
    assert [entry.language for entry in found.entries] == [own]


def test_a_podcast_without_links_leads_to_its_recording() -> None:
    entry = item('<title>Talk</title><enclosure url="/a.mp3" type="audio/mpeg" length="1"/>')
    assert entry.url == "https://gazette.example/a.mp3"


def test_a_videos_description_is_its_summary() -> None:
    group = "<media:group><media:description>All of it</media:description></media:group>"
    assert item(f"<title>V</title>{group}").summary == "All of it"


# --- what entries leave out --------------------------------------------------------------------


def test_an_entry_without_id_is_known_by_its_link() -> None:
    entry = item("<title>One</title><link>https://a.example/1</link>")
    assert entry.id == entry.url == "https://a.example/1"


def test_an_entry_without_id_and_link_is_known_by_what_it_says() -> None:
    one, same, other = (item(f"<title>{title}</title>") for title in ("A", "A", "B"))
    assert one.id == same.id != other.id
    assert one.url == ""


def test_an_id_does_not_change_when_the_feed_moves() -> None:
    body = (
        b"<rss version='2.0'><channel><item><guid>12</guid><title>A</title></item></channel></rss>"
    )
    here = parse(body, url="http://a.example/f").entries[0]
    there = parse(body, url="https://b.example/g").entries[0]
    assert here.id == there.id == "12"
    assert here.url == there.url == ""


def test_an_entry_without_title_takes_the_beginning_of_its_text() -> None:
    title = item(f"<description>{'word ' * 60}</description>").title
    assert title.startswith("word word")
    assert title.endswith("word…")
    assert len(title) <= 101


def test_a_summary_that_is_missing_comes_from_the_content() -> None:
    text = "<content:encoded>&lt;p&gt;All&lt;/p&gt;</content:encoded>"
    assert item(f"<title>A</title><description> </description>{text}").summary == "All"


def test_a_date_that_cannot_be_read_is_none() -> None:
    assert item("<title>A</title><pubDate>yesterday</pubDate>").published is None


@pytest.mark.parametrize(
    "date",
    [
        "<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>",
        "<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>",
        "<dc:date>0001-01-01T00:00:00+00:00</dc:date>",
        "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
    ],
)
def test_the_zero_of_a_clock_is_no_date(date: str) -> None:
    namespace = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = f"<title>Quux opens</title><guid>1</guid>{date}"
    document = read(f'<rss version="2.0" {namespace}><channel><item>{body}</item></channel></rss>')
    assert document.entries[0].published is None


def test_a_date_in_french_is_read() -> None:
    entry = item("<title>A</title><pubDate>mer., 05 août 2020 15:04:05 GMT</pubDate>")
    assert entry.published == FIFTH


# --- repeated ids ------------------------------------------------------------------------------


def test_the_same_article_twice_is_kept_once_in_its_latest_version() -> None:
    old = (
        "<item><guid>g</guid><title>Old</title><link>/1</link><pubDate>5 Aug 2020</pubDate></item>"
    )
    new = old.replace("Old", "New").replace("5 Aug", "6 Aug")
    assert [entry.title for entry in rss(old + new).entries] == ["New"]
    assert [entry.title for entry in rss(new + old).entries] == ["New"]


def test_articles_under_one_id_are_told_apart() -> None:
    entries = rss(
        "<item><guid>0</guid><title>A</title><link>/1</link></item>"
        "<item><guid>0</guid><title>B</title><link>/2</link></item>"
    ).entries
    assert [entry.title for entry in entries] == ["A", "B"]
    assert len({entry.id for entry in entries}) == 2


def test_articles_that_all_link_to_the_front_page_are_told_apart() -> None:
    items = "".join(f"<item><title>{t}</title><link>/</link></item>" for t in "AB")
    assert len({entry.id for entry in rss(items).entries}) == 2


# --- encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "used", "content_type"),
    [
        ("iso-8859-1", "iso-8859-1", ""),
        ("iso-8859-1", "utf-8", ""),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("iso-8859-1", "windows-1252", ""),
        ("us-ascii", "windows-1252", ""),
        ("", "windows-1252", "application/rss+xml; charset=windows-1252"),
        ("nonsense", "windows-1252", ""),
        ("utf-8", "windows-1252", ""),
        ("utf-8", "iso-8859-15", "text/xml; charset=iso-8859-15"),
        ("", "iso-8859-1", "text/xml; charset=utf-8"),
        ("utf-16", "utf-16", ""),
        ("utf-16", "utf-16-le", ""),
        ("utf-32", "utf-32-be", ""),
        ("utf-8", "utf-8-sig", ""),
    ],
)
def test_an_encoding_is_found(declared: str, used: str, content_type: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"{declaration}<rss version='2.0'><channel><item><title>Été à Zoé</title></item>"
    found = read(f"{text}</channel></rss>".encode(used), content_type)
    assert found.entries[0].title == "Été à Zoé"


@pytest.mark.parametrize("used", ["windows-1251", "koi8-r", "shift_jis", "gb2312", "iso-2022-jp"])
def test_a_declared_encoding_of_another_script_is_used(used: str) -> None:
    title = {"windows-1251": "Пожар", "koi8-r": "Пожар", "gb2312": "中文"}.get(used, "日本語")
    text = f'<?xml version="1.0" encoding="{used}"?><rss version="2.0"><channel><item>'
    found = read(f"{text}<title>{title}</title></item></channel></rss>".encode(used))
    assert found.entries[0].title == title


def test_a_letter_of_windows_1252_in_a_long_document_that_declares_utf_8_is_read() -> None:
    item = f"<item><title>Übernahme</title><description>{'Long. ' * 100}</description></item>"
    body = f"<?xml version='1.0' encoding='utf-8'?><rss><channel>{item}</channel></rss>"
    assert read(body.encode("cp1252"), "").entries[0].title == "Übernahme"


@pytest.mark.parametrize("declared", ["<?xml version='1.0' encoding='utf-8'?>", ""])
def test_of_utf_8_with_a_character_cut_in_two_all_others_are_kept(declared: str) -> None:
    body = f"{declared}<rss><item><title>Été à Zo".encode() + b"\xc3</title></item></rss>"
    assert read(body, "").entries[0].title == "Été à Zo\ufffd"


def test_a_stray_control_character_does_no_harm() -> None:
    assert item("<title>A\x0b\x1b[31mB</title>").title == "A[31mB"


# --- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("bo<b>ld</b> &amp; it<i>al</i>ic", "bold & italic"),
        ("a<br>b<br/>c", "a b c"),
        ("<script>alert(1)</script>ok<style>p{}</style>", "ok"),
        ("caf&eacute; &#8217;s&nbsp;x", "café ’s x"),
        ("caf&amp;eacute;", "café"),
        ("&amp;lt;p&amp;gt;Twice&amp;lt;/p&amp;gt;", "Twice"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("a\x00\x1b[0m\u202eb\u200bc\n\n d", "a[0mbc d"),
        ("<img src=x onerror=alert(1) alt='A'>text", "text"),
        ("<!-- no -->yes", "yes"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
    ],
)
def test_mark_up_becomes_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_a_title_keeps_a_word_that_looks_like_a_tag() -> None:
    assert title_text("The <video> element") == "The <video> element"
    assert title_text("The <b>new</b> one &#8211; out") == "The new one – out"


def test_a_long_summary_is_cut_at_a_word() -> None:
    text = plain_text("<p>" + "wörter " * 2000)
    assert len(text) <= LONGEST_SUMMARY + 1
    assert text.endswith("wörter…")


@given(st.text())
def test_plain_text_holds_no_control_characters(markup: str) -> None:
    text = plain_text(markup)
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in text)
    text.encode()


# --- hostile and broken ------------------------------------------------------------------------


def test_entities_are_not_expanded_without_bound() -> None:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 30))
    body = f"<!DOCTYPE x [<!ENTITY l0 'ha'>{laughs}]><rss version='2.0'><channel><item><title>"
    found = read(f"{body}&l29;</title></item></channel></rss>")
    assert all(len(entry.title) <= 501 for entry in found.entries)


def test_a_file_is_not_read_for_an_entity() -> None:
    body = "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><rss version='2.0'><channel>"
    found = read(f"{body}<item><title>A&f;</title></item></channel></rss>")
    assert found.entries[0].title in {"A", "A&f;"}


def test_a_link_is_http_or_none() -> None:
    assert item("<title>A</title><link>javascript:alert(1)</link>").url == ""
    assert item("<title>A</title><link>file:///etc/passwd</link>").url == ""


def test_broken_xml_is_read_as_far_as_it_can_be() -> None:
    found = read("<rss version='2.0'><channel><item><title>A & B</title><link>/1</item>")
    assert found.entries[0].title == "A & B"


def test_a_very_long_author_does_not_take_for_ever() -> None:
    assert len(item(f"<title>A</title><author>{'a' * 300_000}</author>").author or "") <= 201


def is_read(body: bytes) -> bool:
    """Return whether it is read as a feed; a refusal has its reason."""
    try:
        parse(body, url=URL)
    except FeedFormatError as error:
        assert error.reason  # noqa: PT017 - either outcome is right
        return False
    return True


def test_no_bytes_make_it_crash() -> None:
    met = Counter[bool]()
    noise = st.binary(max_size=300) | st.text(max_size=300).map(str.encode)

    @settings(max_examples=200)
    @given(noise, st.sampled_from([b"", b"<rss version='2.0'><channel><item><title>A", b"<feed>"]))
    def check(body: bytes, head: bytes) -> None:
        met[is_read(head + body)] += 1

    check()
    assert min(met[True], met[False]) > 20


PIECES = st.sampled_from(
    [
        *("<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<feed "),
        *(
            "xmlns='http://www.w3.org/2005/Atom'>",
            "<entry>",
            "</entry>",
            "<link>",
            "<link href='x'/>",
        ),
        *(
            "<content type='xhtml'>",
            "<div>",
            "</div>",
            "</content>",
            "&#99999999999;",
            "&nbsp;",
            "&x;",
        ),
        *(
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?",
            "?>",
            "<!DOCTYPE x [",
            "]>",
            "<guid>",
            "</guid>",
        ),
        *(
            "<category/>",
            "<image>",
            "</image>",
            "<source>",
            "<pubDate>",
            "12 août 2020",
            "\x00",
            "é",
        ),
        *(
            "<media:group>",
            "<georss:point>1</georss:point>",
            "<textinput>",
            "<svg>",
            "<math>",
            "text",
        ),
    ]
)


def test_no_heap_of_tags_makes_it_crash() -> None:
    met = Counter[bool]()

    @settings(max_examples=200)
    @given(st.sampled_from(["", "<rss><channel><item>"]), st.lists(PIECES, max_size=25))
    def check(head: str, pieces: list[str]) -> None:
        met[is_read((head + "".join(pieces)).encode())] += 1

    check()
    assert met[True] > 50


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9), lambda values: (
    st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(
        ["items", "id", "url", "title", "content_html", "authors", "date_published", "attachments"]
    ), values, max_size=5)
), max_leaves=12))  # fmt: skip
def test_no_json_makes_it_crash(feed: object) -> None:
    is_read(json.dumps(feed).encode())
    wrapped = {"version": "https://jsonfeed.org/version/1.1", "items": [feed]}
    assert is_read(json.dumps(wrapped).encode())


@pytest.mark.repeats
@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
def test_every_real_document_gives_titles_and_links_and_no_mark_up() -> None:
    unreadable = []
    for path in [*REAL.glob("french/*.xml"), *REAL.glob("fixtures/*.*")]:
        try:
            found = parse(path.read_bytes(), url=URL)
        except FeedFormatError:
            unreadable.append(path.name)
            continue
        for entry in found.entries:
            assert entry.title, path.name
            assert entry.url.startswith("http"), path.name
            assert not any(mark in entry.title + entry.summary for mark in ("</", "&amp;", "]]>"))
    assert sorted(unreadable) == [
        "bfmtv-strasbourg.xml",
        "flux-rss.xml",
        "le-figaro-etudiant.xml",
    ]


@pytest.mark.parametrize(
    ("told", "url"),
    [
        ("<guid>12345</guid>", ""),
        ("<guid>some words here</guid>", ""),
        ("<guid isPermaLink='true'>12345</guid>", ""),
        ("<guid>www.a.example/1</guid>", ""),
        ("<guid>https://a.example/1</guid>", "https://a.example/1"),
        ("<guid>/1</guid>", "http://ex.org/1"),
        ("<link>1</link><guid>1</guid>", "http://ex.org/1"),
        ("<guid>1</guid><link>1</link>", "http://ex.org/1"),
        ("<guid>1</guid><enclosure url='/a.mp3' type='audio/mpeg'/>", "http://ex.org/a.mp3"),
    ],
)
@pytest.mark.parametrize("unusual", ["", "<rdf:x xmlns:rdf='urn:x'/>"])
def test_a_guid_that_is_no_address_makes_none(told: str, url: str, unusual: str) -> None:
    body = (
        f"<rss version='2.0'><channel><link>http://ex.org/</link>{unusual}"
        f"<item><title>A</title>{told}</item></channel></rss>"
    )
    (entry,) = parse(body.encode(), url="http://ex.org/feed").entries
    assert entry.url == url
