"""The line in which the words of a filter are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.binding import BindingType


class FilterLine(Input):
    """Filters while words are typed; Enter keeps the filter, Esc ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up")]

    class Filtered(Message):
        """The words are others; `done` where the line is left."""

        def __init__(self, words: str, *, done: bool) -> None:
            super().__init__()
            self.words = words
            self.done = done

    def __init__(self, words: str) -> None:
        super().__init__(
            words,
            placeholder="words to look for",
            id="filter",
            compact=True,
            select_on_focus=False,
        )

    def on_mount(self) -> None:
        """Take the keys."""
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter at once."""
        event.stop()
        self.post_message(self.Filtered(event.value, done=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and leave."""
        event.stop()
        self._leave(event.value)

    def action_give_up(self) -> None:
        """End the filter and leave."""
        self._leave("")

    def _leave(self, words: str) -> None:
        self.post_message(self.Filtered(words, done=True))
        self.remove()
