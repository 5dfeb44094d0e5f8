"""The text of an element as feedparser gives it, or a refusal of what only feedparser can read."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from tracker.feeds.parsing.dates import parse_date
from tracker.feeds.parsing.names import UnusualError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TYPES = frozenset({"plain", "text", "html", "text/plain", "text/html"})
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/*")
_ENTITY = re.compile(r"&([A-Za-z0-9_]+);")
_WINDOWS = {
    code: sign for code in range(128, 160) if (sign := bytes([code]).decode("cp1252", "ignore"))
}


def refuse_language_and_base(node: Element) -> None:
    """Refuse an element with a language or a base of its own."""
    for key in node.attrib:
        if key.rpartition("}")[2].lower() in {"lang", "base"}:
            raise UnusualError


def text_of(node: Element) -> str:
    """Return the text of an element that has nothing else."""
    if node.attrib:
        raise UnusualError
    return inside(node)


def typed_text(node: Element) -> str:
    """As `_text`, for an element that may name the type of its text: it says so in any case."""
    if node.attrib and (node.attrib.keys() != {"type"} or node.get("type") not in _TYPES):
        raise UnusualError
    return inside(node)


def inside(node: Element) -> str:
    """Return the text of an element that has no others in it, whatever its attributes."""
    if len(node):
        raise UnusualError
    text = (node.text or "").strip()
    return text if text.isascii() else _mended(text)


def _mended(text: str) -> str:
    """Undo what feedparser undoes: UTF-8 and Windows-1252 that were taken for ISO 8859-1."""
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS)


def url(text: str) -> str:
    """Return an address without the surplus slashes that feedparser removes."""
    return _SLASHES.sub(r"\1", text) if ":///" in text else text


def unmixed(url: str) -> str:
    """Do without the semicolons of what feedparser takes for mistaken parameters: "&b;"."""
    return _ENTITY.sub(r"&\1", url) if "&" in url else url


def date_of(text: str) -> tuple[int, ...] | None:
    """Return a date in UTC as feedparser does; None for an empty text."""
    moment = parse_date(text)
    if moment is None:
        if text:
            raise UnusualError  # feedparser knows a few dialects more
        return None
    return tuple(moment.utctimetuple())
