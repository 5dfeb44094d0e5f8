"""The settings, each with its unit, its default and where its value is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rich.text import Text

from tracker.plain_text import plain
from tracker.views.text import (
    FAINT,
    HEADING,
    WARNING,
    column,
    file_row,
    hanging,
    hint,
    lines,
    width_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.settings import Value
    from tracker.settings_file import Standing

_NARROW = 72


class Place(NamedTuple):
    """A file that tracker uses: what it is, its path, and what names it."""

    key: str
    path: str
    origin: str


def text_of(value: Value) -> str:
    """Return a value as `tracker config set` takes it."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(standing: Standing, value: Value) -> str:
    if value in {"", ()}:
        return "none"
    unit = standing.setting.unit
    one = unit.removesuffix("s") if value == 1 and not isinstance(value, bool) else unit
    return f"{text_of(value)} {one}".rstrip()


def _origin(standing: Standing) -> str:
    if standing.origin == "file":
        return f"feeds.yaml, line {standing.line}" if standing.line else "feeds.yaml"
    return standing.source or standing.origin


def settings(standings: Sequence[Standing], places: Sequence[Place], *, width: int) -> Text:
    """Return a line for each setting; where the value is not the default, that stands behind it."""
    rows = [
        (each, each.setting.key, _shown(each, each.value), _shown(each, each.setting.default))
        for each in standings
    ]
    keys = max(width_of(key) for _, key, *_ in rows)
    values = min(max(width_of(value) for *_, value, _ in rows), 28)
    found = []
    for each, key, value, default in rows:
        changed = each.origin != "default"
        line = Text.assemble(
            (column(key, keys), HEADING if changed else ""),
            "  ",
            column(plain(value), values),
            "  ",
            (_origin(each), "" if changed else FAINT),
        )
        if changed and value != default:
            line.append(f" (default {default})", FAINT)
        found.append(line)
        if width >= _NARROW:
            found += hanging(each.setting.meaning, width, 2, FAINT)
    found.append(Text())
    for place in places:
        found.append(Text.assemble(column(place.key, keys), "  ", place.origin))
        found.append(file_row(place.path))
    return lines([*found, hint("", "tracker config set KEY VALUE", " changes feeds.yaml.")])


def changed(standing: Standing, before: Value | None, path: str) -> Text:
    """Return what `set` or `unset` did; that the environment overrides it is a warning."""
    key = standing.setting.key
    was = "" if before is None else f" (before: {_shown(standing, before)})"
    if standing.in_file is None:
        default = _shown(standing, standing.setting.default)
        told = f"{key} is the default again: {default}{was}."
        if before is None:
            told = f"{key} was not in {plain(path)}; the default is {default}."
    else:
        told = f"{key} is {plain(_shown(standing, standing.in_file))}{was}."
    rows = [Text(told)]
    if standing.origin == "environment":
        now = plain(_shown(standing, standing.value))
        rows.append(Text(f"But {standing.source} overrides it: {now} counts.", WARNING))
    return lines(rows)


def settings_json(standings: Sequence[Standing], places: Sequence[Place]) -> dict[str, Any]:
    """Return the settings and files for scripts."""
    return {
        "settings": [setting_json(each) for each in standings],
        "files": [place._asdict() for place in places],
    }


def setting_json(standing: Standing) -> dict[str, Any]:
    """Return one setting for scripts."""
    setting = standing.setting
    return {
        "key": setting.key,
        "value": standing.value,
        "unit": setting.unit or None,
        "default": setting.default,
        "origin": standing.origin,
        "source": standing.source or None,
        "line": standing.line,
        "least": setting.bounds[0] if setting.bounds else None,
        "most": setting.bounds[1] if setting.bounds else None,
        "variable": setting.variable,
        "meaning": setting.meaning,
    }
