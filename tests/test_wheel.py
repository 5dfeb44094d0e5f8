"""The wheel: what is in it, and that a new user's first commands work from it in an empty home.

It is built by the backend that is installed, and installed without an index: what it depends on is
found where the tests find it. `benchmarks/installed.py` does the same by pipx.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tomllib
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from publishing import Publisher

ROOT = Path(__file__).parents[1]
DOCUMENT = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>'
    b"<item><title>Nokia cuts 500 jobs</title><guid>1</guid></item></channel></rss>"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    (built,) = folder.glob("*.whl")
    return built


def named_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def read_from(wheel: Path, ending: str) -> str:
    with ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(ending))
        return archive.read(name).decode()


def test_the_wheel_has_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tracker").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shipped = {name for name in named_in(wheel) if ".dist-info/" not in name}
    assert shipped == package


@pytest.mark.parametrize(
    "name",
    [
        "tracker/py.typed",
        "tracker/feeds/listing/packs.tsv",
        "tracker/outlets.tsv",
        "tracker/export/templates/story.html",
        "tracker/tui/screen/app.tcss",
        "tracker/stories/data/concepts-business.ini",
        "tracker/demo/outlets/daily-circuit.toml",
    ],
)
def test_the_wheel_has_what_commands_read(wheel: Path, name: str) -> None:
    assert name in named_in(wheel)


def test_the_wheel_names_its_extras_and_its_command(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    metadata = Parser().parsestr(read_from(wheel, ".dist-info/METADATA"))
    extras = set(metadata.get_all("Provides-Extra") or ())
    assert extras == set(project["optional-dependencies"]) >= {"mcp", "tui", "alerts"}
    needed = [line for line in metadata.get_all("Requires-Dist") or () if "extra ==" not in line]
    assert len(needed) == len(project["dependencies"])
    assert "tracker = tracker.__main__:main" in read_from(wheel, "entry_points.txt")


@pytest.fixture(scope="module")
def tracker(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the command of the wheel, installed into a venv of its own."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=60
    )
    python = venv / "bin" / "python"
    installing = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), *installing, str(wheel)],
        check=True,
        timeout=60,
    )
    (packages,) = venv.glob("lib/python*/site-packages")
    # Only paths count in such a file, not the files of its kind there: this checkout stays outside.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return venv / "bin" / "tracker"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def run(tracker: Path, home: Path, *words: str, **variables: str) -> str:
    done = subprocess.run(
        [tracker, *words],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | variables,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_the_wheel_that_runs(tracker: Path, home: Path) -> None:
    done = subprocess.run(
        [tracker.with_name("python"), "-c", "import tracker; print(tracker.__file__)"],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert Path(done.stdout.strip()).is_relative_to(tracker.parents[1])


def test_the_demo_runs_from_the_wheel(tracker: Path, home: Path) -> None:
    assert "TikTok" in run(tracker, home, "demo")


def test_a_new_user_brings_a_list_and_reads_the_first_news(
    tracker: Path, home: Path, publisher: Publisher
) -> None:
    publisher.routes["/a"] = DOCUMENT
    outline = f'<outline type="rss" text="A" xmlUrl="{publisher.url("/a")}"/>'
    (home / "list.opml").write_text(
        f'<opml version="2.0"><body>{outline}</body></opml>', encoding="utf-8"
    )
    run(tracker, home, "feeds", "import", "list.opml")
    run(tracker, home, "follow", "Nokia layoffs")
    assert "1 new" in run(tracker, home, "poll")
    assert "Nokia cuts 500 jobs" in run(tracker, home, "timeline", "nokia-layoffs")
    run(tracker, home, "export", "nokia-layoffs", "--output", "story.html")
    assert "Nokia cuts 500 jobs" in (home / "story.html").read_text("utf-8")
    assert run(tracker, home, "doctor")
    made = {path.name for path in home.rglob("*") if path.is_file()}
    assert {"tracker.db", "feeds.yaml"} <= made


def test_settings_and_packs_are_shown_in_an_empty_home(tracker: Path, home: Path) -> None:
    assert "feeds.yaml" in run(tracker, home, "config")
    assert "technology" in run(tracker, home, "feeds", "packs")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_a_shell_is_shown(tracker: Path, home: Path, shell: str) -> None:
    # --show-completion finds out in which shell it runs, and then asks for the same.
    shown = run(tracker, home, _TRACKER_COMPLETE=f"source_{shell}")
    assert f"complete_{shell}" in shown


def test_the_shell_that_asks_for_its_completion_is_found(tracker: Path, home: Path) -> None:
    done = subprocess.run(
        ["/bin/bash", "-c", f"{tracker} --show-completion; true"],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "complete_bash" in done.stdout


def test_a_command_is_completed(tracker: Path, home: Path) -> None:
    asked = {"_TRACKER_COMPLETE": "complete_bash", "COMP_WORDS": "tracker time", "COMP_CWORD": "1"}
    assert run(tracker, home, **asked).split() == ["timeline"]


def test_the_extras_find_what_they_read(tracker: Path, home: Path) -> None:
    assert "claude mcp add tracker" in run(tracker, home, "mcp", "--help")
    assert run(tracker, home, "mcp") == ""  # stdin has ended
    assert "tracker tui" in run(tracker, home, "tui", "--help")
