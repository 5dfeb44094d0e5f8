"""What HTTP headers say about time: dates, Retry-After, Cache-Control and Expires."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_MAX_AGE = r'(?i:(?:^|[,\s])max-age\s*=\s*"?(\d+))'
_NO_STORE = r"(?i:(?:^|[,\s])no-(?:store|cache)\b(?!\s*=))"
_LONGEST = timedelta(days=366)


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When Retry-After (RFC 9110, 10.2.3; seconds or a date) asks to come back, None without it.

    At most a year after `now`, and never before it.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        seconds = min(int(text[:12]), int(_LONGEST.total_seconds()))
        return now + timedelta(seconds=seconds)
    moment = _date(text)
    return None if moment is None else min(max(moment, now), now + _LONGEST)


def max_age(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer may be kept: max-age less Age, else Expires (RFC 9111, 4.2.1).

    None where the headers say nothing, or that it must not be kept: that forbids caches, it does
    not ask for a faster poll.
    """
    control = headers.get("cache-control", "")
    if control and re.search(_NO_STORE, control):
        return None
    if control and (found := re.search(_MAX_AGE, control)):
        seconds = int(found[1][:9])
        age = headers.get("age", "").strip()
        if age.isascii() and age.isdigit():
            seconds -= int(age[:9])
        return min(max(timedelta(seconds=seconds), timedelta(0)), _LONGEST)
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return None
    sent = _date(headers.get("date", "")) or now
    return min(max(expires - sent, timedelta(0)), _LONGEST)


def _date(text: str) -> datetime | None:
    if not text:
        return None
    from tracker.feeds.parsing.dates import parse_date

    return parse_date(text)
