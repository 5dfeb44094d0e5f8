"""The composition root: options and environment become files, a database, a clock and output."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.cli.invocation.base import option
from tracker.cli.invocation.terminal import coloured, emit
from tracker.signs import replacements

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import tzinfo

    import typer
    from rich.text import Text

    from tracker.settings import Settings, Value
    from tracker.store.database import Database

# What is piped is not cut: its lines are read by programs, and by people who search them.
PIPE_WIDTH = 400


class Session(NamedTuple):
    """What a command works with; `zone` is that of the days shown, None for the computer's own."""

    db_option: Path | None
    feeds_option: Path | None
    no_color: bool
    now: datetime
    zone: tzinfo | None = None

    @property
    def db_path(self) -> Path:
        """Where the database is."""
        from tracker.config import database_path

        return database_path(self.db_option, os.environ)

    @property
    def feeds_path(self) -> Path:
        """Where the feed list is."""
        from tracker.config import feeds_path

        return feeds_path(self.feeds_option, os.environ, self.folder)

    @property
    def folder(self) -> Path:
        """The current folder."""
        try:
            return Path.cwd()
        except OSError:  # it was removed
            return Path()

    @property
    def overrides(self) -> dict[str, Value]:
        """The settings that the environment gives, by key; UsageError for a wrong one."""
        from tracker.settings import from_environment

        return from_environment(os.environ)

    @property
    def contact_override(self) -> str | None:
        """The user's address for publishers that the environment gives, None without one."""
        found = self.overrides.get("contact")
        return None if found is None else str(found)

    def settings(self) -> Settings:
        """Return the settings of the feed list and the environment, which counts more.

        ConfigError if the feed list cannot be read, UsageError for a wrong variable.
        """
        from tracker.config import load_feeds
        from tracker.settings import Settings, overridden
        from tracker.yaml_files import is_there

        path = self.feeds_path
        listed = load_feeds(path).settings if is_there(path) else Settings()
        return overridden(listed, self.overrides)

    def database(self) -> AbstractContextManager[Database]:
        """Open the database for a block, and close it after."""
        from tracker.store.database import opened

        return opened(self.db_path)

    @property
    def width(self) -> int:
        """How many cells a line of stdout has; COLUMNS overrules the terminal."""
        if os.environ.get("COLUMNS", "").isdecimal() or sys.stdout.isatty():
            return max(shutil.get_terminal_size().columns, 20)
        return PIPE_WIDTH

    def address(self) -> Callable[[str], str | None] | None:
        """Return what gives the address that a headline links to, None where links are not wanted.

        They are for a coloured terminal that is not the console of Linux, which would print them.
        TRACKER_LINKS=0 turns them off, and so does a pager that is not known to pass them on.
        """
        unwanted = os.environ.get("TRACKER_LINKS") == "0" or os.environ.get("TERM") == "linux"
        if unwanted or not sys.stdout.isatty() or not self._coloured:
            return None
        from tracker.cli.invocation.pager import pager_of, passes_links
        from tracker.export.addresses import web_address

        return web_address if passes_links(pager_of(os.environ)) else None

    @property
    def _coloured(self) -> bool:
        return coloured(sys.stdout, no_color=self.no_color)

    def show(self, text: Text, *, pager: bool = False) -> None:
        """Print a view on stdout, with its colours where it goes to a terminal.

        With `pager`, what is longer than the terminal's screen goes through the user's pager.
        """
        from tracker.views.text import fitted, translated

        text = translated(text, replacements(sys.stdout.encoding or "utf-8"))
        if self.width != PIPE_WIDTH:
            text = fitted(text, self.width)
        shown = self._drawn(text) if self._coloured else text.plain
        if not (pager and self._page(text.plain, shown)):
            emit(shown)

    def _drawn(self, text: Text) -> str:
        from rich.console import COLOR_SYSTEMS, Console

        # Rendered here and written by the caller: rich would leave by itself when a pipe breaks.
        # Its own print wraps first, which gives the same bytes in four times as long.
        console = Console(file=sys.stdout, width=self.width, force_terminal=True)
        colours = COLOR_SYSTEMS.get(console.color_system or "")
        return "".join(
            style.render(piece, color_system=colours) if style else piece
            for piece, style, _ in text.render(console)
        )

    def _page(self, plain: str, shown: str) -> bool:
        """Show a text in the pager; return false where there is no need or no way to do so."""
        if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb":
            return False
        from tracker.cli.invocation.pager import is_longer_than_screen, paged, pager_of

        words = pager_of(os.environ)
        return bool(words) and is_longer_than_screen(plain, self.width) and paged(shown, words)

    def show_json(self, value: Any) -> None:  # noqa: ANN401 - what json can hold
        """Print a value as JSON on stdout, in ASCII where that cannot be sent every character."""
        from tracker.views.json import dumps

        only_some = not sys.stdout.encoding.casefold().startswith("utf")
        emit(dumps(value, ascii_only=only_some))


def session(ctx: typer.Context) -> Session:
    """Return what the command that runs in `ctx` works with; `now` is this moment."""
    db, feeds = option(ctx, "db"), option(ctx, "feeds")
    return Session(
        Path(db) if db else None,
        Path(feeds) if feeds else None,
        bool(option(ctx, "no_color")),
        datetime.now(UTC),
    )
