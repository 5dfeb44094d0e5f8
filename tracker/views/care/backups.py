"""Backups, restores and purges, in words."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.text import Text

from tracker.plain_text import plain
from tracker.views.text import file_row, hint, lines
from tracker.wording import count, listed

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.model.care import Backup, Contents, Restored

_KIBI = 1024
_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB")


def size(number: int) -> str:
    """Return "512 bytes", "59 MiB", "1.2 GiB"."""
    if number < _KIBI:
        return count(number, "byte")
    value = float(number)
    units = iter(_UNITS)
    unit = ""
    while value >= _KIBI:
        value, unit = value / _KIBI, next(units)
    return f"{value:.1f} {unit}" if value < 10 else f"{value:,.0f} {unit}"  # noqa: PLR2004 - digits


def contents(value: Contents) -> str:
    """Return "3 stories, 1,204 items and 83 feeds"."""
    return listed(
        [
            count(value.stories, "story", "stories"),
            count(value.items, "item"),
            count(value.feeds, "feed"),
        ]
    )


def backed_up(value: Backup) -> Text:
    """Return what a backup holds, where it is, and how it is put back."""
    found = [
        Text(f"Backed up {contents(value.contents)} ({size(value.size_in_bytes)}), and checked:"),
        *_files([value.path, *value.beside]),
    ]
    if value.removed:
        found.append(Text(f"Removed {count(len(value.removed), 'older backup')}."))
    return lines(
        [
            *found,
            hint("", f"tracker restore {plain(shlex.quote(str(value.path)))}", " puts it back."),
        ]
    )


def restored(value: Restored) -> Text:
    """Return what is there again, and where the database is that was there before."""
    found = [Text(f"Restored {contents(value.contents)} from {plain(str(value.source))}.")]
    if value.kept:
        found += [Text("The database as it was before:"), *_files([value.kept])]
    if value.feed_list:
        found += [Text("The feed list is that of the backup:"), *_files([value.feed_list])]
    if value.other_feed_list:
        found += [
            Text("Your feed list stays; that of the backup differs:"),
            *_files([value.other_feed_list]),
            hint("", "--feed-list", " takes it, too."),
        ]
    return lines(found)


def _files(paths: list[Path]) -> list[Text]:
    return [file_row(str(path)) for path in paths]
