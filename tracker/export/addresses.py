"""Which addresses an export links to, and how they are written."""

from __future__ import annotations

import re
from urllib.parse import quote

from tracker.hosts import without_credentials
from tracker.plain_text import plain

# RFC 3986 §2 has none of these in a URL; each would end one in HTML, Markdown or a terminal.
_NOT_IN_A_URL = re.compile(r"[\s\x00-\x20\"<>\\^`{|}]")
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


def web_address(url: str) -> str | None:
    """Return an http or https address that can be linked to; None for anything else.

    User name and password are left out, and characters that no URL has are percent-encoded.
    """
    shown = without_credentials(plain(url))
    if not _WEB.match(shown):
        return None
    return _NOT_IN_A_URL.sub(lambda found: quote(found[0]), shown)
