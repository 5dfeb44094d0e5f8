"""The errors that a user can understand and fix.

    TrackerError                 exit code 1: the command could not do it
    ├── NotFoundError            no such story, item or feed
    │   └── NothingToUndoError   no decision is left to take back
    ├── PollFailedError          every feed failed (with --strict: any feed)
    ├── FileError                a file that the user asked for cannot be written
    ├── FeedError                one feed could not be read; a poll records it and goes on
    │   └── FeedFormatError      the document is not a feed
    ├── ExtraError               an installed extra cannot be loaded
    ├── UsageError               exit code 2: wrong use or configuration
    │   ├── ConfigError          a file that the user wrote, with its line and key
    │   └── QueryError           a query that cannot be parsed, with the position
    ├── DatabaseError            exit code 3: only the user can fix it
    │   ├── NotOursError         the file is not a tracker database
    │   ├── NewerDatabaseError   a later version of tracker wrote it
    │   └── LockedError          another program kept it locked beyond the time-out
    └── BusyError                exit code 4: another poll is running, or another sends alerts

Each message is one sentence that says what is wrong, where, and what to do. Any other exception is
a bug and keeps its traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tracker.plain_text import safe

if TYPE_CHECKING:
    from pathlib import Path


_WHERE = {
    "story": "tracker stories lists yours",
    "item": "tracker timeline and tracker search show their numbers",
    "feed": "tracker feeds ls lists yours",
    "tag": "tracker feeds ls --long lists yours",
    "pack": "tracker feeds packs lists all",
    "target": "tracker notify ls lists yours",
    "unsent message": "tracker notify ls lists yours",
}
_LONGEST_EXCERPT = 300
_QUERY_AROUND = 100
"""Characters of a query that are shown before a mistake and behind it."""


def excerpt(text: str) -> str:
    """Cut foreign text to 300 characters, so that a message fits on a screen."""
    return text if len(text) <= _LONGEST_EXCERPT else f"{text[: _LONGEST_EXCERPT - 1]}…"


def _marked(query: str, position: int) -> str:
    """Return two rows: the query around a position, and a mark below it; "" for an empty query."""
    if not query.strip():
        return ""
    from unicodedata import combining, east_asian_width

    start, end = max(position - _QUERY_AROUND, 0), position + _QUERY_AROUND
    before = ("…" if start else "") + _row(query[start:position])
    after = _row(query[position:end]) + ("…" if end < len(query) else "")
    # Where the terminal shows it: a Chinese character takes two cells, a combining accent none.
    cells = sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in before)
    return f"\n  {before}{after}\n  {' ' * cells}^"


def _row(text: str) -> str:
    """Return a part of a query without line ends, and without what steers a terminal."""
    return safe("".join(" " if each.isspace() else each for each in text))


class TrackerError(Exception):
    """The command could not do it; `str()` is a sentence for the user."""

    exit_code: ClassVar[int] = 1


class NotFoundError(TrackerError):
    """No story, item, feed, tag or pack has this name; `nearest` is the closest one, or None."""

    def __init__(self, kind: str, name: str, nearest: str | None = None) -> None:
        where = f"; {_WHERE[kind]}." if kind in _WHERE else "."
        hint = f"; did you mean {excerpt(nearest)!r}?" if nearest else where
        super().__init__(f"There is no {kind} {excerpt(name)!r}{hint}")
        self.kind = kind
        self.name = name
        self.nearest = nearest


class NothingToUndoError(NotFoundError):
    """Every accept and reject was taken back."""

    def __init__(self) -> None:
        super().__init__("decision", "")
        self.args = ("No accept, reject or skip is left to take back.",)


class PollFailedError(TrackerError):
    """Every feed that was due failed, or any of them under --strict."""


class FileError(TrackerError):
    """A file that the user asked for cannot be written; the old one, if any, is still there."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class FeedError(TrackerError):
    """One feed could not be read; `reason` completes the sentence "this feed fails: …"."""

    def __init__(self, reason: str) -> None:
        reason = excerpt(reason)
        super().__init__(reason)
        self.reason = reason


class FeedFormatError(FeedError):
    """The document that arrived is not a feed; the reason says what it is instead."""


class UsageError(TrackerError):
    """The command was used wrongly, or is configured wrongly."""

    exit_code: ClassVar[int] = 2


class ExtraError(TrackerError):
    """An extra that is installed cannot be loaded."""

    def __init__(self, extra: str, problem: Exception) -> None:
        super().__init__(
            f"The extra {extra!r} is installed, but cannot be loaded ({problem}); install it"
            f" again: pip install 'tracker[{extra}]'."
        )


class ConfigError(UsageError):
    """A user's file is wrong; `line` counts from 1, None for the whole file."""

    def __init__(
        self, path: Path, problem: str, *, line: int | None = None, key: str | None = None
    ) -> None:
        # With a colon behind it, an address is a key; it may hold a password.
        shown = excerpt(key) if key and "://" not in key else ""
        where = f"{path}" + (f", line {line}" if line else "") + (f", {shown}" if shown else "")
        super().__init__(f"{where}: {problem}")
        self.path = path
        self.line = line
        self.key = key


class QueryError(UsageError):
    """A query cannot be parsed; `position` counts characters of `query` from 0."""

    def __init__(self, query: str, position: int, problem: str) -> None:
        super().__init__(f"{excerpt(problem)}{_marked(query, position)}")
        self.query = query
        self.position = position
        self.problem = problem


class DatabaseError(TrackerError):
    """The database is unusable as it is, and only the user can fix it."""

    exit_code: ClassVar[int] = 3

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path


class NotOursError(DatabaseError):
    """The file is not a tracker database; it was not changed."""


class NewerDatabaseError(DatabaseError):
    """A later version of tracker wrote the file; it was not changed."""


class LockedError(DatabaseError):
    """Another program kept the database locked beyond the time-out."""


class BusyError(TrackerError):
    """Another process is polling into this database, or sending its alerts."""

    exit_code: ClassVar[int] = 4
