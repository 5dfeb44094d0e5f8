"""What the demo says between the commands that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.views.text import COMMAND, FAINT, commands, hint, lines, wrap
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.core import Story
    from tracker.model.polling import PollReport


def scene(words: str, command: str = "") -> Text:
    """Return a line of the story, or a command as if someone had typed it."""
    if command:
        return Text.assemble("\n", ("$ ", FAINT), (command, COMMAND))
    return Text(words)


def polled(reports: Sequence[PollReport], *, width: int) -> Text:
    """Return what all the polls did together."""
    feeds = max(report.feeds for report in reports)
    items = sum(report.new_items for report in reports)
    same = sum(report.not_modified + report.unchanged for report in reports)
    words = (
        f"{count(len(reports), 'poll')} of {count(feeds, 'feed')}, from {reports[0].started:%d %b}"
        f" to {reports[-1].started:%d %b %Y}: {count(items, 'item')} stored,"
        f" {sum(report.new_links for report in reports):,} linked;"
        f" {same:,} answers brought nothing and cost next to nothing"
    )
    return lines(Text(row) for row in wrap(words, width))


def farewell(story: Story, *, page: bool, width: int) -> Text:
    """Return what to try next; `page` says that the demo has written a page already."""
    again = [
        ("tracker demo --html tiktok.html", "the same story as a page for the browser"),
        ("tracker demo --tui", "the same archive in full screen"),
    ]
    yours = [
        ("tracker feeds add URL", "a site that you read"),
        (f'tracker follow "{story.query}"', "a few words are enough"),
        ("tracker poll", "asks your feeds"),
        ("tracker", "what is new"),
        (f"tracker timeline {story.slug}", "a story day by day"),
        (f"tracker export {story.slug} --output page.html", "a page to hand on"),
    ]
    found = [Text(), hint("All of it came from this computer, and is gone again.", "")]
    if not page:
        found += [hint("See more of it:", ""), *commands(again, width)]
    return lines([*found, hint("Now yours:", ""), *commands(yours, width)])
