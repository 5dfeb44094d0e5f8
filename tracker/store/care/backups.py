"""Backups: copies of the database that were read back before they got their name."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from tracker.errors import DatabaseError, FileError, NotOursError
from tracker.files import unfinished
from tracker.model.care import Backup, Contents
from tracker.store.database import APPLICATION_ID, FOLDER, SCHEMA_VERSION, translated
from tracker.store.snapshot import (
    dated_in,
    folder_of,
    marks,
    open_to_read,
    publish,
    real,
    write,
)
from tracker.store.times import moment, seconds

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

NOT_OURS = "is not a tracker database; name another file."
_LAST = "last_backup"


def back_up(path: Path, target: Path) -> Backup:
    """Copy the database at `path` to a new file, which is read back before it gets its name.

    FileError if `target` exists or cannot be written, DatabaseError if the database is missing,
    damaged or not ours.
    """
    if target.exists() or target.is_symlink():
        raise FileError(target, "is there already; name another file.")
    try:
        source = _opened(path)
    except sqlite3.DatabaseError as error:
        raise translated(error, path) from error
    with unfinished(target) as part:
        try:
            contents = _copied(source, part, path)
            _verify(part, contents, path)
            size = part.stat().st_size
            publish(part, target)
        except sqlite3.DatabaseError as error:
            raise _about_copy(error, path, target) from error
        except FileExistsError as error:
            raise FileError(target, "is there already; name another file.") from error
        except OSError as error:
            raise FileError(target, f"cannot be written: {error.strerror}.") from error
    return Backup(target, size, contents)


def _copied(source: sqlite3.Connection, part: Path, path: Path) -> Contents:
    """Copy an open database into `part`, close it, and count what it held at that moment."""
    with closing(source):
        require_ours(source, path)
        # One moment for what is counted and what is copied.
        source.execute("BEGIN")
        contents = contents_of(source)
        write(source, part)
    return contents


def _about_copy(error: sqlite3.DatabaseError, path: Path, target: Path) -> Exception:
    """Return the error for a copy that failed; a full disk is that of the copy."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return FileError(target, f"cannot be written ({error}); the disk may be full.")
    return translated(error, path)


def _opened(path: Path) -> sqlite3.Connection:
    """Open a database to copy it; raises sqlite3.Error, or DatabaseError for a missing file."""
    if path.is_dir():
        raise DatabaseError(path, FOLDER)
    if not path.is_file():
        raise DatabaseError(path, "there is no such file, so there is nothing to back up.")
    connection = open_to_read(path)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        # A folder that cannot be written has nobody who writes.
        if os.access(real(path).parent, os.W_OK):
            raise
        connection = open_to_read(path, immutable=True)
    except BaseException:
        connection.close()
        raise
    return connection


def require_ours(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema's number; NotOursError for the database of another program."""
    found = marks(connection)
    if found.application != APPLICATION_ID:
        raise NotOursError(path, NOT_OURS)
    return found.schema


def contents_of(connection: sqlite3.Connection) -> Contents:
    """Count what a database of ours holds."""
    items, stories, links, feeds = (
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("items", "stories", "links", "feeds")
    )
    return Contents(items, stories, links, feeds, marks(connection).schema)


def faults_of(connection: sqlite3.Connection, most: int = 3) -> list[str]:
    """Return what SQLite's quick check and foreign keys find wrong, `most` of each."""
    found = [row[0] for row in connection.execute(f"PRAGMA quick_check({most})")]
    faults = [] if found == ["ok"] else found
    rows = connection.execute("PRAGMA foreign_key_check").fetchmany(most)
    return faults + [f"a row of {row[0]} refers to a missing row of {row[2]}" for row in rows]


def _verify(part: Path, contents: Contents, path: Path) -> None:
    """Raise DatabaseError if a copy is not sound, or holds other than what was counted."""
    try:
        with closing(open_to_read(part, immutable=True)) as copy:
            faults = faults_of(copy)
            if not faults and contents_of(copy) != contents:
                faults = ["it does not hold what the database holds"]
    except sqlite3.DatabaseError as error:
        faults = [str(error)]
    if faults:
        raise DatabaseError(
            path,
            f"its copy is damaged ({faults[0]}), so none was kept; `tracker doctor` says more.",
        )


def make_room(path: Path, folder: Path, keep: int) -> tuple[Path, ...]:
    """Delete the oldest dated backups of a database beyond the newest `keep`; return them."""
    removed = []
    for old in dated_in(folder, real(path).stem)[keep:]:
        # The backup last: a kill before leaves one that the next backup removes.
        for each in (*companions(old), old):
            with suppress(OSError):
                each.unlink()
        removed.append(old)
    return tuple(removed)


def companions(backup: Path) -> list[Path]:
    """Return the files of the user that were copied beside a backup."""
    names = [f"{backup.name}.{name}" for name in ("feeds.yaml", "alerts.conf")]
    return [found for name in names if (found := backup.with_name(name)).is_file()]


def remove_unfinished(path: Path) -> None:
    """Delete what backups that were killed left in the folder of backups."""
    for part in folder_of(path).glob(f".{real(path).stem}-*.part"):
        number = part.name.removesuffix(".part").rpartition(".")[2]
        if number.isdecimal() and not _runs(int(number)):
            part.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    if sys.platform == "win32":  # there signal 0 ends the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def note(path: Path, now: datetime) -> None:
    """Keep when a backup was made, for `last`; without it only the usual folder tells.

    Nothing is kept of a database of another version, which this does not migrate.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=1)) as db:
        if marks(db).schema == SCHEMA_VERSION:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_LAST, str(seconds(now))))
            db.commit()


def last(connection: sqlite3.Connection, path: Path) -> datetime | None:
    """Return when the latest backup was made, None before the first."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_LAST,)).fetchone()
    times = [int(row[0])] if row else []
    times += [int(p.stat().st_mtime) for p in dated_in(folder_of(path), real(path).stem)[:1]]
    return moment(max(times)) if times else None
