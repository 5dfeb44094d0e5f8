"""What the page of a story shows, top to bottom, as values that a template only has to place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tracker import when
from tracker.export.addresses import web_address
from tracker.export.figures import (
    days_of,
    developments,
    empty_words,
    outage_words,
    outlets,
    sentence,
)
from tracker.export.headlines import earlier, headline, language, languages, outlet
from tracker.export.volume import Chart, chart
from tracker.model.core import Status
from tracker.plain_text import plain
from tracker.wording import count, listed, state_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, tzinfo

    from tracker.developments import Development
    from tracker.export.figures import Outlet
    from tracker.model.core import Report, Timeline

MOST_REPORTED = 7
OUTLETS_SHOWN = 10
NEWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A report; `moment` is ISO 8601, `date` and `time` are read, `url` None is no link.

    `new` is false for a report below one that is new.
    """

    event: int
    moment: str
    date: str
    time: str
    outlet: str
    headline: str
    language: str
    url: str | None
    new: bool
    confirmed: bool
    was: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A development: its first report, and the others with a summary such as "3 other reports"."""

    first: Line
    others: tuple[Line, ...]
    others_words: str

    @property
    def new(self) -> bool:
        """Whether something of it is new since the last look."""
        return self.first.new or any(line.new for line in self.others)


@dataclass(frozen=True, slots=True)
class Day:
    """The developments of a day, newest first; `date` is ISO 8601."""

    date: str
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a story.

    `query` is "" where it repeats the title, `state` where the story is open, `figures` and `empty`
    where there are no developments and where there are some. `since` is the last look, "" before
    the first. `chart_days` gives for each bar the day of the timeline that it leads to, or "".
    """

    title: str
    query: str
    state: str
    as_of: str
    figures: str
    empty: str
    since: str
    news: tuple[Entry, ...]
    most_reported: tuple[tuple[Entry, int], ...]
    chart: Chart | None
    chart_days: tuple[str, ...]
    days: tuple[Day, ...]
    outlets: tuple[Outlet, ...]
    doubtful: tuple[Line, ...]
    outages: tuple[tuple[str, str, str], ...]


def page_of(value: Timeline, *, now: datetime, zone: tzinfo | None) -> Page:
    """Return what the page of a story shows; doubtful reports are those that `value` holds."""
    story = value.story
    found, unsure = developments(value)
    days = _days(found, zone)
    entries = {entry.first.event: entry for day in days for entry in day.entries}
    bars = chart(days_of(found, zone))
    title, query = plain(story.title), plain(story.query)
    return Page(
        title=title,
        query="" if query.casefold() == title.casefold() else query,
        state=state_words(story, now, zone),
        as_of=f"{when.full_stamp(now, zone)} {now.astimezone(zone).tzname() or ''}".strip(),
        figures=sentence(value, now=now, zone=zone),
        empty="" if found else empty_words(value),
        since=when.full_stamp(story.seen, zone) if story.seen else "",
        news=tuple(entry for entry in entries.values() if entry.new) if story.seen else (),
        most_reported=_most_reported(list(entries.values())),
        chart=bars,
        chart_days=_first_days(bars, days) if bars else (),
        days=days,
        outlets=tuple(outlets(found)),
        doubtful=tuple(
            _line(report, zone, None) for each in unsure for report in (each.first, *each.others)
        ),
        outages=tuple(
            (plain(feed), words, plain(reason))
            for feed, words, reason in outage_words(value.outages, zone=zone)
        ),
    )


def _days(found: Sequence[Development], zone: tzinfo | None) -> tuple[Day, ...]:
    def day_of(development: Development) -> date:
        return development.published.astimezone(zone).date()

    return tuple(
        Day(day.isoformat(), when.full_day(day), tuple(_entry(each, zone, day) for each in of_day))
        for day, of_day in groupby(found, day_of)
    )


def _entry(found: Development, zone: tzinfo | None, day: date) -> Entry:
    first = _line(found.first, zone, day)
    others = tuple(_line(r, zone, day, new=r.new and not first.new) for r in found.others)
    words = count(len(others), "other report")
    if spoken := languages(report.link.item for report in found.others):
        words += f" in {listed(spoken)}"
    if not first.new and (new := sum(line.new for line in others)):
        words += f", {new} new"
    return Entry(first, others, words)


def _line(
    report: Report, zone: tzinfo | None, day: date | None, *, new: bool | None = None
) -> Line:
    """Return a report; its date stands with its time where it is not of `day`."""
    item = report.link.item
    here = item.published.astimezone(zone)
    if here.date() == day:
        time = when.clock(item.published, zone)
    elif day and here.year == day.year:
        time = when.stamp(item.published, zone, item.published)
    else:
        time = when.full_stamp(item.published, zone)
    return Line(
        event=report.link.event,
        moment=here.isoformat(timespec="minutes"),
        date=when.full_date(here.date()),
        time=time,
        outlet=outlet(item),
        headline=headline(item),
        language=language(item),
        url=web_address(item.url),
        new=report.new if new is None else new,
        confirmed=report.link.status is Status.ACCEPTED,
        was=tuple(earlier(report)),
    )


def _most_reported(entries: Sequence[Entry]) -> tuple[tuple[Entry, int], ...]:
    """Return the developments with the most reports and how many; those with one are left out."""
    counted = [(entry, 1 + len(entry.others)) for entry in entries if entry.others]
    counted.sort(key=lambda pair: -pair[1])
    return tuple(counted[:MOST_REPORTED])


def _first_days(bars: Chart, days: Sequence[Day]) -> tuple[str, ...]:
    """Return for each bar the earliest day of the timeline within it, "" where there is none."""
    oldest_first = [day.date for day in reversed(days)]
    found = []
    for bar in bars.bars:
        first, last = bar.first.isoformat(), bar.last.isoformat()
        found.append(next((day for day in oldest_first if first <= day <= last), ""))
    return tuple(found)
