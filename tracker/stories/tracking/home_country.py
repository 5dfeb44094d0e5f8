"""Items from outlets of the country that a query names.

These outlets leave the country's name out: Spanish ones do not write "Spain" in reports for "Spain
doctors strike". Their items are matched without it, and learned from separately.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.language_codes import code_of
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
    """Matches items from outlets of the query's country, without the country's name.

    `scorer` is `Scorer.domestic`. `anchor_numbers` are the segments of which a candidate matches at
    least one. `query_tokens` are those of the whole query. `is_international` is true for an aspect
    between countries, such as a trade war. `has_other_names` is true if the query names something
    besides countries in the news everywhere.
    """

    country: str
    geography: Geography
    scorer: Scorer
    anchor_numbers: tuple[int, ...]
    query_tokens: tuple[Token, ...]
    is_international: bool
    has_other_names: bool

    @classmethod
    def of(
        cls,
        interpretation: QueryInterpretation,
        scorer: Scorer,
        geography: Geography,
        typed: tuple[Token, ...],
    ) -> DomesticReading | None:
        """Return the domestic reading of a query; None if it does not differ."""
        if scorer.domestic is None:
            return None
        segments, country = scorer.domestic.segments, interpretation.country
        is_international = any(
            not geography.between.isdisjoint(segment.concepts) for segment in segments
        )
        has_other_names = any(
            segment.kind == NAME and not geography.is_everywhere(segment.entity)
            for segment in segments
        )
        return cls(
            country,
            geography,
            scorer.domestic,
            tuple(anchor_segments(segments)),
            typed,
            is_international,
            has_other_names,
        )

    @property
    def anchor_segments(self) -> list[QuerySegment]:
        """The segments of which a domestic candidate matches at least one."""
        return [self.scorer.segments[number] for number in self.anchor_numbers]

    def index_terms(self) -> frozenset[str]:
        """Return the terms of which a domestic candidate has at least one."""
        return frozenset().union(*map(self.scorer.matcher.index_terms, self.anchor_numbers))

    def is_domestic(self, analyzed: AnalyzedItem) -> bool:
        """Return whether an item is from an outlet of the query's country."""
        return self.geography.country_of(analyzed.item.url, analyzed.text.language) == self.country

    def may_be_domestic(self, url: str, language: str | None) -> bool:
        """Return whether an item can be domestic, by its URL and stored language.

        An item without a language can be: the text may tell it.
        """
        return language is None or self.geography.country_of(url, code_of(language)) == self.country

    def features_of(self, analyzed: AnalyzedItem) -> Features | None:
        """Return the features of a domestic item; None if it is no candidate.

        If the query has other names, an aspect has to match: most items on a company have nothing
        to do with the country.
        """
        evidence = self.scorer.matcher.match_candidate(analyzed.text, self.anchor_numbers)
        if evidence is None or self._names_only_other_countries(analyzed.text.title):
            return None
        features = self.scorer.features(evidence, analyzed.item.published.toordinal())
        if self.has_other_names and features.aspect_level <= self.scorer.weights.related_level:
            return None
        return features._replace(is_domestic=True)

    def _names_only_other_countries(self, title: Sequence[Token]) -> bool:
        """Return whether a title names countries, but none of the query's.

        For an aspect between countries only their regions count: the title may name the other
        country.
        """
        named = self.geography.countries_named_by_parts(title)
        named |= set() if self.is_international else self.geography.countries_named(title)
        local = self.geography.around(self.country) | self.geography.countries_named(
            self.query_tokens
        )
        return bool(named) and named.isdisjoint(local)
