"""Where well-known publishers keep their feeds: one case for each row of the table."""

from __future__ import annotations

import pytest

from tracker.feeds.finding.publishers import PUBLISHERS, channel_feed, feeds_of_publisher

VIDEOS = "https://www.youtube.com/feeds/videos.xml"
CHANNEL = "UCabcdefghijklmnopqrstuv"
# In the order of the table.
ROWS = [
    (
        f"https://www.youtube.com/channel/{CHANNEL}/videos",
        [f"{VIDEOS}?channel_id={CHANNEL}", f"{VIDEOS}?playlist_id=UULF{CHANNEL[2:]}"],
    ),
    ("https://youtube.com/watch?v=a&list=PL12-x&index=2", [f"{VIDEOS}?playlist_id=PL12-x"]),
    ("https://www.youtube.com/user/NASAtelevision", [f"{VIDEOS}?user=NASAtelevision"]),
    ("https://www.reddit.com/r/python/", ["https://www.reddit.com/r/python/.rss"]),
    ("https://old.reddit.com/r/python/top/?t=all", ["https://old.reddit.com/r/python/top/.rss"]),
    ("https://reddit.com/u/spez", ["https://reddit.com/user/spez/.rss"]),
    (
        "https://github.com/python/cpython.old/releases",
        [
            "https://github.com/python/cpython.old/releases.atom",
            "https://github.com/python/cpython.old/commits.atom",
            "https://github.com/python/cpython.old/tags.atom",
        ],
    ),
    ("https://github.com/gvanrossum", ["https://github.com/gvanrossum.atom"]),
    (
        "https://gitlab.com/group/sub/project/-/tree/main",
        [
            "https://gitlab.com/group/sub/project/-/releases.atom",
            "https://gitlab.com/group/sub/project/-/tags?format=atom",
            "https://gitlab.com/group/sub/project.atom",
        ],
    ),
    ("https://gitlab.com/someone", ["https://gitlab.com/someone.atom"]),
    (
        "https://codeberg.org/forgejo/forgejo/releases",
        [
            "https://codeberg.org/forgejo/forgejo/releases.rss",
            "https://codeberg.org/forgejo/forgejo.rss",
        ],
    ),
    ("https://bsky.app/profile/bsky.app", ["https://bsky.app/profile/bsky.app/rss"]),
    ("https://letters.substack.com/p/a-post", ["https://letters.substack.com/feed"]),
    ("https://medium.com/@ev/a-post-123", ["https://medium.com/feed/@ev"]),
    ("https://medium.com/better-programming", ["https://medium.com/feed/better-programming"]),
    ("https://ev.medium.com", ["https://ev.medium.com/feed"]),
    ("https://news.ghost.io/tag/tech/", ["https://news.ghost.io/tag/tech/rss/"]),
    ("https://news.ghost.io", ["https://news.ghost.io/rss/"]),
    ("https://x.wordpress.com/category/a/b/", ["https://x.wordpress.com/category/a/b/feed/"]),
    ("https://x.wordpress.com/2020/08/post", ["https://x.wordpress.com/feed/"]),
    ("https://www.tumblr.com/staff/123/title", ["https://staff.tumblr.com/rss"]),
    ("https://staff.tumblr.com/tagged/news", ["https://staff.tumblr.com/tagged/news/rss"]),
    ("https://staff.tumblr.com/post/1", ["https://staff.tumblr.com/rss"]),
    ("https://x.blogspot.com/2020/08/a.html", ["https://x.blogspot.com/feeds/posts/default"]),
    ("https://vimeo.com/staffpicks", ["https://vimeo.com/staffpicks/videos/rss"]),
    ("https://mastodon.social/@Gargron", ["https://mastodon.social/@Gargron.rss"]),
    ("http://blog.example:81/en/tag/news?x=1", ["http://blog.example:81/en/tag/news/feed/"]),
]


@pytest.mark.parametrize(("row", "typed", "expected"), [(n, *row) for n, row in enumerate(ROWS)])
def test_a_publisher_keeps_feeds_where_its_row_says(
    row: int, typed: str, expected: list[str]
) -> None:
    assert feeds_of_publisher(typed) == expected
    assert PUBLISHERS[row].host in typed
    assert len(PUBLISHERS[row].templates) == len(expected)


def test_every_row_has_its_case() -> None:
    assert len(ROWS) == len(PUBLISHERS)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.reddit.com/r/python/.rss",
        "https://github.com/python/cpython/releases.atom",
        "https://letters.substack.com/feed",
        "https://medium.com/feed/@ev",
        "https://x.wordpress.com/feed/",
        "https://news.ghost.io/rss/",
        "https://staff.tumblr.com/rss",
        "https://mastodon.social/@Gargron.rss",
        "https://x.blogspot.com/feeds/posts/default",
        f"{VIDEOS}?channel_id={CHANNEL}",
        "https://notreddit.com/r/python",
        "https://reddit.com.evil.example/r/python",
        "https://blog.example/",
        "http://[",
    ],
)
def test_feeds_themselves_and_other_hosts_have_no_row(url: str) -> None:
    assert feeds_of_publisher(url) == []


def test_only_the_id_of_a_channel_makes_a_feed() -> None:
    assert channel_feed(CHANNEL) == f"{VIDEOS}?channel_id={CHANNEL}"
    assert channel_feed("UCshort&x=1") is None
