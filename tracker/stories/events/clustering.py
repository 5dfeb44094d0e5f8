"""Single-pass clustering: which reports of a story report the same development.

A report joins the event to which it most probably belongs, or opens one. `pair_model` gives the
probability for a pair of reports. The score of an event is the mean of two values: the probability
of its nearest report, and the average over its reports (group-average linkage). The average
lessens the chaining of single linkage; compare Allan, Papka and Lavrenko, "On-line new event
detection and tracking", SIGIR 1998. An event never spans more than `REACH`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import timedelta
from heapq import nlargest
from typing import TYPE_CHECKING, TypeVar

from tracker.stories.events.index import REACH, Event, Report, ReportIndex
from tracker.stories.events.pair_model import (
    PairFeatures,
    are_installments,
    load_pair_model,
    pair_features,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tracker.stories.events.fingerprint import Fingerprint
    from tracker.stories.events.pair_model import PairModel

Candidate = TypeVar("Candidate", Report, Event)

MEMORY = timedelta(days=14)
"""The age up to which reports count for rarity; older ones need not be given as known."""
REASSIGNABLE = timedelta(hours=48)
"""The age up to which a report can move to another event."""
_REASSIGN = 0.65
"""The lowest probability at which a report moves to the event of a later one."""
_MARGIN = 0.1
"""How much less the score of its own event must be for a report to leave others there."""
_LEAST_WITH_OPENING = 0.1
"""The lowest probability, with the report that opened an event, at which a report joins it.

Without it an event drifts: of a row of reports each is like the one before, and the last has
nothing of the first."""
_CERTAIN = 0.8
"""The probability from which on a near-identical report needs no other comparison."""
_LEAST_COSINE = 0.02
"""The lowest cosine at which reports are compared by words alone.

