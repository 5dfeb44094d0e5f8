"""The first page as text: what is new, what is quiet, and the next command."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.core import (
    Item,
    Link,
    Outage,
    Report,
    State,
    Status,
    Story,
    StorySummary,
    Timeline,
)
from tracker.views.dashboard import Standing, dashboard
from tracker.views.text import fitted, width_of

NOW = datetime(2031, 3, 20, 12, 0, tzinfo=UTC)
BRIDGE = Story(1, "bridge", "Bridge repair", "bridge repair", State.OPEN, NOW - timedelta(60))
WELL = Standing(has_feeds=True, polled=NOW - timedelta(hours=1))


def story(number: int, title: str, state: State = State.OPEN) -> Story:
    until = NOW + timedelta(3) if state is State.MUTED else None
    return replace(
        BRIDGE, id=number, slug=title.lower(), title=title, state=state, muted_until=until
    )


def summary(of: Story, *, unread: int = 0, maybe: int = 0, quiet: int | None = 9) -> StorySummary:
    last = None if quiet is None else NOW - timedelta(days=quiet)
    return StorySummary(of, unread, 3, 4, maybe, last, "x")


def news(of: Story, *titles: str, hidden: int = 0, volume: tuple[int, ...] = ()) -> Timeline:
    reports = []
    for number, title in enumerate(titles, 101):
        url = f"https://example.org/{number}"
        published = NOW - timedelta(hours=number)
        item = Item(number, 1, "Daily Example", url, title, "", published, "en")
        link = Link(of.id, item, Status.LINKED, 0.8, (), number, published)
        reports.append(Report(link, new=True))
    return Timeline(of, tuple(reports), volume=volume, hidden=hidden)


def rows(
    values: list[Timeline],
    stories: list[StorySummary],
    standing: Standing = WELL,
    width: int = 80,
    **options: Any,
) -> list[str]:
    text = dashboard(values, stories, standing, now=NOW, zone=UTC, width=width, **options)
    return [row.rstrip() for row in text.plain.split("\n")]


def test_the_first_page_at_80_columns() -> None:
    stories = [
        summary(BRIDGE, unread=5, quiet=1),
        summary(story(2, "Mill")),
        summary(story(3, "Tower"), quiet=None),
        summary(story(4, "Dam", State.MUTED), unread=7),
        summary(story(5, "Port", State.CLOSED)),
    ]
    told = news(BRIDGE, "Bridge will be repaired", "Bridge is cracked", hidden=3, volume=(0, 1, 2))
    standing = replace(WELL, outages=(Outage("Example TV", NOW - timedelta(2), None, "gone"),))
    assert rows([told], stories, standing) == [
        "5 new developments in 1 story · last poll 1 hour ago",
        "",
        "Bridge repair  5 new  ▁▅█",
        "● 101  16 Mar 07:00  Daily Example  Bridge will be repaired",
        "● 102  16 Mar 06:00  Daily Example  Bridge is cracked",
        "  3 more in tracker timeline bridge",
        "",
        "Nothing new in",
        "  Mill   quiet for 9 days",
        "  Tower  no development yet",
        "  1 muted and 1 closed: tracker stories",
        "",
        "! Example TV failing for 2 days: gone",
        "",
        "Next",
        "  tracker timeline bridge  reads it, and marks it as seen",
        "  tracker --help           lists all commands",
    ]


def test_where_nothing_is_new_the_page_says_so_and_offers_the_doubtful() -> None:
    found = rows([], [summary(BRIDGE, maybe=2), summary(story(2, "Mill"), maybe=9)])
    assert found[0] == "Nothing new · last poll 1 hour ago"
    assert found[-4:] == [
        "Next",
        "  tracker timeline bridge --maybe  shows 2 doubtful reports",
        "  tracker follow WORDS             follows another story",
        "  tracker --help                   lists all commands",
    ]


def test_without_stories_the_page_teaches_how_to_begin() -> None:
    assert rows([], [], Standing(has_feeds=False, polled=None)) == [
        "You follow no story yet.",
        "  tracker feeds add https://www.theverge.com  finds a site's feed",
        '  tracker follow "TikTok acquisition"         begins with a story',
        "  tracker poll                                fetches what your feeds have",
        "  tracker demo                                shows it all on a bundled archive",
        "  tracker --help                              lists all commands",
    ]


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (WELL, []),
        (Standing(has_feeds=True, polled=None), ["tracker poll"]),
        (Standing(has_feeds=False, polled=None), ["tracker feeds add", "tracker poll"]),
        (
            Standing(has_feeds=True, polled=NOW - timedelta(days=3)),
            ["tracker poll", "tracker schedule install"],
        ),
    ],
)
def test_the_next_commands_are_those_that_are_due(standing: Standing, said: list[str]) -> None:
    text = "\n".join(rows([], [summary(BRIDGE)], standing))
    for command in ("tracker feeds add", "tracker poll", "tracker schedule install"):
        assert (command in text) == (command in said), command


def test_of_many_quiet_stories_the_rest_are_counted() -> None:
    found = rows([], [summary(story(n, f"Story {n}")) for n in range(1, 31)])
    assert "  20 more: tracker stories" in found
    assert sum("quiet for" in row for row in found) == 10


def test_of_many_stories_with_news_the_rest_are_counted() -> None:
    told = [news(story(n, f"Story {n}"), "Bridge will be repaired") for n in (1, 2)]
    found = rows(told, [summary(story(n, f"Story {n}"), unread=4) for n in range(1, 31)])
    assert found[0].startswith("120 new developments in 30 stories")
    assert "28 more stories with news: tracker timeline" in found
    assert not any("Nothing new in" in row for row in found)


def test_headlines_are_links_where_they_are_wanted() -> None:
    text = dashboard(
        [news(BRIDGE, "Bridge")],
        [summary(BRIDGE, unread=1)],
        WELL,
        now=NOW,
        zone=UTC,
        width=80,
        address=lambda url: url,
    )
    links = {getattr(span.style, "link", None) for span in text.spans}
    assert "https://example.org/101" in links


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@given(title=st.text(min_size=1, max_size=200), source=st.text(max_size=30))
def test_no_row_of_a_story_is_wider_than_the_terminal(width: int, title: str, source: str) -> None:
    named = replace(BRIDGE, title=title)
    value = news(named, title, hidden=3, volume=(1, 2))
    outage = Outage(source, NOW - timedelta(2), None, title)
    stories = [summary(named, unread=4), summary(replace(story(2, "x"), title=title))]
    standing = replace(WELL, outages=(outage,))
    text = dashboard([value], stories, standing, now=NOW, zone=UTC, width=width)
    assert max(map(width_of, fitted(text, width).plain.split("\n"))) <= width
