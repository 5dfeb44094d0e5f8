"""Who holds the right to poll, looked at without taking it."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracker.store.snapshot import real


@dataclass(frozen=True, slots=True)
class PollLock:
    """The state of the lock.

    `damaged` is true if its file is no lock. `pid` and `since` are the process that holds it and
    when that began, None where the system does not say.
    """

    path: Path
    held: bool = False
    damaged: bool = False
    pid: int | None = None
    since: datetime | None = None


def poll_lock(path: Path) -> PollLock:
    """Return the state of the lock of a database."""
    at = real(path)
    file = at.with_name(f"{at.name}-poll")
    if not file.exists():
        return PollLock(file)
    try:
        uri = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as lock:
            lock.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.DatabaseError as error:
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            return PollLock(file, damaged=True)
        pid = _holder(file) if sys.platform == "linux" else None
        return PollLock(file, held=True, pid=pid, since=_begun(pid) if pid else None)
    return PollLock(file)


def _holder(file: Path) -> int | None:
    """Return the process that has a lock on a file, by /proc/locks (proc_locks(5))."""
    try:
        inode = file.stat().st_ino
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            words = line.split()
            if "->" not in words and words[5].rpartition(":")[2] == str(inode):
                return int(words[4])
    except (OSError, ValueError, IndexError):
        return None
    return None


def _begun(pid: int) -> datetime | None:
    """Return when a process began, by /proc/PID/stat (proc_pid_stat(5), field 22)."""
    import os

    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        stat = Path("/proc/stat").read_text("ascii")
        boot = next(line.split()[1] for line in stat.splitlines() if line.startswith("btime "))
        begun = int(boot) + int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return datetime.fromtimestamp(begun, UTC)
