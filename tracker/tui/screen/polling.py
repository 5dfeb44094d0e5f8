"""Polling from the screen, with progress in the status line."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tracker import when
from tracker.errors import TrackerError
from tracker.tui.screen.moving import Moving
from tracker.tui.work import data
from tracker.views.text import FAINT, MARK, WARNING
from tracker.wording import count

if TYPE_CHECKING:
    from tracker.services.poll import Progress
    from tracker.store.database import Database
    from tracker.tui.work.data import Polled

_SHOWN_EVERY_IN_SECONDS = 0.1


class Polling(Moving):
    """One poll at a time; leaving the program ends it."""

    polling = False
    left = False

    def action_poll(self) -> None:
        """Poll the feeds that are due."""
        if self.polling:
            self.say("A poll is running already.", FAINT)
        else:
            self.spawn("poll", self._poll)

    async def _poll(self) -> None:
        loop, now = asyncio.get_running_loop(), self.now
        feeds_path = self.setup.feeds_path
        told = _Told(loop, self)

        def poll(db: Database) -> Polled:
            return data.poll(db, feeds_path, now, told)

        self.polling, self.progress = True, "Polling…"
        self.draw_lines()
        try:
            done = await self.with_database(poll)
        finally:
            self.polling, self.progress = False, ""
            self.draw_lines()
        self._say_polled(done)
        self._changed_elsewhere()

    def _say_polled(self, done: Polled) -> None:
        report = done.report
        if not done.listed:
            self.say("No feed is listed yet; tracker feeds add URL adds one.", WARNING)
        elif not report.feeds:
            at = done.next_due
            due = f"; the next one is {when.until(at, self.now)}" if at else ""
            self.say(f"No feed is due{due}. tracker poll --force asks all.", FAINT)
        elif report.failed == report.feeds:
            what = "The feed failed" if report.feeds == 1 else f"All {report.feeds:,} feeds failed"
            self.say(f"{what}: {report.failures[0].reason}; tracker feeds ls shows more.", WARNING)
        else:
            words = f"Polled {count(report.feeds, 'feed')}: {count(report.new_items, 'new item')}"
            words += f", {report.new_links:,} linked"
            words += f", {report.failed:,} failed" if report.failed else ""
            self.say(f"{words}.", WARNING if report.failed else MARK)


class _Told:
    """Hands the progress of a poll to the screen, at most ten times a second."""

    def __init__(self, loop: asyncio.AbstractEventLoop, screen: Polling) -> None:
        self._loop = loop
        self._screen = screen
        self._last = 0.0

    def __call__(self, state: Progress) -> None:
        """Show how far the poll is; raises TrackerError once the program is left."""
        if self._screen.left:
            raise TrackerError("The poll was ended with the program; the next one goes on.")
        if time.monotonic() - self._last >= _SHOWN_EVERY_IN_SECONDS and not self._loop.is_closed():
            self._last = time.monotonic()
            self._loop.call_soon_threadsafe(self._show, progress_words(state))

    def _show(self, words: str) -> None:
        self._screen.progress = words if self._screen.polling else ""
        self._screen.draw_lines()


def progress_words(state: Progress) -> str:
    """Return how far a poll is, in words."""
    if state.to_match:
        return f"Linking: {state.matched:,} of {state.to_match:,} items"
    words = (
        f"Polling: {state.done:,} of {state.total:,} feeds, {count(state.new_items, 'new item')}"
    )
    return words + (f", {state.failed:,} failing" if state.failed else "")
