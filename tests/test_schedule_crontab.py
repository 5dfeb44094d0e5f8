"""Jobs in a crontab: our block changes, all else stays byte for byte; a real cron starts it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheduling import CRONTAB, computer, job, programs

from tracker.demo.archive import MOMENTS, sources
from tracker.demo.server import ArchiveServer
from tracker.errors import TrackerError, UsageError
from tracker.model.schedule import HOURS_OF_A_DAY, Job, Times
from tracker.schedule import crontab
from tracker.schedule.computer import Computer
from tracker.store.database import opened
from tracker.store.polling import polls

BUSYBOX = shutil.which("busybox")
FAKETIME = shutil.which("faketime")
TRACKER = Path(sys.executable).with_name("tracker")
# Each of these was changed or lost by a program that parses a crontab and writes it anew.
FOREIGN = rb"""# m h  dom mon dow   command
SHELL=/bin/bash
FOO='a b'
BAR="c d"
MAILTO=""
 LEADING = space
PATH=/usr/local/bin:/usr/bin:/bin
CRON_TZ=Europe/Paris

0	5	*	*	1	tar -zcf /var/backups/home.tgz /home/
1-59/2 * * * * every-odd-minute
0-29,45 */3 1,15 jan-mar mon-fri ranges
*/5  *  *   *    *     spaces
@daily daily-job
@reboot   sleep 10 && start
@every_minute freebsd
@annually	once
-n * * * * openbsd-quiet
-nq 0 3 * * * openbsd-flags
H~5 * * * * random-minute
~ * * * * random
0~30 4 * * * random-range
30 4 1,15 * 5 echo "100\% sure"%line one%line two
15 14 1 * * $HOME/bin/monthly
0 22 * * 1-5 mail -s "It's 10pm" joe%Joe,%%Where are your kids?%
23 0-23/2 * * * echo "run 23 minutes after midn, 2am, 4am"
5 4 * * sun echo "run at 5 after 4 every Sunday"
#disabled 1 2 3 4 5 old
## two marks
   # indented comment
