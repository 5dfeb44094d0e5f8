"""Draw the pictures of the documents anew from what the demo shows today.

    python docs/pictures/draw.py

Writes tui-dark.svg and tui-light.svg beside itself. A test compares the text in them.
"""

from __future__ import annotations

import asyncio
import io
import re
from contextlib import redirect_stdout
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment, Segments
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME

from tracker.cli.commands.demo import live_through, stage
from tracker.cli.invocation.context import Session
from tracker.demo.archive import MOMENTS
from tracker.store.database import opened
from tracker.tui.screen.app import TrackerApp
from tracker.tui.work.data import Setup

if TYPE_CHECKING:
    from rich.terminal_theme import TerminalTheme

FOLDER = Path(__file__).parent
THEMES = {"dark": SVG_EXPORT_THEME, "light": DEFAULT_TERMINAL_THEME}
SIZE = (150, 34)
KEYS = ("n",)


def pictures() -> dict[str, str]:
    """Return the pictures as SVG, by file name."""
    with stage(Session(None, None, no_color=True, now=MOMENTS[-1])) as (here, server):
        with redirect_stdout(io.StringIO()), opened(here.db_path) as db:
            story = live_through(db, here, server, MOMENTS)
        setup = Setup(here.db_path, here.feeds_path, lambda: MOMENTS[-1], UTC, story.slug)
        lines = asyncio.run(_screen(setup))
    return {f"tui-{name}.svg": _svg(lines, theme) for name, theme in THEMES.items()}


async def _screen(setup: Setup) -> list[list[Segment]]:
    """Open the view, press the keys, and return the screen line by line."""
    app = TrackerApp(setup)
    async with app.run_test(size=SIZE) as pilot:
        for key in (None, *KEYS):
            if key:
                await pilot.press(key)
            await pilot.pause()
            while any(not worker.is_finished for worker in app.workers):
                await pilot.pause(0.05)
            await pilot.pause()
        # The one private name of Textual that is used.
        return [list(strip) for strip in app.screen._compositor.render_strips()]  # noqa: SLF001


def _svg(lines: list[list[Segment]], theme: TerminalTheme) -> str:
    console = Console(
        width=SIZE[0], file=io.StringIO(), record=True, force_terminal=True, legacy_windows=False
    )
    for line in lines:
        console.print(Segments([*line, Segment.line()]), end="", soft_wrap=True)
    drawn = console.export_svg(title="tracker tui", theme=theme, unique_id="tui")
    # A picture that asks for fonts elsewhere would tell who reads the document.
    return re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)


def main() -> None:
    """Write the pictures."""
    for name, drawn in pictures().items():
        (FOLDER / name).write_text(drawn, "utf-8")


if __name__ == "__main__":
    main()
