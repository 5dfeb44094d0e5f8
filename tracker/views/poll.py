"""What a poll did, in a line, and what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.views import when
from tracker.views.feeds import no_feeds
from tracker.views.text import BAD, MARK, WARNING, count, hanging, hint, lines, plain, wrap

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.polled import PollReport


def poll(value: PollReport, *, width: int, due: datetime | None = None) -> Text:
    """Return the summary of a poll, and each failure with its reason.

    `due` is when the next feed is, for a poll that asked none; None where no feed is listed.
    """
    if not value.feeds and due is None:
        return no_feeds()
    if not value.feeds and due:
        words = f"No feed is due; the next one is {when.until(due, value.started)}. "
        return hint(words, "tracker poll --force", " asks all now.")
    parts = [
        f"{value.not_modified:,} not modified" if value.not_modified else "",
        f"{value.unchanged:,} unchanged" if value.unchanged else "",
        f"{value.changed:,} with something new" if value.changed else "",
        f"{value.failed:,} failed" if value.failed else "",
    ]
    head = f"{count(value.feeds, 'feed')} in {_seconds(value.seconds)}"
    told = f"{head}: {', '.join(filter(None, parts))}"
    found = [Text(row) for row in wrap(told, width)]
    news = f"{count(value.new_items, 'new item')}, {value.new_links:,} linked to your stories"
    if value.new_items:
        found += [Text(row, MARK if value.new_links else "") for row in wrap(news, width)]
    return lines([*found, *failures(value, width)])


def failures(value: PollReport, width: int) -> list[Text]:
    """Return the feeds that failed, each with its reason below."""
    found: list[Text] = []
    for failure in value.failures:
        found.append(Text.assemble(("! ", WARNING), plain(failure.url)))
        found += hanging(plain(failure.reason), width, 2, BAD)
    return found


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"  # noqa: PLR2004 - a minute
