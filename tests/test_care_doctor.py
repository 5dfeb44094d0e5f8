"""`doctor`: quiet when all is well, and each fault named with what mends it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from making import NOON, bring

from tracker.model.alerts import Channel, Takes
from tracker.model.care import CHECKS, Diagnosis, Level
from tracker.model.polling import (
    Changed,
    Document,
    Entry,
    Failed,
    FeedSource,
    FirstAnswer,
    NextPoll,
    PollReport,
    Transfer,
)
from tracker.model.schedule import InstalledJob, Job, Scheduler, Times
from tracker.services.care.backups import back_up
from tracker.services.care.doctor import diagnose
from tracker.services.follow import follow
from tracker.store import snapshot
from tracker.store.alerts import targets
from tracker.store.archive import items, queue
from tracker.store.care.poll_lock import poll_lock
from tracker.store.care.repairing import repair
from tracker.store.database import SCHEMA_VERSION, Database, only_one, opened
from tracker.store.polling import feeds, first_answers, polls
from tracker.store.schema_views import VIEWS

ROOT = Path(__file__).parent.parent
ROOT_USER = hasattr(os, "getuid") and os.getuid() == 0
DAY = timedelta(days=1)
SOURCES = [FeedSource(f"https://{name}.example/feed", name.upper()) for name in "ab"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a healthy database: two feeds, polled for 40 days, a story, a backup."""
    made = tmp_path / "t.db"
    (tmp_path / "feeds.yaml").write_text(
        "feeds:\n" + "".join(f"  - url: {each.url}\n" for each in SOURCES), "utf-8"
    )
    with opened(made) as db:
        feeds.take_in(db, SOURCES, {}, "digest")
        for day in range(-40, 1):
            poll(db, NOON + day * DAY)
        index(db)
        follow(db, "Quuxland snow", NOON)
    back_up(made, tmp_path / "feeds.yaml", NOON)
    return made


def poll(db: Database, at: datetime, failing: dict[str, str] | None = None) -> None:
    """Record a poll as one that really ran: each feed brings an item, or fails for a reason."""
    transfer = Transfer(200, 0.1)
    for feed in feeds.due(db, at, force=True):
        plan = NextPoll(at, "", timedelta(hours=2))
        if reason := (failing or {}).get(feed.source.url):
            gone = "410" in reason
            feeds.record(db, Failed(feed, transfer, reason, gone=gone), plan, at)
            continue
        number = f"{feed.id}-{at:%Y%m%d%H}"
        entry = Entry(number, f"https://x.example/{number}", f"Snow in Quuxland {number}", "", at)
        document = Document("T", None, "en", (entry,))
        feeds.record(db, Changed(feed, transfer, document, b"", b""), plan, at)
    polls.record(db, PollReport(at, 0.1, 2, 0, 0, 2, 2, 0, ()))


def index(db: Database) -> None:
    """Take all items off the queue."""
    queue.index(db, [row[0] for row in db.execute("SELECT item_id FROM queue").fetchall()])


def checked(path: Path, **options: object) -> Diagnosis:
    arguments: dict[str, object] = {"environ": {}, **options}
    return diagnose(path, path.with_name("feeds.yaml"), NOON, **arguments)  # type: ignore[arg-type]


def named(path: Path, **options: object) -> list[tuple[str, str, str]]:
    """Return name, level and command of what is found."""
    found = checked(path, **options).findings
    return [(each.name, str(each.level), each.command) for each in found]


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def raw(path: Path) -> closing[sqlite3.Connection]:
    """Open a database as no command of tracker would."""
    return closing(sqlite3.connect(path, isolation_level=None))


# --- when all is well -----------------------------------------------------------------------------


def test_nothing_is_found_where_all_is_well(path: Path) -> None:
    assert checked(path).findings == ()
    assert checked(path, full=True).findings == ()


def test_nothing_is_written(path: Path) -> None:
    before = listing(path.parent)
    checked(path)
    assert listing(path.parent) == before


