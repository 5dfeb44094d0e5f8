"""Checks of what is around the database: disk, permissions, feeds.yaml, schedule, packages."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import has_secrets, load_feeds
from tracker.errors import TrackerError
from tracker.model.care import Finding, Level
from tracker.settings import from_environment, misspelt, overridden
from tracker.store.database import ROOM_FOR_INDEX
from tracker.store.snapshot import real
from tracker.wording import listed
from tracker.yaml_files import is_there

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model.schedule import InstalledJob

_PRIVATE = 0o077
# Locks of these do not hold between computers, or not at all: https://sqlite.org/faq.html#q5
_REMOTE = ("nfs", "cifs", "smb", "fuse.sshfs", "fuse.rclone", "davfs", "fuse.davfs", "9p", "afs")
_COPIED = ("Dropbox", "OneDrive", "Google Drive", "Nextcloud", "Mobile Documents", "pCloudDrive")


def shell(*words: object) -> str:
    """Return a command as a shell reads it."""
    return shlex.join(str(word) for word in words)


def size_of(path: Path) -> int:
    """Return the size of a regular file in bytes, 0 of what cannot be reached."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def of_database(path: Path) -> list[Finding]:
    """Check that the file is there and may be written, and where it is."""
    at = real(path)
    try:
        there = at.exists()
    except OSError as error:
        detail = f"{path} cannot be read: {error.strerror}; check the folders that lead there."
        return [Finding("database", Level.ERROR, detail)]
    if not there:
        detail = f"There is no database {path} yet; the first command makes it."
        command = "tracker feeds add https://www.theverge.com"
        return [Finding("database", Level.WARNING, detail, command)]
    if not at.is_file():
        return [Finding("database", Level.ERROR, f"{path} is not a regular file.")]
    found = []
    if not os.access(at, os.R_OK):
        command = shell("chmod", "600", path)
        found.append(Finding("database", Level.ERROR, f"You may not read {path}.", command))
    elif not os.access(at, os.W_OK):
        command = shell("chmod", "600", path)
        found.append(Finding("database", Level.ERROR, f"You may not write {path}.", command))
    if not os.access(at.parent, os.W_OK):
        detail = f"You may not write the folder {at.parent}, in which SQLite keeps its log."
        found.append(
            Finding("database", Level.ERROR, detail, shell("chmod", "u+w", at.parent)),
        )
    return [*found, *_of_disk(at), *_of_folder(at)]


def _of_disk(at: Path) -> list[Finding]:
    free, size = shutil.disk_usage(at.parent).free, at.stat().st_size
    if free < ROOM_FOR_INDEX:
        detail = f"The disk of {at} is full; nothing can be stored."
        return [Finding("disk", Level.ERROR, detail, shell("df", "-h", at.parent))]
    if free < 2 * size:
        detail = (
            f"The disk of {at} has {free >> 20:,} MiB left, less than two copies of the database "
            f"({size >> 20:,} MiB)."
        )
        return [Finding("disk", Level.WARNING, detail, "tracker purge --older-than 90d")]
    return []


def _of_folder(at: Path) -> list[Finding]:
    kind = _file_system(at)
    if kind.startswith(_REMOTE):
        detail = f"{at} is on a file system of another computer ({kind}), whose locks may fail."
        return [Finding("folder", Level.WARNING, detail)]
    if any(part.startswith(_COPIED) for part in at.parts):
        detail = f"{at} is in a folder that another program copies, which may damage it."
        return [Finding("folder", Level.WARNING, detail)]
    return []


