"""Jobs as systemd user timers: a service and a timer for each, in ~/.config/systemd/user.

systemd.timer(5) and systemd.service(5) describe the files.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

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

    from tracker.model.schedule import Job
    from tracker.schedule.computer import Computer, Finished

MARKER = "# Written by `tracker schedule`, which replaces and deletes this file."
JOBS = ("poll", "digest")
LINGERING = (
    "systemd starts the job only while you are logged in; `loginctl enable-linger` lets it "
    "start always."
)
_TITLES = {"poll": "Poll the feeds of tracker", "digest": "Send the digest of tracker"}
_CALENDAR = re.compile(r"^OnCalendar=\*-\*-\* (\*|[\d,]+):([\d,]+):00$", re.MULTILINE)
_COMMAND = re.compile(r"^ExecStart=(.*)$", re.MULTILINE)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def folder_of(computer: Computer) -> Path:
    """Return the folder of the user's units."""
    config = computer.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else computer.home / ".config") / "systemd" / "user"


def unreachable(computer: Computer) -> str:
    """Return why the user's systemd cannot be reached, "" if it can."""
    if computer.which("systemctl") is None:
        return "there is no systemctl"
    done = computer.run("systemctl", "--user", "show", "--property=Version")
    if done.code == 0:
        return ""
    # What follows the colon or bracket is advice to the administrator of a container.
    return re.split(r": | \(", done.complaint)[0] or f"systemctl exits with {done.code}"


def units(jobs: Iterable[Job]) -> dict[str, str]:
    """Return the text of each unit file, by its name."""
    found: dict[str, str] = {}
    for job in jobs:
        found[f"tracker-{job.name}.service"] = _service(job)
        found[f"tracker-{job.name}.timer"] = _timer(job)
    return found


def pieces(computer: Computer, jobs: Iterable[Job]) -> tuple[Piece, ...]:
    """Return what an installation writes."""
    folder = folder_of(computer)
    return tuple(Piece(str(folder / name), text) for name, text in units(jobs).items())


def current(computer: Computer) -> tuple[Piece, ...]:
    """Return our unit files as they are now."""
    return tuple(
        Piece(str(path), (read(path) or b"").decode(errors="surrogateescape"))
        for path in ours(computer)
    )


def install(computer: Computer, jobs: Sequence[Job]) -> None:
    """Write the units of `jobs`, start their timers, and remove those of our other jobs.

    TrackerError if a file of that name is not ours, or if systemd refuses; the files are then as
    they were.
    """
    wanted = {folder_of(computer) / name: text for name, text in units(jobs).items()}
    gone = [path for path in ours(computer) if path not in wanted]
    for path in wanted:
        if (data := read(path)) is not None and not _is_ours(data):
            raise TrackerError(
                f"{path} was not written by `tracker schedule`; move it away, then try again."
            )
    with restored_on_failure([*wanted, *gone]):
        _stop(computer, gone)
        for path, text in wanted.items():
            write(path, text.encode())
        _systemctl(computer, "daemon-reload")
        timers = [path.name for path in wanted if path.suffix == ".timer"]
        _systemctl(computer, "enable", "--now", *timers)
        # A timer that runs keeps its old times until it is started anew.
        _systemctl(computer, "restart", *timers)


def remove(computer: Computer) -> None:
    """Stop our timers and delete our units; TrackerError if systemd refuses."""
    paths = ours(computer)
    _stop(computer, paths)
    if paths and not unreachable(computer):
        _systemctl(computer, "daemon-reload")


def _stop(computer: Computer, paths: Sequence[Path]) -> None:
    timers = [path.name for path in paths if path.suffix == ".timer"]
    if timers and not unreachable(computer):
        _systemctl(computer, "disable", "--now", *timers)
    for path in paths:
        write(path, None)
        # What `enable` made, where no systemd could be asked to take it back.
        wants = path.parent / "timers.target.wants" / path.name
        if wants.is_symlink():
            write(wants, None)


