"""Jobs as launchd agents: a property list for each in ~/Library/LaunchAgents.

launchd.plist(5): a start that is missed asleep is made up for with StartCalendarInterval, and is
skipped with StartInterval.
"""

from __future__ import annotations

import plistlib
import time
from typing import TYPE_CHECKING, Any

from tracker.errors import TrackerError
from tracker.model.schedule import (
    HOURS_OF_A_DAY,
    InstalledJob,
    OtherJob,
    Piece,
    Schedule,
    Scheduler,
    Times,
)
from tracker.schedule.files import in_folder, read, restored_on_failure, write
from tracker.schedule.recognition import job_of, runs_tracker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tracker.model.schedule import Job
    from tracker.schedule.computer import Computer

LABEL = "tracker.schedule."
JOBS = ("poll", "digest")
# `bootout` returns before the job is gone, and `bootstrap` fails until then.
_WAITS = 50
_WAIT_IN_SECONDS = 0.1
_PRIVATE_FOLDERS = ("Desktop", "Documents", "Downloads")


def folder_of(computer: Computer) -> Path:
    """Return the folder of the user's agents."""
    return computer.home / "Library" / "LaunchAgents"


def agent(computer: Computer, job: Job) -> bytes:
    """Return the property list of a job."""
    every = job.starts.hours == HOURS_OF_A_DAY
    hours = [{}] if every else [{"Hour": hour} for hour in job.starts.hours]
    log = str(computer.home / "Library" / "Logs" / f"tracker-{job.name}.log")
    return plistlib.dumps(
        {
            "Label": LABEL + job.name,
            "ProgramArguments": list(job.words),
            "EnvironmentVariables": dict(job.environment),
            "StartCalendarInterval": [
                {**hour, "Minute": minute} for hour in hours for minute in job.starts.minutes
            ],
            "ProcessType": "Background",
            "LowPriorityIO": True,
            "StandardOutPath": log,
            "StandardErrorPath": log,
        },
        sort_keys=False,
    )


def path_of(computer: Computer, name: str) -> Path:
    """Return the path of a job's property list."""
    return folder_of(computer) / f"{LABEL}{name}.plist"


def pieces(computer: Computer, jobs: Iterable[Job]) -> tuple[Piece, ...]:
    """Return what an installation writes."""
    return tuple(
        Piece(str(path_of(computer, job.name)), agent(computer, job).decode()) for job in jobs
    )


def current(computer: Computer) -> tuple[Piece, ...]:
    """Return our property lists as they are now."""
    return tuple(
        Piece(str(path), (read(path) or b"").decode(errors="surrogateescape"))
        for path in ours(computer)
    )


def install(computer: Computer, jobs: Sequence[Job]) -> None:
    """Write the agents of `jobs`, load them, and remove our other agents.

    TrackerError if launchd refuses; the files are then as they were.
    """
    wanted = {path_of(computer, job.name): agent(computer, job) for job in jobs}
    gone = [path for path in ours(computer) if path not in wanted]
    with restored_on_failure([*wanted, *gone]):
        for path in gone:
            _unload(computer, path)
            write(path, None)
        for path, data in wanted.items():
            _unload(computer, path)
            write(path, data)
            (computer.home / "Library" / "Logs").mkdir(parents=True, exist_ok=True)
            done = computer.run("launchctl", "bootstrap", _domain(computer), str(path))
            if done.code != 0:
                reason = done.complaint.rstrip(".") or f"launchctl exits with {done.code}"
                raise TrackerError(f"launchd refused {path}: {reason}.")


def remove(computer: Computer) -> None:
    """Unload our agents and delete their files; TrackerError if launchd refuses."""
    for path in ours(computer):
        _unload(computer, path)
        write(path, None)


def _unload(computer: Computer, path: Path) -> None:
    """Unload the agent of a file, if it is loaded, and wait until it is gone."""
    if not _is_loaded(computer, path):
        return
    done = computer.run("launchctl", "bootout", f"{_domain(computer)}/{path.stem}")
    for _ in range(_WAITS):
        if not _is_loaded(computer, path):
            return
        time.sleep(_WAIT_IN_SECONDS)
    reason = done.complaint.rstrip(".") or "it is still loaded"
    raise TrackerError(f"launchd did not unload {path.stem}: {reason}.")


def _is_loaded(computer: Computer, path: Path) -> bool:
    return computer.run("launchctl", "print", f"{_domain(computer)}/{path.stem}").code == 0


def _domain(computer: Computer) -> str:
    return f"gui/{computer.uid}"


def ours(computer: Computer) -> list[Path]:
    """Return the paths of our property lists that exist."""
    return [path for name in JOBS if (path := path_of(computer, name)).exists()]


def schedule(computer: Computer) -> Schedule:
    """Return the jobs of our agents, and other agents of the user that run tracker."""
    mine = ours(computer)
    jobs: list[InstalledJob] = []
    others: list[OtherJob] = []
    for path in in_folder(folder_of(computer), ".plist"):
        found = _loaded(path)
        words = [str(word) for word in found.get("ProgramArguments", ())]
        if path in mine:
            variables = tuple(dict(found.get("EnvironmentVariables", {})).items())
            job = job_of(words, _times(found), variables)
            problem = "" if _is_loaded(computer, path) else f"{path.stem} is not loaded"
            jobs.append(InstalledJob(job, Scheduler.LAUNCHD, str(path), problem))
        elif runs_tracker(" ".join(words)):
            others.append(OtherJob(Scheduler.LAUNCHD, str(path), " ".join(words)))
    return Schedule(
        tuple(sorted(jobs, key=lambda each: each.job.name, reverse=True)), tuple(others)
    )


def _loaded(path: Path) -> dict[str, Any]:
    """Return a property list, empty if it cannot be parsed."""
    try:
        found = plistlib.loads(read(path) or b"")
    except Exception:  # noqa: BLE001 - plistlib passes on what expat, struct and ast raise
        return {}
    return found if isinstance(found, dict) else {}


def notes(computer: Computer, files: Iterable[Path]) -> tuple[str, ...]:
    """Return what the user should know: macOS asks before a job reads some folders."""
    found = [
        str(path)
        for path in files
        if any(path.is_relative_to(computer.home / name) for name in _PRIVATE_FOLDERS)
    ]
    return tuple(
        f"macOS does not let a job read {path} without your permission; keep it elsewhere."
        for path in found
    )


def _times(found: dict[str, Any]) -> Times | None:
    starts = found.get("StartCalendarInterval")
    if not isinstance(starts, list) or not all(isinstance(s, dict) for s in starts):
        return None
    minutes = tuple(sorted({s["Minute"] for s in starts if "Minute" in s}))
    hours = tuple(sorted({s["Hour"] for s in starts if "Hour" in s}))
    times = Times(hours or HOURS_OF_A_DAY, minutes)
    return times if len(starts) == len(minutes) * max(len(hours), 1) else None
