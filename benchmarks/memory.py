"""The memory of a process and of all that it started, on Linux."""

from __future__ import annotations

from pathlib import Path


def family(pid: int) -> list[int]:
    """Return the process and all below it."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in below for each in family(int(child)))]


def pss(pid: int) -> int:
    """Return the proportional set size of a process in KiB, 0 where it ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
