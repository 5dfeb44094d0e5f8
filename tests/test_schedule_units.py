"""Jobs as systemd user timers and as launchd agents."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scheduling import LAUNCHCTL, LOGINCTL, SYSTEMCTL, computer, job

from tracker.errors import TrackerError
from tracker.model.schedule import Job, Times
from tracker.schedule import launchd, systemd
from tracker.schedule.computer import Computer

ANALYZE = shutil.which("systemd-analyze")
ODD = Job(
    "poll",
    (sys.executable, "--db", '/d/a b%c\'s "$HOME".db', "--feeds", "/d/back\\slash", "poll", "-q"),
    Times((1, 13), (7, 27)),
    (("PATH", "/usr/bin:/bin"), ("http_proxy", "http://me:50%25@proxy:3128")),
)


@pytest.fixture
def linux(tmp_path: Path) -> Computer:
    return computer(tmp_path, systemctl=SYSTEMCTL, loginctl=LOGINCTL)


@pytest.fixture
def mac(tmp_path: Path) -> Computer:
    return computer(tmp_path, "darwin", launchctl=LAUNCHCTL)


def asked(tmp_path: Path) -> list[str]:
    return (tmp_path / "asked").read_text("utf-8").splitlines()


def units_in(here: Computer) -> dict[str, str]:
    files = [path for path in systemd.folder_of(here).glob("*") if path.is_file()]
    return {path.name: path.read_text("utf-8") for path in files}


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("tested", [job(7, 27, 47), job(30, name="digest"), ODD])
def test_systemd_accepts_the_units(tmp_path: Path, tested: Job) -> None:
    for name, text in systemd.units([tested]).items():
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        [str(ANALYZE), "--user", "verify", *map(str, tmp_path.glob("tracker-*"))],
        env={"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    # It exits with 0 for a value that it does not know, and says so.
    assert (done.returncode, done.stderr) == (0, "")


def test_an_installation_starts_the_timer_and_shows_it(tmp_path: Path, linux: Computer) -> None:
    systemd.install(linux, [job(7, 27, 47)])
    assert (tmp_path / "running-tracker-poll.timer").exists()
    assert "--user daemon-reload" in asked(tmp_path)
    (found,) = systemd.schedule(linux).jobs
    assert (found.job.words, found.job.times) == (job(7).words, job(7, 27, 47).times)
    assert found.problem == ""


def test_units_are_read_back_as_they_were_written(linux: Computer) -> None:
    systemd.install(linux, [ODD])
    (found,) = systemd.schedule(linux).jobs
    assert (found.job.words, found.job.times) == (ODD.words, ODD.times)


def test_a_missed_start_is_made_up_for_and_polls_are_spread(linux: Computer) -> None:
    systemd.install(linux, [job(7), job(30, name="digest")])
    units = units_in(linux)
    assert "Persistent=true" in units["tracker-poll.timer"]
    assert "RandomizedDelaySec=2min" in units["tracker-poll.timer"]
    assert "OnCalendar=*-*-* 07:30:00" in units["tracker-digest.timer"]
    assert "RandomizedDelaySec" not in units["tracker-digest.timer"]


def test_units_are_readable_by_their_user_alone(linux: Computer) -> None:
    systemd.install(linux, [ODD])
    modes = {path.stat().st_mode & 0o777 for path in systemd.ours(linux)}
    assert modes == {0o600}


def test_a_job_that_is_no_longer_wanted_is_stopped_and_deleted(
    tmp_path: Path, linux: Computer
) -> None:
    systemd.install(linux, [job(7), job(30, name="digest")])
    systemd.install(linux, [job(7)])
    assert sorted(units_in(linux)) == ["tracker-poll.service", "tracker-poll.timer"]
    assert not (tmp_path / "running-tracker-digest.timer").exists()
    assert (tmp_path / "running-tracker-poll.timer").exists()


def test_removing_leaves_units_of_others(linux: Computer) -> None:
    folder = systemd.folder_of(linux)
    folder.mkdir(parents=True)
    (folder / "other.service").write_text("[Service]\nExecStart=/o/tracker poll\n", "utf-8")
    systemd.install(linux, [job(7)])
    (other,) = systemd.schedule(linux).others
    assert (other.place, other.text) == (str(folder / "other.service"), "/o/tracker poll")
    systemd.remove(linux)
    assert list(units_in(linux)) == ["other.service"]


def test_a_unit_of_that_name_by_somebody_else_is_not_replaced(linux: Computer) -> None:
    theirs = systemd.folder_of(linux) / "tracker-poll.service"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("[Service]\n", "utf-8")
    with pytest.raises(TrackerError, match="was not written by `tracker schedule`; move it away"):
        systemd.install(linux, [job(7)])
    systemd.remove(linux)
    assert units_in(linux) == {"tracker-poll.service": "[Service]\n"}


def test_a_refusal_leaves_the_units_as_they_were(tmp_path: Path, linux: Computer) -> None:
    systemd.install(linux, [job(7)])
    before = units_in(linux)
    (tmp_path / "refuse-enable").touch()
    with pytest.raises(TrackerError, match=r"refused `systemctl --user enable.*Unit is masked"):
        systemd.install(linux, [job(9), job(30, name="digest")])
    assert units_in(linux) == before


def test_a_timer_that_was_stopped_is_a_problem(tmp_path: Path, linux: Computer) -> None:
    systemd.install(linux, [job(7)])
    (tmp_path / "running-tracker-poll.timer").unlink()
    (found,) = systemd.schedule(linux).jobs
    assert found.problem == "tracker-poll.timer is not running"


def test_without_a_session_the_reason_is_given(tmp_path: Path, linux: Computer) -> None:
    assert systemd.unreachable(linux) == ""
    (tmp_path / "no-bus").touch()
    assert systemd.unreachable(linux) == "Failed to connect to bus"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo 'Down (ask the host): later' >&2; exit 1", "Down"),
        ("exit 4", "systemctl exits with 4"),
    ],
)
def test_the_reason_is_without_its_advice_and_else_the_exit_code(
    tmp_path: Path, script: str, why: str
) -> None:
    here = computer(tmp_path, systemctl=f"#!/bin/sh\n{script}\n")
    assert systemd.unreachable(here) == why


def test_units_can_be_removed_without_a_session(tmp_path: Path, linux: Computer) -> None:
    systemd.install(linux, [job(7)])
    wants = systemd.folder_of(linux) / "timers.target.wants" / "tracker-poll.timer"
    wants.parent.mkdir()
    wants.symlink_to(systemd.folder_of(linux) / "tracker-poll.timer")
    (tmp_path / "no-bus").touch()
    systemd.remove(linux)
    assert units_in(linux) == {}
    assert not os.path.lexists(wants)


def test_lingering_is_asked_for_only_where_it_is_off(tmp_path: Path, linux: Computer) -> None:
    (tmp_path / "linger").write_text("no\n", "utf-8")
    assert systemd.notes(linux) == (systemd.LINGERING,)
    (tmp_path / "linger").write_text("yes\n", "utf-8")
    assert systemd.notes(linux) == ()


def test_an_agent_starts_at_minutes_of_the_clock_and_in_the_background(mac: Computer) -> None:
    found = plistlib.loads(launchd.agent(mac, job(7, 27)))
    assert found["Label"] == "tracker.schedule.poll"
    assert found["ProgramArguments"] == list(job(7).words)
    assert found["EnvironmentVariables"] == {"PATH": "/usr/bin:/bin"}
    assert found["StartCalendarInterval"] == [{"Minute": 7}, {"Minute": 27}]
    assert "StartInterval" not in found
    assert (found["ProcessType"], found["LowPriorityIO"]) == ("Background", True)
    assert found["StandardErrorPath"] == f"{mac.home}/Library/Logs/tracker-poll.log"


def test_an_agent_of_some_hours_names_each_with_each_minute(mac: Computer) -> None:
    found = plistlib.loads(launchd.agent(mac, ODD))
    assert found["StartCalendarInterval"] == [
        {"Hour": hour, "Minute": minute} for hour in (1, 13) for minute in (7, 27)
    ]


def test_agents_are_read_back_as_they_were_written(mac: Computer) -> None:
    jobs = [ODD, job(30, name="digest")]
    launchd.install(mac, jobs)
    found = launchd.schedule(mac).jobs
    assert [each.job for each in found] == jobs
    assert {each.problem for each in found} == {""}


def test_an_agent_is_unloaded_before_it_is_loaded_anew(tmp_path: Path, mac: Computer) -> None:
    launchd.install(mac, [job(7)])
    launchd.install(mac, [job(9)])
    verbs = [line.split()[0] for line in asked(tmp_path) if not line.startswith("print")]
    assert verbs == ["bootstrap", "bootout", "bootstrap"]
    domain = f"gui/{os.getuid()}"
    path = launchd.path_of(mac, "poll")
    assert f"bootout {domain}/tracker.schedule.poll" in asked(tmp_path)
    assert f"bootstrap {domain} {path}" in asked(tmp_path)


def test_removing_leaves_agents_of_others(tmp_path: Path, mac: Computer) -> None:
    launchd.install(mac, [job(7)])
    theirs = launchd.folder_of(mac) / "org.example.news.plist"
    theirs.write_bytes(plistlib.dumps({"ProgramArguments": ["/o/tracker", "poll"]}))
    (launchd.folder_of(mac) / "broken.plist").write_bytes(b"<plist")
    (other,) = launchd.schedule(mac).others
    assert other.text == "/o/tracker poll"
    launchd.remove(mac)
    assert launchd.schedule(mac).jobs == ()
    assert sorted(path.name for path in launchd.folder_of(mac).iterdir()) == [
        "broken.plist",
        "org.example.news.plist",
    ]
    assert not list(tmp_path.glob("loaded-*"))


def test_a_refusal_of_launchd_deletes_what_was_written(tmp_path: Path, mac: Computer) -> None:
    (tmp_path / "refuse").touch()
    with pytest.raises(TrackerError, match=r"launchd refused .* Input/output error"):
        launchd.install(mac, [job(7)])
    assert launchd.ours(mac) == []


def test_an_agent_that_is_not_loaded_is_a_problem(tmp_path: Path, mac: Computer) -> None:
    launchd.install(mac, [job(7)])
    (tmp_path / "loaded-tracker.schedule.poll").unlink()
    (found,) = launchd.schedule(mac).jobs
    assert found.problem == "tracker.schedule.poll is not loaded"


def test_files_that_macos_guards_are_named(mac: Computer) -> None:
    guarded = mac.home / "Documents" / "t.db"
    (note,) = launchd.notes(mac, [guarded, mac.home / "feeds.yaml"])
    assert str(guarded) in note
