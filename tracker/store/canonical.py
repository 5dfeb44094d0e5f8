"""Canonical addresses: one form for all the ways in which the address of an article is written.

Outlets mark the links of each feed to count its readers, and users copy an address from a browser:
scheme, "www.", fragment, a slash at the end and tracking parameters do not tell two articles apart.
"""

from __future__ import annotations

_TRACKING = (
    *("utm_", "at_", "mtm_", "pk_", "ns_", "xtor", "fbclid", "gclid", "dclid", "msclkid", "yclid"),
    *("igshid", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "wt_mc", "cmpid"),
)
_PORTS = {"http": ":80", "https": ":443"}


def canonical(url: str) -> str:
    """Return the canonical form of an address, "" for none.

    >>> canonical("http://www.Example.org/a/?id=7&utm_source=rss#top")
    'example.org/a?id=7'
    """
    host, path, query = _parts(url)
    kept = [each for each in query.split("&") if each and not each.lower().startswith(_TRACKING)]
    return f"{host}{path}" + (f"?{'&'.join(kept)}" if kept else "")


def prefixes(url: str) -> list[str]:
    """Return the beginnings of all addresses whose canonical form may be that of `url`."""
    host, path, _ = _parts(url)
    if not host:
        return []
    return [
        f"{scheme}://{name}{path}" for scheme in ("http", "https") for name in (host, f"www.{host}")
    ]


def _parts(url: str) -> tuple[str, str, str]:
    """Split an address into host, path and query, with "" for what it lacks."""
    scheme, mark, rest = url.strip().partition("://")
    if not mark:
        scheme, rest = "https", scheme
    rest, _, query = rest.partition("#")[0].partition("?")
    host, slash, path = rest.partition("/")
    host = host.lower().removesuffix(_PORTS.get(scheme.lower(), "")).removeprefix("www.")
    return host, f"{slash}{path}".rstrip("/"), query
