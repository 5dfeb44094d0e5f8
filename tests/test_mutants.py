"""The script that changes the code in small ways: what it changes, and what it leaves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
if not FOLDER.exists():
    pytest.skip("the benchmarks are not part of this checkout", allow_module_level=True)
sys.path.insert(0, str(FOLDER))

import mutants  # noqa: E402 - the benchmarks are scripts, and found once their folder is known
from mutants_run import Coverage, digest  # noqa: E402 - as above


def changes(source: str) -> set[tuple[str, str, str]]:
    found = mutants.mutants("m.py", source.encode())
    return {(each.kind, each.was, each.text) for each in found}


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("a < b", {("comparison", "a < b", "(a <= b)")}),
        ("a is None", {("comparison", "a is None", "(a is not None)")}),
        ("not a", {("boolean", "not a", "(a)")}),
        ("x = 15.0", {("constant", "15.0", "(22.5)")}),
        ("x = False", {("constant", "False", "(True)")}),
        ("min(a, b)", {("call", "min(a, b)", "(max(a, b))"), ("statement", "min(a, b)", "pass")}),
        ("a - b", {("arithmetic", "a - b", "(a + b)"), ("operand", "a - b", "(a)")}),
        ("x.y = a", {("statement", "x.y = a", "pass")}),
        ("'é', a > b", {("comparison", "a > b", "(a >= b)")}),
    ],
)
def test_a_piece_of_code_is_changed(source: str, made: set[tuple[str, str, str]]) -> None:
    assert changes(source) == made


def test_each_operand_of_a_condition_is_dropped_once() -> None:
    found = {text for kind, _, text in changes("a and b and c") if kind == "operand"}
    assert found == {"(b and c)", "(a and c)", "(a and b)"}


@pytest.mark.parametrize(
    "source",
    [
        "x: Literal[1] = y",
        "def f(a: Literal[1]) -> Literal[2]: ...",
        "f'{a + 1}'",
        "'text' + 'more'",
        "if TYPE_CHECKING:\n    a()",
        "x = a",
    ],
)
def test_what_nobody_would_see_stays(source: str) -> None:
    assert changes(source) == set()


def test_every_change_of_a_module_is_a_program() -> None:
    source = (FOLDER.parent / "tracker" / "config.py").read_bytes()
    found = mutants.mutants("tracker/config.py", source)
    for each in found:
        compile(each.applied(source), "m.py", "exec")
    assert len(found) > 100


def test_what_runs_at_the_import_is_told_from_what_runs_in_functions() -> None:
    found = mutants.mutants("m.py", b"a = 1\n\ndef f(x=2):\n    return 3\n")
    assert [(each.was, each.within) for each in found] == [("1", False), ("2", False), ("3", True)]


def test_a_draw_is_the_same_each_time_and_of_different_lines() -> None:
    found = mutants.mutants("m.py", b"\n".join(b"x = a + b - c" for _ in range(20)))
    drawn = mutants.sample(found, 10, 1)
    assert drawn == mutants.sample(found, 10, 1) != mutants.sample(found, 10, 2)
    assert len({each.line for each in drawn}) == 10


def test_the_tests_of_a_mutant_run_its_line_while_the_module_is_as_measured() -> None:
    source = b"a = 1\ndef f():\n    return 3\n"
    one, three = mutants.mutants("m.py", source)
    coverage = Coverage(["t::a", "t::b"], {"m.py": {3: [1], 2: [0]}}, {"m.py": digest(source)})
    assert coverage.of(three, source) == ["t::b"]
    assert coverage.of(one, source) == ["t::a", "t::b"]  # it runs at the import
    assert coverage.of(three, source + b"\n") == ["t::a", "t::b"]
