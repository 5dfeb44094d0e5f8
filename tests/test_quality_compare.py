"""The script that compares two measurements of the matcher."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "quality" / "compare.py"
if not SCRIPT.exists():
    pytest.skip("the benchmarks are not part of this checkout", allow_module_level=True)


def _compare(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _table(path: Path, figures: dict[str, float]) -> str:
    path.write_text("".join(f"{story}\t{value}\n" for story, value in figures.items()), "utf-8")
    return str(path)


def test_a_difference_that_all_stories_share_has_an_interval_of_no_width(tmp_path: Path) -> None:
    before = _table(tmp_path / "before.tsv", {"webb": 0.5, "suez": 0.7})
    after = _table(tmp_path / "after.tsv", {"webb": 0.6, "suez": 0.8})
    done = _compare(before, after)
    assert done.returncode == 0, done.stderr
    assert "0.6000 -> 0.7000  +0.1000 [+0.1000, +0.1000]  2 of 2 stories differ" in done.stdout


def test_an_interval_holds_zero_where_one_story_gains_what_another_loses(tmp_path: Path) -> None:
    before = _table(tmp_path / "before.tsv", {"webb": 0.5, "suez": 0.5, "quibi": 0.5})
    after = _table(tmp_path / "after.tsv", {"webb": 0.6, "suez": 0.4, "quibi": 0.5})
    done = _compare("--verbose", before, after)
    assert "+0.0000 [-0.1000, +0.1000]  2 of 3 stories differ" in done.stdout
    assert "quibi" not in done.stdout
    assert done.stdout.index("suez") < done.stdout.index("webb")


def test_runs_are_compared_by_mode_and_without_stories_that_lack_the_figure(tmp_path: Path) -> None:
    def run(name: str, events: float | None, f1: float) -> str:
        webb = {"story": "webb", "f1": f1, "events": 0.5}
        suez = {"story": "suez", "f1": f1, "events": events}
        (tmp_path / name).write_text(json.dumps({"live": [webb, suez]}), "utf-8")
        return str(tmp_path / name)

    before, after = run("before.json", None, 0.5), run("after.json", 0.9, 0.4)
    assert "live      f1  0.5000 -> 0.4000" in _compare(before, after).stdout
    assert "0 of 1 stories differ" in _compare("--figure", "events", before, after).stdout


@pytest.mark.parametrize("text", ["", "webb 0.5\n", "{"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    good = _table(tmp_path / "good.tsv", {"webb": 0.5})
    (tmp_path / "bad").write_text(text, "utf-8")
    done = _compare(good, str(tmp_path / "bad"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
