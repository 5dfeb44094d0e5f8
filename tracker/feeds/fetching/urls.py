"""URLs: their parts, their joining."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urljoin, urlsplit


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what a browser takes for one owner."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port


def joined(base: str, target: str) -> str:
    """Return the absolute URL of a Location; the user's credentials stay with their own origin.

    Raises ValueError where it cannot be read.
    """
    # Publishers send raw UTF-8 here, which arrived as Latin-1.
    with suppress(UnicodeError):
        target = target.encode("latin-1").decode("utf-8")
    url = urljoin(base, target)
    before, after = urlsplit(base), urlsplit(url)
    if before.username and not after.username and origin_of(base) == origin_of(url):
        url = after._replace(netloc=before.netloc).geturl()
    return url.partition("#")[0]


def encoded(url: str) -> bytes:
    """Give the URL in ASCII: its host as IDNA, the rest percent-encoded where it is not yet."""
    url = url.strip().partition("#")[0]
    if not url.isascii():
        from urllib.parse import quote

        parts = urlsplit(url)
        host = parts.netloc
        if not host.isascii():
            host = host.encode("idna").decode()
        safe = "/%:=&?~#+!$,;'@()*[]"
        parts = parts._replace(
            netloc=host, path=quote(parts.path, safe=safe), query=quote(parts.query, safe=safe)
        )
        url = parts.geturl()
    return url.replace(" ", "%20").encode("ascii")
