"""The score of an item for a story, and its reasons.

Preview, poll, backfill and search all use this model. A score is the probability of a logistic
regression: the match of the query (names, aspects, proximity) and what the story has learned
(terms, patterns, dates) each add log-odds. The worth of a reason is the change of probability it
causes, in a fixed order, so that worths add up to the score.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model.core import Reason, ReasonKind, ReasonPart, Status, Verdict
from tracker.stories.matching.query_matcher import QueryMatcher
from tracker.stories.query.model import NAME
from tracker.stories.scoring.estimates import (
    USUAL_IN_DAYS,
    ProfileEstimates,
    QueryContribution,
    QueryPriors,
)
from tracker.stories.scoring.explanation import LogOdds, explain, without_boosts
from tracker.stories.scoring.features import PRESENT, FeatureExtractor
from tracker.stories.scoring.statistics import log_odds, probability, shrunk, strongest
from tracker.stories.scoring.weights import WEIGHTS

if TYPE_CHECKING:
    from tracker.stories.matching.evidence import Evidence
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.weights import Weights
    from tracker.stories.text.documents import AnalyzedText


_MOST_ADDITIONAL_ASPECTS = 2
"""The most additional aspects that add to the score."""


class Scorer:
    """Scores items for one query; stateless, the profile is a parameter.

    `has_names` is true if a segment is a name; `priors` are the query's rates in a profile.
    `domestic` scores items from outlets of the query's country without the country's name, None if
    the query names no country: features with `is_domestic` are passed on to it.
    """

    def __init__(self, interpretation: QueryInterpretation, weights: Weights = WEIGHTS) -> None:
        self.segments = interpretation.segments
        self.weights = weights
        self.matcher = QueryMatcher(interpretation)
        self._extractor = FeatureExtractor(interpretation.segments, weights)
        self._aspects = self._extractor.aspects
        self.focus = self._extractor.focus
        self.domestic = (
            Scorer(interpretation.domestic, weights) if interpretation.domestic else None
        )
        self._implied_countries = [
            p.text for p in self.segments if p.entity and p.entity == interpretation.country
        ]
        self._has_optional_aspects_only = bool(self._aspects) and all(
            self.segments[n].optional for n, _ in self._aspects
        )
        self.has_names = any(segment.kind == NAME for segment in self.segments)
        self.priors = QueryPriors(self._extractor)
        self._may_compensate = len(self.focus) > 1 and not self._has_optional_aspects_only
        self._depends_on_day = self.has_names and self._may_compensate and not self._aspects

    def features_of(self, text: AnalyzedText, day: int) -> Features:
        """Return the features of an item on a day, given as an ordinal."""
        return self.features(self.matcher.match(text), day)

    def features(self, evidence: Evidence, day: int) -> Features:
        """Return the features of an item's evidence."""
        return self._extractor.extract(evidence, day)

    def estimates(self, profile: Profile, items: int = 1) -> ProfileEstimates:
        """Return the estimates of a profile, to score about so many items before it changes."""
        home = self.domestic
        return ProfileEstimates(
            profile,
            self.weights,
            self.priors.name_shares(profile),
            self.priors.aspect_shares(profile),
            items,
            implicit_aspect=self.priors.implicit_aspect(profile),
            cooccurrence_bonus=self.priors.cooccurrence_bonus(profile),
            domestic=home.estimates(profile.domestic(), items) if home else None,
        )

    def name_coverage(self, features: Features, estimates: ProfileEstimates) -> float:
        """Return the name coverage of an item, in 0..1.

        In a query without names it is that of the focus segments.
        """
        if features.is_domestic and self.domestic and estimates.domestic:
            return self.domestic.name_coverage(features, estimates.domestic)
        return self._contribution(features, estimates).coverage

    def _contribution(self, features: Features, estimates: ProfileEstimates) -> QueryContribution:
        """Return the log-odds of the query match, cached by the shape of the features."""
        shape = features.shape
        key = (shape, features.day) if self._depends_on_day else shape
        found = estimates.contributions.get(key)
        if found is None:
            name_levels, coverage = self._coverage(features, estimates)
            coverage_factor = coverage**self.weights.aspects_coverage_power
            base_rate_factor = 1.0 - self.weights.base_rate_discount * min(
                1.0, features.explicit_level
            )
            aspect_level = max(
                self._extractor.combine_aspects(features.levels, estimates.aspect_shares),
                features.majority_level,
            )
            if not features.is_name_only:
                aspect_level = max(aspect_level, estimates.implicit_aspect)
            query_terms = self._query_terms(features, coverage, coverage_factor, aspect_level)
            pattern, positive_rate = self._pattern(features, estimates)
            base_rates: dict[str, float] = {
                ReasonPart.RARITY: self._rarity(features, estimates, coverage) * base_rate_factor,
                ReasonPart.COOCCURRENCE: estimates.cooccurrence_bonus,
                ReasonPart.PATTERN: pattern * base_rate_factor,
            }
            total = sum(query_terms.values()) + sum(base_rates.values())
            segments = [
                s * features.levels[n]
                for s, (n, _) in zip(estimates.aspect_shares, self._aspects, strict=True)
            ]
            found = QueryContribution(
                name_levels,
                segments,
                coverage,
                coverage_factor,
                query_terms,
                base_rates,
                positive_rate,
                base_rate_factor,
                total,
            )
            estimates.contributions[key] = found
        return found

    def _coverage(
        self, features: Features, estimates: ProfileEstimates
    ) -> tuple[list[float], float]:
        """Return the level of each name, and the name coverage (0..1).

        The names are weighted by rarity or equally, whichever gives more: one rare name can
        identify the story, and so can all names but the rarest. A missing name adds its expected
        level, given those present.
        """
        levels = [features.levels[number] for number in self.focus]
        by_rarity = [
            share * level for share, level in zip(estimates.name_shares, levels, strict=True)
        ]
        name_levels = max(by_rarity, [level / len(levels) for level in levels], key=sum)
        total = sum(name_levels)
        for place, level in enumerate(levels if total else ()):
            if not level:
                expected = estimates.profile.cooccurrence(
                    features.names_present, PRESENT << 2 * place
                )
                total += self.weights.cooccurrence_share * expected * estimates.name_shares[place]
        total = self._scaled_coverage(features, estimates, max(total, features.majority_level))
        if features.conflicting_place and total < 1.0:
            return name_levels, total * self.weights.place_conflict_factor
        return name_levels, total + self._compensation(features, estimates, total)

    def _scaled_coverage(
        self, features: Features, estimates: ProfileEstimates, total: float
    ) -> float:
        """Return the coverage if the query has more names than are sufficient.

        Without aspects the increase is limited by the rarity of the names present: Altman and
        OpenAI occur together every day.
        """
        if self._extractor.name_surplus == 1.0:
            return total
        enough = min(1.0, total * self._extractor.name_surplus)
        rarity = 1.0 if self._aspects else estimates.rarity(features.names_present)
        return total + (enough - total) * rarity

    def _compensation(self, features: Features, estimates: ProfileEstimates, total: float) -> float:
        """Return how much a match of the aspects makes up for missing names.

        It requires that few items have the names present: for "Panama ports BlackRock", an item on
        a court and the ports of Panama. Without aspects the share on the story around the day
        stands in for their match. In a query without names it does not depend on rarity: common
        nouns are left out more often than names, as "car" for "car chip shortage".
        """
        if not self._may_compensate or not 0.0 < total < 1.0:
            return 0.0
        aspect_level = max(
            0.0, 2.0 * features.aspect_level - 1.0
        )  # half of the aspects is no evidence
        if not self.has_names:
            return self.weights.aspect_compensation_nameless * aspect_level * (1.0 - total)
        if not self._aspects:
            on, off = estimates.counts_around(features.day)
            aspect_level = on / (on + off + 1.0)
        rarity = estimates.rarity(features.names_present)
        return self.weights.aspect_compensation * aspect_level * rarity * (1.0 - total)

    def score(
        self, features: Features, profile: Profile, estimates: ProfileEstimates | None = None
    ) -> float:
        """Return the probability (0..1) that an item belongs to the story."""
        if features.excluded:
            return 0.0
        estimates = estimates or self.estimates(profile)
        if features.is_domestic and self.domestic:
            return self.domestic.score(features, profile.domestic(), estimates.domestic)
        parts = self._log_odds(features, estimates)
        return parts.score(self.weights.intercept)

    def _log_odds(self, features: Features, estimates: ProfileEstimates) -> LogOdds:
        """Return all terms of an item's log-odds."""
        contribution = self._contribution(features, estimates)
        parts = LogOdds(
            contribution,
            self._learned_terms(features, estimates, contribution.coverage_factor),
            self._day_contributions(features, estimates, contribution),
            self._semantic(features.evidence.similarity),
        )
        return without_boosts(parts, self.weights) if features.is_name_only else parts

    def _semantic(self, similarity: float | None) -> float:
        """Return the log-odds of the sentence similarity, at least 0."""
        weights = self.weights
        return weights.semantic * max(0.0, (similarity or 0.0) - weights.semantic_threshold)

    def _query_terms(
        self, features: Features, coverage: float, coverage_factor: float, aspect_level: float
    ) -> dict[str, float]:
        """Return the log-odds of the query's segments, by reason."""
        weights = self.weights
        aspects = weights.aspects * aspect_level * coverage_factor
        # That none of several aspects matches is stronger evidence than that a single one does not.
        if len(self._aspects) > 1:
            aspects = (
                weights.several_aspects_intercept * coverage
                + weights.several_aspects_factor * aspects
            )
            aspects += (
                weights.additional_aspect
                * coverage
                * min(_MOST_ADDITIONAL_ASPECTS, len(self._aspects) - 1)
            )
        return {
            "names": weights.name_coverage * coverage**weights.name_coverage_power,
            "aspects": aspects,
            ReasonPart.PROXIMITY: weights.proximity * features.evidence.proximity,
            ReasonPart.TITLE: weights.focus_in_title * features.focus_in_title,
            ReasonPart.ALL_NAMES: weights.all_names_in_title * features.all_names_in_title,
        }

    def _learned_terms(
        self, features: Features, estimates: ProfileEstimates, coverage_factor: float
    ) -> list[tuple[str, float]]:
        """Return the log-odds of an item's learned terms.

        They are scaled so that their sum is within the caps.
        """
        weights, profile = self.weights, estimates.profile
        terms = features.evidence.terms
        manual = [
            (stem, profile.manual_stems[stem] * weights.manual_term * share)
            for stem, share in (terms.items() if profile.manual_stems else ())
            if stem in profile.manual_stems
        ]
        if profile.on < weights.min_term_count:
            return manual
        found = estimates.term_log_odds(terms)
        if len(found) > weights.term_limit:
            found = strongest(found, weights.term_limit)
        total = sum([worth for _, worth in found])
        cap = weights.positive_terms_cap if total > 0 else weights.negative_terms_cap
        factor = min(1.0, cap / abs(total)) if total else 1.0
        if total > 0:
            factor *= coverage_factor
        if factor != 1.0:
            found = [(stem, worth * factor) for stem, worth in found]
        return manual + found

    def _rarity(self, features: Features, estimates: ProfileEstimates, coverage: float) -> float:
        """Return the log-odds of how rare the names present are.

        A rare place alone adds nothing: anything that happens there is rare. Nor does a common name
        subtract if no aspect has to match ("Strait of Hormuz crisis").
        """
        weights = self.weights
        log_rarity = math.log(
            weights.typical_reports_a_year / estimates.reports_a_year(features.names_present)
        )
        log_rarity = weights.rarity * _clamp(log_rarity, weights.rarity_cap)
        if log_rarity > 0:
            return 0.0 if self._extractor.is_place_alone(features) else log_rarity * coverage
        if self._has_optional_aspects_only and len(self.focus) == 1:
            return 0.0
        return log_rarity

    def _pattern(self, features: Features, estimates: ProfileEstimates) -> tuple[float, float]:
        """Return the log-odds of the pattern, and such items' share on the story."""
        weights, profile = self.weights, estimates.profile
        base = shrunk(
            *estimates.counts_of_completeness(features.pattern),
            weights.prior_rate,
            weights.prior_strength,
        )
        on, off = profile.pattern_counts.get(features.pattern, (0.0, 0.0))
        positive_rate = shrunk(on, off, base, weights.prior_strength)
        pattern = weights.pattern * (log_odds(positive_rate) - log_odds(base))
        on_story = weights.completeness * (log_odds(base) - log_odds(weights.prior_rate))
        pattern += on_story * profile.maturity(USUAL_IN_DAYS) if on_story > 0.0 else on_story
        return _clamp(pattern, weights.pattern_cap), positive_rate

    def _day_contributions(
        self, features: Features, estimates: ProfileEstimates, contribution: QueryContribution
    ) -> tuple[float, float]:
        """Return the log-odds of the day rate and of a surge."""
        weights = self.weights
        on, off = estimates.counts_around(features.day)
        day_rate = shrunk(on, off, contribution.positive_rate, weights.prior_strength)
        day_value = weights.day_rate * (log_odds(day_rate) - log_odds(contribution.positive_rate))
        if day_value > 0:
            day_value *= contribution.coverage_factor * estimates.profile.maturity(USUAL_IN_DAYS)
        day_value = _clamp(day_value, weights.day_rate_cap) * contribution.base_rate_factor
        surge = weights.surge * estimates.surge(features.day)
        return day_value, surge * contribution.coverage_factor

    def verdict(
        self, features: Features, profile: Profile, estimates: ProfileEstimates | None = None
    ) -> Verdict:
        """Return the score of an item with its status and reasons."""
        if excluded := features.excluded:
            return Verdict(0.0, None, (Reason(excluded, ReasonKind.NEGATED, excluded, "", 0.0),))
        estimates = estimates or self.estimates(profile)
        if features.is_domestic and self.domestic:
            found = self.domestic.verdict(features, profile.domestic(), estimates.domestic)
            implied = [
                Reason(country, ReasonKind.HOME, "", "", 0.0) for country in self._implied_countries
            ]
            return replace(found, reasons=(*found.reasons, *implied))
        parts = self._log_odds(features, estimates)
        score = parts.score(self.weights.intercept)
        status = None
        if score >= self.weights.link_threshold:
            status = Status.LINKED
        elif score >= self.weights.maybe_threshold:
            status = Status.MAYBE
        return Verdict(score, status, tuple(explain(self._extractor, features, parts)))

    def score_with_neighbour(self, score: float, similarity: float) -> float:
        """Return the score (0..1) of an item given its similarity to a certain item.

        `score` lies strictly between 0 and 1, `similarity` in 0..1.
        """
        weights = self.weights
        added = min(weights.neighbour_cap, weights.neighbour * similarity)
        return probability(log_odds(score) + added)

    def share(self, features: Features, coverage: float, score: float) -> float:
        """Return the share (0..1) by which the profile counts an item as on the story.

        1.0 if the query match alone is certain, else the score, at most 0.99.
        """
        if features.is_domestic and self.domestic:
            return self.domestic.share(features, coverage, score)
        threshold = (
            self.weights.explicit_threshold
            if self._aspects
            else self.weights.explicit_threshold_names_only
        )
        if features.explicit_level * coverage >= threshold:
            return 1.0
        return max(0.0, min(0.99, score))

    def counts(self, share: float, coverage: float) -> tuple[float, float]:
        """Return the amounts of an item that count on and off the story.

        An item that belongs by its score alone counts in part, which bounds self-training. An item
        with few of the names counts little either way.
        """
        weight = coverage**self.weights.count_coverage_power
        if share >= 1.0:
            return weight, 0.0
        weights = self.weights
        return (
            weight * weights.self_training_share * share,
            weight * (1.0 - share) ** weights.negative_power,
        )


def _clamp(value: float, cap: float) -> float:
    return max(-cap, min(cap, value))
