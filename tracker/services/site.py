"""All stories as a folder of files: a page of them all, and of each its page and its Atom feed."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker import files
from tracker.errors import FileError
from tracker.export.atom import atom
from tracker.export.html import index_page, story_page
from tracker.model.core import Status
from tracker.store.following import timelines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo
    from pathlib import Path

    from tracker.store.database import Database

MARKER = (
    "Made by tracker as part of a site: replaced at each export, removed when its story is gone."
)
"""A comment near the top of every file of a site; no other file is replaced or removed."""
INDEX, FEED = "index.html", "feed.atom"
_MARKED_WITHIN_BYTES = 400


@dataclass(frozen=True, slots=True)
class Site:
    """What was written: how many stories, and the files that were removed."""

    stories: int
    removed: tuple[Path, ...]


def write_site(db: Database, folder: Path, *, now: datetime, zone: tzinfo | None) -> Site:
    """Write the pages and feeds of all stories below `folder`, and remove those of stories gone.

    A story is in the folder of its slug. Nothing is marked as seen. Raises FileError for a file
    that cannot be written, and before anything is written for one that is in the way and was not
    made by an earlier call.
    """
    values = timelines.summaries(db, now)
    slugs = {value.story.slug for value in values}
    for path in (
        folder / INDEX,
        *(folder / slug / name for slug in slugs for name in (INDEX, FEED)),
    ):
        if os.path.lexists(path) and not _is_marked(path):
            raise FileError(path, "was not made by tracker; move it away, or name another folder.")
    window = timelines.Window(maybe=True, all_outages=True)
    for value in values:
        found = timelines.timeline(db, value.story, window, now)
        page = story_page(found, now=now, zone=zone, marker=MARKER, index=f"../{INDEX}", feed=FEED)
        files.replace(folder / value.story.slug / INDEX, page.encode())
        sure = tuple(r for r in found.reports if r.link.status is not Status.MAYBE)
        found = replace(found, reports=sure)
        feed = atom(found, now=now, zone=zone, marker=MARKER, page=INDEX)
        files.replace(folder / value.story.slug / FEED, feed.encode())
    files.replace(folder / INDEX, index_page(values, now=now, zone=zone, marker=MARKER).encode())
    return Site(len(values), tuple(_remove_gone(folder, slugs)))


def _remove_gone(folder: Path, slugs: set[str]) -> Iterator[Path]:
    """Remove what earlier calls made of stories that are gone, and folders that are empty then."""
    for place in sorted(folder.iterdir()):
        if place.name in slugs or place.is_symlink() or not place.is_dir():
            continue
        made = [path for path in (place / INDEX, place / FEED) if _is_marked(path)]
        for path in made:
            files.remove(path)
            yield path
        if made and not any(place.iterdir()):
            files.remove(place)


def _is_marked(path: Path) -> bool:
    """Tell whether an earlier call made the file; of one that cannot be read, that it did not."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return MARKER.encode() in file.read(_MARKED_WITHIN_BYTES)
    except OSError:
        return False
