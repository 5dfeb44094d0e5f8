"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from tracker.errors import FeedFormatError
from tracker.feeds.parsing import markup
from tracker.feeds.parsing.dates import parse_date
from tracker.feeds.parsing.entries import absolute, entry_id, fold
from tracker.language_codes import two_letters
from tracker.model.polling import Document, Entry


def parse_json(body: bytes, *, url: str) -> Document:
    """Read a JSON Feed in UTF-8 that came from `url`; FeedFormatError where it is none."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        raise FeedFormatError("it is broken JSON, not a feed") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise FeedFormatError(f"it is {_described(feed)}, not a JSON feed")
    site = absolute(url, _text(feed.get("home_page_url")))
    raw = [item for item in feed["items"] if isinstance(item, dict)]
    entries = [_entry(item, url) for item in raw]
    return Document(
        title=markup.title_text(_text(feed.get("title"))) or None,
        site_url=site or None,
        language=two_letters(_text(feed.get("language"))),
        entries=tuple(fold(entries)),
    )


def _entry(item: dict[str, Any], base: str) -> Entry:
    link = absolute(base, _text(item.get("url"))) or absolute(base, _text(item.get("external_url")))
    if not link:
        attachments = item.get("attachments")
        for each in attachments if isinstance(attachments, list) else ():
            if isinstance(each, dict) and (link := absolute(base, _text(each.get("url")))):
                break
    summary = (
        markup.plain_text(_text(item.get("summary")))
        or markup.plain_text(_text(item.get("content_html")))
        or markup.shortened(markup.clean(_text(item.get("content_text"))))
    )
    title = markup.title_text(_text(item.get("title"))) or markup.headline(summary)
    return Entry(
        id=entry_id(_text(item.get("id")), link, title, summary),
        url=link,
        title=title,
        summary=summary,
        published=parse_date(_text(item.get("date_published")))
        or parse_date(_text(item.get("date_modified"))),
        author=_author(item),
        language=two_letters(_text(item.get("language"))),
    )


def _author(item: dict[str, Any]) -> str | None:
    authors = item.get("authors")  # 1.1; 1.0 had one "author"
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    name = _text(first.get("name")) if isinstance(first, dict) else ""
    return markup.author_text(name) or None


def _text(value: object) -> str:
    """Return the value where it is text, or a number (some write their ids so); else ""."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _described(feed: object) -> str:
    if isinstance(feed, dict):
        names = ", ".join(list(map(str, feed))[:4])
        return f"JSON of another kind (with {markup.clean(names)[:80]})" if names else "empty JSON"
    return "JSON of another kind"
