"""Jobs in the user's crontab: one block between two marker lines, other lines byte for byte.

The block holds no variables: in a crontab they would apply to all later lines.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from tracker.errors import TrackerError, UsageError
from tracker.model.schedule import (
    HOURS_OF_A_DAY,
    InstalledJob,
    Job,
    OtherJob,
    Piece,
    Schedule,
    Scheduler,
    Times,
)
from tracker.schedule.recognition import job_of, runs_tracker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.schedule.computer import Computer, Finished

BEGIN = b"# BEGIN tracker (`tracker schedule` replaces these lines)"
END = b"# END tracker"
_BEGINS = b"# BEGIN tracker"
PLACE = "your crontab"
# Cronie and Debian's cron read 998 bytes of a command, and refuse a crontab with a longer one.
_LONGEST_COMMAND = 990
_MINUTES = tuple(range(60))
_LINE = re.compile(r"(\S+)\s+(\S+)\s+\*\s+\*\s+\*\s+(.*)")
# busybox says that the file does not exist.
_EMPTY = re.compile(r"no crontab for |can't open '[^']*': No such file or directory")


def read(computer: Computer) -> bytes:
    """Return the user's crontab, b"" without one; TrackerError if it cannot be read."""
    done = computer.run("crontab", "-l")
    if done.code == 0:
        return done.output
    if done.code == 1 and _EMPTY.search(done.complaint):
        return b""
    raise _failed("Your crontab cannot be read, so nothing was changed", done)


def write(computer: Computer, before: bytes, after: bytes) -> None:
    """Replace the user's crontab; TrackerError if cron refuses it or keeps something else.

    `before` is what was read: a crontab that another program changed since then is left alone.
    """
    if read(computer) != before:
        raise TrackerError("Your crontab was changed by another program meanwhile; try again.")
    done = computer.run("crontab", "-", data=after)
    if done.code != 0:
        raise _failed("cron refused the new crontab, and the old one stays", done)
    if read(computer) != after:
        raise TrackerError(
            "Your crontab does not hold what was written; look at it with `crontab -l`."
        )


def _failed(what: str, done: Finished) -> TrackerError:
    reason = done.complaint.rstrip(".") or f"crontab exits with {done.code}"
    return TrackerError(f"{what}: {reason}.")


def with_block(crontab: bytes, jobs: Sequence[Job]) -> bytes:
    """Return a crontab with a block for `jobs`: in place of the old one, else at the end.

    A final newline is added where it is missing: cron refuses a crontab without it. TrackerError
    for a block without its end.
    """
    before, _, after = _split(crontab)
    block = block_of(jobs).encode()
    if before and not before.endswith(b"\n"):
        before += b"\n"
    return before + block + after


def without_block(crontab: bytes) -> bytes:
    """Return a crontab without our block; TrackerError for a block without its end."""
    before, _, after = _split(crontab)
    return before + after


def block_of(jobs: Iterable[Job]) -> str:
    """Return the block that starts `jobs`, its markers included."""
    lines = [BEGIN.decode(), *(_line(job) for job in jobs), END.decode()]
    return "".join(f"{line}\n" for line in lines)


def current(computer: Computer) -> tuple[Piece, ...]:
    """Return the block that the crontab has now, nothing without one."""
    _, block, _ = _split(read(computer))
    return (Piece(PLACE, block.decode(errors="surrogateescape")),) if block else ()


def install(computer: Computer, jobs: Sequence[Job]) -> None:
    """Put a block for `jobs` into the user's crontab; TrackerError if cron refuses it."""
    before = read(computer)
    write(computer, before, with_block(before, jobs))


def remove(computer: Computer) -> None:
    """Take our block out of the user's crontab; TrackerError if cron refuses the rest."""
    before = read(computer)
    if (after := without_block(before)) != before:
        write(computer, before, after)


def pieces(_: Computer, jobs: Sequence[Job]) -> tuple[Piece, ...]:
    """Return what an installation writes."""
    return (Piece(PLACE, block_of(jobs)),)


def schedule(computer: Computer) -> Schedule:
    """Return the jobs of the user's crontab: those of our block, and others that run tracker.

    TrackerError if it cannot be read, or for a block without its end.
    """
    before, block, after = _split(read(computer))
    jobs = [_job(line) for line in _texts(block) if line and line[0] != "#"]
    others = [
        OtherJob(Scheduler.CRON, f"{PLACE}, line {number}", line)
        for lines, offset in ((before, 1), (after, 1 + (before + block).count(b"\n")))
        for number, line in enumerate(_texts(lines), offset)
        if not line.startswith("#") and runs_tracker(line)
    ]
    return Schedule(tuple(InstalledJob(job, Scheduler.CRON, PLACE) for job in jobs), tuple(others))


def _texts(lines: bytes) -> list[str]:
    return [line.decode(errors="replace").strip() for line in lines.split(b"\n")]


def _split(crontab: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what stands before our block, the block (b"" without one), and what stands after."""
    lines = re.findall(rb"[^\n]*\n|[^\n]+", crontab)
    begins = [number for number, line in enumerate(lines) if line.startswith(_BEGINS)]
    ends = [number for number, line in enumerate(lines) if line.strip() == END]
    if not begins and not ends:
        return crontab, b"", b""
    if len(begins) != 1 or len(ends) != 1 or begins > ends:
        marks = ", ".join(str(number + 1) for number in sorted(begins + ends))
        raise TrackerError(
            "The block of tracker in your crontab needs one line `# BEGIN tracker` and one "
            f"`# END tracker` (found: line {marks}); mend it with `crontab -e`."
        )
    first, last = begins[0], ends[0] + 1
    return b"".join(lines[:first]), b"".join(lines[first:last]), b"".join(lines[last:])


def _line(job: Job) -> str:
    command = " ".join(_quoted(word) for word in _command(job))
    if len(command.encode()) > _LONGEST_COMMAND:
        raise UsageError(
            f"The command has more than the {_LONGEST_COMMAND} bytes that cron reads; give the "
            "database and the feed list shorter paths with --db and --feeds."
        )
    hours = _field(job.starts.hours, HOURS_OF_A_DAY)
    return f"{_field(job.starts.minutes, _MINUTES)} {hours} * * * {command}"


def _command(job: Job) -> tuple[str, ...]:
    """Return the words of a job behind `env`, which works in whatever SHELL the crontab sets."""
    return ("/usr/bin/env", *(f"{name}={value}" for name, value in job.environment), *job.words)


def _quoted(word: str) -> str:
    r"""Return a word for /bin/sh, with % as \% outside of quotes.

    cron reads % as a newline and takes the backslash away. busybox does neither: there the shell
    takes it away.
    """
    return r"\%".join(shlex.quote(part) if part else "" for part in word.split("%")) or "''"


def _field(values: tuple[int, ...], every: tuple[int, ...]) -> str:
    return "*" if values == every else ",".join(map(str, values))


def _values(field: str, every: tuple[int, ...]) -> tuple[int, ...] | None:
    if field == "*":
        return every
    if not re.fullmatch(r"\d{1,2}(?:,\d{1,2})*", field):
        return None
    found = tuple(sorted({int(number) for number in field.split(",")}))
    return found if set(found) <= set(every) else None


def _job(line: str) -> Job:
    found = _LINE.fullmatch(line)
    minutes = _values(found[1], _MINUTES) if found else None
    hours = _values(found[2], HOURS_OF_A_DAY) if found else None
    times = Times(hours, minutes) if hours and minutes else None
    return job_of(_words(found[3] if found else line), times)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # a quote without its end: the user edited it
        return command.split()
