"""A database on a disk without room: what is stored can be read, and why no more can be is said."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# A file system of its own for a process and those that it starts; it is gone with them.
MOUNTED = "mkdir disk && mount -t tmpfs -o size=2m none disk && cd disk"
FOLLOWED = "(tracker feeds ls && tracker follow Nokia layoffs) >/dev/null"
# What fills the disk fails on purpose, once nothing more fits.
FILLED = "! cat /dev/zero 2>/dev/null > full"


UNSHARE = shutil.which("unshare")


@pytest.fixture(scope="module", autouse=True)
def _may_mount(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not UNSHARE or run(tmp_path_factory.mktemp("mount"), "true").returncode:
        pytest.skip("no file system can be mounted here")


def run(folder: Path, *commands: str) -> subprocess.CompletedProcess[str]:
    """Run shell commands one after the other, on a new small disk, with a feed list of no feeds."""
    (folder / "feeds.yaml").write_text("feeds: []\n", "utf-8")
    tracker = f'tracker() {{ {shlex.quote(sys.executable)} -m tracker "$@"; }}'
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    files = {"TRACKER_DB": "t.db", "TRACKER_FEEDS": str(folder / "feeds.yaml")}
    return subprocess.run(
        [UNSHARE or "", "-rm", "sh", "-c", "\n".join([tracker, " && ".join([MOUNTED, *commands])])],
        cwd=folder,
        env=kept | files | {"PATH": os.environ["PATH"], "HOME": "/"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["timeline", "timeline nokia-layoffs", "stories", "search No"])
def test_what_is_stored_can_be_read(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, FOLLOWED, FILLED, f"tracker {command}")
    assert done.returncode == 0, done.stderr
    assert "No" in done.stdout


def test_the_feeds_can_be_read(tmp_path: Path) -> None:
    done = run(tmp_path, FOLLOWED, FILLED, "tracker feeds ls")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_came_last_is_read_from_the_log(tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(
        "import os, sqlite3\n"
        "db = sqlite3.connect('t.db', isolation_level=None)\n"
        "db.execute('UPDATE stories SET title = \"Newest\"')\n"
        "os._exit(0)\n",
        "utf-8",
    )
    killed = f"{shlex.quote(sys.executable)} ../killed.py && rm t.db-shm"
    done = run(tmp_path, FOLLOWED, killed, FILLED, "tracker stories")
    assert done.returncode == 0, done.stderr
    assert "Newest" in done.stdout


def test_it_is_said_that_what_was_read_stays_new(tmp_path: Path) -> None:
    (tmp_path / "stored.py").write_text(
        "from pathlib import Path\n"
        "from making import bring\n"
        "from tracker.model.polling import FeedSource\n"
        "from tracker.store.database import connect\n"
        "from tracker.store.polling import feeds\n"
        "db = connect(Path('t.db'))\n"
        "feeds.take_in(db, [FeedSource('https://a.example/')], {}, '')\n"
        "bring(db, 'Nokia announces layoffs')\n",
        "utf-8",
    )
    tests = shlex.quote(str(Path(__file__).parent))
    stored = f"PYTHONPATH={tests} {shlex.quote(sys.executable)} ../stored.py"
    done = run(tmp_path, stored, FOLLOWED, FILLED, "tracker timeline nokia-layoffs")
    assert done.stderr == "tracker: The disk is full; what you read stays marked as new.\n"


@pytest.mark.parametrize("command", ["story close nokia-layoffs", "follow Huawei", "poll"])
def test_what_cannot_be_stored_is_refused_for_want_of_room(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, FOLLOWED, FILLED, f"tracker {command}")
    assert done.returncode == 3
    assert "the disk is full; make room" in done.stderr