def _file_system(at: Path) -> str:
    """Return the kind of the file system that has a file; "" where the system does not say."""
    try:
        lines = Path("/proc/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    mounts = [(words[1], words[2]) for line in lines if len(words := line.split()) > 2]  # noqa: PLR2004
    above = [m for m in mounts if at.is_relative_to(m[0].replace("\\040", " "))]
    return max(above, key=lambda mount: len(mount[0]), default=("", ""))[1]


def of_feed_list(path: Path, environ: Mapping[str, str], *, is_needed: bool) -> list[Finding]:
    """Check feeds.yaml, who may read it, and the settings of the environment.

    `is_needed` is true if feeds were polled: without the list no poll can run then.
    """
    found = []
    is_secret = False
    try:
        overrides = from_environment(environ)
    except TrackerError as error:
        overrides = {}
        found.append(Finding("settings", Level.ERROR, str(error)))
    for name, meant in misspelt(environ).items():
        detail = f"The environment's {name} is no setting; did you mean {meant}?"
        found.append(Finding("settings", Level.WARNING, detail))
    try:
        if not is_there(path):
            detail = f"There is no feed list {path}."
            command = "tracker feeds add https://www.theverge.com"
            level = Level.ERROR if is_needed else Level.WARNING
            return [*found, Finding("feed-list", level, detail, command)]
        feeds = load_feeds(path)
    except TrackerError as error:
        found.append(Finding("feed-list", Level.ERROR, str(error), "tracker config edit"))
    else:
        if not feeds.sources:
            detail = f"{path} lists no feed."
            command = "tracker feeds add https://www.theverge.com"
            found.append(Finding("feed-list", Level.WARNING, detail, command))
        is_secret = has_secrets(feeds)
        try:
            overridden(feeds.settings, overrides)
        except TrackerError as error:
            detail = f"With the settings of the environment, {error}"
            found.append(Finding("settings", Level.ERROR, detail))
    if is_secret and _is_open(path):
        detail = f"{path} holds passwords, and other users can read it."
        command = shell("chmod", "600", path)
        found.append(Finding("permissions", Level.WARNING, detail, command))
    return found


def of_addresses(path: Path, targets: Sequence[str]) -> list[Finding]:
    """Check alerts.conf: nothing is sent by one that is wrong, or that others can read.

    `targets` are the names that need an address in it.
    """
    from tracker.alerts import conf

    try:
        known = conf.load(path)
    except TrackerError as error:
        if size_of(path) and _is_open(path):
            detail = f"{path} holds passwords, and other users can read it, so it is not used."
            command = shell("chmod", "600", path)
            return [Finding("permissions", Level.ERROR, detail, command)]
        return [Finding("alerts", Level.ERROR, str(error))]
    missing = [name for name in targets if not known.get(name)]
    if not missing:
        return []
    gets = "gets" if len(missing) == 1 else "get"
    detail = f"{path} has no address for {listed(missing)}, which {gets} nothing."
    return [Finding("alerts", Level.ERROR, detail, "tracker notify ls")]


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & _PRIVATE)


def of_schedule(jobs: Sequence[InstalledJob], path: Path, feeds_yaml: Path) -> list[Finding]:
    """Check that the scheduled jobs can run, and with which files."""
    found = []
    for each in jobs:
        if each.problem:
            detail = f"The scheduled {each.job.name} cannot run: {each.problem}."
            command = "tracker schedule install"
            found.append(Finding("schedule", Level.ERROR, detail, command))
        elif each.job.name == "poll":
            found += _of_files(each.job.words, path, feeds_yaml)
    return found


def _of_files(words: Sequence[str], path: Path, feeds_yaml: Path) -> list[Finding]:
    """Check that the job's files are these; a shell in another folder may mean other ones."""
    found = []
    for option, mine in (("--db", path), ("--feeds", feeds_yaml)):
        if option in words[:-1]:
            theirs = Path(words[words.index(option) + 1])
            if real(theirs) != real(mine):
                detail = f"The scheduled poll uses {theirs}, this command {mine}."
                found.append(Finding("schedule", Level.WARNING, detail, "tracker schedule show"))
    return found


def of_program() -> list[Finding]:
    """Check that the packages that tracker requires are installed."""
    from importlib import metadata

    try:
        required = metadata.requires("tracker") or []
    except metadata.PackageNotFoundError:  # run from a folder of sources
        return []
    missing = []
    for line in required:
        name = line.replace("(", " ").replace("[", " ").split()[0].rstrip(";")
        name = name.split("<")[0].split(">")[0].split("=")[0].split("!")[0].split("~")[0]
        if ";" not in line:
            try:
                metadata.version(name)
            except metadata.PackageNotFoundError:
                missing.append(name)
    if not missing:
        return []
    detail = f"Packages that tracker needs are missing: {', '.join(missing)}."
    return [Finding("packages", Level.ERROR, detail, shell("pip", "install", *missing))]
