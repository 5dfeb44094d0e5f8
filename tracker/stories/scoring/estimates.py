"""What a profile says of the query as a whole and of a day, computed once for many items."""

from __future__ import annotations

import math
from operator import ge
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.query.model import NAME, WORD
from tracker.stories.scoring.features import HELD, name_completeness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.stories.scoring.features import FeatureExtractor
    from tracker.stories.scoring.profile import Profile, Term
    from tracker.stories.scoring.weights import Weights


USUAL_IN_DAYS = 60
"""In a shorter time it is not known yet what is usual: how many reports, how many on the story."""
_SURGE_IN_DAYS = 5
"""So many days before and after a report make up the days about it."""
_FEW = 2.0
"""Up to so many times as many reports a year as are usual, some are few."""
_MANY = 8
"""From so many items on it pays to look through all learned words for those that count."""


def mentioned_by(days: Iterable[list[float]]) -> float:
    """Count the reports that tell the affair in their titles, of some of `Profile.days`."""
    return sum([counts[2] for counts in days])


class QueryContribution(NamedTuple):
    """What adds to the log-odds of every item of one shape, whatever its day and other words.

    `held` is what it holds of each name, as a share of all names, `told` what it tells of each part
    of the affair, as a share of it, `names` how much of the names that is, in 0..1, and `power`
    what the latter makes of the affair. `usual` is the share of such items that
    are on the story, `open_to_habit` how far it counts what such items are as a rule.
    """

    held: list[float]
    told: list[float]
    names: float
    power: float
    typed: dict[str, float]
    habits: dict[str, float]
    usual: float
    open_to_habit: float
    total: float


class ProfileEstimates:
    """What a profile says of items; to be made anew once the profile has counted something.

    `shares` are those of the query's names, `affair_shares` those of the parts of its affair,
    `unheard` is how well that counts as shown where it is not, `meeting` what it adds that the
    query names just these (`Priors` has all four, found once).
    `items` is how many are to be judged. `at_home` is how the profile of reports from the query's
    country stands, None where these are not told apart. `shapes` is kept here for the judge: what
    adds to items that show the same of the query.
    """

    __slots__ = (
        "_as_full",
        "_leanings",
        "_surges",
        "_weights",
        "_windows",
        "_yearly",
        "aspect_shares",
        "cooccurrence_bonus",
        "domestic",
        "implicit_aspect",
        "profile",
        "shapes",
        "shares",
    )

    def __init__(
        self,
        profile: Profile,
        weights: Weights,
        shares: list[float],
        affair_shares: list[float],
        items: int = 1,
        *,
        unheard: float = 0.0,
        meeting: float = 0.0,
        at_home: ProfileEstimates | None = None,
    ) -> None:
        self.profile = profile
        self.shares = shares
        self.aspect_shares = affair_shares
        self.implicit_aspect = unheard
        self.cooccurrence_bonus = meeting
        self.domestic = at_home
        self.shapes: dict[tuple[object, ...], QueryContribution] = {}
        self._surges: dict[int, float] = {}
        self._weights = weights
        self._windows: dict[int, tuple[float, float]] = {}
        self._yearly: dict[int, float] = {}
        self._as_full: dict[str, tuple[float, float]] = {}
        self._leanings: dict[str, float] | None = None
        if items >= _MANY and profile.on >= weights.fewest:
            self._leanings = self._leanings_of(profile.terms.items())

    def yearly(self, held: int) -> float:
        """Estimate how many reports a year hold at least these names; above 0."""
        found = self._yearly.get(held)
        if found is None:
            found = self._yearly[held] = self.profile.yearly(held, self._weights.usual_a_year)
        return found

    def rarity(self, held: int) -> float:
        """Give how far hardly any report holds at least these names, in 0..1."""
        return max(0.0, 1.0 - self.yearly(held) / (_FEW * self._weights.usual_a_year))

    def counts_of_completeness(self, pattern: str) -> tuple[float, float]:
        """Count the reports on and off the story that hold each name as well as a pattern does.

        The others count in part: that Rooney alone is off the story says little of Rooney and
        Vardy.
        """
        found = self._as_full.get(pattern)
        if found is None:
            on = off = 0.0
            least = name_completeness(pattern)
            for other, counts in self.profile.pattern_counts.items():
                full = all(map(ge, name_completeness(other), least))
                share = 1.0 if full else self._weights.lesser
                on, off = on + share * counts[0], off + share * counts[1]
            found = self._as_full[pattern] = on, off
        return found

    def counts_around(self, day: int) -> tuple[float, float]:
        """Count the reports on and off the story of the days about one."""
        found = self._windows.get(day)
        if found is None:
            window = self._weights.window_in_days
            days = map(self.profile.days.get, range(day - window, day + window + 1))
            counted = [counts for counts in days if counts]
            found = sum([c[0] for c in counted], 0.0), sum([c[1] for c in counted], 0.0)
            self._windows[day] = found
        return found

    def surge(self, day: int) -> float:
        """Give how many times as many reports as usual there are about a day, as a logarithm.

        It counts by the square of the share of these that are on the story, and not at all (0.0)
        where none tells the affair.
        """
        found = self._surges.get(day)
        if found is None:
            days = range(day - _SURGE_IN_DAYS, day + _SURGE_IN_DAYS + 1)
            counted = [counts for counts in map(self.profile.days.get, days) if counts]
            told = mentioned_by(counted)
            found = self._surges[day] = self._surge_of(counted) if told >= 1.0 else 0.0
        return found

    def _surge_of(self, counted: list[list[float]]) -> float:
        profile, length = self.profile, 2 * _SURGE_IN_DAYS + 1
        on = sum([counts[0] for counts in counted])
        near = sum([counts[0] + counts[1] for counts in counted])
        span = max(USUAL_IN_DAYS, profile.last - profile.first)
        usual = max(0.0, profile.on + profile.off - near) * length / span
        surge = math.log((near + 1.0) / (usual + 1.0)) * profile.maturity(USUAL_IN_DAYS)
        share = (on + 1.0) / (near + 1.0)
        return min(self._weights.surge_most, surge) * share**2

    def words(self, terms: dict[str, float]) -> list[tuple[str, float]]:
        """Give what was learned of an item's words, in log-odds and by their share in the item.

        Words that were seen too seldom, and those whose weight the user has set, are left out.
        """
        leanings = self._leanings
        if leanings is None:
            known = self.profile.terms
            leanings = self._leanings_of([(s, known[s]) for s in terms if s in known])
        return [(stem, leanings[stem] * share) for stem, share in terms.items() if stem in leanings]

    def _leanings_of(self, terms: Iterable[tuple[str, Term]]) -> dict[str, float]:
        """Give the log-odds of those words that were seen often enough."""
        profile, weights = self.profile, self._weights
        fewest, edited = weights.fewest, profile.edited
        smooth_on, smooth_off = weights.smooth_on, weights.smooth_off
        on, off = profile.on + smooth_on, profile.off + smooth_off
        counted = profile.on + profile.off + 20.0
        found: dict[str, float] = {}
        for stem, term in [(s, t) for s, t in terms if t.on + t.off >= fewest]:
            if stem in edited:
                continue
            rate = (term.on + term.off + 0.08) / counted
            odds = (term.on + smooth_on * rate) / on
            odds /= (term.off + smooth_off * rate) / off
            added = math.log(odds)
            found[stem] = added * (weights.learned_for if added > 0.0 else weights.learned_against)
        return found


