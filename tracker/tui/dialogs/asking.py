"""One question of a review, answered by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.views import review as view
from tracker.views.text import FAINT, lines

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult
    from textual.events import Key

    from tracker.model.review import Review

_LEAVING = {"q", "escape", "ctrl+c"}
_MARGIN = 8
"""Cells beside the text of a dialog: its border and its padding."""


class Asking(ModalScreen[str]):
    """Asks the first question of a review; returns y, n, s, u or q.

    `said` is what the answer before has changed, "" at first.
    """

    def __init__(self, found: Review, said: str, now: datetime, zone: tzinfo | None) -> None:
        super().__init__()
        self._found = found
        self._said = said
        self._now = now
        self._zone = zone

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        width = max(20, min(self.app.size.width, 100) - _MARGIN)
        asked = view.question(
            self._found, now=self._now, zone=self._zone, width=width, left=self._found.open - 1
        )
        with Vertical(classes="dialog"):
            rows = [Text(self._said or view.found_of(self._found), FAINT), asked]
            yield Static(lines(rows), markup=False)

    def on_key(self, event: Key) -> None:
        """Take the answer; other keys do nothing."""
        event.stop()
        if event.key in _LEAVING:
            self.dismiss("q")
        elif event.key.lower() in {"y", "n", "s", "u"}:
            self.dismiss(event.key.lower())
