"""A profile as it stands while a batch is judged, with what it says of many items found once.

Between two counts hundreds of items are judged, which share their days, their words and how much
they hold of the names. What is found here is the same as without, to the last bit.
"""

from __future__ import annotations

import math
from operator import ge
from typing import TYPE_CHECKING

from tracker.stories.sighting import fullness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.stories.profile import Profile, Term
    from tracker.stories.weights import Weights


_MANY = 8
"""From so many items on it pays to look through all learned words for those that count."""


class Standing:
    """What a profile says of items; to be made anew once the profile has counted something.

    `shares` are those of the query's names (`Judge.name_weights`), `unheard` is how well its affair
    counts as shown where it is not, `meeting` what it adds that the query names just these (both
    found once by the judge), `items` is how many are to be judged. `held` and `surges` are
    kept here for the judge: what items hold of the names, by their levels and `held`, and how
    many more reports than usual there are, by day.
    """

    __slots__ = (
        "_as_full",
        "_leanings",
        "_weights",
        "_windows",
        "_yearly",
        "held",
        "meeting",
        "profile",
        "shares",
        "surges",
        "unheard",
    )

    def __init__(
        self,
        profile: Profile,
        weights: Weights,
        shares: list[float],
        items: int = 1,
        *,
        unheard: float = 0.0,
        meeting: float = 0.0,
    ) -> None:
        self.profile = profile
        self.shares = shares
        self.unheard = unheard
        self.meeting = meeting
        self.held: dict[tuple[tuple[float, ...], int], tuple[list[float], float]] = {}
        self.surges: dict[int, float] = {}
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

    def as_full(self, pattern: str) -> tuple[float, float]:
        """Count the reports on and off the story that hold each name as well as a pattern does.

        The others count in part: that Rooney alone is off the story says little of Rooney and
        Vardy.
        """
        found = self._as_full.get(pattern)
        if found is None:
            on = off = 0.0
            least = fullness(pattern)
            for other, counts in self.profile.patterns.items():
                full = all(map(ge, fullness(other), least))
                share = 1.0 if full else self._weights.lesser
                on, off = on + share * counts[0], off + share * counts[1]
            found = self._as_full[pattern] = on, off
        return found

    def around(self, day: int) -> tuple[float, float]:
        """Count the reports on and off the story of the days about one."""
        found = self._windows.get(day)
        if found is None:
            window = self._weights.window_in_days
            days = map(self.profile.days.get, range(day - window, day + window + 1))
            counted = [counts for counts in days if counts]
            found = sum([c[0] for c in counted], 0.0), sum([c[1] for c in counted], 0.0)
            self._windows[day] = found
        return found

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
