"""Backups and restores: copies that were read back, and the way back under all circumstances."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from making import NOON, bring

from tracker.errors import (
    BusyError,
    DatabaseError,
    FileError,
    LockedError,
    NewerDatabaseError,
    NotOursError,
    UsageError,
)
from tracker.model.care import Contents
from tracker.model.polling import FeedSource
from tracker.services.care.backups import back_up, restore
from tracker.store import snapshot
from tracker.store.archive import items, queue
from tracker.store.database import (
    BUSY_TIMEOUT_IN_SECONDS,
    SCHEMA_VERSION,
    connect,
    only_one,
    opened,
)
from tracker.store.following import stories
from tracker.store.polling import feeds
from tracker.store.schema import INITIAL

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a database with a feed and two indexed items, and a feed list beside it."""
    made = tmp_path / "data" / "t.db"
    with opened(made) as db:
        feeds.take_in(db, [FeedSource("https://a.example/feed")], {}, "digest")
        queue.index(db, bring(db, "Rain in Quuxland", "Snow in Quuxland"))
    (tmp_path / "feeds.yaml").write_text("feeds:\n  - url: https://a.example/feed\n", "utf-8")
    return made


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


def titles(path: Path) -> list[str]:
    """Return the titles that a database has, as a fresh connection reads them."""
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT title FROM items ORDER BY id")]


def add(path: Path, *words: str) -> None:
    with opened(path) as db:
        queue.index(db, bring(db, *words))


