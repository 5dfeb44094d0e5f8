"""The script that measures the matcher over the labelled set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "quality" / "run.py"
if not SCRIPT.exists():
    pytest.skip("the benchmarks are not part of this checkout", allow_module_level=True)


def _run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("mode", ["live", "backfill"])
def test_figures_of_a_story_lie_between_none_and_all(mode: str) -> None:
    done = _run("--only", "webb", "--mode", mode, "--json")
    assert done.returncode == 0, done.stderr
    ((figures,),) = json.loads(done.stdout).values()
    assert figures["story"] == "webb"
    assert 0 < figures["precision"] <= 1
    assert 0 < figures["recall"] <= 1


def test_a_bar_that_is_missed_fails_the_run() -> None:
    done = _run("--only", "webb", "--mode", "backfill", "--least", "1.01")
    assert done.returncode == 1
    assert "below 1.01" in done.stderr


def test_modes_that_agree_too_little_fail_the_run() -> None:
    done = _run("--only", "webb", "--agree", "1.01")
    assert done.returncode == 1
    assert "less than 1.01" in done.stderr


def test_a_story_that_is_not_there_is_named() -> None:
    done = _run("--only", "nessie")
    assert done.returncode == 2
    assert "nessie" in done.stderr


def test_a_query_typed_otherwise_is_followed_as_well() -> None:
    figures = [
        json.loads(_run("--only", "webb", "--mode", "backfill", "--json", *typed).stdout)
        for typed in ((), ("--typed", "headline"))
    ]
    assert figures[0]["backfill"][0]["linked"] == figures[1]["backfill"][0]["linked"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "least"), [("fr", "0.88"), ("de", "0.88")])
def test_queries_of_other_readers_are_followed_no_worse_than_before(
    language: str, least: str
) -> None:
    done = _run("--typed", language, "--mode", "backfill", "--least", least)
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


@pytest.mark.timeout(300)
def test_the_labelled_set_is_followed_no_worse_than_before() -> None:
    done = _run("--least", "0.895", "--agree", "0.95")
    assert done.returncode == 0, done.stdout[-400:] + done.stderr
