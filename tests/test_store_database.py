from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.errors import DatabaseError, LockedError, NewerDatabaseError, NotOursError
from tracker.model.polling import Wishes
from tracker.store.archive import items, queue
from tracker.store.database import APPLICATION_ID, SCHEMA_VERSION, connect, opened
from tracker.store.polling import feeds
from tracker.store.schema import INITIAL


def first_release(path: Path) -> sqlite3.Connection:
    """Make a database as the first release left it, with one feed."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(INITIAL)
    db.execute("CREATE TABLE _sqlite_migrations (migration_set, name, applied_at)")
    db.execute("INSERT INTO _sqlite_migrations VALUES ('tracker', 'm001_initial', '')")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
    db.execute("INSERT INTO feeds (url) VALUES ('https://a.example/f')")
    return db


def test_a_new_file_gets_the_whole_schema(tmp_path: Path) -> None:
    with opened(tmp_path / "folder" / "t.db") as db:
        names = {row[0] for row in db.execute("SELECT name FROM sqlite_schema")}
    assert {"feeds", "items", "items_fts", "queue", "stories", "links", "polls"} <= names


def test_opening_again_migrates_nothing(tmp_path: Path) -> None:
    connect(tmp_path / "t.db").close()
    db = connect(tmp_path / "t.db")
    assert db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] == SCHEMA_VERSION
    assert db.total_changes == 0
    db.close()


def test_a_database_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    first_release(tmp_path / "t.db").close()
    with opened(tmp_path / "t.db") as db:
        assert [feed.wishes for feed in feeds.due(db, datetime.now(UTC))] == [Wishes()]
        assert not db.execute("SELECT state_before FROM decisions").fetchall()
        assert db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


def test_items_dated_by_a_clocks_zero_are_dated_by_when_they_were_seen(tmp_path: Path) -> None:
    old = first_release(tmp_path / "t.db")
    old.executemany(
        "INSERT INTO items VALUES (?, 1, ?, 'https://a.example/', 'T', 'S', NULL, 'en', ?, 1700)",
        [(1, "1", -62_135_596_800), (2, "2", 1_600)],
    )
    old.execute(
        "INSERT INTO stories (id, slug, title, query, created) VALUES (1, 'q', 'q', 'q', 0)"
    )
    old.execute("INSERT INTO links VALUES (1, 1, 'linked', 1, '[]', 1, 1, -62135596800, 0, 1)")
    old.close()
    with opened(tmp_path / "t.db") as db:
        dates = db.execute("SELECT published FROM items ORDER BY id").fetchall()
        assert dates == [(1_700,), (1_600,)]
        assert db.execute("SELECT published FROM links").fetchall() == [(1_700,)]


def test_feeds_that_moved_to_each_other_begin_at_their_own_addresses(tmp_path: Path) -> None:
    old = first_release(tmp_path / "t.db")
    old.execute(
        "INSERT INTO feeds (url, moved_to) VALUES ('https://b.example/', 'https://a.example/f')"
    )
    old.execute("UPDATE feeds SET moved_to = 'https://b.example/' WHERE id = 1")
    old.close()
    with opened(tmp_path / "t.db") as db:
        assert db.execute("SELECT moved_to FROM feeds").fetchall() == [(None,), (None,)]


def test_items_of_an_earlier_version_are_found_by_their_addresses(tmp_path: Path) -> None:
    old = first_release(tmp_path / "t.db")
    old.executemany(
        "INSERT INTO items VALUES (?, 1, ?, 'https://a.example/' || ?, 'T', ?, NULL, 'en', 0, 0)",
        [
            (1, "1", "rain-in-quuxland-again", ""),
            (2, "2", "snow-in-quuxland-now", "It snows."),
            (3, "3", "hail-over-quux", ""),
        ],
    )
    old.execute("INSERT INTO items_fts (rowid, title, summary) VALUES (1, 'T', '')")
    old.execute("INSERT INTO items_fts (rowid, title, summary) VALUES (2, 'T', 'It snows.')")
    old.execute("INSERT INTO queue VALUES (3)")
    old.close()
    with opened(tmp_path / "t.db") as db:
        assert {item.id: item.address for item in items.load(db, [1, 2, 3])} == {
            1: "rain in quuxland again",
            2: "",
            3: "hail over quux",
        }
        assert [item.id for item in items.candidates(db, "quuxland")] == [1]
        assert len(items.candidates(db, "quux")) == 0
        queue.index(db, [3])
        assert len(items.candidates(db, "quux")) == 1
        db.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('integrity-check', 1)")


def test_items_of_an_earlier_version_are_found_in_plain_letters(tmp_path: Path) -> None:
    old = first_release(tmp_path / "t.db")
    titles = [(1, "Ｎｏｋｉａ wins"), (2, "Nokia wins")]
    for number, title in titles:
        old.execute(
            "INSERT INTO items VALUES (?1, 1, ?1, '', ?2, '', NULL, 'en', 0, 0)", (number, title)
        )
        old.execute("INSERT INTO items_fts (rowid, title) VALUES (?, ?)", (number, title))
    old.close()
    with opened(tmp_path / "t.db") as db:
        assert [len(items.candidates(db, word)) for word in ("nokia", "ｎｏｋｉａ", "wins")] == [
            2,
            0,
            2,
        ]
        assert items.load(db, [1])[0].title == "Ｎｏｋｉａ wins"


def test_the_items_of_a_poll_are_one_segment_of_the_index(tmp_path: Path) -> None:
    db = connect(tmp_path / "t.db")
    with db.transaction():
        db.executemany(
            "INSERT INTO items_fts (rowid, title, summary) VALUES (?, ?, ?)",
            ((n, f"word{n} other{n}", f"third{n} " * 20) for n in range(1, 10_001)),
        )
    assert db.execute("SELECT count(DISTINCT segid) FROM items_fts_idx").fetchone()[0] == 1
    db.close()


def test_what_is_written_is_durable(tmp_path: Path) -> None:
    db = connect(tmp_path / "t.db")
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    db.close()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(NotOursError, match="not a tracker database"):
        connect(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes, which are longer than any header\n" * 20, "utf-8")
    before = path.read_bytes()
    with pytest.raises(NotOursError, match="not a tracker database"):
        connect(path)
    assert path.read_bytes() == before


def test_a_later_schema_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    db = connect(path)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    with pytest.raises(NewerDatabaseError, match="upgrade tracker"):
        connect(path)


def test_a_lock_beyond_the_time_out_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    holder = connect(path)
    waiter = connect(path, timeout=0.05)
    with (
        holder.transaction(),
        pytest.raises(LockedError, match="locked"),
        waiter.transaction(),
    ):
        pass
    waiter.close()
    holder.close()


def test_reading_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    writer = connect(path)
    reader = connect(path, timeout=0)
    with writer.transaction():
        writer.execute("INSERT INTO meta VALUES ('a', 'b')")
        assert reader.execute("SELECT count(*) FROM meta").fetchone()[0] == 0
    assert reader.execute("SELECT count(*) FROM meta").fetchone()[0] == 1
    reader.close()
    writer.close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    db = connect(tmp_path / "t.db")
    with pytest.raises(RuntimeError), db.transaction():
        db.execute("INSERT INTO meta VALUES ('a', 'b')")
        raise RuntimeError
    assert db.execute("SELECT count(*) FROM meta").fetchone()[0] == 0
    db.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(DatabaseError, match="folder cannot be made"):
        connect(tmp_path / "file" / "t.db")


def test_a_damaged_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    db = connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(path.read_bytes())
    data[4096 : len(data)] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(DatabaseError, match="damaged"):
        connect(path)


def test_damage_found_while_rows_are_read_is_said_too(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    db = connect(path)
    with db.transaction():
        db.executemany(
            "INSERT INTO meta VALUES (?, ?)", ((f"key {n}", "value" * 100) for n in range(2000))
        )
    db.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    with pytest.raises(DatabaseError, match="damaged"), opened(path) as broken:
        list(broken.execute("SELECT * FROM meta"))


def test_a_database_is_closed_when_its_use_ends(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        pass
    with pytest.raises(sqlite3.ProgrammingError):
        db.execute("SELECT 1")