Without it all that is undated, and dated by the poll that brings it, would be one event."""
_AVERAGED = 24
"""The likeliest reports of an event over which its average is taken."""


class EventClusterer:
    """The recent events of one story; reports are added one at a time.

    The id of an event is the item that opened it, negative if another event has that id (the item
    was unlinked and linked again). The first reporter of an event is the one published first, which
    may have been added later. Add reports in order of publication.
    """

    def __init__(
        self,
        known: Iterable[tuple[int, int, Fingerprint]],
        now: datetime,
        coming: Iterable[Fingerprint] | None = None,
        model: PairModel | None = None,
    ) -> None:
        """Start from known reports: item, event and fingerprint of each.

        Those published before `now` - `REASSIGNABLE` keep their event, and so do those that share
        it; `now` is aware. `coming` are all reports that will be added: they count for rarity from
        at most `REACH` before they are added; None if each is to count when it is added. `model` is
        None for the one that is shipped.
        """
        self.changes: dict[int, int] = {}
        """The events of the items that were added or have moved since the start."""
        self._model = model or load_pair_model()
        self._index = ReportIndex()
        self._coming = None if coming is None else deque(sorted(coming, key=_published))
        self._counted_until: datetime | None = None
        by_id: dict[int, Event] = {}
        for item, number, fingerprint in sorted(known, key=lambda one: one[2].published):
            event = by_id.setdefault(number, Event(number))
            self._index.count(fingerprint)
            is_settled = fingerprint.published < now - REASSIGNABLE
            self._insert(Report(item, fingerprint, is_settled, event))
        self._known_events = by_id.keys()

    def add(self, item: int, fingerprint: Fingerprint) -> int:
        """Place a report and return its event's id; similar young reports may follow it."""
        self._count(fingerprint)
        number = -item if item in self._known_events else item
        report = Report(item, fingerprint, False, Event(number))  # noqa: FBT003 - is_settled
        twin, is_decided = self._twin(report)
        if is_decided:
            report.event = twin.event if twin else report.event
            near: Mapping[Report, float] = {}
        else:
            near = self._probabilities(report)
            report.event = self._likeliest_event(report, near) or report.event
        self._insert(report, is_twin=twin is not None)
        self.changes[item] = report.event.id
        self._reassign(report, near)
        return report.event.id

    def _count(self, fingerprint: Fingerprint) -> None:
        """Count for rarity the coming reports of the next `REACH`, if a report is not counted yet.

        These are incremental document frequencies (Brants, Chen and Farahat, "A system for new
        event detection", SIGIR 2003): what becomes usual months later is rare when it first
        appears. Many are counted at a time, since each count makes all rarities be computed again.
        """
        if self._coming is None:
            self._index.count(fingerprint)
        elif self._counted_until is None or fingerprint.published > self._counted_until:
            self._counted_until = fingerprint.published + REACH
            while self._coming and self._coming[0].published <= self._counted_until:
                self._index.count(self._coming.popleft())

    def _twin(self, report: Report) -> tuple[Report | None, bool]:
        """Return the near-identical report whose event a report joins, or None.

        Its title stands for the whole report: where many are alike, what they share is not rare.
        Also return whether that decides: the report is certain to belong there, or it has so many
        near-identical ones that no others are compared.
        """
        own = report.fingerprint
        twins, is_crowded = self._index.twins(own)
        chances = {
            other: self._model.probability(self._features(report, other, similarity))
            for other, similarity in twins.items()
            if not are_installments(own, other.fingerprint)
        }
        least = self._model.threshold if is_crowded else _CERTAIN
        for other in _likeliest(chances, least):
            if self._has_room(other.event, own):
                return other, True
        return None, is_crowded

    def _likeliest_event(self, report: Report, near: Mapping[Report, float]) -> Event | None:
        """Return the event with the highest score that has room; None below the threshold."""
        for event in _likeliest(_scores(near), self._model.threshold):
            if self._has_room(event, report.fingerprint):
                return event
        return None

    def _reassign(self, report: Report, near: Mapping[Report, float]) -> None:
        """Move young reports to the event of a new report that more probably has them."""
        event = report.event
        for other, chance in near.items():
            left = other.event
            if (
                chance >= _REASSIGN
                and not other.is_settled
                and left is not event
                and self._has_room(event, other.fingerprint)
                and (event.size > 1 if left.size == 1 else self._is_doubtful(other, chance))
            ):
                left.size -= 1
                other.event = event
                event.take(other.fingerprint)
                self.changes[other.item] = event.id

    def _is_doubtful(self, report: Report, chance: float) -> bool:
        """Return whether a report belongs to its event with clearly less than a probability.

        That which opened the event belongs to it.
        """
        if report.event.opening is report.fingerprint:
            return False
        near = self._probabilities(report)
        near.pop(report, None)
        return chance - _scores(near).get(report.event, 0.0) >= _MARGIN

    def _probabilities(self, report: Report) -> dict[Report, float]:
        """Return the reports that may share an event with one, each with the probability (0..1)."""
        pairs = {
            other: self._features(report, other, cosine)
            for other, cosine in self._index.candidates(report.fingerprint).items()
            if cosine >= _LEAST_COSINE
            and not are_installments(report.fingerprint, other.fingerprint)
        }
        return {other: self._model.probability(features) for other, features in pairs.items()}

    def _has_room(self, event: Event, fingerprint: Fingerprint) -> bool:
        """Return whether an event still may take a report: it neither lasts long nor drifts."""
        opening = event.opening
        if not event.has_room_for(fingerprint.published):
            return False
        if opening is None or event.size == 1:
            return True
        cosine = self._index.likeness(fingerprint, opening)
        same = self._index.is_same_outlet(fingerprint, opening)
        features = pair_features(fingerprint, opening, cosine, same_outlet=same)
        return self._model.probability(features) >= _LEAST_WITH_OPENING

    def _features(self, report: Report, other: Report, cosine: float) -> PairFeatures:
        one, two = report.fingerprint, other.fingerprint
        return pair_features(one, two, cosine, same_outlet=self._index.is_same_outlet(one, two))

    def _insert(self, report: Report, *, is_twin: bool = False) -> None:
        report.event.take(report.fingerprint)
        self._index.insert(report, is_twin=is_twin)


def _published(fingerprint: Fingerprint) -> datetime:
    return fingerprint.published


def _likeliest(chances: Mapping[Candidate, float], least: float) -> list[Candidate]:
    """Return what has at least a probability, the likeliest first."""
    likely = [one for one, chance in chances.items() if chance >= least]
    return sorted(likely, key=chances.__getitem__, reverse=True)


def _scores(near: Mapping[Report, float]) -> dict[Event, float]:
    """Return the scores of the events of some reports, from the probability of each report."""
    by_event: defaultdict[Event, list[float]] = defaultdict(list)
    for other, chance in near.items():
        by_event[other.event].append(chance)
    return {
        event: (max(chances) + _average(chances, event.size)) / 2
        for event, chances in by_event.items()
    }


def _average(chances: list[float], size: int) -> float:
    """Return the average over an event's reports; those that were not compared count 0.

    Of large events it is that of the likeliest reports.
    """
    return sum(nlargest(_AVERAGED, chances)) / min(_AVERAGED, size)
