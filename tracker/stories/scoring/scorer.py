"""Does an item belong to a story, how surely, and why.

One evaluator for preview, poll, backfill and search. A score is the chance that logistic regression
gives: what the item shows of the query (names, affair, nearness) and what the story has learned
(words, patterns of names, times) each add log-odds. The worth of a reason is the difference it
makes to that chance, in the order given, so that worths add up to the score.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model import Reason, Status, Verdict
from tracker.stories.matching.observer import QueryMatcher
from tracker.stories.query.model import NAME
from tracker.stories.scoring.estimates import (
    USUAL_IN_DAYS,
    ProfileEstimates,
    QueryContribution,
    QueryPriors,
)
from tracker.stories.scoring.explanation import LogOdds, reasons
from tracker.stories.scoring.features import HELD, FeatureExtractor
from tracker.stories.scoring.statistics import log_odds, probability, shrunk, strongest
from tracker.stories.scoring.weights import WEIGHTS

if TYPE_CHECKING:
    from tracker.stories.matching.evidence import Evidence
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.weights import Weights
    from tracker.stories.text.documents import AnalyzedText


_MORE = 2
"""Parts of an affair beyond the first that make it less needful to tell each; more do no more."""


class Scorer:
    """Judges items for one query; knows nothing of other stories and keeps nothing.

    `subjects` are the numbers of the parts that make the story, `named` is whether one is a name,
    `priors` what a profile says of the query as a whole.
    `at_home` judges what is read without the query's country, None where nothing is: sightings that
    are `at_home` are handed to it.
    """

    def __init__(self, interpretation: QueryInterpretation, weights: Weights = WEIGHTS) -> None:
        self.segments = interpretation.segments
        self.weights = weights
        self.matcher = QueryMatcher(interpretation)
        self._weigher = FeatureExtractor(interpretation.segments, weights)
        self._apart = self._weigher.apart
        self._affair = self._weigher.aspects
        self.focus = self._weigher.focus
        self.domestic = (
            Scorer(interpretation.domestic, weights) if interpretation.domestic else None
        )
        self._unsaid = [
            p.text for p in self.segments if p.entity and p.entity == interpretation.country
        ]
        self._open = bool(self._affair) and all(self.segments[n].optional for n, _ in self._affair)
        self.named = any(segment.kind == NAME for segment in self.segments)
        self.priors = QueryPriors(self._weigher)
        self._makes_up = len(self.focus) > 1 and not self._open
        self._told_in_days = self.named and self._makes_up and not self._affair
        self._somewhere = len(self.focus) == 1 and self.segments[self.focus[0]].is_place

    def features_of(self, text: AnalyzedText, day: int) -> Features:
        """Look at an item; `day` is the ordinal of its date."""
        return self.features(self.matcher.match(text), day)

    def features(self, evidence: Evidence, day: int) -> Features:
        """Sum up evidence in the figures that every judgement needs."""
        return self._weigher.extract(evidence, day)

    # --- judging ---------------------------------------------------------------------------------

    def estimates(self, profile: Profile, items: int = 1) -> ProfileEstimates:
        """Give a profile as it stands, for judging so many items before it counts any of them."""
        home = self.domestic
        return ProfileEstimates(
            profile,
            self.weights,
            self.priors.name_shares(profile),
            self.priors.aspect_shares(profile),
            items,
            unheard=self.priors.implicit_aspect(profile),
            meeting=self.priors.cooccurrence_bonus(profile),
            at_home=home.estimates(profile.domestic(), items) if home else None,
        )

    def name_level(self, features: Features, estimates: ProfileEstimates) -> float:
        """Give how much of the query's names an item holds, in 0..1.

        Where the query has none, its other words together have to make the story.
        """
        if features.domestic and self.domestic and estimates.domestic:
            return self.domestic.name_level(features, estimates.domestic)
        return self._shaped(features, estimates).names

    def _shaped(self, features: Features, estimates: ProfileEstimates) -> QueryContribution:
        """Give what adds to an item for what it shows of the query, found once for each shape."""
        shape = features.shape
        key = (shape, features.day) if self._told_in_days else shape
        found = estimates.shapes.get(key)
        if found is None:
            held, names = self._held(features, estimates)
            power = names**self.weights.affair_power
            open_to_habit = 1.0 - self.weights.habit * min(1.0, features.aspects_firm)
            told = max(
                self._weigher.aspect_level(features.levels, estimates.aspect_shares),
                features.majority,
            )
            typed = self._typed(features, names, power, max(told, estimates.implicit_aspect))
            pattern, usual = self._pattern(features, estimates)
            habits = {
                "how many reports name it": self._rare(features, estimates, names) * open_to_habit,
                "what brings the names together": estimates.cooccurrence_bonus,
                "such reports as a rule": pattern * open_to_habit,
            }
            total = sum(typed.values()) + sum(habits.values())
            segments = [
                s * features.levels[n]
                for s, (n, _) in zip(estimates.aspect_shares, self._affair, strict=True)
            ]
            found = QueryContribution(
                held, segments, names, power, typed, habits, usual, open_to_habit, total
            )
            estimates.shapes[key] = found
        return found

    def _held(self, features: Features, estimates: ProfileEstimates) -> tuple[list[float], float]:
        """Give what an item holds of each name, by their shares or alike: whichever is more.

        The rarest name alone may tell the story, and so may all but the rarest. With their sum, to
        which a name that is not there adds as it is to be expected beside those that are.
        """
        levels = [features.levels[number] for number in self.focus]
        by_rarity = [share * level for share, level in zip(estimates.shares, levels, strict=True)]
        held = max(by_rarity, [level / len(levels) for level in levels], key=sum)
        total = sum(held)
        for place, level in enumerate(levels if total else ()):
            if not level:
                expected = estimates.profile.cooccurrence(features.names_held, HELD << 2 * place)
                total += self.weights.along * expected * estimates.shares[place]
        total = self._of_many(features, estimates, max(total, features.majority))
        if features.conflicting_place and total < 1.0:
            return held, total * self.weights.elsewhere
        return held, total + self._made_up_for(features, estimates, total)

    def _of_many(self, features: Features, estimates: ProfileEstimates, total: float) -> float:
        """Give the share of the names as it counts: of many names a few are enough.

        Where they are all that tells the affair, they are as far as hardly any report holds them:
        Altman is told of with OpenAI every day.
        """
        if self._weigher.times_enough == 1.0:
            return total
        enough = min(1.0, total * self._weigher.times_enough)
        few = 1.0 if self._affair else estimates.rarity(features.names_held)
        return total + (enough - total) * few

    def _made_up_for(self, features: Features, estimates: ProfileEstimates, total: float) -> float:
        """Give how much a report that tells the affair makes up for the names that it leaves out.

        It does where hardly any report holds the others: of "Panama ports BlackRock", a court on
        the ports of Panama. What Apple sues for without Epic is another affair. Where no affair is
        typed, it is told in days of which most reports are on the story. A shortage of chips makes
        up for the car of "car chip shortage": matters are left out more often than names.
        """
        if not self._makes_up or not 0.0 < total < 1.0:
            return 0.0
        told = max(0.0, 2.0 * features.aspects - 1.0)  # half of it says nothing
        if not self.named:
            return self.weights.made_up_subject * told * (1.0 - total)
        if not self._affair:
            on, off = estimates.counts_around(features.day)
            told = on / (on + off + 1.0)
        few = estimates.rarity(features.names_held)
        return self.weights.made_up * told * few * (1.0 - total)

    def score(
        self, features: Features, profile: Profile, estimates: ProfileEstimates | None = None
    ) -> float:
        """Give the chance that an item belongs to the story; `standing` is the profile's."""
        if features.barred:
            return 0.0
        estimates = estimates or self.estimates(profile)
        if features.domestic and self.domestic:
            return self.domestic.score(features, profile.domestic(), estimates.domestic)
        added = self._added(features, estimates)
        return added.chance(self.weights.start)

    def _added(self, features: Features, estimates: ProfileEstimates) -> LogOdds:
        shaped = self._shaped(features, estimates)
        return LogOdds(
            shaped,
            self._learned_words(features, estimates, shaped.power),
            self._of_its_days(features, estimates, shaped),
            self._meaning(features.evidence.similarity),
        )

    def _meaning(self, similarity: float | None) -> float:
        """Give what it adds that the title means the same in other words; never below 0."""
        weights = self.weights
        return weights.similarity * max(0.0, (similarity or 0.0) - weights.similarity_from)

    def _typed(
        self, features: Features, names: float, power: float, told: float
    ) -> dict[str, float]:
        """Give what the query's own parts add, where the affair is told so well."""
        weights = self.weights
        affair = weights.affair * told * power
        if len(self._affair) > 1:  # to tell nothing of two parts says more than of one, some less
            affair = weights.several_start * names + weights.several_slope * affair
            affair += weights.several_more * names * min(_MORE, len(self._affair) - 1)
        return {
            "names": weights.names * names**weights.names_power,
            "affair": affair,
            "near": weights.near * features.evidence.proximity,
            "title": weights.title * features.in_title,
            "every name": weights.every_name * features.every_name,
        }

    def _learned_words(
        self, features: Features, estimates: ProfileEstimates, power: float
    ) -> list[tuple[str, float]]:
        """Give the learned words of the item with what each adds, the sum within its bounds."""
        weights, profile = self.weights, estimates.profile
        terms = features.evidence.terms
        edited = [
            (stem, profile.edited[stem] * weights.edited * share)
            for stem, share in (terms.items() if profile.edited else ())
            if stem in profile.edited
        ]
        if profile.on < weights.fewest:
            return edited
        found = estimates.words(terms)
        if len(found) > weights.learned_words:
            found = strongest(found, weights.learned_words)
        total = sum([worth for _, worth in found])
        most = weights.learned_most if total > 0 else weights.learned_least
        factor = min(1.0, most / abs(total)) if total else 1.0
        if total > 0:
            factor *= power
        if factor != 1.0:
            found = [(stem, worth * factor) for stem, worth in found]
        return edited + found

    def _rare(self, features: Features, estimates: ProfileEstimates, names: float) -> float:
        """Give what it adds how many reports name it so.

        That few tell of a place says nothing for any of them: where something happens, much does.
        """
        weights = self.weights
        rare = math.log(weights.usual_a_year / estimates.yearly(features.names_held))
        rare = weights.rare * _clamp(rare, weights.rare_most)
        if rare > 0:
            return 0.0 if self._somewhere else rare * names
        if self._open and len(self.focus) == 1:  # nothing shows it: Strait of Hormuz crisis
            return 0.0
        return rare

    def _pattern(self, features: Features, estimates: ProfileEstimates) -> tuple[float, float]:
        """Give what it adds which of such reports belonged, and the share of them that did."""
        weights, profile = self.weights, estimates.profile
        base = shrunk(
            *estimates.counts_of_completeness(features.pattern), weights.prior, weights.strength
        )
        on, off = profile.pattern_counts.get(features.pattern, (0.0, 0.0))
        usual = shrunk(on, off, base, weights.strength)
        pattern = weights.pattern * (log_odds(usual) - log_odds(base))
        on_story = weights.base * (log_odds(base) - log_odds(weights.prior))
        pattern += on_story * profile.maturity(USUAL_IN_DAYS) if on_story > 0.0 else on_story
        return _clamp(pattern, weights.pattern_most), usual

    def _of_its_days(
        self, features: Features, estimates: ProfileEstimates, shaped: QueryContribution
    ) -> tuple[float, float]:
        """Give what it adds which reports of its days belonged, and how many there were."""
        weights = self.weights
        on, off = estimates.counts_around(features.day)
        now = shrunk(on, off, shaped.usual, weights.strength)
        time = weights.time * (log_odds(now) - log_odds(shaped.usual))
        if time > 0:
            time *= shaped.power * estimates.profile.maturity(USUAL_IN_DAYS)
        time = _clamp(time, weights.time_most) * shaped.open_to_habit
        return time, estimates.surge(features.day) * weights.surge * shaped.power

    def verdict(
        self, features: Features, profile: Profile, estimates: ProfileEstimates | None = None
    ) -> Verdict:
        """Judge an item and say why; `standing` is the profile's."""
        if barred := features.barred:
            return Verdict(0.0, None, (Reason(barred, "negated", barred, "", 0.0),))
        estimates = estimates or self.estimates(profile)
        if features.domestic and self.domestic:
            found = self.domestic.verdict(features, profile.domestic(), estimates.domestic)
            unsaid = [Reason(country, "home", "", "", 0.0) for country in self._unsaid]
            return replace(found, reasons=(*found.reasons, *unsaid))
        added = self._added(features, estimates)
        score = added.chance(self.weights.start)
        status = None
        if score >= self.weights.linked:
            status = Status.LINKED
        elif score >= self.weights.maybe:
            status = Status.MAYBE
        return Verdict(score, status, tuple(reasons(self._weigher, features, added)))

    def score_beside(self, score: float, similarity: float) -> float:
        """Give the chance (0..1) of a report with this score that is so like a sure one.

        `likeness` is in 0..1, `score` strictly between.
        """
        weights = self.weights
        told = min(weights.neighbour_most, weights.neighbour * similarity)
        return probability(log_odds(score) + told)

    def share(self, features: Features, names: float, score: float) -> float:
        """Give how a profile is to count an item: 1 if the query alone shows it, else its score."""
        if features.domestic and self.domestic:
            return self.domestic.share(features, names, score)
        least = self.weights.explicit if self._affair else self.weights.together
        if features.aspects_firm * names >= least:
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
        weights = self.weights
        return (
            weight * weights.taken_on_trust * share,
            weight * (1.0 - share) ** weights.off_power,
        )


def _clamp(value: float, most: float) -> float:
    return max(-most, min(most, value))
