"""Plain mark-up is taken out as the parser would take it out."""

from __future__ import annotations

import time
from collections import Counter
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


@pytest.mark.repeats
def test_no_mark_up_makes_a_difference() -> None:
    met = Counter[bool]()

    @settings(max_examples=1500)
    @given(st.lists(PIECES, max_size=9).map("".join))
    def check(text: str) -> None:
        met["<" in text] += 1
        if "<" in text:
            quick, parsed = markup._without_markup(text), markup._parsed(text)  # noqa: SLF001 - to compare the two
            assert markup.clean(quick) == markup.clean(parsed)

    check()
    assert met[True] > 500


@pytest.mark.skipif(not REAL.exists(), reason="no real feeds at hand")
def test_no_real_summary_makes_a_difference() -> None:
    for path in [*REAL.glob("french/*.xml"), *REAL.glob("fixtures/*.xml")]:
        found = ordinary.read(to_utf8(path.read_bytes()))
        for entry in found.entries if found else ():
            for text in (entry.get("summary", ""), *(each["value"] for each in entry["content"])):
                if "<" in text:
                    quick, parsed = markup._without_markup(text), markup._parsed(text)  # noqa: SLF001 - as above
                    assert markup.clean(quick) == markup.clean(parsed)


@pytest.mark.parametrize(
    ("piece", "head"), [("<a ", ""), (" b='c'", "<a"), ("&", ""), ("x", "<p ")]
)
def test_a_tag_that_never_ends_takes_no_square_of_time(piece: str, head: str) -> None:
    def seconds(count: int) -> float:
        began = time.perf_counter()
        markup.plain_text(head + piece * count)
        return time.perf_counter() - began

    # Twice the length is four times the work where each tag looks to the end: sixteen here. The
    # quickest of three: another process may have had the processor.
    short, long = (min(seconds(count) for _ in range(3)) for count in (12_500, 100_000))
    assert long < 32 * short + 0.05
