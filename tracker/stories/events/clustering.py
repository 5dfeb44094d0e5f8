"""Which reports of a story tell the same development.

Online: a report joins the event it is most like, or opens one. Alike is the cosine of what is left
of two reports when the story's own words are out, each feature weighted by how few of the recent
events have it (tf-idf over events: Allan, Papka and Lavrenko, "On-line new event detection and
tracking", SIGIR 1998), and halved for every 15 hours between them. Reports in one language are
compared by their stems and concepts; those in two by the names, figures, dates and concepts that
both have.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tracker.stories.events.fingerprint import Fingerprint


MEMORY = timedelta(days=14)
"""How far back reports count for what is rare; older ones need not be given as known."""
YOUNG = timedelta(hours=48)
"""How long a report that stands alone may still move to an event."""
_THRESHOLD = 0.155
"""Less alike than this (0..1) is another development."""
_MOVE = 1.3
"""How much more it takes to move a report than to place it; by the threshold."""
_REACH_IN_DAYS = 3
"""Reports further apart tell two developments, however alike they are."""
_HALF_LIFE_IN_HOURS = 15.0
_SAME_OUTLET = 0.45
"""An outlet seldom tells a development twice: its next report is rather the next development."""
_LATEST = 100
"""Of the reports of one day that share a feature, so many of the latest are compared: with all of
them, 4,000 that are much alike took 55 s, with these 5."""
_FLATTEN = 16
"""Events assumed beyond those seen, so that the first few do not decide what is rare."""


@dataclass(slots=True, eq=False)
class _Report:
    """A report; the lengths that a cosine divides by are 0.0 until one is asked for."""

    item: int
    sketch: Fingerprint
    hour: float
    settled: bool
    event: _Event
    words_norm: float = 0.0
    marks_norm: float = 0.0

    @property
    def day(self) -> int:
        return int(self.hour // 24)


@dataclass(slots=True, eq=False)
class _Event:
    """One development; `languages` counts its reports, `features` are those of all of them.

    `counted` is whether it takes part in what is rare. It does not hold its reports, which hold
    it: what ends in no circle is gone at once.
    """

    id: int
    counted: bool = False
    size: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    features: set[str] = field(default_factory=set)


class _Rarities(dict[int, float]):
    """How rare a feature is that so many of the recent events have, each worked out once."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self.events = events

    def __missing__(self, count: int) -> float:
        found = self[count] = math.log((self.events + _FLATTEN) / (count + 1))
        return found


@dataclass(slots=True)
class _Day:
    """What was published on one day: reports by feature, and the events whose first it was.

    By words they are found within each language.
    """

    words: dict[str, dict[str, list[_Report]]] = field(default_factory=dict)
    marks: dict[str, list[_Report]] = field(default_factory=dict)
    opened: list[_Event] = field(default_factory=list)


