"""Dates as a person types them: 2020-08-02, yesterday, 3 days ago, last week, Monday, 3 Dec, 2020.

A date without a year or a zone is the nearest such one in the direction that makes sense: back for
`--since`, ahead for `mute --until`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from tracker.cli.invocation.options import ALL
from tracker.errors import UsageError, excerpt

if TYPE_CHECKING:
    from collections.abc import Callable

# In full and as usually abbreviated, without accents, in the languages that are known. "ago"
# (agosto) is left out: "3 ago" is an amount of time that lacks its unit.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier januar janner januari ene enero gen gennaio janeiro",
            "feb february fev fevr fevrier februar februari febrero febbraio fevereiro",
            "mar march mars marz mrz maart mrt marzo marco",
            "apr april avr avril abr abril aprile",
            "may mai mei mayo mag maggio maio",
            "jun june juin juni junio giu giugno junho",
            "jul july juil juillet juli julio lug luglio julho",
            "aug august aout augustus agosto",
            "sep sept september septembre set sett septiembre setiembre settembre setembro",
            "oct october octobre okt oktober octubre ott ottobre out outubro",
            "nov november novembre noviembre novembro",
            "dec december decembre dez dezember dic diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
FIRST_YEAR, LAST_YEAR = 1900, 9998
"""No report is older; of the last year that Python knows, not every zone has the end."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {
    "minute": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "h": timedelta(hours=1),
    "day": timedelta(days=1),
    "d": timedelta(days=1),
    "week": timedelta(weeks=1),
    "w": timedelta(weeks=1),
}
_MONTHS_IN = {"month": 1, "year": 12, "y": 12}
_NAMED = {"today": 0, "yesterday": -1, "tomorrow": 1}
_AMOUNT = re.compile(
    r"(?P<ahead>in )?(?P<number>\d{1,5}|an?|one) ?(?P<unit>[a-z]+?)s?(?P<back> ago)?"
)
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)? (?P<month>[a-z]{3,10})\.?(?: (?P<year>\d{4}))?"
)
_MONTH_DAY = re.compile(
    r"(?P<month>[a-z]{3,10})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?"
)
_MONTH = re.compile(r"(?P<month>[a-z]{3,10})\.?(?: (?P<year>\d{4}))?")
_WHICH = {"last": -1, "this": 0, "next": 1}


class Toward(IntEnum):
    """Which way a date without a direction of its own is meant."""

    PAST = -1
    FUTURE = 1


class _Days(NamedTuple):
    """The days that a text means which names no time of the day, the last one included.

    They are one day, or those of a week, a month or a year.
    """

    first: date
    last: date


def parse_date(
    text: str, now: datetime, zone: tzinfo | None = None, *, toward: Toward = Toward.PAST
) -> datetime:
    """Return the moment that `text` means, in UTC; a day or month means its first in `zone`.

    `zone` None is the computer's own. Raises UsageError where it means nothing.
    """
    return _parsed(text, now, zone, toward, of_days=lambda days: _start(days.first, zone))


