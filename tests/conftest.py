"""Fixtures of many tests."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from publishing import Publisher, serving

from tracker.store.database import Database, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _pytest.terminal import TerminalReporter
    from person import Person

# How long an example takes depends on what else the computer does, and on what was loaded before.
settings.register_profile("tracker", deadline=None)
settings.load_profile("tracker")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a database that was created and not used."""
    path = tmp_path_factory.mktemp("empty") / "t.db"
    with opened(path):
        pass
    return path


@pytest.fixture
def db(tmp_path: Path, empty: Path) -> Iterator[Database]:
    """Give an empty database in a file of its own."""
    shutil.copy(empty, tmp_path / "t.db")
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


def pytest_configure() -> None:
    """Let the programs that tests start heed Ctrl-C and a closed terminal.

    What nohup or a shell's `&` starts ignores these signals, and its children inherit that. A
    signal that this process handles, in whatever way, is not ignored in the programs it starts.
    """
    for sent in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(sent) is signal.SIG_IGN:
            signal.signal(sent, lambda *_: None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one more worker than there are processors: servers, cron and browsers are waited for."""
    return min(len(os.sched_getaffinity(0)) if sys.platform == "linux" else 4, 7) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that no worker is left with one at the end.

    Coverage does not measure those that repeat, unless it is asked which test runs which line.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if not config.getoption("cov_context", None):
        for item in items:
            if item.get_closest_marker("repeats"):
                item.add_marker("no_cover")


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
