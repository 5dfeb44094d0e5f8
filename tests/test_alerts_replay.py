"""A part of the demo, poll by poll, with processes killed at random: none lost, none told twice."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
if not (FOLDER / "alerts_replay.py").exists():
    pytest.skip("the benchmarks are not part of this checkout", allow_module_level=True)
sys.path.insert(0, str(FOLDER))

import alerts_replay  # noqa: E402 - the benchmarks are scripts, and found once their folder is known

AUGUST = datetime(2020, 8, 9, 23, tzinfo=UTC)


@pytest.mark.long
@pytest.mark.timeout(240)
def test_every_development_is_told_once_though_processes_are_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is killed leaves no coverage.
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    moments = [moment for moment in alerts_replay.DAYS if moment <= AUGUST]
    found = alerts_replay.replay(tmp_path, moments=moments, kills=10, seed=3)
    assert found.kills >= 5
    assert found.due >= 4
    assert (found.lost, found.twice, found.past, found.unnamed) == ([], [], [], [])
    assert found.told == 2 * found.due
    assert found.over_the_cap == 0