def test_nothing_is_written_beside_a_log_that_a_kill_left(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tracker.store.database import connect\n"
        "db = connect(Path(sys.argv[1])); db.execute(\"INSERT INTO meta VALUES ('a', 'b')\")\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=True)
    before = listing(path.parent)
    assert before["t.db-wal"]
    assert checked(path).findings == ()
    after = listing(path.parent)
    for name in ("t.db", "t.db-wal"):
        assert after[name] == before[name]
    assert after.keys() == before.keys()


def test_a_poll_that_writes_meanwhile_is_no_damage(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tracker.store.database import connect\n"
        "db = connect(Path(sys.argv[1])); print('ready', flush=True)\n"
        "for n in range(1_000_000):\n"
        " db.execute('INSERT OR REPLACE INTO meta VALUES (?, ?)', (f'k{n % 999}', 'x' * 3_000))\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        names = {each.name for _ in range(20) for each in checked(path).findings}
    finally:
        writer.kill()
        writer.wait()
        writer.stdout and writer.stdout.close()
    assert names <= {"log"}


# --- the file -------------------------------------------------------------------------------------


def test_a_missing_database(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("feeds:\n  - url: https://a.example/\n", "utf-8")
    assert named(tmp_path / "t.db") == [
        ("database", "warning", "tracker feeds add https://www.theverge.com")
    ]
    assert not (tmp_path / "t.db").exists()


def test_a_folder_in_the_place_of_the_database(path: Path) -> None:
    path.rename(path.with_name("other"))
    path.mkdir()
    assert [name for name, *_ in named(path)] == ["database"]


@pytest.mark.skipif(ROOT_USER, reason="root may write everything")
@pytest.mark.parametrize(("mode", "verb"), [(0o400, "write"), (0o000, "read")])
def test_a_database_that_may_not_be_written_or_read(path: Path, mode: int, verb: str) -> None:
    path.chmod(mode)
    found = [each for each in checked(path).findings if each.name == "database"]
    assert [f"may not {verb}" in each.detail for each in found] == [True]


def test_an_empty_file_is_a_database_that_the_next_command_fills(path: Path) -> None:
    path.write_bytes(b"")
    assert named(path) == []
    assert path.read_bytes() == b""


def test_a_file_that_is_no_database(path: Path) -> None:
    path.write_text("notes of mine\n" * 999, "utf-8")
    (name, level, command) = named(path)[0]
    assert (name, level) == ("identity", "error")
    assert command.startswith("tracker restore ")


def test_the_database_of_another_program(path: Path) -> None:
    with raw(path) as db:
        db.execute("PRAGMA application_id = 7")
    assert named(path) == [("identity", "error", "")]


def test_a_later_and_an_earlier_schema(path: Path) -> None:
    with raw(path) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    assert named(path) == [("schema", "error", "")]
    with raw(path) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    assert named(path) == [("schema", "warning", "tracker poll")]


def test_damaged_pages_are_answered_with_the_newest_backup(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(10 * 4096)
        file.write(b"\xa5" * 20 * 4096)
    found = checked(path).findings
    assert [(each.name, each.level) for each in found] == [("damage", Level.ERROR)]
    (backup,) = snapshot.dated_in(path.parent / "backups", "t")
    assert found[0].command == f"tracker restore {backup}"


def test_damaged_pages_without_a_backup_at_hand(path: Path) -> None:
    for backup in (path.parent / "backups").iterdir():
        backup.unlink()
    os.truncate(path, path.stat().st_size // 2)
    assert named(path) == [("damage", "error", "tracker restore FILE")]


def test_permissions_of_another_programs_file_are_its_own(path: Path) -> None:
    other, notes = path.with_name("other.db"), path.with_name("notes.db")
    with raw(other) as db:
        db.execute("CREATE TABLE theirs (x)")
    notes.write_bytes(b"notes")
    for file in (other, notes):
        file.chmod(0o644)
        assert named(file) == [("identity", "error", "")]


def test_a_file_that_ends_too_early(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)
    assert named(path)[0][:2] == ("damage", "error")


def test_rows_that_refer_to_others_that_are_gone(path: Path) -> None:
    with raw(path) as db:
        db.execute("INSERT INTO revisions (item_id, title, replaced) VALUES (99999, 'x', 0)")
    assert named(path) == [("references", "error", "tracker repair")]


def test_answers_that_are_kept_of_feeds_that_are_not_listed(path: Path) -> None:
    answer = FirstAnswer("https://old.example/feed", 200, (), b"<rss/>", 0.1)
    with opened(path) as db:
        first_answers.keep(db, {"https://old.example/feed": answer}, NOON - DAY / 48)
    assert named(path) == []  # the next command may take that feed in
    with opened(path) as db:
        first_answers.keep(db, {"https://old.example/feed": answer}, NOON - DAY)
    assert named(path) == [("references", "warning", "tracker poll")]
    with opened(path) as db:
        first_answers.clear(db, NOON)
    assert named(path) == []


def test_no_view_is_read(path: Path) -> None:
    with opened(path) as db:
        for view in VIEWS:
            db.execute(f"DROP VIEW {view}")
            db.execute(f"CREATE VIEW {view} AS SELECT no_such_column FROM items")  # noqa: S608 - a name of ours
    assert named(path) == []


def test_items_that_were_deleted_without_their_index(path: Path) -> None:
    with raw(path) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM items WHERE id < 9")
        db.execute("PRAGMA foreign_keys = OFF")
    assert named(path) == [("index", "error", "tracker repair")]


def test_an_index_whose_pages_are_damaged(path: Path) -> None:
    with raw(path) as db:
        db.execute("UPDATE items_fts_data SET block = x'00ff00' WHERE id > 10")
    assert named(path) == [("index", "error", "tracker repair")]


def test_a_database_that_is_not_in_log_mode(path: Path) -> None:
    with raw(path) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    assert named(path) == [("journal", "warning", "tracker repair")]


def test_a_log_that_only_grows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.store.care.examination.LARGE_LOG_IN_BYTES", 100_000)
    with raw(path) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("INSERT INTO meta VALUES ('a', ?)", ("x" * 200_000,))
        assert named(path) == [("log", "warning", "tracker repair")]


def test_a_database_that_others_can_read(path: Path) -> None:
    path.chmod(0o644)
    assert named(path) == [("permissions", "warning", f"chmod 600 {path}")]


def test_a_folder_that_another_program_copies(path: Path, tmp_path: Path) -> None:
    shutil.copytree(path.parent, tmp_path / "Dropbox (me)" / "x")
    assert named(tmp_path / "Dropbox (me)" / "x" / "t.db") == [("folder", "warning", "")]


def test_a_disk_without_room_for_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(path.parent)
    for free, level in ((path.stat().st_size, "warning"), (4_096, "error")):
        now = usage._replace(free=free)
        monkeypatch.setattr("shutil.disk_usage", lambda _, now=now: now)
        assert [each[:2] for each in named(path)] == [("disk", level)]


# --- polls ----------------------------------------------------------------------------------------


def test_items_of_an_interrupted_poll(path: Path) -> None:
    with opened(path) as db:
        bring(db, "Waits")
    assert named(path) == [("queue", "warning", "tracker poll")]


def test_items_that_a_running_poll_still_has_to_link(path: Path) -> None:
    with opened(path) as db:
        bring(db, "Waits")
    with only_one(path):
        assert named(path) == []


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux names who has a lock")
def test_a_poll_that_has_been_running_for_hours(path: Path) -> None:
    with only_one(path):
        found = diagnose(
            path, path.with_name("feeds.yaml"), datetime.now(NOON.tzinfo) + 9 * DAY / 24, environ={}
        ).findings
    lock = [each for each in found if each.name == "poll-lock"]
    assert [each.command for each in lock] == [f"ps -fp {os.getpid()}"]


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux names who has a lock")
def test_who_polls_and_since_when_is_what_the_system_says(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tracker.store.database import only_one\n"
        "with only_one(Path(sys.argv[1])):\n    print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe) as poller:
        assert poller.stdin
        assert poller.stdout
        poller.stdout.readline()
        found = poll_lock(path)
        poller.stdin.close()
    assert (found.held, found.pid) == (True, poller.pid)
    assert found.since is not None
    assert abs(datetime.now(NOON.tzinfo) - found.since) < timedelta(minutes=5)


def test_a_poll_lock_that_is_damaged(path: Path) -> None:
    path.with_name("t.db-poll").write_text("no lock\n" * 999, "utf-8")
    assert named(path) == [("poll-lock", "error", f"rm {path}-poll")]


def test_a_poll_in_the_future(path: Path) -> None:
    with opened(path) as db:
        poll(db, NOON + DAY)
        index(db)
    assert named(path) == [("clock", "error", "date")]
    with opened(path) as db:
        poll(db, NOON)
        index(db)
    assert named(path) == [], "a poll by the right clock ends it"


def test_feeds_that_nobody_polls(path: Path) -> None:
    with opened(path) as db:
        db.execute("UPDATE polls SET started = started - 9 * 86400")
    assert named(path) == [("polls", "warning", "tracker schedule install --every 20m")]
    with opened(path) as db:
        db.execute("DELETE FROM polls")
    assert named(path) == [("polls", "warning", "tracker poll")]


def job(path: Path, *, program: str = sys.executable, problem: str = "") -> InstalledJob:
    files = ("--db", str(path), "--feeds", str(path.with_name("feeds.yaml")))
    times = Times(tuple(range(24)), (7, 27, 47))
    return InstalledJob(
        Job("poll", (program, *files, "poll", "--quiet"), times), Scheduler.CRON, "x", problem
    )


def test_a_scheduled_job_whose_program_is_gone(path: Path) -> None:
    jobs = [job(path, problem="/gone/tracker does not exist any more")]
    assert named(path, jobs=jobs) == [("schedule", "error", "tracker schedule install")]


def test_a_scheduled_job_that_does_not_run(path: Path) -> None:
    assert named(path, jobs=[job(path)]) == []
    with opened(path) as db:
        db.execute("UPDATE polls SET started = started - 2 * 3600")
    assert named(path, jobs=[job(path)]) == [("schedule", "warning", "tracker schedule show")]


def test_a_scheduled_job_with_another_feed_list(path: Path) -> None:
    other = job(path.with_name("other.db"))
    other = replace(other, job=replace(other.job, words=("t", "--feeds", "/other.yaml", "poll")))
    assert named(path, jobs=[other]) == [("schedule", "warning", "tracker schedule show")]


# --- feeds, stories, backups, settings ------------------------------------------------------------


def test_feeds_that_fail_for_days_with_their_reasons(path: Path) -> None:
    page = "it is a web page, not a feed"
    with opened(path) as db:
        for day in (-5, -3, -1, 0):
            poll(db, NOON + day * DAY, {SOURCES[0].url: page})
        index(db)
    (found,) = checked(path).findings
    assert (found.name, found.level) == ("feeds-failing", Level.WARNING)
    assert f"A (5 days: {page})" in found.detail
    assert found.command == "tracker feeds check"


def test_a_feed_that_failed_this_morning_is_no_finding(path: Path) -> None:
    with opened(path) as db:
        poll(db, NOON - DAY / 4, {SOURCES[0].url: "it does not answer"})
        index(db)
    assert named(path) == []


def test_all_feeds_that_fail_at_once(path: Path) -> None:
    with opened(path) as db:
        poll(db, NOON, {each.url: "its host has no address" for each in SOURCES})
    (found,) = checked(path).findings
    assert (found.name, found.level) == ("feeds-failing", Level.ERROR)
    assert "All 2 feeds fail" in found.detail


def test_a_feed_that_is_gone(path: Path) -> None:
    with opened(path) as db:
        poll(db, NOON, {SOURCES[1].url: "it is gone (410)"})
        index(db)
    assert named(path) == [("feeds-gone", "warning", "tracker feeds rm B")]


def test_a_feed_that_is_gone_beside_one_that_brings_nothing(path: Path) -> None:
    with opened(path) as db:
        poll(db, NOON, {SOURCES[1].url: "it is gone (410)"})
        index(db)
        db.execute("UPDATE feeds SET last_new = last_new - 35 * 86400 WHERE title = 'A'")
    assert named(path) == [
        ("feeds-gone", "warning", "tracker feeds rm B"),
        ("feeds-silent", "warning", "tracker feeds check"),
    ]


def test_a_feed_that_brings_nothing_any_more(path: Path) -> None:
    with opened(path) as db:
        db.execute("UPDATE feeds SET last_new = last_new - 35 * 86400 WHERE title = 'A'")
    assert named(path) == [("feeds-silent", "warning", "tracker feeds check")]


def test_the_feeds_that_bring_nothing_any_more_are_counted(path: Path) -> None:
    for where, words in (("WHERE title = 'A'", "1 feed brings"), ("", "2 feeds bring")):
        with opened(path) as db:
            db.execute(f"UPDATE feeds SET last_new = last_new - 35 * 86400 {where}")  # noqa: S608
        (found,) = checked(path).findings
        assert found.detail.startswith(f"{words} nothing any more: ")


def test_a_slow_feed_is_not_called_silent(path: Path) -> None:
    with opened(path) as db:
        db.execute("UPDATE feeds SET last_new = last_new - 35 * 86400 WHERE title = 'A'")
        db.execute("UPDATE items SET published = published - 20 * 86400 * (120 - id)")
    assert named(path) == []


def test_a_story_that_takes_everything(path: Path) -> None:
    with opened(path) as db:
        taken = bring(db, *(f"Snow {n}" for n in range(300)))
        queue.index(db, taken)
        db.execute(
            "INSERT INTO links (story_id, item_id, status, score, reasons, event, published,"
            " linked, arrival) SELECT 1, id, 'linked', 1, '[]', id, ?1, ?1, 9 FROM items"
            " WHERE id >= ?2",
            (int(NOON.timestamp()), taken[0]),
        )
    assert named(path) == [("stories", "warning", "tracker story show quuxland-snow")]


def test_a_backup_that_is_old_or_missing(path: Path) -> None:
    with opened(path) as db:
        db.execute("DELETE FROM meta WHERE key = 'last_backup'")
    (backup,) = snapshot.dated_in(path.parent / "backups", "t")
    old = (NOON - 31 * DAY).timestamp()
    os.utime(backup, (old, old))
    assert named(path) == [("backup", "warning", "tracker backup --keep 3")]
    backup.unlink()
    assert named(path) == [("backup", "warning", "tracker backup --keep 3")]


def test_a_backup_somewhere_else_counts(path: Path, tmp_path: Path) -> None:
    shutil.rmtree(path.parent / "backups")
    back_up(path, path.with_name("feeds.yaml"), NOON - DAY, target=tmp_path / "elsewhere.db")
    assert named(path) == []


def test_a_feed_list_that_is_missing_or_empty(path: Path) -> None:
    listed = path.with_name("feeds.yaml")
    add = "tracker feeds add https://www.theverge.com"
    listed.write_text("feeds: []\n", "utf-8")
    assert named(path) == [("feed-list", "warning", add)]
    listed.unlink()
    assert named(path) == [("feed-list", "error", add)]


def test_a_feed_list_that_cannot_be_read(path: Path) -> None:
    path.with_name("feeds.yaml").write_text("feeds:\n  - adress: x\n", "utf-8")
    (found,) = checked(path).findings
    assert (found.name, found.level) == ("feed-list", Level.ERROR)
    assert "line 2, adress" in found.detail
    assert found.command == "tracker config edit"


def test_passwords_that_others_can_read(path: Path) -> None:
    listed = path.with_name("feeds.yaml")
    listed.write_text("feeds:\n  - url: https://me:secret@a.example/feed\n", "utf-8")
    listed.chmod(0o644)
    path.with_name("alerts.conf").write_text("phone=ntfy://secret\n", "utf-8")
    path.with_name("alerts.conf").chmod(0o640)
    assert sorted(named(path)) == [
        ("permissions", "error", f"chmod 600 {path.with_name('alerts.conf')}"),
        ("permissions", "warning", f"chmod 600 {listed}"),
    ]
    assert "secret@" not in str(checked(path))


@pytest.mark.parametrize(
    ("state", "tries", "command"),
    [
        ("failed", 9, "tracker notify retry"),
        ("doubt", 1, "tracker notify ls"),
        ("waiting", 3, "tracker notify test phone"),
        ("waiting", 0, None),
        ("sent", 1, None),
    ],
)
def test_alerts_that_were_not_sent(path: Path, state: str, tries: int, command: str | None) -> None:
    addressed(path)
    with opened(path) as db:
        targets.add(db, "phone", Channel.NTFY, "ntfy.sh/…", takes=Takes.ALL, now=NOON)
        made = int((NOON - 2 * DAY / 24).timestamp())
        db.execute(
            "INSERT INTO messages (target_id, kind, made, due, state, tries, why)"
            " VALUES (1, 'digest', ?1, ?1, ?2, ?3, 'it refuses (403)')",
            (made, state, tries),
        )
    assert named(path) == ([("alerts", "warning", command)] if command else [])


def test_targets_whose_address_is_missing(path: Path) -> None:
    with opened(path) as db:
        for name in ("phone", "mail"):
            targets.add(db, name, Channel.NTFY, "ntfy.sh/…", takes=Takes.ALL, now=NOON)
        targets.add(db, "desk", Channel.DESKTOP, "this computer", takes=Takes.ALL, now=NOON)
    (found,) = checked(path).findings
    assert (found.name, found.level, found.command) == ("alerts", Level.ERROR, "tracker notify ls")
    assert found.detail == (
        f"{path.with_name('alerts.conf')} has no address for mail and phone, which get nothing."
    )


def addressed(path: Path) -> None:
    """Give the target "phone" its line in alerts.conf."""
    path.with_name("alerts.conf").write_text("phone=https://ntfy.sh/x\n", "utf-8")
    path.with_name("alerts.conf").chmod(0o600)


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("it refuses (403).", "1 message to phone was given up: it refuses (403)."),
        ("", "1 message to phone was given up."),
    ],
)
def test_an_alert_that_was_not_sent_says_why_where_that_is_known(
    path: Path, why: str, says: str
) -> None:
    addressed(path)
    with opened(path) as db:
        targets.add(db, "phone", Channel.NTFY, "ntfy.sh/…", takes=Takes.ALL, now=NOON)
        db.execute(
            "INSERT INTO messages (target_id, kind, made, due, state, tries, why)"
            " VALUES (1, 'digest', ?1, ?1, 'failed', 9, ?2)",
            (int(NOON.timestamp()), why),
        )
    assert [each.detail for each in checked(path).findings] == [says]


def test_a_file_of_addresses_with_a_wrong_line(path: Path) -> None:
    path.with_name("alerts.conf").write_text("no address\n", "utf-8")
    path.with_name("alerts.conf").chmod(0o600)
    assert named(path) == [("alerts", "error", "")]


def test_a_wrong_setting_of_the_environment(path: Path) -> None:
    assert named(path, environ={"TRACKER_PER_HOST": "many"}) == [("settings", "error", "")]
    others = ["DB", "FEEDS", "PAGER", "LINKS", "THEME", "TITLE", "MESSAGE", "URL"]
    assert named(path, environ={f"TRACKER_{each}": "x" for each in others}) == []
    for name in ("TRACKER_PERHOST", "TRACKER_TIMEOUT", "TRACKER_ALERTS_CAPS"):
        (found,) = checked(path, environ={name: "3"}).findings
        assert (found.name, found.level) == ("settings", Level.WARNING)
        assert found.detail.startswith(f"The environment's {name} is no setting; did you mean ")
    wrong = {"TRACKER_SHORTEST_IN_MINUTES": "9999"}
    assert named(path, environ=wrong) == [("settings", "error", "")]


# --- repair ---------------------------------------------------------------------------------------


def test_a_repair_makes_the_index_anew_and_removes_rows_without_an_owner(path: Path) -> None:
    with raw(path) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM items WHERE id < 9")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("INSERT INTO revisions (item_id, title, replaced) VALUES (99999, 'x', 0)")
        db.execute("PRAGMA journal_mode = DELETE")
    assert {name for name, *_ in named(path)} == {"index", "references", "journal"}
    done = repair(path, path.with_name("kept.db"))
    assert named(path) == []
    with opened(path) as db:
        assert done.indexed == items.total(db) - 8
        assert len(items.candidates(db, "quuxland")) == done.indexed
    assert done.removed == 1
    assert done.kept.exists()


def test_a_repair_mends_an_index_whose_pages_are_damaged(path: Path) -> None:
    with raw(path) as db:
        db.execute("UPDATE items_fts_data SET block = x'00ff00' WHERE id > 10")
    repair(path, path.with_name("kept.db"))
    assert named(path) == []


def test_a_repair_of_a_healthy_database_changes_nothing(path: Path) -> None:
    done = repair(path, path.with_name("kept.db"))
    assert (done.removed, done.indexed) == (0, 0)


# --- the command ----------------------------------------------------------------------------------


def run(path: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if n.startswith("COVERAGE")}
    own = {"HOME": str(path.parent), "PATH": "/nowhere", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-m", "tracker", "--db", str(path), *words],
        env=kept | own | {"TRACKER_FEEDS": str(path.with_name("feeds.yaml"))} | more,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def fresh(path: Path) -> Path:
    """Give the healthy database, as if the tests of above were run now."""
    shift = int((datetime.now(NOON.tzinfo) - NOON).total_seconds())
    with opened(path) as db:
        db.execute("UPDATE polls SET started = started + ?", (shift,))
        db.execute(
            "UPDATE feeds SET last_new = last_new + ?1, last_polled = last_polled + ?1", (shift,)
        )
        db.execute("UPDATE meta SET value = value + ? WHERE key = 'last_backup'", (shift,))
    return path


def test_a_healthy_database_is_one_line_and_exit_code_0(fresh: Path) -> None:
    done = run(fresh, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "All is well: 1 story, 82 items and 2 feeds.\n"


def test_warnings_end_with_0_and_errors_with_1_and_the_verdict_comes_last(fresh: Path) -> None:
    fresh.chmod(0o644)
    done = run(fresh, "doctor")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 warning.")
    assert f"  chmod 600 {fresh}\n" in done.stdout
    os.truncate(fresh, 9_000)
    done = run(fresh, "doctor")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "1 error and 1 warning.")
    assert max(map(len, done.stdout.splitlines()[:1])) <= 80


def test_scripts_get_every_check_as_json(fresh: Path) -> None:
    fresh.chmod(0o644)
    done = run(fresh, "doctor", "--json")
    told = json.loads(done.stdout)
    assert (told["ok"], told["errors"], told["warnings"]) == (False, 0, 1)
    assert [each["name"] for each in told["findings"]] == ["permissions"]
    assert {each["name"] for each in told["checks"]} == CHECKS.keys()
    assert all(
        each.keys() == {"name", "ok", "level", "detail", "command"} for each in told["checks"]
    )


def test_repair_says_what_it_did(fresh: Path) -> None:
    done = run(fresh, "repair")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Nothing was broken.")
    kept = Path(done.stdout.splitlines()[-1].strip())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
