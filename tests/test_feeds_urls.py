"""The host of a URL is what urllib says it is, by whichever way it is found."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.hosts import host_of

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
