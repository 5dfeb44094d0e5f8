"""Dates as feeds write them: RFC 822, ISO 8601, and what people and their tools make of both.

Months and weekdays are understood in English, French, German, Spanish, Italian, Portuguese and
Dutch, abbreviated or not, with or without accents. A date without a time is midnight, one without
a zone is UTC.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

_MONTHS = (
    "jan january janvier janv januar janner jaenner enero ene gennaio gen janeiro januari",
    "feb february fevrier fevr fev februar feber febrero febbraio fevereiro februari",
    "mar march mars marz maerz mrz marzo marco maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juin juni junio giugno giu junho",
    "jul july juillet juil juli julio luglio lug julho",
    "aug august aout aou agosto ago augustus",
    "sep september sept septembre septiembre setiembre settembre set setembro",
    "oct october octobre oktober okt octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december decembre dezember dez diciembre dic dicembre dezembro",
)
_MONTH = {name: number for number, row in enumerate(_MONTHS, 1) for name in row.split()}
# Weekdays carry nothing, but three letters of some are a month's too: "mar. 3 mars" is a Tuesday.
_WEEKDAY_OR_MONTH = frozenset({"mar", "mart"})

_HOURS = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    **dict.fromkeys(("cet", "mez", "met", "bst", "west", "wat"), 1.0),
    **dict.fromkeys(("cest", "mesz", "mest", "eet", "cat", "sast"), 2.0),
    **dict.fromkeys(("eest", "msk", "eat"), 3.0),
    "ist": 5.5,
    "hkt": 8.0,
    "sgt": 8.0,
    "awst": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "acst": 9.5,
    "aest": 10.0,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
    "brt": -3.0,
    "art": -3.0,
    "ast": -4.0,
    "adt": -3.0,
    "est": -5.0,
    "edt": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "et": -5.0,
    "ct": -6.0,
    "mt": -7.0,
    "pt": -8.0,
    "akst": -9.0,
    "akdt": -8.0,
    "hst": -10.0,
}

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?"
    r"(?:[Tt\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*([A-Za-z]{1,5}|[+-]\d{2}:?(?:\d{2})?|)\s*"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{4}|)")
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?(\d{1,2})[\s-]([A-Za-z]{3})[\s-](\d{2,4})"
    r"\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([A-Za-z]{1,5}|[+-]\d{2}:?\d{2}|)"
)
_EPOCH = re.compile(r"\d{9,10}|\d{12,13}")

_TIME = re.compile(
    r"(?<![\d.:/-])(\d{1,2})(?:[:h]\s?(\d{2})(?:[:m]\s?(\d{2})(?:[.,]\d+)?s?)?(?!\d)"
    r"|h(?:eures)?\b|\.(\d{2})(?=\s*uhr)|(?=\s*(?:uhr|[ap]\.?m\b)))"
    r"\s*(?:(uhr)\b|([ap])\.?m\b\.?)?"
)
_ZONE = re.compile(r"(?:(?:gmt|utc)\s*)?(?<![\d/.])([+-])(\d{1,2}):?(\d{2})?(?![\d/.:-])\s*$")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.\s-](\d{1,2})[/.\s-](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([/.-])\s?(\d{1,2})[/.-]\s?(\d{4}|\d{2})(?!\d)")
_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_LONGEST = 120
_OLDEST_YEAR = 1900
_NOON = 12
_MONTHS_A_YEAR = 12


def parse_date(text: str) -> datetime | None:
    """Return the moment that `text` names, in UTC; None where it names none.

    Also None for the zero of a clock (1 January 1970, 0:00), which tools write for "no date", and
    for years before 1900. Of 3/4/2020 the first number is the day, unless AM or PM stands beside.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        found = _strict(text) or _loose(_folded(text))
    except (ValueError, OverflowError):
        return None
    return found if found is not None and is_plausible(found) else None


def is_plausible(moment: datetime) -> bool:
    """Tell whether something may have been published then: no zero of a clock, nor before 1900.

    Tools write 1970 for "no date", and those of Go and .NET the year 1.
    """
    return moment.year >= _OLDEST_YEAR and moment.timestamp() != 0


