"""Moving: over rows, panes, days, and from one new development to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker import when
from tracker.model.core import State
from tracker.tui.lists.timeline import ReportRow
from tracker.tui.screen.loading import FIRST_NEW
from tracker.tui.screen.panes import PANES
from tracker.tui.screen.reviewing import Reviewing
from tracker.views.text import FAINT

if TYPE_CHECKING:
    from tracker.tui.lists.rows import RowList


class Moving(Reviewing):
    """The keys that move."""

    # Moving

    def action_down(self) -> None:
        """Move to the next row."""
        self.rows_of(self.pane).move(1)

    def action_up(self) -> None:
        """Move to the row before."""
        self.rows_of(self.pane).move(-1)

    def action_first(self) -> None:
        """Move to the first row."""
        self.rows_of(self.pane).end(last=False)

    def action_last(self) -> None:
        """Move to the last row."""
        self.rows_of(self.pane).end(last=True)

    def action_page(self) -> None:
        """Move by a page; at the end to the next new development."""
        if not self.rows_of(self.pane).turn(1) and self.pane != "stories":
            self.action_next_new()

    def action_page_up(self) -> None:
        """Move back by a page."""
        self.rows_of(self.pane).turn(-1)

    def action_left(self) -> None:
        """Give the keys to the pane on the left."""
        self._beside(-1)

    def action_right(self) -> None:
        """Give the keys to the pane on the right."""
        self._beside(1)

    def _beside(self, by: int) -> None:
        place = PANES.index(self.pane) + by
        if 0 <= place < len(PANES):
            self._to(PANES[place])

    def action_stories(self) -> None:
        """Give the keys to the list of stories."""
        self._to("stories")

    def action_timeline(self) -> None:
        """Give the keys to the timeline."""
        self._to("timeline")

    def action_reading(self) -> None:
        """Give the keys to the reading pane."""
        self._to("reading")

    def _to(self, pane: str) -> None:
        if pane == "stories":
            self.leave()
            self.go(pane)
            self._preview_selected()
            return
        if not self.is_open:
            self._open_selected()
        elif pane == "timeline" or self.selected is not None:
            self.go(pane)

    def _open_selected(self) -> None:
        story_id = self.rows_of("stories").cursor
        if isinstance(story_id, int):
            self.open_story(story_id)
        else:
            self.say("You follow no story yet; press f to follow one.", FAINT)

    def action_enter(self) -> None:
        """Open the selected story, or read the selected development."""
        if self.pane == "stories":
            self._open_selected()
        elif self.pane == "timeline" and self.selected is not None:
            self.go("reading")

    def action_back(self) -> None:
        """End the filter of the pane, else go back to the pane before."""
        if self.words.get(self.pane):
            self.words[self.pane] = ""
            self.draw()
        elif self.pane == "reading":
            self.go("timeline")
        elif self.pane == "timeline":
            self._to("stories")

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        """Open what was clicked on twice."""
        self._clicked(event.rows.id or self.pane)
        self.action_enter()

    def on_descendant_focus(self) -> None:
        """Follow the pointer: the pane that was clicked on gets the keys."""
        focused = self.focused
        if focused is not None and focused.id in PANES and focused.id != self.pane:
            self._clicked(focused.id)

    def _clicked(self, pane: str) -> None:
        if pane != self.pane:
            self._to(pane)

    # News

    def action_next_new(self) -> None:
        """Go to the next new development, in this story or another."""
        if self.words["timeline"]:
            self.words["timeline"] = ""
            self.draw_timeline()
        if self.pending is not None:
            self.apply(self.pending)
        ahead = self.walk.ahead()
        if ahead is not None:
            self.open_story(ahead.story_id, ahead.event)
        elif self.is_open:
            self.step()
        else:
            self._next_story()

    def step(self, *, from_top: bool = False) -> None:
        """Go to the next new development of the story, else to the next story.

        `from_top` begins above the first row, else the walk goes on at the cursor.
        """
        if self.shown is None:
            return
        rows = self.rows_of("timeline")
        order = [row.key for row in rows.rows if isinstance(row, ReportRow)]
        cursor = None if from_top else rows.cursor
        event = self.walk.following(self.shown.value.story.id, order, self.shown.new, cursor)
        if event is None:
            self._next_story()
            return
        if self.pane == "stories":
            self.go("timeline")
        if rows.cursor == event:
            self._note_visit()
            self.draw_reading()
        rows.select(event)

    def _next_story(self) -> None:
        current = self.shown.value.story.id if self.is_open and self.shown else None
        unread = [
            each.story.id
            for each in self.summaries
            if each.unread and each.story.state is State.OPEN
        ]
        chosen = self.rows_of("stories").cursor
        if current is None and chosen in unread:
            unread.sort(key=lambda story_id: story_id != chosen)
        story_id = self.walk.next_story(unread, current)
        if story_id is not None:
            self.open_story(story_id, FIRST_NEW)
        elif current is not None and self.shown and not self.walk.is_finished(current):
            said = "That was all that is new; r polls your feeds."
            self.spawn("changes", self.mark_seen, self.shown.value.story, self.shown.arrival, said)
        else:
            self.say("Nothing is new; r polls your feeds.", FAINT)

    def action_previous_new(self) -> None:
        """Go back to the new development before."""
        step = self.walk.back()
        if step is None:
            self.say("This is the first of what is new.", FAINT)
        else:
            # A story that is left backwards was not read to its end.
            self.open_story(step.story_id, step.event, seen=False)

    def action_older_day(self) -> None:
        """Go to the day before."""
        self._day(-1)

    def action_newer_day(self) -> None:
        """Go to the day after."""
        self._day(1)

    def _day(self, by: int) -> None:
        chosen, zone = self.selected, self.setup.zone
        if chosen is None or self.shown is None:
            return
        here = when.local(chosen.development.published, zone).date()
        rows = [row for row in self.rows_of("timeline").rows if isinstance(row, ReportRow)]
        days = [(when.local(r.selected.development.published, zone).date(), r.key) for r in rows]
        there = [day for day, _ in days if (day > here if by > 0 else day < here)]
        if not there:
            self.say("There is no later day." if by > 0 else "There is no earlier day.", FAINT)
            return
        wanted = min(there) if by > 0 else max(there)
        self.rows_of("timeline").select(next(key for day, key in days if day == wanted))
