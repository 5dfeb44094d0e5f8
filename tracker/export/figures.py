"""Figures of a timeline: its developments, its outlets, and a sentence that sums it up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker import when
from tracker.developments import Development, fold
from tracker.export.headlines import languages, outlet
from tracker.model.core import State, Status
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, tzinfo

    from tracker.model.core import Outage, Timeline


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet's reports of a story, and how many developments it reported first."""

    name: str
    reports: int
    firsts: int


def developments(value: Timeline) -> tuple[list[Development], list[Development]]:
    """Return the developments of a timeline, newest first, and apart those that are doubtful."""
    sure = fold(r for r in value.reports if r.link.status is not Status.MAYBE)
    return sure, fold(r for r in value.reports if r.link.status is Status.MAYBE)


def outlets(found: Sequence[Development]) -> list[Outlet]:
    """Return the outlets of developments, those with the most reports first, then by name.

    Only a development with several reports has a first one.
    """
    reports = Counter(outlet(r.link.item) for d in found for r in (d.first, *d.others))
    firsts = Counter(outlet(d.first.link.item) for d in found if d.others)
    named = [Outlet(name, number, firsts[name]) for name, number in reports.items()]
    return sorted(named, key=lambda each: (-each.reports, each.name.casefold()))


def sentence(value: Timeline, *, now: datetime, zone: tzinfo | None) -> str:
    """Return "25 developments in 56 reports by 10 outlets, in 4 languages, …; quiet for 3 weeks".

    "" for a timeline without developments.
    """
    found, _ = developments(value)
    items = [r.link.item for d in found for r in (d.first, *d.others)]
    if not items:
        return ""
    words = [count(len(found), "development")]
    if len(items) > len(found):
        words[0] += f" in {count(len(items), 'report')}"
    words[0] += f" by {count(len({item.outlet for item in items}), 'outlet')}"
    spoken = languages(items)
    words += [f"in {len(spoken)} languages"] if len(spoken) > 1 else []
    days = days_of(found, zone)
    words.append(when.period(min(days), max(days)))
    return f"{', '.join(words)}; {when.silence(value.last_development, now)}"


def days_of(found: Sequence[Development], zone: tzinfo | None) -> list[date]:
    """Return the day of every report, in no order."""
    reports = (report for each in found for report in (each.first, *each.others))
    return [report.link.item.published.astimezone(zone).date() for report in reports]


def empty_words(value: Timeline) -> str:
    """Return what to say, and what to do, where a timeline has no developments."""
    story = value.story
    if value.last_development:
        return (
            "Nothing in the time that was asked for; leave --since and --until out for all of it."
        )
    if story.state is State.CLOSED:
        return (
            "Nothing was found before the story was closed; "
            f"`tracker story reopen {story.slug}` follows it again."
        )
    return (
        "Nothing yet. `tracker poll` fetches what your feeds have; "
        f"`tracker why {story.slug} URL` says what an article lacks to belong to the story."
    )


def outage_words(found: Sequence[Outage], *, zone: tzinfo | None) -> list[tuple[str, str, str]]:
    """Return for each feed that failed its name, when it failed, and the last reason.

    Feeds that still fail come first, then those that failed last. A feed that failed several times
    is one row.
    """
    by_feed: dict[str, list[Outage]] = {}
    for outage in found:
        by_feed.setdefault(outage.feed, []).append(outage)
    rows = []
    for feed, all_of_it in by_feed.items():
        last = max(all_of_it, key=lambda o: (o.until is None, o.since))
        begin = last.since.astimezone(zone).date()
        if last.until is None:
            words = f"since {when.full_date(begin)}"
        else:
            words = when.period(begin, last.until.astimezone(zone).date())
        times = f", {len(all_of_it)} times in all" if len(all_of_it) > 1 else ""
        rows.append((last.until is not None, -last.since.timestamp(), feed, words + times, last))
    return [(feed, words, last.reason) for _, _, feed, words, last in sorted(rows, key=_order)]


def _order(row: tuple[bool, float, str, str, Outage]) -> tuple[bool, float, str]:
    return row[:3]
