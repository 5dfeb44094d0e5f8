"""Files that jobs are kept in: written whole or not at all, readable by their user alone."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from tracker.errors import FileError
from tracker.files import remove, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def read(path: Path) -> bytes | None:
    """Return the contents of a file, None if it does not exist; FileError if unreadable."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}.") from error


def write(path: Path, data: bytes | None) -> None:
    """Replace a file, or delete it for None; FileError if that cannot be done.

    Its mode is 0600: the address of a proxy may hold a password.
    """
    if data is not None:
        replace(path, data, mode=0o600)
    elif os.path.lexists(path):
        remove(path)


def in_folder(folder: Path, suffix: str) -> list[Path]:
    """Return the files of a folder that have a suffix, sorted; none if it cannot be listed."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == suffix)
    except OSError:
        return []


@contextlib.contextmanager
def restored_on_failure(paths: Iterable[Path]) -> Iterator[None]:
    """Give files their contents back if the block raises an error."""
    before = {path: read(path) for path in paths}
    try:
        yield
    except BaseException:
        for path, data in before.items():
            if read(path) != data:
                write(path, data)
        raise
