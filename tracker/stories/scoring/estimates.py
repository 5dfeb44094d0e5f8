"""Estimates from a profile, computed once and used to score many items."""

from __future__ import annotations

import math
from operator import ge
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.query.model import NAME, WORD
from tracker.stories.scoring.features import PRESENT, name_completeness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.stories.scoring.features import FeatureExtractor
    from tracker.stories.scoring.profile import Profile, Term
    from tracker.stories.scoring.weights import Weights


USUAL_IN_DAYS = 60
"""Days of history after which base rates are known in full."""
_SURGE_IN_DAYS = 5
"""Days before and after a day in which a surge is measured."""
_RARE_BELOW = 2.0
"""Multiple of the typical reports a year at which the rarity of names ends."""
_PRECOMPUTE_FROM = 8
"""Items to score from which on it pays to compute the log-odds of all terms."""

_RATE_SMOOTHING, _RATE_SMOOTHING_TOTAL = 0.08, 20.0
"""Added to the count of a term and to all items, in the overall rate of a term."""


def count_mentions(days: Iterable[list[float]]) -> float:
    """Count the items that mention an aspect in the title, in some values of `Profile.days`."""
    return sum([counts[2] for counts in days])


class QueryContribution(NamedTuple):
    """The log-odds of a query match: the same for all items with the same features but the day.

    `name_levels` and `aspect_levels` divide the contributions among segments. `coverage` (0..1) is
    the name coverage, `coverage_factor` what it multiplies aspects and learned terms by.
    `query_terms` and `base_rates` are log-odds by reason. `positive_rate` is the estimated share of
    such items on the story, `base_rate_factor` the factor (0..1) of base rates, `total` the sum of
    all log-odds.
    """

    name_levels: list[float]
    aspect_levels: list[float]
    coverage: float
    coverage_factor: float
    query_terms: dict[str, float]
    base_rates: dict[str, float]
    positive_rate: float
    base_rate_factor: float
    total: float


