"""Restoring: a backup is written into the open database, and what was there is kept.

The backup API replaces all pages in one transaction. Whoever reads meanwhile sees the database as
it was or as it is restored, and a kill leaves one of both. A file that is copied over the database
would be undone in silence by the log of the old one.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from tracker.errors import (
    DatabaseError,
    FileError,
    LockedError,
    NewerDatabaseError,
    NotOursError,
    UsageError,
)
from tracker.files import unfinished
from tracker.store.care.backups import NOT_OURS, contents_of, faults_of, require_ours
from tracker.store.database import (
    APPLICATION_ID,
    BUSY_TIMEOUT_IN_SECONDS,
    SCHEMA_VERSION,
    SENDING,
    make_private,
    only_one,
    opened,
    translated,
)
from tracker.store.snapshot import (
    PAGES_AT_ONCE,
    dated_in,
    folder_of,
    marks,
    open_to_read,
    publish,
    real,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.model.care import Contents


@contextmanager
def checked(source: Path) -> Iterator[sqlite3.Connection]:
    """Open a backup for a block, once it is known to be sound, ours, and not newer than tracker.

    FileError if it cannot be read, else NotOursError, NewerDatabaseError or DatabaseError.
    """
    if not source.is_file():
        problem = "is not a regular file" if source.exists() else "there is no such file"
        raise FileError(source, f"{problem}; `tracker backup` makes one.")
    log = source.with_name(f"{source.name}-wal")
    alone = not log.exists() or not log.stat().st_size
    try:
        with closing(open_to_read(source, immutable=alone)) as connection:
            schema = require_ours(connection, source)
            if schema > SCHEMA_VERSION:
                raise NewerDatabaseError(
                    source,
                    f"was written by a later version of tracker (schema {schema}, this one knows "
                    f"{SCHEMA_VERSION}); upgrade tracker.",
                )
            if faults := faults_of(connection):
                raise DatabaseError(source, f"is damaged ({faults[0]}); restore another backup.")
            yield connection
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_CORRUPT"):
            raise DatabaseError(source, "is damaged; restore another backup.") from error
        if name.startswith("SQLITE_NOTADB"):
            raise NotOursError(source, NOT_OURS) from error
        raise translated(error, source) from error


def restore(source: Path, path: Path, kept: Path) -> tuple[Contents, bool]:
    """Replace the database at `path` by a backup; return what it holds, and whether `kept` exists.

    The database as it was is copied to the new file `kept`, also if it is damaged. No poll runs
    and no alert is sent meanwhile: BusyError where one does, LockedError where another program
    writes for 10 s.
    NotOursError where `path` is the database of another program. Other errors as for `checked`.
    """
    if source.exists() and path.exists() and source.samefile(path):
        raise UsageError(f"{source} is the database itself; name a backup of it.")
    with checked(source) as backup:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(path, f"its folder cannot be made: {error.strerror}.") from error
        with only_one(path), only_one(path, "alerts", SENDING):
            had = _keep(path, kept)
            make_private(path)
            _write(backup, path)
    with opened(path) as db:  # which migrates an older backup
        return contents_of(db), had


def _keep(path: Path, kept: Path) -> bool:
    """Copy the database as it is to `kept`; return False where there is none.

    The bytes of a damaged one are copied; what SQLite cannot open at all is set aside.
    """
    if not path.is_file() or not path.stat().st_size:
        return False
    try:
        with closing(_opened(path)) as present:
            found = marks(present)
            if found.application != APPLICATION_ID and _has_tables(present):
                raise NotOursError(
                    path, "is the database of another program; name another file with --db."
                )
            with unfinished(kept) as part:
                write(present, part)
                publish(part, kept)
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_NOTADB"):
            _set_aside(path, kept)
        elif name.startswith("SQLITE_CORRUPT") or name == "SQLITE_ERROR":
            # The latter is "unsupported file format", of a wrong header.
            _copy_bytes(path, kept)
        else:
            raise translated(error, path) from error
    except OSError as error:
        raise FileError(kept, f"cannot be written: {error.strerror}.") from error
    return True


def _opened(path: Path) -> sqlite3.Connection:
    name = str(path.absolute())
    return sqlite3.connect(name, timeout=BUSY_TIMEOUT_IN_SECONDS, isolation_level=None)


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None


def _copy_bytes(path: Path, kept: Path) -> None:
    import shutil

    kept.parent.mkdir(parents=True, exist_ok=True)
    at = real(path)
    for suffix in ("", "-wal"):
        with suppress(FileNotFoundError):
            beside = kept.with_name(kept.name + suffix)
            shutil.copyfile(at.with_name(at.name + suffix), beside)
            beside.chmod(0o600)


def _set_aside(path: Path, kept: Path) -> None:
    """Rename a file that cannot be opened, and what is beside it: nobody has it open as well."""
    was_ours = dated_in(folder_of(path), real(path).stem)
    with path.open("rb") as file:
        if not _is_torn(file.read(16)) and not was_ours:
            raise NotOursError(
                path, "is no database; move it away, or name another file with --db."
            )
    kept.parent.mkdir(parents=True, exist_ok=True)
    at = real(path)
    for suffix in ("-wal", "-shm", "-journal", ""):
        with suppress(FileNotFoundError):
            at.with_name(at.name + suffix).rename(kept.with_name(kept.name + suffix))


def _is_torn(head: bytes) -> bool:
    """Tell a damaged database from a file of another kind by its first bytes."""
    return head == b"SQLite format 3\0" or not head.strip(b"\0")


def _write(backup: sqlite3.Connection, path: Path) -> None:
    """Write a backup into the database at `path`, all of it or nothing."""
    try:
        with closing(_opened(path)) as live:
            if not path.stat().st_size:
                size = backup.execute("PRAGMA page_size").fetchone()[0]
                live.execute(f"PRAGMA page_size = {size}")
            # Else SQLite locks no file that is shorter than its header says. Nothing else changes:
            # no statement writes into the schema.
            live.execute("PRAGMA writable_schema = ON")
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                with suppress(sqlite3.DatabaseError):  # another program reads, or it is damaged
                    live.execute(f"PRAGMA {pragma}")
            live.execute("BEGIN IMMEDIATE")  # waits for whoever writes; the next line would not end
            live.execute("ROLLBACK")
            backup.backup(live, pages=PAGES_AT_ONCE, progress=_patience(path))
            live.execute("PRAGMA busy_timeout = 0")  # the log stays while another program reads
            # Fails where it knows the encoding of a damaged file; the next one empties the log.
            with suppress(sqlite3.DatabaseError):
                live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        raise translated(error, path) from error


def _patience(path: Path) -> Callable[[int, int, int], None]:
    """Return what ends a copy that has waited for a lock for 10 s."""
    started = time.monotonic()
    left: list[int] = []

    def progress(status: int, remaining: int, total: int) -> None:
        nonlocal started
        del total
        if status not in {_BUSY, _LOCKED} or left[-1:] != [remaining]:
            started = time.monotonic()
        left[:] = [remaining]
        if time.monotonic() - started > BUSY_TIMEOUT_IN_SECONDS:
            raise LockedError(path, "another program keeps it locked; try again later.")

    return progress


_BUSY, _LOCKED = 5, 6  # of SQLite's result codes
