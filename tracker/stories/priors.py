"""What a profile says of a query as a whole, before any item is looked at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tracker.stories.query.model import NAME, WORD
from tracker.stories.sighting import HELD
from tracker.stories.standing import USUAL_IN_DAYS, told_in

if TYPE_CHECKING:
    from tracker.stories.profile import Profile
    from tracker.stories.sighting import Weigher

_UNHEARD_FROM, _UNHEARD_LONG = 10, 6
_HEARD, _HEARD_WORDS = 0.1, 0.3
"""Of so many reports with the names at the least, of fewer in two months, this share tells an
affair if any does; this one tells it as typed, where no other words are known for it."""


class Priors:
    """What the names and the affair of one query say by how usual they are in a profile."""

    def __init__(self, weigher: Weigher) -> None:
        self._weigher = weigher
        self._weights = weigher.weights
        self._affair = weigher.affair
        self._subjects = [weigher.parts[number] for number in weigher.subjects]
        named = any(part.kind == NAME for part in weigher.parts)
        together = any(part.bound or part.context for part in self._subjects)
        self._meet = named and len(self._subjects) > 1 and not together
        self._in_words = all(weigher.parts[n].kind == WORD for n, _ in self._affair)

    def name_shares(self, profile: Profile) -> list[float]:
        """Give the share of each name: the fewer reports hold it, the more it says.

        Without an affair they count alike: it is their being together that makes the story.
        """
        shares = []
        for place, part in enumerate(self._subjects):
            share = self._weights.context if part.context else 1.0
            if self._affair:
                usual = self._weights.usual_a_year
                times_usual = profile.yearly(HELD << 2 * place, usual) / usual
                share /= 1.0 + times_usual**self._weights.share_power
            shares.append(share)
        total = sum(shares)
        return [share / total for share in shares]

    def affair_shares(self, profile: Profile) -> list[float]:
        """Give the share of each part of the affair: the fewer reports tell it, the more it says.

        By the information of its being told, -log p (Sparck Jones, 1972), damped: that a report on
        a maker of vaccines tells of one says nothing of an export ban.
        """
        if not self._weigher.manifold:
            return self._weigher.shares
        informs = [
            weight * (-math.log(profile.tells(number))) ** self._weights.informs_power
            for number, weight in self._affair
        ]
        return [each / sum(informs) for each in informs]

    def unheard(self, profile: Profile) -> float:
        """Give how well the affair counts as shown by the names alone, in 0..1.

        Where hardly any of a rare name's reports tells the affair, it is told in words that nobody
        thought of: the currency of "Facebook Libra currency" as a cryptocurrency. It counts by the
        square of how rare the name is: most of what is told of China is another affair.
        """
        if not self._affair or not self._weigher.apart:
            return 0.0
        every = sum(HELD << 2 * place for place in range(len(self._subjects)))
        seen = sum(count for held, count in profile.held.items() if held & every == every)
        if seen < _UNHEARD_LONG:
            return 0.0
        known = 1.0 if seen >= _UNHEARD_FROM else profile.known(USUAL_IN_DAYS)
        usual = self._weights.usual_a_year
        rare = min(1.0, usual / profile.yearly(every, usual))
        told = told_in(profile.days.values()) / seen
        heard = _HEARD_WORDS if self._in_words else _HEARD
        return self._weights.unheard * known * rare**2 * max(0.0, 1.0 - told / heard)

    def meeting(self, profile: Profile) -> float:
        """Give what it says that a query names several that have nothing to do with each other.

        What brings them together is the affair. It says less by the square of how common the one
        is that most reports hold: a president is told of beside everybody.
        """
        if not self._meet:
            return 0.0
        usual, places = self._weights.usual_a_year, range(len(self._subjects))
        most = max([profile.yearly(HELD << 2 * place, usual) for place in places])
        return self._weights.meet * min(1.0, self._weights.meet_a_year / most) ** 2
