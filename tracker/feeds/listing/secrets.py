"""The secrets of a feed that a list for others must not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.hosts import bare_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.feeds.listing.opml import Published


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
