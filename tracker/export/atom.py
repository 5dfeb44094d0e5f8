"""A story as an Atom feed (RFC 4287): an entry a development, with all that reported it.

Written with ElementTree, which escapes what others wrote: feedgen 1.0 leaves out `hreflang` and
`rel`, and feedgenerator has one link an entry and no `xml:lang`.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from datetime import UTC
from typing import TYPE_CHECKING

from tracker.developments import fold
from tracker.export.addresses import web_address
from tracker.export.figures import empty_words, sentence
from tracker.export.headlines import earlier, headline, language, outlet
from tracker.model.core import Status
from tracker.plain_text import plain
from tracker.version import __version__

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tracker.developments import Development
    from tracker.model.core import Report, Story, Timeline

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Of tracker's own (RFC 4122 §4.3 asks for one); changed, every id of every feed would change.
_NAMESPACE = uuid.UUID("6f3f2d0e-6d0b-4f7c-9a55-0b1d6f1c2a90")
DOUBTFUL = "doubtful"
"""The category of a development of which every report is doubtful."""


def atom(
    value: Timeline, *, now: datetime, zone: tzinfo | None, marker: str = "", page: str = ""
) -> str:
    """Return a story as an Atom feed, newest development first.

    An id depends only on when the story was begun, its id, and the event's. `updated` is when the
    newest report of a development was linked, or when its last headline was changed. `marker` is a
    comment at the top, `page` the relative address of the story's page; "" leaves them out.
    """
    story = value.story
    found = fold(value.reports)
    feed = ET.Element(f"{{{_ATOM}}}feed", {_LANG: "en"})
    _text(feed, "title", plain(story.title))
    subtitle = sentence(value, now=now, zone=zone)
    _text(feed, "subtitle", subtitle or empty_words(value))
    _text(feed, "id", identity(story))
    _text(feed, "updated", _moment(max(map(_updated, found), default=story.created)))
    _text(feed, "generator", "tracker", version=__version__)
    if page:
        _add(feed, "link", rel="alternate", type="text/html", href=page)
    _text(_add(feed, "author"), "name", "tracker")
    for development in found:
        _entry(feed, story, development)
    ET.register_namespace("", _ATOM)
    ET.indent(feed, space="")
    comment = f"<!-- {marker} -->\n" if marker else ""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{comment}{ET.tostring(feed, "unicode")}\n'


def identity(story: Story, event: int | None = None) -> str:
    """Return the id of a story's feed, or of the entry of one of its events, as a URN."""
    about = f"{int(story.created.timestamp())}/{story.id}"
    name = about if event is None else f"{about}/{event}"
    return uuid.uuid5(_NAMESPACE, name).urn


def _entry(feed: ET.Element, story: Story, found: Development) -> None:
    first = found.first.link
    entry = _add(feed, "entry")
    _text(entry, "title", headline(first.item), **_language(found.first))
    _text(entry, "id", identity(story, first.event))
    _text(entry, "published", _moment(first.item.published))
    _text(entry, "updated", _moment(_updated(found)))
    _text(_add(entry, "author"), "name", outlet(first.item))
    for place, report in enumerate((found.first, *found.others)):
        _link(entry, report, "related" if place else "alternate")
    _add(entry, "category", term=f"e{first.event}", label=f"event {first.event}")
    if all(r.link.status is Status.MAYBE for r in (found.first, *found.others)):
        _add(entry, "category", term=DOUBTFUL)
    content = _add(entry, "content", type="xhtml")
    _content(ET.SubElement(content, f"{{{_XHTML}}}div"), found)


def _content(div: ET.Element, found: Development) -> None:
    """Write who reported the development, and earlier headlines, as a list."""
    rows = ET.SubElement(div, f"{{{_XHTML}}}ul")
    for report in (found.first, *found.others):
        item = report.link.item
        row = ET.SubElement(rows, f"{{{_XHTML}}}li")
        row.text = f"{outlet(item)}: "
        lang = {"lang": language(item), **_language(report)} if language(item) else {}
        url = web_address(item.url)
        title = ET.SubElement(
            row,
            f"{{{_XHTML}}}{'a' if url else 'span'}",
            {**({"href": url} if url else {}), **lang},
        )
        title.text = headline(item)
        title.tail = "".join(f" (was: {title})" for title in earlier(report))


def _link(entry: ET.Element, report: Report, relation: str) -> None:
    item = report.link.item
    url = web_address(item.url)
    if url is None:
        return
    tag = language(item)
    spoken = {"hreflang": tag} if tag else {}
    _add(entry, "link", rel=relation, href=url, title=f"{outlet(item)}: {headline(item)}", **spoken)


def _language(report: Report) -> dict[str, str]:
    tag = language(report.link.item)
    return {_LANG: tag} if tag else {}


def _updated(found: Development) -> datetime:
    moments = [report.link.linked for report in (found.first, *found.others)]
    for report in (found.first, *found.others):
        moments += [revision.replaced for revision in report.revisions]
    return max(moments)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    _add(parent, name, **attributes).text = text
