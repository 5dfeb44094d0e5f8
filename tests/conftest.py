"""Fixtures of many tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from publishing import Publisher, serving

from tracker.store.database import Database, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _pytest.terminal import TerminalReporter
    from person import Person


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Give an empty database in a file of its own."""
    with opened(tmp_path / "t.db") as made:
        yield made


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Give a publisher that answers 404 until it is told what."""
    with serving(Publisher()) as running:
        yield running


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    """Give a person with an empty home folder, and four outlets to read."""
    # These modules stand beside the scripted days, and can be found once those are collected.
    from person import Person
    from press import Press

    with serving(Press()) as press:
        yield Person(tmp_path, press)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say which tests were skipped, and why: what they show was not tested here."""
    tests: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        tests.setdefault(reason, []).append(report.nodeid)
    if tests:
        count = sum(map(len, tests.values()))
        terminalreporter.section(f"NOT TESTED: {count} skipped", sep="!", yellow=True, bold=True)
    for reason, names in tests.items():
        terminalreporter.line(f"Because {reason}:", yellow=True)
        for name in sorted(set(names)):
            terminalreporter.line(f"    {name}")
