"""The news of all stories: what arrived in each since it was last looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.model import Status
from tracker.views import when
from tracker.views.rows import columns, fold, rows
from tracker.views.text import FAINT, HEADING, MARK, column, hint, lines, plain, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model import StorySummary, Timeline


def news(
    values: Sequence[Timeline],
    quiet: Sequence[StorySummary],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    unfold: bool = False,
) -> Text:
    """Return the new developments story by story, and by name the stories that have none.

    Each of `values` holds one story's new reports, of which the doubtful are left out; the story
    with the newest development comes first. `quiet` are the stories without news.
    """
    if not values and not quiet:
        return no_stories()
    told = [
        (value, fold(r for r in value.reports if r.link.status is not Status.MAYBE))
        for value in values
    ]
    told = [pair for pair in told if pair[1]]
    told.sort(key=lambda pair: pair[1][0].published, reverse=True)
    items = [report.link.item for value, _ in told for report in value.reports]

    def time(moment: datetime) -> str:
        return when.listed(moment, zone, now)

    shape = columns(items, width, max((len(time(i.published)) for i in items), default=12))
    found: list[Text] = []
    for value, developments in told:
        more = f"  {len(developments) + value.hidden:,} new"
        title = [Text(row, HEADING) for row in wrap(plain(value.story.title), width - len(more))]
        title[-1] = Text.assemble(title[-1], (more, MARK))
        found += [*title, *(r for d in developments for r in rows(d, shape, time, unfold=unfold))]
        if value.hidden:
            words = f"  {value.hidden:,} more in "
            found.append(hint(words, f"tracker timeline {value.story.slug}"))
        found.append(Text())
    found += _quiet(quiet, now, width, alone=not told)
    return lines(found if found[-1] else found[:-1])


def no_stories() -> Text:
    """Return what is said where no story is followed."""
    return lines(
        [
            Text("You follow no story yet."),
            hint("Begin with one: ", 'tracker follow "TikTok acquisition"'),
        ]
    )


def _quiet(values: Sequence[StorySummary], now: datetime, width: int, *, alone: bool) -> list[Text]:
    if not values:
        return []
    found = [Text("Nothing new." if alone else "Nothing new in", "" if alone else FAINT)]
    values = sorted(
        values, key=lambda v: -v.last_development.timestamp() if v.last_development else 0.0
    )
    room = min(max(width_of(plain(v.story.title)) for v in values), max(width - 30, 12))
    for value in values:
        silence = when.silence(value.last_development, now)
        row = Text(f"  {column(plain(value.story.title), room)}  ")
        found.append(row.append(silence, FAINT))
    return found
