"""Name coverage: how much of what identifies a story an item shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.query.model import NAME

if TYPE_CHECKING:
    from tracker.stories.scoring.features import FeatureExtractor, Features


class NameCoverage:
    """Computes the name coverage of items for one query.

    In a query without names it is that of the focus segments. The names are weighted by how much
    they identify, or equally, whichever gives more.
    """

    def __init__(self, extractor: FeatureExtractor) -> None:
        segments = [extractor.segments[number] for number in extractor.focus]
        self._weights = extractor.weights
        self._extractor = extractor
        self.has_names = any(each.kind == NAME for each in extractor.segments)
        named = any(each.kind == NAME for each in segments)
        parts = [
            self._weights.background_share
            if each.background or (named and each.kind != NAME)
            else 1.0
            for each in segments
        ]
        self._shares = [part / sum(parts) for part in parts]
        optional = bool(extractor.aspects) and all(
            extractor.segments[n].optional for n, _ in extractor.aspects
        )
        self._may_compensate = len(segments) > 1 and not optional

    def levels(self, features: Features) -> list[float]:
        """Return the level of each focus segment times its share; the sum is in 0..1."""
        found = [features.levels[number] for number in self._extractor.focus]
        weighted = [share * level for share, level in zip(self._shares, found, strict=True)]
        return max(weighted, [level / len(found) for level in found], key=sum)

    def of(self, features: Features) -> float:
        """Return the name coverage of an item, in 0..1."""
        total = self._with_surplus(max(sum(self.levels(features)), features.majority_level))
        if features.conflicting_place and total < 1.0:
            return total * self._weights.place_conflict_factor
        return total + self._compensation(features, total)

    def _with_surplus(self, total: float) -> float:
        """Return the coverage if the query has more names than are sufficient.

        Without aspects a part of it counts: Altman and OpenAI occur together every day.
        """
        if self._extractor.name_surplus == 1.0:
            return total
        enough = min(1.0, total * self._extractor.name_surplus)
        share = 1.0 if self._extractor.aspects else self._weights.surplus_without_aspects
        return total + (enough - total) * share

    def _compensation(self, features: Features, total: float) -> float:
        """Return how much a match of the aspects makes up for missing names.

        For "Panama ports BlackRock", an item on a court and the ports of Panama. Common nouns are
        left out more often than names, as "car" for "car chip shortage".
        """
        if not (self._may_compensate and self._extractor.aspects and 0.0 < total < 1.0):
            return 0.0
        weights = self._weights
        share = (
            weights.aspect_compensation if self.has_names else weights.aspect_compensation_nameless
        )
        # Half of the aspects is no evidence.
        return share * max(0.0, 2.0 * features.aspect_level - 1.0) * (1.0 - total)
