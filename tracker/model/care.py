"""The data of backups, restores, checks and purges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a database holds; `schema` is how many migrations it has seen."""

    items: int
    stories: int
    links: int
    feeds: int
    schema: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup.

    `beside` are the files of the user that were copied with it, `removed` the older backups that
    made room for it.
    """

    path: Path
    size_in_bytes: int
    contents: Contents
    beside: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A finished restore.

    `kept` is the file that has the database as it was before, None if there was none. `feed_list`
    is the feeds.yaml that was put back, `other_feed_list` the one of the backup that was not, as
    another one is there; both may be None.
    """

    source: Path
    contents: Contents
    kept: Path | None
    feed_list: Path | None = None
    other_feed_list: Path | None = None


class Level(StrEnum):
    """How bad a finding is: an ERROR keeps tracker from its work, a WARNING may do so later."""

    ERROR = "error"
    WARNING = "warning"


CHECKS = {
    "database": "there is a database, and this user may write it",
    "readable": "SQLite can open the file",
    "identity": "it is a database of tracker",
    "schema": "it is of this version",
    "damage": "SQLite finds its pages in order",
    "references": "no row refers to one that is gone",
    "index": "the full-text index is sound and complete",
    "journal": "it is in WAL mode, in which reading waits for nobody",
    "log": "the log beside it is small",
    "permissions": "no other user can read what holds passwords",
    "disk": "the disk has room for a copy",
    "folder": "it is on a disk of this computer, and no program copies the folder elsewhere",
    "poll-lock": "no poll runs for hours, and its lock is sound",
    "queue": "no poll was interrupted",
    "clock": "no poll was in the future",
    "polls": "polls are made",
    "schedule": "the scheduled job can run, with this database and feed list, and does",
    "feed-list": "feeds.yaml can be read and is valid, and lists feeds",
    "settings": "the environment gives valid settings",
    "feeds-failing": "no feed has failed for days",
    "feeds-gone": "no feed is gone",
    "feeds-silent": "every feed brings something, by its own rhythm",
    "stories": "no story takes up a large part of all items",
    "alerts": "alerts.conf is valid, and every alert was sent",
    "backup": "there is a backup of the last month",
    "packages": "the packages that tracker needs are installed",
}
"""What is checked, by the names of findings, in the order in which they are reported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    `name` is the check, one of `CHECKS`. `detail` is a sentence, `command` what mends it, "" where
    no command does.
    """

    name: str
    level: Level
    detail: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings, in the order of `CHECKS`, and how much the database holds.

    The counts are None where it cannot be read.
    """

    findings: tuple[Finding, ...]
    stories: int | None = None
    items: int | None = None
    feeds: int | None = None

    def count(self, level: Level) -> int:
        """Return how many findings have a level."""
        return sum(each.level is level for each in self.findings)


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did: the copy made before, rows without their owner, items indexed anew."""

    kept: Path
    removed: int
    indexed: int


@dataclass(frozen=True, slots=True)
class Purge:
    """What a purge removed, or would remove.

    `cutoff` is the time before which items have to be dated and stored. `by_feed` counts items by
    the feed's title, the most first; `size_in_bytes` is the text of the items. `kept` are items as
    old that stay, as a story or the feed's document has them. `freed_in_bytes` is by how much the
    file shrank, None if it was not asked to.
    """

    cutoff: datetime
    items: int
    by_feed: tuple[tuple[str, int], ...]
    size_in_bytes: int
    kept: int
    freed_in_bytes: int | None = None
