"""HTML to plain text, and what else is read out of HTML pages; the owner of selectolax."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.language_codes import two_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

# Everything that could steer a terminal or a page: C0 and C1 controls, the bidirectional
# overrides and isolates, zero-width and other invisible signs; lone surrogates cannot be stored.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_MARKED = re.compile(r"<[a-zA-Z/!?]|&[#\w]+;|&#\d")
_LIKE_HTML = re.compile(r"</\w+>|<br\s*/?>|<img\s|&(?:#\d+|#x[\da-fA-F]+|\w+);")
# What no author writes as words: mark-up that some tool has escaped once too often.
_ESCAPED_TWICE = re.compile(
    r"&(?:#\d{2,6}|#x[\da-fA-F]{2,6}|amp|lt|gt|quot|nbsp|[lr]squo|[lr]dquo|[A-Za-z]+(?:acute|grave|uml"
    r"|circ|cedil|tilde));|</(?:p|a|b|i|div|span|em|strong|ul|li)>|<br\s*/?>"
)
_INVISIBLE = [
    *("script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head"),
    *("select", "textarea", "title"),
]
_HAS_INVISIBLE = re.compile(rf"<(?:{'|'.join(_INVISIBLE)})\b", re.IGNORECASE)
# A line ends here: "one</p><p>two" are two words.
_BREAKS = re.compile(
    r"<(?=/?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|section|article|figure"
    r"|figcaption|header|footer|pre|dd|dt|hr|img|option)\b)",
    re.IGNORECASE,
)
# The mark-up of nearly all summaries is of such tags, written as they should be: to take these out
# gives what the parser gives, in a tenth of its time.
_ATTRIBUTES = (
    r"""(?=[\s/>])(?:\s++[\w:.-]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+)*+"""
)
_PLAIN_TAG = re.compile(
    r"</?(?:(p|div|br|li|ul|ol|h[1-6]|blockquote|figure|figcaption|hr|img|section|article)"
    rf"|a|abbr|b|cite|code|em|i|s|small|span|strong|sub|sup|time|u){_ATTRIBUTES}\s*+/?>"
)
# What would be read otherwise: a reference that a tag cuts short, the numbers of control characters
# and of what is no character.
_PLAIN_NUMBER = r"#(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|1[6-9]\d|[2-9]\d\d|[1-9]\d{3}|[1-4]\d{4});"
_ODD_REFERENCE = re.compile(rf"&(?:[#\w]*+<|(?!{_PLAIN_NUMBER})#)")
LONGEST_SUMMARY = 3000
LONGEST_TITLE = 500
LONGEST_AUTHOR = 200
_MOST_ESCAPES = 3
_LONGEST_READ = 150_000  # characters of mark-up; a summary's worth of text comes long before


class FeedLink(NamedTuple):
    """A feed that a page names: its address as written, its title ("" where it has none)."""

    href: str
    title: str


class PageLinks(NamedTuple):
    """How a page announces feeds: all addresses as written, "" where there is none.

    `links` are its `<link>` elements, `anchors` those of its text that look like feeds; `base` is
    what both are relative to, `refresh` where the page forwards to, `channel` a YouTube channel.
    """

    links: tuple[FeedLink, ...]
    anchors: tuple[FeedLink, ...]
    base: str
    refresh: str
    channel: str


class PageAbout(NamedTuple):
    """What an HTML page is about: plain text, "" where it says nothing; None for no language."""

    title: str
    summary: str
    language: str | None
    site: str


def plain_text(markup: str, longest: int = LONGEST_SUMMARY) -> str:
    """Give the text that a reader would see: no mark-up, no control character, white space folded.

    Cut at a word's end and closed with "…" where it is longer than `longest` characters.
    """
    text = markup
    if _MARKED.search(text):
        text = _without_markup(text[:_LONGEST_READ])
        for _ in range(_MOST_ESCAPES):
            marked = "<" in text or ("&" in text and ";" in text)
            if not marked or not _ESCAPED_TWICE.search(text):
                break
            text = _without_markup(text)
    return shortened(clean(text), longest)


def title_text(markup: str) -> str:
    """As `plain_text`, for a title: a lone "<video>" in one is a word, not a tag."""
    if _MARKED.search(markup) and _LIKE_HTML.search(markup):
        return plain_text(markup, LONGEST_TITLE)
    return shortened(clean(markup), LONGEST_TITLE)


def author_text(markup: str) -> str:
    """As `plain_text`, for a name."""
    return plain_text(markup, LONGEST_AUTHOR)


def headline(text: str) -> str:
    """Return the beginning of a text, to stand for the title that an entry lacks."""
    return shortened(text, 100)


def clean(text: str) -> str:
    """Return the text without invisible characters, its white space folded."""
    if not text.isascii() or not text.isprintable():
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())


def _without_markup(markup: str) -> str:
    if "<" not in markup:
        return html.unescape(markup)
    text = _PLAIN_TAG.sub(lambda tag: " " if tag[1] else "", markup)
    if "<" not in text and not _ODD_REFERENCE.search(markup):
        return html.unescape(text)
    return _parsed(markup)


def _parsed(markup: str) -> str:
    """Give the text of mark-up of any kind, as a browser would take it."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(_BREAKS.sub(" <", markup)).body
    if body is None:
        return ""
    if _HAS_INVISIBLE.search(markup):
        for node in body.css(", ".join(_INVISIBLE)):
            node.decompose()
    return body.text()


