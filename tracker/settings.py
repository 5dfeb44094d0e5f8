"""The settings of feeds.yaml: one table of names, defaults, units and ranges.

feeds.yaml is validated by this table, `tracker config` lists it, and the environment overrides what
it names: TRACKER_CONNECTIONS for `connections`. A setting of another section of feeds.yaml than
`settings:` has a key with a dot, `section.name`, and a variable TRACKER_SECTION_NAME.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.errors import NotFoundError, UsageError
from tracker.hosts import mistake_of_url, without_credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = int | str | bool | tuple[str, ...]
MAIN_SECTION, ALERTS = "settings", "alerts"
# What may stand in a comment of a header (RFC 9110, 5.6.5) without ending it.
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_PAGE = re.compile(r"https?://[!-'*-\[\]-~]{1,190}")
_PREFIX = "TRACKER_"
_OTHERS = {"TRACKER_DB", "TRACKER_FEEDS", "TRACKER_PAGER", "TRACKER_LINKS", "TRACKER_THEME"}
_FILES = {
    "db": "name the file with --db or TRACKER_DB",
    "feeds": "name the file with --feeds or TRACKER_FEEDS",
}
_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}")
_YEAR_IN_DAYS = 366
_YEAR_IN_MINUTES = _YEAR_IN_DAYS * 24 * 60


class Settings(NamedTuple):
    """The `settings:` of feeds.yaml, each of them optional.

    `shortest_in_minutes` and `longest_in_minutes` bound the time between two polls of a feed.
    `connections` are parallel transfers in all, `per_host` those to one host. `timeout_in_seconds`
    is the deadline of one feed, redirects included; `max_body_in_mebibytes` caps an inflated
    document. `workers` are parsing processes, 0 for one per core. `contact` is an e-mail address or
    a page of the user for the User-Agent header, "" for none. `retention_in_days` is how long items
    are kept that no story has, 0 for ever. `SETTINGS` has the range of each.
    """

    shortest_in_minutes: int = 15
    longest_in_minutes: int = 1440
    connections: int = 64
    per_host: int = 2
    timeout_in_seconds: int = 30
    max_body_in_mebibytes: int = 16
    workers: int = 0
    contact: str = ""
    retention_in_days: int = 0


class Setting(NamedTuple):
    """A row of the table.

    `unit` is "" for none. `bounds` are the least and the greatest number, None for one that is no
    number. `check` returns in words why a value is not allowed, None if it is; without `check` the
    value has the type of `default` and lies within `bounds`. A tuple is a list of words in the
    file, and is written "one, two" on the command line and in the environment.
    """

    name: str
    default: Value
    unit: str
    meaning: str
    bounds: tuple[int, int] | None = None
    section: str = MAIN_SECTION
    check: Callable[[object], str | None] | None = None

    @property
    def key(self) -> str:
        """The name on the command line; that of another section has the section before it."""
        return self.name if self.section == MAIN_SECTION else f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that overrides the setting."""
        return f"{_PREFIX}{self.key.replace('.', '_').upper()}"


def _mistake_of_contact(value: object) -> str | None:
    """Return why a value cannot be a contact, None if it can."""
    if value == "" or (isinstance(value, str) and _MAIL_ADDRESS.fullmatch(value)):
        return None
    if not (isinstance(value, str) and _PAGE.fullmatch(value)) or mistake_of_url(value):
        return "must be an address of yours such as me@example.org, or a page such as https://…."
    secret = without_credentials(value) != value
    return "must not hold a password: every publisher is told it." if secret else None


def _mistake_of_quiet(value: object) -> str | None:
    """Return why a value cannot be quiet hours, None if it can."""
    from tracker.quiet_hours import parse

    if value == "" or (isinstance(value, str) and parse(value)):
        return None
    return 'must be two times of the day such as "22:00-07:00".'


def _mistake_of_languages(value: object) -> str | None:
    """Return why a value cannot be a list of languages, None if it can."""
    codes = isinstance(value, tuple) and all(
        isinstance(code, str) and re.fullmatch("[a-z]{2}", code) for code in value
    )
    return None if codes else "must be a list of codes of two letters such as [en, fr]."


def _main(
    name: str,
    unit: str,
    meaning: str,
    bounds: tuple[int, int] | None = None,
    check: Callable[[object], str | None] | None = None,
) -> Setting:
    return Setting(name, Settings._field_defaults[name], unit, meaning, bounds, check=check)


