"""What a purge removed, or would remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.plain_text import plain
from tracker.views.care.backups import size
from tracker.views.text import FAINT, hanging, hint, lines
from tracker.wording import count, listed

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tracker.model.care import Purge

_NAMED_AT_MOST = 5


def purged(
    value: Purge, command: str | None, *, now: datetime, zone: tzinfo | None, width: int
) -> Text:
    """Return what was purged; with `command`, what that would purge."""
    before = f"dated and stored before {when.stamp(value.cutoff, zone, now)}"
    if not value.items:
        rows = hanging(f"Nothing to purge: no free item is {before}.", width, 0)
    else:
        verb = "Would remove" if command else "Removed"
        told = f"{verb} {count(value.items, 'item')} {before} ({size(value.size_in_bytes)} of text)"
        rows = hanging(f"{told}: {_feeds(value)}.", width, 0)
    if value.kept:
        verb = "stays" if value.kept == 1 else "stay"
        told = f"{count(value.kept, 'other item')} as old {verb}: in a story, or in its feed."
        rows += hanging(told, width, 0, FAINT)
    if value.freed_in_bytes is not None:
        rows.append(Text(f"The database is smaller by {size(value.freed_in_bytes)}."))
    if command and value.items:
        rows.append(hint("", command, " removes them."))
    return lines(rows)


def _feeds(value: Purge) -> str:
    named = [f"{plain(title)} {number:,}" for title, number in value.by_feed[:_NAMED_AT_MOST]]
    rest = len(value.by_feed) - _NAMED_AT_MOST
    return listed([*named, *([count(rest, "other feed")] if rest > 0 else [])])
