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
from tracker.stories.evidence import COMPARED, SHORT, Evidence, Hit, Observer
from tracker.stories.profile import Profile, log_odds, shrunk, strongest
from tracker.stories.understand import CONCEPT, NAME, Understanding
from tracker.stories.vocabulary import BOUND, FULL, HALF, KIN, NARROWER, SYNONYM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.text import Text


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of the evaluator, in log-odds where they are added.

    Found by random search and ablation for the best mean F1 over labelled stories: real headlines,
    most of them English, and the seven languages of benchmarks/quality, both followed live and
    late.
    """

    start: float = -3.82
    names: float = 2.93
    names_power: float = 0.8
    context: float = 1.04
    rarity: float = 0.05
    summary: float = 0.98
    affair: float = 2.81
    affair_power: float = 2.29
    near: float = 0.37
    title: float = 0.76
    every_name: float = 0.65
    word: float = 0.14
    short: float = 0.88
    bound: float = 0.77
    half: float = 0.6
    synonym: float = 0.87
    narrower: float = 0.76
    habit: float = 0.55
    weak: float = 0.96
    kin: float = 0.1
    learned_for: float = 0.24
    learned_against: float = 0.35
    learned_most: float = 3.75
    learned_least: float = 2.2
    learned_words: int = 37
    base: float = 0.55
    pattern: float = 0.35
    pattern_most: float = 0.7
    time: float = 1.16
    time_most: float = 0.6
    surge: float = 1.2
    surge_most: float = 3.0
    window_in_days: int = 17
    prior: float = 0.4
    strength: float = 3.84
    fewest: float = 1.39
    smooth_on: float = 8.25
    smooth_off: float = 24.54
    explicit: float = 0.41
    taken_on_trust: float = 0.23
    edited: float = 1.7
    count_power: float = 1.54
    linked: float = 0.5
    maybe: float = 0.2


WEIGHTS = Weights()
_SURGE_IN_DAYS = 5
"""So many days before and after a report make up the days about it."""
_USUAL_IN_DAYS = 60
"""Of a shorter time it is not known how many reports are usual."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an item shows of a story, ready to be judged as often as the profile changes.

    `levels` run parallel to the parts and say how well each is shown, in 0..1; `told` is whether
    the title tells the affair.
    """

    evidence: Evidence
    day: int
    levels: tuple[float, ...]
    affair: float
    firm: float
    in_title: bool
    every_name: bool
    pattern: str
    barred: str = ""
    told: bool = False


class Judge:
    """Judges items for one query; knows nothing of other stories and keeps nothing."""

    def __init__(self, understanding: Understanding, weights: Weights = WEIGHTS) -> None:
        self.parts = understanding.parts
        self.weights = weights
        self.observer = Observer(understanding)
        self._names = [n for n, part in enumerate(self.parts) if part.kind == NAME]
        self._unbound = len(self._names) > 1 and not any(part.bound for part in self.parts)
        self._affair = [
            (n, 1.0 if part.kind == CONCEPT else weights.word)
            for n, part in enumerate(self.parts)
            if part.kind != NAME
        ]

    def sight(self, text: Text, day: int) -> Sighting:
        """Look at an item; `day` is the ordinal of its date."""
        return self.weigh(self.observer.observe(text), day)

    def weigh(self, evidence: Evidence, day: int) -> Sighting:
        """Sum up evidence in the figures that every judgement needs."""
        levels = tuple(self._level(evidence, number) for number in range(len(self.parts)))
        affair = sum(w * levels[n] for n, w in self._affair)
        firm = sum(w * self._level(evidence, n, SYNONYM) for n, w in self._affair)
        total = sum(w for _, w in self._affair)
        hits = evidence.hits
        return Sighting(
            evidence,
            day,
            levels,
            affair=affair / total if total else 1.0,
            firm=firm / total if total else 1.0,
            in_title=any(hits[n][0] for n in self._names if not self.parts[n].context),
            every_name=self._unbound and all(hits[n][0] for n in self._names),
            pattern="|".join(_pattern(evidence, n) for n in self._names),
            barred=evidence.excluded,
            told=any((hit := hits[n][0]) and hit.level > KIN for n, _ in self._affair),
        )

    def _level(self, evidence: Evidence, number: int, least: float = 0.0) -> float:
        weights = self.weights
        if self.parts[number].kind == NAME:
            scale = {
                FULL: 1.0,
                SHORT: weights.short,
                BOUND: weights.bound,
                HALF: weights.half,
                COMPARED: COMPARED,
            }
        else:
            scale = {
                FULL: 1.0,
                SYNONYM: weights.synonym,
                NARROWER: weights.narrower,
                SHORT: weights.weak,
                KIN: weights.kin,
                KIN / 2: weights.kin / 2,
            }
        title, summary = (
            scale[hit.level] if hit and hit.level >= least else 0.0 for hit in evidence.hits[number]
        )
        return max(title, summary * weights.summary)

    # --- judging ---------------------------------------------------------------------------------

    def name_weights(self, profile: Profile) -> list[float]:
        """Give the share of each name: the rarer among the candidates, the more it says."""
        if not self._names:
            return []
        counts = [5.0] * len(self._names)
        for pattern, (on, off) in profile.patterns.items():
            for place, mark in enumerate(pattern.split("|")):
                if mark != "-":
                    counts[place] += on + off
        fewest = min(counts)
        shares = [
            (fewest / count) ** self.weights.rarity
            * (self.weights.context if self.parts[number].context else 1.0)
            for number, count in zip(self._names, counts, strict=True)
        ]
        total = sum(shares)
        return [share / total for share in shares]

    def names(self, sighting: Sighting, shares: list[float]) -> float:
        """Give how much of the query's names an item holds, in 0..1."""
        if not shares:
            return 1.0
        pairs = zip(self._names, shares, strict=True)
        return sum(share * sighting.levels[number] for number, share in pairs)

    def score(
        self, sighting: Sighting, profile: Profile, shares: list[float] | None = None
    ) -> float:
        """Give the chance that an item belongs to the story."""
        if sighting.barred:
            return 0.0
        if shares is None:
            shares = self.name_weights(profile)
        names = self.names(sighting, shares)
        total = self.weights.start
        total += sum(worth for _, worth in self._typed(sighting, names))
        total += sum(worth for _, worth in self._learned_words(sighting, profile, names))
        total += sum(self._habits(sighting, profile, names))
        return _chance(total)

    def _typed(self, sighting: Sighting, names: float) -> Iterator[tuple[str, float]]:
        """Give what the query's own parts add."""
        weights = self.weights
        yield "names", weights.names * names**weights.names_power
        yield "affair", weights.affair * sighting.affair * names**weights.affair_power
        yield "near", weights.near * sighting.evidence.near
        if sighting.in_title:
            yield "title", weights.title
        if sighting.every_name:
            yield "every name", weights.every_name

    def _learned_words(
        self, sighting: Sighting, profile: Profile, names: float
    ) -> list[tuple[str, float]]:
        """Give the learned words of the item with what each adds, the sum within its bounds."""
        weights = self.weights
        edited = [
            (stem, profile.edited[stem] * weights.edited * share)
            for stem, share in sighting.evidence.terms.items()
            if stem in profile.edited
        ]
        if profile.on < weights.fewest:
            return edited
        on, off = profile.on + weights.smooth_on, profile.off + weights.smooth_off
        counted = profile.on + profile.off + 20.0
        found = []
        for stem, share in sighting.evidence.terms.items():
            term = profile.terms.get(stem)
            if term is None or term.on + term.off < weights.fewest or stem in profile.edited:
                continue
            rate = (term.on + term.off + 0.08) / counted
            odds = (term.on + weights.smooth_on * rate) / on
            odds /= (term.off + weights.smooth_off * rate) / off
            added = math.log(odds) * share
            added *= weights.learned_for if added > 0.0 else weights.learned_against
            found.append((stem, added))
        found = strongest(found, weights.learned_words)
        total = sum(worth for _, worth in found)
        most = weights.learned_most if total > 0 else weights.learned_least
        factor = min(1.0, most / abs(total)) if total else 1.0
        if total > 0:
            factor *= names**weights.affair_power
        return edited + [(stem, worth * factor) for stem, worth in found]

    def _habits(
        self, sighting: Sighting, profile: Profile, names: float
    ) -> tuple[float, float, float]:
        """Give what the pattern of names adds, what the time does, and what a surge does."""
        weights = self.weights
        base = shrunk(profile.on, profile.off, weights.prior, weights.strength)
        on, off = profile.patterns.get(sighting.pattern, (0.0, 0.0))
        usual = shrunk(on, off, base, weights.strength)
        pattern = weights.pattern * (log_odds(usual) - log_odds(base))
        pattern += weights.base * (log_odds(base) - log_odds(weights.prior))
        on = off = 0.0
        window = weights.window_in_days
        for day in range(sighting.day - window, sighting.day + window + 1):
            counts = profile.days.get(day)
            if counts:
                on, off = on + counts[0], off + counts[1]
        now = shrunk(on, off, usual, weights.strength)
        time = weights.time * (log_odds(now) - log_odds(usual))
        if time > 0:
            time *= names**weights.affair_power
        open_to_habit = 1.0 - weights.habit * min(1.0, sighting.firm)
        return (
            _within(pattern, weights.pattern_most) * open_to_habit,
            _within(time, weights.time_most) * open_to_habit,
            weights.surge * names**weights.affair_power * self._surge(sighting.day, profile),
        )

    def _surge(self, day: int, profile: Profile) -> float:
        """Give how many times as many reports as usual there are about a day, as a logarithm.

        It counts by the square of the share of these that are on the story, and not at all (0.0)
        where none tells the affair.
        """
        on = near = told = 0.0
        for other in range(day - _SURGE_IN_DAYS, day + _SURGE_IN_DAYS + 1):
            if counts := profile.days.get(other):
                on += counts[0]
                near += counts[0] + counts[1]
                told += counts[2]
        if told < 1.0:
            return 0.0
        length = 2 * _SURGE_IN_DAYS + 1
        span = max(_USUAL_IN_DAYS, profile.last - profile.first)
        usual = max(0.0, profile.on + profile.off - near) * length / span
        surge = math.log((near + 1.0) / (usual + 1.0))
        return min(self.weights.surge_most, surge) * ((on + 1.0) / (near + 1.0)) ** 2

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
        evidence = sighting.evidence
        shares = self.name_weights(profile)
        names = self.names(sighting, shares)
        typed = dict(self._typed(sighting, names))
        total = sum(weight for _, weight in self._affair) * sighting.affair
        parts = [
            (n, typed["names"] * share * sighting.levels[n] / names if names else 0.0)
            for n, share in zip(self._names, shares, strict=True)
        ] + [
            (n, typed["affair"] * weight * sighting.levels[n] / total if total else 0.0)
            for n, weight in self._affair
        ]
        for number, worth in parts:
            title, summary = evidence.hits[number]
            hit = title if title and (not summary or title.level >= summary.level) else summary
            part = self.parts[number]
            yield part.text, part.kind if hit else "missing", hit, worth
        if not self._names or not self._affair:
            missing = "names" if not self._names else "affair"
            yield f"no {missing} in the query", "start", None, typed[missing]
        for what in ("near", "title", "every name"):
            if typed.get(what):
                yield what, "near", None, typed[what]
        for stem, worth in self._learned_words(sighting, profile, names):
            yield evidence.shown.get(stem, stem), "profile", None, worth
        pattern, time, surge = self._habits(sighting, profile, names)
        yield "such reports as a rule", "profile", None, pattern
        yield "reports of these days", "profile", None, time
        yield "more reports than usual", "profile", None, surge

    def share(self, sighting: Sighting, names: float, score: float) -> float:
        """Give how a profile is to count an item: 1 if the query alone shows it, else its score."""
        if sighting.firm * names >= self.weights.explicit:
            return 1.0
        return max(0.0, min(0.99, score))

    def counts(self, share: float, names: float) -> tuple[float, float]:
        """Give how much of an item counts as on the story, and how much as off it.

        A score counts only in part for it, so that learning does not feed on itself; items with
        few of the names say little either way.
        """
        weight = names**self.weights.count_power
        if share >= 1.0:
            return weight, 0.0
        return weight * self.weights.taken_on_trust * share, weight * (1.0 - share)


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _pattern(evidence: Evidence, number: int) -> str:
    title, summary = evidence.hits[number]
    if not title and not summary:
        return "-"
    where = "t" if title else "s"
    best = max((hit.level for hit in (title, summary) if hit), default=0.0)
    return where + {FULL: "+", SHORT: "", HALF: "-"}.get(best, "~")
