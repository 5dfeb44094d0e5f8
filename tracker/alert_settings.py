"""The `alerts:` of feeds.yaml: how many alerts, when none, and in which languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError
from tracker.yaml_edit import line_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.model.alerts import AlertLimits

CAP = (1, 100)
"""The least and the most alerts of one story in one poll."""
_KEYS = ("cap", "languages", "quiet")
_LANGUAGE = re.compile("[a-z]{2}")


def alert_limits(path: Path, root: Mapping[str, Any]) -> AlertLimits:
    """Return the `alerts:` of a parsed feeds.yaml; ConfigError with line and key for a mistake."""
    from tracker.model.alerts import AlertLimits

    given = root.get("alerts")
    if given is None:
        return AlertLimits()
    if not isinstance(given, dict):
        raise ConfigError(
            path, "must be `name: value` pairs.", line=line_of(root, "alerts"), key="alerts"
        )
    for key, value in given.items():
        if problem := _mistake(key, value):
            raise ConfigError(path, problem, line=line_of(given, key), key=f"alerts: {key}")
    from tracker.quiet_hours import parse

    quiet = given.get("quiet")
    return AlertLimits(
        given.get("cap", AlertLimits().cap),
        (parse(quiet) or "") if quiet else "",
        tuple(str(code) for code in given.get("languages") or ()),
    )


def _mistake(key: object, value: object) -> str | None:
    """Return why a setting of alerts cannot have this value, None if it can."""
    if key not in _KEYS:
        return f"there is no such setting of alerts; there are {', '.join(_KEYS)}."
    if key == "cap":
        least, most = CAP
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not least <= value <= most:  # type: ignore[operator]  # it is an int
            return f"must be a whole number from {least} to {most}."
        return None
    if value is None:
        return None
    if key == "quiet":
        from tracker.quiet_hours import parse

        return (
            None
            if isinstance(value, str) and parse(value)
            else ('must be two times of the day such as "22:00-07:00".')
        )
    codes = isinstance(value, list) and all(
        isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in value
    )
    return None if codes else "must be a list of codes of two letters such as [en, fr]."
