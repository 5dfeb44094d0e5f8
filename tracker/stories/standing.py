"""A profile as it stands while a batch is judged, with what it says of many items found once.

Between two counts hundreds of items are judged, which share their days, their words and how much
they hold of the names. What is found here is the same as without, to the last bit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.stories.profile import Profile, Term
    from tracker.stories.weights import Weights


class Standing:
    """What a profile says of items; to be made anew once the profile has counted something.

    `shares` are those of the query's names (`Judge.name_weights`). `held` and `surges` are kept
    here for the judge: what items of so many levels hold of the names, by the levels, and how many
    more reports than usual there are, by day.
    """

    __slots__ = (
        "_leanings",
        "_weights",
        "_windows",
        "_yearly",
        "held",
        "profile",
        "shares",
        "surges",
    )

    def __init__(self, profile: Profile, weights: Weights, shares: list[float]) -> None:
        self.profile = profile
        self.shares = shares
        self.held: dict[tuple[float, ...], tuple[list[float], float]] = {}
        self.surges: dict[int, float] = {}
        self._weights = weights
        self._leanings: dict[str, float | None] = {}
        self._windows: dict[int, tuple[float, float]] = {}
        self._yearly: dict[int, float] = {}

    def yearly(self, held: int) -> float:
        """Estimate how many reports a year hold at least these names; above 0."""
        found = self._yearly.get(held)
        if found is None:
            found = self._yearly[held] = self.profile.yearly(held, self._weights.usual_a_year)
        return found

    def around(self, day: int) -> tuple[float, float]:
        """Count the reports on and off the story of the days about one."""
        found = self._windows.get(day)
        if found is None:
            on = off = 0.0
            window, counted = self._weights.window_in_days, self.profile.days.get
            for other in range(day - window, day + window + 1):
                if counts := counted(other):
                    on += counts[0]
                    off += counts[1]
            found = self._windows[day] = on, off
        return found

    def words(self, terms: dict[str, float]) -> list[tuple[str, float]]:
        """Give what was learned of an item's words, in log-odds and by their share in the item.

        Words that were seen too seldom, and those whose weight the user has set, are left out.
        """
        found = []
        leanings = self._leanings
        for stem, share in terms.items():
            try:
                leaning = leanings[stem]
            except KeyError:
                leaning = leanings[stem] = self._leaning(stem)
            if leaning is not None:
                found.append((stem, leaning * share))
        return found

    def _leaning(self, stem: str) -> float | None:
        profile, weights = self.profile, self._weights
        term: Term | None = profile.terms.get(stem)
        if term is None or term.on + term.off < weights.fewest or stem in profile.edited:
            return None
        rate = (term.on + term.off + 0.08) / (profile.on + profile.off + 20.0)
        odds = (term.on + weights.smooth_on * rate) / (profile.on + weights.smooth_on)
        odds /= (term.off + weights.smooth_off * rate) / (profile.off + weights.smooth_off)
        added = math.log(odds)
        return added * (weights.learned_for if added > 0.0 else weights.learned_against)
