"""Pages of an answer: so many rows, so many characters, and a cursor that leads on.

Rows are sorted by descending keys, and a cursor is the key of the last row shown. What a poll
brings between two pages therefore neither repeats a row nor hides one.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tracker.assistant.quoting import MOST_CHARACTERS, MOST_ROWS, size
from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")
Key = tuple[int, ...]

# What an answer has besides its rows: the names of fifty stories, or ten outages, or the
# understanding of a query. A development of six long reports takes less than the rest.
_BESIDE = 14_000


class Asked(NamedTuple):
    """Which page of a tool's answer is asked for; `cursor` is None for the first."""

    tool: str
    limit: int
    cursor: str | None = None


def page(
    asked: Asked,
    rows: Iterable[T],
    key: Callable[[T], Key],
    shaped: Callable[[T], R],
) -> tuple[tuple[R, ...], str | None]:
    """Return a page of rows, and the cursor of the next one; None if there is none.

    `rows` are sorted by `key`, the greatest first; `shaped` makes an answer's row, a dataclass, of
    one. A page has one row at least, however long. Raises UsageError for a wrong cursor.
    """
    after = None if asked.cursor is None else _key(asked.tool, asked.cursor)
    most = min(asked.limit, MOST_ROWS)
    shown: list[R] = []
    left = MOST_CHARACTERS - _BESIDE
    last: Key = ()
    for row in rows:
        if after is not None and key(row) >= after:
            continue
        made = shaped(row)
        left -= size(asdict(made))  # type: ignore[call-overload]  # every row is a dataclass
        if shown and (left < 0 or len(shown) == most):
            return tuple(shown), _cursor(asked.tool, last)
        shown.append(made)
        last = key(row)
    return tuple(shown), None


def _cursor(tool: str, key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps([tool, *key]).encode()).decode().rstrip("=")


def _key(tool: str, cursor: str) -> Key:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found: Any = json.loads(base64.urlsafe_b64decode(padded))
    except (UnicodeError, ValueError, binascii.Error, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) < 2 or found[0] != tool:  # noqa: PLR2004 - and a key
        raise _not_ours(tool)
    if not all(type(each) is int for each in found[1:]):
        raise _not_ours(tool)
    return tuple(found[1:])


def _not_ours(tool: str) -> UsageError:
    return UsageError(f"The cursor is not one that {tool} gave; leave it out to begin again.")
