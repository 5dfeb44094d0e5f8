"""OPML: the format in which feed readers exchange their lists (http://opml.org/spec2.opml)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from tracker.config import LANGUAGE
from tracker.errors import FeedFormatError
from tracker.feeds.listing.outlines import outlines
from tracker.feeds.parsing import challenge
from tracker.feeds.parsing.encoding import to_utf8
from tracker.feeds.parsing.markup import clean, shortened, title_text
from tracker.hosts import mistake_of_url
from tracker.language_codes import two_letters
from tracker.model.polling import FeedSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.feeds.listing.outlines import Outline

NO_ADDRESS = "no address"
NOT_WEB = "not a web address"
UNREADABLE = "an address that cannot be read"
_NAMESPACE = "https://tracker.example/opml"
_HEADERS = "tracker:headers"
_DOCTYPE = re.compile(r"\s*(?:<!--.*?-->\s*|<\?.*?\?>\s*)*<!DOCTYPE\b", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"\s*(?:<!--.*?-->\s*|<\?.*?\?>\s*)*<([\w.:-]{1,40})", re.DOTALL)
_END = re.compile(r"</(?:\w+:)?opml\s*>", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST_TAG = 60
_LOOKED_AT = 4_000
# XML 1.0 has no other way to write them, and no parser reads them back.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_ESCAPES |= {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class FeedsOfList(NamedTuple):
    """The contents of an OPML list.

    `sources` are its feeds, each once, in the order of the list; `repeated` counts further outlines
    of the same feeds; `skipped` counts outlines whose address cannot be a feed's, by reason.
    `cut_off` is true if the document has no end, as one that was not read whole.
    """

    sources: tuple[FeedSource, ...]
    repeated: int
    skipped: Mapping[str, int]
    cut_off: bool = False


class Published(NamedTuple):
    """A feed to be written to a list; `name` is shown for it, `site_url` is None if unknown."""

    source: FeedSource
    name: str
    site_url: str | None


def read(body: bytes, content_type: str = "") -> FeedsOfList:
    """Return the feeds of an OPML document, well-formed or not.

    The names of folders and `category` become tags. Only http, https and feed: addresses are
    taken. Raises FeedFormatError, which says what the document is, if it lists no feed.
    """
    data = to_utf8(body, content_type)
    text = data.decode("utf-8", "replace")
    head = _DOCTYPE.match(text)
    if head and not challenge.is_page(data):
        raise FeedFormatError(
            "it declares a document type (<!DOCTYPE …>), which can harm a reader and which OPML"
            " does not need; delete that declaration"
        )
    found = [] if challenge.is_page(data) else outlines(text)
    sources: list[FeedSource] = []
    skipped: dict[str, int] = {}
    for outline in found:
        written = _address_of(outline)
        if written is None:
            continue
        url, reason = _rewritten(written)
        if reason:
            skipped[reason] = skipped.get(reason, 0) + 1
        else:
            sources.append(_source(url, outline))
    if not sources:
        raise FeedFormatError(_instead(data, text, found, skipped))
    return together([FeedsOfList(tuple(sources), 0, skipped, _END.search(text) is None)])


def together(lists: Sequence[FeedsOfList], tags: tuple[str, ...] = ()) -> FeedsOfList:
    """Join lists into one that has each feed once, with the union of its tags and with `tags`."""
    sources: dict[str, FeedSource] = {}
    skipped: dict[str, int] = {}
    repeated = 0
    for each in lists:
        repeated += each.repeated
        for reason, number in each.skipped.items():
            skipped[reason] = skipped.get(reason, 0) + number
        for source in each.sources:
            known = sources.get(source.url)
            repeated += known is not None
            merged = known or source
            union = dict.fromkeys((*merged.tags, *source.tags, *tags))
            sources[source.url] = merged._replace(
                tags=tuple(union), title=merged.title or source.title
            )
    cut_off = any(each.cut_off for each in lists)
    return FeedsOfList(tuple(sources.values()), repeated, skipped, cut_off)


def _address_of(outline: Outline) -> str | None:
    """Return what an outline gives as a feed's address; None if it gives none."""
    attributes = outline.attributes
    if "xmlurl" in attributes:
        return attributes["xmlurl"].strip()
    if attributes.get("type", "").strip().lower() in {"rss", "atom", "rdf", "feed"}:
        return attributes.get("url", "").strip()
    return None


def _rewritten(address: str) -> tuple[str, str]:
    """Return a feed's URL and "", or the address and why it cannot be one."""
    scheme = _SCHEME.match(address)
    # "feed:https://…" wraps an address, "feed://…" stands for one.
    while scheme and scheme[0].lower() == "feed:":
        rest = address[scheme.end() :]
        address = f"http:{rest}" if rest.startswith("//") else rest
        scheme = _SCHEME.match(address)
    if scheme is None:
        return address, NO_ADDRESS
    if scheme[0].lower() not in {"http:", "https:"}:
        return address, NOT_WEB
    url = f"{scheme[0].lower()}{address[scheme.end() :]}"
    return (url, "") if mistake_of_url(url) is None else (url, UNREADABLE)


