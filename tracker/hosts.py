"""The host of a URL, and URLs without credentials."""

from __future__ import annotations

import re
from functools import lru_cache

# Up to the last @ before the path: a password may contain others.
_USERINFO = re.compile(r"(?<=:)//[^/?#\s]*@")


@lru_cache(maxsize=32_768)  # a poll needs a feed's host at every step
def host_of(url: str) -> str:
    """Return the host of a URL in lower case; "" if it has none."""
    scheme, _, rest = url.partition("://")
    host, _, port = rest.partition("/")[0].partition(":")
    plain = host.isascii() and host.replace(".", "").replace("-", "").isalnum()
    if plain and scheme in {"http", "https"} and (not port or port.isdigit()):
        return host.lower()  # the common case: urlsplit takes six times as long
    from urllib.parse import urlsplit  # 4 ms, with its imports

    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def without_credentials(text: str) -> str:
    """Return a text without the user names and passwords of URLs in it."""
    return _USERINFO.sub("//", text) if "@" in text else text


def mistake_of_url(url: object) -> str | None:
    """Return in words why a feed cannot have this URL; None if it can."""
    from urllib.parse import urlsplit

    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        return "must be an address that starts with http:// or https://."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # reading an invalid port raises ValueError
    except ValueError:
        # It is not repeated: what cannot be read may hold a password that is not found in it.
        return "cannot be read as an address; in a password, write %23 for #, %2F for /, %3F for ?."
    named = host and not re.search(r"\s", host)
    return None if named else "names no host; an address is written https://HOST/PATH."