def faults(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        found = [row[0] for row in db.execute("PRAGMA quick_check")]
        return found + db.execute("PRAGMA foreign_key_check").fetchall()


# --- backup ---------------------------------------------------------------------------------------


def test_a_backup_holds_what_the_database_and_its_log_hold(path: Path, listed: Path) -> None:
    with opened(path) as db:
        queue.index(db, bring(db, "Still in the log"))
        made = back_up(path, listed, NOON)
    assert titles(made.path) == ["Rain in Quuxland", "Snow in Quuxland", "Still in the log"]
    assert made.contents == Contents(3, 0, 0, 1, SCHEMA_VERSION)
    assert made.size_in_bytes == made.path.stat().st_size
    assert faults(made.path) == ["ok"]


def test_a_backup_is_one_file_for_its_owner_with_the_feed_list_beside_it(
    path: Path, listed: Path
) -> None:
    made = back_up(path, listed, NOON)
    assert sorted(p.name for p in made.path.parent.iterdir()) == [
        "t-2020-09-14-120000.db",
        "t-2020-09-14-120000.db.feeds.yaml",
    ]
    assert {stat.S_IMODE(p.stat().st_mode) for p in made.path.parent.iterdir()} == {0o600}
    assert made.beside[0].read_bytes() == listed.read_bytes()


def test_what_holds_secrets_alone_is_copied_only_where_it_is_asked_for(
    path: Path, listed: Path
) -> None:
    listed.with_name("alerts.conf").write_text("phone=ntfy://secret\n", "utf-8")
    plain = back_up(path, listed, NOON)
    full = back_up(path, listed, NOON + timedelta(days=1), with_secrets=True)
    assert [p.name.rpartition(".db.")[2] for p in plain.beside] == ["feeds.yaml"]
    assert [p.name.rpartition(".db.")[2] for p in full.beside] == ["feeds.yaml", "alerts.conf"]


def test_no_file_is_overwritten(path: Path, listed: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.db"
    target.write_text("mine", "utf-8")
    with pytest.raises(FileError, match="is there already; name another file"):
        back_up(path, listed, NOON, target=target)
    assert target.read_text("utf-8") == "mine"


def test_two_backups_of_one_second_are_two(path: Path, listed: Path) -> None:
    first, second = back_up(path, listed, NOON), back_up(path, listed, NOON)
    assert first.path != second.path
    assert snapshot.dated_in(first.path.parent, "t") == [second.path, first.path]


def test_a_folder_gets_a_file_with_a_name_of_the_time(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    made = back_up(path, listed, NOON, target=tmp_path / "stick")
    assert made.path == tmp_path / "stick" / "t-2020-09-14-120000.db"


def test_only_the_newest_backups_are_kept_and_other_files_stay(path: Path, listed: Path) -> None:
    folder = path.parent / "backups"
    for day in range(3):
        back_up(path, listed, NOON + timedelta(days=day))
    for name in ("notes.txt", "t-2020-01-01-000000-before-restore.db", "u-2020-01-01-000000.db"):
        (folder / name).write_text("mine", "utf-8")
    made = back_up(path, listed, NOON + timedelta(days=9), keep=2)
    assert [p.name for p in made.removed] == ["t-2020-09-15-120000.db", "t-2020-09-14-120000.db"]
    assert sorted(p.name for p in folder.iterdir()) == [
        "notes.txt",
        "t-2020-01-01-000000-before-restore.db",
        "t-2020-09-16-120000.db",
        "t-2020-09-16-120000.db.feeds.yaml",
        "t-2020-09-23-120000.db",
        "t-2020-09-23-120000.db.feeds.yaml",
        "u-2020-01-01-000000.db",
    ]


def test_what_is_kept_is_counted_in_a_folder_alone(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="--keep counts the files in a folder"):
        back_up(path, listed, NOON, target=tmp_path / "mine.db", keep=2)


def test_a_damaged_database_leaves_no_backup(path: Path, listed: Path) -> None:
    damage(path)
    with pytest.raises(DatabaseError, match="is damaged"):
        back_up(path, listed, NOON)
    assert list((path.parent).glob("backups/*")) == []


def damage(path: Path) -> None:
    """Overwrite the inner pages of a closed database."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xa5" * (size - 8 * 4096))


def test_a_missing_database_and_one_of_another_program_are_not_backed_up(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseError, match="there is no such file"):
        back_up(tmp_path / "none.db", listed, NOON)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(NotOursError):
        back_up(tmp_path / "other.db", listed, NOON)
    assert not (tmp_path / "none.db").exists()
    assert path.exists()


def test_a_backup_is_made_while_another_process_writes(path: Path, listed: Path) -> None:
    writer = connect(path)
    with writer.transaction():
        writer.execute("INSERT INTO meta VALUES ('a', 'b')")
        made = back_up(path, listed, NOON)
    writer.close()
    with closing(sqlite3.connect(made.path)) as copy:
        assert copy.execute("SELECT * FROM meta WHERE key = 'a'").fetchall() == []


def test_a_database_of_an_earlier_version_is_backed_up_as_it_is(
    tmp_path: Path, listed: Path
) -> None:
    earlier(tmp_path / "old.db").close()
    made = back_up(tmp_path / "old.db", listed, NOON)
    for each in (made.path, tmp_path / "old.db"):
        with closing(sqlite3.connect(each)) as db:
            assert db.execute("PRAGMA user_version").fetchone() == (1,)


def earlier(path: Path) -> sqlite3.Connection:
    """Make a database as the first release left it, with one feed."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(INITIAL)
    db.execute("CREATE TABLE _sqlite_migrations (migration_set, name, applied_at)")
    db.execute("INSERT INTO _sqlite_migrations VALUES ('tracker', 'm001_initial', '')")
    db.execute("PRAGMA application_id = 0x7472636B")
    db.execute("PRAGMA user_version = 1")
    db.execute("INSERT INTO feeds (url) VALUES ('https://a.example/f')")
    return db


def test_every_migration_keeps_the_database_as_it_was_once(tmp_path: Path) -> None:
    kept = tmp_path / "backups" / "t-before-migration.db"
    for _ in range(2):
        (tmp_path / "t.db").unlink(missing_ok=True)
        earlier(tmp_path / "t.db").close()
        connect(tmp_path / "t.db").close()
    assert list(kept.parent.iterdir()) == [kept]
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT url FROM feeds").fetchall() == [("https://a.example/f",)]


def test_nothing_is_migrated_where_the_copy_cannot_be_written(tmp_path: Path) -> None:
    earlier(tmp_path / "t.db").close()
    (tmp_path / "backups").write_text("in the way", "utf-8")
    with pytest.raises(DatabaseError, match="cannot be migrated, as its copy"):
        connect(tmp_path / "t.db")
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_new_database_keeps_no_copy(tmp_path: Path) -> None:
    connect(tmp_path / "t.db").close()
    assert not (tmp_path / "backups").exists()


# --- restore --------------------------------------------------------------------------------------


def test_a_restore_brings_back_what_was_and_keeps_what_is(path: Path, listed: Path) -> None:
    made = back_up(path, listed, NOON)
    add(path, "Later")
    done = restore(made.path, path, listed, NOON)
    assert titles(path) == ["Rain in Quuxland", "Snow in Quuxland"]
    assert done.contents == made.contents
    assert done.kept is not None
    assert titles(done.kept)[-1] == "Later"
    with opened(path) as db:
        assert len(items.candidates(db, "quuxland")) == 2


def test_readers_see_the_restored_rows_and_stay_in_the_log_mode(path: Path, listed: Path) -> None:
    made = back_up(path, listed, NOON)
    add(path, "Later")
    idle, reading = connect(path), connect(path)
    reading.execute("BEGIN")
    assert reading.execute("SELECT count(*) FROM items").fetchone() == (3,)
    assert idle.execute("SELECT count(*) FROM items").fetchone() == (3,)
    begun = time.monotonic()
    restore(made.path, path, listed, NOON)
    assert time.monotonic() - begun < BUSY_TIMEOUT_IN_SECONDS, "a restore waits for no reader"
    assert reading.execute("SELECT count(*) FROM items").fetchone() == (3,)
    reading.execute("COMMIT")
    for reader in (idle, reading):
        assert reader.execute("SELECT count(*) FROM items").fetchone() == (2,)
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        reader.close()
    assert faults(path) == ["ok"]


KILLED = """
import os, sys
from pathlib import Path
from tracker.store.database import connect
db = connect(Path(sys.argv[1]))
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("UPDATE items SET title = 'In the stale log'")
os._exit(0)
"""


def test_a_stale_log_does_not_undo_a_restore(path: Path, listed: Path) -> None:
    made = back_up(path, listed, NOON)
    subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=True)
    assert path.with_name("t.db-wal").stat().st_size
    done = restore(made.path, path, listed, NOON)
    assert titles(path) == ["Rain in Quuxland", "Snow in Quuxland"]
    assert done.kept is not None
    assert titles(done.kept) == ["In the stale log"] * 2
    assert faults(path) == ["ok"]


def test_a_copy_in_another_journal_mode_makes_no_reader_wait(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    with opened(tmp_path / "copy.db") as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_restore_makes_a_missing_database_with_its_feed_list(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    made = back_up(path, listed, NOON)
    new = tmp_path / "new"
    done = restore(made.path, new / "t.db", new / "feeds.yaml", NOON)
    assert titles(new / "t.db") == titles(path)
    assert (done.kept, done.feed_list) == (None, new / "feeds.yaml")
    assert (new / "feeds.yaml").read_bytes() == listed.read_bytes()
    assert stat.S_IMODE((new / "t.db").stat().st_mode) == 0o600


def test_another_feed_list_stays_unless_that_of_the_backup_is_asked_for(
    path: Path, listed: Path
) -> None:
    made = back_up(path, listed, NOON)
    was = listed.read_bytes()
    listed.write_text("feeds: []\n", "utf-8")
    done = restore(made.path, path, listed, NOON)
    assert (listed.read_text("utf-8"), done.other_feed_list) == ("feeds: []\n", made.beside[0])
    done = restore(made.path, path, listed, NOON, with_feed_list=True)
    assert listed.read_bytes() == was
    assert done.kept is not None
    kept = done.kept.with_name(f"{done.kept.name}.feeds.yaml")
    assert kept.read_text("utf-8") == "feeds: []\n"


def test_a_damaged_database_is_restored_and_kept(path: Path, listed: Path) -> None:
    made = back_up(path, listed, NOON)
    damage(path)
    done = restore(made.path, path, listed, NOON)
    assert done.kept is not None
    assert done.kept.stat().st_size
    assert faults(path) == ["ok"]
    assert len(titles(path)) == 2


@pytest.mark.parametrize("size", [100, 4096, 60_000])
def test_a_database_that_was_cut_off_is_restored_and_kept(
    path: Path, listed: Path, size: int
) -> None:
    made = back_up(path, listed, NOON)
    os.truncate(path, size)
    done = restore(made.path, path, listed, NOON)
    assert done.kept is not None
    assert done.kept.stat().st_size == size
    assert faults(path) == ["ok"]
    assert len(titles(path)) == 2


# https://www.sqlite.org/fileformat2.html#the_database_header
@pytest.mark.parametrize("offset", [28, 44, 56], ids=["pages", "schema format", "encoding"])
def test_a_database_with_a_wrong_header_is_restored_and_kept(
    path: Path, listed: Path, offset: int
) -> None:
    made = back_up(path, listed, NOON)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * 4)
    done = restore(made.path, path, listed, NOON)
    assert done.kept is not None
    assert done.kept.read_bytes()[offset : offset + 4] == b"\xff" * 4
    assert faults(path) == ["ok"]
    assert len(titles(path)) == 2


def test_a_database_with_a_torn_header_is_restored_and_kept(path: Path, listed: Path) -> None:
    made = back_up(path, listed, NOON)
    with path.open("r+b") as file:
        file.write(b"\0" * 4096)
    done = restore(made.path, path, listed, NOON)
    assert done.kept is not None
    assert done.kept.read_bytes()[:16] == b"\0" * 16
    assert faults(path) == ["ok"]


def test_what_is_a_database_by_its_first_bytes_alone_is_set_aside(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    made = back_up(path, listed, NOON, target=tmp_path / "elsewhere.db")
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4080)
    done = restore(made.path, path, listed, NOON)
    assert titles(path) == ["Rain in Quuxland", "Snow in Quuxland"]
    assert done.kept is not None
    assert done.kept.read_bytes().endswith(b"\xff")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="Linux has a file that fails so")
def test_a_feed_list_that_cannot_be_read_is_named(path: Path, listed: Path) -> None:
    listed.unlink()
    listed.symlink_to("/proc/self/mem")
    with pytest.raises(FileError, match="cannot be read: Input/output error"):
        back_up(path, listed, NOON)


def test_a_database_that_became_garbage_is_restored_where_it_has_backups(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    made = back_up(path, listed, NOON)
    path.write_bytes(b"\xa5" * 9_000)
    done = restore(made.path, path, listed, NOON)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"\xa5" * 9_000
    assert len(titles(path)) == 2
    (tmp_path / "notes.db").write_bytes(b"\xa5" * 9_000)
    with pytest.raises(NotOursError, match="move it away"):
        restore(made.path, tmp_path / "notes.db", listed, NOON)


def test_ctrl_c_ends_a_backup_and_leaves_nothing_unfinished(path: Path) -> None:
    with opened(path) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.executemany(
            "INSERT INTO meta VALUES (?, ?)", ((f"k{n}", "x" * 500_000) for n in range(160))
        )
    folder = path.parent / "backups"
    code, said = 0, ""
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)
        code, said = interrupted_backup(path, folder)
        if code:  # else the computer was so busy that the backup ended first
            break
    assert (code, said) == (130, "tracker: Interrupted.\n")
    assert list(folder.glob(".*")) == []


# An interrupt before a file reaches its `with` leaves the closing to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_leaves_no_unfinished_copy_at_any_moment(path: Path, listed: Path) -> None:
    folder, moments = path.parent / "backups", itertools.count(1)
    while interrupted_at(next(moments), lambda: back_up(path, listed, NOON), folder):
        assert list(folder.glob(".*.part")) == []
        shutil.rmtree(folder)
    assert next(moments) > 100


def interrupted_at(moment: int, work: Callable[[], object], folder: Path) -> bool:
    """Press Ctrl-C at a call's end, `moment` of them after an unfinished file is in `folder`.

    Return False if the work ended before.
    """
    passed = 0

    def press(_frame: object, event: str, _called: object) -> None:
        nonlocal passed
        if event in {"return", "c_return"} and (passed or any(folder.glob(".*.part"))):
            passed += 1
            if passed == moment:
                sys.setprofile(None)
                raise KeyboardInterrupt

    sys.setprofile(press)
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False


def interrupted_backup(path: Path, folder: Path) -> tuple[int, str]:
    """Start a backup, press Ctrl-C once its copy is begun; return exit code and stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "--db", str(path), "backup"],
        env=os.environ | {"HOME": str(path.parent), "TRACKER_FEEDS": str(path) + ".yaml"},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not any(folder.glob(".*.part")) and process.poll() is None:
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    return process.returncode, said


def test_no_bad_backup_replaces_a_good_database(path: Path, listed: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    made = back_up(path, listed, NOON)
    before = titles(path)
    shutil.copyfile(made.path, bad)
    damage(bad)
    with pytest.raises(DatabaseError, match="is damaged"):
        restore(bad, path, listed, NOON)
    with closing(sqlite3.connect(bad)) as other, pytest.raises(sqlite3.DatabaseError):
        other.execute("SELECT count(*) FROM items WHERE title > ''").fetchone()
    shutil.copyfile(made.path, bad)
    with closing(sqlite3.connect(bad)) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(NewerDatabaseError):
        restore(bad, path, listed, NOON)
    bad.write_text("notes of mine\n" * 99, "utf-8")
    with pytest.raises(NotOursError):
        restore(bad, path, listed, NOON)
    with pytest.raises(FileError, match="there is no such file"):
        restore(tmp_path / "none.db", path, listed, NOON)
    with pytest.raises(UsageError, match="is the database itself"):
        restore(path, path, listed, NOON)
    assert titles(path) == before
    assert faults(path) == ["ok"]


def test_two_backups_of_one_second_stand_in_the_folder_that_was_named(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    made = [back_up(path, listed, NOON, target=folder).path.name for _ in range(2)]
    assert made == ["t-2020-09-14-120000.db", "t-2020-09-14-120000-2.db"]


@pytest.mark.parametrize("folder", [".", "/"])
def test_a_folder_is_no_backup(path: Path, listed: Path, folder: str) -> None:
    with pytest.raises(FileError, match="is not a regular file"):
        restore(Path(folder), path, listed, NOON)


def test_what_is_no_backup_is_not_restored(path: Path, listed: Path) -> None:
    with pytest.raises(
        NotOursError,
        match=r"feeds.yaml: is not a tracker database; name another "
        r"file\.$",
    ):
        restore(listed, path, listed, NOON)


def test_the_database_of_another_program_is_not_replaced(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    made = back_up(path, listed, NOON)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE theirs (x)")
    (tmp_path / "notes.txt").write_text("notes of mine\n" * 99, "utf-8")
    for name in ("other.db", "notes.txt"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(NotOursError):
            restore(made.path, tmp_path / name, listed, NOON)
        assert (tmp_path / name).read_bytes() == before


def test_an_earlier_backup_is_migrated_when_it_is_restored(
    path: Path, listed: Path, tmp_path: Path
) -> None:
    earlier(tmp_path / "old.db").close()
    done = restore(tmp_path / "old.db", path, listed, NOON)
    assert done.contents == Contents(0, 0, 0, 1, SCHEMA_VERSION)
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_later_versions_database_can_be_put_back_to_an_earlier_one(
    path: Path, listed: Path
) -> None:
    made = back_up(path, listed, NOON)
    with closing(sqlite3.connect(path)) as later:
        later.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    restore(made.path, path, listed, NOON)
    with opened(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_nothing_is_restored_while_a_poll_runs(path: Path, listed: Path) -> None:
    made = back_up(path, listed, NOON)
    add(path, "Later")
    with only_one(path), pytest.raises(BusyError):
        restore(made.path, path, listed, NOON)
    assert len(titles(path)) == 3


def test_a_restore_does_not_wait_for_ever_for_who_writes(
    path: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(path, listed, NOON)
    monkeypatch.setattr("tracker.store.care.restoring.BUSY_TIMEOUT_IN_SECONDS", 0.1)
    writer = connect(path)
    with writer.transaction(), pytest.raises(LockedError):
        restore(made.path, path, listed, NOON)
    writer.close()


# --- the commands ---------------------------------------------------------------------------------


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    own = {"HOME": str(folder), "TRACKER_DB": "data/t.db", "TRACKER_FEEDS": "feeds.yaml"}
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=kept | own | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_what_a_backup_says_can_be_typed_to_restore_it(path: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "backup")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 stories, 2 items and 1 feed" in done.stdout
    words = done.stdout.splitlines()[-1].removesuffix(" puts it back.").split()
    add(path, "Later")
    done = run(tmp_path, *words[1:])
    assert (done.returncode, done.stderr) == (0, "")
    assert len(titles(path)) == 2


def test_scripts_get_backups_and_restores_as_json(path: Path, tmp_path: Path) -> None:
    made = json.loads(run(tmp_path, "backup", "x.db", "--json").stdout)
    assert made["path"] == "x.db"
    assert made["contents"]["items"] == 2
    done = json.loads(run(tmp_path, "restore", "x.db", "--json").stdout)
    assert done["contents"] == made["contents"]
    assert (tmp_path / done["kept"]).exists()
    assert path.exists()


def test_a_poll_that_runs_ends_a_restore_with_its_exit_code(path: Path, tmp_path: Path) -> None:
    assert run(tmp_path, "backup", "x.db").returncode == 0
    with only_one(path):
        done = run(tmp_path, "restore", "x.db")
    assert done.returncode == 4
    assert "poll is running" in done.stderr


def test_stories_come_back_with_a_restore(path: Path, listed: Path) -> None:
    from tracker.services.follow import follow

    with opened(path) as db:
        follow(db, "Quuxland snow", NOON)
    made = back_up(path, listed, NOON)
    with opened(path) as db:
        stories.remove(db, stories.everything(db, NOON)[0].id)
    restore(made.path, path, listed, NOON)
    with opened(path) as db:
        assert stories.slugs(db) == ["quuxland-snow"]