class ProfileEstimates:
    """Estimates from a profile; to be made anew after the profile has changed.

    `name_shares`, `aspect_shares`, `implicit_aspect` and `cooccurrence_bonus` come from
    `QueryPriors`. `domestic` are the estimates of items from the query's own country, None if they
    are not learned separately. `contributions` is a cache that the scorer fills, by
    `Features.shape`.
    """

    __slots__ = (
        "_completeness_counts",
        "_counts_by_day",
        "_log_odds_by_stem",
        "_reports_a_year",
        "_surges",
        "_weights",
        "aspect_shares",
        "contributions",
        "cooccurrence_bonus",
        "domestic",
        "implicit_aspect",
        "name_shares",
        "profile",
    )

    def __init__(
        self,
        profile: Profile,
        weights: Weights,
        shares: list[float],
        aspect_shares: list[float],
        items: int = 1,
        *,
        implicit_aspect: float = 0.0,
        cooccurrence_bonus: float = 0.0,
        domestic: ProfileEstimates | None = None,
    ) -> None:
        """Take a profile and the number of items to be scored with it."""
        self.profile = profile
        self.name_shares = shares
        self.aspect_shares = aspect_shares
        self.implicit_aspect = implicit_aspect
        self.cooccurrence_bonus = cooccurrence_bonus
        self.domestic = domestic
        self.contributions: dict[tuple[object, ...], QueryContribution] = {}
        self._surges: dict[int, float] = {}
        self._weights = weights
        self._counts_by_day: dict[int, tuple[float, float]] = {}
        self._reports_a_year: dict[int, float] = {}
        self._completeness_counts: dict[str, tuple[float, float]] = {}
        self._log_odds_by_stem: dict[str, float] | None = None
        if items >= _PRECOMPUTE_FROM and profile.on >= weights.min_term_count:
            self._log_odds_by_stem = self._log_odds_of(profile.terms.items())

    def reports_a_year(self, names: int) -> float:
        """Return the estimated reports a year with at least these names, above 0."""
        found = self._reports_a_year.get(names)
        if found is None:
            found = self._reports_a_year[names] = self.profile.reports_a_year(
                names, self._weights.typical_reports_a_year
            )
        return found

    def rarity(self, names: int) -> float:
        """Return how rare reports with at least these names are, in 0..1."""
        return max(
            0.0,
            1.0 - self.reports_a_year(names) / (_RARE_BELOW * self._weights.typical_reports_a_year),
        )

    def counts_of_completeness(self, pattern: str) -> tuple[float, float]:
        """Return the counts on and off the story of at least equally complete patterns.

        Less complete patterns count in part: that "Rooney" alone is off the story says little about
        an item with both Rooney and Vardy.
        """
        found = self._completeness_counts.get(pattern)
        if found is None:
            on = off = 0.0
            least = name_completeness(pattern)
            for other, counts in self.profile.pattern_counts.items():
                complete = all(map(ge, name_completeness(other), least))
                share = 1.0 if complete else self._weights.incomplete_share
                on, off = on + share * counts[0], off + share * counts[1]
            found = self._completeness_counts[pattern] = on, off
        return found

    def counts_around(self, day: int) -> tuple[float, float]:
        """Return the counts on and off the story within the window around a day."""
        found = self._counts_by_day.get(day)
        if found is None:
            window = self._weights.window_in_days
            days = map(self.profile.days.get, range(day - window, day + window + 1))
            counted = [counts for counts in days if counts]
            found = sum([c[0] for c in counted], 0.0), sum([c[1] for c in counted], 0.0)
            self._counts_by_day[day] = found
        return found

    def surge(self, day: int) -> float:
        """Return the logarithm of observed over usual reports around a day, scaled.

        The scale is the square of the share on the story.
        0.0 if no item around the day mentions an aspect.
        """
        found = self._surges.get(day)
        if found is None:
            days = range(day - _SURGE_IN_DAYS, day + _SURGE_IN_DAYS + 1)
            counted = [counts for counts in map(self.profile.days.get, days) if counts]
            mentions = count_mentions(counted)
            found = self._surges[day] = self._surge_among(counted) if mentions >= 1.0 else 0.0
        return found

    def _surge_among(self, counted: list[list[float]]) -> float:
        """Return the surge of a day whose surrounding days have these counts."""
        profile, length = self.profile, 2 * _SURGE_IN_DAYS + 1
        on = sum([counts[0] for counts in counted])
        near = sum([counts[0] + counts[1] for counts in counted])
        span = max(USUAL_IN_DAYS, profile.last - profile.first)
        usual = max(0.0, profile.on + profile.off - near) * length / span
        surge = math.log((near + 1.0) / (usual + 1.0)) * profile.maturity(USUAL_IN_DAYS)
        share = (on + 1.0) / (near + 1.0)
        return min(self._weights.surge_cap, surge) * share**2

    def term_log_odds(self, terms: dict[str, float]) -> list[tuple[str, float]]:
        """Return the log-odds of an item's learned terms, times their weights in the item.

        Terms counted too rarely and those with a weight set by the user are left out.
        """
        log_odds_by_stem = self._log_odds_by_stem
        if log_odds_by_stem is None:
            learned = self.profile.terms
            log_odds_by_stem = self._log_odds_of([(s, learned[s]) for s in terms if s in learned])
        return [
            (stem, log_odds_by_stem[stem] * share)
            for stem, share in terms.items()
            if stem in log_odds_by_stem
        ]

    def _log_odds_of(self, terms: Iterable[tuple[str, Term]]) -> dict[str, float]:
        """Return the log-odds of the terms that were counted often enough.

        The ratio of the smoothed rates on and off the story, as in naive Bayes.
        """
        profile, weights = self.profile, self._weights
        min_count, manual = weights.min_term_count, profile.manual_stems
        smooth_on, smooth_off = weights.smoothing_on, weights.smoothing_off
        on, off = profile.on + smooth_on, profile.off + smooth_off
        total = profile.on + profile.off + _RATE_SMOOTHING_TOTAL
        found: dict[str, float] = {}
        for stem, term in [(s, t) for s, t in terms if t.on + t.off >= min_count]:
            if stem in manual:
                continue
            rate = (term.on + term.off + _RATE_SMOOTHING) / total
            odds = (term.on + smooth_on * rate) / on
            odds /= (term.off + smooth_off * rate) / off
            log_odds = math.log(odds)
            found[stem] = log_odds * (
                weights.positive_term if log_odds > 0.0 else weights.negative_term
            )
        return found


