"""The secrets of a feed that a list for others must not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from tracker.hosts import host_of, without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.feeds.listing.opml import Published

# Words of parameter names; "accessToken" and "api_key" are two words each.
_SECRET_WORDS = frozenset(
    {
        *("token", "key", "apikey", "auth", "authkey", "authorization", "secret", "password"),
        *("passwd", "pass", "pwd", "passkey", "sig", "signature", "hmac", "jwt", "session"),
        *("sessionid", "sid", "rsskey", "rsstoken", "feedkey", "feedtoken", "credential"),
    }
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Reddit's private feeds: https://www.reddit.com/prefs/feeds gives ?feed=TOKEN&user=NAME.
_REDDIT = frozenset({"feed", "user"})
# A digest in hexadecimal or a UUID identifies the reader, unless the name says that it is an id.
_DIGEST = re.compile(r"[\da-fA-F]{32,}|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}")
_PARAMETER = re.compile(r"([?&;])([^?&;#=]*)=([^&;#]*)")


def bare(
    feeds: Sequence[Published],
) -> tuple[list[Published], list[tuple[str, tuple[str, ...]]]]:
    """Return feeds without their secrets, and which kinds of secrets which of them had.

    The second list has pairs of a shown address and the kinds, for example: ("headers", "token=").
    """
    found: dict[str, Published] = {}
    kept_back = []
    for feed in feeds:
        source = feed.source
        url, kinds = bare_url(source.url)
        kinds = ("headers", *kinds) if source.headers else kinds
        if kinds:
            kept_back.append((url, kinds))
        site_url = bare_url(feed.site_url)[0] if feed.site_url else None
        name = url if feed.name == source.url else feed.name
        found.setdefault(
            url,
            feed._replace(
                source=source._replace(url=url, headers=()), name=name, site_url=site_url
            ),
        )
    return list(found.values()), kept_back


def bare_url(url: str) -> tuple[str, tuple[str, ...]]:
    """Return a URL without its secrets, and the kinds of secrets that it had."""
    bare = without_credentials(url)
    kinds = ["password"] if bare != url else []
    host = host_of(bare)
    reddit = host == "reddit.com" or host.endswith(".reddit.com")
    address, mark, fragment = bare.partition("#")

    def keep_or_drop(found: re.Match[str]) -> str:
        name = unquote_plus(found[2])
        if not (_is_secret(name, found[3]) or (reddit and name.lower() in _REDDIT)):
            return found[0]
        kinds.append(f"{name}=")
        return found[1] if found[1] == "?" else ""

    address = _PARAMETER.sub(keep_or_drop, address)
    address = re.sub(r"\?[&;]+", "?", address).removesuffix("?") if kinds else address
    return f"{address}{mark}{fragment}", tuple(kinds)


def _is_secret(name: str, value: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    if not value:
        return False
    if not _SECRET_WORDS.isdisjoint([*words, name.lower()]):
        return True
    return _DIGEST.fullmatch(value) is not None and words[-1:] != ["id"]
