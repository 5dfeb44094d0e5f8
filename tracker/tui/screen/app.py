"""The full-screen view as a program of the terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding

from tracker.errors import LockedError, TrackerError
from tracker.store.database import opened
from tracker.tui.screen.main import Main
from tracker.tui.work import changes

if TYPE_CHECKING:
    from textual.binding import BindingType

    from tracker.tui.work.data import Setup

DARK, LIGHT = "ansi-dark", "ansi-light"


class TrackerApp(App[None]):
    """Shows the main screen, in the colours of the terminal."""

    TITLE = "tracker"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    PAUSE_GC_ON_SCROLL = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "leave", "Quit", show=False, priority=True, system=True)
    ]

    def __init__(self, setup: Setup, *, light: bool = False) -> None:
        super().__init__()
        self.theme = LIGHT if light else DARK
        self.main = Main(setup)

    def get_default_screen(self) -> Main:
        """Return the first screen."""
        return self.main

    def action_leave(self) -> None:
        """Leave from any screen."""
        self.main.action_quit()


def run(setup: Setup, *, no_color: bool = False) -> str:
    """Run the view until the user leaves it; the story that was open is then marked as seen.

    Return a sentence where that cannot be kept, else "". Raises the first exception of a job that
    failed by a mistake.
    """
    # Textual takes even an empty NO_COLOR for a wish; no-color.org does not.
    if no_color:
        os.environ["NO_COLOR"] = "1"
    elif not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)
    light = os.environ.get("TRACKER_THEME", "").casefold() == "light"
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    app = TrackerApp(setup, light=light)
    app.run()
    for bug in app.main.bugs:
        raise bug
    return _keep_seen(app.main, setup)


def _keep_seen(main: Main, setup: Setup) -> str:
    if not main.is_open or main.shown is None:
        return ""
    try:
        with opened(setup.db_path) as db:
            changes.mark_seen(db, main.shown.value.story, main.shown.arrival, setup.clock())
    except LockedError:
        return "A poll holds the database; what you read last stays marked as new."
    except TrackerError as error:
        return str(error)
    return ""
