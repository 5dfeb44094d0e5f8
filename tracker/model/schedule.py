"""The data of a schedule: jobs that cron, systemd or launchd starts at times of the day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.polling import PollReport

HOURS_OF_A_DAY = tuple(range(24))
_MINUTES_OF_A_DAY = 24 * 60


class Scheduler(StrEnum):
    """The program that starts jobs."""

    CRON = "cron"
    SYSTEMD = "systemd"
    LAUNCHD = "launchd"


class Times(NamedTuple):
    """When a job starts: at each of `minutes` in each of `hours`, in local time, sorted."""

    hours: tuple[int, ...]
    minutes: tuple[int, ...]

    @property
    def interval_in_minutes(self) -> int | None:
        """The time between two starts, None where it varies over the day."""
        starts = [hour * 60 + minute for hour in self.hours for minute in self.minutes]
        following = [*starts[1:], starts[0] + _MINUTES_OF_A_DAY]
        between = {after - before for before, after in zip(starts, following, strict=True)}
        return between.pop() if len(between) == 1 else None


@dataclass(frozen=True, slots=True)
class Job:
    """A command that a scheduler starts.

    `name` is poll or digest. `words` are the command, the path of tracker first. `times` is None
    for a job that was found with times that cannot be read. `environment` are the variables that
    the scheduler does not set by itself.
    """

    name: str
    words: tuple[str, ...]
    times: Times | None
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def starts(self) -> Times:
        """The times of a job that is to be installed; ValueError where they are unknown."""
        if self.times is None:
            raise ValueError(self)
        return self.times


@dataclass(frozen=True, slots=True)
class InstalledJob:
    """A job of ours that was found.

    `place` says where, for a person. `problem` says in a sentence why the job cannot run, "" for
    none.
    """

    job: Job
    scheduler: Scheduler
    place: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class JobState:
    """An installed job with its starts, past and next.

    `last_poll` is that of the job's database, None for none and for the digest. `next_start` is
    None where the times cannot be read. `missed` is the start since which a poll is missing, None
    if there is one.
    """

    installed: InstalledJob
    last_poll: PollReport | None
    next_start: datetime | None
    missed: datetime | None


@dataclass(frozen=True, slots=True)
class OtherJob:
    """A job that also runs `tracker poll` or `tracker digest`, but is not ours.

    `text` is its line or command.
    """

    scheduler: Scheduler
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is scheduled now: our jobs, and those of others.

    `notes` are sentences on what could not be read.
    """

    jobs: tuple[InstalledJob, ...]
    others: tuple[OtherJob, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """What is written to one place: the text of a file, or the block in the crontab."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an installation did, or would do.

    `pieces` are what the scheduler is given, `before` our jobs until then, `others` the jobs that
    are not ours. `notes` are sentences that the user should read. `changed` is false where all of
    it stood there already.
    """

    scheduler: Scheduler
    jobs: tuple[Job, ...]
    pieces: tuple[Piece, ...]
    before: tuple[InstalledJob, ...]
    others: tuple[OtherJob, ...]
    notes: tuple[str, ...]
    changed: bool