* * * * * trailing-space
* * * * * carriage-return
0 0 * * * echo 'a # b'
10 2 * * * flock -n /tmp/l -c 'x'   # comment behind
this line is not cron at all
*/15 * * * * /opt/other/bin/tracker poll --quiet
7 7 7 7 7 caf\xc3\xa9
8 8 8 8 8 latin-\xe9
\x0b9 9 9 9 9 vertical-tab
0 0 31 2 * never \\ backslash \
TRAILING=variable""".replace(b"carriage-return", b"carriage-return\r").replace(
    b"trailing-space", b"trailing-space \t "
)


@pytest.fixture
def here(tmp_path: Path) -> Computer:
    return computer(tmp_path, crontab=CRONTAB)


def stored(tmp_path: Path) -> bytes:
    return (tmp_path / "spool").read_bytes()


def test_forty_odd_foreign_lines_survive_install_change_and_remove(
    tmp_path: Path, here: Computer
) -> None:
    assert FOREIGN.count(b"\n") >= 40
    (tmp_path / "spool").write_bytes(FOREIGN)
    crontab.install(here, [job(7, 27, 47)])
    assert stored(tmp_path) == FOREIGN + b"\n" + crontab.block_of([job(7, 27, 47)]).encode()
    crontab.install(here, [job(13)])
    assert stored(tmp_path) == FOREIGN + b"\n" + crontab.block_of([job(13)]).encode()
    crontab.remove(here)
    # cron refuses a crontab without a final newline: one had to be added.
    assert stored(tmp_path) == FOREIGN + b"\n"


def test_lines_that_were_added_after_the_block_stay_after_it(
    tmp_path: Path, here: Computer
) -> None:
    crontab.install(here, [job(7)])
    with (tmp_path / "spool").open("ab") as file:
        file.write(b"X=1\n* * * * * later\n")
    crontab.install(here, [job(9)])
    assert stored(tmp_path) == crontab.block_of([job(9)]).encode() + b"X=1\n* * * * * later\n"
    crontab.remove(here)
    assert stored(tmp_path) == b"X=1\n* * * * * later\n"


@given(st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=8))
def test_removing_a_block_gives_any_crontab_back(lines: list[bytes]) -> None:
    before = b"".join(line + b"\n" for line in lines)
    for jobs in ([job(7)], [job(7), job(30, name="digest")]):
        assert crontab.without_block(crontab.with_block(before, jobs)) == before


def test_installing_twice_writes_what_installing_once_does() -> None:
    once = crontab.with_block(FOREIGN, [job(7)])
    assert crontab.with_block(once, [job(7)]) == once


@pytest.mark.parametrize("cut", [crontab.BEGIN, crontab.END])
def test_a_block_that_lost_a_marker_is_left_to_the_user(cut: bytes) -> None:
    broken = crontab.with_block(b"* * * * * x\n", [job(7)]).replace(cut + b"\n", b"")
    with pytest.raises(TrackerError, match=r"needs one line .* mend it with `crontab -e`"):
        crontab.without_block(broken)


def test_a_user_without_a_crontab_gets_one(tmp_path: Path, here: Computer) -> None:
    assert crontab.read(here) == b""
    crontab.install(here, [job(7)])
    assert stored(tmp_path) == crontab.block_of([job(7)]).encode()


def test_a_crontab_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    here = computer(tmp_path, crontab="#!/bin/sh\necho 'You are not allowed to' >&2\nexit 1\n")
    with pytest.raises(TrackerError, match=r"nothing was changed: You are not allowed to\.$"):
        crontab.install(here, [job(7)])


def test_a_refused_crontab_is_reported_in_the_words_of_cron(tmp_path: Path) -> None:
    refusing = CRONTAB.replace("-) cat", "-) echo 'bad minute' >&2; exit 1; cat")
    here = computer(tmp_path, crontab=refusing)
    with pytest.raises(TrackerError, match=r"the old one stays: bad minute\.$"):
        crontab.install(here, [job(7)])


def test_a_crontab_that_changed_since_it_was_read_is_left_alone(
    tmp_path: Path, here: Computer
) -> None:
    (tmp_path / "spool").write_bytes(b"* * * * * theirs\n")
    with pytest.raises(TrackerError, match="changed by another program"):
        crontab.write(here, b"", b"* * * * * ours\n")
    assert stored(tmp_path) == b"* * * * * theirs\n"


def test_jobs_are_read_back_as_they_were_written(tmp_path: Path, here: Computer) -> None:
    (tmp_path / "spool").write_bytes(FOREIGN)
    jobs = [job(7, 27, 47, db="/d/a b'c%d$e\\f.db"), job(30, name="digest")]
    crontab.install(here, jobs)
    assert [each.job for each in crontab.schedule(here).jobs] == jobs


@pytest.mark.parametrize("fields", [b"\n*/7 * ", b"\n7 */2 ", b"\n7 24 ", b"\n60 * "])
def test_times_that_the_user_wrote_into_the_block_are_unknown(
    tmp_path: Path, here: Computer, fields: bytes
) -> None:
    crontab.install(here, [job(7)])
    (tmp_path / "spool").write_bytes(stored(tmp_path).replace(b"\n7 * ", fields))
    (found,) = crontab.schedule(here).jobs
    assert found.job.times is None
    assert found.job.words == job(7).words


def test_a_line_of_the_block_without_five_times_is_a_job_at_unknown_times(
    tmp_path: Path, here: Computer
) -> None:
    crontab.install(here, [job(7)])
    begin, _, *end = stored(tmp_path).splitlines(keepends=True)
    (tmp_path / "spool").write_bytes(b"".join([begin, b"@daily tracker poll\n", *end]))
    (found,) = crontab.schedule(here).jobs
    assert (found.job.times, found.job.words) == (None, ("@daily", "tracker", "poll"))


def test_another_job_that_polls_is_found_with_its_line(tmp_path: Path, here: Computer) -> None:
    (tmp_path / "spool").write_bytes(FOREIGN)
    (other,) = crontab.schedule(here).others
    assert other.text == "*/15 * * * * /opt/other/bin/tracker poll --quiet"
    lines = FOREIGN.split(b"\n")
    assert other.place == f"your crontab, line {lines.index(other.text.encode()) + 1}"


def test_a_command_longer_than_cron_reads_is_refused() -> None:
    with pytest.raises(UsageError, match="shorter paths"):
        crontab.block_of([job(7, db="/d/" + "x" * 1000)])


@pytest.mark.parametrize("word", ["a b%c", "%", "it's 100%", "$HOME", "a\\%b", "", "a%%b"])
def test_the_shell_sees_each_word_as_it_was(word: str) -> None:
    line = crontab.block_of([job(7, db=word)]).splitlines()[1]
    command = re.sub(r"^\S+ \S+ \S+ \S+ \S+ ", "", line)
    for seen in (command, command.replace(r"\%", "%")):  # as busybox and as other crons pass it on
        shown = seen.replace(job(7).words[0], "/usr/bin/printf '<%s>'")
        done = subprocess.run(["/bin/sh", "-c", shown], capture_output=True, text=True, check=True)
        assert f"<{word}>" in done.stdout


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    if BUSYBOX is None or os.getuid() != 0:
        pytest.skip("a real cron is tested with busybox, as root")
    (tmp_path / "crontabs").mkdir()
    return tmp_path / "crontabs"


@pytest.fixture
def with_busybox(tmp_path: Path, spool: Path) -> Computer:
    script = f'#!/bin/sh\nexec {BUSYBOX} crontab -c {spool} "$@"\n'
    folder = programs(tmp_path, crontab=script)
    home = tmp_path / "home"
    home.mkdir()
    return Computer({"PATH": f"{folder}:/usr/bin:/bin"}, home, "linux", "a-host", 0)


def test_the_crontab_program_of_busybox_is_understood(spool: Path, with_busybox: Computer) -> None:
    assert crontab.read(with_busybox) == b""
    crontab.install(with_busybox, [job(7)])
    assert (spool / pwd.getpwuid(0).pw_name).read_bytes() == crontab.block_of([job(7)]).encode()


def shortly_before_the_minute() -> list[str]:
    """Return what starts a program whose clock is three seconds short of a full minute.

    cron starts jobs at the full minute. Without faketime that is waited for.
    """
    ahead = (57 - time.time()) % 60
    return [FAKETIME, "-f", f"+{ahead:.1f}s"] if FAKETIME else []


@pytest.mark.long
@pytest.mark.timeout(150)
def test_a_real_cron_polls_by_the_installed_block(
    tmp_path: Path, spool: Path, with_busybox: Computer
) -> None:
    db, feeds = tmp_path / "a b%c's.db", tmp_path / "my feeds.yaml"
    with ArchiveServer(MOMENTS[12]) as server:
        listed = "".join(f"  - url: {source.url}\n" for source in sources(server.base_url))
        feeds.write_text(f"feeds:\n{listed}", "utf-8")
        words = (str(TRACKER), "--db", str(db), "--feeds", str(feeds), "poll", "--quiet")
        each_minute = Times(HOURS_OF_A_DAY, tuple(range(60)))
        environment = (("HOME", str(tmp_path)), ("no_proxy", "127.0.0.1"))
        crontab.install(with_busybox, [Job("poll", words, each_minute, environment)])
        daemon = [*shortly_before_the_minute(), str(BUSYBOX), "crond", "-f"]
        cron = subprocess.Popen(
            ["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "NO_FAKE_STAT=1", *daemon, "-c", spool],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # faketime starts a process of its own
        )
        try:
            report = None
            until = time.monotonic() + 100
            while report is None and time.monotonic() < until:
                time.sleep(0.1)
                if db.exists():
                    with opened(db) as database:
                        report = polls.last(database)
        finally:
            os.killpg(cron.pid, signal.SIGTERM)
            cron.wait()
    assert report is not None
    assert (report.feeds, report.failures) == (len(sources("")), ())
    assert report.new_items > 0
