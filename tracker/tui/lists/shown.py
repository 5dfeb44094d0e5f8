"""A story's timeline as it is on the screen: what is new in it is frozen until it is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tracker.developments import fold
from tracker.model.core import Status

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.developments import Development
    from tracker.model.core import Report, Timeline


@dataclass(frozen=True, slots=True)
class Shown:
    """A timeline, folded into sure and doubtful developments, the newest first.

    `since` is where the line "new since" stands: the last look before this one, None for a story
    that was never looked at. `arrival` is up to where leaving it marks as seen.
    """

    value: Timeline
    sure: tuple[Development, ...]
    doubtful: tuple[Development, ...]
    since: datetime | None
    arrival: int

    @property
    def new(self) -> set[int]:
        """The events with something new."""
        return {each.first.link.event for each in self.sure if each.new}

    def item_ids(self) -> set[int]:
        """Return the items of all reports that are not doubtful."""
        return {
            report.link.item.id
            for report in self.value.reports
            if report.link.status is not Status.MAYBE
        }


def shown(value: Timeline) -> Shown:
    """Return a timeline as it is shown when it is opened."""
    sure = fold(r for r in value.reports if r.link.status is not Status.MAYBE)
    doubtful = fold(r for r in value.reports if r.link.status is Status.MAYBE)
    return Shown(value, tuple(sure), tuple(doubtful), value.story.seen, value.arrival)


def shown_again(value: Timeline, before: Shown) -> Shown:
    """Return a timeline that was read again, with the line and the marks as they were before."""
    marked = {r.link.item.id for r in before.value.reports if r.new}
    reports = tuple(
        replace(report, new=True) if report.link.item.id in marked else report
        for report in value.reports
    )
    return replace(shown(replace(value, reports=reports)), since=before.since)


def all_seen(before: Shown) -> Shown:
    """Return a timeline without anything new."""
    reports = tuple(replace(report, new=False) for report in before.value.reports)
    return replace(shown(replace(before.value, reports=reports)), since=None)


def arrived(value: Timeline, before: Shown) -> set[int]:
    """Return the events of a timeline with reports that `before` has not."""
    known = before.item_ids()
    return {
        report.link.event
        for report in value.reports
        if report.link.status is not Status.MAYBE and report.link.item.id not in known
    }


class Selected(NamedTuple):
    """A row of a timeline: a development, or one report of it that stands on a row of its own."""

    development: Development
    report: Report | None = None

    @property
    def lead(self) -> Report:
        """The report whose headline the row has."""
        return self.report or self.development.first

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports that a decision on the row is about."""
        if self.report is not None:
            return (self.report,)
        return (self.development.first, *self.development.others)
