"""Counts, lists and the state of a story in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker import when
from tracker.model.core import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from tracker.model.core import Story


def count(number: int, one: str, many: str | None = None) -> str:
    """Return "1 report", "2 reports", "12,345 items"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    *rest, end = list(words) or [""]
    return f"{', '.join(rest)} {last} {end}" if rest else end


def state_words(story: Story, now: datetime, zone: tzinfo | None) -> str:
    """Return "closed", "muted until 3 Dec", or "" for a story that is open."""
    if story.state is State.MUTED and story.muted_until:
        return f"muted until {when.short_date(story.muted_until, zone, now)}"
    return "" if story.state is State.OPEN else str(story.state)
