"""What the tools work with: the files, the clock, and what an assistant may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, tzinfo
    from pathlib import Path

    from tracker.settings import Value

CHANGES = (
    "follow",
    "accept",
    "reject",
    "skip",
    "undo",
    "mute",
    "close",
    "reopen",
    "mark_seen",
    "poll",
)
"""The tools that change something, each allowed by its name."""
ALL = "all"


class Desk(NamedTuple):
    """What the tools work with.

    `zone` is that of the days, None for the computer's own. `overrides` are the settings that the
    environment gives, by key.
    """

    db_path: Path
    feeds_path: Path
    clock: Callable[[], datetime]
    zone: tzinfo | None
    overrides: Mapping[str, Value]
    allowed: frozenset[str] = frozenset()


def allowed(given: Iterable[str]) -> frozenset[str]:
    """Return the tools that a list of names allows; names may be joined by commas.

    Raises UsageError for a name that is not a tool that changes something.
    """
    names = {
        name.strip().casefold().replace("-", "_") for each in given for name in each.split(",")
    }
    names.discard("")
    if unknown := sorted(names - {*CHANGES, ALL}):
        raise UsageError(
            f"--allow {unknown[0]!r} is not a tool that changes something; there are"
            f" {', '.join(CHANGES)} and {ALL}."
        )
    return frozenset(CHANGES) if ALL in names else frozenset(names)
