"""A person at a terminal: types commands at a time of the script, and reads what they print."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from press import Press

FAKETIME = shutil.which("faketime")


@cache
def _library() -> str:
    """Return what the wrapper of faketime preloads; every command runs with it, not the wrapper."""
    said = subprocess.run(
        [str(FAKETIME), "-f", "+0", "printenv", "LD_PRELOAD"],
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


class Person:
    """Has a home folder, a clock that the script sets, and the outlets of `press`."""

    def __init__(self, home: Path, press: Press) -> None:
        if FAKETIME is None:
            pytest.skip("faketime, which sets the clock of a process, is not installed")
        self.home = home
        self.press = press
        self.zone = "UTC"
        self.at("2020-08-03 08:00")

    def at(self, time: str) -> None:
        """Set the clock of the person and of the outlets: "2020-08-03 08:00", in UTC."""
        self.clock = self.press.now = datetime.fromisoformat(f"{time}+00:00")

    def feed(self, outlet: str) -> str:
        """Return the address of an outlet's feed."""
        return self.press.url(f"/{outlet}.xml")

    def environment(self) -> dict[str, str]:
        """Return the environment of a command: a clean one, with the person's home and clock.

        The days are not measured by coverage: each command would start two thirds slower.
        """
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
            "TZ": self.zone,
            "no_proxy": "127.0.0.1",
            "LD_PRELOAD": _library(),
            "FAKETIME": f"@{self.clock.timestamp():.0f}",
            "FAKETIME_FMT": "%s",
            # What is shared has the number of a process in its name, which stays if it is killed.
            "FAKETIME_DISABLE_SHM": "1",
            # What waits for an answer waits in real time.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def command(self, line: str) -> list[str]:
        """Return the arguments of the process that runs `line`; `environment` has the clock."""
        return [sys.executable, "-m", "tracker", *shlex.split(line)]

    def types(self, line: str, *says: str, code: int = 0, hides: tuple[str, ...] = ()) -> str:
        """Run `tracker LINE`: it exits with `code`, prints each of `says`, and none of `hides`.

        Return all that it printed.
        """
        done = subprocess.run(
            self.command(line),
            env=self.environment(),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        printed = done.stdout + done.stderr
        whole = f"$ tracker {line}\n{printed}exit code {done.returncode}"
        assert done.returncode == code, whole
        # A sentence may be broken at the end of a line.
        flat = " ".join(printed.split())
        missing = [each for each in says if " ".join(each.split()) not in flat]
        assert not missing, f"{missing} is missing of\n{whole}"
        shown = [each for each in hides if each in flat]
        assert not shown, f"{shown} should be missing of\n{whole}"
        return printed

    def reads(self, line: str) -> Any:
        """Run `tracker LINE --json` and return what it prints."""
        return json.loads(self.types(f"{line} --json"))

    def reports(self, story: str, *options: str) -> list[dict[str, Any]]:
        """Return the reports of a story, newest development first; nothing is marked as seen."""
        line = " ".join(["timeline", story, "--peek --limit 0", *options])
        found: list[dict[str, Any]] = self.reads(line)["items"]
        return found

    def headlines(self, story: str, *options: str) -> set[str]:
        """Return the headlines of a story's reports."""
        return {report["title"] for report in self.reports(story, *options)}

    def id_of(self, title: str) -> int:
        """Return the number of the stored item with that headline."""
        found = [i for i in self.reads(f'search "{title}"')["items"] if i["title"] == title]
        assert len(found) == 1, f"{len(found)} items are called {title}"
        return int(found[0]["id"])

    @contextmanager
    def started(self, line: str) -> Iterator[subprocess.Popen[str]]:
        """Run `tracker LINE` for a block, as in another terminal; it is ended with the block."""
        with subprocess.Popen(
            self.command(line),
            env=self.environment(),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()
