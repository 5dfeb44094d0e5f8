"""The `alerts:` of feeds.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.config import alerts_path, load_feeds
from tracker.errors import ConfigError
from tracker.model.alerts import AlertLimits
from tracker.services.poll import take_in
from tracker.store.alerts import limits
from tracker.store.database import Database


def write(folder: Path, text: str) -> Path:
    path = folder / "feeds.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feeds: []\n", AlertLimits()),
        ("alerts:\n", AlertLimits()),
        ("alerts:\n  cap: 1\n", AlertLimits(cap=1)),
        ("alerts:\n  quiet: 22:00-07:00\n", AlertLimits(quiet="22:00-07:00")),
        ('alerts:\n  quiet: "22-7"\n', AlertLimits(quiet="22:00-07:00")),
        ("alerts:\n  quiet:\n", AlertLimits()),
        ("alerts: {languages: [en, fr]}\n", AlertLimits(languages=("en", "fr"))),
        ("alerts:\n  languages: []\n", AlertLimits()),
    ],
)
def test_each_setting_of_alerts_is_optional(
    tmp_path: Path, text: str, expected: AlertLimits
) -> None:
    assert load_feeds(write(tmp_path, text)).alerts == expected


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("alerts: 3\n", 1, "alerts"),
        ("alerts:\n  cap: 0\n", 2, "alerts: cap"),
        ("alerts:\n  cap: 101\n", 2, "alerts: cap"),
        ("alerts:\n  cap: many\n", 2, "alerts: cap"),
        ("alerts:\n  cap: true\n", 2, "alerts: cap"),
        ("alerts:\n  cap: 3\n  quiet: nights\n", 3, "alerts: quiet"),
        ("alerts:\n  quiet: 22\n", 2, "alerts: quiet"),
        ("alerts:\n  languages: en\n", 2, "alerts: languages"),
        ("alerts:\n  languages: [english]\n", 2, "alerts: languages"),
        ("alerts:\n  languages: [7]\n", 2, "alerts: languages"),
        ("feeds: []\nalerts:\n  caps: 3\n", 3, "alerts: caps"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(
    tmp_path: Path, text: str, line: int, key: str
) -> None:
    with pytest.raises(ConfigError) as error:
        load_feeds(write(tmp_path, text))
    assert (error.value.line, error.value.key) == (line, key)


def test_a_change_counts_from_the_next_poll_on(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "alerts:\n  cap: 5\n  languages: [en]\n")
    take_in(db, path)
    assert limits.stored(db) == AlertLimits(cap=5, languages=("en",))
    take_in(db, path)
    assert limits.stored(db).cap == 5
    take_in(db, write(tmp_path, "feeds: []\n"))
    assert limits.stored(db) == AlertLimits()


def test_addresses_are_kept_beside_the_feed_list(tmp_path: Path) -> None:
    assert alerts_path(tmp_path / "mine.yaml") == tmp_path / "alerts.conf"
