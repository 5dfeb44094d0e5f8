"""From what is typed to jobs: intervals, times, the path of tracker, and which scheduler."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheduling import CRONTAB, LAUNCHCTL, LOGINCTL, SYSTEMCTL, computer, job

from tracker.errors import TrackerError, UsageError
from tracker.model.polling import PollReport
from tracker.model.schedule import HOURS_OF_A_DAY, InstalledJob, Scheduler, Times
from tracker.schedule import crontab, installation
from tracker.schedule.plan import (
    last_start,
    next_start,
    parse_clock,
    parse_interval,
    plan,
    spread,
)
from tracker.schedule.program import environment, program
from tracker.schedule.recognition import runs_tracker
from tracker.schedule.status import states

PARIS = ZoneInfo("Europe/Paris")
INTERVALS = [m for m in range(1, 1441) if 60 % m == 0 or (m % 60 == 0 and 1440 % m == 0)]
NOW = datetime(2026, 12, 2, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minutes"), [("20m", 20), ("1m", 1), ("60 min", 60), ("2H", 120), ("1d", 1440)]
)
def test_an_interval_is_read(text: str, minutes: int) -> None:
    assert parse_interval(text) == minutes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("25m", "--every '25m' does not divide an hour into equal parts; write 20m or 30m."),
        ("90m", "--every '90m' does not divide a day into equal parts; write 1h or 2h."),
        ("5h", "--every '5h' does not divide a day into equal parts; write 4h or 6h."),
        ("2d", "--every '2d' does not divide a day into equal parts; write 24h."),
        ("0m", "--every '0m' is not an interval; write 20m or 2h."),
        ("often", "--every 'often' is not an interval; write 20m or 2h."),
    ],
)
def test_an_interval_that_cannot_be_kept_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_interval(text)
    assert str(caught.value) == said


@given(st.sampled_from(INTERVALS), st.text())
def test_starts_are_apart_by_the_interval_and_not_at_the_full_hour(
    interval: int, host: str
) -> None:
    times = spread(interval, host)
    assert times.interval_in_minutes == interval
    assert interval == 1 or 0 not in times.minutes


def test_hosts_start_at_different_minutes() -> None:
    assert len({spread(60, f"host-{n}").minutes for n in range(200)}) > 50


@pytest.mark.parametrize("text", ["7", "24:00", "07:60", "7.30", "noon"])
def test_what_is_not_a_time_of_the_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time of the day; write 07:30"):
        parse_clock(text)


def test_a_digest_is_one_job_more() -> None:
    words = plan(
        ["/bin/tracker"],
        Path("/d/t.db"),
        Path("/d/f.yaml"),
        environment=(),
        polls=Times(HOURS_OF_A_DAY, (7,)),
        digest=parse_clock("7:30"),
    )
    assert [each.words[-2:] for each in words] == [("poll", "--quiet"), ("digest", "--send")]
    assert words[1].times == Times((7,), (30,))
    assert words[0].words[:5] == ("/bin/tracker", "--db", "/d/t.db", "--feeds", "/d/f.yaml")


@pytest.mark.parametrize("name", ["a\nb.db", "a\x1bb.db", "\udcff.db"])
def test_a_path_with_characters_that_end_a_line_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be scheduled; rename"):
        plan(["/t"], Path(name), Path("f"), environment=(), polls=Times((1,), (1,)))


def test_the_next_start_is_a_time_of_the_clock() -> None:
    times = Times(HOURS_OF_A_DAY, (7, 27, 47))
    assert next_start(times, NOW, UTC) == NOW.replace(minute=47)
    assert next_start(times, NOW.replace(minute=47), UTC) == NOW.replace(hour=13, minute=7)
    assert last_start(times, NOW, UTC) == NOW.replace(minute=27)


def test_a_digest_stays_at_its_hour_when_summer_time_ends() -> None:
    before = datetime(2026, 10, 24, 8, 0, tzinfo=PARIS)
    start = next_start(Times((7,), (30,)), before, PARIS)
    assert start.astimezone(PARIS) == datetime(2026, 10, 25, 7, 30, tzinfo=PARIS)
    assert start - before.astimezone(UTC) == timedelta(hours=24, minutes=30)


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", "utf-8")
    path.chmod(0o755)
    return path


def test_the_link_on_the_path_is_taken_not_its_target(tmp_path: Path) -> None:
    script = executable(tmp_path / "share/pipx/venvs/tracker/bin/tracker")
    here = computer(tmp_path)
    link = Path(here.environ["PATH"]) / "tracker"
    link.symlink_to(script)
    assert program(here, str(script), "/usr/bin/python3") == (str(link),)


def test_another_tracker_on_the_path_is_not_taken(tmp_path: Path) -> None:
    script = executable(tmp_path / "mine/bin/tracker")
    here = computer(tmp_path, tracker="#!/bin/sh\n")
    assert program(here, str(script), "/usr/bin/python3") == (str(script),)


def test_python_m_tracker_finds_the_script_beside_its_interpreter(tmp_path: Path) -> None:
    script = executable(tmp_path / "venv/bin/tracker")
    main = tmp_path / "venv/lib/tracker/__main__.py"
    assert program(computer(tmp_path), str(main), str(script.with_name("python"))) == (str(script),)


@pytest.mark.parametrize(
    "folder",
    [
        ".cache/uv/archive-v0/Xy12/bin",
        ".cache/uv/builds-v0/.tmpa1/bin",
        ".local/share/pipx/.cache/0f1e2d/bin",
        ".local/pipx/.cache/0f1e2d/bin",
    ],
)
def test_a_temporary_environment_is_refused(tmp_path: Path, folder: str) -> None:
    script = executable(tmp_path / folder / "tracker")
    with pytest.raises(UsageError, match="is temporary, as `uvx` and `pipx run` make it"):
        program(computer(tmp_path), str(script), "/usr/bin/python3")


def test_a_link_into_a_temporary_environment_is_refused(tmp_path: Path) -> None:
    script = executable(tmp_path / ".cache/uv/archive-v0/Xy12/bin/tracker")
    link = tmp_path / "tracker"
    link.symlink_to(script)
    with pytest.raises(UsageError, match="is temporary"):
        program(computer(tmp_path), str(link), "/usr/bin/python3")


def test_a_tracker_that_is_not_installed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="tracker runs from a folder; install it"):
        program(computer(tmp_path), "/src/tracker/__main__.py", str(tmp_path / "python"))


def test_the_environment_keeps_proxies_and_the_folders_that_exist(tmp_path: Path) -> None:
    found = dict(
        environment(
            {"PATH": f"{tmp_path}:relative:/no/such:{tmp_path}", "https_proxy": "p", "EDITOR": "vi"}
        )
    )
    assert found["PATH"].split(":")[0] == str(tmp_path)
    assert found["PATH"].count(str(tmp_path)) == 1
    assert not {"relative", "/no/such"} & set(found["PATH"].split(":"))
    assert found["https_proxy"] == "p"
    assert "EDITOR" not in found


def test_a_path_too_long_for_cron_is_cut_to_the_usual_folders(tmp_path: Path) -> None:
    folders = [tmp_path / f"{number:0100}" for number in range(5)]
    for folder in folders:
        folder.mkdir()
    found = dict(environment({"PATH": ":".join(map(str, folders))}))
    assert set(found["PATH"].split(":")) <= {"/usr/local/bin", "/usr/bin", "/bin"}


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        ("*/15 * * * * tracker poll", True),
        ("@hourly /home/me/.local/bin/tracker --db /d/t.db poll --quiet", True),
        ('"/opt/my tools/tracker" "poll"', True),
        ("python3 -m tracker digest --send", True),
        ("tracker export story", False),
        ("issue-tracker poll", False),
        ("tracker-poll", False),
        ("echo poll tracker", False),
    ],
)
def test_a_command_that_polls_is_recognised(command: str, *, runs: bool) -> None:
    assert runs_tracker(command) is runs


def test_macos_uses_launchd(tmp_path: Path) -> None:
    here = computer(tmp_path, "darwin", launchctl=LAUNCHCTL, crontab=CRONTAB)
    assert installation.install(here, [job(7)]).scheduler is Scheduler.LAUNCHD


def test_linux_uses_systemd_and_mentions_lingering(tmp_path: Path) -> None:
    (tmp_path / "linger").write_text("no\n", "utf-8")
    here = computer(tmp_path, systemctl=SYSTEMCTL, loginctl=LOGINCTL, crontab=CRONTAB)
    change = installation.install(here, [job(7)])
    assert change.scheduler is Scheduler.SYSTEMD
    assert any("loginctl enable-linger" in note for note in change.notes)
    assert not (tmp_path / "spool").exists()


@pytest.mark.parametrize("wanted", [None, Scheduler.SYSTEMD])
def test_without_a_session_of_systemd_cron_takes_its_place_in_words(
    tmp_path: Path, wanted: Scheduler | None
) -> None:
    (tmp_path / "no-bus").touch()
    here = computer(tmp_path, systemctl=SYSTEMCTL, crontab=CRONTAB)
    change = installation.install(here, [job(7)], wanted)
    assert change.scheduler is Scheduler.CRON
    assert change.notes == (
        "systemd cannot be used (Failed to connect to bus), so cron starts the job.",
    )


def test_without_any_scheduler_the_user_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no program crontab on this computer; install it"):
        installation.install(computer(tmp_path), [job(7)])


def test_a_scheduler_that_holds_the_jobs_is_kept(tmp_path: Path) -> None:
    here = computer(tmp_path, systemctl=SYSTEMCTL, crontab=CRONTAB)
    installation.install(here, [job(7)], Scheduler.CRON)
    assert installation.install(here, [job(9)]).scheduler is Scheduler.CRON


def test_another_scheduler_takes_the_jobs_over(tmp_path: Path) -> None:
    here = computer(tmp_path, systemctl=SYSTEMCTL, crontab=CRONTAB)
    installation.install(here, [job(7)], Scheduler.CRON)
    installation.install(here, [job(7)], Scheduler.SYSTEMD)
    assert [each.scheduler for each in installation.schedule(here).jobs] == [Scheduler.SYSTEMD]
    assert (tmp_path / "spool").read_bytes() == b""


@pytest.mark.parametrize("wanted", list(Scheduler))
def test_installing_twice_changes_nothing_the_second_time(
    tmp_path: Path, wanted: Scheduler
) -> None:
    here = computer(tmp_path, crontab=CRONTAB, systemctl=SYSTEMCTL, launchctl=LAUNCHCTL)
    jobs = [job(7), job(30, name="digest")]
    assert installation.install(here, jobs, wanted).changed
    again = installation.install(here, jobs, wanted)
    assert not again.changed
    assert [each.job.name for each in again.before] == ["poll", "digest"]
    assert installation.install(here, [job(9)], wanted).changed


@pytest.mark.parametrize("wanted", list(Scheduler))
def test_a_dry_run_changes_nothing(tmp_path: Path, wanted: Scheduler) -> None:
    here = computer(tmp_path, crontab=CRONTAB, systemctl=SYSTEMCTL, launchctl=LAUNCHCTL)
    before = sorted(path for path in tmp_path.rglob("*") if path.name != "asked")
    change = installation.install(here, [job(7)], wanted, dry_run=True)
    assert any("--quiet" in piece.text for piece in change.pieces)
    assert sorted(path for path in tmp_path.rglob("*") if path.name != "asked") == before


def test_removing_takes_the_jobs_of_all_schedulers(tmp_path: Path) -> None:
    here = computer(tmp_path, systemctl=SYSTEMCTL, crontab=CRONTAB)
    installation.install(here, [job(7)], Scheduler.SYSTEMD)
    crontab.install(here, [job(7)])
    assert len(installation.remove(here).jobs) == 2
    assert installation.schedule(here).jobs == ()


def test_a_crontab_that_is_forbidden_does_not_keep_systemd_from_being_shown(
    tmp_path: Path,
) -> None:
    forbidden = "#!/bin/sh\necho 'You are not allowed to' >&2\nexit 1\n"
    here = computer(tmp_path, systemctl=SYSTEMCTL, crontab=forbidden)
    installation.install(here, [job(7)], Scheduler.SYSTEMD)
    found = installation.schedule(here)
    assert len(found.jobs) == 1
    assert "You are not allowed to" in found.notes[0]


def test_a_program_that_is_gone_or_not_executable_is_a_problem(tmp_path: Path) -> None:
    here = computer(tmp_path, crontab=CRONTAB)
    path = executable(tmp_path / "tracker")
    installation.install(here, [job(7, path=str(path))])
    assert installation.schedule(here).jobs[0].problem == ""
    path.chmod(0o644)
    assert installation.schedule(here).jobs[0].problem == f"{path} is not executable"
    path.unlink()
    assert installation.schedule(here).jobs[0].problem == f"{path} does not exist any more"


def test_a_program_that_cannot_be_started_is_an_error_in_words(tmp_path: Path) -> None:
    here = computer(tmp_path, crontab="not a program")
    os.truncate(Path(here.environ["PATH"]) / "crontab", 0)
    (Path(here.environ["PATH"]) / "crontab").write_bytes(b"\x7fELF")
    with pytest.raises(TrackerError, match="cannot be started"):
        here.run("crontab", "-l")


def polled(minutes_ago: int) -> PollReport:
    return PollReport(NOW - timedelta(minutes=minutes_ago), 1.0, 3, 3, 0, 0, 0, 0, ())


@pytest.mark.parametrize(
    ("minutes_ago", "missed"), [(2, None), (23, None), (40, NOW.replace(minute=7))]
)
def test_a_start_that_left_no_poll_is_noticed(minutes_ago: int, missed: datetime | None) -> None:
    # Starts at :07 and :27: the one three minutes ago may still be running.
    installed = InstalledJob(job(7, 27), Scheduler.CRON, "your crontab")
    (state,) = states([installed], lambda _: polled(minutes_ago), NOW, UTC)
    assert state.missed == missed
    assert state.next_start == NOW.replace(hour=13, minute=7)
