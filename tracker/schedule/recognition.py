"""Which commands of a scheduler run tracker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.model.schedule import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.schedule import Times

_RUNS_TRACKER = re.compile(r"""(?:^|[\s/"'])tracker["']?\s(?:.*\s)?["']?(?:poll|digest)\b""")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


def runs_tracker(command: str) -> bool:
    """Whether a command line runs `tracker poll` or `tracker digest`."""
    return _RUNS_TRACKER.search(" ".join(command.split())) is not None


def job_of(
    words: Sequence[str], times: Times | None, environment: Sequence[tuple[str, str]] = ()
) -> Job:
    """Return the job of a command line; variables that `env` sets are its environment."""
    rest, variables = list(words), list(environment)
    if rest and rest[0] == "/usr/bin/env":
        del rest[0]
        while rest and _ASSIGNMENT.match(rest[0]):
            name, _, value = rest.pop(0).partition("=")
            variables.append((name, value))
    name = "digest" if "digest" in rest else "poll"
    return Job(name, tuple(rest), times, tuple(variables))
