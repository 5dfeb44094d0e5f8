"""Comparison of the quick readers of feeds with feedparser."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import feedparser
from hypothesis import strategies as st

from tracker.feeds.parsing import xmlfeed
from tracker.feeds.parsing.ordinary import Read
from tracker.feeds.parsing.parse import Parsed, _document

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://gazette.example/feed"


def rows_of_elements(
    tags: st.SearchStrategy[str],
    attributes: st.SearchStrategy[str],
    texts: st.SearchStrategy[str],
    most: int,
) -> st.SearchStrategy[str]:
    """Draw up to so many elements in a row, some with others inside."""
    leaves = st.tuples(tags, attributes, texts).map(lambda p: f"<{p[0]}{p[1]}>{p[2]}</{p[0]}>")
    elements = st.recursive(
        leaves,
        lambda inside: st.tuples(tags, attributes, st.lists(inside, max_size=3)).map(
            lambda p: f"<{p[0]}{p[1]}>{''.join(p[2])}</{p[0]}>"
        ),
        max_leaves=3,
    )
    return st.lists(leaves | elements, max_size=most).map("".join)


def by_feedparser(body: bytes) -> Read:
    found = feedparser.parse(
        io.BytesIO(b"<?xml version='1.0' encoding='utf-8'?>\n" + body),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    entries = [dict(entry) for entry in found.entries]
    return Read(dict(found.feed), entries, found.version, sound=not found.bozo)


def document(found: Read) -> Parsed:
    return _document(found, URL, (frozenset(), frozenset()))


def is_read_the_same(read: Callable[[bytes], Read | None], body: bytes) -> bool:
    """Compare a reader with `xmlfeed` and feedparser; returns whether it takes the document."""
    found = read(body)
    if found is None:
        return False
    assert document(found) == document(xmlfeed.read(body))
    assert document(found) == document(by_feedparser(body))
    return True
