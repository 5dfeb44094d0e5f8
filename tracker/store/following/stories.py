"""Stories: what the user follows, and what each has learned."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from tracker.errors import NotFoundError, UsageError
from tracker.store.rows import STORY_COLUMNS, story
from tracker.store.times import BEGINNING, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model.core import Story
    from tracker.store.database import Database

NAMELESS = "story"
"""The slug of a story whose title holds neither letter nor digit."""


def create(
    db: Database,
    query: str,
    now: datetime,
    *,
    slug: str | None = None,
    title: str | None = None,
    languages: Sequence[str] = (),
    since: datetime | None = None,
) -> Story:
    """Start a story; within the caller's transaction.

    Without `slug` one is made from the title, with a number behind it where it is taken; else it
    raises as `checked_slug` does.
    """
    title = title or query
    slug = _free_slug(title, set(slugs(db))) if slug is None else checked_slug(db, slug, title)
    row = db.execute(
        "INSERT INTO stories (slug, title, query, created, languages, since)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (slug, title, query, seconds(now), json.dumps(list(languages)), seconds(since)),
    ).fetchone()
    changed(db)
    return by_id(db, row[0], now)


def slugified(text: str) -> str:
    """Return the text as a slug: letters without accents, digits and hyphens, 60 at most.

    "" where it holds neither letter nor digit; no story has that one.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^\w]+|_+", "-", plain).strip("-")[:60].strip("-")


def checked_slug(db: Database, slug: str, title: str) -> str:
    """Return a slug that the user gives to a story of this title.

    Raises UsageError for what is none, and for one that another story has.
    """
    if not slug or slug != slugified(slug):
        example = slugified(slug) or slugified(title) or NAMELESS
        raise UsageError(f"{slug!r} is not a slug; write it like {example!r}.")
    if slug in slugs(db):
        raise UsageError(f"There is a story {slug!r} already; choose another --slug.")
    return slug


def _free_slug(title: str, taken: set[str]) -> str:
    slug, number = slugified(title) or NAMELESS, 2
    while (free := slug if number == 2 else f"{slug}-{number - 1}") in taken:  # noqa: PLR2004 - the second of that name
        number += 1
    return free


def slugs(db: Database) -> list[str]:
    """Return the slugs of all stories, in order."""
    return [row[0] for row in db.execute("SELECT slug FROM stories ORDER BY slug")]


def by_id(db: Database, story_id: int, now: datetime) -> Story:
    """Return the story with this id; KeyError where there is none."""
    found = by_ids(db, [story_id], now)
    if not found:
        raise KeyError(story_id)
    return found[0]


def still(db: Database, story: Story, now: datetime) -> Story:
    """Return a story as it is by now. Raises NotFoundError where another process removed it."""
    for found in by_ids(db, [story.id], now):
        return found
    raise NotFoundError("story", story.slug)


def by_ids(db: Database, story_ids: Iterable[int], now: datetime) -> list[Story]:
    """Return the stories with these ids, those that there are."""
    rows = db.execute(
        f"SELECT {STORY_COLUMNS} FROM stories WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(story_ids)),),
    )
    return [story(row, now) for row in rows]


def find(db: Database, name: str, now: datetime) -> Story:
    """Return the story of this slug, else of this title or query, else of the slug made of it.

    Slugs leave out what tells titles apart: C is the slug of C and of C++. Raises NotFoundError
    with the nearest slug, UsageError where a title or query is that of several stories.
    """
    found = db.execute(
        f"SELECT {STORY_COLUMNS}, CASE WHEN slug = ?1 THEN 0 WHEN ?1 IN (title, query) THEN 1"
        " WHEN title = ?1 COLLATE NOCASE OR query = ?1 COLLATE NOCASE THEN 2 ELSE 3 END AS rank"
        " FROM stories WHERE slug IN (?1, ?2) OR title = ?1 COLLATE NOCASE"
        " OR query = ?1 COLLATE NOCASE ORDER BY rank, slug",
        (name, slugified(name)),
    ).fetchall()
    if not found:
        import difflib

        nearest = difflib.get_close_matches(slugified(name), slugs(db), 1, 0.5)
        raise NotFoundError("story", name, nearest[0] if nearest else None)
    meant = [story(row, now) for row in found if row[-1] == found[0][-1]]
    if len(meant) > 1:
        called = ", ".join(each.slug for each in meant)
        raise UsageError(f"{name!r} names {len(meant)} stories; write the slug of one: {called}.")
    return meant[0]