_UNHEARD_FROM, _UNHEARD_LONG = 10, 6
_HEARD, _HEARD_WORDS = 0.1, 0.3
"""Of so many reports with the names at the least, of fewer in two months, this share tells an
affair if any does; this one tells it as typed, where no other words are known for it."""


class QueryPriors:
    """What the names and the affair of one query say by how usual they are in a profile."""

    def __init__(self, weigher: FeatureExtractor) -> None:
        self._weigher = weigher
        self._weights = weigher.weights
        self._affair = weigher.aspects
        self._subjects = [weigher.segments[number] for number in weigher.focus]
        named = any(segment.kind == NAME for segment in weigher.segments)
        together = any(segment.implied or segment.background for segment in self._subjects)
        self._meet = named and len(self._subjects) > 1 and not together
        self._in_words = all(weigher.segments[n].kind == WORD for n, _ in self._affair)

    def name_shares(self, profile: Profile) -> list[float]:
        """Give the share of each name: the fewer reports hold it, the more it says.

        Without an affair they count alike: it is their being together that makes the story.
        """
        shares = []
        for place, segment in enumerate(self._subjects):
            share = self._weights.context if segment.background else 1.0
            if self._affair:
                usual = self._weights.usual_a_year
                times_usual = profile.yearly(HELD << 2 * place, usual) / usual
                share /= 1.0 + times_usual**self._weights.share_power
            shares.append(share)
        total = sum(shares)
        return [share / total for share in shares]

    def aspect_shares(self, profile: Profile) -> list[float]:
        """Give the share of each part of the affair: the fewer reports tell it, the more it says.

        By the information of its being told, -log p (Sparck Jones, 1972), damped: that a report on
        a maker of vaccines tells of one says nothing of an export ban.
        """
        if not self._weigher.has_several_aspects:
            return self._weigher.aspect_shares
        informs = [
            weight * (-math.log(profile.aspect_share(number))) ** self._weights.informs_power
            for number, weight in self._affair
        ]
        return [each / sum(informs) for each in informs]

    def implicit_aspect(self, profile: Profile) -> float:
        """Give how well the affair counts as shown by the names alone, in 0..1.

        Where hardly any of a rare name's reports tells the affair, it is told in words that nobody
        thought of: the currency of "Facebook Libra currency" as a cryptocurrency. It counts by the
        square of how rare the name is: most of what is told of China is another affair.
        """
        if not self._affair or not self._weigher.apart:
            return 0.0
        every = sum(HELD << 2 * place for place in range(len(self._subjects)))
        seen = sum(count for held, count in profile.name_counts.items() if held & every == every)
        if seen < _UNHEARD_LONG:
            return 0.0
        known = 1.0 if seen >= _UNHEARD_FROM else profile.maturity(USUAL_IN_DAYS)
        usual = self._weights.usual_a_year
        rare = min(1.0, usual / profile.yearly(every, usual))
        told = mentioned_by(profile.days.values()) / seen
        heard = _HEARD_WORDS if self._in_words else _HEARD
        return self._weights.unheard * known * rare**2 * max(0.0, 1.0 - told / heard)

    def cooccurrence_bonus(self, profile: Profile) -> float:
        """Give what it says that a query names several that have nothing to do with each other.

        What brings them together is the affair. It says less by the square of how common the one
        is that most reports hold: a president is told of beside everybody.
        """
        if not self._meet:
            return 0.0
        usual, places = self._weights.usual_a_year, range(len(self._subjects))
        most = max([profile.yearly(HELD << 2 * place, usual) for place in places])
        return self._weights.meet * min(1.0, self._weights.meet_a_year / most) ** 2
