"""Files that are made for the user: replaced at once, and only if they are regular ones."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has it


def replace(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Replace a file at once, so that a crash leaves the old one or the new one.

    Where `path` is a symbolic link, what it leads to is replaced. `mode` None lets the file keep
    its mode, or gives a new one that of the umask. Missing folders are made. Raises FileError,
    also where something else than a regular file is there.
    """
    # Not Path.resolve, which raises RuntimeError where links lead in a circle.
    real = Path(os.path.realpath(path))
    try:
        # lstat: what is still a link here is one of a circle.
        known = real.lstat().st_mode if os.path.lexists(real) else None
        # To replace a pipe or a device would leave a regular file in its place.
        if known is not None and not stat.S_ISREG(known):
            raise FileError(path, "is not a regular file; name another one.")
        with unfinished(real) as temporary:
            real.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if mode is None:
                mode = 0o666 & ~_umask() if known is None else stat.S_IMODE(known)
            temporary.chmod(mode)
            temporary.replace(real)
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror or error}.") from error


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Name a hidden file beside `path`, and delete it at the end if it is still there.

    It is named before it is made, so that Ctrl-C leaves none at any moment. The name ends with the
    number of the process: what a killed one left can be recognized.
    """
    temporary = path.with_name(f".{path.name[:40]}.{os.urandom(8).hex()}.{os.getpid()}.part")
    try:
        yield temporary
    finally:
        with suppress(OSError):  # also where there is no folder
            temporary.unlink()


def remove(path: Path) -> None:
    """Remove a file or an empty folder; raises FileError."""
    try:
        path.rmdir() if path.is_dir() else path.unlink()
    except OSError as error:
        raise FileError(path, f"cannot be removed: {error.strerror or error}.") from error


def _umask() -> int:
    # It can only be read by setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
