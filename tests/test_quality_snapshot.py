"""The script that shows whether a change of the code changes what the matcher does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks" / "quality"
if not FOLDER.exists():
    pytest.skip("the benchmarks are not part of this checkout", allow_module_level=True)
sys.path.insert(0, str(FOLDER))

from snapshot import differences, interpretation, queries  # noqa: E402


def _folder(path: Path, **lines: str) -> Path:
    path.mkdir()
    for name in ("queries", "live", "backfill"):
        (path / f"{name}.txt").write_text(lines.get(name, "same\n"), "utf-8")
    return path


def test_equal_snapshots_do_not_differ(tmp_path: Path) -> None:
    assert differences(_folder(tmp_path / "a"), _folder(tmp_path / "b")) == []


def test_a_line_that_differs_and_one_that_is_missing_are_counted(tmp_path: Path) -> None:
    before = _folder(tmp_path / "a", live="one\ntwo\nthree\n")
    after = _folder(tmp_path / "b", live="one\n2\n")
    (found,) = differences(before, after)
    assert found == "live.txt: 2 lines differ, the first:\n  two\n  2"


def test_a_line_that_is_missing_at_the_end_is_a_difference(tmp_path: Path) -> None:
    before, after = (
        _folder(tmp_path / "a", live="one\ntwo\n"),
        _folder(tmp_path / "b", live="one\n"),
    )
    (found,) = differences(before, after)
    assert found.startswith("live.txt: 1 lines differ")


def test_a_query_that_cannot_be_read_is_recorded_with_its_error() -> None:
    assert interpretation('"open').startswith("error: ")


def test_there_are_thousands_of_queries_and_the_same_each_time() -> None:
    once = queries()
    assert len(once) > 5000
    assert once == queries()
