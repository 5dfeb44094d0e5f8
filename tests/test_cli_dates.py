"""Dates as a person types them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.cli.invocation.dates import Toward, parse_date, parse_end
from tracker.errors import UsageError

NOW = datetime(2031, 3, 20, 12, 0, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2030-08-02", datetime(2030, 8, 2, tzinfo=UTC)),
        ("2030-08", datetime(2030, 8, 1, tzinfo=UTC)),
        ("2030-08-02 14:30", datetime(2030, 8, 2, 14, 30, tzinfo=UTC)),
        ("2030-08-02T14:30:00+02:00", datetime(2030, 8, 2, 12, 30, tzinfo=UTC)),
        ("2030-08-02T14:30:00Z", datetime(2030, 8, 2, 14, 30, tzinfo=UTC)),
        ("2030", datetime(2030, 1, 1, tzinfo=UTC)),
        ("Feb 2030", datetime(2030, 2, 1, tzinfo=UTC)),
        ("février 2030", datetime(2030, 2, 1, tzinfo=UTC)),
        ("August", datetime(2030, 8, 1, tzinfo=UTC)),
        ("march", datetime(2031, 3, 1, tzinfo=UTC)),
        ("last august", datetime(2030, 8, 1, tzinfo=UTC)),
        ("this week", datetime(2031, 3, 17, tzinfo=UTC)),
        ("last week", datetime(2031, 3, 10, tzinfo=UTC)),
        ("last month", datetime(2031, 2, 1, tzinfo=UTC)),
        ("this year", datetime(2031, 1, 1, tzinfo=UTC)),
        ("next year", datetime(2032, 1, 1, tzinfo=UTC)),
        ("now", NOW),
        ("today", datetime(2031, 3, 20, tzinfo=UTC)),
        (" Yesterday ", datetime(2031, 3, 19, tzinfo=UTC)),
        ("3 days ago", NOW - timedelta(days=3)),
        ("3 days", NOW - timedelta(days=3)),
        ("last 3 days", NOW - timedelta(days=3)),
        ("2 weeks", NOW - timedelta(weeks=2)),
        ("2w", NOW - timedelta(weeks=2)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("90 min", NOW - timedelta(minutes=90)),
        ("a month ago", datetime(2031, 2, 20, 12, tzinfo=UTC)),
        ("1 year ago", datetime(2030, 3, 20, 12, tzinfo=UTC)),
        ("in 3 days", NOW + timedelta(days=3)),
        ("monday", datetime(2031, 3, 17, tzinfo=UTC)),
        ("Thu", datetime(2031, 3, 13, tzinfo=UTC)),
        ("2 Aug", datetime(2030, 8, 2, tzinfo=UTC)),
        ("2 August 2020", datetime(2020, 8, 2, tzinfo=UTC)),
        ("Aug 2nd, 2020", datetime(2020, 8, 2, tzinfo=UTC)),
        ("20 March", datetime(2031, 3, 20, tzinfo=UTC)),
        ("29 Feb", datetime(2028, 2, 29, tzinfo=UTC)),
        ("last thursday", datetime(2031, 3, 13, tzinfo=UTC)),
        ("next monday", datetime(2031, 3, 24, tzinfo=UTC)),
        ("next 3 days", NOW + timedelta(days=3)),
        ("3 août", datetime(2030, 8, 3, tzinfo=UTC)),
        ("1er mars 2030", datetime(2030, 3, 1, tzinfo=UTC)),
        ("3. Dez. 2030", datetime(2030, 12, 3, tzinfo=UTC)),
        ("3 März 2030", datetime(2030, 3, 3, tzinfo=UTC)),
        ("3 marzo 2030", datetime(2030, 3, 3, tzinfo=UTC)),
        ("3 mrt 2030", datetime(2030, 3, 3, tzinfo=UTC)),
        ("Sept 3 2030", datetime(2030, 9, 3, tzinfo=UTC)),
        ("3 septiembre 2030", datetime(2030, 9, 3, tzinfo=UTC)),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("9998-12-31", datetime(9998, 12, 31, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_it_is_meant(text: str, meant: datetime) -> None:
    assert parse_date(text, NOW, UTC) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2030-08-02", datetime(2030, 8, 2, 23, 59, 59, tzinfo=UTC)),
        ("2030-02", datetime(2030, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("2030-08-02 14:30", datetime(2030, 8, 2, 14, 30, tzinfo=UTC)),
        ("2030", datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("Feb 2030", datetime(2030, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("February", datetime(2031, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("last week", datetime(2031, 3, 16, 23, 59, 59, tzinfo=UTC)),
        ("last month", datetime(2031, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("last year", datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("now", NOW),
        ("today", datetime(2031, 3, 20, 23, 59, 59, tzinfo=UTC)),
        ("yesterday", datetime(2031, 3, 19, 23, 59, 59, tzinfo=UTC)),
        ("monday", datetime(2031, 3, 17, 23, 59, 59, tzinfo=UTC)),
        ("2 Aug", datetime(2030, 8, 2, 23, 59, 59, tzinfo=UTC)),
        ("2 August 2020", datetime(2020, 8, 2, 23, 59, 59, tzinfo=UTC)),
        ("3 days ago", NOW - timedelta(days=3)),
    ],
)
def test_the_end_of_a_day_is_its_last_moment(text: str, meant: datetime) -> None:
    assert parse_end(text, NOW, UTC) == meant


def test_a_day_on_which_the_clocks_change_ends_by_the_new_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert parse_end("2031-03-30", NOW, zone) == datetime(2031, 3, 30, 21, 59, 59, tzinfo=UTC)


def test_a_day_whose_end_the_clocks_repeat_has_both() -> None:
    zone = ZoneInfo("America/Asuncion")  # at the end of 23 March 2024 it was 23 o'clock again
    assert parse_end("2024-03-23", NOW, zone) == datetime(2024, 3, 24, 3, 59, 59, tzinfo=UTC)


def test_the_last_day_of_all_has_an_end() -> None:
    assert parse_end("9998-12-31", NOW, UTC) == datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59Z",
        "9999-01-01",
        "1899-12-31",
        "1899",
        "Dec 1899",
        "0001-01-01T00:00Z",
        "3 May 1899",
        "in 8000 years",
    ],
)
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")])
def test_a_date_at_the_ends_of_the_calendar_is_refused(text: str, zone: ZoneInfo) -> None:
    for parse in (parse_date, parse_end):
        with pytest.raises(
            UsageError, match=r"is not a date; write|lies outside the years 1900 to 9998"
        ):
            parse(text, NOW, zone)


def test_the_first_day_that_is_known_is_so_in_every_zone() -> None:
    zone = ZoneInfo("Asia/Tokyo")
    assert parse_date("1900-01-01", NOW, zone).astimezone(zone).year == 1900


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 weeks", NOW + timedelta(weeks=2)),
        ("tomorrow", datetime(2031, 3, 21, tzinfo=UTC)),
        ("August", datetime(2031, 8, 1, tzinfo=UTC)),
        ("march", datetime(2032, 3, 1, tzinfo=UTC)),
        ("2032", datetime(2032, 1, 1, tzinfo=UTC)),
        ("monday", datetime(2031, 3, 24, tzinfo=UTC)),
        ("thursday", datetime(2031, 3, 27, tzinfo=UTC)),
        ("2 Aug", datetime(2031, 8, 2, tzinfo=UTC)),
        ("1 March", datetime(2032, 3, 1, tzinfo=UTC)),
        ("next friday", datetime(2031, 3, 21, tzinfo=UTC)),
        ("next 3 days", NOW + timedelta(days=3)),
        ("last monday", datetime(2031, 3, 17, tzinfo=UTC)),
        ("last 3 days", NOW - timedelta(days=3)),
    ],
)
def test_a_date_ahead_is_the_next_one(text: str, meant: datetime) -> None:
    assert parse_date(text, NOW, UTC, toward=Toward.FUTURE) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2030-13-01",
        "2030-02-30",
        "30 Feb 2030",
        "3 moons ago",
        "in 3 days ago",
        "20200802",
        "202",
        "1e10",
        "soon 2030",
        "Feb 30",
        "next Feb 2030",
        "3 marmalade",
        "maybe 3",
        "3 decoy 2020",
        "mardi 3",
        "3 juni4",
        "3 ago",
        "last 3 days ago",
        "next 3 days ago",
        "last in 3 days",
        "last yesterday",
    ],
)
def test_what_is_no_date_is_refused_with_forms_that_are(text: str) -> None:
    with pytest.raises(UsageError, match="is not a date; write 2020-08-02"):
        parse_date(text, NOW, UTC)


def test_a_month_back_from_its_last_day_is_the_last_day() -> None:
    there = datetime(2031, 3, 31, 12, tzinfo=UTC)
    assert parse_date("a month ago", there, UTC) == datetime(2031, 2, 28, 12, tzinfo=UTC)


def test_a_day_begins_when_it_does_in_the_zone() -> None:
    east = timezone(timedelta(hours=9))
    assert parse_date("today", NOW, east) == datetime(2031, 3, 19, 15, tzinfo=UTC)


def test_a_day_after_the_clocks_changed_begins_by_the_new_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_date("2031-01-02", NOW, berlin).hour == 23
    assert parse_date("2031-07-02", NOW, berlin).hour == 22


def test_without_a_zone_a_day_is_that_of_the_computer() -> None:
    found = parse_date("2031-01-02", NOW)
    assert found.astimezone().strftime("%Y-%m-%d %H:%M") == "2031-01-02 00:00"


WORDS = st.sampled_from(
    "2 3 29 30 2030 2030-08-02 2030-02-30 14:30 Aug Feb monday friday last next in ago days weeks "
    "hour an today tomorrow now".split()
)


def test_any_text_is_a_date_or_refused() -> None:
    met = Counter[bool]()

    @settings(max_examples=300)
    @given(
        st.text(max_size=30)
        | st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
        | st.tuples(st.sampled_from(["2", "an", "in 3", "last 90"]), WORDS).map(" ".join)
        | st.tuples(st.integers(1, 99).map(str), st.sampled_from(["days", "weeks", "months"])).map(
            " ".join
        )
        | st.dates().map(str),
        st.sampled_from(Toward),
    )
    def check(text: str, toward: Toward) -> None:
        try:
            found = parse_date(text, NOW, UTC, toward=toward)
        except UsageError:
            met[False] += 1
        else:
            met[True] += 1
            assert found.tzinfo is UTC

    check()
    assert min(met[True], met[False]) > 15


@given(
    st.integers(0, 99999),
    st.sampled_from(["minute", "hour", "day", "week", "month", "year"]),
    st.booleans(),
    st.sampled_from(Toward),
)
def test_any_amount_lies_on_its_side_of_now(
    number: int,
    unit: str,
    back: bool,  # noqa: FBT001 - drawn
    toward: Toward,
) -> None:
    text = f"{number} {unit}s ago" if back else f"in {number} {unit}s"
    try:
        found = parse_date(text, NOW, UTC, toward=toward)
    except UsageError:
        assert number > 100  # beyond the years that are known
        return
    assert found <= NOW if back else found >= NOW


@given(st.datetimes(datetime(1900, 1, 1), datetime(9998, 12, 31)), st.sampled_from(Toward))  # noqa: DTZ001 - days without a zone
def test_an_iso_date_means_that_day_in_either_direction(day: datetime, toward: Toward) -> None:
    found = parse_date(f"{day:%Y-%m-%d}".zfill(10), NOW, UTC, toward=toward)
    assert found.date() == day.date()


@given(st.dates(datetime(2020, 1, 1).date(), datetime(2040, 1, 1).date()), st.sampled_from(Toward))  # noqa: DTZ001 - days without a zone
def test_a_day_and_month_is_the_nearest_such(day: object, toward: Toward) -> None:
    found = parse_date(f"{day:%d %B}", NOW, UTC, toward=toward).date()
    assert f"{found:%d %B}" == f"{day:%d %B}"
    assert (found - NOW.date()).days * toward >= 0
