"""Matching items against one query: their features, and their features of first contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.matching.query_matcher import QueryMatcher
from tracker.stories.query.model import NAME
from tracker.stories.scoring.features import FeatureExtractor
from tracker.stories.scoring.name_coverage import NameCoverage
from tracker.stories.scoring.weights import WEIGHTS

if TYPE_CHECKING:
    from tracker.stories.matching.evidence import Evidence
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.weights import Weights
    from tracker.stories.text.documents import AnalyzedText


class Scorer:
    """Computes the features of items for one query; stateless.

    `has_names` is true if a segment is a name. `query_features` are those of
    `first_contact.QUERY` without the first. `domestic` is for items from outlets of the query's
    country, without the country's name, None if the query names no country. `implied_countries` are
    the segments that such items leave out.
    """

    def __init__(self, interpretation: QueryInterpretation, weights: Weights = WEIGHTS) -> None:
        self.segments = interpretation.segments
        self.weights = weights
        self.matcher = QueryMatcher(interpretation)
        self.extractor = FeatureExtractor(interpretation.segments, weights)
        self.coverage = NameCoverage(self.extractor)
        self.focus = self.extractor.focus
        self.domestic = (
            Scorer(interpretation.domestic, weights) if interpretation.domestic else None
        )
        self.implied_countries = [
            p.text for p in self.segments if p.entity and p.entity == interpretation.country
        ]
        self.has_names = any(segment.kind == NAME for segment in self.segments)
        aspects, focus = len(self.extractor.aspects), len(self.focus)
        self.query_features = (
            float(aspects > 0),
            float(aspects > 1),
            float(focus > 1),
            float(focus),
        )

    def of(self, features: Features) -> Scorer:
        """Return the scorer that computed the features of an item: the domestic one, or this."""
        return self.domestic if features.is_domestic and self.domestic else self

    def features_of(self, text: AnalyzedText, day: int) -> Features:
        """Return the features of an item on a day, given as an ordinal."""
        return self.features(self.matcher.match(text), day)

    def features(self, evidence: Evidence, day: int) -> Features:
        """Return the features of an item's evidence."""
        return self.extractor.extract(evidence, day)
