"""The script that measures the matcher over the labelled set."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "quality" / "run.py"
if not SCRIPT.exists():
    pytest.skip("the benchmarks are not part of this checkout", allow_module_level=True)


def _module() -> Any:
    spec = importlib.util.spec_from_file_location("quality_bars", SCRIPT.with_name("bars.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bars = _module()
# Figures are wanted, not coverage, which makes them take three times as long.
ENVIRONMENT = {name: value for name, value in os.environ.items() if "COV" not in name}


def _run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *options],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


@pytest.fixture(scope="module")
def webb() -> dict[str, Any]:
    """Give the figures of one story in both modes."""
    done = _run("--only", "webb", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = {mode: figures for mode, (figures,) in json.loads(done.stdout).items()}
    return found


@pytest.mark.parametrize("mode", ["live", "backfill"])
def test_figures_of_a_story_lie_between_none_and_all(webb: dict[str, Any], mode: str) -> None:
    figures = webb[mode]
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


def test_a_query_typed_otherwise_is_followed_as_well(webb: dict[str, Any]) -> None:
    done = _run("--only", "webb", "--mode", "backfill", "--json", "--typed", "headline")
    assert json.loads(done.stdout)["backfill"][0]["linked"] == webb["backfill"]["linked"]


LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")


@pytest.mark.long
@pytest.mark.timeout(300)
def test_queries_of_other_readers_are_followed_no_worse_than_before() -> None:
    done = _run("--typed", "each", "--mode", "backfill", "--bars")
    assert done.returncode == 0, done.stdout[-400:] + done.stderr
    measured = [line.split()[0] for line in done.stdout.splitlines() if line.endswith("maybe")]
    assert measured == list(LANGUAGES)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_labelled_set_is_followed_no_worse_than_before() -> None:
    done = _run("--bars")
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def _recorded() -> dict[str, Any]:
    return tomllib.loads((SCRIPT.parent / "bars.toml").read_text("utf-8"))


def test_every_language_and_mode_has_its_bars() -> None:
    recorded = _recorded()
    assert recorded.keys() == {"agreement", "live", "backfill", *LANGUAGES}
    stories = {len(bars["stories"]) for name, bars in recorded.items() if name != "agreement"}
    assert stories == {22}


class Figures(NamedTuple):
    """As run.py has them, with what the bars look at."""

    story: str
    f1: float
    events: float | None


BARS = {
    "agreement": 0.95,
    "live": {"f1": 0.9, "events": 0.8, "stories": {"a": 0.95, "b": 0.85}},
}
KEPT = (Figures("a", 0.95, 0.8), Figures("b", 0.85, None))


@pytest.mark.parametrize(
    ("figures", "agreement", "words"),
    [
        (KEPT, 0.95, []),
        (KEPT, 0.948, []),
        (KEPT, 0.946, ["agreement is 0.946, recorded is 0.950"]),
        ((KEPT[0], Figures("b", 0.845, None)), None, []),
        ((KEPT[0], Figures("b", 0.843, None)), None, ["live: f1 is 0.896, recorded is 0.900"]),
        ((Figures("a", 0.95, 0.796), KEPT[1]), None, ["live: events is 0.796, recorded is 0.800"]),
        (
            (Figures("a", 0.89, 0.8), Figures("b", 0.92, None)),
            None,
            ["live: a has 0.89, recorded is 0.95"],
        ),
    ],
)
def test_what_falls_below_its_bar_is_named(
    figures: tuple[Figures, ...], agreement: float | None, words: list[str]
) -> None:
    assert bars.misses(BARS, {"live": figures}, agreement) == words


def test_what_is_recorded_is_its_own_bar(tmp_path: Path) -> None:
    path = tmp_path / "bars.toml"
    bars.record(path, {"live": KEPT, "de": KEPT[:1]}, 0.95)
    recorded = bars.load(path)
    assert recorded["live"] == {**BARS["live"]}  # type: ignore[dict-item]  # a table of it
    assert bars.misses(recorded, {"live": KEPT, "de": KEPT[:1]}, 0.95) == []


def test_bars_are_of_what_was_recorded() -> None:
    done = _run("--typed", "small", "--mode", "backfill", "--bars")
    assert done.returncode == 2
    assert "a backfill in each language" in done.stderr
