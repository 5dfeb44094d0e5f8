"""The `alerts:` of feeds.yaml: how many alerts, when none, and in which languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model.alerts import AlertLimits

_SECTION = "alerts."


def alert_limits(values: Mapping[str, Any], base: AlertLimits | None = None) -> AlertLimits:
    """Return the limits that valid settings give, by key; the others are those of `base`.

    Keys of other sections are passed over. `base` None is the defaults.
    """
    from dataclasses import replace

    from tracker.model.alerts import AlertLimits
    from tracker.quiet_hours import parse

    given = {key.removeprefix(_SECTION): each for key, each in values.items() if _SECTION in key}
    if "quiet" in given:
        given["quiet"] = parse(given["quiet"]) or ""
    return replace(base or AlertLimits(), **given)
