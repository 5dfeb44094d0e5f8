"""Opening the database, its transactions, and the translation of SQLite's errors.

One file in WAL mode with synchronous=FULL: what a finished command reported survives a kill and a
power cut, and reading never waits for a poll. The header's application id says that the file is
ours, its user version how many migrations it has seen, so that a reading command need not import
sqlite-utils (75 to 125 ms) to know that there is nothing to migrate.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tracker.errors import BusyError, DatabaseError, LockedError, NewerDatabaseError, NotOursError
from tracker.hosts import without_credentials
from tracker.store.snapshot import before_migration, keep_before_migration, real

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

APPLICATION_ID = 0x7472636B  # "trck", in the header's field for it
SCHEMA_VERSION = 24
BUSY_TIMEOUT_IN_SECONDS = 10.0
_MOMENT_IN_MILLISECONDS = 200
# Two pieces of the log's index: of one, what fails may have taken a part.
ROOM_FOR_INDEX = 2 * 32_768


class Database(sqlite3.Connection):
    """A connection that raises the errors of tracker instead of SQLite's.

    Statements run outside a transaction unless within `transaction()`. `frozen` tells that the
    file can only be read, and is taken as it is; `full` that there was no room to open it for more;
    `reading` that nothing is to be changed through this connection.
    """

    path: Path
    frozen: bool = False
    full: bool = False
    reading: bool = False

    @property
    def writable(self) -> bool:
        """Whether this user may change the file, and can."""
        return not (self.frozen or self.full or self.reading) and os.access(self.path, os.W_OK)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401 - as sqlite3 has it
        """Run one statement; raises DatabaseError where the user must mend something."""
        try:
            return super().execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise translated(error, self.path) from error

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Run one statement for many rows; raises as `execute` does."""
        try:
            return super().executemany(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise translated(error, self.path) from error

    def version(self) -> int:
        """Give a number that changes once another connection has written into the file."""
        return int(self.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Wait at most 0.2 s for a lock within the block, for commands that mainly read."""
        before = self.execute("PRAGMA busy_timeout").fetchone()[0]
        self.execute(f"PRAGMA busy_timeout = {_MOMENT_IN_MILLISECONDS}")
        try:
            yield
        finally:
            self.execute(f"PRAGMA busy_timeout = {before}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock; all of what is done within is kept, or nothing of it.

        Within another transaction it is a part of that one.
        """
        if self.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                super().execute("ROLLBACK")
            raise


def connect(path: Path, *, timeout: float = BUSY_TIMEOUT_IN_SECONDS) -> Database:
    """Open the database, made and migrated where need be.

    `timeout` is how many seconds to wait for a lock. Raises NotOursError, NewerDatabaseError,
    LockedError or DatabaseError; a file that is not ours is left as it is. Where the folder can
    only be read, or its disk is full, so can the database.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(path, f"its folder cannot be made: {error.strerror}.") from error
    make_private(path)
    try:
        return _connect(path, _name_of(path), timeout)
    except DatabaseError as error:
        folder = real(path).parent
        try:
            is_file = path.is_file()
        except OSError as problem:
            where = "check the permissions of the folders that lead there"
            raise DatabaseError(path, f"cannot be opened: {problem.strerror}; {where}.") from error
        if is_file and not os.access(folder, os.W_OK) and _is_cannot_open(error):
            return _connect_frozen(path)
        if is_file and _is_out_of_room(error.__cause__, path):
            return _connect_alone(path, error)
        raise


def _name_of(path: Path) -> str:
    """Return an absolute path for SQLite, which reads a name with "file:" as a URI."""
    return str(path.absolute())


def make_private(path: Path) -> None:
    """Create a missing database file that only its owner can read.

    It will hold the credentials of feeds. SQLite gives its log and index the mode of the file.
    """
    # If the file exists, nothing is to do; of any other problem SQLite tells more.
    with suppress(OSError):
        os.close(os.open(real(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _connect(
    path: Path, name: str, timeout: float, *, frozen: bool = False, full: bool = False
) -> Database:
    try:
        db = sqlite3.connect(
            name, timeout=timeout, isolation_level=None, factory=Database, uri=frozen
        )
    except sqlite3.Error as error:
        problem = FOLDER if _is_folder(path) else f"cannot be opened: {error}."
        raise DatabaseError(path, problem) from error
    db.path, db.frozen, db.full = path, frozen, full
    try:
        if full:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
        _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _connect_frozen(path: Path) -> Database:
    """Open a database whose folder cannot take the files that WAL needs even for reading.

    https://www.sqlite.org/wal.html#read_only_databases: then it may be read as one that nobody
    changes, unless the newest transactions are still in the log, which would be passed over.
    """
    at = real(path)
    log = at.with_name(f"{at.name}-wal")
    if log.exists() and log.stat().st_size:
        raise DatabaseError(
            path,
            f"its folder cannot be written, and what came last is still in {log.name}; copy both "
            "files to a folder of yours, and name the copy with --db.",
        )
    return _connect(path, f"{path.absolute().as_uri()}?immutable=1", 0.0, frozen=True)


def _connect_alone(path: Path, problem: DatabaseError) -> Database:
    """Open a database on a full disk, which has no room for the index of the log: 32 KiB.

    https://www.sqlite.org/wal.html#noshm: who holds the file alone keeps that in memory. Raises
    `problem` where another process has it open.
    """
    try:
        return _connect(path, _name_of(path), 0.0, full=True)
    except LockedError:
        raise problem from problem.__cause__


def _is_out_of_room(error: BaseException | None, path: Path) -> bool:
    """Tell a full disk from a broken one, where SQLite says of both that they cannot be written."""
    if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
        return False
    import shutil

    try:
        return shutil.disk_usage(path.parent).free < ROOM_FOR_INDEX
    except OSError:
        return False


def _is_cannot_open(error: DatabaseError) -> bool:
    cause = error.__cause__
    return getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))


@contextmanager
def opened(path: Path, *, timeout: float = BUSY_TIMEOUT_IN_SECONDS) -> Iterator[Database]:
    """Open the database for a command and close it after; raises as `connect` does.

    Errors that SQLite raises only while rows are read are translated here.
    """
    db = connect(path, timeout=timeout)
    try:
        yield db
    except sqlite3.DatabaseError as error:
        raise translated(error, path) from error
    finally:
        db.close()


@contextmanager
def opened_to_read(path: Path) -> Iterator[Database]:
    """Open the database for a block that changes nothing in it; raises as `connect` does.

    SQLite refuses each write then. A database that is missing or of an earlier version is made or
    migrated before.
    """
    with opened(path) as db:
        db.reading = True
        db.execute("PRAGMA query_only = ON")
        yield db


POLLING = "Another poll is running on {path}; what it brings will be there when it ends."
SENDING = "Another process is sending the alerts of {path}; it sends all that wait."


@contextmanager
def only_one(path: Path, name: str = "poll", busy: str = POLLING) -> Iterator[None]:
    """Hold the right to poll into this database; raises BusyError where another process has it.

    DatabaseError where the lock's file cannot be used. `name` is that of another right, which
    differs from that to poll, and `busy` what the error says of it.

    The lock is SQLite's own, on an empty file beside the one that the path leads to, so that a
    database has one lock by whatever name: it ends with its process, holds on every system that
    SQLite runs on, and costs nothing to import (filelock: 30 ms).
    """
    at = real(path)
    kept = at.with_name(f"{at.name}-{name}")
    lock = None
    try:
        lock = sqlite3.connect(kept, timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if lock is not None:
            lock.close()
        code = getattr(error, "sqlite_errorname", "")
        if code.startswith("SQLITE_BUSY"):
            raise BusyError(busy.format(path=path)) from None
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            raise DatabaseError(
                kept, f"is damaged; delete it, all that it does is to keep two {name}s apart."
            ) from error
        raise translated(error, kept) from error
    try:
        yield
    finally:
        lock.close()


def _prepare(db: Database) -> None:
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    empty = not db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    if application != APPLICATION_ID and not (empty and application == 0 and version == 0):
        raise NotOursError(
            db.path,
            "is not a tracker database; name another file with --db.",
        )
    if version > SCHEMA_VERSION:
        raise NewerDatabaseError(
            db.path,
            f"was written by a later version of tracker (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); upgrade tracker.",
        )
    db.create_function("without_credentials", 1, without_credentials, deterministic=True)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA temp_store = MEMORY")
    if version < SCHEMA_VERSION:
        _migrate(db)
    elif db.writable and db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        # A copy by VACUUM INTO is like that: readers would wait for a poll, and it for them.
        with suppress(LockedError), db.impatient():
            db.execute("PRAGMA journal_mode = WAL")


def _migrate(db: Database) -> None:
    import sqlite_utils

    from tracker.store.migrations import migrations

    try:
        db.execute("PRAGMA journal_mode = WAL")
        # Two first runs at once: the second waits here, then finds nothing pending.
        with db.transaction():
            before = db.execute("PRAGMA user_version").fetchone()[0]
            if 0 < before < SCHEMA_VERSION:
                _keep(db.path)
            migrations.apply(sqlite_utils.Database(db))
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except sqlite3.DatabaseError as error:
        raise translated(error, db.path) from error


def _keep(path: Path) -> None:
    """Keep the database as it is before a migration; DatabaseError, and none, if it cannot be."""
    try:
        keep_before_migration(path)
    except OSError as error:
        raise DatabaseError(
            path,
            f"it cannot be migrated, as its copy {before_migration(path)} cannot be written:"
            f" {error.strerror}.",
        ) from error


FOLDER = "is a folder; name a file with --db."
FULL = "the disk is full; make room and run the command again."
ERRORS = (
    (("BUSY", "LOCKED"), LockedError, "another program keeps it locked; try again later."),
    (("NOTADB",), NotOursError, "is not a tracker database; name another file with --db."),
    (("FULL",), DatabaseError, FULL),
    (("CORRUPT",), DatabaseError, "is damaged; `tracker restore FILE` puts a backup in its place."),
    (
        ("READONLY", "PERM", "CANTOPEN"),
        DatabaseError,
        "cannot be opened or written; check the permissions of the file and its folder.",
    ),
    (("IOERR",), DatabaseError, "the disk cannot be read or written; check it."),
)


def _is_folder(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir()
    return False


def translated(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """Return the error to raise: ours where the user can mend it, else the same one (a bug)."""
    if _is_folder(path):
        return DatabaseError(path, FOLDER)
    if _is_out_of_room(error, path):
        return DatabaseError(path, FULL)
    name = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_")
    for prefixes, kind, problem in ERRORS:
        if name.startswith(prefixes):
            return kind(path, problem)
    return error
