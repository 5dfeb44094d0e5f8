"""What the demo says between the commands that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.views.text import COMMAND, FAINT, hint, lines, wrap
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


def farewell(story: Story) -> Text:
    """Return how to begin in earnest."""
    return lines(
        [
            Text(),
            hint("All of it came from this computer, and is gone again. Now yours: ", ""),
            hint("  ", "tracker feeds add URL"),
            hint("  ", f'tracker follow "{story.query}"'),
            hint("  ", "tracker poll"),
            hint("  ", f"tracker timeline {story.slug}"),
            hint("  ", f"tracker export {story.slug} --output {story.slug}.html"),
        ]
    )
