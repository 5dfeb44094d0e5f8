"""Times in the words of a person, at the ends of the calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker import when

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), ZoneInfo("Asia/Tokyo")),
        (datetime(1, 1, 1, tzinfo=UTC), ZoneInfo("America/New_York")),
    ],
)
def test_what_no_calendar_of_the_zone_has_is_shown_as_it_is(
    moment: datetime, zone: ZoneInfo
) -> None:
    shown = when.stamp(moment, zone, NOW)
    assert shown == f"{moment.day} {moment:%b} {moment.year} {moment:%H:%M}"
    assert when.listed(moment, zone, NOW) == f"{moment.day} {moment:%b} {moment.year}"
