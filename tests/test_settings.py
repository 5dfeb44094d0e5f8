"""The table of settings: validation, the environment, and what the table promises."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from making import NOON
from publishing import Publisher

from tracker.config import load_feeds
from tracker.errors import ConfigError, NotFoundError, UsageError
from tracker.model.alerts import AlertLimits
from tracker.services.poll import poll
from tracker.settings import (
    ALERTS,
    MAIN_SECTION,
    SETTINGS,
    Setting,
    Settings,
    find,
    from_environment,
    mistake,
    overridden,
    parse,
)
from tracker.store.alerts import limits
from tracker.store.database import Database


def test_the_table_has_every_field_with_its_default() -> None:
    table = {each.name: each.default for each in SETTINGS if each.section == MAIN_SECTION}
    assert table == Settings._field_defaults
    of_alerts = {each.name: each.default for each in SETTINGS if each.section == ALERTS}
    assert of_alerts == asdict(AlertLimits())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.key)
def test_the_default_of_a_setting_is_allowed(setting: object) -> None:
    assert isinstance(setting, type(SETTINGS[0]))
    assert mistake(setting, setting.default) is None


def test_no_two_settings_share_a_variable_or_one_of_the_paths() -> None:
    variables = [each.variable for each in SETTINGS]
    assert len({*variables, "TRACKER_DB", "TRACKER_FEEDS"}) == len(variables) + 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("per_hots", "per_host"), ("retention", "retention_in_days"), ("per-host", "per_host")],
)
def test_an_unknown_key_is_answered_with_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find(typed)
    assert caught.value.nearest == meant


def test_a_wrong_name_in_the_file_is_answered_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("settings:\n  retention_days: 9\n", "utf-8")
    with pytest.raises(ConfigError, match=r"line 2, retention_days: .* mean retention_in_days"):
        load_feeds(path)


def test_the_file_tells_which_settings_stand_in_it_and_where(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: []\nsettings:\n  # few\n  per_host: 1\n", "utf-8")
    assert load_feeds(path).given == {"per_host": (1, 4)}


@pytest.mark.parametrize("text", ["0", "257", "many", "1.5", "true", "9" * 40])
def test_a_value_out_of_range_is_answered_with_the_range(text: str) -> None:
    with pytest.raises(UsageError, match="connections must be a whole number from 1 to 256"):
        parse(find("connections"), text)


def test_the_environment_overrides_what_the_file_says() -> None:
    overrides = from_environment({"TRACKER_PER_HOST": "5", "TRACKER_WORKERS": "", "OTHER": "1"})
    assert overridden(Settings(per_host=3, workers=4), overrides) == Settings(per_host=5, workers=4)


def test_a_wrong_value_in_the_environment_names_its_variable() -> None:
    with pytest.raises(UsageError, match="TRACKER_PER_HOST: per_host must be a whole number"):
        from_environment({"TRACKER_PER_HOST": "x"})


def test_the_environment_cannot_contradict_the_file() -> None:
    with pytest.raises(UsageError, match="must not be more than longest_in_minutes"):
        overridden(Settings(longest_in_minutes=20), {"shortest_in_minutes": 30})


def test_a_poll_obeys_the_environment(db: Database, publisher: Publisher, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(f"feeds:\n  - url: {publisher.url('/a')}\n", "utf-8")
    poll(db, path, NOON, overrides={"contact": "me@example.org"})
    assert "me@example.org" in publisher.headers[0]["user-agent"]


def test_alerts_obey_the_environment_as_long_as_it_says_so(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("alerts:\n  cap: 5\n  languages: [de]\n", "utf-8")
    environ = {"TRACKER_ALERTS_CAP": "9", "TRACKER_ALERTS_QUIET": "22-7"}
    poll(db, path, NOON, overrides=from_environment(environ))
    assert limits.stored(db) == AlertLimits(9, "22:00-07:00", ("de",))
    poll(db, path, NOON)
    assert limits.stored(db) == AlertLimits(5, "", ("de",))


WORDS = Setting("languages", (), "", "", section="alerts")
SWITCH = Setting("loud", False, "", "", section="alerts")  # noqa: FBT003 - the default


def test_a_setting_of_another_section_has_a_key_with_a_dot() -> None:
    assert (WORDS.key, WORDS.variable) == ("alerts.languages", "TRACKER_ALERTS_LANGUAGES")


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (WORDS, "en, fr", ("en", "fr")),
        (WORDS, "", ()),
        (SWITCH, "True", True),
        (SWITCH, "false", False),
        (find("per_host"), " 7 ", 7),
        (find("contact"), "me@example.org", "me@example.org"),
    ],
)
def test_a_text_is_read_as_what_the_default_is(setting: Setting, text: str, value: object) -> None:
    assert parse(setting, text) == value


def test_a_switch_and_a_list_of_words_take_nothing_else() -> None:
    with pytest.raises(UsageError, match=r"alerts\.loud must be true or false"):
        parse(SWITCH, "maybe")
    assert mistake(WORDS, ("en", 1)) == "must be a list of words such as [one, two]."
