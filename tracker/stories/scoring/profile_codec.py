"""The JSON form of a profile, in which it is stored with its story."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tracker.stories.scoring.features import PRESENT
from tracker.stories.scoring.profile import Profile, Term

if TYPE_CHECKING:
    from typing import Any


_VERSION = 1
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC).toordinal()
"""The first day (an ordinal) that counts: feeds with a wrong clock date items by the year 1."""


def profile_to_json(profile: Profile) -> str:
    """Return a profile as text that `profile_from_json` reads."""
    own, *domestic = profile.partitions()
    values = _counts(own) | {
        "v": _VERSION,
        "said": profile.manual_terms,
        "edited": profile.manual_stems,
    }
    if domestic and domestic[0].name_counts:
        values["at_home"] = _counts(domestic[0])
    return _ENCODER.encode(values)


def profile_from_json(text: str | None, first: int = 0) -> Profile:
    """Return the profile that `profile_to_json` wrote.

    It is empty for None, "" and another version's text; `first` is then as in `Profile`.
    """
    profile = Profile(first)
    data: dict[str, Any] = json.loads(text) if text else {}
    if data.get("v") != _VERSION:
        return profile
    _restore(profile, data)
    profile.manual_stems = data["edited"]
    profile.manual_terms = dict(data.get("said", profile.manual_stems))
    if "at_home" in data:
        _restore(profile.domestic(), data["at_home"])
    return profile


def _counts(profile: Profile) -> dict[str, Any]:
    """Return the counts of one partition of a profile, rounded, by their stored keys."""
    return {
        "on": round(profile.on, 6),
        "off": round(profile.off, 6),
        "first": profile.first,
        "last": profile.last,
        "terms": {
            stem: (
                term.on and round(term.on, 6),  # most are 0: skipping round() halves the time
                term.off and round(term.off, 6),
                term.first,
                term.last,
                term.shown,
                term.name_share and round(term.name_share, 2),
            )
            for stem, term in profile.terms.items()
        },
        "patterns": {
            pattern: [round(count, 6) for count in counts]
            for pattern, counts in profile.pattern_counts.items()
        },
        "held": {str(names): round(count, 6) for names, count in profile.name_counts.items()},
        "seen": round(profile.observed, 6),
        "told": {str(number): round(count, 6) for number, count in profile.aspect_counts.items()},
        "days": {
            str(day): [count and round(count, 6) for count in counts]
            for day, counts in profile.days.items()
        },
    }


def _restore(profile: Profile, data: dict[str, Any]) -> None:
    """Set the counts of one partition from what this or an earlier version stored."""
    profile.on, profile.off = data["on"], data["off"]
    profile.first = data.get("first") or profile.first
    profile.last = data["last"] or profile.last
    profile.terms = {stem: Term(*values) for stem, values in data["terms"].items()}
    profile.pattern_counts = data["patterns"]
    profile.name_counts = (
        {int(names): count for names, count in data["held"].items()}
        if "held" in data
        else _names_from_patterns(profile.pattern_counts)
    )
    profile.observed = data.get("seen", 0.0)
    profile.aspect_counts = {int(number): count for number, count in data.get("told", {}).items()}
    profile.days = {int(day): [*counts, 0.0][:3] for day, counts in data["days"].items()}
    if 0 < profile.first < _EARLIEST:
        profile.days = {day: counts for day, counts in profile.days.items() if day >= _EARLIEST}
        profile.first = min(profile.days, default=profile.last)


def _names_from_patterns(patterns: dict[str, list[float]]) -> dict[int, float]:
    """Estimate the counts by names present, for a profile stored before they were counted."""
    found: dict[int, float] = {}
    for pattern, (on, off) in patterns.items():
        marks = enumerate(pattern.split("|")) if pattern else ()
        names = sum((0 if mark == "-" else PRESENT) << 2 * place for place, mark in marks)
        found[names] = found.get(names, 0.0) + on + off
    return found
