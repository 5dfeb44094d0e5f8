"""The host of a URL, and URLs without passwords, tokens and other secrets."""

from __future__ import annotations

import re
from functools import lru_cache

# Up to the last @ before the path: a password may contain others.
_USERINFO = re.compile(r"(?<=:)//[^/?#\s]*@")
# Words of parameter names; "accessToken" and "api_key" are two words each.
_SECRET_WORDS = frozenset(
    {
        *("token", "key", "apikey", "auth", "authkey", "authorization", "secret", "password"),
        *("passwd", "pass", "pwd", "passkey", "sig", "signature", "hmac", "jwt", "session"),
        *("sessionid", "sid", "rsskey", "rsstoken", "feedkey", "feedtoken", "credential"),
    }
)
# Patterns are compiled when they are first used: commands that need none import this module.
_WORD = r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])"
# Reddit's private feeds: https://www.reddit.com/prefs/feeds gives ?feed=TOKEN&user=NAME.
_REDDIT = frozenset({"feed", "user"})
# A digest in hexadecimal or a UUID identifies the reader, unless the name says that it is an id.
_DIGEST = r"[\da-fA-F]{32,}|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}"
_PARAMETER = r"([?&;])([^?&;#=]*)=([^&;#]*)"


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


def bare_url(url: str) -> tuple[str, tuple[str, ...]]:
    """Return a URL without its secrets, and the kinds of secrets that it had."""
    bare = without_credentials(url)
    kinds = ["password"] if bare != url else []
    is_reddit = _is_reddit(bare)
    address, mark, fragment = bare.partition("#")

    def keep_or_drop(found: re.Match[str]) -> str:
        if not _is_secret(found, is_reddit=is_reddit):
            return found[0]
        kinds.append(f"{_name_of(found)}=")
        return found[1] if found[1] == "?" else ""

    address = re.sub(_PARAMETER, keep_or_drop, address)
    address = re.sub(r"\?[&;]+", "?", address).removesuffix("?") if kinds else address
    return f"{address}{mark}{fragment}", tuple(kinds)


def secret_parameters(url: str) -> tuple[str, ...]:
    """Return the secret parameters of a URL as they are written in it: "token=abc"."""
    bare = without_credentials(url)
    is_reddit = _is_reddit(bare)
    address = bare.partition("#")[0]
    return tuple(
        found[0][1:]
        for found in re.finditer(_PARAMETER, address)
        if _is_secret(found, is_reddit=is_reddit)
    )


def _is_reddit(url: str) -> bool:
    host = host_of(url)
    return host == "reddit.com" or host.endswith(".reddit.com")


def _is_secret(parameter: re.Match[str], *, is_reddit: bool) -> bool:
    name, value = _name_of(parameter), parameter[3]
    if not value:
        return False
    words = [word.lower() for word in re.findall(_WORD, name)]
    if not _SECRET_WORDS.isdisjoint([*words, name.lower()]):
        return True
    if is_reddit and name.lower() in _REDDIT:
        return True
    return re.fullmatch(_DIGEST, value) is not None and words[-1:] != ["id"]


def _name_of(parameter: re.Match[str]) -> str:
    from urllib.parse import unquote_plus  # 4 ms, with its imports

    return unquote_plus(parameter[2])


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
