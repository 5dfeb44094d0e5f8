"""Small screens above the main one: a choice, a question, a line to type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tracker.stories.text.normalization import normalize
from tracker.tui.lists.rows import RowList
from tracker.tui.lists.timeline import Line
from tracker.views.text import FAINT, HEADING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tracker.tui.lists.rows import Row

_CANCEL = Binding("escape", "cancel", "Cancel")


@dataclass(frozen=True, slots=True)
class Option:
    """A row to choose: `key` is what is returned, `words` what a filter looks in."""

    key: str
    text: Text
    words: str = ""
    height: int = 1

    def lines(self, width: int) -> list[Text]:
        """Return the row; what does not fit ends in "…"."""
        found = Text(" ").append_text(self.text)
        found.truncate(width, overflow="ellipsis")
        return [found]


class Choice(ModalScreen[str | None]):
    """A list to choose from, filtered by typing where `typed` is true; None if nothing was chosen.

    `groups` are headings with their options.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        _CANCEL,
        Binding("down", "move(1)"),
        Binding("up", "move(-1)"),
        Binding("pagedown", "turn(1)"),
        Binding("pageup", "turn(-1)"),
        Binding("enter", "choose"),
    ]

    def __init__(
        self, title: str, groups: Sequence[tuple[str, Sequence[Option]]], *, typed: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._groups = groups
        self._typed = typed

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title, HEADING), markup=False)
            if self._typed:
                yield Input(placeholder="type to filter", id="typed", compact=True)
            yield RowList(id="options")
            yield Static(Text("Enter chooses, Esc goes back", FAINT), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show all options."""
        self._show("")
        self.query_one("#typed" if self._typed else "#options").focus()

    def _show(self, words: str) -> None:
        wanted = normalize(words).split()
        rows: list[Row] = []
        for heading, options in self._groups:
            kept = [
                each
                for each in options
                if all(word in normalize(f"{each.text.plain} {each.words}") for word in wanted)
            ]
            rows += [Line(Text(heading, FAINT))] if heading and kept else []
            rows += kept
        if not any(row.key is not None for row in rows):
            rows = [Line(Text(" Nothing matches; Esc goes back.", FAINT))]
        options_ = self.query_one("#options", RowList)
        options_.show(rows)
        options_.end(last=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what was typed."""
        self._show(event.value)

    def on_input_submitted(self) -> None:
        """Choose the selected row."""
        self.action_choose()

    def on_row_list_opened(self) -> None:
        """Choose by a second click."""
        self.action_choose()

    def key_j(self) -> None:
        """Move down where nothing is typed."""
        self.action_move(1)

    def key_k(self) -> None:
        """Move up where nothing is typed."""
        self.action_move(-1)

    def key_q(self) -> None:
        """Leave where nothing is typed."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.query_one("#options", RowList).move(by)

    def action_turn(self, pages: int) -> None:
        """Move the cursor by pages."""
        self.query_one("#options", RowList).turn(pages)

    def action_choose(self) -> None:
        """Return the key of the selected row."""
        key = self.query_one("#options", RowList).cursor
        if isinstance(key, str):
            self.dismiss(key)

    def action_cancel(self) -> None:
        """Return without a choice."""
        self.dismiss(None)


class Question(ModalScreen[bool]):
    """A question that y or Enter answers with yes, any other key with no."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._question), markup=False)
            yield Static(Text("y yes · n no", FAINT), markup=False)

    def on_key(self, event: object) -> None:
        """Take the answer."""
        self.dismiss(getattr(event, "key", "") in {"y", "enter"})


class Typed(ModalScreen[str | None]):
    """A line to type, None if it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [_CANCEL]

    def __init__(self, title: str, value: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title, HEADING), markup=False)
            yield Input(self._value, id="typed", compact=True)
            yield Static(Text(self._hint, FAINT), markup=False)

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return what was typed."""
        self.dismiss(event.value.strip() or None)

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)
