"""What URLs tell: the host that urllib finds, and nothing of who asks."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
