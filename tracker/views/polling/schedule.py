"""The schedule: which jobs are installed, when they start, and what keeps them from it."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.model.schedule import Scheduler
from tracker.plain_text import plain, safe
from tracker.views.text import (
    BAD,
    FAINT,
    HEADING,
    WARNING,
    hanging,
    hint,
    lines,
    wrap,
)
from tracker.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, tzinfo

    from tracker.model.polling import PollReport
    from tracker.model.schedule import Change, Job, JobState, OtherJob, Schedule, Times

_HOUR = 60
_DAY = 24 * _HOUR
_DOES = {"poll": "polls your feeds", "digest": "sends the digest"}
_MOST_MINUTES = 6
_LOGS = {
    Scheduler.CRON: "cron mails you what a job prints; `journalctl -t CRON` lists its starts",
    Scheduler.SYSTEMD: "`journalctl --user -u tracker-poll` shows what it printed",
    Scheduler.LAUNCHD: "~/Library/Logs/tracker-poll.log has what it printed",
}


def rhythm(times: Times | None) -> str:
    """Return "every 20 minutes, at :07, :27 and :47" or "every day at 07:30"."""
    if times is None:
        return "at times that cannot be read here"
    interval = times.interval_in_minutes
    if interval is None:
        return f"at minutes {_numbers(times.minutes)} of the hours {_numbers(times.hours)}"
    first = f"{times.hours[0]:02}:{times.minutes[0]:02}"
    if interval == _DAY:
        return f"every day at {first}"
    if interval > _HOUR:
        return f"every {interval // _HOUR} hours from {first} on"
    every = when.span(timedelta(minutes=interval)).removeprefix("1 ")
    past = [f":{minute:02}" for minute in times.minutes]
    return f"every {every}, " + (
        f"at {listed(past)}" if len(past) <= _MOST_MINUTES else f"from {past[0]} on"
    )


def _numbers(values: Iterable[int]) -> str:
    return listed(map(str, values))


def installed(
    change: Change,
    warnings: Iterable[str],
    *,
    now: datetime,
    next_start: datetime,
    zone: tzinfo | None,
    width: int,
) -> Text:
    """Return what an installation did; `next_start` is the first start of any job."""
    how = "Scheduled" if not change.before else "Changed" if change.changed else "Unchanged"
    found = [Text(f"{how}, with {change.scheduler}:", HEADING)]
    for job in change.jobs:
        found += hanging(f"tracker {_DOES[job.name]} {rhythm(job.times)}.", width, 2)
    first = f"The next start is {when.until(next_start, now)}, at {when.clock(next_start, zone)}."
    found += hanging(first, width, 2)
    found += _replaced(change, width)
    found += _notes([*change.notes, *warnings, *_others(change.others)], width)
    return lines([*found, hint("", "tracker schedule show", " says how it goes.")])


def _replaced(change: Change, width: int) -> list[Text]:
    """Return what our jobs were before, where that differs."""
    new = {job.name: job for job in change.jobs}
    found: list[Text] = []
    for was in change.before:
        name, times = was.job.name, rhythm(was.job.times)
        if name not in new:
            words = f"No longer scheduled: tracker {_DOES[name]} {times}."
        elif was.job.times != new[name].times or was.scheduler is not change.scheduler:
            words = f"Before: {times}, with {was.scheduler}."
        else:
            continue
        found += hanging(words, width, 2, FAINT)
    return found


def written(change: Change, warnings: Iterable[str], *, width: int) -> str:
    """Return what an installation would write, each line uncut, and what the user should know."""
    found = [f"In {plain(piece.place)}:\n{safe(piece.text)}\n" for piece in change.pieces]
    rows = _replaced(change, width)
    rows += _notes([*change.notes, *warnings, *_others(change.others)], width)
    return "\n".join([*found, *(row.plain for row in rows), "Nothing was changed."])


def shown(
    value: Schedule,
    jobs: Sequence[JobState],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
) -> Text:
    """Return the jobs that are scheduled, with their last and next start."""
    notes = _notes([*value.notes, *_others(value.others)], width)
    if not jobs and value.notes:
        return lines([Text("What tracker schedules cannot be read."), *notes])
    if not jobs:
        install = hint("", "tracker schedule install --every 20m", " lets it poll by itself.")
        return lines([Text("tracker schedules nothing."), install, *notes])
    found: list[Text] = []
    for state in jobs:
        found += [*_job(state, now, zone, width), Text()]
    return lines([*found, *notes] if notes else found[:-1])


def _job(state: JobState, now: datetime, zone: tzinfo | None, width: int) -> list[Text]:
    each, start = state.installed, state.next_start
    title = f"tracker {_DOES[each.job.name]} {rhythm(each.job.times)}"
    found = [Text(row, HEADING) for row in wrap(title, width)]
    found += hanging(f"{each.scheduler}: {plain(each.place)}", width, 2)
    found += hanging(plain(command_of(each.job)), width, 2, FAINT)
    if each.job.name == "poll":
        found += hanging(_last(state.last_poll, now, zone), width, 2)
    if start is not None:
        words = f"Next start {when.until(start, now)}, at {when.clock(start, zone)}"
        found += hanging(words, width, 2)
    if each.problem:
        words = f"! {plain(each.problem)}; `tracker schedule install` mends it."
        found += hanging(words, width, 2, BAD)
    elif state.missed is not None:
        words = (
            f"! No poll since the start of {when.clock(state.missed, zone)}. If the next start "
            f"leaves none either: {_LOGS[each.scheduler]}."
        )
        found += hanging(words, width, 2, WARNING)
    return found


def _last(poll: PollReport | None, now: datetime, zone: tzinfo | None) -> str:
    if poll is None:
        return "No poll yet"
    asked = f"{count(poll.feeds, 'feed')} asked" if poll.feeds else "no feed was due"
    failed = f", {poll.failed:,} failed" if poll.failed else ""
    stamp = when.listed(poll.started, zone, now)
    return f"Last poll {when.ago(poll.started, now)} ({stamp}): {asked}{failed}"


def command_of(job: Job) -> str:
    """Return the command of a job as a shell reads it."""
    return shlex.join(job.words)


def removed(before: Schedule, *, width: int) -> Text:
    """Return which jobs were removed."""
    found = [
        row
        for each in before.jobs
        for row in hanging(
            f"Removed from {plain(each.place)}: tracker {_DOES[each.job.name]} "
            f"{rhythm(each.job.times)}.",
            width,
            0,
        )
    ]
    return lines(
        [
            *(found or [Text("tracker schedules nothing; nothing was changed.")]),
            *_notes(_others(before.others), width),
        ]
    )


def _others(others: Iterable[OtherJob]) -> list[str]:
    return [
        f"Another job runs tracker, and is left alone: {plain(each.place)}: {plain(each.text)}"
        for each in others
    ]


def _notes(notes: Iterable[str], width: int) -> list[Text]:
    return [row for note in notes for row in hanging(f"! {plain(note)}", width, 0, WARNING)]
