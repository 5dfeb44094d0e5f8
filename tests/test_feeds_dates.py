"""Dates of all dialects."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.feeds.fetching.httpdates import max_age, retry_at
from tracker.feeds.parsing.dates import parse_date

NOW = datetime(2020, 8, 5, 12, tzinfo=UTC)
MOMENTS = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2049, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
).map(lambda moment: moment.replace(microsecond=0))
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr short": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 05 Aug 2020 15:04:05 GMT", (5, 15, 4, 5)),
        ("Wed, 5 Aug 2020 15:04 +0200", (5, 13, 4, 0)),
        ("05 Aug 20 15:04 EST", (5, 20, 4, 0)),
        ("2020-08-05T15:04:05.123+02:00", (5, 13, 4, 5)),
        ("2020-08-05T15:04:05Z", (5, 15, 4, 5)),
        ("2020-08-05", (5, 0, 0, 0)),
        ("20200805T150405Z", (5, 15, 4, 5)),
        ("mer., 05 août 2020 15:04:05 +0200", (5, 13, 4, 5)),
        ("mercredi 5 août 2020 à 14h30", (5, 14, 30, 0)),
        ("Mi, 05 Aug 2020 15:04:05 +0200", (5, 13, 4, 5)),
        ("5. August 2020, 14.30 Uhr", (5, 14, 30, 0)),
        ("5 de agosto de 2020 15:04", (5, 15, 4, 0)),
        ("mercoledì 5 agosto 2020 ore 15:04", (5, 15, 4, 0)),
        ("Qua, 05 Ago 2020 15:04:05 -0300", (5, 18, 4, 5)),
        ("August 5th, 2020 at 3:04 pm EDT", (5, 19, 4, 0)),
        ("05/08/2020 15:04", (5, 15, 4, 0)),
        ("8/5/2020 3:04:05 PM", (5, 15, 4, 5)),
        ("05.08.2020 14:30", (5, 14, 30, 0)),
        ("2020/08/05 10:11:12", (5, 10, 11, 12)),
        ("Wed Aug  5 15:04:05 2020", (5, 15, 4, 5)),
        ("1596639845", (5, 15, 4, 5)),
        ("1596639845000", (5, 15, 4, 5)),
        ("Wed, 05 Aug 2020 15:04:05 GMT+2", (5, 13, 4, 5)),
        ("Wed, 05 Aug 2020 24:00:00 GMT", (6, 0, 0, 0)),
        ("Wed, 05 Aug 2020 15:04:60 GMT", (5, 15, 4, 59)),
    ],
)
def test_a_date_is_read(text: str, moment: tuple[int, int, int, int]) -> None:
    day, hour, minute, second = moment
    assert parse_date(text) == datetime(2020, 8, day, hour, minute, second, tzinfo=UTC)


def test_a_month_is_known_by_its_name() -> None:
    wrong = [
        (language, name)
        for language, names in MONTHS.items()
        for month, name in enumerate(names.split(), 1)
        if parse_date(f"7 {name} 2020 08:30") != datetime(2020, month, 7, 8, 30, tzinfo=UTC)
    ]
    assert wrong == []


def test_a_tuesday_in_march_is_not_taken_for_two_months() -> None:
    assert parse_date("mar. 3 mars 2020") == datetime(2020, 3, 3, tzinfo=UTC)
    assert parse_date("mar. 3 févr. 2020") == datetime(2020, 2, 3, tzinfo=UTC)


# Hours east of Greenwich; "ist" is India's, "et" and the like the standard time.
ZONES = {
    0: "Z UT UTC GMT WET",
    1: "CET MEZ MET BST WEST WAT",
    2: "CEST MESZ MEST EET CAT SAST",
    3: "EEST MSK EAT",
    5.5: "IST",
    8: "HKT SGT AWST",
    9: "JST KST",
    9.5: "ACST",
    10: "AEST",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -3: "BRT ART ADT",
    -4: "AST EDT",
    -5: "EST ET CDT",
    -6: "CST CT MDT",
    -7: "MST MT PDT",
    -8: "PST PT AKDT",
    -9: "AKST",
    -10: "HST",
}


def test_a_zone_is_known_by_its_name() -> None:
    wrong = [
        text
        for hours, names in ZONES.items()
        for name in names.split()
        for text in (f"Wed, 05 Aug 2020 15:04:05 {name}", f"mercredi 5 août 2020 15:04:05 {name}")
        if parse_date(text) != datetime(2020, 8, 5, 15, 4, 5, tzinfo=UTC) - timedelta(hours=hours)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("05 Aug 49 15:04 GMT", (2049, 8, 5, 15, 4)),
        ("05 Aug 50 15:04 GMT", (1950, 8, 5, 15, 4)),
        ("05 Aug 120 15:04 GMT", (2020, 8, 5, 15, 4)),
        ("8/25/2020 15:04", (2020, 8, 25, 15, 4)),
        ("25/8/2020 15:04", (2020, 8, 25, 15, 4)),
        ("5.8.2020 3:04 PM", (2020, 8, 5, 15, 4)),
        ("12/5/2020 3:04 PM", (2020, 12, 5, 15, 4)),
        ("8/5/2020 13:04 PM", (2020, 8, 5, 13, 4)),
        ("8/5/2020 13:04 AM", (2020, 8, 5, 13, 4)),
        ("25/8/2020 3:04 PM", (2020, 8, 25, 15, 4)),
        ("5 Aug 2020 12:04 AM", (2020, 8, 5, 0, 4)),
        ("5 Aug 2020 12:04 p.m.", (2020, 8, 5, 12, 4)),
        ("5 Aug 2020 3 a.m.", (2020, 8, 5, 3, 0)),
        ("2020-08-05T15:04:00+99:00", (2020, 8, 5, 15, 4)),
        ("2020-08-05T15:04:00+14:00", (2020, 8, 5, 1, 4)),
        ("2020-08-05T15:04:00+15:00", (2020, 8, 5, 15, 4)),
        ("2020-08", (2020, 8, 1, 0, 0)),
        ("20200805", (2020, 8, 5, 0, 0)),
        ("Thu, 05 Aug 1965 15:04:00 GMT", (1965, 8, 5, 15, 4)),
        ("Mon, 01 Jan 1900 00:00:00 GMT", (1900, 1, 1, 0, 0)),
        ("5. August 2020 15:04 -0330", (2020, 8, 5, 18, 34)),
        ("5-Aug-20 15:04 GMT", (2020, 8, 5, 15, 4)),
        ("2020 août 5 15:04", (2020, 8, 5, 15, 4)),
    ],
)
def test_an_odd_date_is_read_as_it_is_meant(
    text: str, moment: tuple[int, int, int, int, int]
) -> None:
    year, month, day, hour, minute = moment
    assert parse_date(text) == datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2020", "12 Foo 2020", "Sat, 30 Feb 2020 10:00:00 GMT", "0000-00-00"),
        *("0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000", "99/99/9999", "9" * 500),
        *("Sun, 31 Dec 1899 23:59:00 GMT", "5 Aug 2020 25:04", "5 Aug 2020 15:61", "5 Aug 2"),
        *("5 6 Aug 2020", "5 Aug", "31/31/2020", "123 Aug 2020"),
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert parse_date(text) is None


@given(MOMENTS)
def test_what_rfc_822_prescribes_is_read_exactly(moment: datetime) -> None:
    assert parse_date(format_datetime(moment)) == moment


@given(MOMENTS)
def test_what_iso_8601_prescribes_is_read_exactly(moment: datetime) -> None:
    assert parse_date(moment.isoformat()) == moment


PIECES = st.sampled_from(
    "Wed, 05 5. 31 2020 20 2020-08-05 05/08/2020 Aug août agosto 14:30 14h30 3:04 PM 24:00:00 T Z "
    "+0200 -99:00 EST GMT+2 1596639845 Uhr".split()
)


def test_no_text_makes_it_fail() -> None:
    met = Counter[bool]()

    @settings(max_examples=400)
    @given(
        st.text(max_size=60)
        | st.from_regex(r"[\d/:. TZ+-]{4,30}|\d+ [a-zé]{3,9} \d+ [\d:hAPM]+", fullmatch=True)
        | st.tuples(st.sampled_from(["5 Aug 2020", "2020-08-05"]), PIECES, PIECES).map(" ".join)
        | st.lists(PIECES, max_size=6).map(" ".join)
    )
    def check(text: str) -> None:
        found = parse_date(text)
        met[found is not None] += 1
        assert found is None or found.utcoffset() == timedelta(0)

    check()
    assert min(met[True], met[False]) > 40


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "expires": "Wed, 05 Aug 2020 18:00:00 GMT"}, 600),
        ({"expires": "Wed, 05 Aug 2020 12:30:00 GMT"}, 1800),
        ({"expires": "Wed, 05 Aug 2020 11:00:00 GMT"}, 0),
        ({"expires": "-1"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert max_age(headers, NOW) == expected


def test_digits_that_are_no_number_ask_for_no_pause() -> None:
    assert retry_at({"retry-after": "²"}, NOW) is None
