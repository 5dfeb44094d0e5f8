"""XML feeds to feedparser's dictionaries; the owner of feedparser.

feedparser knows every dialect of RSS, RDF and Atom. What is well-formed is handed to its strict
parser straight from expat, without the SAX layer between, and its small dictionaries answer
without a look at the names of old: half as much time, the same result. What is not well-formed
takes feedparser's usual way, through its loose parser.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import feedparser
from feedparser.api import StrictFeedParser
from feedparser.sanitizer import replace_doctype
from feedparser.util import FeedParserDict

from tracker.errors import FeedFormatError
from tracker.feeds.parsing.dates import parse_date
from tracker.feeds.parsing.names import UNUSED
from tracker.feeds.parsing.ordinary import Read

if TYPE_CHECKING:
    from collections.abc import Callable

_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"
_FIRST_ELEMENT = re.compile(rb"<\w")
# No entity may stand for much: thousands of references to a long one fill the memory.
_LONGEST_PROLOGUE = 64 * 1024
_LONGEST_LOOSE = 4 * 2**20
_LONGEST_AUTHOR = 500
_LONG_ENTITY = re.compile(rb"<!ENTITY[^>]{200,}>", re.IGNORECASE)
_MATHML = "http://www.w3.org/1998/Math/MathML"
_SVG = "http://www.w3.org/2000/svg"


# By the names of its tags.
_UNUSED = frozenset(name.replace("_", ":", 1) for name in UNUSED)


def read(body: bytes) -> Read:
    """Read an XML feed in UTF-8 without declaration; FeedFormatError where feedparser gives up."""
    version, plain = "", body
    first = _FIRST_ELEMENT.search(body)
    if first and first.start() > _LONGEST_PROLOGUE:
        raise FeedFormatError("what stands before its first element is too long for a feed")
    if first and b"<!" in body[: first.start()]:
        body = _LONG_ENTITY.sub(b"", body[: first.start()]) + body[first.start() :]
        doctype, plain, _ = replace_doctype(body)
        version = doctype or ""
    try:
        return _read_strictly(plain, version) or _read_loosely(body)
    except FeedFormatError:
        raise
    # It has no errors of its own, and broken documents make it raise nearly anything.
    except Exception as error:
        raise FeedFormatError(f"it is broken beyond reading ({type(error).__name__})") from error


def _read_strictly(body: bytes, version: str) -> Read | None:
    """Read what is well-formed; None for what is not."""
    parser = expat.ParserCreate("utf-8", " ")
    reader = _Reader(parser)
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.handle_data
    parser.StartNamespaceDeclHandler = reader.startPrefixMapping
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError:
        return None
    version = version or reader.version
    return Read(dict(reader.feeddata), list(map(dict, reader.entries)), version, sound=True)


def _read_loosely(body: bytes) -> Read:
    if len(body) > _LONGEST_LOOSE:
        raise FeedFormatError("its XML is broken, and it is too large to guess at")
    result = feedparser.parse(
        io.BytesIO(_DECLARATION + body), sanitize_html=False, resolve_relative_uris=False
    )
    return Read(
        dict(result["feed"]), list(map(dict, result["entries"])), result["version"], sound=False
    )


class _Quick(FeedParserDict):  # type: ignore[misc]  # feedparser has no types
    """The properties of a content under way, which have none of the names that are mapped."""

    get = dict.get
    __getitem__ = dict.__getitem__
    __setitem__ = dict.__setitem__
    __contains__ = dict.__contains__

    def __deepcopy__(self, _: object) -> FeedParserDict:
        return FeedParserDict(self)


class _Reader(StrictFeedParser):  # type: ignore[misc]  # as above
    """feedparser's strict parser as expat's own handler."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        super().__init__("", None, "utf-8")
        self._parser = parser
        self._skipped = 0
        self.resolve_relative_uris = False
        self.sanitize_html = False
        self.contentparams = _Quick()
        self.decls: dict[str, str] = {}
        self._tags: dict[str, str] = {}

    def push_content(self, *args: object) -> None:
        super().push_content(*args)
        self.contentparams = _Quick(self.contentparams)

    def _sync_author_detail(self, key: str = "author") -> None:
        # It looks for an address in ways that take the square of the time.
        context = self._get_context()
        if len(author := context.get(key) or "") > _LONGEST_AUTHOR:
            context[key] = author[:_LONGEST_AUTHOR]
        super()._sync_author_detail(key)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Do what startElementNS does, for expat's "URI local-name prefix"."""
        tag = self._tags.get(name) or self._tag(name)
        if self._skipped or (tag in _UNUSED and not self.incontent):
            if ":" not in tag:
                self.inimage = self.intextinput = 0  # it ends an image that was left open
            self._skipped += 1
            self._parser.CharacterDataHandler = None
            return
        found: dict[str, str] = self.decls
        self.decls = {}
        if " " in name:
            namespace = name.split(" ", 1)[0]
            if namespace in {_MATHML, _SVG} and name.split(" ")[1].lower() in {"math", "svg"}:
                found["xmlns"] = namespace
        for key, value in attributes.items():
            if " " in key:
                namespace, local, *prefix = key.split(" ")
                known = self._matchnamespaces.get(namespace.lower(), "")
                found[f"{known}:{local}".lower() if known else local.lower()] = value
                found[f"{prefix[0]}:{local}".lower() if prefix else local.lower()] = value
            else:
                found[key.lower()] = value
        self.unknown_starttag(tag, list(found.items()))

    def end(self, name: str) -> None:
        """Do what endElementNS does."""
        if self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self._parser.CharacterDataHandler = self.handle_data
            return
        self.unknown_endtag(self._tags.get(name) or self._tag(name))
        # It goes back to the base around an element, but not to that there is none.
        if not self.basestack or not self.basestack[-1]:
            self.baseuri = ""

    def _tag(self, name: str) -> str:
        """Give the element the name by which feedparser knows it."""
        if " " not in name:
            self._tags[name] = tag = name.lower()
            return tag
        namespace, local = name.split(" ")[:2]
        lower = namespace.lower()
        if "backend.userland.com/rss" in lower:
            lower = "http://backend.userland.com/rss"
        prefix = self._matchnamespaces.get(lower)
        if prefix is not None:
            self._tags[name] = tag = (f"{prefix}:{local}" if prefix else local).lower()
            return tag
        # Unknown ones go by the prefix under which they were declared last, so not to be kept.
        declared = (key for key, uri in self.namespaces_in_use.items() if key and uri == namespace)
        return f"{next(declared, '')}:{local}".lstrip(":").lower()


def _date_tuple(text: str) -> tuple[int, ...] | None:
    moment = parse_date(text)
    return None if moment is None else tuple(moment.utctimetuple())


# Asked first; feedparser's own readers know a few dialects more.
_register: Callable[[Any], None] = feedparser.registerDateHandler
_register(_date_tuple)
