"""Feed lists of other programs: OPML read however it is written, and written to be read back."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import FeedFormatError
from tracker.feeds.listing.opml import FeedsOfList, Published, read, together, write
from tracker.feeds.listing.outlines import outlines
from tracker.feeds.listing.secrets import bare
from tracker.hosts import bare_url, secret_parameters
from tracker.model.polling import FeedSource

NOW = datetime(2020, 8, 5, 12, tzinfo=UTC)
LISTS = Path(__file__).resolve().parents[2] / "shared" / "feeds" / "opml"


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="1.0"><body>{body}</body></opml>'.encode()


def urls(found: FeedsOfList) -> list[str]:
    return [source.url for source in found.sources]


# --- what is read ----------------------------------------------------------------------------


def test_folders_and_categories_become_tags() -> None:
    found = read(
        opml(
            '<outline text="Tech"><outline title="Phones"><outline text="Gazette" type="rss"'
            ' xmlUrl="http://g.example/f" category="/daily/morning,Tech, late "'
            ' language="en-us"/></outline></outline>'
            '<outline text="Alone" xmlUrl="http://a.example/"/>'
        )
    )
    assert found.sources == (
        FeedSource(
            "http://g.example/f",
            title="Gazette",
            language="en",
            tags=("Tech", "Phones", "daily", "morning", "late"),
        ),
        FeedSource("http://a.example/", title="Alone"),
    )


@pytest.mark.parametrize(
    "outline",
    [
        '<outline xmlUrl="http://g.example/f"/>',
        '<outline type="rss" xmlUrl="http://g.example/f"/>',
        '<outline type="link" xmlurl="http://g.example/f"/>',
        '<OUTLINE TYPE="atom" URL="http://g.example/f"/>',
        "<outline xmlUrl='\n http://g.example/f '></outline>",
        '<outline xmlUrl="feed://g.example/f"/>',
        '<outline xmlUrl="feed:http://g.example/f"/>',
        '<outline xmlUrl="FEED:HTTP://g.example/f"/>',
    ],
)
def test_an_address_is_taken_in_all_its_forms(outline: str) -> None:
    assert urls(read(opml(outline))) == ["http://g.example/f"]


def test_a_feed_in_two_folders_is_one_with_both_tags() -> None:
    feed = '<outline text="G" xmlUrl="http://g.example/f"/>'
    found = read(opml(f'<outline text="a">{feed}</outline><outline text="b">{feed}</outline>'))
    assert found.sources == (FeedSource("http://g.example/f", title="G", tags=("a", "b")),)
    assert found.repeated == 1


def test_what_cannot_be_polled_is_counted_with_its_reason() -> None:
    addresses = ["vfolder", "", "exec:rm -rf /", "file:///etc/passwd", "|cmd", "http://[", "http:"]
    addresses += ["javascript:alert(1)", "feed:file:///etc/passwd", "feed:feed:"]
    bad = "".join(f'<outline xmlUrl="{address}"/>' for address in addresses)
    found = read(opml(f'{bad}<outline xmlUrl="http://g.example/f"/>'))
    assert urls(found) == ["http://g.example/f"]
    assert found.skipped == {
        "no address": 4,
        "not a web address": 4,
        "an address that cannot be read": 2,
    }


def test_lists_are_joined_with_tags_of_the_users_own() -> None:
    one = read(opml('<outline text="a"><outline xmlUrl="http://g.example/f"/></outline>'))
    other = read(opml('<outline text="G" xmlUrl="http://g.example/f"/>'))
    joined = together([one, other], ("mine",))
    assert joined.sources == (FeedSource("http://g.example/f", title="G", tags=("a", "mine")),)
    assert joined.repeated == 1


# --- damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outline", "url", "title"),
    [
        ('text="News & more" xmlUrl="http://g.example/f"', "http://g.example/f", "News & more"),
        ('text="A" xmlUrl="http://g.example/?a=1&x=1"', "http://g.example/?a=1&x=1", "A"),
        ('text="A" xmlUrl="http://g.example/?a=1&section=2"', None, "A"),
        ('text="A" xmlUrl="http://g.example/?a=1&copy=2&amp;lt=3"', None, "A"),
        ('text="&nbsp;A&eacute;" xmlUrl="http://g.example/f"', "http://g.example/f", "Aé"),
        ('text="The "best" & all" xmlUrl="http://g.example/f"', "http://g.example/f", None),
        ('text="A" title="<p>The best" xmlUrl="http://g.example/f"', "http://g.example/f", "A"),
        (
            'text="A" description="<a href="http://x.example/">x</a> & y" xmlUrl="http://g.example/f"',
            "http://g.example/f",
            "A",
        ),
        ('text="A" xmlUrl="http://g.example/f" description="<b class="x">y</b>"', None, "A"),
        ("text=A xmlUrl=http://g.example/f", "http://g.example/f", "A"),
        ('text="A < B" xmlUrl="http://g.example/?a=1&#38;b=2"', "http://g.example/?a=1&b=2", None),
    ],
)
@pytest.mark.parametrize("rest", ["", "<broken", "</outline></outline>"])
def test_a_damaged_outline_keeps_its_address(
    outline: str, url: str | None, title: str | None, rest: str
) -> None:
    found = read(
        opml(f'<outline text="in"><outline {outline} /></outline>{rest}<outline text="end"/>')
    )
    written = re.search(r"""xmlUrl="?([^"\s]+)""", outline)
    assert written is not None
    (source,) = found.sources
    assert source.url == (url or written[1].replace("&amp;", "&"))
    assert source.tags == ("in",)
    assert title is None or source.title == title


def test_a_list_that_is_cut_off_gives_what_it_has() -> None:
    whole = opml(
        '<outline text="a"><outline text="G" xmlUrl="http://g.example/f"/></outline>'
        '<outline text="H" xmlUrl="http://h.example/f"/>'
    )
    found = read(whole[: whole.index(b"h.example")])
    assert urls(found)[0] == "http://g.example/f"


def test_outlines_in_comments_are_not_listed() -> None:
    body = '<!-- <outline xmlUrl="http://old.example/"/> --><outline xmlUrl="http://g.example/f"/>'
    assert urls(read(opml(body))) == ["http://g.example/f"]
    assert urls(read(opml(f'{body}<outline text="A " B"/>'))) == ["http://g.example/f"]


def test_a_list_in_another_encoding_is_read() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><opml><outline text="Été" xmlUrl="http://g.example/f"/>'
    (source,) = read(text.encode("latin-1")).sources
    assert source.title == "Été"


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "it is empty"),
        (b"<html><title>Sign in</title>", "login page"),
        (b"<!DOCTYPE html><html><title>Hello</title>", "titled “Hello”, not an OPML list"),
        (b"<rss version='2.0'><channel/></rss>", "it is a feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "it is a feed"),
        (b"<urlset></urlset>", "another kind .<urlset>."),
        (b'{"feeds": []}', "it is JSON"),
        (b"http://g.example/f", "it is plain text"),
        (b"<opml><body/></opml>", "no outline has an address"),
        (b"<opml><outline text='a'/></opml>", "no outline has an address"),
        (b"<opml><outline xmlUrl='vfolder'/></opml>", r"\(1 with no address\)"),
        (b"\x00\x01\x02PNG", "a file of another kind"),
    ],
)
def test_a_document_without_feeds_is_named(document: bytes, reason: str) -> None:
    with pytest.raises(FeedFormatError, match=reason):
        read(document)


def test_a_document_type_is_refused_unread() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12)
    )
    document = f'{bomb}]><opml><outline text="&m;" xmlUrl="http://g.example/f"/></opml>'
    began = time.monotonic()
    with pytest.raises(FeedFormatError, match="document type"):
        read(document.encode())
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "body",
    [
        '<outline text="' * 40_000,
        "<outline a=" + '"x" y="' * 80_000,
        "<!--" * 200_000 + "<outline",
        "<outline>" * 60_000 + "&",
        "<outline x='" + '">' * 200_000,
        "&#" * 300_000,
    ],
)
def test_hostile_lists_take_no_time(body: str) -> None:
    began = time.monotonic()
    with pytest.raises(FeedFormatError):
        read(opml(f"{body} <"))
    # Some 0.1 s on an idle machine; what backtracks takes hours.
    assert time.monotonic() - began < 30


# --- what is written -------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
SOURCES = st.lists(
    st.builds(
        FeedSource,
        st.from_regex(
            r"https?://[a-z]{1,9}\.example/[a-z]*\?[a-z]=[a-z0-9&<>'\"]*", fullmatch=True
        ),
        title=st.none() | TEXT.filter(lambda text: "&" not in text and "<" not in text),
        language=st.sampled_from([None, "en", "fr"]),
        tags=st.lists(TEXT, max_size=3, unique=True).map(tuple),
        headers=st.just(()),
        outlet=st.none(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda source: source.url,
)


@pytest.mark.repeats
@given(SOURCES)
def test_what_is_written_is_read_back_equal(sources: list[FeedSource]) -> None:
    document = write([Published(s, s.title or s.url, None) for s in sources], NOW)
    assert sorted(read(document.encode()).sources) == sorted(sources)


def test_a_list_is_written_as_opml_2() -> None:
    source = FeedSource("http://g.example/?a=1&b=2", title='"G" & Co', tags=("tech", "fr"))
    assert write([Published(source, '"G" & Co', "http://g.example/")], NOW) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>Feeds of tracker</title>\n"
        "    <dateCreated>Wed, 05 Aug 2020 12:00:00 GMT</dateCreated>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline text="tech" title="tech">\n'
        '      <outline text="&quot;G&quot; &amp; Co" title="&quot;G&quot; &amp; Co" type="rss"'
        ' xmlUrl="http://g.example/?a=1&amp;b=2" htmlUrl="http://g.example/"'
        ' category="tech,fr"/>\n'
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n"
    )


def test_headers_are_written_where_they_are_asked_for() -> None:
    source = FeedSource("http://g.example/f", title="G", headers=(("Authorization", "Bearer x"),))
    document = write([Published(source, "G", None)], NOW)
    assert read(document.encode()).sources == (source,)


# --- secrets ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "bared", "kinds"),
    [
        ("https://me:s3cret@g.example/f", "https://g.example/f", ("password",)),
        (
            "https://www.reddit.com/.rss?feed=0123abc&user=me",
            "https://www.reddit.com/.rss",
            ("feed=", "user="),
        ),
        ("https://g.example/f?token=abc", "https://g.example/f", ("token=",)),
        ("https://g.example/f?a=1&key=abc&b=2", "https://g.example/f?a=1&b=2", ("key=",)),
        ("https://g.example/f?key=abc&b=2#x", "https://g.example/f?b=2#x", ("key=",)),
        ("https://g.example/f?access_token=a;b=1", "https://g.example/f?b=1", ("access_token=",)),
        ("https://g.example/f?apiKey=abc", "https://g.example/f", ("apiKey=",)),
        ("https://g.example/f?to%6ben=abc", "https://g.example/f", ("token=",)),
        ("https://g.example/f?u=" + "0f" * 16, "https://g.example/f", ("u=",)),
    ],
)
def test_secrets_of_an_address_are_left_out(url: str, bared: str, kinds: tuple[str, ...]) -> None:
    assert bare_url(url) == (bared, kinds)
    assert all(each in url for each in secret_parameters(url))
    assert len(secret_parameters(url)) == len([kind for kind in kinds if kind.endswith("=")])


@pytest.mark.parametrize(
    "url",
    [
        "https://g.example/?feed=rss2",
        "https://g.example/f?keyword=tiktok&user=1",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        "https://g.example/f?monkey=1&author=x&token=",
        "https://g.example/f?feed_id=" + "0f" * 16,
    ],
)
def test_ordinary_parameters_stay(url: str) -> None:
    assert bare_url(url) == (url, ())
    assert secret_parameters(url) == ()


def test_a_list_without_secrets_holds_none_in_any_attribute() -> None:
    url = "https://me:s3cret@g.example/f?token=t0ken"
    source = FeedSource(url, headers=(("Authorization", "Bearer h3ader"),))
    feeds, kept_back = bare([Published(source, url, "https://me:s3cret@g.example/")])
    document = write(feeds, NOW)
    assert not re.search("s3cret|t0ken|h3ader|me:", document)
    assert kept_back == [("https://g.example/f", ("headers", "password", "token="))]


# --- published lists -------------------------------------------------------------------------


@pytest.mark.skipif(not LISTS.is_dir(), reason="the published lists are not here")
def test_every_address_of_published_lists_is_read_exactly() -> None:
    entities = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
    count, distinct = 0, set()
    for path in LISTS.glob("*.opml"):
        text = path.read_text("utf-8", "replace")
        expected = re.findall(r'xmlUrl="([^"]*)"', re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
        for entity, character in entities.items():
            expected = [url.replace(entity, character) for url in expected]
        found = [o.attributes["xmlurl"] for o in outlines(text) if "xmlurl" in o.attributes]
        assert found == expected, path.name
        listed = read(path.read_bytes())
        assert set(urls(listed)) == {url for url in expected if url.startswith("http")}
        count += len(found)
        distinct |= set(found)
    assert (count, len(distinct)) == (967, 856)


@pytest.mark.skipif(not LISTS.is_dir(), reason="the published lists are not here")
def test_damaged_published_lists_keep_their_folders() -> None:
    for path in LISTS.glob("plenary_*.opml"):
        text = path.read_text("utf-8", "replace")
        folder = re.search(r'<outline text="([^"]*)" title="[^"]*">', text)
        assert folder is not None
        name = folder[1].replace("&amp;", "&")
        assert {source.tags for source in read(path.read_bytes()).sources} == {(name,)}, path.name
