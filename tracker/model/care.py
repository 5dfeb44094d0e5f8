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


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    `name` identifies the check for scripts. `detail` is a sentence, `command` what mends it, ""
    where no command does.
    """

    name: str
    level: Level
    detail: str
    command: str = ""


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
