"""A process that reads documents.

It is forked where no other thread runs, which costs 2 ms, and started anew where one does (libcurl
resolves host names in threads), since a fork copies the locks that other threads hold. It is talked
to in pickles, each behind its length, over a pair of sockets.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from tracker.feeds.read import Job, Reading

_LENGTH = 4
_CHUNK = 256 * 1024


class Worker:
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
        """Send the job, or what the socket takes of it."""
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
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(content).to_bytes(_LENGTH, "big") + content


def _unpacked(content: bytes | bytearray) -> Any:  # noqa: ANN401 - what the other side packed
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

    code = f"from tracker.feeds.worker import serve; serve({theirs.fileno()})"
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