def parse_since(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Return from when on a story takes up items, as `parse_date` does; None for "all".

    Raises UsageError for what means nothing, and for what lies ahead: no item would be taken up.
    """
    if text.strip().casefold() == ALL:
        return None
    since = parse_date(text, now, zone)
    if since > now:
        raise UsageError(f"{text!r} lies ahead; name a date that has passed, such as '3 days ago'.")
    return since


def parse_end(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the moment that `text` means as `parse_date` does, but of a day or month its last one.

    That is its last second, as no time that is kept has parts of one.
    """
    return _parsed(text, now, zone, Toward.PAST, of_days=lambda days: _end(days.last, zone))


def parse_period(
    since: str | None, until: str | None, now: datetime, zone: tzinfo | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment of a period, None for an end that is not given.

    Raises UsageError as `parse_date` does, and for a period that ends before it begins.
    """
    first = parse_date(since, now, zone) if since is not None else None
    last = parse_end(until, now, zone) if until is not None else None
    if first and last and first > last:
        raise UsageError(
            f"--since {excerpt(str(since))!r} is later than --until {excerpt(str(until))!r};"
            " exchange them."
        )
    return first, last


def _parsed(
    text: str,
    now: datetime,
    zone: tzinfo | None,
    toward: Toward,
    *,
    of_days: Callable[[_Days], datetime],
) -> datetime:
    words = _plain(text)
    try:
        found = (
            _iso(text.strip(), zone)
            or _named(words, now, zone, toward)
            or _span(words, now.astimezone(zone).date())
            or _amount(words, now, zone, toward)
            or _calendar(words, now, zone, toward)
            or _month(words, now.astimezone(zone).date(), toward)
        )
        if isinstance(found, _Days):
            found = of_days(found)
        year = found.astimezone(zone).year if found else FIRST_YEAR
    # OSError is what some systems say of a year that their clock does not know.
    except (ValueError, OverflowError, OSError):
        found, year = None, FIRST_YEAR
    if found is None:
        example = "3 days ago" if toward is Toward.PAST else "in 3 days"
        raise UsageError(
            f"{excerpt(text)!r} is not a date; write 2020-08-02, 2 Aug, Monday, yesterday or"
            f" '{example}'."
        )
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UsageError(f"{text!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    return found


def _plain(text: str) -> str:
    """Return the words of a date in small letters, without accents and commas."""
    import unicodedata

    letters = unicodedata.normalize("NFD", text.casefold().replace(",", " "))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def _directed(words: str, toward: Toward) -> tuple[str, Toward]:
    """Return the words without "last" or "next" before them, and which way they are meant."""
    for word, way in (("last ", Toward.PAST), ("next ", Toward.FUTURE)):
        if words.startswith(word):
            return words.removeprefix(word), way
    return words, toward


def _start(day: date, zone: tzinfo | None) -> datetime:
    """Return the first moment of a day; without a zone it is asked of the computer for that day."""
    first = datetime.combine(day, time(), zone)
    return first.astimezone(UTC)


def _end(day: date, zone: tzinfo | None) -> datetime:
    """Return the last second of a day; where clocks repeat it, the one that comes later."""
    return datetime.combine(day, time(23, 59, 59, fold=1), zone).astimezone(UTC)


def _iso(text: str, zone: tzinfo | None) -> datetime | _Days | None:
    if re.fullmatch(r"\d{4}", text):
        return _Days(date(int(text), 1, 1), date(int(text), 12, 31))
    # fromisoformat reads "20200802T1430", too; what a person means has dashes.
    if not re.match(r"\d{4}-", text):
        return None
    if re.fullmatch(r"\d{4}-\d\d", text):
        return _days_of_month(int(text[:4]), int(text[5:]))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = date.fromisoformat(text)
        return _Days(day, day)
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _named(
    words: str, now: datetime, zone: tzinfo | None, toward: Toward
) -> datetime | _Days | None:
    today = now.astimezone(zone).date()
    if words == "now":
        return now.astimezone(UTC)
    if words in _NAMED:
        day = today + timedelta(days=_NAMED[words])
        return _Days(day, day)
    wanted, toward = _directed(words, toward)
    for number, name in enumerate(_DAYS):
        if wanted in (name, name[:3]):
            apart = (number - today.weekday()) % 7 if toward > 0 else (today.weekday() - number) % 7
            day = today + timedelta(days=toward * (apart or 7))
            return _Days(day, day)
    return None


def _span(words: str, today: date) -> _Days | None:
    """Return the days of "this week", "last month" or "next year", None for any other words."""
    which, _, unit = words.partition(" ")
    if which not in _WHICH:
        return None
    if unit == "week":
        monday = today + timedelta(days=7 * _WHICH[which] - today.weekday())
        return _Days(monday, monday + timedelta(days=6))
    if unit == "month":
        months = today.year * 12 + today.month - 1 + _WHICH[which]
        return _days_of_month(months // 12, months % 12 + 1)
    if unit == "year":
        year = today.year + _WHICH[which]
        return _Days(date(year, 1, 1), date(year, 12, 31))
    return None


def _amount(words: str, now: datetime, zone: tzinfo | None, toward: Toward) -> datetime | None:
    amount, toward = _directed(words, toward)
    found = _AMOUNT.fullmatch(amount)
    # One direction is enough: neither "in 3 days ago" nor "last 3 days ago" means any.
    if not found or sum(map(bool, (amount != words, found["ahead"], found["back"]))) > 1:
        return None
    number = int(found["number"]) if found["number"].isdecimal() else 1
    sign = 1 if found["ahead"] else -1 if found["back"] else int(toward)
    if found["unit"] in _UNITS:
        return (now + sign * number * _UNITS[found["unit"]]).astimezone(UTC)
    if found["unit"] not in _MONTHS_IN:
        return None
    here = now.astimezone(zone)
    months = here.year * 12 + here.month - 1 + sign * number * _MONTHS_IN[found["unit"]]
    first = date(months // 12, months % 12 + 1, 1)
    # 31 March and a month back is the last of February, not 3 March.
    day = first.replace(day=min(here.day, _last_of_month(first).day))
    return datetime.combine(day, here.time(), zone).astimezone(UTC)


def _days_of_month(year: int, month: int) -> _Days:
    first = date(year, month, 1)
    return _Days(first, _last_of_month(first))


def _last_of_month(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _calendar(words: str, now: datetime, zone: tzinfo | None, toward: Toward) -> _Days | None:
    found = _DAY_MONTH.fullmatch(words) or _MONTH_DAY.fullmatch(words)
    if not found or found["month"] not in _MONTHS:
        return None
    month, day = _MONTHS[found["month"]], int(found["day"])
    if found["year"]:
        there = date(int(found["year"]), month, day)
        return _Days(there, there)
    today = now.astimezone(zone).date()
    # 29 February may be up to eight years away (1896 to 1904 had none between).
    for apart in range(9):
        try:
            there = date(today.year + toward * apart, month, day)
        except ValueError:
            continue
        if (there - today).days * toward >= 0:
            return _Days(there, there)
    return None


def _month(words: str, today: date, toward: Toward) -> _Days | None:
    """Return the days of a month that is named with or without its year."""
    wanted, toward = _directed(words, toward)
    found = _MONTH.fullmatch(wanted)
    if not found or found["month"] not in _MONTHS or (found["year"] and wanted != words):
        return None
    month = _MONTHS[found["month"]]
    if found["year"]:
        return _days_of_month(int(found["year"]), month)
    begins = date(today.year, month, 1)
    over = (begins > today) if toward is Toward.PAST else (begins < today)
    return _days_of_month(today.year + int(toward) * over, month)
