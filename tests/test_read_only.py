"""A database that can only be read: a snapshot, a mounted backup, somebody else's folder."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from making import bring

from tracker.model.polling import FeedSource
from tracker.services.follow import follow
from tracker.store.database import connect
from tracker.store.polling import feeds

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with a database, neither of which can be written."""
    db = connect(tmp_path / "t.db")
    feeds.take_in(db, [FeedSource("https://a.example/")], {}, "")
    bring(db, "Nokia announces layoffs")
    follow(db, "Nokia layoffs", datetime.now(UTC))
    db.close()
    (tmp_path / "t.db-poll").unlink()  # the lock of what linked the item
    (tmp_path / "t.db").chmod(0o444)
    tmp_path.chmod(0o555)
    yield tmp_path
    tmp_path.chmod(0o755)


def obey_permissions() -> None:
    """Take from root the right to write where permissions forbid it."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=kept | {"PATH": os.environ["PATH"], "HOME": "/", "TRACKER_DB": str(folder / "t.db")},
        preexec_fn=obey_permissions,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "words", [("timeline",), ("timeline", "nokia-layoffs"), ("stories",), ("search", "Nokia")]
)
def test_a_database_in_a_folder_that_cannot_be_written_is_read(
    folder: Path, words: tuple[str, ...]
) -> None:
    done = run(folder, *words)
    assert done.returncode == 0, done.stderr
    assert "Nokia" in done.stdout
    assert [path.name for path in folder.iterdir()] == ["t.db"]


def test_it_says_that_what_was_read_stays_new(folder: Path) -> None:
    assert "can only be read" in run(folder, "timeline", "nokia-layoffs").stderr


def test_changing_it_is_refused_in_a_sentence(folder: Path) -> None:
    done = run(folder, "story", "close", "nokia-layoffs")
    assert done.returncode == 3
    assert "check the permissions" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_log_that_cannot_be_read_is_not_passed_over(folder: Path) -> None:
    folder.chmod(0o755)
    (folder / "t.db-wal").write_bytes(b"not yet in the database")
    folder.chmod(0o555)
    done = run(folder, "timeline")
    assert done.returncode == 3
    assert "t.db-wal" in done.stderr
    assert "--db" in done.stderr
