"""The pictures in the documents show what the demo shows today."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))

import pytest
from pictures.draw import FOLDER, pictures


def texts(svg: str) -> list[str]:
    """Return the text of a picture, piece by piece."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.repeats
def test_the_pictures_are_what_the_demo_shows() -> None:
    drawn = pictures()
    kept = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.svg")}
    assert drawn.keys() <= kept.keys()
    for name, svg in drawn.items():
        assert texts(kept[name]) == texts(svg), "python docs/pictures/draw.py draws them anew"
        assert len(texts(svg)) > 50


def test_no_picture_asks_for_anything_elsewhere() -> None:
    for path in FOLDER.glob("*.svg"):
        svg = path.read_text("utf-8")
        assert "@font-face" not in svg
        assert not re.search(r"""(?:href|src)=["']https?:|url\(["']?https?:|@import""", svg)
