"""`config`: settings with their origin, edits that keep the rest of feeds.yaml as it is."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.config import load_feeds
from tracker.errors import ConfigError, UsageError
from tracker.settings import SETTINGS, find
from tracker.settings_file import set_value, standing, unset, write_edited

ROOT = Path(__file__).parent.parent
LISTED = """\
# mine
feeds:
  # good
  - url: https://a.example/feed
settings:   # how it polls
  # few
  per_host: 3  # at once
  contact: me@example.org
# the end
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(LISTED, "utf-8")
    return path


def value_of(path: Path, key: str) -> object:
    return next(each.value for each in standing(path, {}) if each.setting.key == key)


# --- what counts ----------------------------------------------------------------------------------


def test_the_environment_counts_more_than_the_file_and_the_file_more_than_the_default(
    listed: Path,
) -> None:
    found = {each.setting.key: each for each in standing(listed, {"per_host": 9})}
    assert len(found) == len(SETTINGS)
    one = found["per_host"]
    assert (one.value, one.origin, one.source, one.in_file) == (
        9,
        "environment",
        "TRACKER_PER_HOST",
        3,
    )
    one = found["contact"]
    assert (one.value, one.origin, one.line) == ("me@example.org", "file", 8)
    assert found["workers"][1:] == (0, "default", "", None, None)


def test_without_a_feed_list_all_settings_are_defaults(tmp_path: Path) -> None:
    found = standing(tmp_path / "none.yaml", {})
    assert {each.origin for each in found} == {"default"}


# --- changing the file ----------------------------------------------------------------------------


def test_a_value_is_replaced_where_it_stands(listed: Path) -> None:
    assert set_value(listed, find("per_host"), 1) == 3
    assert listed.read_text("utf-8") == LISTED.replace("per_host: 3 ", "per_host: 1 ")


def test_a_new_setting_stands_below_the_others(listed: Path) -> None:
    assert set_value(listed, find("retention_in_days"), 90) is None
    assert listed.read_text("utf-8") == LISTED.replace(
        "  contact: me@example.org\n", "  contact: me@example.org\n  retention_in_days: 90\n"
    )


