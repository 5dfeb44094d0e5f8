"""Folders that cannot be searched: each command says so in a sentence, and changes nothing."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from homes import Home
from making import NOON
from typer.testing import CliRunner

import tracker
from tracker.cli.app import app
from tracker.errors import ConfigError, DatabaseError, FileError
from tracker.services.care.backups import back_up, restore
from tracker.services.care.doctor import diagnose
from tracker.settings_file import standing
from tracker.store.database import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Of a name that is too long the system says as little as of a folder without permission.
TOO_LONG = "x" * 300


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with a database, which this user may not search."""
    folder = tmp_path / "closed"
    with opened(folder / "t.db"):
        pass
    folder.chmod(0)
    try:
        if os.access(folder, os.X_OK):
            pytest.skip("root may write everything")
        yield folder
    finally:
        folder.chmod(0o700)


COMMANDS = [
    ("config",),
    ("config", "get", "per_host"),
    ("config", "set", "per_host", "3"),
    ("config", "unset", "per_host"),
    ("config", "edit"),
    ("feeds", "ls"),
    ("feeds", "add", "--as-is", "https://a.example/"),
    ("feeds", "export"),
    ("feeds", "check"),
    ("poll",),
    ("backup",),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_feed_list_out_of_reach_is_named(home: Home, words: tuple[str, ...]) -> None:
    home.ok("stories")
    listed = home.feeds.with_name(TOO_LONG) / "feeds.yaml"
    done = home.run(*words, "--feeds", str(listed))
    assert done.exit_code in {1, 2}, done.output
    assert f"{listed}: cannot be " in "".join(done.stderr.split("\n"))
    assert "File name too long" in done.stderr


def test_settings_of_a_feed_list_out_of_reach_are_not_taken_for_defaults(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        standing(tmp_path / TOO_LONG / "feeds.yaml", {})


def test_doctor_goes_on_without_a_feed_list_in_reach(home: Home) -> None:
    home.ok("stories")
    found = diagnose(home.db, home.feeds.with_name(TOO_LONG) / "feeds.yaml", NOON, environ={})
    assert {each.name for each in found.findings} == {"feed-list", "alerts"}
    assert all("cannot be read: File name too long" in each.detail for each in found.findings)


def test_nothing_is_restored_while_the_feed_list_is_out_of_reach(home: Home) -> None:
    home.feeds.write_text("feeds: []\n", "utf-8")
    home.ok("stories")
    made = back_up(home.db, home.feeds, NOON)
    before = home.db.read_bytes()
    with pytest.raises(FileError, match="cannot be read: File name too long"):
        restore(made.path, home.db, home.feeds.with_name(TOO_LONG) / "feeds.yaml", NOON)
    assert home.db.read_bytes() == before
    assert list(made.path.parent.glob("*before-restore*")) == []


def test_a_backup_without_its_feed_list_is_not_begun(home: Home) -> None:
    home.ok("stories")
    with pytest.raises(FileError, match="cannot be read: File name too long"):
        back_up(home.db, home.feeds.with_name(TOO_LONG) / "feeds.yaml", NOON)
    assert not (home.db.parent / "backups").exists()


@pytest.mark.parametrize(
    "words",
    [("stories",), ("poll",), ("backup",), ("repair",), ("notify", "ls"), ("purge",), ("digest",)],
    ids=" ".join,
)
def test_a_database_out_of_reach_is_named(home: Home, closed: Path, words: tuple[str, ...]) -> None:
    home.feeds.write_text("feeds: []\nsettings:\n  retention_in_days: 9\n", "utf-8")
    done = home.run(*words, "--db", str(closed / "t.db"))
    assert done.exit_code in {1, 3}, done.output
    assert f"{closed}/" in done.stderr
    assert done.stderr.endswith(
        "Permission denied; check the permissions of the folders that lead there.\n"
    )


@pytest.mark.parametrize("create", [False, True])
def test_python_gets_an_error_of_tracker_for_a_database_out_of_reach(
    closed: Path, *, create: bool
) -> None:
    with pytest.raises(DatabaseError, match=r"t.db: cannot be opened: Permission denied; "):
        tracker.open(closed / "t.db", create=create)


@pytest.mark.parametrize(
    "words", [("stories",), ("poll",), ("backup",), ("repair",)], ids=lambda words: words[0]
)
def test_a_folder_in_the_place_of_the_database_is_named(home: Home, words: tuple[str, ...]) -> None:
    home.feeds.write_text("feeds: []\n", "utf-8")
    home.db.mkdir()
    assert home.fails(3, *words) == f"tracker: {home.db}: is a folder; name a file with --db."


def test_doctor_names_a_database_out_of_reach(home: Home, closed: Path) -> None:
    home.feeds.write_text("feeds: []\n", "utf-8")
    done = home.run("doctor", "--json", "--db", str(closed / "t.db"))
    found = json.loads(done.stdout)["findings"]
    assert [(each["name"], each["level"]) for each in found][:1] == [("database", "error")]
    assert "cannot be read: Permission denied" in found[0]["detail"]


def test_the_current_folder_may_be_gone(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    runner = CliRunner(env=home.environment | {"TRACKER_FEEDS": None})
    done = runner.invoke(app, ["config"], prog_name="tracker", catch_exceptions=False)
    assert (done.exit_code, "per_host" in done.stdout) == (0, True)
