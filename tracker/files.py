"""Files that are made for the user: replaced at once, and only if they are regular ones."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from pathlib import Path

from tracker.errors import FileError


def replace(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Replace a file at once, so that a crash leaves the old one or the new one.

    Where `path` is a symbolic link, what it leads to is replaced. `mode` None lets the file keep
    its mode, or gives a new one that of the umask. Missing folders are made. Raises FileError,
    also where something else than a regular file is there.
    """
    import tempfile

    # Not Path.resolve, which raises RuntimeError where links lead in a circle.
    real = Path(os.path.realpath(path))
    try:
        # lstat: what is still a link here is one of a circle.
        known = real.lstat().st_mode if os.path.lexists(real) else None
        # To replace a pipe or a device would leave a regular file in its place.
        if known is not None and not stat.S_ISREG(known):
            raise FileError(path, "is not a regular file; name another one.")
        with ExitStack() as undo:
            real.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=real.parent, prefix=f".{real.name[:40]}.", delete=False
            ) as file:
                temporary = Path(file.name)
                undo.callback(temporary.unlink, missing_ok=True)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if mode is None:
                mode = 0o666 & ~_umask() if known is None else stat.S_IMODE(known)
            temporary.chmod(mode)
            temporary.replace(real)
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror or error}.") from error


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
