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
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.text.tokenization import Token


@dataclass(frozen=True, slots=True)
class DomesticReading:
    """How a story that names one country is read in reports of that country's outlets.

    `judge` is the story's `Judge.at_home`; `anchored` are the parts of which a report shows at
    least one, by their `numbers`. A title that names countries names one of the query (`typed`), be
    it by another name (Trump), but where the affair is one `between` countries. `beside` tells that
    the query names somebody else, or something of theirs.
    """

    country: str
    homes: Geography
    scorer: Scorer
    anchor_numbers: tuple[int, ...]
    typed: tuple[Token, ...]
    between: bool
    beside: bool

    @classmethod
    def of(
        cls,
        interpretation: QueryInterpretation,
        scorer: Scorer,
        homes: Geography,
        typed: tuple[Token, ...],
    ) -> DomesticReading | None:
        """Give how a query of these words is read at home; None where that makes no difference."""
        if scorer.domestic is None:
            return None
        segments, country = scorer.domestic.segments, interpretation.country
        between = any(not homes.between.isdisjoint(segment.concepts) for segment in segments)
        beside = any(
            segment.kind == NAME and not homes.is_everywhere(segment.entity) for segment in segments
        )
        return cls(
            country,
            homes,
            scorer.domestic,
            tuple(anchor_segments(segments)),
            typed,
            between,
            beside,
        )

    @property
    def anchor_segments(self) -> list[QuerySegment]:
        """The parts of which a report of an outlet at home shows at least one."""
        return [self.scorer.segments[number] for number in self.anchor_numbers]

    def index_terms(self) -> frozenset[str]:
        """Give what such a report holds at least one of (`Observer.anchors`)."""
        return frozenset().union(*map(self.scorer.matcher.index_terms, self.anchor_numbers))

    def is_domestic(self, analyzed: AnalyzedItem) -> bool:
        """Tell whether a report is of an outlet at home.

        Where the query has another name too, one that is no candidate so may still be as others.
        """
        return self.homes.country_of(analyzed.item.url, analyzed.text.language) == self.country

    def features_of(self, analyzed: AnalyzedItem) -> Features | None:
        """Look at a report of an outlet at home; None where it is no candidate.

        `beside` another name, it has to tell of the affair: most of what is told of a company has
        nothing to do with the country.
        """
        evidence = self.scorer.matcher.match_candidate(analyzed.text, self.anchor_numbers)
        if evidence is None or self._is_of_elsewhere(analyzed.text.title):
            return None
        features = self.scorer.features(evidence, analyzed.item.published.toordinal())
        if self.beside and features.aspects <= self.scorer.weights.kin:
            return None
        return features._replace(domestic=True)

    def _is_of_elsewhere(self, title: Sequence[Token]) -> bool:
        """Tell whether a title names other countries only, and so is told of these.

        Of an affair between countries it may name the other, but no part of it.
        """
        named = self.homes.countries_named_by_parts(title)
        named |= set() if self.between else self.homes.countries_named(title)
        here = self.homes.around(self.country) | self.homes.countries_named(self.typed)
        return bool(named) and named.isdisjoint(here)
