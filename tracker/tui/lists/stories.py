"""The rows of the list of stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.model.core import State
from tracker.plain_text import plain
from tracker.stories.text.normalization import normalize
from tracker.views.spark import sparkline
from tracker.views.text import DOUBT, FAINT, HEADING, MARK, WARNING, column, cut, width_of
from tracker.wording import state_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import StorySummary

_BARS = 8
_WIDE = 50
"""From so many cells on the last headline stands on the second line."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story: what is new of it and its title; below, its volume and how long it is quiet."""

    summary: StorySummary
    now: datetime
    zone: tzinfo | None
    height: int = 2

    @property
    def key(self) -> int:
        """The story's id."""
        return self.summary.story.id

    def lines(self, width: int) -> list[Text]:
        """Lay the row out."""
        summary = self.summary
        waiting = summary.unread and summary.story.state is State.OPEN
        count = f"{summary.unread:,}" if summary.unread else ""
        room = max(width - 4 - len(count), 4)
        style = HEADING if waiting else "" if summary.story.state is State.OPEN else FAINT
        first = Text.assemble(
            (" ● " if waiting else "   ", MARK), (column(plain(summary.story.title), room), style)
        )
        first.append(f" {count}", MARK if waiting else FAINT)
        second = Text("   ")
        if any(summary.volume):
            second.append(f"{sparkline(summary.volume, _BARS):<{_BARS}} ", "cyan")
        state = state_words(summary.story, self.now, self.zone)
        words = state or _silence(summary, self.now)
        second.append(cut(words, width - width_of(second.plain)), WARNING if state else FAINT)
        doubtful = f", {summary.maybe:,} doubtful" if summary.maybe else ""
        if width_of(second.plain) + len(doubtful) <= width:
            second.append(doubtful, DOUBT)
        left = width - width_of(second.plain) - 2
        if width >= _WIDE and summary.last_title and left > 0:
            second.append(f"  {cut(plain(summary.last_title), left)}", FAINT)
        return [first, second]


def _silence(summary: StorySummary, now: datetime) -> str:
    if summary.last_development is None:
        return "nothing yet"
    return when.silence(summary.last_development, now).removeprefix("last development ")


def rows(
    summaries: Sequence[StorySummary], *, now: datetime, zone: tzinfo | None, words: str = ""
) -> list[StoryRow]:
    """Return the stories in their order, those whose title or query has the words of a filter."""
    wanted = normalize(words).split()
    return [
        StoryRow(each, now, zone)
        for each in summaries
        if all(word in normalize(f"{each.story.title} {each.story.query}") for word in wanted)
    ]


def in_order(summaries: Sequence[StorySummary], before: Sequence[int]) -> list[StorySummary]:
    """Return the stories in the order of the ids `before`, what was not there before in front.

    While another process polls, the list does not jump under the reader.
    """
    place = {story_id: number for number, story_id in enumerate(before)}
    return sorted(summaries, key=lambda each: place.get(each.story.id, -1))