def _systemctl(computer: Computer, *words: str) -> Finished:
    done = computer.run("systemctl", "--user", *words)
    if done.code != 0:
        reason = done.complaint.rstrip(".") or f"systemctl exits with {done.code}"
        raise TrackerError(f"systemd refused `systemctl --user {' '.join(words)}`: {reason}.")
    return done


def ours(computer: Computer) -> list[Path]:
    """Return the paths of our unit files that exist."""
    folder = folder_of(computer)
    paths = [
        folder / f"tracker-{name}.{suffix}" for name in JOBS for suffix in ("service", "timer")
    ]
    return [path for path in paths if _is_ours(read(path))]


def _is_ours(data: bytes | None) -> bool:
    return data is not None and data.startswith(MARKER.encode())


def schedule(computer: Computer) -> Schedule:
    """Return the jobs of our units, and other units of the user that run tracker."""
    folder = folder_of(computer)
    mine = ours(computer)
    answers = bool(mine) and not unreachable(computer)
    jobs: list[InstalledJob] = []
    for path in (path for path in mine if path.suffix == ".timer"):
        job = job_of(
            _words((read(path.with_suffix(".service")) or b"").decode(errors="replace")),
            _times((read(path) or b"").decode(errors="replace")),
        )
        problem = ""
        if answers and computer.run("systemctl", "--user", "is-active", path.name).code != 0:
            problem = f"{path.name} is not running"
        jobs.append(InstalledJob(job, Scheduler.SYSTEMD, str(path), problem))
    others = [
        OtherJob(Scheduler.SYSTEMD, str(path), command)
        for path in in_folder(folder, ".service")
        if path not in mine
        for command in _COMMAND.findall((read(path) or b"").decode(errors="replace"))
        if runs_tracker(command)
    ]
    return Schedule(tuple(jobs), tuple(others))


def notes(computer: Computer) -> tuple[str, ...]:
    """Return what the user should know: timers stop at logout unless lingering is enabled."""
    user = computer.environ.get("USER") or str(computer.uid)
    if computer.which("loginctl") is not None:
        done = computer.run("loginctl", "show-user", user, "--property=Linger", "--value")
        if done.code == 0 and done.output.strip() == b"yes":
            return ()
    return (LINGERING,)


def _service(job: Job) -> str:
    variables = "".join(
        f"Environment={_quoted(f'{name}={value}')}\n" for name, value in job.environment
    )
    # systemd expands $ in arguments, but not in the program's path.
    words = ("/usr/bin/env", *job.words) if "$" in job.words[0] else job.words
    command = " ".join(_quoted(word).replace("$", "$$") for word in words)
    return (
        f"{MARKER}\n[Unit]\nDescription={_TITLES[job.name]}\n\n[Service]\nType=oneshot\n"
        f"{variables}ExecStart={command}\nNice=10\n"
    )


def _timer(job: Job) -> str:
    hours = "*" if job.starts.hours == HOURS_OF_A_DAY else _listed(job.starts.hours)
    # A poll may start a little later; a digest is wanted at its minute.
    delay = "RandomizedDelaySec=2min\n" if job.name == "poll" else ""
    return (
        f"{MARKER}\n[Unit]\nDescription={_TITLES[job.name]} on time\n\n[Timer]\n"
        f"OnCalendar=*-*-* {hours}:{_listed(job.starts.minutes)}:00\n{delay}Persistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(f"{number:02}" for number in numbers)


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _words(service: str) -> list[str]:
    found = _COMMAND.search(service)
    words = _QUOTED.findall(found[1]) if found else []
    return [re.sub(r"\\(.)", r"\1", w).replace("%%", "%").replace("$$", "$") for w in words]


def _times(timer: str) -> Times | None:
    found = _CALENDAR.search(timer)
    if found is None:
        return None
    hours = HOURS_OF_A_DAY if found[1] == "*" else _numbers(found[1])
    return Times(hours, _numbers(found[2]))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(",") if number)
