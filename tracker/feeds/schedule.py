"""When a feed is asked next, and why; pure, so that every decision can be read and tested.

A feed is asked at half its own rhythm: then a new entry waits for a quarter of it on average, and
every second question finds something. The rhythm is taken from the dates of its entries and
corrected by what each poll finds. What the publisher asks for (Cache-Control, Expires, ttl,
skipHours, skipDays) can only make it later, and the user's bounds hold over all of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.model.polling import UNKNOWN_RHYTHM, Changed, Failed, NextPoll

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.polling import Document, FeedState, Outcome, Wishes

_FIRST_RHYTHM = timedelta(hours=2)
_NEWEST_COUNTED = 20
_SLOWER, _FASTER = 1.25, 0.8
_NEVER = timedelta(days=36_500)
_LONGEST_RETRY_AFTER = timedelta(days=7)
_HOUR = timedelta(hours=1)
_WEEK_IN_HOURS = 7 * 24


def next_poll(
    outcome: Outcome, *, now: datetime, shortest: timedelta, longest: timedelta, jitter: float
) -> NextPoll:
    """When the feed of `outcome` is due next, why, and its rhythm as now known.

    `shortest` and `longest` bound the wait; only Retry-After (up to a week) and 410 (a century)
    go beyond. `jitter` in 0..1, drawn at random by the caller, shortens the wait after a failure
    by up to a fifth, so that what failed together does not come back together.
    """
    if isinstance(outcome, Failed):
        return _after_failure(outcome, now, shortest, longest, jitter)
    rhythm = _rhythm(outcome, now)
    wait = rhythm / 2
    why = f"every {duration(_bounded(wait, shortest, longest))}"
    known = isinstance(outcome, Changed) or outcome.feed.rhythm is not None
    dated = not isinstance(outcome, Changed) or outcome.feed.rhythm or _dates(outcome.document, now)
    why += ": its own rhythm" if known and dated else f": {UNKNOWN_RHYTHM}"
    wishes = outcome.document.wishes if isinstance(outcome, Changed) else outcome.feed.wishes
    for wish, source in _waits(outcome, wishes):
        if wish > wait:
            wait, why = wish, f"in {duration(min(wish, longest))}: {source}"
    wait = _bounded(wait, shortest, longest)
    at = now + wait
    later = _not_skipped(at, wishes)
    if later > at:
        wait, why = (
            min(later - now, longest),
            "when its publisher's skipHours and skipDays are over",
        )
        at, why = now + wait, f"in {duration(wait)}: {why}"
    return NextPoll(at, why, min(rhythm, 2 * longest))


def duration(span: timedelta) -> str:
    """Give the span for people: "15 min", "2 h", "1 h 30 min", "3 days"; rounded to the minute."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:  # noqa: PLR2004 - two days
        return f"{round(hours / 24)} days"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _after_failure(
    outcome: Failed, now: datetime, shortest: timedelta, longest: timedelta, jitter: float
) -> NextPoll:
    rhythm = outcome.feed.rhythm
    if outcome.gone:
        return NextPoll(now + _NEVER, "never: its publisher says that it is gone for good", rhythm)
    failures = outcome.feed.failures + 1
    # 2**20 of any bound above a second is beyond any bound below a day.
    wait = min(shortest * 2 ** min(failures - 1, 20), longest)
    wait = max(wait * (1 - jitter / 5), min(shortest, longest))
    times = "once" if failures == 1 else f"{failures} times"
    why = f"failed {times}: asked again in {duration(wait)}"
    if outcome.retry_at and outcome.retry_at - now > wait:
        wait = min(outcome.retry_at - now, _LONGEST_RETRY_AFTER)
        why = f"failed {times}: its publisher asks to come back in {duration(wait)}"
    return NextPoll(now + wait, why, rhythm)


def _waits(outcome: Outcome, wishes: Wishes) -> list[tuple[timedelta, str]]:
    """Tell how long the publisher asks to wait, with the words for it."""
    waits = []
    if outcome.transfer.max_age:
        waits.append((outcome.transfer.max_age, "its publisher's cache header asks for it"))
    if wishes.ttl:
        waits.append((wishes.ttl, "the feed asks for it (ttl)"))
    return waits


def _rhythm(outcome: Outcome, now: datetime) -> timedelta:
    """Return the time between new entries: from their dates, else from how often polls find any."""
    feed = outcome.feed
    before = feed.rhythm or _FIRST_RHYTHM
    if not isinstance(outcome, Changed):
        # A poll that was forced before its time tells nothing about the rhythm.
        return before * _SLOWER if _was_due(feed, now) else before
    dates = _dates(outcome.document, now)
    if outcome.cut and feed.rhythm:
        # Only the new entries are known: they correct the rhythm rather than give it.
        if len(dates) > 1:
            return (before + (dates[0] - dates[-1]) / (len(dates) - 1)) / 2
        return before * _FASTER if outcome.document.entries else before
    if len(dates) > 1:
        dates = dates[:_NEWEST_COUNTED]
        between = (dates[0] - dates[-1]) / (len(dates) - 1)
        return max(between, (now - dates[-1]) / len(dates))
    return before * _FASTER if feed.rhythm else before


def _dates(document: Document, now: datetime) -> list[datetime]:
    """Return the distinct dates of the entries that are not in the future, newest first."""
    found = {entry.published for entry in document.entries if entry.published}
    return sorted((date for date in found if date <= now), reverse=True)


def _was_due(feed: FeedState, now: datetime) -> bool:
    return feed.next_poll is None or feed.next_poll <= now


def _bounded(wait: timedelta, shortest: timedelta, longest: timedelta) -> timedelta:
    return min(max(wait, shortest), longest)


def _not_skipped(at: datetime, wishes: Wishes) -> datetime:
    """Give the first moment from `at` on that is not to be skipped; `at` where all are."""
    if not wishes.skip_hours and not wishes.skip_days:
        return at
    moment = at
    for _ in range(_WEEK_IN_HOURS):
        skipped = moment.hour in wishes.skip_hours or moment.weekday() in wishes.skip_days
        if not skipped:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    return at