_IMPLICIT_FROM, _IMPLICIT_MATURE_FROM = 10, 6
"""The fewest items with all names for an implicit aspect: in a young profile, in a mature one."""
_USUAL_MENTION_RATE, _USUAL_MENTION_RATE_AS_TYPED = 0.1, 0.3
"""Usual share of items that mention an aspect: with lexicon forms, and only as typed."""


class QueryPriors:
    """Priors of one query's names and aspects, by their rates in a profile."""

    def __init__(self, extractor: FeatureExtractor) -> None:
        self._extractor = extractor
        self._weights = extractor.weights
        self._aspects = extractor.aspects
        self._focus = [extractor.segments[number] for number in extractor.focus]
        named = any(segment.kind == NAME for segment in self._focus)
        related = any(segment.implied or segment.background for segment in self._focus)
        self._focus_weights = [
            self._weights.background_share
            if segment.background or (named and segment.kind != NAME)
            else 1.0
            for segment in self._focus
        ]
        self._has_unrelated_names = named and len(self._focus) > 1 and not related
        self._has_unknown_words_only = all(
            extractor.segments[n].kind == WORD for n, _ in self._aspects
        )

    def name_shares(self, profile: Profile) -> list[float]:
        """Return the share of each focus segment in the name coverage; they add up to 1.

        Rarer names have more, as with inverse document frequency; a background name and the subject
        beside places have less. Without aspects all have the same: their co-occurrence identifies
        the story.
        """
        shares = []
        for place, weight in enumerate(self._focus_weights):
            share = weight
            if self._aspects:
                usual = self._weights.typical_reports_a_year
                times_usual = profile.reports_a_year(PRESENT << 2 * place, usual) / usual
                share /= 1.0 + times_usual**self._weights.name_share_power
            shares.append(share)
        total = sum(shares)
        return [share / total for share in shares]

    def aspect_shares(self, profile: Profile) -> list[float]:
        """Return the share of each aspect in the aspect level; they add up to 1.

        Weighted by information, -log p of a mention (Spärck Jones, 1972), damped by an exponent: an
        item on a maker of vaccines that mentions a vaccine says nothing about an export ban.
        """
        if not self._extractor.has_several_aspects:
            return self._extractor.aspect_shares
        information = [
            weight * (-math.log(profile.aspect_share(number))) ** self._weights.information_power
            for number, weight in self._aspects
        ]
        return [each / sum(information) for each in information]

    def implicit_aspect(self, profile: Profile) -> float:
        """Return the aspect level (0..1) that the names alone imply.

        If almost no item with a rare name mentions an aspect, headlines use words that the lexicon
        lacks: for "Facebook Libra currency" they say "cryptocurrency". It falls with the square of
        the reports a year: most items on China are about something else. It is not for items with
        `Features.is_name_only`.
        """
        if not self._aspects or not self._extractor.has_separate_aspects:
            return 0.0
        every = sum(PRESENT << 2 * place for place in range(len(self._focus)))
        with_all_names = sum(
            count for names, count in profile.name_counts.items() if names & every == every
        )
        if with_all_names < _IMPLICIT_MATURE_FROM:
            return 0.0
        maturity = 1.0 if with_all_names >= _IMPLICIT_FROM else profile.maturity(USUAL_IN_DAYS)
        usual = self._weights.typical_reports_a_year
        rarity = min(1.0, usual / profile.reports_a_year(every, usual))
        mentions = count_mentions(profile.days.values()) / with_all_names
        usual_rate = (
            _USUAL_MENTION_RATE_AS_TYPED if self._has_unknown_words_only else _USUAL_MENTION_RATE
        )
        return (
            self._weights.implicit_aspect
            * maturity
            * rarity**2
            * max(0.0, 1.0 - mentions / usual_rate)
        )

    def cooccurrence_bonus(self, profile: Profile) -> float:
        """Return the log-odds of a combination of unrelated names, at least 0.

        Only the story brings such names together. The bonus falls with the square of the reports a
        year of the most common name: a president appears beside everybody.
        """
        if not self._has_unrelated_names:
            return 0.0
        usual, places = self._weights.typical_reports_a_year, range(len(self._focus))
        most = max([profile.reports_a_year(PRESENT << 2 * place, usual) for place in places])
        return (
            self._weights.cooccurrence_bonus
            * min(1.0, self._weights.cooccurrence_reports_a_year / most) ** 2
        )
