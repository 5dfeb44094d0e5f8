"""Times in the words of a person; every datetime is aware, and shown in the zone that is given.

A zone of None is the computer's own, whose summer time counts for each moment by itself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# After a week without a development a story counts as quiet.
QUIET_AFTER = timedelta(days=7)
_UNITS = (
    (timedelta(days=365), "year", timedelta(days=730)),
    (timedelta(days=30), "month", timedelta(days=60)),
    (timedelta(days=7), "week", timedelta(days=21)),
    (DAY, "day", DAY),
    (HOUR, "hour", HOUR),
    (MINUTE, "minute", MINUTE),
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def span(length: timedelta) -> str:
    """Return "9 days", "3 weeks", "1 hour": the largest unit that still says enough.

    Weeks begin at three, months and years at two, so that "10 days" is not called "1 week". Less
    than a minute, and anything below zero, is "a moment".
    """
    for unit, name, least in _UNITS:
        if length >= least:
            number = length // unit
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "a moment"


def every(length: timedelta) -> str:
    """Return "every 9 days", or "every hour" for one of a unit."""
    return f"every {span(length).removeprefix('1 ')}"


def ago(then: datetime, now: datetime) -> str:
    """Return "3 days ago", or "just now" for less than a minute and for what lies ahead."""
    return f"{span(now - then)} ago" if now - then >= MINUTE else "just now"


def until(then: datetime, now: datetime) -> str:
    """Return "in 3 days", or "now" for less than a minute and for what has passed."""
    return f"in {span(then - now)}" if then - now >= MINUTE else "now"


def local(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return the moment in a zone, or unchanged if the calendar of the zone lacks it."""
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):  # the last is said of years a system does not know
        return moment


def clock(moment: datetime, zone: tzinfo | None) -> str:
    """Return "08:12"."""
    return local(moment, zone).strftime("%H:%M")


def short_date(moment: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Return "14 Sep", with the year where it is not this one."""
    there = local(moment, zone)
    year = "" if there.year == local(now, zone).year else f" {there.year}"
    return f"{there.day} {_MONTHS[there.month - 1]}{year}"


def day_and_month(day: date) -> str:
    """Return "14 Sep"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def stamp(moment: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Return "14 Sep 2020 08:12": day and time of something that stands by itself."""
    return f"{short_date(moment, zone, now)} {clock(moment, zone)}"


def listed(moment: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Return "14 Sep 08:12", or "14 Sep 2020" of another year, for the row of a list."""
    this_year = local(moment, zone).year == local(now, zone).year
    return (stamp if this_year else short_date)(moment, zone, now)


def day_heading(day: date, today: date) -> str:
    """Return "Monday 14 September 2020"-like headings; today and yesterday are named as such."""
    words = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    if day.year != today.year:
        words += f" {day.year}"
    if day == today:
        return f"Today, {words}"
    return f"Yesterday, {words}" if day == today - DAY else words


def full_date(day: date) -> str:
    """Return "14 Sep 2020", for what is read on another day than it was written."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def full_day(day: date) -> str:
    """Return "Monday 14 Sep 2020"."""
    return f"{_DAYS[day.weekday()]} {full_date(day)}"


def full_stamp(moment: datetime, zone: tzinfo | None) -> str:
    """Return "14 Sep 2020 08:12"."""
    return f"{full_date(moment.astimezone(zone).date())} {clock(moment, zone)}"


def month_of(day: date) -> str:
    """Return "Sep 2020"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def period(first: date, last: date) -> str:
    """Return "1 Aug to 3 Oct 2020", with both years where they differ; one day by itself."""
    if first == last:
        return full_date(first)
    begin = full_date(first)
    if first.year == last.year:
        begin = begin.removesuffix(f" {first.year}")
    return f"{begin} to {full_date(last)}"


def silence(last: datetime | None, now: datetime) -> str:
    """Return "last development 3 days ago", "quiet for 9 days", or "no development yet"."""
    if last is None:
        return "no development yet"
    if now - last >= QUIET_AFTER:
        return f"quiet for {span(now - last)}"
    return f"last development {ago(last, now)}"
