"""The pictures of timeline, dashboard and page hold the text that the demo shows today."""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))

from pictures import views
from pictures.views import FOLDER, SCHEMES, Shown, drawings, text_in, words_of

AGAIN = "python docs/pictures/views.py draws them anew"


@pytest.fixture(scope="module")
def demo() -> Shown:
    return views.shown()


def texts(svg: str) -> str:
    """Return the text of a picture without its spaces and the numbers of items.

    Items are numbered in the order in which the feeds answer.
    """
    found = map(html.unescape, re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    return "".join("".join(each.split()) for each in found if not each.strip().isdecimal())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["timeline", "dashboard"])
def test_a_picture_of_the_terminal_is_what_the_demo_shows(
    demo: Shown, view: str, scheme: str
) -> None:
    name = f"{view}-{scheme}.svg"
    kept = texts((FOLDER / name).read_text("utf-8"))
    assert kept == texts(drawings(demo.views)[name]), AGAIN
    title = {"timeline": "tracker timeline tiktok-acquisition", "dashboard": "tracker"}[view]
    unnumbered = re.sub(r"(?m)^(..)\d+  ", r"\1", demo.views[title].plain)
    assert "".join(unnumbered.split()) in kept


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_of_the_page_is_of_the_one_that_the_demo_writes(demo: Shown, scheme: str) -> None:
    png = (FOLDER / f"page-{scheme}.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert text_in(png) == words_of(demo.page), AGAIN
    assert "Microsoft in talks to buy TikTok" in text_in(png)


def test_light_and_dark_differ_in_nothing_but_their_colours() -> None:
    drawn = [(FOLDER / f"timeline-{scheme}.svg").read_text("utf-8") for scheme in SCHEMES]
    light, dark = (re.sub(r"#[0-9a-f]{6}|rgba?\([^)]*\)", "", each) for each in drawn)
    assert light == dark


def test_no_picture_asks_for_anything_elsewhere() -> None:
    for path in FOLDER.glob("*.svg"):
        svg = path.read_text("utf-8")
        assert "@font-face" not in svg
        assert not re.search(r"""(?:href|src)=["']https?:|url\(["']?https?:|@import""", svg)
