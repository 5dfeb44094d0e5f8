"""Settings as they stand: each with its value and origin, and how feeds.yaml is changed.

A value of the environment counts more than one of feeds.yaml, and that one more than the default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.config import check, has_secrets
from tracker.errors import ConfigError, UsageError
from tracker.settings import SETTINGS, Settings, contradiction, mistake
from tracker.yaml_edit import with_value, without_value
from tracker.yaml_files import editing, is_there, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.config import FeedList
    from tracker.settings import Setting, Value


class Standing(NamedTuple):
    """A setting with the value that counts, and where it is from.

    `origin` is "default", "environment" or "file". `source` is the variable or the file, "" for the
    default; `line` is that of the file, None if unknown. `in_file` is what feeds.yaml says, None if
    nothing, though the environment may override it.
    """

    setting: Setting
    value: Value
    origin: str
    source: str
    line: int | None
    in_file: Value | None


def standing(path: Path, overrides: Mapping[str, Value]) -> list[Standing]:
    """Return every setting, in the order of the table; ConfigError for a wrong feeds.yaml."""
    given = check(path, read(path)).given if is_there(path) else {}
    found = []
    for setting in SETTINGS:
        in_file = given.get(setting.key)
        value, origin, source, line = setting.default, "default", "", None
        if in_file is not None:
            value, origin, source, line = in_file.value, "file", str(path), in_file.line
        if setting.key in overrides:
            value, origin, source = overrides[setting.key], "environment", setting.variable
            line = None
        stands = None if in_file is None else in_file.value
        found.append(Standing(setting, value, origin, source, line, stands))
    return found


def set_value(path: Path, setting: Setting, value: Value) -> Value | None:
    """Write a setting into feeds.yaml, which is made where it is missing; return the value before.

    Comments and order stay. UsageError for a value that is not allowed, alone or with the others;
    ConfigError if the file is wrong, or cannot be read or written.
    """
    if problem := mistake(setting, value):
        raise UsageError(f"{setting.key} {problem}")
    return _change(path, setting, value)


def unset(path: Path, setting: Setting) -> Value | None:
    """Take a setting out of feeds.yaml; return the value before, None if there was none.

    Errors are as for `set_value`.
    """
    return _change(path, setting, None) if is_there(path) else None


def _change(path: Path, setting: Setting, value: Value | None) -> Value | None:
    with editing(path):
        data = read(path) if is_there(path) else b""
        listed = check(path, data)
        values = {key: each.value for key, each in listed.given.items()}
        before = values.pop(setting.key, None)
        if value is not None:
            values[setting.key] = value
        if before == value and type(before) is type(value):
            return before
        own: dict[str, Any] = {key: each for key, each in values.items() if key in Settings._fields}
        if problem := contradiction(Settings()._replace(**own)):
            raise UsageError(f"shortest_in_minutes {problem}")
        if value is None:
            new = without_value(data, setting.section, setting.name)
        else:
            new = with_value(data, setting.section, setting.name, value)
        _require(path, new, listed, values)
        write(path, new, private=has_secrets(listed))
        return before


def _require(path: Path, new: bytes, listed: FeedList, values: Mapping[str, Value]) -> None:
    """Raise ConfigError unless the new bytes mean the same feeds and these settings."""
    try:
        found = check(path, new)
    except ConfigError:
        found = None
    if (
        found is None
        or found.sources != listed.sources
        or {key: each.value for key, each in found.given.items()} != values
    ):
        raise ConfigError(path, "is written in a way that cannot be edited here; edit it yourself.")


def write_edited(path: Path, before: bytes, new: bytes) -> None:
    """Replace feeds.yaml by what the user made of it in an editor.

    ConfigError if it is wrong, or if the file is no longer what it was `before`.
    """
    with editing(path):
        listed = check(path, new)
        present = read(path) if is_there(path) else b""
        if present != before:
            raise ConfigError(path, "was changed meanwhile by another program; edit it again.")
        write(path, new, private=has_secrets(listed))
