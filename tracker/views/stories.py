"""The dashboard: what is new in each story, and what is quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from tracker import when
from tracker.plain_text import plain
from tracker.views.news import no_stories
from tracker.views.spark import sparkline
from tracker.views.text import (
    BAR,
    BARS,
    DOUBT,
    FAINT,
    HEADING,
    MARK,
    WARNING,
    column,
    cut,
    hint,
    lines,
    width_of,
    wrap,
)
from tracker.wording import count, listed, state_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import StorySummary

_NARROW = 60


def stories(
    values: Sequence[StorySummary], *, now: datetime, zone: tzinfo | None, width: int
) -> Text:
    """Return the dashboard, the stories in the order given.

    Each story has two lines: unread developments, title, volume, silence and how many reports are
    doubtful; below, faint, its slug and its last headline. Proposals follow where there are any.
    """
    if not values:
        return no_stories()
    shape = _shape(values, now, width)
    found = [row for summary in values for row in _story(summary, shape, now=now, zone=zone)]
    found += [Text(), _total(values)]
    if any(s.maybe for s in values):
        found.append(hint("", "tracker timeline STORY --maybe", " shows the doubtful."))
    return lines(found)


class _Shape(NamedTuple):
    """How wide the columns are; where the line is narrow, the silence stands on the second row."""

    width: int
    lead: int
    title: int
    bars: int

    @property
    def narrow(self) -> bool:
        return self.width < _NARROW


def _shape(values: Sequence[StorySummary], now: datetime, width: int) -> _Shape:
    lead = max(len(f"{s.unread:,}") for s in values)
    title = max(width_of(plain(s.story.title)) for s in values)
    if width < _NARROW:
        return _Shape(width, lead, max(min(title, width - lead - 2), 8), 0)
    bars = BARS if any(any(s.volume) for s in values) else 0
    words = max(len(_silence(s, now)) + len(_doubts(s)) for s in values)
    room = width - lead - 2 - words - 2 - (bars + 2 if bars else 0)
    return _Shape(width, lead, max(min(title, room), 8), bars)


def _doubts(summary: StorySummary) -> str:
    return f", {summary.maybe:,} doubtful" if summary.maybe else ""


def _silence(summary: StorySummary, now: datetime) -> str:
    if summary.last_development is None:
        return "nothing yet"
    silence = when.silence(summary.last_development, now)
    return silence.removeprefix("last development ")


def _story(
    summary: StorySummary, shape: _Shape, *, now: datetime, zone: tzinfo | None
) -> list[Text]:
    story, lead = summary.story, shape.lead
    unread = (f"{summary.unread:>{lead},}", MARK) if summary.unread else (" " * lead, "")
    row = Text.assemble(unread, "  ", (column(plain(story.title), shape.title), HEADING))
    if shape.bars:
        bars = sparkline(summary.volume, shape.bars) if any(summary.volume) else ""
        row.append("  ").append(f"{bars:<{shape.bars}}", BAR)
    indent = " " * (lead + 2)
    below = Text(indent)
    below.append(plain(story.slug), FAINT)
    told = below if shape.narrow else row
    told.append(f"  {_silence(summary, now)}", FAINT).append(_doubts(summary), DOUBT)
    state = state_words(story, now, zone)
    if state:
        below.append(f"  {state}", WARNING)
    if summary.last_title and not shape.narrow:
        room = shape.width - width_of(below.plain) - 2
        below.append(f"  {cut(plain(summary.last_title), room)}" if room > 1 else "", FAINT)
    found = [row, below]
    if summary.proposals:
        proposed = listed((plain(p) for p in summary.proposals), "or")
        ask = f"could also look for {proposed}: tracker story show {story.slug}"
        first, *rest = wrap(ask, shape.width - len(indent) - 2)
        found.append(Text.assemble(indent, ("? ", DOUBT), (first, FAINT)))
        found += [Text(f"{indent}  ").append(row, FAINT) for row in rest]
    return found


def _total(values: Sequence[StorySummary]) -> Text:
    unread = sum(s.unread for s in values)
    news = f"{count(unread, 'unread development')}" if unread else "nothing unread"
    return Text(f"{count(len(values), 'story', 'stories')}, {news}", FAINT)
