"""Addresses are secrets: where they are kept, and where they never appear."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alerting import HEADLINES, NOW, come, followed, send, target
from receiving import Receiver, receiving

from tracker.alerts import conf
from tracker.errors import ConfigError, TrackerError, UsageError
from tracker.services import targets
from tracker.store.alerts import targets as store
from tracker.store.database import Database
from tracker.views.alerts import json as alerts_json
from tracker.views.alerts import targets as view

SECRET = "Hunter2"  # noqa: S105 - what must appear nowhere


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.conf"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def test_the_file_is_its_owners_alone_from_the_first_moment(path: Path) -> None:
    before = os.umask(0)
    try:
        conf.put(path, {"a": "https://example.org/x"})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert conf.load(path) == {"a": "https://example.org/x"}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604, 0o602])
def test_a_file_that_others_can_open_is_refused(path: Path, mode: int) -> None:
    conf.put(path, {"a": SECRET})
    path.chmod(mode)
    for use in (
        lambda: conf.load(path),
        lambda: conf.put(path, {"b": "x"}),
        lambda: conf.remove(path, "a"),
    ):
        with pytest.raises(ConfigError, match="chmod 600") as error:
            use()
        assert SECRET not in str(error.value)


def test_a_missing_file_holds_nothing(path: Path) -> None:
    assert conf.load(path) == {}
    conf.remove(path, "a")
    assert not path.exists()


def test_lines_of_the_user_stay(path: Path) -> None:
    conf.put(path, {"a": "1", "b": "2"})
    text = path.read_text()
    with path.open("a") as file:
        file.write("\n# mine: a=9\n  c = 3  \n")
    conf.put(path, {"b": "4", "b.secret": "5"})
    conf.remove(path, "a")
    assert conf.load(path) == {"c": "3", "b": "4", "b.secret": "5"}
    assert "# mine: a=9\n" in path.read_text()
    assert path.read_text().startswith(text.splitlines()[0])


def test_removing_a_target_removes_its_key_but_no_other_name(path: Path) -> None:
    conf.put(path, {"a": "1", "a.secret": "2", "a2": "3", "a.b": "4"})
    conf.remove(path, "a")
    assert conf.load(path) == {"a2": "3", "a.b": "4"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"a=1\n{SECRET}\n", 2, "NAME=ADDRESS"),
        (f"a=1\na={SECRET}\n", 2, "twice"),
        (f"= {SECRET}\n", 1, "NAME=ADDRESS"),
    ],
)
def test_a_wrong_line_is_named_and_not_repeated(
    path: Path, text: str, line: int, words: str
) -> None:
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=words) as error:
        conf.load(path)
    assert error.value.line == line
    assert SECRET not in str(error.value)


def test_the_address_may_come_from_a_command(
    db: Database, tmp_path: Path, receiver: Receiver
) -> None:
    followed(db)
    (tmp_path / "kept").write_text(f"{receiver.url('/topic')}\nmore\n")
    target(db, tmp_path, "ntfy", f"cmd:cat '{tmp_path / 'kept'}'")
    come(db, HEADLINES[0])
    assert send(db, tmp_path).sent == 1
    assert receiver.posts[0].json["topic"] == "topic"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("false", "failed (exit code 1)"),
        ("true", "printed nothing"),
        (f"/no/such/{SECRET}", "cannot be run"),
        (f"echo '{SECRET}", "cannot be run"),
        (f"{sys.executable} -c 'import sys; sys.exit(\"{SECRET}\")'", "failed (exit code 1)"),
    ],
)
def test_a_command_that_gives_no_address_is_said_without_it(command: str, words: str) -> None:
    with pytest.raises(TrackerError) as error:
        conf.secret(f"cmd:{command}")
    assert words in str(error.value)
    assert SECRET not in str(error.value)


ADDRESSES = [
    ("webhook", f"https://me:{SECRET}@127.0.0.1:9/{SECRET}?key={SECRET}"),
    ("ntfy", f"http://{SECRET}@127.0.0.1:9/{SECRET}"),
    ("ntfy", f"http://127.0.0.1:9/{SECRET}"),
    ("ntfy", f"cmd:echo {SECRET}"),
    ("exec", "false", SECRET),
    ("exec", "/no/such/program", SECRET),
]


@pytest.mark.parametrize("words", ADDRESSES)
def test_no_secret_is_in_the_database_the_views_or_the_errors(
    db: Database, tmp_path: Path, words: tuple[str, ...]
) -> None:
    followed(db)
    target(db, tmp_path, *words)
    come(db, HEADLINES[0])
    report = send(db, tmp_path)
    assert report.troubles
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.name.startswith("t.db"))
    assert SECRET.encode() not in kept
    rows = store.rows(db)
    shown = view.targets(rows, [], default_quiet="", now=NOW, zone=None, width=200).plain
    assert SECRET not in shown + json.dumps(alerts_json.targets(rows, [])) + str(report)
    assert SECRET in (tmp_path / "alerts.conf").read_text()


@pytest.mark.parametrize(
    "words",
    [
        ("webhook", f"ftp://example.org/{SECRET}"),
        ("webhook", f"https://exa mple:{SECRET}x/{SECRET}"),
        ("ntfy", f"https://ntfy.sh/{SECRET}/"[:-1] + " space"),
        ("ntfy", f"https://ntfy.sh/a.{SECRET}"),
        ("nosuch", SECRET),
        ("webhook", f"https://example.org/\n{SECRET}"),
    ],
)
def test_an_address_that_is_refused_is_not_repeated(
    db: Database, tmp_path: Path, words: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as error:
        target(db, tmp_path, *words)
    assert SECRET not in str(error.value)
    assert store.everything(db) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_secret_of_apprise_is_shown_by_its_service_alone(db: Database, tmp_path: Path) -> None:
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    target(db, tmp_path, f"json://me:{SECRET}@127.0.0.1:9/{SECRET}")
    (row,) = store.rows(db)
    assert row.target.shown == "json://…"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_apprise_says_of_a_failure_goes_nowhere(
    db: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    followed(db)
    target(db, tmp_path, f"json://me:{SECRET}@127.0.0.1:9/{SECRET}")
    come(db, HEADLINES[0])
    (trouble,) = send(db, tmp_path).troubles
    out, err = capfd.readouterr()
    assert SECRET not in trouble.why + out + err


def test_a_topic_that_is_made_up_is_long_and_another_each_time(db: Database, path: Path) -> None:
    topics = {
        targets.add(db, path, targets.NewTarget("ntfy", name=f"n{n}"), NOW).topic for n in range(5)
    }
    assert len(topics) == 5
    assert all(len(t.removeprefix("https://ntfy.sh/tracker-")) == 16 for t in topics)


def test_a_target_that_cannot_be_kept_is_not_added(
    db: Database, tmp_path: Path, path: Path
) -> None:
    conf.put(path, {"x": "y"})
    path.chmod(0o644)
    with pytest.raises(ConfigError):
        target(db, tmp_path, "webhook", "https://example.org/x")
    assert store.everything(db) == []


def test_an_export_holds_no_target(db: Database, tmp_path: Path) -> None:
    from tracker.export.markdown import markdown
    from tracker.store.following import stories, timelines

    followed(db)
    target(db, tmp_path, "ntfy", f"https://ntfy.example/{SECRET}")
    found = timelines.timeline(db, stories.everything(db, NOW)[0], timelines.Window(), NOW)
    assert SECRET not in markdown(found, now=NOW, zone=None)


def test_what_is_no_regular_file_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigError):
        conf.load(path)


def test_a_file_that_is_not_text_is_refused(path: Path) -> None:
    path.write_bytes(b"a=\xff\n")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="not UTF-8"):
        conf.load(path)


def test_a_file_in_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written"):
        conf.put(tmp_path / "file" / "alerts.conf", {"a": "b"})


@pytest.mark.parametrize("line", ["[1, 2]", "[", "'", "[]"])
def test_a_program_that_is_none_is_said(db: Database, tmp_path: Path, line: str) -> None:
    followed(db)
    target(db, tmp_path, "exec", "true")
    conf.put(tmp_path / "alerts.conf", {"t": line})
    come(db, HEADLINES[0])
    (trouble,) = send(db, tmp_path).troubles
    assert trouble.why == "its line in alerts.conf is no program with arguments"


def test_a_program_may_be_written_as_a_shell_reads_it(db: Database, tmp_path: Path) -> None:
    followed(db)
    target(db, tmp_path, "exec", "false")
    conf.put(tmp_path / "alerts.conf", {"t": f"touch '{tmp_path}/a b'"})
    come(db, HEADLINES[0])
    assert send(db, tmp_path).sent == 1
    assert (tmp_path / "a b").exists()