class EventClusterer:
    """The recent events of one story, to which reports are added one by one.

    The id of an event is the item that opened it, negative where others have that id already (the
    item was unlinked and comes again). Its first reporter is the one published first,
    which may have arrived later. Add in the order of publication where it is known: reports that
    are more than `MEMORY` older than the latest one are compared with nothing.
    """

    def __init__(self, known: Iterable[tuple[int, int, Fingerprint]], now: datetime) -> None:
        """Start from known reports: each one's item, event and sketch.

        Those published before `now` - `YOUNG` stay where they are, and so do those that share
        their event; `now` is aware.
        """
        self.changes: dict[int, int] = {}
        """By item, the events of what was added or has moved since the start."""
        self._days: dict[int, _Day] = {}
        self._frequency: Counter[str] = Counter()
        self._rarity_of = _Rarities(0)
        self._outlets: Counter[str] = Counter()
        self._reports = self._events = self._latest = 0
        by_id: dict[int, _Event] = {}
        for item, number, sketch in sorted(known, key=lambda one: one[2].published):
            event = by_id.setdefault(number, _Event(number))
            self._put(_report(item, sketch, event, settled=sketch.published < now - YOUNG))
        self._taken = by_id.keys()

    def add(self, item: int, sketch: Fingerprint) -> int:
        """Place a report and give its event's id; a lone report that is like it may follow it."""
        number = -item if item in self._taken else item
        report = _report(item, sketch, _Event(number), settled=False)
        nearest, similarity = _nearest(self._alike(report))
        if nearest and similarity >= _THRESHOLD:
            report.event = nearest.event
        self._put(report)
        self.changes[item] = report.event.id
        if report.event.size > 1:
            self._gather(report)
        return report.event.id

    def _gather(self, report: _Report) -> None:
        """Move lone young reports to the event that a new report has brought nearer to them."""
        enough = _THRESHOLD * _MOVE
        nearby = [other for other, degree in self._alike(report).items() if degree >= enough]
        for other in nearby:
            left = other.event
            if other.settled or left is report.event or left.size > 1:
                continue
            self._take(other)
            nearest, similarity = _nearest(self._alike(other))
            if nearest and nearest.event is report.event and similarity >= enough:
                other.event = nearest.event
                self.changes[other.item] = nearest.event.id
            self._put(other)

    def _alike(self, report: _Report) -> dict[_Report, float]:
        """Measure the likeness (0..1) to each report near in time that shares a feature.

        Of an event that has reports in the same language only these count.
        """
        shared: defaultdict[_Report, float] = defaultdict(float)
        language = report.sketch.language
        numbers = range(report.day - _REACH_IN_DAYS, report.day + _REACH_IN_DAYS + 1)
        days = [self._days[number] for number in numbers if number in self._days]
        counted, rarity = self._frequency.get, self._rarities()
        tables = [day.words[language] for day in days if language in day.words]
        for feature, weight in report.sketch.words.items():
            if found := [table[feature] for table in tables if feature in table]:
                worth = weight * rarity[counted(feature, 0)]
                for reports in found:
                    for other in reports[-_LATEST:]:
                        shared[other] += worth * other.sketch.words[feature]
        tables = [day.marks for day in days if day.words.keys() != {language}]
        for feature, weight in report.sketch.interlingual.items() if tables else ():
            if found := [table[feature] for table in tables if feature in table]:
                worth = weight * rarity[counted(feature, 0)]
                for reports in found:
                    for other in reports[-_LATEST:]:
                        if language not in other.event.languages:
                            shared[other] += worth * other.sketch.interlingual[feature]
        shared.pop(report, None)
        return {other: self._likeness(report, other, dot) for other, dot in shared.items()}

    def _rarities(self) -> _Rarities:
        """Give what weighs a feature by how few of the recent events have it; above 0."""
        if self._rarity_of.events != self._events:
            self._rarity_of = _Rarities(self._events)
        return self._rarity_of

    def _likeness(self, one: _Report, other: _Report, dot: float) -> float:
        hours = abs(one.hour - other.hour)
        if one.sketch.language == other.sketch.language:
            cosine = dot / (self._words_norm(one) * self._words_norm(other))
        else:
            cosine = dot / (self._marks_norm(one) * self._marks_norm(other))
        outlet = one.sketch.outlet
        if outlet == other.sketch.outlet and 2 * self._outlets[outlet] <= self._reports:
            cosine *= _SAME_OUTLET  # not where one site brings most, as an aggregator does
        return cosine * math.exp2(-hours / _HALF_LIFE_IN_HOURS)

    def _words_norm(self, report: _Report) -> float:
        """Give the length of a report, measured when it is first compared: rarity changes."""
        if not report.words_norm:
            report.words_norm = self._norm(report.sketch.words)
        return report.words_norm

    def _marks_norm(self, report: _Report) -> float:
        if not report.marks_norm:
            report.marks_norm = self._norm(report.sketch.interlingual)
        return report.marks_norm

    def _norm(self, features: Mapping[str, float]) -> float:
        counted, rarity = self._frequency.get, self._rarities()
        return math.sqrt(sum([w * w * rarity[counted(f, 0)] for f, w in features.items()]))

    def _put(self, report: _Report) -> None:
        event, sketch = report.event, report.sketch
        day = self._days.setdefault(report.day, _Day())
        if not event.counted:
            event.counted = True
            self._events += 1
            day.opened.append(event)
        event.size += 1
        event.languages[sketch.language] += 1
        new = (sketch.words.keys() | sketch.interlingual.keys()) - event.features
        self._frequency.update(new)
        event.features |= new
        for table, features in (
            (day.words.setdefault(sketch.language, {}), sketch.words),
            (day.marks, sketch.interlingual),
        ):
            for feature in features:
                if feature in table:
                    table[feature].append(report)
                else:
                    table[feature] = [report]
        self._outlets[sketch.outlet] += 1
        self._reports += 1
        report.words_norm = report.marks_norm = 0.0  # what it has itself is less rare now
        if report.day > self._latest:
            self._latest = report.day
            self._forget()

    def _take(self, report: _Report) -> None:
        """Undo the putting of a report that is alone in its event."""
        event, sketch, day = report.event, report.sketch, self._days[report.day]
        day.opened.remove(event)
        self._discount(event)
        event.size = 0
        event.languages.clear()
        for feature in sketch.words:
            day.words[sketch.language][feature].remove(report)
        for feature in sketch.interlingual:
            day.marks[feature].remove(report)
        self._outlets[sketch.outlet] -= 1
        self._reports -= 1

    def _forget(self) -> None:
        """Let go of the days before `MEMORY`, as if only the later ones had been known."""
        for number in [day for day in self._days if day < self._latest - MEMORY.days]:
            for event in self._days.pop(number).opened:
                self._discount(event)

    def _discount(self, event: _Event) -> None:
        for feature in event.features:
            self._frequency[feature] -= 1
        self._events -= 1
        event.features.clear()
        event.counted = False


def _nearest(alike: Mapping[_Report, float]) -> tuple[_Report | None, float]:
    """Choose the report that is most alike, and how much (0..1)."""
    return max(alike.items(), key=lambda one: one[1], default=(None, 0.0))


def _report(item: int, sketch: Fingerprint, event: _Event, *, settled: bool) -> _Report:
    return _Report(item, sketch, sketch.published.timestamp() / 3600, settled, event)
