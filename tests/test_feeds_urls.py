"""What URLs tell: the host that urllib finds, where a Location leads, nothing of who asks."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.feeds.fetching.urls import encoded, joined, origin_of
from tracker.hosts import host_of, without_credentials

PIECES = st.sampled_from(
    "http https HTTP ftp :// : / // ? # @ [ ] ::1 . - _ % \\ ; , user www Site.Example é 80 80a "
    "xn--e1a ０ ٣ \t \n".split(" ")
)


@given(st.lists(PIECES, max_size=8).map("".join) | st.text().map("http://{}".format))
@example("http://site.example:80/a")
@example("https://Site.Example?a")
@example("http://site.example:٣/")
@example("http://user:word@site.example/")
def test_the_host_is_the_one_that_urllib_finds(url: str) -> None:
    try:
        expected = (urlsplit(url).hostname or "").lower()
    except ValueError:
        expected = ""
    assert host_of(url) == expected


@pytest.mark.parametrize("url", ["", "http://", "mailto:a@b.example", "http://[::1/"])
def test_what_names_no_host_has_none(url: str) -> None:
    assert host_of(url) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:secret@site.example/a", "https://site.example/a"),
        ("https://token@site.example", "https://site.example"),
        ("https://user:se@cret@site.example/a", "https://site.example/a"),
        (
            "no answer of http://u:p@a.example/ nor http://b.example/",
            "no answer of http://a.example/ nor http://b.example/",
        ),
        ("https://site.example/@user", "https://site.example/@user"),
        ("https://site.example//@user", "https://site.example//@user"),
        ("https://site.example?mail=a@b.example", "https://site.example?mail=a@b.example"),
        ("mail a@b.example", "mail a@b.example"),
    ],
)
def test_a_url_is_shown_without_its_credentials(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/g", "http://a.example/g"),
        ("g?b=c", "http://a.example/d/g?b=c"),
        ("//b.example/", "http://b.example/"),
        ("https://b.example/g", "https://b.example/g"),
        ("/g#part", "http://a.example/g"),
        ("/caf\u00c3\u00a9", "http://a.example/café"),
        ("/caf\u00e9", "http://a.example/café"),
        ("/Пожар", "http://a.example/Пожар"),
    ],
    ids=["path", "relative", "no scheme", "whole", "fragment", "UTF-8", "Latin-1", "text"],
)
def test_a_location_is_read_from_where_it_was_sent(location: str, url: str) -> None:
    assert joined("http://a.example/d/f", location) == url


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/g", "http://u:p@a.example/g"),
        ("http://a.example/g", "http://u:p@a.example/g"),
        ("http://v:q@a.example/g", "http://v:q@a.example/g"),
        ("http://b.example/", "http://b.example/"),
        ("https://a.example/", "https://a.example/"),
        ("http://a.example:8080/", "http://a.example:8080/"),
    ],
)
def test_credentials_stay_with_their_origin(location: str, url: str) -> None:
    assert joined("http://u:p@a.example/f", location) == url


def test_a_location_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="IPv6"):
        joined("http://a.example/", "http://[::1/")


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("HTTP://u:p@A.Example:81/f?g#h") == ("http", "a.example", 81)
    assert origin_of("https://a.example/f") == ("https", "a.example", None)
    assert origin_of("mailto:a@b.example")[1] == ""


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://a.example/f?a=b%20c", b"http://a.example/f?a=b%20c"),
        (" http://a.example/a b ", b"http://a.example/a%20b"),
        ("http://a.example/f#part", b"http://a.example/f"),
        ("http://bücher.example/f", b"http://xn--bcher-kva.example/f"),
        ("http://a.example/é/%C3%A9?q=é&b=1", b"http://a.example/%C3%A9/%C3%A9?q=%C3%A9&b=1"),
        ("http://a.example/é(1)!;,'$@*[]", b"http://a.example/%C3%A9(1)!;,'$@*[]"),
        ("http://a.example:81/é", b"http://a.example:81/%C3%A9"),
    ],
)
def test_a_url_is_sent_in_ascii(url: str, sent: bytes) -> None:
    assert encoded(url) == sent
