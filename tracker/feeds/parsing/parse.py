"""A document's bytes to a `Document`.

XML is read by `ordinary`, `ordinary_atom` or else by `xmlfeed`. They leave HTML alone (`markup`
makes it plain) and URLs as they are written: their base is added here, so that an entry's id does
not change when its feed moves.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.errors import FeedFormatError
from tracker.feeds.parsing import challenge, markup, ordinary, ordinary_atom
from tracker.feeds.parsing.dates import is_plausible
from tracker.feeds.parsing.encoding import to_utf8
from tracker.feeds.parsing.entries import absolute, entry_id, fold
from tracker.language_codes import two_letters
from tracker.model.polling import Document, Entry, Wishes

if TYPE_CHECKING:
    from time import struct_time

    from tracker.feeds.parsing.ordinary import Read

_ROOTS = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_ROOT_WITHIN = 20_000
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDRESS = re.compile(r"https?://|/", re.IGNORECASE)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_MOST_MINUTES = 60 * 24 * 366
_HOURS_A_DAY = 24


_Skipped = tuple[frozenset[int], frozenset[int]]


class Parsed(NamedTuple):
    """A document, and whether its XML was sound, so that its entries are known one by one.

    `raw_entries` counts them as they stood in the document, before repeated ones were folded.
    """

    document: Document
    sound: bool
    raw_entries: int


def parse(body: bytes, *, url: str, content_type: str = "") -> Document:
    """Read a feed document; `url` is where it came from, `content_type` as its publisher said.

    Raises FeedFormatError, whose reason says what it is, where it is no feed.
    """
    return parse_utf8(to_utf8(body, content_type), url=url).document


def parse_utf8(body: bytes, *, url: str) -> Parsed:
    """Read a document that `to_utf8` made; raises as `parse` does."""
    if body[:1] in {b"{", b"["}:
        from tracker.feeds.parsing.jsonfeed import parse_json

        document = parse_json(body, url=url)
        return Parsed(document, sound=True, raw_entries=len(document.entries))
    refuse_what_is_no_feed(body)
    result = ordinary.read(body) or ordinary_atom.read(body) or _read_by_feedparser(body)
    if not result.version and not result.entries:
        raise FeedFormatError("its XML is so broken that no feed is found in it")
    return _document(result, url, _skipped(body))


def _read_by_feedparser(body: bytes) -> Read:
    # Imported here: few feeds need it, and it costs 70 ms.
    from tracker.feeds.parsing.xmlfeed import read

    return read(body)


def refuse_what_is_no_feed(body: bytes) -> None:
    """Raise FeedFormatError, saying what it is, for a document that no parser need look at."""
    if not body:
        raise FeedFormatError("the document is empty")
    if challenge.is_page(body) and not _ROOTS.search(body[:2000]):
        raise FeedFormatError(f"it is {challenge.describe_page(body)}, not a feed")
    if _ROOTS.search(body[:_ROOT_WITHIN]):
        return
    if root := re.match(rb"\s*(?:<[?!].*?>\s*)*<([\w.:-]{1,40})", body[:_ROOT_WITHIN], re.DOTALL):
        name = root[1].decode("utf-8", "replace")
        words = {"opml": "an OPML list of feeds", "urlset": "a sitemap", "svg": "an image"}
        described = words.get(name.lower(), f"an XML document of another kind (<{name}>)")
        raise FeedFormatError(f"it is {described}, not a feed")
    raise FeedFormatError("it is plain text, not a feed")


# --- the document ----------------------------------------------------------------------------


def _document(result: Read, url: str, skipped: _Skipped) -> Parsed:
    head = result.feed
    site = absolute(url, _text(head.get("link")))
    base = url if result.version.startswith("atom") or not site else site
    language = two_letters(_text(head.get("language")))
    skip_hours, skip_days = skipped
    inherited = {language, _language_around_title(head)}
    entries = [_entry(raw, base, inherited) for raw in result.entries]
    document = Document(
        title=markup.title_text(_text(head.get("title"))) or None,
        site_url=site or None,
        language=language,
        entries=tuple(fold(entries)),
        wishes=Wishes(_ttl(head), skip_hours, skip_days),
    )
    return Parsed(document, sound=result.sound, raw_entries=len(entries))


def _language_around_title(raw: dict[str, Any]) -> str | None:
    """Give the language of what a title stands in, or its own."""
    return two_letters(_text((raw.get("title_detail") or {}).get("language")))


def _entry(raw: dict[str, Any], base: str, inherited: set[str | None]) -> Entry:
    """Make the entry; the languages `inherited` are its feed's, not its own."""
    title = markup.title_text(_text(raw.get("title")))
    summary = _summary(raw)
    link = _link(raw, base)
    if not title:
        title = markup.headline(summary)
    around = _language_around_title(raw)
    return Entry(
        id=entry_id(_text(raw.get("id")), link, title, summary),
        url=link,
        title=title,
        summary=summary,
        published=_published(raw),
        author=markup.author_text(_text(raw.get("author"))) or None,
        language=two_letters(_text(raw.get("language")))
        or (None if around in inherited else around),
    )


