"""What a poll did, in a line, and what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.plain_text import plain
from tracker.views.polling.feeds import no_feeds
from tracker.views.text import BAD, MARK, WARNING, hanging, hint, lines, wrap
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.model.polling import PollReport


def poll(
    value: PollReport,
    *,
    width: int,
    due: datetime | None = None,
    listed: int = 0,
    alerts: Sequence[Text] = (),
) -> Text:
    """Return the summary of a poll, and each failure with its reason.

    `alerts` are rows about what was sent.

    For a poll that asked none, `due` is when the next feed is, None where none will be asked any
    more, and `listed` how many there are.
    """
    words = _news(value)
    news = [Text(row, MARK if value.new_links else "") for row in wrap(words, width) if words]
    if not value.feeds:
        return lines([_none_asked(value.started, due, listed), *news, *alerts])
    parts = [
        f"{value.not_modified:,} not modified" if value.not_modified else "",
        f"{value.unchanged:,} unchanged" if value.unchanged else "",
        f"{value.changed:,} with something new" if value.changed else "",
        f"{value.failed:,} failed" if value.failed else "",
    ]
    head = f"{count(value.feeds, 'feed')} in {_seconds(value.seconds)}"
    told = f"{head}: {', '.join(filter(None, parts))}"
    found = [Text(row) for row in wrap(told, width)]
    return lines([*found, *news, *alerts, *failures(value, width)])


def _news(value: PollReport) -> str:
    """Return what is new, "" for nothing.

    Without a new item a changed headline may be linked, or what an interrupted poll had stored.
    """
    if value.new_items:
        return f"{count(value.new_items, 'new item')}, {value.new_links:,} linked to your stories"
    return f"no new item, {value.new_links:,} linked to your stories" if value.new_links else ""


def _none_asked(now: datetime, due: datetime | None, listed: int) -> Text:
    """Return why a poll asked no feed, and what may be done about it."""
    if due is not None:
        words = f"No feed is due; the next one is {when.until(due, now)}. "
        return hint(words, "tracker poll --force", " asks all now.")
    if not listed:
        return no_feeds()
    ended = "The feed is gone" if listed == 1 else f"All {listed:,} feeds are gone"
    said = Text(f"{ended}, and none is asked any more.", BAD)
    return lines([said, hint("", "tracker feeds ls --failing", " says why.")])


def failures(value: PollReport, width: int) -> list[Text]:
    """Return the feeds that failed, each with its reason below."""
    found: list[Text] = []
    for failure in value.failures:
        found.append(Text.assemble(("! ", WARNING), plain(failure.url)))
        found += hanging(plain(failure.reason), width, 2, BAD)
    return found


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"  # noqa: PLR2004 - a minute
