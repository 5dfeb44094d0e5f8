"""Single-pass clustering of a story's reports into events.

A report joins the event of the most similar report, or opens a new one. Similarity is the cosine of
fingerprints, which leave out the story's own terms; features are weighted by inverse event
frequency (Allan, Papka and Lavrenko, "On-line new event detection and tracking", SIGIR 1998), and
the cosine is halved for every 15 hours between the reports. Reports in one language are compared by
stems, figures and concepts; reports in two languages by names, figures, dates and concepts.
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
"""The age after which a report is no longer compared, nor counted for rarity."""
REASSIGNABLE = timedelta(hours=48)
"""The age up to which a single report can move to another event."""
_THRESHOLD = 0.155
"""The lowest similarity (0..1) at which a report joins an event."""
_REASSIGN_FACTOR = 1.3
"""Factor of the threshold for moving a report instead of placing it."""
_MAX_DISTANCE_IN_DAYS = 3
"""The most days between two reports that are compared."""
_HALF_LIFE_IN_HOURS = 15.0
"""Hours between two reports that halve their similarity."""
_SAME_OUTLET_FACTOR = 0.45
"""Factor of the similarity within an outlet, which rarely reports a development twice."""
_COMPARED_PER_DAY = 100
"""The most reports of a day, the latest, that are compared for a shared feature.

4,000 near-duplicates take 5 s with it, 55 s without."""
_SMOOTHING = 16
"""Events added to those seen, so that the first few do not determine rarity."""


@dataclass(slots=True, eq=False)
class _Report:
    """A report; its norms are 0.0 until they are first needed."""

    item: int
    fingerprint: Fingerprint
    hour: float
    is_settled: bool
    event: _Event
    terms_norm: float = 0.0
    interlingual_norm: float = 0.0

    @property
    def day(self) -> int:
        return int(self.hour // 24)


@dataclass(slots=True, eq=False)
class _Event:
    """One development.

    `languages` counts its reports, `features` are those of all of them. `is_counted` is whether it
    counts for rarity. Reports refer to their event, not the reverse: without reference cycles,
    memory is freed at once.
    """

    id: int
    is_counted: bool = False
    size: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    features: set[str] = field(default_factory=set)


class _InverseFrequency(dict[int, float]):
    """Inverse event frequencies by number of events with a feature, each computed once."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self.events = events

    def __missing__(self, count: int) -> float:
        found = self[count] = math.log((self.events + _SMOOTHING) / (count + 1))
        return found


@dataclass(slots=True)
class _Day:
    """The reports of one day by feature, and the events that they opened.

    `terms` are indexed by language first.
    """

    terms: dict[str, dict[str, list[_Report]]] = field(default_factory=dict)
    interlingual: dict[str, list[_Report]] = field(default_factory=dict)
    events: list[_Event] = field(default_factory=list)