def _summary(raw: dict[str, Any]) -> str:
    """Give the summary, or the content where there is none or it is empty."""
    text = markup.plain_text(_text(raw.get("summary")))
    for content in () if text else raw.get("content", ()):
        if text := markup.plain_text(_text(content.get("value"))):
            break
    return text


def _link(raw: dict[str, Any], base: str) -> str:
    """Return the entry's page; where it names none, what it encloses (a podcast's recording).

    A guid stands for the link unless it says otherwise (isPermaLink), though many are mere numbers.
    """
    own = _text(raw.get("link"))
    if own == _text(raw.get("id")) and not _ADDRESS.match(own):
        own = ""  # where the entry has such a link as well, it is among its links
    if link := absolute(base, own):
        return link
    for each in raw.get("links", ()):
        if each.get("href") and each.get("rel") in {"alternate", "enclosure"}:
            return absolute(base, each["href"])
    return ""


def _published(raw: dict[str, Any]) -> datetime | None:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        read: struct_time | None = raw.get(name)
        if read:
            try:
                moment = datetime(*read[:6], tzinfo=UTC)
            except ValueError:
                continue
            if is_plausible(moment):  # feedparser reads what `parse_date` refuses
                return moment
    return None


def _ttl(head: dict[str, Any]) -> timedelta | None:
    """Say what RSS's ttl (minutes) or RSS 1.0's syndication module ask for."""
    minutes = _number(head.get("ttl"))
    if minutes:
        return timedelta(minutes=min(minutes, _MOST_MINUTES))
    hours = _PERIODS.get(str(head.get("sy_updateperiod", "")).strip().lower())
    if hours is None:
        return None
    often = max(_number(head.get("sy_updatefrequency")) or 1, 1)
    return timedelta(hours=hours) / often


def _skipped(body: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """RSS's skipHours (of 24, in GMT) and skipDays; feedparser keeps but the last of each."""
    hours = [_number(text.decode()) for text in _inside(body, b"skipHours", b"hour")]
    days = [text.decode().lower() for text in _inside(body, b"skipDays", b"day")]
    return (
        # RSS 0.91 counts to 24.
        frozenset(
            hour % _HOURS_A_DAY for hour in hours if hour is not None and hour <= _HOURS_A_DAY
        ),
        frozenset(_DAYS.index(day) for day in days if day in _DAYS),
    )


def _inside(body: bytes, outer: bytes, inner: bytes) -> list[bytes]:
    start = body.find(b"<" + outer)
    end = body.find(b"</" + outer, start) if start >= 0 else -1
    return re.findall(rb"<%b\s*>\s*(\w+)\s*<" % inner, body[start:end]) if end >= 0 else []


def _text(value: object) -> str:
    """Give the value where it is text; feedparser may leave other things in its place."""
    return value if isinstance(value, str) else ""


def _number(text: object) -> int | None:
    digits = str(text or "").strip()
    return int(digits[:9]) if digits.isascii() and digits.isdigit() else None
