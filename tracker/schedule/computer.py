"""The computer as schedulers see it: environment, home, name, and the programs that it has."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TIMEOUT_IN_SECONDS = 30


class Finished(NamedTuple):
    """The result of a program: exit code, stdout in bytes, stderr as one line of text."""

    code: int
    output: bytes
    complaint: str


@dataclass(frozen=True, slots=True)
class Computer:
    """The computer and the user for whom jobs are scheduled.

    `platform` is as in `sys.platform`; `name` is the host's name, `uid` the user's number.
    """

    environ: Mapping[str, str]
    home: Path
    platform: str
    name: str
    uid: int

    def which(self, program: str) -> str | None:
        """Return the path of a program, None if PATH has none."""
        return shutil.which(program, path=self.environ.get("PATH", ""))

    def run(self, program: str, *words: str, data: bytes = b"") -> Finished:
        """Run a program with `data` as its stdin, and wait for its end.

        Messages are in English, so that they can be recognised. TrackerError if the program is
        missing or does not end in time.
        """
        path = self.which(program)
        if path is None:
            raise TrackerError(f"There is no program {program} on this computer; install it.")
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                [path, *words],
                input=data,
                env={**self.environ, "LC_ALL": "C"},
                capture_output=True,
                check=False,
                timeout=TIMEOUT_IN_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise TrackerError(
                f"{program} did not answer within {TIMEOUT_IN_SECONDS} seconds; try again."
            ) from None
        except OSError as error:
            raise TrackerError(f"{path} cannot be started: {error.strerror}.") from error
        complaint = " ".join(done.stderr.decode(errors="replace").split())
        return Finished(done.returncode, done.stdout, complaint)
