"""How a story that names a country is read in that country's own outlets.

Who follows "Spain doctors strike" from abroad types a name that Spanish outlets leave out. There
the story is read without it, and learns apart from what it learns elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.query.model import NAME, anchor_segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.geography import Geography
    from tracker.stories.query.model import QueryInterpretation, QuerySegment
    from tracker.stories.scoring.features import Sighting
    from tracker.stories.scoring.scorer import Judge
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.text.tokenization import Token


@dataclass(frozen=True, slots=True)
class AtHome:
    """How a story that names one country is read in reports of that country's outlets.

    `judge` is the story's `Judge.at_home`; `anchored` are the parts of which a report shows at
    least one, by their `numbers`. A title that names countries names one of the query (`typed`), be
    it by another name (Trump), but where the affair is one `between` countries. `beside` tells that
    the query names somebody else, or something of theirs.
    """

    country: str
    homes: Geography
    judge: Judge
    numbers: tuple[int, ...]
    typed: tuple[Token, ...]
    between: bool
    beside: bool

    @classmethod
    def of(
        cls,
        interpretation: QueryInterpretation,
        judge: Judge,
        homes: Geography,
        typed: tuple[Token, ...],
    ) -> AtHome | None:
        """Give how a query of these words is read at home; None where that makes no difference."""
        if judge.at_home is None:
            return None
        parts, country = judge.at_home.parts, interpretation.country
        between = any(not homes.between.isdisjoint(part.concepts) for part in parts)
        beside = any(part.kind == NAME and not homes.is_everywhere(part.entity) for part in parts)
        return cls(
            country, homes, judge.at_home, tuple(anchor_segments(parts)), typed, between, beside
        )

    @property
    def anchored(self) -> list[QuerySegment]:
        """The parts of which a report of an outlet at home shows at least one."""
        return [self.judge.parts[number] for number in self.numbers]

    def anchors(self) -> frozenset[str]:
        """Give what such a report holds at least one of (`Observer.anchors`)."""
        return frozenset().union(*map(self.judge.observer.anchors, self.numbers))

    def takes(self, reading: AnalyzedItem) -> bool:
        """Tell whether a report is of an outlet at home.

        Where the query has another name too, one that is no candidate so may still be as others.
        """
        return self.homes.country_of(reading.item.url, reading.text.language) == self.country

    def sight(self, reading: AnalyzedItem) -> Sighting | None:
        """Look at a report of an outlet at home; None where it is no candidate.

        `beside` another name, it has to tell of the affair: most of what is told of a company has
        nothing to do with the country.
        """
        evidence = self.judge.observer.observe_any(reading.text, self.numbers)
        if evidence is None or self._is_of_elsewhere(reading.text.title):
            return None
        sighting = self.judge.weigh(evidence, reading.item.published.toordinal())
        if self.beside and sighting.affair <= self.judge.weights.kin:
            return None
        return sighting._replace(at_home=True)

    def _is_of_elsewhere(self, title: Sequence[Token]) -> bool:
        """Tell whether a title names other countries only, and so is told of these.

        Of an affair between countries it may name the other, but no part of it.
        """
        named = self.homes.countries_named_by_parts(title)
        named |= set() if self.between else self.homes.countries_named(title)
        here = self.homes.around(self.country) | self.homes.countries_named(self.typed)
        return bool(named) and named.isdisjoint(here)
