"""The checks of `tracker doctor`: the database, what polls left in it, and the files beside it.

Nothing is changed. A false alarm costs more than a late one, so the limits are wide: a feed may
fail for three days, a poll may take an hour.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker import when
from tracker.config import alerts_path
from tracker.model.care import CHECKS, Diagnosis, Finding, Level
from tracker.services.care import surroundings
from tracker.store.care.examination import examine
from tracker.store.care.health import Health, health
from tracker.store.care.poll_lock import poll_lock
from tracker.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from tracker.model.schedule import InstalledJob
    from tracker.store.care.health import FeedTrouble
    from tracker.store.care.poll_lock import PollLock

_FAILING_FOR = timedelta(days=3)
_LONG_POLL = timedelta(hours=1)
_INTERVALS = 3
_GRACE = timedelta(minutes=10)
_AHEAD = timedelta(minutes=5)
_POLLED_BY_HAND = timedelta(days=2)
_BACKED_UP = timedelta(days=30)
_NAMED_AT_MOST = 5
_FLOOD, _SHARE_OF_ALL = 200, 4
_ORDER = list(CHECKS)


def diagnose(
    path: Path,
    feeds_yaml: Path,
    now: datetime,
    *,
    jobs: Sequence[InstalledJob] = (),
    environ: Mapping[str, str],
    full: bool = False,
) -> Diagnosis:
    """Check the database at `path`, feeds.yaml and what is around them.

    `jobs` are the scheduled ones. `full` also compares the database's indexes with its tables.
    """
    findings = [
        *surroundings.of_database(path),
        *surroundings.of_program(),
        *surroundings.of_schedule(jobs, path, feeds_yaml),
    ]
    found = None
    if surroundings.size_of(path):
        examined = examine(path, lambda db: health(db, path, now), full=full)
        findings += examined.findings
        if isinstance(examined.answer, Health):
            found = examined.answer
            findings += _of_health(found, poll_lock(path), now, _interval(jobs))
    is_needed = found is not None and found.feeds > 0
    findings += surroundings.of_feed_list(feeds_yaml, environ, is_needed=is_needed)
    targets = found.targets if found else ()
    findings += surroundings.of_addresses(alerts_path(feeds_yaml), targets)
    return _diagnosis(findings, found)


def _diagnosis(findings: Iterable[Finding], found: Health | None = None) -> Diagnosis:
    ordered = tuple(sorted(findings, key=lambda each: _ORDER.index(each.name)))
    if found is None:
        return Diagnosis(ordered)
    return Diagnosis(ordered, found.stories, found.items, found.feeds)


def _interval(jobs: Sequence[InstalledJob]) -> timedelta | None:
    """Return the time between two scheduled polls, None where none is scheduled."""
    for each in jobs:
        if each.job.name == "poll":
            times = each.job.times
            minutes = times.interval_in_minutes if times else None
            return timedelta(minutes=minutes) if minutes else timedelta(days=1)
    return None


def _of_health(
    value: Health, lock: PollLock, now: datetime, interval: timedelta | None
) -> list[Finding]:
    return [
        *_of_lock(lock, now),
        *_of_queue(value, lock, now),
        *_of_answers(value),
        *_of_polls(value, now, interval),
        *_of_feeds(value, now),
        *_of_stories(value),
        *_of_alerts(value),
        *_of_backup(value, now),
    ]


def _of_lock(lock: PollLock, now: datetime) -> list[Finding]:
    if lock.damaged:
        detail = f"{lock.path} is damaged; it only keeps two polls apart."
        command = surroundings.shell("rm", lock.path)
        return [Finding("poll-lock", Level.ERROR, detail, command)]
    if lock.since is not None and now - lock.since > _LONG_POLL:
        detail = f"A poll has been running for {when.span(now - lock.since)} (process {lock.pid})."
        return [Finding("poll-lock", Level.WARNING, detail, f"ps -fp {lock.pid}")]
    return []


def _of_queue(value: Health, lock: PollLock, now: datetime) -> list[Finding]:
    found = []
    if value.queued and not lock.held:
        detail = f"{count(value.queued, 'item')} of an interrupted poll wait to be linked."
        found.append(Finding("queue", Level.WARNING, detail, "tracker poll"))
    if value.latest is not None and value.latest - now > _AHEAD:
        detail = (
            f"The last poll was {when.span(value.latest - now)} in the future: the computer's "
            "clock is wrong now, or was then."
        )
        found.append(Finding("clock", Level.ERROR, detail, "date"))
    return found


def _of_answers(value: Health) -> list[Finding]:
    if not value.stray_answers:
        return []
    verb = "is" if value.stray_answers == 1 else "are"
    detail = f"{count(value.stray_answers, 'answer')} {verb} kept of feeds that are not listed."
    return [Finding("references", Level.WARNING, detail, "tracker poll")]


def _of_polls(value: Health, now: datetime, interval: timedelta | None) -> list[Finding]:
    if not value.feeds:
        return []
    if value.last_poll is None:
        detail = f"{count(value.feeds, 'feed')} listed, but no poll has ended yet."
        return [Finding("polls", Level.WARNING, detail, "tracker poll")]
    ago = f"The last poll was {when.ago(value.last_poll, now)}"
    if interval is None:
        if now - value.last_poll <= _POLLED_BY_HAND:
            return []
        command = "tracker schedule install --every 20m"
        return [Finding("polls", Level.WARNING, f"{ago}, and none is scheduled.", command)]
    if now - value.last_poll <= _INTERVALS * interval + _GRACE:
        return []
    detail = f"{ago}, though one is scheduled."
    return [Finding("schedule", Level.WARNING, detail, "tracker schedule show")]


def _of_feeds(value: Health, now: datetime) -> list[Finding]:
    found = []
    gone = [feed for feed in value.failing if feed.gone]
    failing = [feed for feed in value.failing if not feed.gone]
    long = [feed for feed in failing if now - feed.since > _FAILING_FOR]
    command = "tracker feeds check"
    if value.feeds and len(value.failing) == value.feeds:
        number = "The only feed fails" if value.feeds == 1 else f"All {value.feeds:,} feeds fail"
        detail = f"{number}: {_named(value.failing, now)}."
        found.append(Finding("feeds-failing", Level.ERROR, detail, command))
    elif long:
        verb = "has failed" if len(long) == 1 else "have failed"
        detail = f"{count(len(long), 'feed')} {verb} for days: {_named(long, now)}."
        found.append(Finding("feeds-failing", Level.WARNING, detail, command))
    if gone:
        verb = "is gone and is" if len(gone) == 1 else "are gone and are"
        detail = f"{count(len(gone), 'feed')} {verb} not asked any more: {_titles(gone)}."
        remove = f"tracker feeds rm {surroundings.shell(gone[0].title)}"
        found.append(Finding("feeds-gone", Level.WARNING, detail, remove))
    if value.silent:
        verb = "brings" if len(value.silent) == 1 else "bring"
        detail = (
            f"{count(len(value.silent), 'feed')} {verb} nothing any more: "
            f"{_named(value.silent, now)}."
        )
        found.append(Finding("feeds-silent", Level.WARNING, detail, command))
    return found


def _named(feeds: Sequence[FeedTrouble], now: datetime) -> str:
    named = [
        f"{feed.title} ({when.span(now - feed.since)}{': ' if feed.reason else ''}{feed.reason})"
        for feed in feeds[:_NAMED_AT_MOST]
    ]
    return listed([*named, *_more(feeds)])


def _titles(feeds: Sequence[FeedTrouble]) -> str:
    return listed([*(feed.title for feed in feeds[:_NAMED_AT_MOST]), *_more(feeds)])


def _more(feeds: Sequence[FeedTrouble]) -> list[str]:
    rest = len(feeds) - _NAMED_AT_MOST
    return [f"{rest:,} more"] if rest > 0 else []


def _of_stories(value: Health) -> list[Finding]:
    found = []
    for flood in value.floods:
        if flood.links > _FLOOD and flood.links * _SHARE_OF_ALL > value.week:
            detail = (
                f"The story {flood.slug} took {flood.links:,} of the {value.week:,} items of the "
                "last week; its query may be too wide."
            )
            command = f"tracker story show {flood.slug}"
            found.append(Finding("stories", Level.WARNING, detail, command))
    return found


def _of_alerts(value: Health) -> list[Finding]:
    found = []
    for each in value.alerts:
        number = count(each.number, "message")
        verb = "was" if each.number == 1 else "were"
        why = f": {each.why}" if each.why else ""
        told, command = {
            "failed": (f"{verb} given up", "tracker notify retry"),
            "doubt": (f"{verb} sent, and may not have arrived", "tracker notify ls"),
            "waiting": (
                "cannot be sent for an hour",
                f"tracker notify test {surroundings.shell(each.target)}",
            ),
        }[each.state]
        detail = f"{number} to {each.target} {told}{why.rstrip('.')}."
        found.append(Finding("alerts", Level.WARNING, detail, command))
    return found


def _of_backup(value: Health, now: datetime) -> list[Finding]:
    """Return that a backup is missing, of a database that is as old and has stories."""
    old = value.first_poll is not None and now - value.first_poll > _BACKED_UP
    if not old or not value.stories:
        return []
    if value.last_backup is not None and now - value.last_backup <= _BACKED_UP:
        return []
    last = "none" if value.last_backup is None else f"the last, {when.ago(value.last_backup, now)}"
    detail = f"There is no backup of the last month ({last})."
    return [Finding("backup", Level.WARNING, detail, "tracker backup --keep 3")]
