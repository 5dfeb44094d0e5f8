"""What a story has learned: counts of terms, patterns and days, on and off the story.

Among items with a name of the story, those that match its aspects or were linked count as positive
("on"), the others as unlabelled ("off"). Their term counts give log-odds as in a naive Bayes
classifier that learns from positive and unlabelled examples (Elkan and Noto, 2008, "Learning
classifiers from only positive and unlabeled data"). Drift is bounded: items linked only by learned
terms count in part (self-training), rare terms do not count, the sum has a cap, and counts decay.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from tracker.model.preview import ProfileTerm
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.scoring.features import Features


MOST_TERMS = 400
"""The most terms that `prune` keeps."""
MOST_DAYS = 400
"""The most days that `prune` keeps, the latest."""
HALF_LIFE_IN_DAYS = 365.0
"""Days in which counts decay by half."""
_MIN_COUNT = 0.2
"""Terms counted less than this are pruned."""
_NAME_LEARNING_RATE = 0.34
"""Rate of the moving average of how often a term is written as a name."""
_NAME_FROM = 0.5
"""That average from which on a term is a name."""
_MIN_SHOWN_COUNT = 2.0
"""The smallest count of a term that is shown."""
_MIN_SHOWN_ASSOCIATION = 0.3
"""The smallest association (0..1, either sign) of a term that is shown."""
_YEAR_IN_DAYS = 365.0
_PRIOR_IN_DAYS = 100.0
"""Days with typical reports that are added to the observed days."""
_COOCCURRENCE_PRIOR = 5.0
"""Items without the other name that are added to those observed."""
_ASPECT_PRIOR, _ASPECT_PRIOR_RATE = 10.0, 0.35
"""Items that are added to those observed, of which _ASPECT_PRIOR_RATE mention an aspect."""
_PROPOSAL_SHARE = 0.15
"""Share of a story's items from which on a name is proposed for the query."""


@dataclass(slots=True)
class Term:
    """Counts of one term, on and off the story.

    `first` and `last` are the days (ordinals) of its first and last count, `shown` is its spelling,
    `name_share` (0..1) how often it is written as a name.
    """

    on: float = 0.0
    off: float = 0.0
    first: int = 0
    last: int = 0
    shown: str = ""
    name_share: float = 0.0


