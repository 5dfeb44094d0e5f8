"""Backups, restores and purges that are killed: the smaller run of benchmarks/kills.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOMENTS = 5
# What is killed leaves no coverage.
ENVIRONMENT = {name: value for name, value in os.environ.items() if "COV" not in name}


@pytest.mark.long
def test_a_kill_at_any_moment_leaves_a_sound_database_and_whole_backups() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/kills.py", "--moments", str(MOMENTS), "--items", "3000"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = dict(re.findall(r"(\w+): (\d+) moments", done.stdout))
    assert found == dict.fromkeys(("backup", "restore", "purge"), str(MOMENTS))
