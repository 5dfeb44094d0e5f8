"""The host of a URL: whose server a feed is on, and whose report an item is."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=32_768)  # a feed's is asked for at every step of its way
def host_of(url: str) -> str:
    """Return the host in lower case, "" where there is none."""
    scheme, _, rest = url.partition("://")
    host, _, port = rest.partition("/")[0].partition(":")
    plain = host.isascii() and host.replace(".", "").replace("-", "").isalnum()
    if plain and scheme in {"http", "https"} and (not port or port.isdigit()):
        return host.lower()  # as nearly all are: urlsplit takes six times as long
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