class Profile:
    """The counts that a story keeps; they decay with HALF_LIFE_IN_DAYS.

    `first` and `last` are ordinals: the days of the first known and the latest counted item, 0 if
    none. `pattern_counts` (by `Features.pattern`) and `days` (by ordinal) count items on and off
    the story, `days` also those that mention an aspect in the title. `name_counts` (by
    `Features.names_present`) and `observed` count all items, `aspect_counts` those that show an
    aspect, by segment number. `manual_terms` are weights (-1..1) that the user set, by word as
    typed; `manual_stems` by stem.
    """

    __slots__ = (
        "_domestic",
        "aspect_counts",
        "days",
        "first",
        "last",
        "manual_stems",
        "manual_terms",
        "name_counts",
        "observed",
        "off",
        "on",
        "pattern_counts",
        "terms",
    )

    def __init__(self, first: int = 0) -> None:
        self.on = 0.0
        self.off = 0.0
        self.terms: dict[str, Term] = {}
        self.pattern_counts: dict[str, list[float]] = {}
        self.name_counts: dict[int, float] = {}
        self.days: dict[int, list[float]] = {}  # on, off, aspect in title
        self.observed = 0.0
        self.aspect_counts: dict[int, float] = {}
        self.manual_terms: dict[str, float] = {}
        self.manual_stems: dict[str, float] = {}
        self.first = self.last = first
        self._domestic: Profile | None = None

    def domestic(self) -> Profile:
        """Return the profile of items from the query's own country, made if needed.

        It shares the terms that the user set.
        """
        found = self._domestic = self._domestic or Profile(self.first)
        found.manual_terms, found.manual_stems = self.manual_terms, self.manual_stems
        return found

    def update(self, features: Features, on: float, off: float) -> None:
        """Add an item to the counts on and off the story; negative counts take it back."""
        evidence, day = features.evidence, features.day
        known, names = self.terms.get, evidence.names
        for stem, weight in evidence.terms.items():
            term = known(stem)
            if term is None:
                if on + off <= 0.0:
                    continue
                shown = evidence.shown.get(stem, stem)
                term = self.terms[stem] = Term(first=day, shown=shown)
            if off:
                counted = term.off + off * weight
                term.off = counted if counted > 0.0 else 0.0  # noqa: FURB136 - three times as fast as max()
            if on:
                counted = term.on + on * weight
                term.on = counted if counted > 0.0 else 0.0  # noqa: FURB136 - three times as fast as max()
            if on > 0.0:
                if day > term.last:  # noqa: PLR1730 - three times as fast as max()
                    term.last = day
                term.name_share += (
                    (1.0 if stem in names else 0.0) - term.name_share
                ) * _NAME_LEARNING_RATE
        self.on = max(0.0, self.on + on)
        self.off = max(0.0, self.off + off)
        for counts in (
            self.pattern_counts.setdefault(features.pattern, [0.0, 0.0]),
            self.days.setdefault(day, [0.0, 0.0, 0.0]),
        ):
            counts[0] = max(0.0, counts[0] + on)
            counts[1] = max(0.0, counts[1] + off)

    def observe(self, features: Features, weight: float, times: float = 1.0) -> None:
        """Add an item to the counts that do not depend on its score.

        `times` is the decay (0..1) since the item's day, below 0 to take it back.
        """
        day, weight = features.day, weight * times
        self.first = min(self.first or day, day)
        self.last = max(self.last, day)
        self.name_counts[features.names_present] = max(
            0.0, self.name_counts.get(features.names_present, 0.0) + times
        )
        self.observed = max(0.0, self.observed + weight)
        for number in features.aspects_shown:
            self.aspect_counts[number] = max(0.0, self.aspect_counts.get(number, 0.0) + weight)
        if features.aspect_in_title:
            counts = self.days.setdefault(day, [0.0, 0.0, 0.0])
            counts[2] = max(0.0, counts[2] + weight)

    def candidates(self) -> float:
        """Return the decayed number of candidates that were counted."""
        return sum([sum(side.name_counts.values()) for side in self.partitions()])

    def reports_a_year(self, names: int, usual: float) -> float:
        """Return the estimated reports a year with at least these names, above 0.

        `names` is a bitmask as `Features.names_present`, `usual` the prior rate. Counts and days
        decay alike; _PRIOR_IN_DAYS at the prior rate are added, so that a first week does not stand
        for a year.
        """
        seen = sum(count for other, count in self.name_counts.items() if other & names == names)
        rate = math.log(2.0) / HALF_LIFE_IN_DAYS
        days = -math.expm1(-rate * (self.last - self.first)) / rate
        assumed = usual * _PRIOR_IN_DAYS / _YEAR_IN_DAYS
        return (seen + assumed) / (days + _PRIOR_IN_DAYS) * _YEAR_IN_DAYS

    def cooccurrence(self, names: int, name: int) -> float:
        """Return the estimated share of items with `names` that also have `name`, in 0..1.

        Both are bitmasks as `Features.names_present`.
        """
        beside = [
            (other, count) for other, count in self.name_counts.items() if other & names == names
        ]
        seen = sum([count for _, count in beside])
        both = sum([count for other, count in beside if other & name == name])
        return both / (seen + _COOCCURRENCE_PRIOR)

    def aspect_share(self, number: int) -> float:
        """Return the estimated share of items that mention an aspect, in 0..1."""
        term = self.aspect_counts.get(number, 0.0) + _ASPECT_PRIOR_RATE * _ASPECT_PRIOR
        return term / (self.observed + _ASPECT_PRIOR)

    def maturity(self, days: int) -> float:
        """Return the length of the history as a share of so many days, in 0..1."""
        return min(1.0, (self.last - self.first) / days)

    def decay_since(self, day: int) -> float:
        """Return the factor (0..1) by which counts of a day have decayed."""
        return _decay_factor(max(0, self.last - day))

    def decay(self, day: int) -> None:
        """Decay all counts to a day; an earlier day than the latest changes nothing."""
        if self._domestic:
            self._domestic.decay(day)
        if self.last and day > self.last:
            factor = _decay_factor(day - self.last)
            self.on *= factor
            self.off *= factor
            for term in self.terms.values():
                term.on *= factor
                term.off *= factor
            for names in self.name_counts:
                self.name_counts[names] *= factor
            self.observed *= factor
            for number in self.aspect_counts:
                self.aspect_counts[number] *= factor
            for counts in self.pattern_counts.values():
                counts[0] *= factor
                counts[1] *= factor
        self.last = max(self.last, day)

    def prune(self) -> None:
        """Remove rare terms and the oldest days, to bound the size."""
        if self._domestic:
            self._domestic.prune()
        remaining = [(s, t) for s, t in self.terms.items() if t.on + t.off >= _MIN_COUNT]
        if len(remaining) > MOST_TERMS:
            ranked = [(-max(term.on * 2, term.off), stem) for stem, term in remaining]
            ranked.sort()  # tuples sort in half the time of a key function
            remaining = [(stem, self.terms[stem]) for _, stem in ranked[:MOST_TERMS]]
        self.terms = dict(remaining)
        if len(self.days) > MOST_DAYS:
            self.days = {day: self.days[day] for day in sorted(self.days)[-MOST_DAYS:]}

    def edit(self, word: str, weight: float | None) -> None:
        """Set the weight of a word (-1..1; 0 ignores it); None leaves it to learning.

        It applies to all inflections of the word in all languages. Stems that it shares with
        another word set by the user keep that word's weight.
        """
        for typed in [typed for typed in self.manual_terms if normalize(typed) == normalize(word)]:
            del self.manual_terms[typed]
        if weight is not None:
            self.manual_terms[word] = max(-1.0, min(1.0, weight))
        self.manual_stems.clear()
        for typed, given in self.manual_terms.items():
            self.manual_stems.update(dict.fromkeys(self._stems(typed), given))

    def _stems(self, word: str) -> set[str]:
        """Return the stems of a word in all languages."""
        return {read.stem for code in ("", *SNOWBALL) for read in tokenize(word, code)}

    def top_terms(self, most: int = 40) -> tuple[ProfileTerm, ...]:
        """Return the terms that the user set, then the strongest learned ones.

        A proposal is a name in many items of the story, which the user may add to the query: the
        query then also matches items without the names typed so far.
        """
        typed = [self._manual_term(word, weight) for word, weight in self.manual_terms.items()]
        found: dict[str, ProfileTerm] = {}
        for term in chain.from_iterable(side.strong_terms() for side in self.partitions()):
            # Stemmers of several languages give one name several stems; the most frequent is shown.
            other = found.get(normalize(term.text))
            if other is None or (term.proposed, term.items) > (other.proposed, other.items):
                found[normalize(term.text)] = term
        ranked = sorted(found.values(), key=lambda t: -abs(t.weight) * math.log1p(t.items + 1))
        return (*typed, *ranked[:most])

    def strong_terms(self) -> Iterator[ProfileTerm]:
        """Yield the learned terms with a clear association, without the domestic profile's."""
        for stem, term in self.terms.items():
            weight = self.association(term)
            named = term.name_share > _NAME_FROM
            if stem not in self.manual_stems and (
                (term.on >= _MIN_SHOWN_COUNT and weight > _MIN_SHOWN_ASSOCIATION)
                or (term.off >= _MIN_SHOWN_COUNT and weight < -_MIN_SHOWN_ASSOCIATION)
            ):
                proposed = (
                    named
                    and weight > _MIN_SHOWN_ASSOCIATION
                    and term.on >= max(_MIN_SHOWN_COUNT, self.on * _PROPOSAL_SHARE)
                )
                kind, since, items = "name" if named else "word", term.first, round(term.on)
                yield ProfileTerm(
                    term.shown, kind, weight, _datetime_of(since), items, proposed=proposed
                )

    def partitions(self) -> list[Profile]:
        """Return this profile, and the domestic one if there is one."""
        return [self, self._domestic] if self._domestic else [self]

    def _manual_term(self, word: str, weight: float) -> ProfileTerm:
        """Return a term that the user set, with its counts."""
        stems, sides = self._stems(word), self.partitions()
        seen = [side.terms[stem] for side in sides for stem in stems if stem in side.terms]
        names = [term for term in seen if term.on > 0.0]
        named = any(term.name_share > _NAME_FROM for term in names)
        since = _datetime_of(min(term.first for term in names)) if names else None
        items = round(max((term.on for term in names), default=0.0))
        return ProfileTerm(word, "name" if named else "word", weight, since, items, given=True)

    def association(self, term: Term) -> float:
        """Return the association of a term with the story: tanh of half its log-odds, in -1..1."""
        on = (term.on + 0.5) / (self.on + 1.0)
        off = (term.off + 0.5) / (self.off + 1.0)
        return math.tanh(math.log(on / off) / 2.0)


def _decay_factor(days: int) -> float:
    """Return the share of a count that is left after so many days, in 0..1."""
    return math.exp2(-days / HALF_LIFE_IN_DAYS)


def _datetime_of(day: int) -> datetime:
    return datetime.fromordinal(max(1, day)).replace(tzinfo=UTC)
