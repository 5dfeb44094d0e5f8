"""Writes feed documents in the four formats that outlets use; a pure function of its arguments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_RDF_START = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
)


@dataclass(frozen=True, slots=True)
class Channel:
    """What a document says of itself.

    `format` is rss, atom, rdf or json; `encoding` is declared and used; `cdata` wraps summaries
    in CDATA instead of escaping them.
    """

    format: str
    title: str
    description: str
    site: str
    language: str
    encoding: str
    cdata: bool = False

    @property
    def content_type(self) -> str:
        """What the publisher's server says of the document; the encoding is the document's."""
        return _TYPES[self.format]


@dataclass(frozen=True, slots=True)
class Edition:
    """An entry as one document has it; `id` and `author` are None where the document has none.

    `summary` is HTML; `date` is "machine" for the format's own notation, "words" for a French
    one ("lundi 14 septembre 2020 à 08h12"), "none" to leave it out.
    """

    id: str | None
    link: str
    title: str
    summary: str
    published: datetime
    updated: datetime
    date: str
    author: str | None


def render(channel: Channel, editions: Sequence[Edition]) -> bytes:
    """Write the document, `editions` in their order, in the channel's format and encoding."""
    write = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[channel.format]
    # What an encoding lacks (the euro sign in ISO-8859-1) becomes a character reference.
    return write(channel, editions).encode(channel.encoding, "xmlcharrefreplace")


def _rss(channel: Channel, editions: Sequence[Edition]) -> str:
    lines = [
        f'<?xml version="1.0" encoding="{channel.encoding}"?>',
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">',
        "<channel>",
        *_about(channel),
        f"<language>{channel.language}</language>",
    ]
    for edition in editions:
        lines += ["<item>", f"<title>{escape(edition.title)}</title>"]
        lines.append(f"<link>{escape(edition.link)}</link>")
        if edition.id:
            lines.append(f'<guid isPermaLink="true">{escape(edition.id)}</guid>')
        if edition.summary:
            lines.append(f"<description>{_html(channel, edition.summary)}</description>")
        if edition.author:
            lines.append(f"<dc:creator>{escape(edition.author)}</dc:creator>")
        lines += _dated("pubDate", edition, format_datetime(edition.published))
        lines.append("</item>")
    return "\n".join([*lines, "</channel>", "</rss>", ""])


def _rdf(channel: Channel, editions: Sequence[Edition]) -> str:
    lines = [
        f'<?xml version="1.0" encoding="{channel.encoding}"?>',
        _RDF_START,
        f"<channel rdf:about={quoteattr(channel.site)}>",
        *_about(channel),
        f"<dc:language>{channel.language}</dc:language>",
        "<items><rdf:Seq>",
        *(f"<rdf:li rdf:resource={quoteattr(edition.link)}/>" for edition in editions),
        "</rdf:Seq></items>",
        "</channel>",
    ]
    for edition in editions:
        lines.append(f"<item rdf:about={quoteattr(edition.link)}>")
        lines.append(f"<title>{escape(edition.title)}</title>")
        lines.append(f"<link>{escape(edition.link)}</link>")
        if edition.summary:
            lines.append(f"<description>{_html(channel, edition.summary)}</description>")
        lines += _dated("dc:date", edition, edition.published.isoformat())
        lines.append("</item>")
    return "\n".join([*lines, "</rdf:RDF>", ""])


def _atom(channel: Channel, editions: Sequence[Edition]) -> str:
    lines = [
        f'<?xml version="1.0" encoding="{channel.encoding}"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{channel.language}">',
        f"<title>{escape(channel.title)}</title>",
        f"<subtitle>{escape(channel.description)}</subtitle>",
        f"<link href={quoteattr(channel.site)}/>",
        f"<id>{channel.site}/</id>",
    ]
    if editions:
        newest = max(edition.updated for edition in editions)
        lines.append(f"<updated>{newest.isoformat()}</updated>")
    for edition in editions:
        lines += ["<entry>", f"<title>{escape(edition.title)}</title>"]
        lines.append(f'<link rel="alternate" href={quoteattr(edition.link)}/>')
        if edition.id:
            lines.append(f"<id>{escape(edition.id)}</id>")
        if edition.author:
            lines.append(f"<author><name>{escape(edition.author)}</name></author>")
        lines += _dated("published", edition, edition.published.isoformat())
        lines += _dated("updated", edition, edition.updated.isoformat())
        if edition.summary:
            lines.append(f'<summary type="html">{_html(channel, edition.summary)}</summary>')
        lines.append("</entry>")
    return "\n".join([*lines, "</feed>", ""])


def _json(channel: Channel, editions: Sequence[Edition]) -> str:
    items = []
    for edition in editions:
        item: dict[str, object] = {"id": edition.id or edition.link, "url": edition.link}
        item["title"] = edition.title
        item["content_html"] = f"<p>{edition.summary}</p>" if edition.summary else ""
        if edition.date == "machine":
            item["date_published"] = edition.published.isoformat()
            item["date_modified"] = edition.updated.isoformat()
        if edition.author:
            item["authors"] = [{"name": edition.author}]
        items.append(item)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.site,
        "language": channel.language,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _about(channel: Channel) -> list[str]:
    return [
        f"<title>{escape(channel.title)}</title>",
        f"<link>{escape(channel.site)}</link>",
        f"<description>{escape(channel.description)}</description>",
    ]


def _html(channel: Channel, html: str) -> str:
    return f"<![CDATA[{html}]]>" if channel.cdata else escape(html)


def _dated(element: str, edition: Edition, machine: str) -> list[str]:
    if edition.date == "none":
        return []
    return [f"<{element}>{_words(edition) if edition.date == 'words' else machine}</{element}>"]


def _words(edition: Edition) -> str:
    at = edition.published
    day = "1er" if at.day == 1 else str(at.day)
    return f"{_DAYS[at.weekday()]} {day} {_MONTHS[at.month - 1]} {at.year} à {at:%Hh%M}"
