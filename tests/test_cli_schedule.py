"""`tracker schedule` as it is typed, with a crontab that stores bytes."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scheduling import CRONTAB, programs, with_basics

from tracker.model.polling import PollReport
from tracker.store.database import opened
from tracker.store.polling import polls

if TYPE_CHECKING:
    from collections.abc import Mapping

FOREIGN = b"FOO='a b'\n*/5\t* * * *  theirs"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    # Its own crontab, and no systemctl.
    folder = with_basics(programs(tmp_path, crontab=CRONTAB))
    (tmp_path / "feeds.yaml").write_text("feeds: []\n", "utf-8")
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return kept | {"HOME": str(tmp_path), "PATH": str(folder), "COLUMNS": "80"}


def run(environ: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=dict(environ),
        cwd=environ["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def spool(tmp_path: Path) -> bytes:
    return (tmp_path / "spool").read_bytes()


def test_install_change_and_remove_leave_the_lines_of_others(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "spool").write_bytes(FOREIGN)
    assert run(environ, "schedule", "install", "--every", "20m").returncode == 0
    first = spool(tmp_path)
    assert first.startswith(FOREIGN + b"\n# BEGIN tracker")
    changed = run(environ, "schedule", "install", "--every", "2h")
    assert changed.stdout.startswith("Changed, with cron:\n")
    assert "Before: every 20 minutes, at :" in changed.stdout
    assert spool(tmp_path).count(b"\n") == first.count(b"\n")
    removed = run(environ, "schedule", "remove")
    assert removed.stdout.startswith("Removed from your crontab: tracker polls your feeds every")
    assert spool(tmp_path) == FOREIGN + b"\n"


def test_installing_again_says_that_nothing_changed(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    run(environ, "schedule", "install", "--every", "20m")
    before = spool(tmp_path)
    again = run(environ, "schedule", "install", "--every", "20m")
    assert again.stdout.startswith("Unchanged, with cron:\n")
    assert spool(tmp_path) == before


def test_the_job_has_the_files_of_the_shell_that_installed_it(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    run(environ, "schedule", "install", "--db", "my data/t 100%.db")
    line = spool(tmp_path).decode().splitlines()[1]
    words = shlex.split(line)[5:]
    assert words[0] == "/usr/bin/env"
    assert words[words.index("--db") + 1] == f"{tmp_path}/my data/t 100%.db"
    assert words[words.index("--feeds") + 1] == f"{tmp_path}/feeds.yaml"
    assert Path(words[words.index("--db") - 1]) == Path(sys.executable).with_name("tracker")
    assert words[-2:] == ["poll", "--quiet"]


def test_a_dry_run_prints_the_block_and_writes_nothing(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    done = run(environ, "schedule", "install", "--every", "20m", "--dry-run")
    assert done.stdout.startswith("In your crontab:\n# BEGIN tracker")
    assert done.stdout.endswith("Nothing was changed.\n")
    assert not (tmp_path / "spool").exists()
    assert run(environ, "schedule", "install", "--every", "20m").returncode == 0
    assert spool(tmp_path).decode() in done.stdout


def test_nothing_scheduled_is_said_with_the_command_that_changes_it(
    environ: dict[str, str],
) -> None:
    done = run(environ, "schedule", "show")
    assert done.returncode == 0
    assert "tracker schedules nothing." in done.stdout
    assert "tracker schedule install --every 20m" in done.stdout
    assert json.loads(run(environ, "schedule", "show", "--json").stdout) == {
        "jobs": [],
        "others": [],
        "notes": [],
    }
    assert "nothing was changed" in run(environ, "schedule", "remove").stdout


def test_a_block_that_cannot_be_read_is_not_taken_for_none(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    run(environ, "schedule", "install", "--every", "20m")
    (tmp_path / "spool").write_bytes(spool(tmp_path).replace(b"# END tracker\n", b""))
    said = run(environ, "schedule", "show").stdout
    assert said.startswith("What tracker schedules cannot be read.\n! The block of tracker in")


def test_show_has_the_last_poll_of_the_job_and_its_next_start(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    started = datetime.now(UTC).replace(microsecond=0)
    with opened(tmp_path / "t.db") as db:
        polls.record(db, PollReport(started, 1.0, 83, 80, 0, 1, 4, 2, ()))
    run(environ, "schedule", "install", "--every", "20m", "--db", "t.db")
    # Without --db: the job's own database counts.
    done = run(environ, "schedule", "show")
    assert "Last poll just now" in done.stdout
    assert "83 feeds asked" in done.stdout
    assert "Next start in " in done.stdout or "Next start now" in done.stdout
    (job,) = json.loads(run(environ, "schedule", "show", "--json").stdout)["jobs"]
    assert job["last_started"] == started.isoformat().replace("+00:00", "Z")
    assert job["last_poll"]["feeds"] == 83
    assert (job["scheduler"], job["interval_in_minutes"], job["problem"]) == ("cron", 20, None)
    assert datetime.fromisoformat(job["next_start"]) > started


def test_show_does_not_make_a_database(tmp_path: Path, environ: dict[str, str]) -> None:
    run(environ, "schedule", "install", "--db", "t.db")
    assert "No poll yet" in run(environ, "schedule", "show").stdout
    assert not (tmp_path / "t.db").exists()


def test_a_path_that_is_gone_is_shown_with_what_mends_it(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    run(environ, "schedule", "install")
    script = str(Path(sys.executable).with_name("tracker")).encode()
    (tmp_path / "spool").write_bytes(spool(tmp_path).replace(script, b"/gone/tracker"))
    done = run(environ, "schedule", "show")
    assert (
        "! /gone/tracker does not exist any more; `tracker schedule install` mends" in done.stdout
    )
    assert run(environ, "schedule", "install").stdout.startswith("Changed, with cron:")
    assert script in spool(tmp_path)


def test_a_second_job_that_polls_is_shown_and_left_alone(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "spool").write_bytes(b"*/15 * * * * /opt/tracker poll -q\n")
    run(environ, "schedule", "install")
    said = " ".join(run(environ, "schedule", "show").stdout.split())
    assert "! Another job runs tracker, and is left alone: your crontab, line 1: " in said
    (other,) = json.loads(run(environ, "schedule", "show", "--json").stdout)["others"]
    assert other["command"] == "*/15 * * * * /opt/tracker poll -q"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every", "25m"), "write 20m or 30m."),
        (("--digest", "noon"), "is not a time of the day; write 07:30."),
        (("--with", "launchd"), "There is no program launchctl on this computer; install it"),
    ],
)
def test_wrong_use_is_one_sentence(
    tmp_path: Path, environ: dict[str, str], words: tuple[str, ...], said: str
) -> None:
    done = run(environ, "schedule", "install", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "spool").exists()


def test_a_missing_feed_list_is_noticed_before_cron_does(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    done = run(environ, "schedule", "install", "--feeds", "no.yaml")
    # The path may be cut anywhere: how long it is depends on the computer.
    assert f"Thereisnofeedlist{tmp_path}/no.yamlyet" in "".join(done.stdout.split())


def test_show_fits_80_columns(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "spool").write_bytes(FOREIGN + b"\n*/15 * * * * /opt/tracker poll -q\n")
    for words in (("install",), ("show",), ("remove",)):
        said = run(environ, "schedule", *words).stdout
        assert max(map(len, said.splitlines())) <= 80


def test_a_digest_is_scheduled_beside_the_polls(tmp_path: Path, environ: dict[str, str]) -> None:
    done = run(environ, "schedule", "install", "--digest", "7:30")
    assert done.returncode == 0, done.stderr
    assert "tracker sends the digest every day at 07:30." in done.stdout
    lines = spool(tmp_path).decode().splitlines()
    assert lines[2].startswith("30 7 * * * ")
    assert lines[2].endswith(" digest --send")


def test_a_digest_that_nobody_takes_is_said(tmp_path: Path, environ: dict[str, str]) -> None:
    said = run(environ, "schedule", "install", "--digest", "7:30").stdout
    assert "No target takes the digest yet" in said
    run(environ, "notify", "add", "exec", "true")
    said = run(environ, "schedule", "install", "--digest", "7:30").stdout
    assert "No target takes the digest yet" not in said
    assert (tmp_path / "spool").exists()
