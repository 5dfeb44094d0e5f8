"""What holds for an entry whatever the format of its feed: its link and id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tracker.feeds.parsing import markup

if TYPE_CHECKING:
    from tracker.model.polling import Entry

_PLAIN_URL = re.compile(r"https?://[a-z0-9.:-]+/[!-~]*")
_LONGEST_ID = 1000


def absolute(base: str, link: str) -> str:
    """Give the link as an absolute http(s) URL without control characters, "" where it is none."""
    if _PLAIN_URL.fullmatch(link):
        return link
    link = markup.clean(link).replace(" ", "%20")
    if not link:
        return ""
    try:
        url = urljoin(base, link)
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def entry_id(own: str, link: str, title: str, summary: str) -> str:
    """Return the feed's own id, else the link, else a hash of what the entry says."""
    own = markup.clean(own)
    if len(own) > _LONGEST_ID:
        return _hashed(own)
    if own or link:
        return own or link
    return _hashed(f"{title}\n{summary}")


def _hashed(text: str) -> str:
    import hashlib  # most entries have an id, and this loads OpenSSL: 2.6 ms

    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def fold(entries: list[Entry]) -> list[Entry]:
    """Make ids unique: the same article twice is kept once, others under one id are told apart.

    Under an id of the feed's own, two entries are the same article where link or title agree;
    under a link that stands in for an id, where the titles do (many tools link every entry to the
    front page). Of the same article the latest version counts, the first of those without a date.
    Articles that share an id get one made of it and what tells them apart.
    """
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(entry)
    if len(by_id) == len(entries):
        return entries
    folded: list[Entry] = []
    for group in by_id.values():
        articles = _articles(group)
        latest = [max(versions, key=_date) for versions in articles]
        folded += latest if len(latest) == 1 else map(_told_apart, latest)
    return list({entry.id: entry for entry in folded}.values())


def _articles(group: list[Entry]) -> list[list[Entry]]:
    """Sort entries of one id by the article that they are of."""
    articles: list[list[Entry]] = []
    for entry in group:
        for versions in articles:
            first = versions[0]
            same_link = entry.url == first.url != "" and entry.id != entry.url
            if same_link or entry.title == first.title:
                versions.append(entry)
                break
        else:
            articles.append([entry])
    return articles


def _date(entry: Entry) -> float:
    return entry.published.timestamp() if entry.published else 0.0


def _told_apart(entry: Entry) -> Entry:
    mark = entry.title if entry.url in {entry.id, ""} else entry.url
    return entry._replace(id=_hashed(f"{entry.id}\n{mark}"))