def _source(url: str, outline: Outline) -> FeedSource:
    attributes = outline.attributes
    title = title_text(attributes.get("text", "")) or title_text(attributes.get("title", ""))
    language = two_letters(attributes.get("language", "").lower())
    return FeedSource(
        url,
        title=title if title and title != url else None,
        language=language if language and re.fullmatch(LANGUAGE, language) else None,
        tags=tuple(dict.fromkeys(_tags(outline))),
        headers=_headers(attributes.get(_HEADERS, "")),
    )


def _tags(outline: Outline) -> Iterator[str]:
    for folder in outline.ancestors:
        if "xmlurl" not in folder:
            yield from _tag(folder.get("text", "") or folder.get("title", ""))
    for category in outline.attributes.get("category", "").split(","):
        for part in category.split("/"):
            yield from _tag(part)


def _tag(text: str) -> Iterator[str]:
    if tag := shortened(clean(text), _LONGEST_TAG):
        yield tag


def _headers(written: str) -> tuple[tuple[str, str], ...]:
    if not written:
        return ()
    try:
        pairs = json.loads(written).items()
    except (ValueError, AttributeError):
        return ()
    return tuple((n, v) for n, v in pairs if isinstance(v, str) and not re.search(r"[\r\n]", n + v))


def _instead(data: bytes, text: str, found: list[Outline], skipped: Mapping[str, int]) -> str:
    """Return what a document is that lists no feed, as the end of a sentence."""
    root = _ROOT.match(text[:_LOOKED_AT])
    name = root[1].lower().rpartition(":")[2] if root else ""
    if not data.strip():
        what = "it is empty"
    elif challenge.is_page(data):
        what = f"it is {challenge.describe_page(data)}, not an OPML list"
    elif skipped:
        reasons = ", ".join(f"{count} with {reason}" for reason, count in skipped.items())
        what = f"it is an OPML list without a feed that can be polled ({reasons})"
    elif found or name == "opml":
        what = "it is an OPML list in which no outline has an address (xmlUrl)"
    elif name in _FEED_ROOTS:
        what = "it is a feed, not an OPML list; `tracker feeds add` takes feeds"
    elif name:
        what = f"it is an XML document of another kind (<{name}>), not an OPML list"
    else:
        kind = "JSON" if text.lstrip()[:1] in {"{", "["} else "plain text"
        what = f"it is {kind}, not an OPML list"
    return what


def write(feeds: Sequence[Published], now: datetime) -> str:
    """Return an OPML 2.0 document of feeds, each in the folder of its first tag.

    `category` holds all tags. A tag with a comma or a slash cannot stand there; such a feed is
    nested in one folder for each of its tags instead.
    """
    root = _Folder()
    for feed in feeds:
        folder = root
        for name in _path(feed.source.tags):
            folder = folder.folders.setdefault(name, _Folder())
        folder.feeds.append(feed)
    private = any(feed.source.headers for feed in feeds)
    namespace = f' xmlns:tracker="{_NAMESPACE}"' if private else ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0"{namespace}>',
        "  <head>",
        "    <title>Feeds of tracker</title>",
        f"    <dateCreated>{now:%a, %d %b %Y %H:%M:%S} GMT</dateCreated>",
        "  </head>",
        "  <body>",
        *root.lines(4),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


class _Folder:
    def __init__(self) -> None:
        self.feeds: list[Published] = []
        self.folders: dict[str, _Folder] = {}

    def lines(self, indent: int) -> Iterator[str]:
        space = " " * indent
        for name, folder in self.folders.items():
            yield f"{space}<outline{_written([('text', name), ('title', name)])}>"
            yield from folder.lines(indent + 2)
            yield f"{space}</outline>"
        for feed in self.feeds:
            yield f"{space}<outline{_written(_attributes(feed))}/>"


def _path(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tags if _is_nested(tags) else tags[:1]


def _is_nested(tags: tuple[str, ...]) -> bool:
    """Return whether `category` cannot hold these tags."""
    return any("," in tag or "/" in tag for tag in tags)


def _attributes(feed: Published) -> Iterator[tuple[str, str]]:
    source = feed.source
    yield "text", feed.name
    yield "title", feed.name
    yield "type", "rss"
    yield "xmlUrl", source.url
    if feed.site_url:
        yield "htmlUrl", feed.site_url
    if source.language:
        yield "language", source.language
    if source.tags and not _is_nested(source.tags):
        yield "category", ",".join(source.tags)
    if source.headers:
        yield _HEADERS, json.dumps(dict(source.headers))


def _written(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in pairs)


def _escaped(value: str) -> str:
    value = _FORBIDDEN.sub("", value)
    return re.sub(r'[&<>"\n\r\t]', lambda found: _ESCAPES[found[0]], value)
