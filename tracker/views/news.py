"""The news of all stories: what arrived in each since it was last looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.developments import fold
from tracker.model.core import State, Status
from tracker.plain_text import plain
from tracker.views.rows import columns_of, rows
from tracker.views.spark import sparkline
from tracker.views.text import (
    BAR,
    BARS,
    FAINT,
    HEADING,
    MARK,
    column,
    cut,
    hint,
    lines,
    width_of,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import StorySummary, Timeline
    from tracker.views.rows import Address


def news(
    values: Sequence[Timeline],
    stories: Sequence[StorySummary],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    unfold: bool = False,
    oldest_first: bool = False,
    address: Address | None = None,
) -> Text:
    """Return the new developments story by story, and by name the open stories that show none.

    Each of `values` holds one story's new reports, in the order in which they are shown; doubtful
    ones are left out. `stories` are all that are followed, in any state.
    """
    if not stories:
        return no_stories()
    told = [
        (value, fold(r for r in value.reports if r.link.status is not Status.MAYBE))
        for value in values
    ]
    reports = [report for value, _ in told for report in value.reports]

    def time(moment: datetime) -> str:
        return when.listed(moment, zone, now)

    room = max((len(time(r.link.item.published)) for r in reports), default=12)
    shape = columns_of(reports, width, room, address=address)
    found: list[Text] = []
    for value, developments in told:
        found += heading(value, len(developments) + value.hidden, width)
        ordered = developments[::-1] if oldest_first else developments
        found += [row for d in ordered for row in rows(d, shape, time, unfold=unfold)]
        if value.hidden:
            words = f"  {value.hidden:,} more in "
            found.append(hint(words, f"tracker timeline {value.story.slug}"))
        found.append(Text())
    shown = {value.story.id for value, _ in told}
    still = [s for s in stories if s.story.state is State.OPEN and s.story.id not in shown]
    if not told:
        left_out = any(value.unread for value in still)
        found.append(Text("Nothing new in what you asked for." if left_out else "Nothing new."))
    found += quiet(still, now, width, headed=bool(told))
    return lines(found if found[-1] else found[:-1])


def heading(value: Timeline, new: int, width: int) -> list[Text]:
    """Return a story's title, how many developments are new, and its volume if it has any."""
    more = f"  {new:,} new"
    found = [Text(row, HEADING) for row in wrap(plain(value.story.title), width - len(more))]
    found[-1] = Text.assemble(found[-1], (more, MARK))
    if any(value.volume):
        bars = f"  {sparkline(value.volume, BARS)}"
        if width_of(found[-1].plain) + width_of(bars) <= width:
            found[-1].append(bars, BAR)
    return found


def no_stories() -> Text:
    """Return what is said where no story is followed."""
    return lines(
        [
            Text("You follow no story yet."),
            hint("Begin with one: ", 'tracker follow "TikTok acquisition"'),
        ]
    )


def quiet(
    values: Sequence[StorySummary], now: datetime, width: int, *, headed: bool = True
) -> list[Text]:
    """Return a row for each story without news, the last changed first, below a heading."""
    found = [Text("Nothing new in", FAINT)] if values and headed else []
    values = sorted(
        values, key=lambda v: -v.last_development.timestamp() if v.last_development else 0.0
    )
    ends = [_silence(value, now) for value in values]
    longest = max((width_of(plain(value.story.title)) for value in values), default=0)
    room = min(longest, max(width - 4 - max(map(len, ends), default=0), 12))
    for value, end in zip(values, ends, strict=True):
        row = Text(f"  {column(plain(value.story.title), room)}  ")
        found.append(row.append(cut(end, width - 4 - room), FAINT))
    return found


def _silence(value: StorySummary, now: datetime) -> str:
    silence = when.silence(value.last_development, now)
    return f"{value.unread:,} new left out, {silence}" if value.unread else silence
