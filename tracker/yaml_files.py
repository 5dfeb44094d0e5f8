"""The user's YAML files: read whole, locked while they are edited, and replaced at once."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import ConfigError, FileError
from tracker.files import replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO


def read(path: Path) -> bytes:
    """Return the bytes of a file; ConfigError if it cannot be read or is not a regular file.

    A pipe may never end, and is empty when it is read again.
    """
    try:
        _check_regular(path, path)
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            path, "there is no such file; `tracker feeds add URL` makes one."
        ) from None
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror}.") from error


def is_there(path: Path) -> bool:
    """Return whether a file is there; ConfigError if its folder cannot be searched."""
    try:
        return path.exists()
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror}.") from error


@contextmanager
def editing(path: Path) -> Iterator[None]:
    """Lock a file against edits of other processes, and wait for one in progress.

    ConfigError if the folder is not writable or the file not regular. The lock is on an empty
    hidden file beside the file (for a symbolic link, beside its target), and ends with the process.
    """
    real = _real(path)
    lock_path = real.with_name(f".{real.name}.lock")
    with _write_errors(path):
        _check_regular(path, real)
        real.parent.mkdir(parents=True, exist_ok=True)
        _check_regular(lock_path, lock_path)
        lock = lock_path.open("ab")
    with lock:
        with _write_errors(path):
            _wait_for(lock)
        yield


def write(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replace a file atomically, as `files.replace` does.

    The file keeps its mode; only the owner can read a `private` file. ConfigError if the file
    cannot be written or is not a regular file.
    """
    try:
        replace(path, data, mode=_private_mode(path) if private else None)
    except FileError as error:
        raise ConfigError(path, error.problem) from error.__cause__


def _private_mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o600
    except OSError:
        return 0o600


def _check_regular(path: Path, real: Path) -> None:
    """Raise ConfigError about `path` if `real` exists and is not a regular file.

    Opening a pipe waits for its other end; replacing a device leaves a file in its place.
    """
    if real.exists() and not real.is_file():
        raise ConfigError(path, "is not a regular file; name another one.")


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(path, f"cannot be written: {error.strerror}.") from error


def _real(path: Path) -> Path:
    # Not Path.resolve, which raises RuntimeError for a cycle of links.
    return Path(os.path.realpath(path))


if sys.platform == "win32":

    def _wait_for(lock: IO[bytes]) -> None:
        import msvcrt

        while True:
            with suppress(OSError):  # the lock attempt times out after ten seconds
                return msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)

else:

    def _wait_for(lock: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