def everything(db: Database, now: datetime) -> list[Story]:
    """Return all stories, the one started first before the others."""
    rows = db.execute(f"SELECT {STORY_COLUMNS} FROM stories ORDER BY created, id")
    return [story(row, now) for row in rows]


def change(db: Database, story_id: int, **values: Any) -> None:  # noqa: ANN401 - one type a column
    """Set columns of a story: title, query, languages, since, state, muted_until, slug.

    A date not after BEGINNING is kept as none.
    """
    stored = {
        name: json.dumps(list(value))
        if name == "languages"
        else value
        if value is None or isinstance(value, str)
        else None
        if value <= BEGINNING
        else seconds(value)
        for name, value in values.items()
    }
    with db.transaction():
        columns = ", ".join(f"{name} = ?" for name in stored)
        db.execute(f"UPDATE stories SET {columns} WHERE id = ?", (*stored.values(), story_id))
        changed(db)


def remove(db: Database, story_id: int) -> None:
    """Forget a story and its links; items stay."""
    with db.transaction():
        db.execute("DELETE FROM stories WHERE id = ?", (story_id,))
        changed(db)


def profile(db: Database, story_id: int) -> str | None:
    """Return what the story has learned, None for a new one."""
    row = db.execute("SELECT profile FROM stories WHERE id = ?", (story_id,)).fetchone()
    return row[0] if row else None


def save_profiles(db: Database, learned: Iterable[tuple[int, str, Mapping[str, float]]]) -> None:
    """Keep what stories have learned: id, profile and vocabulary (weights by stem).

    To be called within a transaction.
    """
    db.executemany(
        "UPDATE stories SET profile = ?, vocabulary = ? WHERE id = ?",
        ((text, _vocabulary_text(words), id_) for id_, text, words in learned),
    )


def _vocabulary_text(words: Mapping[str, float]) -> str | None:
    return " ".join(f"{stem}:{weight:.4f}" for stem, weight in words.items()) or None


def vocabularies(db: Database) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield id and vocabulary of the stories that have one and are not closed."""
    rows = db.execute(
        "SELECT id, vocabulary FROM stories WHERE state != 'closed' AND vocabulary IS NOT NULL"
    )
    for story_id, text in rows:
        pairs = (pair.rpartition(":") for pair in text.split())
        yield story_id, {stem: float(weight) for stem, _, weight in pairs}


def version(db: Database) -> int:
    """Return a number that grows whenever what is followed, or how, was changed by a command."""
    row = db.execute("SELECT value FROM meta WHERE key = 'stories_version'").fetchone()
    return int(row[0]) if row else 0


def changed(db: Database) -> None:
    """Let a running poll know that it must read the stories again; within a transaction."""
    db.execute(
        "INSERT INTO meta VALUES ('stories_version', '1')"
        " ON CONFLICT (key) DO UPDATE SET value = value + 1"
    )


def begin_with(db: Database, story_id: int, arrival: int, now: datetime) -> None:
    """Note the arrival of what was stored when the story was begun, if that is `now`."""
    db.execute(
        "UPDATE stories SET past = ? WHERE id = ? AND created = ?",
        (arrival, story_id, seconds(now)),
    )


def mark_seen(db: Database, story_id: int, arrival: int, now: datetime) -> None:
    """Note that the story was looked at, and up to which arrival."""
    db.execute(
        "UPDATE stories SET seen = ?, seen_arrival = max(seen_arrival, ?) WHERE id = ?",
        (seconds(now), arrival, story_id),
    )