def shortened(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Give the text, cut at a word's end and closed with "…" where it is longer than `longest`."""
    if len(text) <= longest:
        return text
    head = text[:longest]
    return f"{head[: head.rfind(' ', longest - 80) if ' ' in head[-80:] else longest].rstrip()}…"


def feed_links(page: str) -> PageLinks:
    """Return how an HTML page announces feeds, each address as written and in the page's order."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page)
    found: list[FeedLink] = []
    for node in tree.css("link[rel][href]"):
        attributes = node.attributes
        relations = (attributes.get("rel") or "").lower().split()
        kind = (attributes.get("type") or "").lower().partition(";")[0].strip()
        href = (attributes.get("href") or "").strip()
        is_feed = names_feed(kind) and "alternate" in relations
        # WordPress announces its interface for programs in the same way.
        if href and (is_feed or "feed" in relations) and "/wp-json/" not in href:
            found.append(FeedLink(href, clean(attributes.get("title") or "")))
    base = tree.css_first("base[href]")
    channel = tree.css_first(
        "meta[itemprop=channelId][content], meta[itemprop=identifier][content]"
    )
    return PageLinks(
        links=tuple(found),
        anchors=tuple(_anchors(tree)),
        base=(base.attributes.get("href") or "").strip() if base is not None else "",
        refresh=_refresh(tree),
        channel=(channel.attributes.get("content") or "").strip() if channel is not None else "",
    )


def names_feed(content_type: str) -> bool:
    """Return whether a content type, in lower case and without parameters, may be a feed's."""
    return content_type in _FEED_TYPES


def _anchors(tree: Any) -> Iterator[FeedLink]:  # noqa: ANN401 - selectolax has no types
    """Yield the links of the page's text that look like a feed, for example: those of an icon."""
    for node in tree.css("a[href]"):
        href = (node.attributes.get("href") or "").strip()
        label = f"{node.attributes.get('title') or ''} {node.attributes.get('class') or ''}"
        if _FEED_PATH.search(href.partition("#")[0]) or (
            _FEED_WORD.search(f"{label} {node.text()[:80]}") and not _NO_FEED.search(href)
        ):
            yield FeedLink(href, clean(node.text())[:80])


def _refresh(tree: Any) -> str:  # noqa: ANN401 - selectolax has no types
    """Return the address that the page forwards to, "" if to none."""
    for node in tree.css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() == "refresh":
            target = _REFRESH.match(node.attributes.get("content") or "")
            return target[1].strip().strip("'\"") if target else ""
    return ""


def page_title(page: str) -> str:
    """Return the title of an HTML page, "" where it has none."""
    from selectolax.lexbor import LexborHTMLParser

    node = LexborHTMLParser(page).css_first("title")
    return shortened(clean(node.text()), 120) if node is not None else ""


def page_about(page: str) -> PageAbout:
    """Return what an HTML page says that it is about: what it gives to social networks first."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page)
    given: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = node.attributes.get("property") or node.attributes.get("name") or ""
        given.setdefault(name.lower(), node.attributes.get("content") or "")
    root = tree.css_first("html")
    language = (root.attributes.get("lang") or "") if root is not None else ""
    title = given.get("og:title") or given.get("twitter:title") or page_title(page)
    summary = given.get("og:description") or given.get("description") or ""
    site = title_text(given.get("og:site_name", ""))
    return PageAbout(title_text(title), plain_text(summary), two_letters(language), site)


_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x.atom+xml",
        "application/x-atom+xml",
        "application/xml+rss",
        "text/rss+xml",
        "text/atom+xml",
        "text/xml",
        "application/xml",
    }
)
# The last part of a path, or a parameter, that feeds have and pages hardly ever.
_FEED_PATH = re.compile(
    r"^feed:|(?:^|[./])(?:rss2?|atom|rdf|feeds?)(?:\.(?:xml|php|aspx|json))?/?(?:\?|$)"
    r"|//feeds?\.|/index\.(?:xml|rdf)$|[?&](?:feed|format|type)=(?:rss|atom)",
    re.IGNORECASE,
)
_FEED_WORD = re.compile(r"\b(?:rss|atom)\b", re.IGNORECASE)
_NO_FEED = re.compile(
    r"\.(?:html?|png|svg|jpe?g|gif|pdf|zip)(?:\?|$)|^(?:mailto|javascript):", re.IGNORECASE
)
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]\s*url\s*=\s*(.+)", re.IGNORECASE | re.DOTALL)