def test_a_setting_is_taken_out_with_its_line_alone(listed: Path) -> None:
    assert unset(listed, find("per_host")) == 3
    assert listed.read_text("utf-8") == LISTED.replace("  per_host: 3  # at once\n", "")
    assert unset(listed, find("contact")) == "me@example.org"
    assert unset(listed, find("contact")) is None
    assert load_feeds(listed).given == {}
    assert "  # few\n# the end\n" in listed.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "feeds: []\n",
        "feeds: []",
        "settings:\nfeeds: []\n",
        "settings: {}\n",
        "settings: ~\nfeeds: []\n",
        "settings: {workers: 2}\n",
        "settings: {per_host: 4, workers: 2}\n",
        "settings: {workers: 2, per_host: 4}\n",
        "settings: {per_host: 4}\n",
        "settings:\n    workers: 2\n    # more\n\nfeeds: []\n",
        "settings:\n  per_host: 4\n  workers: 2\n",
        "settings:\n  workers: 2\n  per_host:   4   # x\nfeeds:\n- url: https://a.example/\n",
        "settings:\n  workers: &w 2\n  connections: *w\n  per_host: 4\n",
        "settings:\r\n  workers: 2\r\nfeeds: []\r\n",
        "settings:\n  ? per_host\n  : 4\n",
        "settings:\n  'per_host': 4\n",
        "settings:\n  contact: >\n    me@example.org\n  per_host: 4\n".replace(" >\n   ", ""),
    ],
)
def test_every_way_to_write_the_settings_can_be_changed_or_is_refused(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(text.encode())
    before = load_feeds(path)
    others = {k: v.value for k, v in before.given.items() if k != "per_host"}
    changes: list[tuple[Callable[[], object], dict[str, object] | None]] = [
        (lambda: set_value(path, find("per_host"), 7), {"per_host": 7}),
        (lambda: set_value(path, find("contact"), "you@example.org"), None),
        (lambda: unset(path, find("contact")), None),
        (lambda: unset(path, find("per_host")), {}),
    ]
    for change, expected in changes:
        was = path.read_bytes()
        try:
            change()
        except ConfigError as error:
            assert "edit it yourself" in str(error)  # noqa: PT017 - refused is right as well
            assert path.read_bytes() == was
            return
        if expected is not None:
            found = {k: v.value for k, v in load_feeds(path).given.items() if k != "contact"}
            assert found == {k: v for k, v in others.items() if k != "contact"} | expected
        assert load_feeds(path).sources == before.sources
    if "\r\n" in text:
        assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")


def test_values_that_contradict_each_other_are_refused(listed: Path) -> None:
    with pytest.raises(UsageError, match="must not be more than longest_in_minutes"):
        set_value(listed, find("shortest_in_minutes"), 2_000)
    assert listed.read_text("utf-8") == LISTED


def test_a_value_that_is_not_allowed_is_refused(listed: Path) -> None:
    with pytest.raises(UsageError, match="must not hold a password"):
        set_value(listed, find("contact"), "https://me:secret@example.org/")
    assert listed.read_text("utf-8") == LISTED


def test_a_missing_feed_list_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "feeds.yaml"
    set_value(path, find("per_host"), 1)
    assert path.read_text("utf-8") == "settings:\n  per_host: 1\n"


def test_what_changed_meanwhile_is_not_overwritten_by_an_editor(listed: Path) -> None:
    with pytest.raises(ConfigError, match="was changed meanwhile"):
        write_edited(listed, b"feeds: []\n", b"feeds:\n")
    assert listed.read_text("utf-8") == LISTED


# --- the commands ---------------------------------------------------------------------------------


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    own = {"HOME": str(folder), "TRACKER_DB": "t.db", "TMPDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=kept | own | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | more,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_setting_is_listed_with_its_origin(listed: Path) -> None:
    done = run(listed.parent, "config", TRACKER_CONNECTIONS="9")
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row.split()[0]: row for row in done.stdout.splitlines() if row[:1].strip()}
    assert {each.key for each in SETTINGS} <= rows.keys()
    assert rows["per_host"].split()[1:] == "3 feeds.yaml, line 7 (default 2)".split()
    assert rows["connections"].split()[1:] == "9 TRACKER_CONNECTIONS (default 64)".split()
    assert rows["timeout_in_seconds"].split()[1:] == "30 seconds default".split()
    assert rows["feeds"].split()[1:] == "the current folder has one".split()
    assert f"  {listed}\n" in done.stdout
    assert max(len(row) for row in done.stdout.splitlines() if "/" not in row) <= 80
    assert not (listed.parent / "t.db").exists()


def test_scripts_get_every_setting_as_json(listed: Path) -> None:
    told = json.loads(run(listed.parent, "config", "--json").stdout)
    by_key = {each["key"]: each for each in told["settings"]}
    assert by_key.keys() == {each.key for each in SETTINGS}
    assert by_key["per_host"] == {
        "key": "per_host",
        "value": 3,
        "unit": None,
        "default": 2,
        "origin": "file",
        "source": str(listed),
        "line": 7,
        "least": 1,
        "most": 256,
        "variable": "TRACKER_PER_HOST",
        "meaning": "parallel transfers to one host",
    }
    assert [each["key"] for each in told["files"]] == ["feeds", "db"]


def test_one_value_is_printed_alone(listed: Path) -> None:
    assert run(listed.parent, "config", "get", "per_host").stdout == "3\n"
    assert run(listed.parent, "config", "get", "db").stdout == "t.db\n"
    assert run(listed.parent, "config", "path").stdout == f"{listed}\n"
    done = run(listed.parent, "config", "get", "perhost")
    assert done.returncode == 1
    assert "did you mean 'per_host'?" in done.stderr


def test_set_and_unset_say_what_was_before(listed: Path) -> None:
    done = run(listed.parent, "config", "set", "retention_in_days", "365")
    assert (done.returncode, done.stdout) == (0, "retention_in_days is 365 days.\n")
    done = run(listed.parent, "config", "unset", "per_host")
    assert done.stdout == "per_host is the default again: 2 (before: 3).\n"
    done = run(listed.parent, "config", "set", "per_host", "999")
    assert done.returncode == 2
    assert "must be a whole number from 1 to 256" in done.stderr


def test_none_is_written_as_it_is_shown(listed: Path) -> None:
    run(listed.parent, "config", "set", "alerts.quiet", "22:00-07:00")
    run(listed.parent, "config", "set", "alerts.languages", "en")
    for key in ("alerts.quiet", "alerts.languages", "contact"):
        done = run(listed.parent, "config", "set", key, "none")
        assert (done.returncode, done.stdout.split()[:3]) == (0, [key, "is", "none"]), done.stderr
        assert run(listed.parent, "config", "get", key).stdout == "\n"
    assert run(listed.parent, "config", "set", "per_host", "none").returncode == 2


@pytest.mark.parametrize(("key", "option"), [("db", "--db"), ("feeds", "--feeds")])
@pytest.mark.parametrize("words", [["set", "KEY", "x"], ["unset", "KEY"]], ids=["set", "unset"])
def test_the_files_are_no_settings_of_feeds_yaml(
    listed: Path, key: str, option: str, words: list[str]
) -> None:
    done = run(listed.parent, "config", *(key if word == "KEY" else word for word in words))
    assert done.returncode == 2
    assert f"{key} is not a setting of feeds.yaml; name the file with {option}" in done.stderr


def test_set_says_that_the_environment_overrides_it(listed: Path) -> None:
    done = run(listed.parent, "config", "set", "per_host", "4", TRACKER_PER_HOST="9")
    assert "TRACKER_PER_HOST overrides it: 9 counts" in done.stdout
    assert value_of(listed, "per_host") == 4


def test_an_editor_changes_the_file_by_a_valid_one_alone(listed: Path) -> None:
    done = run(listed.parent, "config", "edit", EDITOR="sed -i s/per_host:.3/per_host:\\ 5/")
    assert (done.returncode, done.stderr) == (0, "")
    assert value_of(listed, "per_host") == 5
    assert run(listed.parent, "config", "edit", EDITOR="true").stdout == "Nothing was changed.\n"
    before = listed.read_bytes()
    done = run(listed.parent, "config", "edit", EDITOR="sed -i s/per_host/per_hots/")
    assert done.returncode == 2
    assert "line 7, per_hots: there is no such setting; did you mean per_host?" in done.stderr
    assert listed.read_bytes() == before
    (draft,) = listed.parent.glob("tracker-edit-*/feeds.yaml")
    assert b"per_hots" in draft.read_bytes()


def test_an_editor_that_fails_changes_nothing(listed: Path) -> None:
    for editor in ("false", "/nowhere/editor"):
        done = run(listed.parent, "config", "edit", EDITOR=editor)
        assert done.returncode == 1
        assert "The editor" in done.stderr
    assert listed.read_text("utf-8") == LISTED
    assert not list(listed.parent.glob("tracker-edit-*"))


def test_a_mistake_can_be_mended_in_the_editor_again(listed: Path) -> None:
    editor = listed.parent / "editor"
    editor.write_text(
        "#!/bin/sh\nif grep -q hots $1; then sed -i s/hots:.*/host:\\ 6/ $1\n"
        "else sed -i s/per_host/per_hots/ $1; fi\n",
        "utf-8",
    )
    editor.chmod(0o755)
    own, terminal = pty.openpty()
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    done = subprocess.Popen(
        [sys.executable, "-m", "tracker", "config", "edit"],
        env=kept
        | {"HOME": str(listed.parent), "PYTHONPATH": str(ROOT), "TMPDIR": str(listed.parent)}
        | {"EDITOR": str(editor)},
        cwd=listed.parent,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    seen = b""
    deadline = time.monotonic() + 30
    while b"Edit it again?" not in seen:
        assert time.monotonic() < deadline, seen
        seen += os.read(own, 4096)
    os.write(own, b"\n")
    assert done.wait(30) == 0
    os.close(own)
    assert value_of(listed, "per_host") == 6