class EventClusterer:
    """The recent events of one story; reports are added one at a time.

    The id of an event is the item that opened it, negative if another event has that id (the item
    was unlinked and linked again). The first reporter of an event is the one published first, which
    may have been added later. Add reports in order of publication; those more than `MEMORY` older
    than the latest are compared with nothing.
    """

    def __init__(self, known: Iterable[tuple[int, int, Fingerprint]], now: datetime) -> None:
        """Start from known reports: item, event and fingerprint of each.

        Those published before `now` - `REASSIGNABLE` keep their event, and so do those that share
        it; `now` is aware.
        """
        self.changes: dict[int, int] = {}
        """The events of the items that were added or have moved since the start."""
        self._days: dict[int, _Day] = {}
        self._frequency: Counter[str] = Counter()
        self._rarity = _InverseFrequency(0)
        self._outlets: Counter[str] = Counter()
        self._reports = self._events = self._latest = 0
        by_id: dict[int, _Event] = {}
        for item, number, fingerprint in sorted(known, key=lambda one: one[2].published):
            event = by_id.setdefault(number, _Event(number))
            self._insert(
                _report(
                    item, fingerprint, event, settled=fingerprint.published < now - REASSIGNABLE
                )
            )
        self._known_events = by_id.keys()

    def add(self, item: int, fingerprint: Fingerprint) -> int:
        """Place a report and return its event's id; similar single reports may follow it."""
        number = -item if item in self._known_events else item
        report = _report(item, fingerprint, _Event(number), settled=False)
        nearest, similarity = _nearest(self._similarities(report))
        if nearest and similarity >= _THRESHOLD:
            report.event = nearest.event
        self._insert(report)
        self.changes[item] = report.event.id
        if report.event.size > 1:
            self._reassign_singletons(report)
        return report.event.id

    def _reassign_singletons(self, report: _Report) -> None:
        """Move young single reports to the event of a new report they are nearest to."""
        threshold = _THRESHOLD * _REASSIGN_FACTOR
        nearby = [
            other for other, degree in self._similarities(report).items() if degree >= threshold
        ]
        for other in nearby:
            previous = other.event
            if other.is_settled or previous is report.event or previous.size > 1:
                continue
            self._remove(other)
            nearest, similarity = _nearest(self._similarities(other))
            if nearest and nearest.event is report.event and similarity >= threshold:
                other.event = nearest.event
                self.changes[other.item] = nearest.event.id
            self._insert(other)

    def _similarities(self, report: _Report) -> dict[_Report, float]:
        """Return the similarity (0..1) to each report near in time that shares a feature.

        A report in another language is left out if its event has a report in this one, which is
        compared instead.
        """
        shared: defaultdict[_Report, float] = defaultdict(float)
        language = report.fingerprint.language
        numbers = range(report.day - _MAX_DISTANCE_IN_DAYS, report.day + _MAX_DISTANCE_IN_DAYS + 1)
        days = [self._days[number] for number in numbers if number in self._days]
        frequency, rarity = self._frequency.get, self._rarities()
        tables = [day.terms[language] for day in days if language in day.terms]
        for feature, weight in report.fingerprint.terms.items():
            if found := [table[feature] for table in tables if feature in table]:
                weighted = weight * rarity[frequency(feature, 0)]
                for reports in found:
                    for other in reports[-_COMPARED_PER_DAY:]:
                        shared[other] += weighted * other.fingerprint.terms[feature]
        tables = [day.interlingual for day in days if day.terms.keys() != {language}]
        for feature, weight in report.fingerprint.interlingual.items() if tables else ():
            if found := [table[feature] for table in tables if feature in table]:
                weighted = weight * rarity[frequency(feature, 0)]
                for reports in found:
                    for other in reports[-_COMPARED_PER_DAY:]:
                        if language not in other.event.languages:
                            shared[other] += weighted * other.fingerprint.interlingual[feature]
        shared.pop(report, None)
        return {other: self._similarity(report, other, dot) for other, dot in shared.items()}

    def _rarities(self) -> _InverseFrequency:
        """Return the inverse frequencies for the current number of events."""
        if self._rarity.events != self._events:
            self._rarity = _InverseFrequency(self._events)
        return self._rarity

    def _similarity(self, one: _Report, other: _Report, dot: float) -> float:
        hours = abs(one.hour - other.hour)
        if one.fingerprint.language == other.fingerprint.language:
            cosine = dot / (self._terms_norm(one) * self._terms_norm(other))
        else:
            cosine = dot / (self._interlingual_norm(one) * self._interlingual_norm(other))
        outlet = one.fingerprint.outlet
        if outlet == other.fingerprint.outlet and 2 * self._outlets[outlet] <= self._reports:
            cosine *= _SAME_OUTLET_FACTOR  # unless most reports come from it, as from an aggregator
        return cosine * math.exp2(-hours / _HALF_LIFE_IN_HOURS)

    def _terms_norm(self, report: _Report) -> float:
        """Return the norm of a report's terms, computed at the first comparison."""
        if not report.terms_norm:
            report.terms_norm = self._norm(report.fingerprint.terms)
        return report.terms_norm

    def _interlingual_norm(self, report: _Report) -> float:
        if not report.interlingual_norm:
            report.interlingual_norm = self._norm(report.fingerprint.interlingual)
        return report.interlingual_norm

    def _norm(self, features: Mapping[str, float]) -> float:
        frequency, rarity = self._frequency.get, self._rarities()
        return math.sqrt(sum([w * w * rarity[frequency(f, 0)] for f, w in features.items()]))

    def _insert(self, report: _Report) -> None:
        event, fingerprint = report.event, report.fingerprint
        day = self._days.setdefault(report.day, _Day())
        if not event.is_counted:
            event.is_counted = True
            self._events += 1
            day.events.append(event)
        event.size += 1
        event.languages[fingerprint.language] += 1
        new = (fingerprint.terms.keys() | fingerprint.interlingual.keys()) - event.features
        self._frequency.update(new)
        event.features |= new
        for table, features in (
            (day.terms.setdefault(fingerprint.language, {}), fingerprint.terms),
            (day.interlingual, fingerprint.interlingual),
        ):
            for feature in features:
                if feature in table:
                    table[feature].append(report)
                else:
                    table[feature] = [report]
        self._outlets[fingerprint.outlet] += 1
        self._reports += 1
        report.terms_norm = report.interlingual_norm = 0.0  # its own features are less rare now
        if report.day > self._latest:
            self._latest = report.day
            self._evict()

    def _remove(self, report: _Report) -> None:
        """Remove a report that is alone in its event."""
        event, fingerprint, day = report.event, report.fingerprint, self._days[report.day]
        day.events.remove(event)
        self._discount(event)
        event.size = 0
        event.languages.clear()
        for feature in fingerprint.terms:
            day.terms[fingerprint.language][feature].remove(report)
        for feature in fingerprint.interlingual:
            day.interlingual[feature].remove(report)
        self._outlets[fingerprint.outlet] -= 1
        self._reports -= 1

    def _evict(self) -> None:
        """Remove the days before `MEMORY`, as if only the later ones were known."""
        for number in [day for day in self._days if day < self._latest - MEMORY.days]:
            for event in self._days.pop(number).events:
                self._discount(event)

    def _discount(self, event: _Event) -> None:
        for feature in event.features:
            self._frequency[feature] -= 1
        self._events -= 1
        event.features.clear()
        event.is_counted = False


def _nearest(similarities: Mapping[_Report, float]) -> tuple[_Report | None, float]:
    """Return the most similar report, and its similarity (0..1)."""
    return max(similarities.items(), key=lambda one: one[1], default=(None, 0.0))


def _report(item: int, fingerprint: Fingerprint, event: _Event, *, settled: bool) -> _Report:
    return _Report(item, fingerprint, fingerprint.published.timestamp() / 3600, settled, event)
