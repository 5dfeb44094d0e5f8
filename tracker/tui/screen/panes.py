"""The main screen as it is drawn: head, three panes, status line, and the line of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.screen import Screen
from textual.widgets import Static

from tracker import when
from tracker.plain_text import plain
from tracker.tui import keys
from tracker.tui.lists import reading, stories, timeline
from tracker.tui.lists.rows import RowList
from tracker.tui.lists.timeline import Line, Shape, selected
from tracker.tui.work.data import Overview, Setup
from tracker.tui.work.walk import Walk
from tracker.views.text import FAINT, HEADING, MARK, WARNING, cut, width_of, wrap
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from tracker.model.core import Link, Story, StorySummary, Timeline, Verdict
    from tracker.tui.lists.rows import Row
    from tracker.tui.lists.shown import Selected, Shown

PANES = ("stories", "timeline", "reading")
NARROWEST, LOWEST = 40, 8
_TWO_PANES, _THREE_PANES = 90, 140
_MESSAGE_IN_SECONDS = 8.0
_LOADING_AFTER_IN_SECONDS = 0.15
# A screen of fewer lines has no line of keys.
_LOW = 12
TOO_SMALL = (
    f"tracker needs {NARROWEST} columns and {LOWEST} lines; make the window larger, or press q."
)
NO_STORY = "You follow no story yet; press f to follow one."
NOTHING_YET = "Nothing yet; press r to poll your feeds."
CLOSED_EMPTY = "Nothing was found before it was closed; press c to reopen it."
LOADING = "Loading…"


class Panes(Screen[None], inherit_bindings=False):
    """The state of the main screen and how it is drawn; what it does is in its subclasses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(key.keys), key.action, key.words, show=False) for key in keys.every()
    ]

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.setup = setup
        self.pane = "stories"
        self.overview = Overview()
        self.loaded = False
        self.summaries: list[StorySummary] = []
        self.story_id: int | None = None
        self.shown: Shown | None = None
        self.is_open = False
        self.pending: Timeline | None = None
        self.coming = 0
        self.walk = Walk()
        self.oldest_first = self.unfolded = self.doubtful = False
        self.words: dict[str, str] = dict.fromkeys(PANES, "")
        self.why: tuple[int, Link | Verdict] | None = None
        self.message = Text()
        self.progress = ""
        self._message_timer: Timer | None = None
        self._loading_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Static(id="head", markup=False)
        with Horizontal(id="body"):
            yield RowList(id="stories")
            with Container(id="right"):
                yield RowList(id="timeline")
                yield RowList(id="reading")
        yield Static(id="status", markup=False)
        yield Static(id="keys", markup=False)
        yield Static(Text(TOO_SMALL), id="small", markup=False)

    @property
    def now(self) -> datetime:
        """The moment that ages are counted from."""
        return self.setup.clock()

    def rows_of(self, pane: str) -> RowList:
        """Return the list of a pane."""
        return self.query_one(f"#{pane}", RowList)

    @property
    def story(self) -> Story | None:
        """The story that actions are about: the one that is shown, else the selected one."""
        if self.pane != "stories" and self.shown is not None:
            return self.shown.value.story
        summary = self.summary(self.rows_of("stories").cursor)
        return summary.story if summary else None

    def summary(self, story_id: Hashable | None) -> StorySummary | None:
        """Return the line of a story in the list."""
        return next((each for each in self.summaries if each.story.id == story_id), None)

    @property
    def selected(self) -> Selected | None:
        """The selected row of the timeline, None where there is none."""
        rows = self.rows_of("timeline")
        if self.shown is None or rows.cursor is None:
            return None
        return next((selected(row) for row in rows.rows if row.key == rows.cursor), None)

    # Laying out

    @property
    def mode(self) -> str:
        """How many panes stand side by side: narrow, middle or wide."""
        width = self.size.width
        return "narrow" if width < _TWO_PANES else "middle" if width < _THREE_PANES else "wide"

    def on_resize(self) -> None:
        """Lay the panes out for the new size."""
        self.lay_out()

    def lay_out(self) -> None:
        """Show the panes that fit, and give the keys to the current one."""
        small = self.size.width < NARROWEST or self.size.height < LOWEST
        mode = self.mode
        for name in ("head", "body", "status"):
            self.query_one(f"#{name}").display = not small
        self.query_one("#keys").display = not small and self.size.height >= _LOW
        self.query_one("#small").display = small
        for name in ("narrow", "middle", "wide"):
            self.set_class(mode == name, f"-{name}")
        for name in PANES:
            self.rows_of(name).display = (
                mode == "wide" or name == self.pane or (mode == "middle" and name != "reading")
            )
        self.query_one("#right").display = mode != "narrow" or self.pane != "stories"
        self.rows_of(self.pane).focus(scroll_visible=False)
        self.call_after_refresh(self.draw)

    def go(self, pane: str) -> None:
        """Give the keys to a pane."""
        self.pane = pane
        self.lay_out()

    # Drawing

    def draw(self) -> None:
        """Draw everything anew."""
        self.draw_stories()
        self.draw_timeline()
        self.draw_reading()
        self.draw_lines()

    def draw_stories(self) -> None:
        """Draw the list of stories."""
        words = self.words["stories"]
        found: Sequence[Row] = stories.rows(
            self.summaries, now=self.now, zone=self.setup.zone, words=words
        )
        if self.loaded and not found:
            found = self._said(
                f"Nothing matches “{plain(words)}”; Esc shows all." if words else NO_STORY,
                "stories",
            )
        self.rows_of("stories").show(found, self.story_id if self.pane != "stories" else None)

    def draw_timeline(self, cursor: Hashable | None = None) -> None:
        """Draw the timeline; `cursor` is the row to select, None for the one that was."""
        rows = self.rows_of("timeline")
        if self.shown is None:
            rows.show([])
            return
        found = timeline.rows(self.shown, self._shape(rows))
        if not any(row.key is not None for row in found):
            found = [*found, Line(Text()), *self._said(self._nothing(self.shown), "timeline")]
        rows.show(found, cursor)

    def _shape(self, rows: RowList) -> Shape:
        region = rows.scrollable_content_region
        return Shape(
            *(max(region.width, 1), max(region.height, 1), self.now, self.setup.zone),
            oldest_first=self.oldest_first,
            unfolded=self.unfolded,
            doubtful=self.doubtful,
            words=self.words["timeline"],
        )

    def _nothing(self, shown: Shown) -> str:
        if self.words["timeline"]:
            return f"Nothing matches “{plain(self.words['timeline'])}”; Esc shows all."
        if shown.doubtful and not self.doubtful:
            return f"Only {count(len(shown.doubtful), 'doubtful report')}; press d to see."
        return CLOSED_EMPTY if shown.value.story.state == "closed" else NOTHING_YET

    def _said(self, sentence: str, pane: str) -> list[Line]:
        room = max(self.rows_of(pane).scrollable_content_region.width - 2, 10)
        return [Line(Text(f" {row}")) for row in wrap(sentence, room)]

    def draw_reading(self) -> None:
        """Draw the reading pane for the selected row."""
        rows = self.rows_of("reading")
        chosen = self.selected
        if chosen is None or self.shown is None:
            rows.show([])
            return
        why = self.why[1] if self.why and self.why[0] == chosen.lead.link.item.id else None
        rows.show(
            reading.lines(
                chosen,
                self.shown.value.story,
                now=self.now,
                zone=self.setup.zone,
                width=max(rows.scrollable_content_region.width, 1),
                why=why,
            )
        )

    def uncover_reasons(self) -> None:
        """Scroll the reading pane to the reasons, which stand below the summary."""
        rows, chosen = self.rows_of("reading"), self.selected
        if chosen is None or self.shown is None or self.why is None:
            return
        if self.why[0] != chosen.lead.link.item.id:  # another row was selected meanwhile
            return
        lines = reading.reasons(
            chosen,
            self.shown.value.story,
            self.why[1],
            now=self.now,
            zone=self.setup.zone,
            width=max(rows.scrollable_content_region.width, 1),
        )
        rows.uncover(lines)

    def draw_lines(self) -> None:
        """Draw the head, the status line and the line of keys."""
        width = max(self.size.width, 1)
        self.query_one("#head", Static).update(self._head(width))
        self.query_one("#status", Static).update(self._status(width))
        self.query_one("#keys", Static).update(self._keys(width))

    def _head(self, width: int) -> Text:
        found = Text.assemble(("tracker", HEADING))
        if self.loaded:
            found.append(f"  {count(len(self.summaries), 'story', 'stories')}", FAINT)
            new = self.overview.unread
            found.append(f" · {new:,} new" if new else " · nothing new", MARK if new else FAINT)
        last = self.overview.last_poll
        right = ""
        if last is not None:
            right = f"polled {when.ago(last.started, self.now)}"
            right += f", {count(last.failed, 'feed')} failed" if last.failed else ""
        elif self.loaded:
            right = "never polled"
        return _apart(found, Text(right, WARNING if last and last.failed else FAINT), width)

    def _status(self, width: int) -> Text:
        place, of = self.rows_of(self.pane).place
        right = Text(f"{place:,}/{of:,}" if of else "", FAINT)
        if self.message:
            left = self.message
        elif self.coming:
            left = Text(f"{count(self.coming, 'new development')}, press n.", MARK)
        elif self.progress:
            left = Text(self.progress)
        elif self.words.get(self.pane):
            left = Text(f"Only rows with “{plain(self.words[self.pane])}”; Esc shows all.")
        else:
            left = Text()
        return _apart(left, right, width)

    def _keys(self, width: int) -> Text:
        found = Text()
        doable = {
            key.action
            for key in keys.possible(story=self.story is not None, report=self.selected is not None)
        }
        for action in keys.LINE[self.pane]:
            key = keys.key_of(action)
            shown = key.shown.split(" ")[0]
            needs = len(shown) + len(key.brief) + 1 + (2 if found else 0)
            if action not in doable or width_of(found.plain) + needs > width:
                continue
            found.append("  " if found else "").append(shown, HEADING).append(
                f" {key.brief}", FAINT
            )
        return found

    def say(self, sentence: str, style: str = "") -> None:
        """Show a sentence in the status line for some seconds."""
        self.message = Text(plain(sentence), style)
        if self._message_timer is not None:
            self._message_timer.stop()
        self._message_timer = self.set_timer(_MESSAGE_IN_SECONDS, self._hush)
        self.draw_lines()

    def _hush(self) -> None:
        self.message = Text()
        self.draw_lines()

    def is_loading(self, *, begun: bool) -> None:
        """Say that a story is being read where that takes longer than a moment."""
        if self._loading_timer is not None:
            self._loading_timer.stop()
            self._loading_timer = None
        if begun:
            self._loading_timer = self.set_timer(_LOADING_AFTER_IN_SECONDS, self._say_loading)

    def _say_loading(self) -> None:
        self.rows_of("timeline").show([Line(Text(f" {LOADING}", FAINT))])


def _apart(left: Text, right: Text, width: int) -> Text:
    """Return one line with a left and a right end; the right one gives way to the left one."""
    room = width - width_of(left.plain) - width_of(right.plain)
    if room >= 1:
        return Text.assemble(left, " " * room, right)
    if width_of(left.plain) <= width:
        return left
    short = cut(left.plain, width)
    return Text(short, left.style)
