"""Measure doctor, backup, restore and purge on a large healthy database.

    python benchmarks/care.py [--items 1000000]

Builds the database of benchmarks/million.py with a feed list, a story, a poll and a backup, so that
doctor finds nothing, and prints how long the commands take, each as a whole process, by the clock
and of the processors, beside an interpreter that only imports typer and rich. Ends with 1 if doctor
finds anything.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from million import FEEDS, build

from tracker.model.polling import PollReport
from tracker.services.follow import follow
from tracker.store.database import opened
from tracker.store.polling import polls

RUNS = 3


def make_healthy(folder: Path, items: int) -> Path:
    """Build the database and what belongs to it in a folder; return its path."""
    path = folder / "t.db"
    now = datetime.now(UTC)
    with opened(path) as db:
        build(db, items)
        follow(db, "Zentara acquisition", now)
        for days in (40, 0):
            started = now - timedelta(days=days, minutes=1)
            polls.record(db, PollReport(started, 9.0, FEEDS, 0, 0, FEEDS, 999, 9, ()))
        times = int(now.timestamp())
        db.execute("UPDATE feeds SET last_polled = ?1, last_ok = ?1, last_new = ?1", (times,))
        urls = [row[0] for row in db.execute("SELECT url FROM feeds")]
    listed = "".join(f"  - url: {url}\n" for url in urls)
    (folder / "feeds.yaml").write_text(f"feeds:\n{listed}", "utf-8")
    return path


class Taken(NamedTuple):
    """How long a command took: by the clock, and of the processors."""

    seconds: float
    processor_seconds: float


def timed(command: list[str], environment: dict[str, str]) -> Taken:
    """Return how long a command takes once."""
    started, before = time.perf_counter(), processor_seconds()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return Taken(time.perf_counter() - started, processor_seconds() - before)


def processor_seconds() -> float:
    """Return the processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(command: list[str], environment: dict[str, str]) -> Taken:
    """Return how long the fastest of several runs takes."""
    return min(timed(command, environment) for _ in range(RUNS))


def main() -> None:
    """Build, check that doctor is silent, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make_healthy(folder, arguments.items)
        # No crontab: what this computer schedules does not belong here.
        environment = {"HOME": name, "PATH": "/nowhere", "TRACKER_DB": str(path)}
        environment |= {"TRACKER_FEEDS": str(folder / "feeds.yaml"), "LANG": "C.UTF-8"}
        environment |= {key: os.environ[key] for key in ("PYTHONPATH",) if key in os.environ}
        program = [sys.executable, "-m", "tracker"]
        base = best([sys.executable, "-c", "import typer, rich"], environment)
        rows = [("python, importing typer and rich", base)]
        rows.append(("tracker backup", timed([*program, "backup", f"{name}/b.db"], environment)))
        found = subprocess.run(
            [*program, "doctor"], env=environment, check=False, capture_output=True, text=True
        )
        if found.returncode or len(found.stdout.splitlines()) != 1:
            sys.exit(f"doctor is not silent: {found.stdout}{found.stderr}")
        rows.append(("tracker doctor", best([*program, "doctor"], environment)))
        full = [*program, "doctor", "--full"]
        rows.append(("tracker doctor --full", timed(full, environment)))
        purge = [*program, "purge", "--older-than", "365d"]
        rows.append(("tracker purge, a preview", timed(purge, environment)))
        restore = [*program, "restore", f"{name}/b.db"]
        rows.append(("tracker restore", timed(restore, environment)))
        rows.append(("tracker purge --yes", timed([*purge, "--yes"], environment)))
        shrink = [*purge, "--yes", "--shrink"]
        rows.append(("tracker purge --yes --shrink, of no item", timed(shrink, environment)))
        print(f"{arguments.items:,} items; {found.stdout}")
        print(f"{'command':44}{'seconds':>9}{'processor':>11}{'ratio':>8}")
        for words, taken in rows:
            ratio = taken.processor_seconds / base.processor_seconds
            print(f"{words:44}{taken.seconds:9.2f}{taken.processor_seconds:11.2f}{ratio:8.1f}")


if __name__ == "__main__":
    main()