def _strict(text: str) -> datetime | None:
    """Read the two forms that the formats prescribe; these are nearly all that is met."""
    if match := _RFC822.fullmatch(text):
        day, name, year, hour, minute, second, zone = match.groups()
        if (month := _MONTH.get(name.lower())) and _is_zone(zone):
            return _moment(_year(year), month, int(day), (hour, minute, second), zone)
    if (match := _ISO.fullmatch(text)) or (match := _COMPACT.fullmatch(text)):
        year, number, day, hour, minute, second, zone = match.groups()
        if _is_zone(zone):
            time = (hour, minute, second)
            return _moment(int(year), int(number), int(day or 1), time, zone)
    if _EPOCH.fullmatch(text):
        seconds = int(text) if len(text) <= len("1596600000") else int(text) // 1000
        return datetime.fromtimestamp(seconds, UTC)
    return None


def _loose(text: str) -> datetime | None:
    """Find day, month, year, time and zone wherever they stand in folded text."""
    time: tuple[str | None, str | None, str | None] = (None, None, None)
    zone, half = "", None
    if match := _TIME.search(text):
        hour, minute, second, dotted, _, half = match.groups()
        time = (_on_24(hour, half), minute or dotted, second)
        before, after = text[: match.start()], text[match.end() :]
        if offset := _ZONE.search(after):
            zone = f"{offset[1]}{int(offset[2]):02}{offset[3] or '00'}"
            after = after[: offset.start()]
        else:
            zone = next((word for word in _WORD.findall(after) if word in _HOURS), "")
        text = f"{before} {after}"
    date = _numbers_only(text, american=half is not None) or _named_month(text)
    return None if date is None else _moment(*date, time, zone)


def _numbers_only(text: str, *, american: bool) -> tuple[int, int, int] | None:
    """Year, month and day of a date such as 2020/08/05, 05.08.2020 or 5/8/20."""
    if match := _YEAR_FIRST.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    if not (match := _YEAR_LAST.search(text)):
        return None
    first, separator, second, year = int(match[1]), match[2], int(match[3]), _year(match[4])
    month_first = american and separator == "/" and first <= _MONTHS_A_YEAR
    if second > _MONTHS_A_YEAR or (month_first and second):
        return year, first, second
    return year, second, first


def _named_month(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date such as "5 août 2020", "August 5, 2020" or "5-Aug-20"."""
    months = [match for match in _WORD.finditer(text) if match[0] in _MONTH]
    if len(months) > 1 and months[0][0] in _WEEKDAY_OR_MONTH:
        months = months[1:]
    numbers = [(match.start(), match[0]) for match in _NUMBER.finditer(text)]
    if not months or len(numbers) != len(("day", "year")):
        return None
    (_, first), (_, second) = numbers
    day, year = (second, first) if len(first) == len("2020") else (first, second)
    if len(day) > len("31") or len(year) == 1:
        return None
    return _year(year), _MONTH[months[0][0]], int(day)


def _moment(
    year: int, month: int, day: int, time: tuple[str | None, str | None, str | None], zone: str
) -> datetime:
    """Put the parts together; ValueError where there is no such day or time."""
    hour, minute, second = (int(part or 0) for part in time)
    days = 1 if (hour, minute, second) == (24, 0, 0) else 0  # ISO 8601: the day's end
    # Clocks may show a leap second; datetime knows none.
    local = datetime(year, month, day, 0 if days else hour, minute, min(second, 59), tzinfo=UTC)
    return local + timedelta(days=days) - _offset(zone)


def _is_zone(zone: str) -> bool:
    return not zone or zone[0] in "+-" or zone.lower() in _HOURS


def _offset(zone: str) -> timedelta:
    """East of Greenwich; nothing for a zone that is not known."""
    if zone and zone[0] in "+-":
        minutes = int(zone[1:3]) * 60 + int(zone[3:].lstrip(":") or 0)
        if minutes > 14 * 60:  # no place on earth: the zone is a mistake, the time most likely not
            return timedelta(0)
        return timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    return timedelta(hours=_HOURS.get(zone.lower(), 0.0))


def _year(digits: str) -> int:
    """Four digits as they are; two as RFC 2822, 4.3 has them: 49 is 2049, 50 is 1950."""
    year = int(digits)
    if len(digits) == len("20"):
        return year + (2000 if year < 50 else 1900)  # noqa: PLR2004 - the RFC's own number
    return year + 1900 if len(digits) == len("120") else year


def _on_24(hour: str, half: str | None) -> str:
    """Give the hour of 24 for one of 12 with "a" or "p" of AM and PM, else of 24."""
    if half is None or int(hour) > _NOON:
        return hour
    return str(int(hour) % _NOON + (_NOON if half == "p" else 0))


def _folded(text: str) -> str:
    """Lower case, without accents; "1er" and "5th" lose their ending, elisions their apostrophe."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"(?<=\d)(?:er|st|nd|rd|th|\.?º|ª|o)\b", "", plain)
