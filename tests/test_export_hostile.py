"""A thousand hostile headlines through every format: all of it is text, none of it is a control."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from datetime import UTC
from html.parser import HTMLParser

import feedparser
import pytest
from exporting import NOW, events_of, hostile
from markdown_it import MarkdownIt

from tracker.export.atom import atom
from tracker.export.csv import comma_separated
from tracker.export.html import story_page
from tracker.export.markdown import markdown
from tracker.plain_text import plain
from tracker.views import json as as_json

VALUE = hostile()
FORMATS = {
    "html": story_page(VALUE, now=NOW, zone=UTC),
    "md": markdown(VALUE, now=NOW, zone=UTC),
    "csv": comma_separated(VALUE),
    "atom": atom(VALUE, now=NOW, zone=UTC),
    "json": as_json.dumps(as_json.timeline(VALUE)),
}


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_holds_a_control_or_direction_character(name: str) -> None:
    kept = {"\n", "\r"} if name == "csv" else {"\n"}
    found = {c for c in FORMATS[name] if unicodedata.category(c) in {"Cc", "Cs"}} - kept
    turning = set(re.findall("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]", FORMATS[name]))
    assert found | turning == set()


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_holds_a_password_of_an_address(name: str) -> None:
    # JSON has the addresses as they are stored, as `timeline --json` has.
    assert ("secret" in FORMATS[name]) == (name == "json")


class Tags(HTMLParser):
    """The elements, attributes and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.languages: set[str] = set()
        self.articles = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.articles += tag == "article"
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name == "href"}
        self.languages |= {value or "" for name, value in attrs if name == "lang"}


def test_a_page_of_them_has_no_element_or_attribute_but_its_own() -> None:
    found = Tags(FORMATS["html"])
    assert found.tags <= set(
        "html head meta title style body a header h1 span p main section h2 ul li time q bdi h3"
        " article h4 details summary ol table caption thead tbody tr th td figure svg desc rect"
        " figcaption footer".split()
    )
    assert not {name for name in found.attributes if name.startswith("on")} | (
        found.attributes & {"src", "style", "srcset", "action", "formaction", "target"}
    )
    assert all(re.match(r"#[\w-]+$|https://example\.org/", each) for each in found.addresses)
    assert found.languages == {"en", "fr", ""}
    assert found.articles == len(events_of(VALUE))


def test_markdown_of_them_has_no_block_but_its_own() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(FORMATS["md"])
    assert {token.type for token in tokens} == {
        *("heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    }
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {
        *("text", "text_special", "link_open", "link_close", "code_inline"),
        *("strong_open", "strong_close"),
    }
    links = [str(child.attrs["href"]) for child in inline if child.type == "link_open"]
    assert all(link.startswith("https://example.org/") for link in links)
    code = {child.content for child in inline if child.type == "code_inline"}
    assert code == {f"e{event}" for event in events_of(VALUE)}


def test_a_reader_of_markdown_sees_the_headlines_as_they_are() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(FORMATS["md"])
    text = "\n".join("".join(child.content for child in token.children or ()) for token in tokens)
    assert all(plain(r.link.item.title) in text for r in VALUE.reports)


def test_no_cell_of_csv_begins_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(FORMATS["csv"], newline=""), strict=True))
    assert {len(row) for row in rows} == {11}
    assert len(rows) == 1 + len(VALUE.reports)
    assert not [c for row in rows for c in row if c.startswith(tuple("=+-@\t\r＝＋－＠"))]
    assert FORMATS["csv"].count("\n") == FORMATS["csv"].count("\r\n") == len(rows)


def test_atom_of_them_is_well_formed_and_has_no_element_but_its_own() -> None:
    found = ET.fromstring(FORMATS["atom"])  # noqa: S314 - our own
    assert {element.tag.rpartition("}")[2] for element in found.iter()} == set(
        "feed title subtitle id updated generator author name entry published link category"
        " content div ul li a span".split()
    )
    hrefs = [element.get("href") for element in found.iter() if element.get("href")]
    assert all(str(href).startswith("https://example.org/") for href in hrefs)


def test_a_reader_of_atom_sees_the_headlines_as_they_are() -> None:
    found = feedparser.parse(io.BytesIO(FORMATS["atom"].encode()), sanitize_html=False)
    assert not found.bozo
    titles = {plain(r.link.item.title) for r in VALUE.reports}
    assert {entry.title for entry in found.entries} <= titles
    assert len(found.entries) == len(events_of(VALUE))


def test_json_holds_every_headline_as_it_is_stored() -> None:
    read = json.loads(FORMATS["json"])
    assert [item["title"] for item in read["items"]] == [r.link.item.title for r in VALUE.reports]
