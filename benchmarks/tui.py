"""Measure how soon the full-screen view shows something, and how soon it answers a key.

    python benchmarks/tui.py [--items 1000000] [--keep FILE]

Builds the database of million.py and opens the view in a terminal of its own. Prints the time from
the start of the process to the first text, to the list of stories and to the first headline of the
story with a link in 1,000 items, best of five, beside an interpreter that only imports typer and
rich.console in the same run; then the time from a key to the first byte of the answer.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from million import best, build, follow

from tracker.store.database import connect
from tracker.store.following import stories

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SIZES = ((80, 24), (200, 50))
RUNS = 5
PRESSED = 60
KEYS = {
    "j": "next row",
    "k": "row before",
    " ": "next page",
    "n": "next new",
    "G": "last row",
    "g": "first row",
    "t": "turn the order",
}


class Screen:
    """The view in a terminal; `seen` is all that it wrote."""

    def __init__(self, terminal: int) -> None:
        self.terminal = terminal
        self.seen = b""

    def read(self, seconds: float) -> bool:
        """Read what comes within some time; return whether anything came."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        self.seen += os.read(self.terminal, 65_536)
        return True

    def until(self, words: bytes) -> None:
        """Read until the words were written."""
        end = time.perf_counter() + 60
        while words not in self.seen:
            self.read(0.5)
            if time.perf_counter() > end:
                raise TimeoutError(self.seen.decode(errors="replace"))

    def answer(self, key: str) -> float:
        """Press a key, return the seconds to the first byte of the answer, and await the rest."""
        while self.read(0.15):
            pass
        started = time.perf_counter()
        os.write(self.terminal, key.encode())
        if not self.read(2):
            return 0.0
        return time.perf_counter() - started


@contextmanager
def view(
    words: list[str], environment: Mapping[str, str], size: tuple[int, int]
) -> Iterator[Screen]:
    """Run the view in a terminal of so many columns and lines."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "tui", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env=dict(environment),
    )
    os.close(theirs)
    try:
        yield Screen(ours)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(ours)


def first(
    words: list[str], environment: Mapping[str, str], size: tuple[int, int], text: str
) -> float:
    """Return the seconds from the start to a text on the screen, the best of some runs."""
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        with view(words, environment, size) as screen:
            screen.until(text.encode())
            taken.append(time.perf_counter() - started)
    return min(taken)


def measure(slug: str, environment: Mapping[str, str], base: float, size: tuple[int, int]) -> None:
    """Print the table of one size."""
    print(f"\n{size[0]} columns, {size[1]} lines")
    for what, words, text in (
        ("first text", [], "tracker"),
        ("list of stories", [], "Zentara"),
        ("first headline of a story", [slug], "Outlet"),
    ):
        taken = first(words, environment, size, text)
        print(f"{what:44}{taken:9.3f} s{taken / base:8.1f}")
    with view([slug], environment, size) as screen:
        screen.until(b"Outlet")
        print(f"{'key':10}{'does':20}{'median':>10}{'max':>10}   ms to the first byte")
        every = []
        for key, does in KEYS.items():
            times = [screen.answer(key) for _ in range(PRESSED if key in "jk n" else 6)]
            times = [each for each in times if each]
            every += times
            shown = "Space" if key == " " else key
            middle = statistics.median(times) * 1000 if times else 0.0
            most = max(times, default=0.0) * 1000
            print(f"{shown:10}{does:20}{middle:10.1f}{most:10.1f}")
        print(f"{'all':30}{statistics.median(every) * 1000:10.1f}{max(every) * 1000:10.1f}")


def main() -> None:
    """Build the database where need be, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="keep the database here, or use the one there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.keep or Path(folder, "large.db")
        fresh = not path.exists()
        db = connect(path)
        if fresh:
            build(db, arguments.items)
        now = datetime.now(UTC)
        if not stories.everything(db, now):
            follow(db)
        (story, *_) = stories.everything(db, now)
        db.close()
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        environment = kept | {"TRACKER_DB": str(path), "HOME": folder, "TERM": "xterm-256color"}
        base = best([sys.executable, "-c", "import typer, rich.console"], environment)
        print(f"{arguments.items:,} items, {path.stat().st_size >> 20:,} MiB")
        print(f"{'python, importing typer and rich.console':44}{base:9.3f} s{1:8.1f}")
        for size in SIZES:
            measure(story.slug, environment, base, size)


if __name__ == "__main__":
    main()
