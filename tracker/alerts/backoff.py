"""When a message that failed is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FIRST = timedelta(minutes=5)
LONGEST = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)
_FACTOR = 3


def next_try(
    made: datetime, tries: int, now: datetime, retry_after: timedelta | None
) -> datetime | None:
    """Return when to try a message again that failed for the `tries`th time; None to give it up.

    The wait is 5 minutes after the first failure, three times as long after each later one, and at
    most 6 hours; `retry_after` of the receiver can make it longer. A message is given up three days
    after it was `made`, with a last attempt at that time.
    """
    end = made + GIVEN_UP_AFTER
    if now >= end:
        return None
    factor: int = _FACTOR ** min(tries - 1, 10)
    wait = min(FIRST * factor, LONGEST)
    return min(now + max(wait, retry_after or timedelta()), end)