SETTINGS: tuple[Setting, ...] = (
    _main(
        *("shortest_in_minutes", "minutes", "the least time between two polls of a feed"),
        (1, _YEAR_IN_MINUTES),
    ),
    _main(
        *("longest_in_minutes", "minutes", "the most time between two polls of a feed"),
        (1, _YEAR_IN_MINUTES),
    ),
    # libcurl keeps twice as many open, and select() knows 1,024 files.
    _main("connections", "", "parallel transfers in all", (1, 256)),
    _main("per_host", "", "parallel transfers to one host", (1, 256)),
    _main("timeout_in_seconds", "seconds", "the deadline of one feed", (1, 3600)),
    _main("max_body_in_mebibytes", "MiB", "the largest document, unpacked", (1, 1024)),
    _main("workers", "", "parsing processes; 0: one for each core", (0, 64)),
    _main("contact", "", "your address or page, told to publishers", check=_mistake_of_contact),
    _main(
        *("retention_in_days", "days", "how long items without a story are kept; 0: for ever"),
        (0, 100 * _YEAR_IN_DAYS),
    ),
    Setting("cap", 3, "", "most alerts of one story in one poll", (1, 100), ALERTS),
    Setting(
        *("quiet", "", "", "hours in which no alert is sent: 22:00-07:00", None, ALERTS),
        _mistake_of_quiet,
    ),
    Setting(
        *("languages", (), "", "languages of the reports that are told: en, fr", None, ALERTS),
        _mistake_of_languages,
    ),
)


def sections() -> list[str]:
    """Return the sections of feeds.yaml that have settings, in the order of the table."""
    return list(dict.fromkeys(setting.section for setting in SETTINGS))


def find(key: str) -> Setting:
    """Return the setting of a key; NotFoundError, with the nearest key, if there is none.

    UsageError for the two files, which `config` lists beside the settings.
    """
    if key in _FILES:
        raise UsageError(f"{key} is not a setting of feeds.yaml; {_FILES[key]}.")
    found = next((setting for setting in SETTINGS if setting.key == key), None)
    if found is None:
        raise NotFoundError("setting", key, nearest(key))
    return found


def nearest(key: str, section: str | None = None) -> str | None:
    """Return the key of the table that is nearest to a wrong one, None if none is near.

    With `section`, that is the name of a setting of this section.
    """
    import difflib

    if section is None:
        names = [setting.key for setting in SETTINGS]
    else:
        names = [setting.name for setting in SETTINGS if setting.section == section]
    typed = key.strip().lower().replace("-", "_")
    # "retention" for retention_in_days: a part of the name is nearer than any other word.
    parts = [name for name in names if len(typed) > 2 and typed in name]  # noqa: PLR2004 - letters
    return next(iter(parts or difflib.get_close_matches(typed, names, 1)), None)


def mistake(setting: Setting, value: object) -> str | None:
    """Return in words why a setting cannot have a value, None if it can."""
    if setting.check is not None:
        return setting.check(value)
    if isinstance(setting.default, bool):
        return None if isinstance(value, bool) else "must be true or false."
    if isinstance(setting.default, tuple):
        words = isinstance(value, tuple) and all(isinstance(each, str) for each in value)
        return None if words else "must be a list of words such as [one, two]."
    if isinstance(setting.default, str):
        return None if isinstance(value, str) else "must be text; put it in quotes."
    least, most = setting.bounds or (0, 2**31)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return None
    return f"must be a whole number from {least} to {most}."


def parse(setting: Setting, text: str) -> Value:
    """Return the value that a text means; UsageError, with the range, if it means none."""
    # As a setting without a value is shown.
    if isinstance(setting.default, str | tuple) and text.strip().lower() == "none":
        text = ""
    value: Value = text
    if isinstance(setting.default, bool):
        value = {"true": True, "false": False}.get(text.strip().lower(), text)
    elif isinstance(setting.default, tuple):
        value = tuple(word for each in text.split(",") if (word := each.strip()))
    elif isinstance(setting.default, int) and _WHOLE_NUMBER.fullmatch(text.strip()):
        value = int(text)
    if problem := mistake(setting, value):
        raise UsageError(f"{setting.key} {problem}")
    return value


def from_environment(environ: Mapping[str, str]) -> dict[str, Value]:
    """Return the values that variables of the environment give, by key.

    An empty variable counts as missing. UsageError, with the variable, for a wrong value.
    """
    found: dict[str, Value] = {}
    for setting in SETTINGS:
        if text := environ.get(setting.variable):
            try:
                found[setting.key] = parse(setting, text)
            except UsageError as error:
                raise UsageError(f"The environment's {setting.variable}: {error}") from None
    return found


def misspelt(environ: Mapping[str, str]) -> dict[str, str]:
    """Return variables that are nearly those of settings, each with the one that is meant."""
    variables = {setting.key: setting.variable for setting in SETTINGS}
    found: dict[str, str] = {}
    for name in environ:
        if name.startswith(_PREFIX) and name not in variables.values() and name not in _OTHERS:
            near = nearest(name.removeprefix(_PREFIX))
            found |= {name: variables[near]} if near else {}
    return found


def overridden(settings: Settings, overrides: Mapping[str, Value]) -> Settings:
    """Return settings with the values of the environment; UsageError if they contradict."""
    values: dict[str, Any] = {k: v for k, v in overrides.items() if k in Settings._fields}
    changed = settings._replace(**values)
    if problem := contradiction(changed):
        raise UsageError(f"shortest_in_minutes {problem}")
    return changed


def contradiction(settings: Settings) -> str | None:
    """Return in words what is wrong with `shortest_in_minutes`, None if nothing is."""
    if settings.shortest_in_minutes <= settings.longest_in_minutes:
        return None
    return f"must not be more than longest_in_minutes ({settings.longest_in_minutes})."
