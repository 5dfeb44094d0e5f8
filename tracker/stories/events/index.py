"""Index of a story's reports: candidates for comparison, found by a hash and by rare features.

The work of a lookup is bounded whatever the number of reports. Near-identical titles are found by a
min-wise hash (Broder, "On the resemblance and containment of documents", 1997), other candidates by
the rarest features of a report in an inverted index. Features are weighted by inverse document
frequency (tf-idf).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import nlargest
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from tracker.stories.events.fingerprint import Fingerprint

REACH = timedelta(hours=96)
"""The longest time between two reports of one event."""
_RAREST = 12
"""Features of a report, the rarest, by which candidates are looked up."""
_LATEST = 40
"""Reports with such a feature, the latest, that are candidates."""
_COMPARED = 24
"""Candidates that share most with a report, and latest reports, that are compared with it."""
_SMOOTHING = 16
"""Reports added to those seen, so that the first few do not determine rarity."""
_SAME_TITLE = 0.8
"""The lowest Jaccard similarity (0..1) of the words of near-identical titles."""
_TWINS = 4
"""Near-identical reports of a hash, the latest, that are compared."""
_CROWD = 64
"""Reports of a hash from which on no other candidates are compared."""


@dataclass(slots=True, eq=False)
class Event:
    """One development: its number of reports, and when the first and last were published.

    `opening` is the fingerprint of the report that opened it, None before that. Reports refer to
    their event, not the reverse: without reference cycles, memory is freed at once.
    """

    id: int
    size: int = 0
    opening: Fingerprint | None = None
    first: datetime | None = None
    last: datetime | None = None

    def has_room_for(self, published: datetime) -> bool:
        """Return whether its reports, with one more, lie within `REACH`."""
        if self.first is None or self.last is None:
            return True
        return max(self.last, published) - min(self.first, published) <= REACH

    def take(self, fingerprint: Fingerprint) -> None:
        """Count a report."""
        published = fingerprint.published
        self.opening = self.opening or fingerprint
        self.size += 1
        self.first = min(self.first or published, published)
        self.last = max(self.last or published, published)


@dataclass(slots=True, eq=False)
class Report:
    """A report in its event; it stays there once it is settled."""

    item: int
    fingerprint: Fingerprint
    is_settled: bool
    event: Event


@dataclass(slots=True)
class _Postings:
    """The reports of each feature, latest last, and the document frequency of each feature."""

    reports: defaultdict[str, list[Report]] = field(default_factory=lambda: defaultdict(list))
    frequency: Counter[str] = field(default_factory=Counter)


class ReportIndex:
    """The reports of one story."""

    def __init__(self) -> None:
        self._terms: defaultdict[str, _Postings] = defaultdict(_Postings)
        self._interlingual = _Postings()
        self._hashes: defaultdict[object, list[Report]] = defaultdict(list)
        self._outlets: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._recent: deque[Report] = deque(maxlen=_COMPARED)
        self._counted = 0
        self._rarity: dict[int, float] = {}
        self._norms: dict[int, tuple[Mapping[str, float], float]] = {}

    def count(self, fingerprint: Fingerprint) -> None:
        """Count a report for rarity, and for which outlets and languages are usual."""
        self._outlets[fingerprint.outlet] += 1
        self._languages[fingerprint.language] += 1
        self._counted += 1
        self._rarity.clear()
        self._norms.clear()
        self._terms[fingerprint.language].frequency.update(fingerprint.terms.keys())
        self._interlingual.frequency.update(fingerprint.interlingual.keys())

    def insert(self, report: Report, *, is_twin: bool = False) -> None:
        """Add a report; one that `is_twin` of another is found only by its hash."""
        fingerprint = report.fingerprint
        for key in _hashes(fingerprint):
            self._hashes[key].append(report)
        if is_twin:
            return
        self._recent.append(report)
        for postings, features in (
            (self._terms[fingerprint.language], fingerprint.terms),
            (self._interlingual, fingerprint.interlingual),
        ):
            for feature in features:
                postings.reports[feature].append(report)

    def twins(self, fingerprint: Fingerprint) -> tuple[dict[Report, float], bool]:
        """Return near-identical reports, the latest of very many, with how alike their titles are.

        That is the Jaccard similarity (0..1) of their words. Also return whether there are so many
        that no other candidates need be compared.
        """
        found: dict[Report, float] = {}
        for key in _hashes(fingerprint):
            alike = self._hashes.get(key, ())
            for other in alike[-_TWINS:]:
                similarity = _jaccard(fingerprint.title, other.fingerprint.title)
                if similarity >= _SAME_TITLE and _is_near(fingerprint, other.fingerprint):
                    found[other] = similarity
            if found and len(alike) >= _CROWD:
                return found, True
        return found, False

    def candidates(self, fingerprint: Fingerprint) -> dict[Report, float]:
        """Return the reports to compare with one, each with the cosine of their features (0..1)."""
        found = {other: 0.0 for other in self._recent if _is_near(fingerprint, other.fingerprint)}
        language = fingerprint.language
        found.update(self._sharing(fingerprint, self._terms[language], fingerprint.terms))
        if len(self._languages) > 1 or language not in self._languages:
            found.update(self._sharing(fingerprint, self._interlingual, fingerprint.interlingual))
        return found

    def cosine(self, one: Fingerprint, other: Fingerprint) -> float:
        """Return the cosine (0..1) of two reports; across languages, of what is interlingual."""
        if one.language == other.language:
            return self._cosine(self._terms[one.language], one.terms, other.terms)
        return self._cosine(self._interlingual, one.interlingual, other.interlingual)

    def likeness(self, one: Fingerprint, other: Fingerprint) -> float:
        """Return the cosine (0..1) of two reports, or that of their titles if these are alike.

        Where many reports are alike, what they share is not rare, and their cosine is low.
        """
        similarity = _jaccard(one.title, other.title) if one.language == other.language else 0.0
        return similarity if similarity >= _SAME_TITLE else self.cosine(one, other)

    def is_same_outlet(self, one: Fingerprint, other: Fingerprint) -> bool:
        """Return whether an outlet published both, unless most reports come from it.

        A site that brings most is an aggregator.
        """
        outlet = one.outlet
        return outlet == other.outlet and 2 * self._outlets[outlet] <= self._counted

    def _sharing(
        self, own: Fingerprint, postings: _Postings, features: Mapping[str, float]
    ) -> Iterator[tuple[Report, float]]:
        """Yield the reports that share most with one, with the cosine of their features.

        Those of the interlingual postings are in other languages.
        """
        is_across = postings is self._interlingual
        rarity = {feature: self._rarity_of(postings, feature) for feature in features}
        weighted = {feature: weight * rarity[feature] for feature, weight in features.items()}
        worth = {feature: weight * rarity[feature] for feature, weight in weighted.items()}
        sums: defaultdict[Report, float] = defaultdict(float)
        for feature in nlargest(_RAREST, weighted, key=weighted.__getitem__):
            for other in postings.reports.get(feature, ())[-_LATEST:]:
                sums[other] += worth[feature]
        for other in nlargest(_COMPARED, sums, key=sums.__getitem__):
            if not _is_near(own, other.fingerprint):
                continue
            if is_across and other.fingerprint.language == own.language:
                continue
            theirs = other.fingerprint.interlingual if is_across else other.fingerprint.terms
            dot = sum([worth[shared] * theirs[shared] for shared in worth.keys() & theirs.keys()])
            yield other, dot / (self._norm(postings, features) * self._norm(postings, theirs))

    def _cosine(
        self, postings: _Postings, one: Mapping[str, float], other: Mapping[str, float]
    ) -> float:
        dot, rarity = 0.0, self._rarity_of
        for feature in one.keys() & other.keys():
            dot += one[feature] * other[feature] * rarity(postings, feature) ** 2
        return dot / (self._norm(postings, one) * self._norm(postings, other)) if dot else 0.0

    def _norm(self, postings: _Postings, features: Mapping[str, float]) -> float:
        """Return the length of a tf-idf vector; computed once while no report is counted."""
        key = id(features)  # the features are kept beside the norm: no others get their id
        if key not in self._norms:
            rarity = self._rarity_of
            found = math.hypot(*[w * rarity(postings, f) for f, w in features.items()])
            self._norms[key] = features, found
        return self._norms[key][1]

    def _rarity_of(self, postings: _Postings, feature: str) -> float:
        """Return the inverse document frequency of a feature."""
        count = postings.frequency[feature]
        if count not in self._rarity:
            self._rarity[count] = math.log((self._counted + _SMOOTHING + 1) / (count + 1))
        return self._rarity[count]


def _is_near(one: Fingerprint, other: Fingerprint) -> bool:
    return abs(one.published - other.published) <= REACH


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


def _hashes(fingerprint: Fingerprint) -> Iterable[object]:
    """Return the hashes of a report by which near-identical ones are found, the surest first.

    They are of the whole title with its figures, and of its two words of the lowest and of the
    highest hash. Two titles of Jaccard similarity 0.8 have one of the latter in 7 of 8 cases.
    """
    language, title = fingerprint.language, fingerprint.title
    if not title:
        return ()
    words = sorted([(crc32(word.encode()), word) for word in title])
    return (
        (language, title, fingerprint.figures),
        (language, *words[:2]),
        (language, *words[-2:], "highest"),
    )
