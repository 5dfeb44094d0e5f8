"""Runs tests against mutants of the code: which tests, in which process, and what came of it."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from hashlib import sha256
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pytest

ROOT = Path(__file__).resolve().parents[1]
MAP = ROOT / ".mutants.json"
LONGEST_IN_SECONDS = 240
"""How long the tests of one mutant may take; one that takes longer counts as killed."""


class Mutant(NamedTuple):
    """One change: in `module`, the text from `start` to `end` (offsets in bytes) becomes `text`.

    `within` is whether it is in the body of a function, not in what runs at the import.
    """

    module: str
    line: int
    kind: str
    start: int
    end: int
    text: str
    was: str
    within: bool = True

    def applied(self, source: bytes) -> bytes:
        """Return the module's source with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]


class Coverage(NamedTuple):
    """Which tests run which lines: `lines` has indices of `tests` by module and line."""

    tests: list[str]
    lines: dict[str, dict[int, list[int]]]
    digests: dict[str, str]

    def of(self, mutant: Mutant, source: bytes) -> list[str]:
        """Return the tests to run against a mutant.

        These are the tests that run its line; all tests of the module where the line runs at the
        import, or where the module has changed since the measurement.
        """
        lines = self.lines.get(mutant.module, {})
        found = set(lines.get(mutant.line, ()))
        if not found or self.digests.get(mutant.module) != digest(source):
            found = {test for tests in lines.values() for test in tests}
        return [self.tests[index] for index in sorted(found)]


def digest(source: bytes) -> str:
    """Return a short digest of a module's source."""
    return sha256(source).hexdigest()[:16]


def measure() -> Coverage:
    """Run the whole suite under coverage, and keep which tests run which line."""
    from coverage import CoverageData

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "coverage")
        environment = os.environ | {"COVERAGE_FILE": str(data)}
        options = ["--cov", "--cov-context=test", "--cov-report=", "--cov-fail-under=0"]
        at_once = ["-n", "auto", "--dist", "worksteal"]
        command = [sys.executable, "-m", "pytest", "-q", *at_once, *options]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        found = CoverageData(str(data))
        found.read()
        index: dict[str, int] = {}
        lines: dict[str, dict[int, list[int]]] = {}
        digests = {}
        for file in sorted(found.measured_files()):
            path = Path(file)
            module = path.relative_to(ROOT).as_posix()
            digests[module] = digest(path.read_bytes())
            for line, contexts in found.contexts_by_lineno(file).items():
                tests = {each.rpartition("|")[0] for each in contexts if each}
                numbers = sorted(index.setdefault(test, len(index)) for test in sorted(tests))
                lines.setdefault(module, {})[line] = numbers
    kept = Coverage(list(index), lines, digests)
    MAP.write_text(json.dumps(kept._asdict()), "utf-8")
    return kept


def load_coverage() -> Coverage:
    """Return what was measured last."""
    found = json.loads(MAP.read_text("utf-8"))
    lines = {
        module: {int(line): tests for line, tests in each.items()}
        for module, each in found["lines"].items()
    }
    return Coverage(found["tests"], lines, found["digests"])


class Forking:
    """A pytest plugin that runs, for each mutant, its tests in a fork of this process.

    What the tests import is loaded once. Within the fork the functions of the mutant's module get
    the code that they have in the changed source; `fates` has what came of each.
    """

    def __init__(self, chosen: Sequence[tuple[Mutant, list[str]]]) -> None:
        self.chosen = chosen
        self.fates: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the mutants instead of the tests."""
        items = {item.nodeid: item for item in session.items}
        for mutant, tests in self.chosen:
            found = [items[test] for test in tests if test in items]
            self.fates.append(self._fate(mutant, found) if found else "untested")
        return True

    def _fate(self, mutant: Mutant, items: list[pytest.Item]) -> str:
        child = os.fork()
        if not child:
            status = 2
            try:
                change_code(mutant)
                status = int(_fails(items))
            finally:
                os._exit(status)
        _, code = os.waitpid(child, 0)
        return "survived" if code == 0 else "killed"


def _fails(items: list[pytest.Item]) -> bool:
    """Run tests until one fails; true where one does."""
    session = items[0].session
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def change_code(mutant: Mutant) -> None:
    """Give the loaded functions of the mutant's module the code of its changed source."""
    path = ROOT / mutant.module
    import_module(mutant.module.removesuffix(".py").replace("/", "."))  # some are imported late
    changed = compile(mutant.applied(path.read_bytes()), str(path), "exec")
    codes = {code.co_qualname: code for code in _codes(changed)}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == str(path):
            code = codes.get(each.__code__.co_qualname)
            if code and code.co_freevars == each.__code__.co_freevars:
                each.__code__ = code


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _run_forked(chosen: Sequence[tuple[Mutant, list[str]]]) -> list[str]:
    """Run mutants within functions, in forks of one process that has collected their tests."""
    import pytest

    os.chdir(ROOT)
    files = sorted({test.partition("::")[0] for _, tests in chosen for test in tests})
    forking = Forking(chosen)
    options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", *files]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        pytest.main(options, plugins=[forking])
    return forking.fates


def copy_of_checkout(folder: Path) -> Path:
    """Copy what git knows or would add, as it is in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - as git is found by all
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def is_killed(copy: Path, mutant: Mutant, tests: Sequence[str]) -> bool:
    """Run tests against a mutant, within a copy of the checkout; true where one fails."""
    path = copy / mutant.module
    source = path.read_bytes()
    path.write_bytes(mutant.applied(source))
    (copy / "chosen.txt").write_text("\n".join(tests), "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "@chosen.txt",
    ]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            capture_output=True,
            check=False,
            timeout=LONGEST_IN_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_bytes(source)
    return done.returncode != 0


def _run_alone(chosen: Sequence[tuple[Mutant, list[str]]]) -> list[str]:
    """Run mutants of what runs at the import, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_of_checkout(Path(folder))
        return [
            ("killed" if is_killed(copy, mutant, tests) else "survived") if tests else "untested"
            for mutant, tests in chosen
        ]


def run(
    chosen: Iterable[tuple[Mutant, list[str]]], jobs: int, *, at_once: int = 8
) -> Iterator[tuple[Mutant, str]]:
    """Yield each mutant, given with its tests, with what became of it: killed, survived, untested.

    So many are run `at_once` by a process.
    """
    groups: dict[bool, list[tuple[Mutant, list[str]]]] = defaultdict(list)
    for mutant, tests in chosen:
        groups[mutant.within].append((mutant, tests))
    tasks = [
        (way, group[start : start + at_once])
        for way, group in ((_run_forked, groups[True]), (_run_alone, groups[False]))
        for start in range(0, len(group), at_once)
    ]
    # A fresh process for each: pytest has been imported and has run in none of them.
    with ProcessPoolExecutor(jobs, get_context("spawn"), max_tasks_per_child=1) as pool:
        running = [pool.submit(way, task) for way, task in tasks]
        for (_, task), done in zip(tasks, running, strict=True):
            yield from (
                (mutant, fate) for (mutant, _), fate in zip(task, done.result(), strict=True)
            )
