"""Plain mark-up is taken out as the parser would take it out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.feeds.parsing import markup, ordinary
from tracker.feeds.parsing.encoding import to_utf8

REAL = Path(__file__).parents[2] / "shared" / "feeds"
PIECES = st.sampled_from(
    [
        *(
            "words",
            " ",
            "\n",
            "&",
            ";",
            "<",
            ">",
            "/",
            "=",
            "'",
            '"',
            "#",
            "amp",
            "lt",
            "é",
            "\xa0",
        ),
        *("<p>", "</p>", "<p/>", "<p >", "<P>", "<br>", "<br />", "</br>", "<hr>", "<img src='x'>"),
        *("<a href='x'>", '<a href="x" title="a &amp; b">', "<a href=x>", "<a b='<'>", "</a>"),
        *("<b>", "</b>", "<i>", "</i>", "<em>", "</em>", "<strong class>", "</strong>", "<span>"),
        *("</span>", "<div>", "</div>", "<ul>", "<li>", "</li>", "</ul>", "<h1>", "</h1>", "</h2>"),
        *("<blockquote>", "</blockquote>", "<code>", "<figure>", "<figcaption>", "<sub>", "<u>"),
        *("&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&eacute;", "&eacute", "&notin;", "&not"),
        *(
            "&#39;",
            "&#8217;",
            "&#x2019;",
            "&#0;",
            "&#11;",
            "&#128;",
            "&#133;",
            "&#64976;",
            "&#55300;",
        ),
        *("&amp;lt;", "&#", "&x;", "&#99999999;", "&#160;", "&#127;", "&#173;", "&#32;", "&#9;"),
        *("<script>", "</script>", "<table>", "<tr>", "<td>", "</table>", "<!-- c -->", "<title>"),
    ]
)


@settings(deadline=None, max_examples=2000)
@given(st.lists(PIECES, max_size=9).map("".join))
def test_no_mark_up_makes_a_difference(text: str) -> None:
    if "<" in text:
        quick, parsed = markup._without_markup(text), markup._parsed(text)  # noqa: SLF001 - to compare the two
        assert markup.clean(quick) == markup.clean(parsed)


@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
def test_no_real_summary_makes_a_difference() -> None:
    for path in [*REAL.glob("french/*.xml"), *REAL.glob("fixtures/*.xml")]:
        found = ordinary.read(to_utf8(path.read_bytes()))
        for entry in found.entries if found else ():
            for text in (entry.get("summary", ""), *(each["value"] for each in entry["content"])):
                if "<" in text:
                    quick, parsed = markup._without_markup(text), markup._parsed(text)  # noqa: SLF001 - as above
                    assert markup.clean(quick) == markup.clean(parsed)


def test_a_tag_that_never_ends_does_not_take_for_ever() -> None:
    for unending in (
        "<a " * 50_000,
        "<a" + " b='c'" * 25_000,
        "&" * 150_000,
        "<p " + "x" * 150_000,
    ):
        markup.plain_text(unending)
