"""Work that may wait is done in threads, each with a database connection of its own.

The threads are daemons: leaving the program does not wait for a poll or a preview. SQLite rolls
back what an ended process had not committed.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from tracker.errors import TrackerError
from tracker.store.database import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
WATCHED_EVERY_IN_SECONDS = 1.0
PATIENCE_IN_SECONDS = 2.0
"""How long a job waits for a lock before the status line says so and the job is tried again."""


async def in_thread(job: Callable[[], T]) -> T:
    """Return the result of a job that runs in a thread of its own; raise what it raises."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def deliver(settle: Callable[[], None]) -> None:
        def unless_cancelled() -> None:
            if not future.done():
                settle()

        # The loop is closed where the program was left meanwhile.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(unless_cancelled)

    def run() -> None:
        try:
            result = job()
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            problem = error
            deliver(lambda: future.set_exception(problem))
        else:
            deliver(lambda: future.set_result(result))

    threading.Thread(target=run, daemon=True, name="tracker-tui").start()
    return await future


class Watch:
    """Notices that another connection has written into the database.

    `changed` is called in the watching thread, at most once a second.
    """

    def __init__(self, path: Path, changed: Callable[[], None]) -> None:
        self._path = path
        self._changed = changed
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="tracker-tui-watch")

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End watching, and wait for that: at most for one look at the database."""
        self._stopped.set()
        self._thread.join(timeout=1.0)

    def _run(self) -> None:
        while not self._stopped.is_set():
            # A database that cannot be read now is tried again; the jobs say what is wrong with it.
            with suppress(TrackerError):
                self._watch()
            self._stopped.wait(WATCHED_EVERY_IN_SECONDS)

    def _watch(self) -> None:
        with opened(self._path, timeout=PATIENCE_IN_SECONDS) as db:
            if db.full:  # only one connection at a time can be open then
                self._stopped.set()
            version = db.version()
            while not self._stopped.wait(WATCHED_EVERY_IN_SECONDS):
                if (now := db.version()) != version:
                    version = now
                    self._changed()
