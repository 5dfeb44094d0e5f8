"""Where well-known publishing systems keep the feeds of a page, by the page's address.

A row is a guess: what is found there is parsed before it counts. Sources of the rows: miniflux
(internal/reader/subscription/finder.go), feedbin (app/models/source/known_pattern.rb), and the
publishers' own help pages.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit


class Publisher(NamedTuple):
    """A row of the table.

    `host` is the end of the host's name, "" for any; `path` matches path and query; `templates`
    are addresses of feeds, best first, with the groups of `path` and {host}, {name} (the first
    label of the host) in them; without a scheme they are relative to the host.
    """

    host: str
    path: re.Pattern[str]
    templates: tuple[str, ...]


def _row(host: str, path: str, *templates: str) -> Publisher:
    return Publisher(host, re.compile(path), templates)


_VIDEOS = "https://www.youtube.com/feeds/videos.xml"
_SECTION = (
    r"^(?P<page>/(?:.+/)?(?:tag|tags|category|categories|author|topic|topics)/[^?.]+?)/?(?:\?.*)?$"
)
# The first row that fits counts.
PUBLISHERS = (
    # A playlist of the channel's id with UULF in place of UC has no short videos in it.
    _row(
        "youtube.com",
        r"^/channel/(?P<id>UC(?P<rest>[\w-]{22}))(?:[/?].*)?$",
        f"{_VIDEOS}?channel_id={{id}}",
        f"{_VIDEOS}?playlist_id=UULF{{rest}}",
    ),
    _row(
        "youtube.com",
        r"^/(?:playlist|watch)\?(?:.*&)?list=(?P<id>[\w-]+)",
        f"{_VIDEOS}?playlist_id={{id}}",
    ),
    _row("youtube.com", r"^/user/(?P<id>[\w.-]+)(?:[/?].*)?$", f"{_VIDEOS}?user={{id}}"),
    _row("reddit.com", r"^/r/(?P<id>[\w+]+)/?(?:\?.*)?$", "/r/{id}/.rss"),
    _row("reddit.com", r"^/r/(?P<id>\w+/(?:new|top|rising|hot))/?(?:\?.*)?$", "/r/{id}/.rss"),
    _row("reddit.com", r"^/u(?:ser)?/(?P<id>[\w-]+)/?(?:\?.*)?$", "/user/{id}/.rss"),
    _row(
        "github.com",
        r"^/(?P<id>[\w-]+/(?!.*\.atom)[\w.-]+)(?:/(?:releases|tags|commits|tree|blob|issues).*)?/?$",
        "/{id}/releases.atom",
        "/{id}/commits.atom",
        "/{id}/tags.atom",
    ),
    _row("github.com", r"^/(?P<id>[\w-]+)/?$", "/{id}.atom"),
    _row(
        "gitlab.com",
        r"^/(?P<id>[\w.-]+(?:/[\w.-]+)+?)(?:/-/.*)?/?$",
        "/{id}/-/releases.atom",
        "/{id}/-/tags?format=atom",
        "/{id}.atom",
    ),
    _row("gitlab.com", r"^/(?P<id>[\w-]+)/?$", "/{id}.atom"),
    _row(
        "codeberg.org",
        r"^/(?P<id>[\w.-]+/(?!.*\.rss)[\w.-]+?)(?:/releases)?/?$",
        "/{id}/releases.rss",
        "/{id}.rss",
    ),
    _row("bsky.app", r"^/profile/(?P<id>[\w.:-]+)/?$", "/profile/{id}/rss"),
    _row("substack.com", r"^/(?!feed$)", "/feed"),
    _row("medium.com", r"^/(?P<id>@[\w.-]+)(?:/.*)?$", "https://medium.com/feed/{id}"),
    _row("medium.com", r"^/(?P<id>(?!feed/)[\w-]+)(?:/.*)?$", "https://medium.com/feed/{id}"),
    _row("medium.com", r"^/?$", "/feed"),
    _row("ghost.io", r"^(?P<page>/(?:tag|author)/[\w-]+)/?$", "{page}/rss/"),
    _row("ghost.io", r"^/(?!.*rss/?$)", "/rss/"),
    _row("wordpress.com", _SECTION, "{page}/feed/"),
    _row("wordpress.com", r"^/(?!.*feed/?$)", "/feed/"),
    _row("www.tumblr.com", r"^/(?P<id>[\w-]+)(?:/.*)?$", "https://{id}.tumblr.com/rss"),
    _row("tumblr.com", r"^(?P<page>/tagged/[^/?]+)/?$", "{page}/rss"),
    _row("tumblr.com", r"^/(?!.*rss$)", "/rss"),
    _row("blogspot.com", r"^/(?!feeds/)", "/feeds/posts/default"),
    _row("vimeo.com", r"^/(?P<id>[a-z][\w-]*)/?(?:videos)?$", "/{id}/videos/rss"),
    # Mastodon and its relatives, on any host.
    _row("", r"^/(?P<id>@\w+)/?$", "/{id}.rss"),
    _row("", _SECTION, "{page}/feed/"),
)


def feeds_of_publisher(url: str) -> list[str]:
    """Return where the publisher of a page keeps its feeds; empty for unknown publishers."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return []
    where = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    for publisher in PUBLISHERS:
        found = publisher.path.match(where)
        if found and (not publisher.host or f".{host}".endswith(f".{publisher.host}")):
            names = found.groupdict() | {"host": host}
            made = [template.format(**names) for template in publisher.templates]
            origin = f"{parts.scheme}://{parts.netloc}"
            return [each if "://" in each else f"{origin}{each}" for each in made]
    return []


def is_section(url: str) -> bool:
    """Return whether a page is a tag, category or author: the site's feed has more than that."""
    try:
        return re.match(_SECTION, urlsplit(url).path) is not None
    except ValueError:
        return False


def channel_feed(channel: str) -> str | None:
    """Return the feed of a YouTube channel, None if `channel` is not the id of one."""
    return f"{_VIDEOS}?channel_id={channel}" if re.fullmatch(r"UC[\w-]{22}", channel) else None


def advice(url: str) -> str:
    """Return what else can be typed if the publisher of a page refuses; "" for most."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    if f".{host}".endswith(".reddit.com"):
        return (
            "Reddit refuses readers without an account; https://www.reddit.com/prefs/feeds shows"
            " your own address (…?feed=TOKEN&user=NAME)"
        )
    if f".{host}".endswith(".youtube.com"):
        return (
            "YouTube may ask for consent first; the channel's id works without:"
            " https://www.youtube.com/channel/UC…"
        )
    return ""
