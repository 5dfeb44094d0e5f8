"""How installed jobs fare: the last poll, the next start, and a start without a poll."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.model.schedule import JobState
from tracker.schedule.plan import last_start, next_start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

    from tracker.model.polling import PollReport
    from tracker.model.schedule import InstalledJob, Job

# A timer of systemd may start two minutes late, and a poll is recorded when it ends.
GRACE = timedelta(minutes=10)


def states(
    jobs: Sequence[InstalledJob],
    last_poll: Callable[[Path], PollReport | None],
    now: datetime,
    zone: tzinfo | None,
) -> list[JobState]:
    """Return the state of each job; `last_poll` gives the last poll of a database."""
    return [_state(each, last_poll, now, zone) for each in jobs]


def _state(
    each: InstalledJob,
    last_poll: Callable[[Path], PollReport | None],
    now: datetime,
    zone: tzinfo | None,
) -> JobState:
    times = each.job.times
    following = next_start(times, now, zone) if times else None
    path = file_of(each.job, "--db") if each.job.name == "poll" else None
    poll = last_poll(Path(path)) if path else None
    missed = None
    if poll is not None and times is not None:
        due = last_start(times, now - GRACE, zone)
        missed = due if poll.started < due else None
    return JobState(each, poll, following, missed)


def file_of(job: Job, option: str) -> str | None:
    """Return the file that a job names with an option such as --db, None without it."""
    for given, value in zip(job.words, job.words[1:], strict=False):
        if given == option:
            return value
    return None
