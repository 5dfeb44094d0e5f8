"""Install, show and remove jobs, with the scheduler that suits the computer."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tracker.errors import TrackerError, UsageError
from tracker.model.schedule import Change, Schedule, Scheduler
from tracker.schedule import crontab, launchd, systemd
from tracker.schedule.status import file_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.schedule import InstalledJob, Job, OtherJob, Piece
    from tracker.schedule.computer import Computer


class _Backend(Protocol):
    """What each of the modules crontab, systemd and launchd offers."""

    def schedule(self, computer: Computer, /) -> Schedule: ...
    def current(self, computer: Computer, /) -> tuple[Piece, ...]: ...
    def pieces(self, computer: Computer, jobs: Sequence[Job], /) -> tuple[Piece, ...]: ...
    def install(self, computer: Computer, jobs: Sequence[Job], /) -> None: ...
    def remove(self, computer: Computer, /) -> None: ...


_BACKENDS: dict[Scheduler, _Backend] = {
    Scheduler.CRON: crontab,
    Scheduler.SYSTEMD: systemd,
    Scheduler.LAUNCHD: launchd,
}
_PROGRAMS = {
    Scheduler.CRON: "crontab",
    Scheduler.SYSTEMD: "systemctl",
    Scheduler.LAUNCHD: "launchctl",
}


class _Choice(NamedTuple):
    scheduler: Scheduler
    notes: tuple[str, ...] = ()


def install(
    computer: Computer,
    jobs: Sequence[Job],
    wanted: Scheduler | None = None,
    *,
    dry_run: bool = False,
) -> Change:
    """Let a scheduler start `jobs`, in place of our jobs until now, and return what changed.

    `wanted` None keeps the scheduler that has our jobs, else chooses: launchd on macOS, systemd
    where the user's systemd answers, cron elsewhere. `dry_run` changes nothing. UsageError if the
    scheduler is not on this computer, TrackerError if it refuses.
    """
    before = schedule(computer)
    choice = _choose(computer, before.jobs, wanted)
    backend = _BACKENDS[choice.scheduler]
    pieces = backend.pieces(computer, jobs)
    elsewhere = {each.scheduler for each in before.jobs} - {choice.scheduler}
    broken = any(each.problem for each in before.jobs)
    changed = bool(elsewhere) or broken or set(backend.current(computer)) != set(pieces)
    if changed and not dry_run:
        backend.install(computer, jobs)
        for other in elsewhere:
            _BACKENDS[other].remove(computer)
    return Change(
        choice.scheduler,
        tuple(jobs),
        pieces,
        before.jobs,
        before.others,
        (*choice.notes, *before.notes, *_notes(computer, choice.scheduler, jobs)),
        changed,
    )


def schedule(computer: Computer) -> Schedule:
    """Return our jobs and other jobs that run tracker, of all schedulers of this computer."""
    jobs: list[InstalledJob] = []
    others: list[OtherJob] = []
    notes: list[str] = []
    for scheduler, backend in _BACKENDS.items():
        if not _is_there(computer, scheduler):
            continue
        try:
            found = backend.schedule(computer)
        except TrackerError as error:
            notes.append(str(error))
            continue
        jobs += [replace(each, problem=each.problem or problem_of(each.job)) for each in found.jobs]
        others += found.others
    return Schedule(tuple(jobs), tuple(others), tuple(notes))


def remove(computer: Computer) -> Schedule:
    """Remove our jobs from all schedulers; return what they were, and what is left of others.

    TrackerError if a scheduler cannot be read, or refuses.
    """
    before = schedule(computer)
    for scheduler, backend in _BACKENDS.items():
        if _is_there(computer, scheduler):
            backend.remove(computer)
    return before


def problem_of(job: Job) -> str:
    """Return why the command of a job cannot be started, "" if it can."""
    path = Path(job.words[0]) if job.words else Path("tracker")
    if not path.is_file():
        return f"{path} does not exist any more"
    return "" if os.access(path, os.X_OK) else f"{path} is not executable"


def _is_there(computer: Computer, scheduler: Scheduler) -> bool:
    return computer.which(_PROGRAMS[scheduler]) is not None


def _choose(computer: Computer, jobs: Sequence[InstalledJob], wanted: Scheduler | None) -> _Choice:
    """Return the scheduler to use; UsageError if this computer has none that will do."""
    chosen = wanted
    if chosen is None and jobs:
        chosen = jobs[0].scheduler
    if chosen is None and computer.platform == "darwin":
        chosen = Scheduler.LAUNCHD
    if chosen is None:
        systemctl = _is_there(computer, Scheduler.SYSTEMD)
        chosen = Scheduler.SYSTEMD if systemctl else Scheduler.CRON
    notes: tuple[str, ...] = ()
    if chosen is Scheduler.SYSTEMD and (reason := systemd.unreachable(computer)):
        if not _is_there(computer, Scheduler.CRON):
            raise UsageError(
                f"systemd cannot be used ({reason}), and there is no crontab; install cron, or "
                "log in so that you have a session of systemd."
            )
        chosen = Scheduler.CRON
        notes = (f"systemd cannot be used ({reason}), so cron starts the job.",)
    if not _is_there(computer, chosen):
        raise UsageError(
            f"There is no program {_PROGRAMS[chosen]} on this computer; install it, or name "
            "another scheduler with --with."
        )
    return _Choice(chosen, notes)


def _notes(computer: Computer, scheduler: Scheduler, jobs: Sequence[Job]) -> tuple[str, ...]:
    if scheduler is Scheduler.SYSTEMD:
        return systemd.notes(computer)
    if scheduler is Scheduler.LAUNCHD:
        files = {
            file for job in jobs for option in ("--db", "--feeds") if (file := file_of(job, option))
        }
        return launchd.notes(computer, [Path(file) for file in sorted(files)])
    return ()
