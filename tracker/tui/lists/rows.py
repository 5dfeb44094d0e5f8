"""A list of rows that are laid out only when they are drawn.

5,000 rows appear in the time of 50. The cursor stands on the key of a row, never on its number, so
that new rows do not move it. Rows are rich's `Text`: nothing that a feed says is read as mark-up.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.style import Style
from rich.text import Span, Text
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.selection import Selection

_CACHED = 1_000
_CURSOR = Style(reverse=True)
_RESTING = "›"
"""Where the cursor is in a pane that has not the keys."""


class Row(Protocol):
    """A row: `key` is None where the cursor cannot stand; `height` counts its lines."""

    @property
    def key(self) -> Hashable | None:
        """By what the row is known; None where the cursor cannot stand."""

    @property
    def height(self) -> int:
        """How many lines it has."""

    def lines(self, width: int) -> list[Text]:
        """Return the row as at most `height` lines of at most `width` cells."""


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of which one may be selected; without any that can be, moving scrolls by lines."""

    BINDINGS: ClassVar[list[BindingType]] = []

    class Moved(Message):
        """The user moved the cursor."""

        def __init__(self, rows: RowList) -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> RowList:
            """The list whose cursor moved."""
            return self.rows

    class Opened(Message):
        """The user clicked on the row that was selected already."""

        def __init__(self, rows: RowList) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._starts: list[int] = []
        self._places: dict[Hashable, int] = {}
        self._cursor: int | None = None
        self._cache: LRUCache[tuple[int, bool], Strip] = LRUCache(_CACHED)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, as they were given."""
        return self._rows

    @property
    def cursor(self) -> Hashable | None:
        """The key of the selected row, None where none is."""
        return None if self._cursor is None else self._rows[self._cursor].key

    @property
    def place(self) -> tuple[int, int]:
        """Which of the rows that can be selected is, from 1, and how many there are."""
        number = 0 if self._cursor is None else list(self._places.values()).index(self._cursor) + 1
        return number, len(self._places)

    def show(self, rows: Sequence[Row], cursor: Hashable | None = None) -> None:
        """Show other rows; the selected row keeps its key and its line of the screen.

        `cursor` is the key to select instead. Where neither is there, the row in the same place is.
        """
        wanted = self.cursor if cursor is None else cursor
        old, was = self._cursor, self._line_on_screen()
        self._rows = rows
        self._starts, total = [], 0
        for row in rows:
            self._starts.append(total)
            total += row.height
        self._places = {row.key: n for n, row in enumerate(rows) if row.key is not None}
        self._cursor = self._places.get(wanted) if wanted is not None else None
        if self._cursor is None and self._places:
            self._cursor = self._nearest(old or 0)
        self._cache.clear()
        self.virtual_size = Size(self._room, total)
        if was is not None and self._cursor is not None and cursor is None:
            self.scroll_to(y=self._starts[self._cursor] - was, animate=False, immediate=True)
        elif old is None and cursor is None:
            self.scroll_to(y=0, animate=False, immediate=True)
        self._reveal()
        self.refresh()

    def _nearest(self, row: int) -> int:
        places = sorted(self._places.values())
        return next((place for place in places if place >= row), places[-1])

    def _line_on_screen(self) -> int | None:
        if self._cursor is None:
            return None
        return self._starts[self._cursor] - self.scroll_offset.y

    @property
    def _room(self) -> int:
        """How many cells a line has."""
        return max(self.scrollable_content_region.width, 1)

    def select(self, key: Hashable) -> bool:
        """Select a row by its key; return whether it is there."""
        if key not in self._places:
            return False
        self._place(self._places[key])
        return True

    def _place(self, row: int | None) -> None:
        if row is None or row == self._cursor:
            self._reveal()
            return
        self._cursor = row
        self._reveal()
        self.refresh()
        self.post_message(self.Moved(self))

    def _reveal(self) -> None:
        """Scroll the selected row into view; above the first one there may be a header."""
        if self._cursor is None:
            return
        top = self._starts[self._cursor]
        bottom = top + self._rows[self._cursor].height
        height = max(self.scrollable_content_region.height, 1)
        first = self._cursor == min(self._places.values())
        if first and bottom <= height:
            y = 0
        elif top < self.scroll_offset.y:
            # A heading directly above belongs to the row.
            y = self._starts[self._cursor - 1] if self._headed(self._cursor) else top
        elif bottom > self.scroll_offset.y + height:
            y = bottom - height
        else:
            return
        self.scroll_to(y=y, animate=False, immediate=True)

    def uncover(self, lines: range) -> None:
        """Scroll so far that the lines are seen, from the first one on where there are too many."""
        height = max(self.scrollable_content_region.height, 1)
        if not self.scroll_offset.y <= lines.start <= lines.stop <= self.scroll_offset.y + height:
            self.scroll_to(y=lines.start, animate=False, immediate=True)

    def _headed(self, row: int) -> bool:
        return row > 0 and self._rows[row - 1].key is None

    def move(self, by: int) -> bool:
        """Move by rows, or by lines where no row can be selected; return whether it moved."""
        if self._cursor is None:
            before = self.scroll_offset.y
            self.scroll_to(y=before + by, animate=False, immediate=True)
            return self.scroll_offset.y != before
        places = list(self._places.values())
        here = places.index(self._cursor)
        there = min(max(here + by, 0), len(places) - 1)
        self._place(places[there])
        return there != here

    def turn(self, pages: float) -> bool:
        """Move by pages; return whether it moved."""
        height = max(self.scrollable_content_region.height - 1, 1)
        if self._cursor is None:
            return self.move(int(pages * height))
        line = self._starts[self._cursor] + int(pages * height)
        wanted = max(bisect_right(self._starts, max(line, 0)) - 1, 0)
        places = list(self._places.values())
        here = places.index(self._cursor)
        there = min(max(bisect_right(places, wanted) - 1, 0), len(places) - 1)
        if there == here:
            there = min(max(here + (1 if pages > 0 else -1), 0), len(places) - 1)
        self._place(places[there])
        return there != here

    def end(self, *, last: bool) -> None:
        """Move to the first or the last row."""
        if self._cursor is None:
            self.scroll_to(y=self.virtual_size.height if last else 0, animate=False, immediate=True)
            return
        self._place((max if last else min)(self._places.values()))

    def notify_style_update(self) -> None:
        """Draw anew once styles have changed."""
        super().notify_style_update()
        self._cache.clear()

    def on_resize(self) -> None:
        """Lay the rows out for another width."""
        self._cache.clear()
        self.virtual_size = Size(self._room, self.virtual_size.height)
        self._reveal()

    def on_focus(self) -> None:
        """Show the cursor of the pane that has the keys."""
        self._cache.clear()
        self.refresh()

    def on_blur(self) -> None:
        """Show where the cursor rests."""
        self._cache.clear()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer; a second click opens it."""
        row = self._row_at(event.y + self.scroll_offset.y)
        if row is None or self._rows[row].key is None:
            return
        if row == self._cursor:
            self.post_message(self.Opened(self))
        self._place(row)

    def _row_at(self, line: int) -> int | None:
        if not self._rows or not 0 <= line < self.virtual_size.height:
            return None
        return bisect_right(self._starts, line) - 1

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text that was selected with the pointer."""
        text = "\n".join(line.plain for row in self._rows for line in self._filled(row, self._room))
        return selection.extract(text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        del selection
        self._cache.clear()
        self.refresh()

    @staticmethod
    def _filled(row: Row, width: int) -> list[Text]:
        found = row.lines(width)[: row.height]
        return [*found, *(Text() for _ in range(row.height - len(found)))]

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        line = y + self.scroll_offset.y
        width = self._room
        row = self._row_at(line)
        if row is None:
            return Strip.blank(width, self.rich_style)
        chosen = row == self._cursor
        found = self._cache.get((line, chosen))
        if found is None:
            found = self._strip(row, line, width)
            self._cache[line, chosen] = found
        return found

    def _strip(self, row: int, line: int, width: int) -> Strip:
        text = self._filled(self._rows[row], width)[line - self._starts[row]].copy()
        # Without spans rich renders a text without its own style.
        text.stylize_before(text.style)
        if row == self._cursor and self.has_focus:
            # One style for the whole row: colours that are reversed cannot be read.
            text = Text(text.plain, spans=[Span(0, len(text), _CURSOR)])
        elif row == self._cursor and line == self._starts[row] and text.plain[:1] == " ":
            text = Text.assemble((_RESTING, "bold"), text[1:])
        text.end = ""
        span = self.text_selection and self.text_selection.get_span(line)
        if span:
            end = len(text) if span[1] == -1 else span[1]
            text.stylize(self.screen.get_component_rich_style("screen--selection"), span[0], end)
        base = self.rich_style
        style = base + _CURSOR if row == self._cursor and self.has_focus else base
        strip = Strip(text.render(self.app.console)).apply_style(base)
        return strip.crop_extend(0, width, style).apply_offsets(0, line)
