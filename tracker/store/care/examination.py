"""Checks of the database file that change nothing, of a broken one as well.

An FTS5 `integrity-check` with rank 1 compares the index with the items, and would call a healthy
database malformed: queued items are not indexed, and what is indexed is in plain letters.
https://www.sqlite.org/pragma.html#pragma_quick_check checks the index by itself (SQLite 3.44).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from tracker.model.care import Finding, Level
from tracker.store.database import APPLICATION_ID, SCHEMA_VERSION
from tracker.store.snapshot import dated_in, folder_of, marks, open_to_read, real

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LARGE_LOG_IN_BYTES = 64 << 20
REPAIR = "tracker repair"
RESTORE = "tracker restore FILE"
_MOST_FAULTS = 3
_PRIVATE = 0o077


class Examined(NamedTuple):
    """The faults of the file, and what `ask` found in it, None where it cannot be asked."""

    findings: tuple[Finding, ...]
    answer: object | None


def examine(
    path: Path, ask: Callable[[sqlite3.Connection], object], *, full: bool = False
) -> Examined:
    """Check the database file, and call `ask` with a connection if it is sound enough.

    Nothing is written, not even the files that SQLite keeps beside a database. `full` compares the
    indexes with their tables, too, which takes half as long again.
    """
    # Without a log nobody writes, and SQLite would have to make one to read.
    immutable = not _log(path).exists()
    before = _stamp(path)
    found = _examine(path, ask, full=full, immutable=immutable)
    if not immutable or _stamp(path) == before:
        return found
    # Another process wrote meanwhile: what was read of the file may be of two moments.
    return _examine(path, ask, full=full, immutable=False)


def _log(path: Path) -> Path:
    at = real(path)
    return at.with_name(f"{at.name}-wal")


def _stamp(path: Path) -> tuple[int, int, bool]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, _log(path).exists()


def _examine(
    path: Path, ask: Callable[[sqlite3.Connection], object], *, full: bool, immutable: bool
) -> Examined:
    findings = [*_beside(path)]
    try:
        with closing(open_to_read(path, immutable=immutable)) as db:
            if (problem := _identity(db, path)) is not None:
                if problem.level is Level.ERROR:
                    return Examined(_alone_if_not_ours(problem, findings), None)
                findings.append(problem)
            tables, virtual = _tables(db)
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(1) as pool:
                # Of a large database this takes three times as long as all else.
                index = pool.submit(_faults, path, virtual, full=full, immutable=immutable)
                damaged = _faults(path, tables, full=full, immutable=immutable)
                answer = None
                if not damaged:
                    findings += _contents(path, db)
                    answer = ask(db)
                findings += _damage(path, damaged, index.result())
            return Examined(tuple(findings), answer)
    except sqlite3.DatabaseError as error:
        return Examined(_alone_if_not_ours(_unreadable(path, error), findings), None)


def _alone_if_not_ours(problem: Finding, findings: list[Finding]) -> tuple[Finding, ...]:
    """Return all findings; of a file that is not ours only the problem that says so."""
    return (problem,) if problem.name == "identity" else (*findings, problem)


def _beside(path: Path) -> list[Finding]:
    found = []
    if path.stat().st_mode & _PRIVATE:
        detail = f"{path} can be read by other users; it holds the passwords of feeds."
        found.append(Finding("permissions", Level.WARNING, detail, f"chmod 600 {quoted(path)}"))
    with suppress(OSError):
        size = _log(path).stat().st_size
        if size > LARGE_LOG_IN_BYTES:
            detail = f"The log beside the database has {size >> 20:,} MiB; a reader never ended."
            found.append(Finding("log", Level.WARNING, detail, REPAIR))
    return found


def quoted(path: Path) -> str:
    """Return a path as a shell reads it."""
    import shlex

    return shlex.quote(str(path))


def _unreadable(path: Path, error: sqlite3.DatabaseError) -> Finding:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_NOTADB"):
        detail = f"{path} is no database; move it away, or name another file with --db."
        return Finding("identity", Level.ERROR, detail, _back(path))
    if name.startswith("SQLITE_CORRUPT"):
        command = _back(path) or RESTORE
        return Finding("damage", Level.ERROR, f"{path} is damaged: {error}.", command)
    detail = f"{path} cannot be read ({error}); check the permissions of the file and its folder."
    return Finding("readable", Level.ERROR, detail)


def _back(path: Path) -> str:
    """Return the command that puts the newest backup back, "" without one."""
    backups = dated_in(folder_of(path), real(path).stem)
    return f"tracker restore {quoted(backups[0])}" if backups else ""


def _identity(db: sqlite3.Connection, path: Path) -> Finding | None:
    found = marks(db)
    empty = db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None
    if empty:
        detail = f"{path} is empty; the next command fills it."
        return Finding("identity", Level.WARNING, detail, "tracker poll")
    if found.application != APPLICATION_ID:
        detail = f"{path} is the database of another program; name another file with --db."
        return Finding("identity", Level.ERROR, detail)
    if found.schema > SCHEMA_VERSION:
        detail = (
            f"{path} was written by a later version of tracker (schema {found.schema}, this one "
            f"knows {SCHEMA_VERSION}); upgrade tracker."
        )
        return Finding("schema", Level.ERROR, detail)
    if found.schema < SCHEMA_VERSION:
        detail = (
            f"{path} is of an earlier version of tracker (schema {found.schema} of "
            f"{SCHEMA_VERSION}); the next command copies and migrates it."
        )
        return Finding("schema", Level.WARNING, detail, "tracker poll")
    return None


def _tables(db: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """Return the names of the plain and of the virtual tables."""
    tables = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    virtual = [name for name, sql in tables if (sql or "").upper().startswith("CREATE VIRTUAL")]
    return [name for name, _ in tables if name not in virtual], virtual


def _damage(path: Path, plain: list[str], index: list[str]) -> list[Finding]:
    if plain:
        detail = f"{path} is damaged: {'; '.join(plain[:_MOST_FAULTS])}."
        return [Finding("damage", Level.ERROR, detail, _back(path) or RESTORE)]
    if index:
        detail = f"The full-text index is damaged: {'; '.join(index[:_MOST_FAULTS])}."
        return [Finding("index", Level.ERROR, detail, REPAIR)]
    return []


def _faults(path: Path, tables: Sequence[str], *, full: bool, immutable: bool) -> list[str]:
    check = "integrity_check" if full else "quick_check"
    found: list[str] = []
    with closing(open_to_read(path, immutable=immutable)) as db:
        db.execute("PRAGMA cache_size = -20000")
        for table in tables:
            name = table.replace('"', '""')
            try:
                rows = [row[0] for row in db.execute(f'PRAGMA {check}("{name}")').fetchmany(3)]
            except sqlite3.DatabaseError as error:
                rows = [f"{table}: {error}"]
            found += [" ".join(row.split()) for row in rows if row != "ok"]
    return found


def _contents(path: Path, db: sqlite3.Connection) -> list[Finding]:
    """Check what the tables say of each other; a missing table is one that a migration makes."""
    found = []
    if not _is_in_log_mode(path):
        detail = "The database is not in WAL mode, so that reading waits for polls."
        found.append(Finding("journal", Level.WARNING, detail, REPAIR))
    orphans = db.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS)
    if orphans:
        places = ", ".join(sorted({f"{row[0]} (of {row[2]})" for row in orphans}))
        detail = f"Rows refer to others that are gone: in {places}."
        found.append(Finding("references", Level.ERROR, detail, REPAIR))
    if marks(db).schema == SCHEMA_VERSION:
        (indexed,) = db.execute("SELECT count(*) FROM items_fts_docsize").fetchone()
        (stored,) = db.execute(
            "SELECT (SELECT count(*) FROM items) - (SELECT count(*) FROM queue"
            " WHERE item_id IN (SELECT id FROM items))"
        ).fetchone()
        if indexed != stored:
            detail = f"The full-text index has {indexed:,} items, the database {stored:,}."
            found.append(Finding("index", Level.ERROR, detail, REPAIR))
    return found


def _is_in_log_mode(path: Path) -> bool:
    """Tell by the header whether the file is in WAL mode: SQLite does not, of an immutable one.

    Offsets 18 and 19 of https://www.sqlite.org/fileformat.html#the_database_header.
    """
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\x02\x02"
