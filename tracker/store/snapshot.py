"""Copies of a database file, made by SQLite's backup API while others read and write.

A copy of the file's bytes would miss what is still in the log beside it, or mix two moments.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.files import unfinished

if TYPE_CHECKING:
    from datetime import datetime

PAGES_AT_ONCE = 8_192
"""Pages that are copied in one step: between two steps Ctrl-C ends the copy."""


class Marks(NamedTuple):
    """What the header of a database says of it: whose it is, and how many migrations it has."""

    application: int
    schema: int


def real(path: Path) -> Path:
    """Return the target of a path; SQLite keeps its log and index beside it."""
    # Path.resolve raises RuntimeError for a circle of links.
    return Path(os.path.realpath(path))


def folder_of(path: Path) -> Path:
    """Return the folder that has the backups of a database."""
    return real(path).parent / "backups"


def before_migration(path: Path) -> Path:
    """Return the file that has a database as it was before its latest migration."""
    return folder_of(path) / f"{real(path).stem}-before-migration.db"


def dated(path: Path, now: datetime, suffix: str = "", *, folder: Path | None = None) -> Path:
    """Return the file, which does not exist yet, for a backup of a database made now.

    `folder` None is the usual one.
    """
    stem = f"{real(path).stem}-{now:%Y-%m-%d-%H%M%S}"
    found = (folder or folder_of(path)) / f"{stem}{suffix}.db"
    number = 1
    while found.exists():
        number += 1
        found = found.with_name(f"{stem}-{number}{suffix}.db")
    return found


def dated_in(folder: Path, stem: str) -> list[Path]:
    """Return the backups in a folder that `dated` named, the newest first."""
    pattern = re.compile(rf"{re.escape(stem)}-\d{{4}}-\d\d-\d\d-\d{{6}}(?:-\d+)?\.db")
    try:
        found = [path for path in folder.iterdir() if pattern.fullmatch(path.name)]
    except OSError:
        return []
    return sorted(found, key=_age, reverse=True)


def _age(path: Path) -> tuple[str, int]:
    found = re.search(r"(\d{4}-\d\d-\d\d-\d{6})(?:-(\d+))?\.db$", path.name)
    return (found[1], int(found[2] or 1)) if found else ("", 0)


def open_to_read(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """Open a database without making or changing it; raises sqlite3.Error.

    `immutable` also leaves the files beside it alone, and must not be used while others write.
    """
    how = "immutable=1" if immutable else "mode=ro"
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=10, isolation_level=None, check_same_thread=False)


def marks(connection: sqlite3.Connection) -> Marks:
    """Return what the header says; raises sqlite3.Error for what is no database."""
    return Marks(
        connection.execute("PRAGMA application_id").fetchone()[0],
        connection.execute("PRAGMA user_version").fetchone()[0],
    )


def write(source: sqlite3.Connection, part: Path) -> None:
    """Copy an open database into an unfinished file, synced; raises sqlite3.Error or OSError.

    The copy is one file without a log, for its owner alone.
    """
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        # A crash leaves an unfinished file, which nobody takes for a copy.
        copy.execute("PRAGMA synchronous = OFF")
        # With a function to call, Ctrl-C is noticed between two steps.
        source.backup(copy, pages=PAGES_AT_ONCE, progress=lambda *_: None)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
    with part.open("rb") as written:
        os.fsync(written.fileno())


def publish(part: Path, target: Path, *, over: bool = False) -> None:
    """Give an unfinished file its name; FileExistsError if another file has it, unless `over`."""
    if over:
        part.replace(target)
    else:
        try:
            target.hardlink_to(part)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if target.exists():
                raise FileExistsError(target) from None
            part.rename(target)
        part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folder
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def keep_before_migration(path: Path) -> None:
    """Copy a database that is about to be migrated, in place of the copy before.

    The caller holds its write lock, by which nothing changes until then. Raises sqlite3.Error or
    OSError.
    """
    target = before_migration(path)
    with closing(open_to_read(path)) as source, unfinished(target) as part:
        write(source, part)
        publish(part, target, over=True)
