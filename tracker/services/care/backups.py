"""Backups of the database together with the user's files, and restoring them."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker import files
from tracker.errors import FileError, UsageError
from tracker.model.care import Restored
from tracker.store import snapshot
from tracker.store.care import backups, restoring

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tracker.model.care import Backup

FEED_LIST, SECRETS = "feeds.yaml", "alerts.conf"


def back_up(
    path: Path,
    feeds_yaml: Path,
    now: datetime,
    *,
    target: Path | None = None,
    keep: int | None = None,
    with_secrets: bool = False,
) -> Backup:
    """Back up the database at `path`, with feeds.yaml beside the copy.

    `target` is the file to make, or a folder for a file with a name made of the time; None is the
    folder `backups` beside the database. `keep` deletes the oldest files with such names beyond so
    many, None deletes none. `with_secrets` also copies alerts.conf, which stands beside feeds.yaml.
    FileError where a file is there already or cannot be written, DatabaseError as `backups.back_up`
    raises it.
    """
    wanted = [(feeds_yaml, FEED_LIST)]
    if with_secrets:
        wanted.append((feeds_yaml.with_name(SECRETS), SECRETS))
    # Read before the copy is begun, so that none is left behind without them.
    read = [(data, name) for source, name in wanted if (data := _bytes_of(source)) is not None]
    file = _file(path, target, now)
    if keep is not None and file == target:
        raise UsageError("--keep counts the files in a folder; name a folder, or no file.")
    made = backups.back_up(path, file)
    beside = [_copy(data, file, name) for data, name in read]
    backups.remove_unfinished(path)
    removed = backups.make_room(path, file.parent, keep) if keep is not None else ()
    backups.note(path, now)
    return replace(made, beside=tuple(beside), removed=removed)


def _file(path: Path, target: Path | None, now: datetime) -> Path:
    if target is None:
        return snapshot.dated(path, now)
    return snapshot.dated(path, now, folder=target) if target.is_dir() else target


def _bytes_of(source: Path) -> bytes | None:
    """Return what is in a file of the user, None where there is none; FileError."""
    try:
        return source.read_bytes() if source.is_file() else None
    except OSError as error:
        raise FileError(source, f"cannot be read: {error.strerror}.") from error


def _copy(data: bytes, backup: Path, name: str) -> Path:
    """Write a file of the user beside a backup, readable for its owner alone."""
    target = backup.with_name(f"{backup.name}.{name}")
    if target.exists():
        raise FileError(target, f"is there already, so {name} was not copied; move it away.")
    files.replace(target, data, mode=0o600)
    return target


def restore(
    source: Path, path: Path, feeds_yaml: Path, now: datetime, *, with_feed_list: bool = False
) -> Restored:
    """Put a backup in the place of the database at `path`, which is kept as a file.

    The feed list that was copied with it is put back where there is none; `with_feed_list` also
    replaces another one, which is kept beside the database's. Errors as for `restoring.restore`.
    """
    kept = snapshot.dated(path, now, "-before-restore")
    copied = source.parent / f"{source.name}.{FEED_LIST}"
    there, data = _bytes_of(feeds_yaml), _bytes_of(copied)
    contents, had = restoring.restore(source, path, kept)
    done = Restored(source, contents, kept if had else None)
    if data is None or there == data:
        return done
    if there is not None and not with_feed_list:
        return replace(done, other_feed_list=copied)
    if there is not None:
        _copy(there, kept, FEED_LIST)
    # The copy is for its owner alone; the list was, too, if it has secrets.
    files.replace(feeds_yaml, data, mode=stat.S_IMODE(copied.stat().st_mode))
    return replace(done, feed_list=feeds_yaml)
