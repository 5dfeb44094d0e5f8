"""The processes that read documents while this one asks for more and stores what came.

feedparser takes some 0.2 ms an entry, nearly all a poll's time when much is new, and threads do
not help it. Most polls start none: what a process needs is in `worker`.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import deque

    from tracker.feeds.read import Job, Reading
    from tracker.feeds.worker import Worker

_ROOM = 256 * 1024  # bytes of jobs that a worker is given ahead, so that it never waits for us


class Pool:
    """Up to `most` workers, started when `start` is called; leaving the context ends them.

    `deadline` in seconds is what one document may take; what takes longer, or makes its worker
    crash, comes back with that as its failure.
    """

    def __init__(self, most: int, deadline: float) -> None:
        self._most = most
        self._deadline = deadline
        self._workers: list[Worker] = []
        self._ended: list[Reading] = []

    def __enter__(self) -> Pool:  # noqa: PYI034 - final in all but name
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    @property
    def running(self) -> bool:
        """Whether there are workers."""
        return bool(self._workers)

    @property
    def busy(self) -> bool:
        """Whether a job is not done yet, or done and not collected."""
        return bool(self._ended) or any(worker.jobs for worker in self._workers)

    @property
    def readable(self) -> list[int]:
        """The file descriptors on which results arrive."""
        return [worker.socket.fileno() for worker in self._workers if worker.jobs]

    @property
    def writable(self) -> list[int]:
        """The file descriptors on which jobs wait to be sent."""
        return [worker.socket.fileno() for worker in self._workers if worker.outgoing]

    def start(self) -> None:
        """Start the workers."""
        if not self._workers:
            import tracker.feeds.read  # noqa: F401 - once, before it is shared by forking
            from tracker.feeds.worker import Worker

            self._workers = [Worker() for _ in range(self._most)]

    def fill(self, backlog: deque[Job]) -> None:
        """Give the workers jobs from the left of `backlog` as long as they have room."""
        while backlog:
            worker = min(self._workers, key=lambda each: each.load)
            if worker.jobs and worker.load + len(backlog[0].body) > _ROOM:
                return
            worker.give(backlog.popleft())

    def collect(self) -> list[Reading]:
        """Return what is done; replace workers that crashed or take too long."""
        readings, self._ended = self._ended, []
        now = time.monotonic()
        for number, worker in enumerate(self._workers):
            worker.flush()
            done, alive = worker.take()
            readings += done
            if not alive:
                self._replace(number, readings, "reading it made the parser crash")
            elif worker.jobs and now - worker.began > self._deadline:
                reason = f"reading it takes longer than {self._deadline:g} s"
                self._replace(number, readings, reason)
        return readings

    def _replace(self, number: int, readings: list[Reading], reason: str) -> None:
        from tracker.feeds.read import Reading
        from tracker.feeds.worker import Worker

        worker = self._workers[number]
        worker.end()
        jobs = worker.jobs
        if jobs:
            readings.append(Reading(jobs.popleft().key, None, b"", 0, reason))
        self._workers[number] = fresh = Worker()
        for job in jobs:
            fresh.give(job)


def usable_workers(wanted: int | None) -> int:
    """Return how many workers to have: `wanted`, else one a core up to four, 0 for one core."""
    if not hasattr(os, "fork"):
        return 0
    if wanted is not None:
        return wanted
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, 4) if (cores or 1) > 1 else 0
