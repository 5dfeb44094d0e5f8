"""Processes that read documents while this one asks for more and stores what came.

feedparser takes some 0.2 ms an entry, nearly all a poll's time when much is new, and threads do
not help it. The processes are forked where no other thread runs, which costs 2 ms, and started
anew where one does (libcurl resolves host names in threads), since a fork copies the locks that
other threads hold. They talk in pickles, each behind its length, over a pair of sockets.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from tracker.feeds.read import Job, Reading

_LENGTH = 4
_ROOM = 256 * 1024  # bytes of jobs that a worker is given ahead, so that it never waits for us
_CHUNK = 256 * 1024


class _Worker:
    """One process, what it was given, and what of that is still under way."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.socket = ours
        self.pid = _fork(theirs, ours) if _may_fork() else _spawn(theirs)
        theirs.close()
        ours.setblocking(False)  # noqa: FBT003 - the method takes no keyword
        self.jobs: deque[Job] = deque()
        self.began = 0.0
        self.outgoing = bytearray()
        self._incoming = bytearray()

    @property
    def load(self) -> int:
        """How many bytes of jobs it has."""
        return sum(len(job.body) for job in self.jobs)

    def give(self, job: Job) -> None:
        if not self.jobs:
            self.began = time.monotonic()
        self.jobs.append(job)
        self.outgoing += _packed(job)
        self.flush()

    def flush(self) -> None:
        """Send what the socket takes."""
        try:
            while self.outgoing:
                del self.outgoing[: self.socket.send(self.outgoing[:_CHUNK])]
        except BlockingIOError:
            return
        except OSError:  # it ended; take() will see that
            self.outgoing.clear()

    def take(self) -> tuple[list[Reading], bool]:
        """Return what is done, and whether the process still lives."""
        alive = True
        try:
            while chunk := self.socket.recv(_CHUNK):
                self._incoming += chunk
            alive = False
        except BlockingIOError:
            pass
        except OSError:
            alive = False
        readings: list[Reading] = []
        while len(self._incoming) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._incoming[:_LENGTH], "big")
            if len(self._incoming) < end:
                break
            readings.append(_unpacked(self._incoming[_LENGTH:end]))
            del self._incoming[:end]
            self.jobs.popleft()
            self.began = time.monotonic()
        return readings, alive

    def end(self) -> None:
        """End the process, whatever it is doing; it has nothing to lose."""
        self.socket.close()
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return


class Pool:
    """Up to `most` workers, started when `start` is called; leaving the context ends them.

    `deadline` in seconds is what one document may take; what takes longer, or makes its worker
    crash, comes back with that as its failure.
    """

    def __init__(self, most: int, deadline: float) -> None:
        self._most = most
        self._deadline = deadline
        self._workers: list[_Worker] = []
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

            self._workers = [_Worker() for _ in range(self._most)]

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

        worker = self._workers[number]
        worker.end()
        jobs = worker.jobs
        if jobs:
            readings.append(Reading(jobs.popleft().key, None, b"", 0, reason))
        self._workers[number] = fresh = _Worker()
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


def serve(descriptor: int) -> NoReturn:
    """Be a worker on that socket until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    try:
        from tracker.feeds.read import read

        with socket.socket(fileno=descriptor) as connection:
            while length := _exactly(connection, _LENGTH):
                job = _unpacked(_exactly(connection, int.from_bytes(length, "big")))
                connection.sendall(_packed(read(job)))
    except OSError:
        os._exit(0)
    except BaseException:  # noqa: BLE001 - a fork must not run the parent's handlers
        os._exit(1)
    os._exit(0)


def _exactly(connection: socket.socket, size: int) -> bytes:
    """Receive so many bytes; none where the other end was closed."""
    received = bytearray()
    while len(received) < size:
        chunk = connection.recv(min(size - len(received), _CHUNK))
        if not chunk:
            return b""
        received += chunk
    return bytes(received)


def _packed(message: Job | Reading) -> bytes:
    import pickle

    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(content).to_bytes(_LENGTH, "big") + content


def _unpacked(content: bytes | bytearray) -> Any:  # noqa: ANN401 - what the other side packed
    import pickle

    return pickle.loads(content)  # noqa: S301 - from our own parent or child


def _may_fork() -> bool:
    """Whether this process has a single thread; only Linux tells of those that C started."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - no Path for a count
    except OSError:
        return False


def _fork(theirs: socket.socket, ours: socket.socket) -> int:
    import gc

    gc.freeze()  # else the collector's marks copy every page
    pid = os.fork()
    if pid:
        gc.unfreeze()
        return pid
    try:
        # The parent's connections, locks and database must end when it ends.
        ours.close()
        kept = theirs.detach()
        os.closerange(3, kept)
        os.closerange(kept + 1, 2**20)
        serve(kept)
    finally:
        os._exit(1)


def _spawn(theirs: socket.socket) -> int:
    import subprocess

    code = f"from tracker.feeds.workers import serve; serve({theirs.fileno()})"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", code],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=environment,
        process_group=0,  # Ctrl-C is for the parent
    )
    process.returncode = 0  # waited for by its id
    return process.pid
