"""Does an item belong to a story, how surely, and why.

One evaluator for preview, poll, backfill and search. A score is the chance that logistic regression
gives: what the item shows of the query (names, affair, nearness) and what the story has learned
(words, patterns of names, times) each add log-odds. The worth of a reason is the difference it
makes to that chance, in the order given, so that worths add up to the score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Reason, Status, Verdict
from tracker.stories.evidence import FULL, Evidence, Hit, Observer
from tracker.stories.profile import Profile, log_odds, shrunk, strongest
from tracker.stories.understand import CONCEPT, NAME, Understanding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.text import Text


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of the evaluator, in log-odds where they are added."""

    start: float = -3.2
    names: float = 3.0
    context: float = 0.4
    summary: float = 0.6
    affair: float = 2.6
    near: float = 0.6
    title: float = 0.8
    every_name: float = 0.5
    no_subject: float = -2.0
    word: float = 1.0
    short: float = 0.5
    learned: float = 0.5
    learned_most: float = 2.0
    learned_words: int = 8
    pattern: float = 0.6
    pattern_most: float = 1.5
    time: float = 0.6
    time_most: float = 1.2
    window_in_days: int = 4
    prior: float = 0.25
    strength: float = 4.0
    fewest: float = 2.0
    smooth_on: float = 3.0
    smooth_off: float = 10.0
    explicit: float = 0.55
    taken_on_trust: float = 0.5
    linked: float = 0.5
    maybe: float = 0.2


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an item shows of a story, ready to be judged as often as the profile changes."""

    evidence: Evidence
    day: int
    names: float
    subject: float
    affair: float
    in_title: bool
    every_name: bool
    pattern: str
    barred: str = ""

    @property
    def explicit(self) -> float:
        """How far the query alone shows that the item is on the story, in 0..1."""
        return min(1.0, self.affair) * self.names


class Judge:
    """Judges items for one query; knows nothing of other stories and keeps nothing."""

    def __init__(self, understanding: Understanding, weights: Weights = WEIGHTS) -> None:
        self.parts = understanding.parts
        self.weights = weights
        self.observer = Observer(understanding)
        self._names = [
            (number, weights.context if part.context else 1.0)
            for number, part in enumerate(self.parts)
            if part.kind == NAME
        ]
        self._affair = [
            (number, 1.0 if part.kind == CONCEPT else weights.word)
            for number, part in enumerate(self.parts)
            if part.kind != NAME
        ]

    def sight(self, text: Text, day: int) -> Sighting:
        """Look at an item; `day` is the ordinal of its date."""
        return self.weigh(self.observer.observe(text), day)

    def weigh(self, evidence: Evidence, day: int) -> Sighting:
        """Sum up evidence in the figures that every judgement needs."""
        levels = [self._level(evidence, number) for number in range(len(self.parts))]
        names = sum(w * levels[n] for n, w in self._names)
        total = sum(w for _, w in self._names)
        affair = sum(w * levels[n] for n, w in self._affair)
        affair_total = sum(w for _, w in self._affair)
        subjects = [n for n, _ in self._names if not self.parts[n].context]
        hits = evidence.hits
        return Sighting(
            evidence,
            day,
            names=names / total if total else 1.0,
            subject=max((levels[n] for n in subjects), default=1.0),
            affair=affair / affair_total if affair_total else 1.0,
            in_title=any(hits[n][0] for n in subjects),
            every_name=len(self._names) > 1 and all(hits[n][0] for n, _ in self._names),
            pattern="|".join(_pattern(evidence, n) for n, _ in self._names),
            barred=evidence.excluded,
        )

    def _level(self, evidence: Evidence, number: int) -> float:
        short = self.weights.short if self.parts[number].kind == NAME else 0.0
        title, summary = (
            (hit.level if hit.level == FULL or not short else short) if hit else 0.0
            for hit in evidence.hits[number]
        )
        return max(title, summary * self.weights.summary)

    # --- judging ---------------------------------------------------------------------------------

    def score(self, sighting: Sighting, profile: Profile) -> float:
        """Give the chance that an item belongs to the story."""
        if sighting.barred:
            return 0.0
        total = self.weights.start
        total += sum(worth for _, worth in self._typed(sighting))
        learned = sum(worth for _, worth in self._learned_words(sighting, profile))
        total += learned + sum(self._habits(sighting, profile))
        return _chance(total)

    def _typed(self, sighting: Sighting) -> Iterator[tuple[str, float]]:
        """Give what the query's own parts add."""
        weights = self.weights
        yield "names", weights.names * sighting.names
        yield "affair", weights.affair * sighting.affair
        yield "near", weights.near * sighting.evidence.near
        if sighting.in_title:
            yield "title", weights.title
        if sighting.every_name:
            yield "every name", weights.every_name
        if not sighting.subject:
            yield "no subject", weights.no_subject

    def _learned_words(self, sighting: Sighting, profile: Profile) -> list[tuple[str, float]]:
        """Give the learned words of the item with what each adds, the sum within its bounds."""
        weights = self.weights
        if profile.on < weights.fewest:
            return []
        on, off = profile.on + weights.smooth_on, profile.off + weights.smooth_off
        total = profile.on + profile.off + 20.0
        found = []
        for stem, share in sighting.evidence.terms.items():
            term = profile.terms.get(stem)
            if term is None or term.on + term.off < weights.fewest:
                continue
            rate = (term.on + term.off + 0.08) / total
            odds = (term.on + weights.smooth_on * rate) / on
            odds /= (term.off + weights.smooth_off * rate) / off
            found.append((stem, math.log(odds) * share * weights.learned))
        found = strongest(found, weights.learned_words)
        added = sum(worth for _, worth in found)
        if abs(added) > weights.learned_most:
            factor = weights.learned_most / abs(added)
            found = [(stem, worth * factor) for stem, worth in found]
        return found

    def _habits(self, sighting: Sighting, profile: Profile) -> tuple[float, float]:
        """Give what the pattern of names adds, and what the time does."""
        weights = self.weights
        base = shrunk(profile.on, profile.off, weights.prior, weights.strength)
        on, off = profile.patterns.get(sighting.pattern, (0.0, 0.0))
        usual = shrunk(on, off, base, weights.strength)
        pattern = weights.pattern * (log_odds(usual) - log_odds(weights.prior))
        on = off = 0.0
        for day in range(
            sighting.day - weights.window_in_days, sighting.day + weights.window_in_days + 1
        ):
            counts = profile.days.get(day)
            if counts:
                on, off = on + counts[0], off + counts[1]
        now = shrunk(on, off, usual, weights.strength)
        time = weights.time * (log_odds(now) - log_odds(usual))
        return (
            _within(pattern, weights.pattern_most),
            _within(time, weights.time_most),
        )

    def verdict(self, sighting: Sighting, profile: Profile) -> Verdict:
        """Judge an item and say why."""
        score = self.score(sighting, profile)
        status = None
        if score >= self.weights.linked:
            status = Status.LINKED
        elif score >= self.weights.maybe:
            status = Status.MAYBE
        return Verdict(score, status, tuple(self._reasons(sighting, profile)))

    def _reasons(self, sighting: Sighting, profile: Profile) -> Iterator[Reason]:
        """Give the reasons in order; each is worth the difference it makes to the chance."""
        if sighting.barred:
            yield Reason(sighting.barred, "negated", sighting.barred, "", 0.0)
            return
        added = self.weights.start
        chance = _chance(added)
        yield Reason("any report", "start", "", "", chance)
        for part, kind, hit, worth in self._contributions(sighting, profile):
            added += worth
            before, chance = chance, _chance(added)
            yield Reason(
                part, kind, hit.found if hit else "", hit.field if hit else "", chance - before
            )

    def _contributions(
        self, sighting: Sighting, profile: Profile
    ) -> Iterator[tuple[str, str, Hit | None, float]]:
        """Give everything that adds to the log-odds: what about, its kind, where, how much."""
        weights, evidence = self.weights, sighting.evidence
        for group, factor in ((self._names, weights.names), (self._affair, weights.affair)):
            total = sum(weight for _, weight in group)
            for number, weight in group:
                title, summary = evidence.hits[number]
                level = self._level(evidence, number)
                hit = title if title and title.level >= level else summary or title
                part = self.parts[number]
                kind = part.kind if hit else "missing"
                yield part.text, kind, hit, factor * weight * level / total
        if not self._names:
            yield "no names in the query", "start", None, weights.names
        if not self._affair:
            yield "no affair in the query", "start", None, weights.affair
        for what, worth in list(self._typed(sighting))[2:]:
            if worth:
                yield what, "near" if what == "near" else "title", None, worth
        for stem, worth in self._learned_words(sighting, profile):
            found = evidence.shown.get(stem, stem)
            yield found, "profile", None, worth
        pattern, time = self._habits(sighting, profile)
        yield "how often such reports are on the story", "profile", None, pattern
        yield "reports of these days", "profile", None, time

    def share(self, sighting: Sighting, *, linked: bool) -> float:
        """Give how much of an item the profile counts as on the story."""
        if sighting.explicit >= self.weights.explicit:
            return 1.0
        return self.weights.taken_on_trust if linked else 0.0


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _pattern(evidence: Evidence, number: int) -> str:
    title, summary = evidence.hits[number]
    where = "t" if title else "s" if summary else "-"
    full = max((hit.level for hit in (title, summary) if hit), default=0.0) == FULL
    return where + ("+" if full else "")
