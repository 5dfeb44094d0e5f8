"""From evidence to features: the numbers that the scoring model uses.

The focus of a query are the segments that identify its story: its names, else other segments. Its
aspects are the other segments, which say what happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.levels import (
    AMBIGUOUS,
    ASSOCIATED,
    COMPARISON,
    EXACT,
    INSTANCE,
    NARROWER,
    NEAR_SYNONYM,
    PARTIAL,
    RELATED,
    SHORT_FORM,
    SYNONYM,
)
from tracker.stories.query.model import CONCEPT, NAME, focus, majority_focus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.matching.evidence import ConflictingPlace, Evidence, TermMatch
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.scoring.weights import Weights


PRESENT, _PARTLY_PRESENT = 3, 1
"""The two bits of a focus segment in `Features.names_present`: matched, or matched in part."""
_MAJORITY_SHARE = 0.66
"""Share of the segments of a query without names that have to match, on average."""


class Features(NamedTuple):
    """The features of an item for one query, independent of the profile.

    `day` is the ordinal of the item's date. `levels` has the level (0..1) of each segment.
    `aspect_level` is that of all aspects together, `explicit_level` the same by synonyms or better,
    at most that of the concept that matches worst. `excluded` names what rules the item out, "" for
    nothing. `conflicting_place` is a place that the item names instead of the query's, or None.
    `is_domestic` is true for an item of the query's own country, read without the country's name.

    `names_present` is a bitmask with two bits for each focus segment, the first one lowest: 3 if it
    is matched, 1 if only a part or an associated form is, else 0. In a query without names, the
    bits above those are of its other segments; they are set only if no focus segment is present.

    `majority_level` is the level of most segments together in a query without names, 0.0 if less
    than two thirds of them match.

    `is_name_only` is true if the item shows one name that is in the news for many affairs, or the
    subject of a query without names, and nothing of the affair.
    """

    evidence: Evidence
    day: int
    levels: tuple[float, ...]
    aspect_level: float
    explicit_level: float
    focus_in_title: bool
    all_names_in_title: bool
    excluded: str = ""
    aspect_in_title: bool = False
    names_present: int = 0
    majority_level: float = 0.0
    is_domestic: bool = False
    conflicting_place: ConflictingPlace | None = None
    is_name_only: bool = False


class FeatureExtractor:
    """Computes the features of items for one query.

    `focus` are the numbers of the focus segments. `aspects` are the numbers of the aspects with
    their weights, `aspect_shares` these weights divided by their sum. The only segment of a query
    without names is both focus and aspect; otherwise `has_separate_aspects` is true. `name_surplus`
    is the number of names divided by that of sufficient names, at least 1.
    """

    def __init__(self, segments: tuple[QuerySegment, ...], weights: Weights) -> None:
        self.segments = segments
        self.weights = weights
        self.focus = focus(segments)
        aspects = [
            (n, 1.0 if segment.kind == CONCEPT else weights.unknown_word_share)
            for n, segment in enumerate(segments)
            if segment.kind != NAME
        ]
        self.has_separate_aspects = self.focus != [n for n, _ in aspects]
        if self.has_separate_aspects:
            aspects = [(n, weight) for n, weight in aspects if n not in self.focus]
            required = [(n, weight) for n, weight in aspects if not segments[n].optional]
            aspects = required or aspects
        self.aspects = aspects
        self.aspect_shares = [weight / sum(w for _, w in aspects) for _, weight in aspects]
        self._concept_aspects = [n for n, _ in self.aspects if segments[n].kind == CONCEPT]
        names = [segments[n] for n in self.focus if segments[n].kind == NAME]
        self.name_surplus = _name_surplus(names, weights)
        self._majority_focus = majority_focus(segments)
        self._majority_others = [n for n in self._majority_focus if n not in self.focus]
        self._majority_needed = max(1.0, _MAJORITY_SHARE * len(self._majority_focus))
        self._has_several_focus = self.has_separate_aspects and len(self.focus) > 1
        self._has_independent_names = self._has_several_focus and not any(
            segment.implied for segment in segments
        )
        self._aspect_power = 1.0 if self._concept_aspects else weights.unknown_words_power
        self._match_values = [
            _match_values(
                segment,
                weights,
                is_focus=n in self.focus,
                is_only_segment=not self.has_separate_aspects,
            )
            for n, segment in enumerate(segments)
        ]
        self._has_several_names = sum(not name.background for name in names) > 1
        self._affair = [
            n for n, each in enumerate(segments) if n not in self.focus and each.kind != NAME
        ]
        self._leaves_affair_open = all(segments[n].optional for n, _ in self.aspects)
        self._minimum_levels = [self._minimum_level(number) for number in range(len(segments))]

    def extract(self, evidence: Evidence, day: int) -> Features:
        """Return the features of an item on a day, given as an ordinal."""
        levels = tuple(self._level(evidence, number) for number in range(len(self.segments)))
        explicit = {n: self._level(evidence, n, SYNONYM) for n, _ in self.aspects}
        lowest = min((explicit[n] for n in self._concept_aspects), default=1.0)
        explicit_level = sum(
            share * level
            for share, level in zip(self.aspect_shares, explicit.values(), strict=True)
        )
        matches = evidence.matches
        majority_level = self._majority_level(levels)
        return Features(
            evidence,
            day,
            levels,
            aspect_level=max(self.combine_aspects(levels, self.aspect_shares), majority_level),
            explicit_level=min(explicit_level, lowest) ** self._aspect_power
            if self.aspects
            else 1.0,
            focus_in_title=self._focus_in_title(matches),
            all_names_in_title=self._has_independent_names
            and all((match := matches[n][0]) and match.level > RELATED for n in self.focus),
            excluded=evidence.excluded,
            aspect_in_title=any(
                (match := matches[n][0]) and match.level > RELATED for n, _ in self.aspects
            ),
            names_present=self._names_present(matches),
            majority_level=majority_level,
            is_name_only=not majority_level and self._is_name_only(evidence),
        )

    def _is_name_only(self, evidence: Evidence) -> bool:
        """Return `Features.is_name_only`.

        Two names of the query show its affair together, and so does any aspect that is more than
        RELATED, or stands near a name. An affair that the query leaves open can be any.
        """
        if not self.has_separate_aspects or (
            self._leaves_affair_open and not self._has_several_names
        ):
            return False
        matches, segments = evidence.matches, self.segments
        named = [n for n in self.focus if self._presence(matches, n) == PRESENT]
        identifying = [n for n in named if not segments[n].background]
        if len(identifying) > 1 or sum(matches[n][0] is not None for n in named) > 1:
            return False
        found = [match.level for n in self._affair for match in matches[n] if match]
        level = max(found, default=0.0)
        if level > RELATED or (level and evidence.proximity):
            return False
        return all(segments[n].is_many_sided or segments[n].kind != NAME for n in identifying)

    def combine_aspects(self, levels: Sequence[float], shares: Sequence[float]) -> float:
        """Return the level (0..1) of all aspects together, weighted by `shares`."""
        weighted = zip(shares, self.aspects, strict=True)
        return (
            sum([share * levels[n] for share, (n, _) in weighted]) ** self._aspect_power
            if shares
            else 1.0
        )

    def _majority_level(self, levels: tuple[float, ...]) -> float:
        """Return the mean level of the majority segments, 0.0 below the threshold."""
        shown = sum(levels[number] for number in self._majority_focus)
        return shown / len(self._majority_focus) if shown >= self._majority_needed else 0.0

    def _focus_in_title(
        self, matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]
    ) -> bool:
        """Return whether a focus segment matches in the title."""
        return any(
            (match := matches[n][0]) and (self.segments[n].kind == NAME or match.level > RELATED)
            for n in self.focus
            if not self.segments[n].background
        )

    def _names_present(self, matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]) -> int:
        """Return the bitmask `Features.names_present`."""
        present = sum(self._presence(matches, n) << 2 * place for place, n in enumerate(self.focus))
        places = enumerate(() if present else self._majority_others, start=len(self.focus))
        return present or sum(self._presence(matches, n) << 2 * place for place, n in places)

    def _presence(
        self, matches: tuple[tuple[TermMatch | None, TermMatch | None], ...], number: int
    ) -> int:
        """Return the two bits of a segment in `Features.names_present`."""
        best = max((match.level for match in matches[number] if match), default=0.0)
        lowest, partial = (
            (ASSOCIATED, 0.0) if self.segments[number].kind == NAME else (AMBIGUOUS, RELATED)
        )
        if best == INSTANCE:  # instances are often in the news for other reasons
            return _PARTLY_PRESENT
        return PRESENT if best > lowest else _PARTLY_PRESENT if best > partial else 0

    def _level(self, evidence: Evidence, number: int, lowest: float = 0.0) -> float:
        """Return the level of a segment, by matches of at least the level `lowest`."""
        scale = self._match_values[number]
        first, second = evidence.matches[number]
        title = scale[first.level] if first and first.level >= lowest else 0.0
        other = scale[second.level] if second and second.level >= lowest else 0.0
        if second and second.field == "address":
            other *= self.weights.address_factor
        level = max(title, other)
        return max(level, self._minimum_levels[number])

    def _minimum_level(self, number: int) -> float:
        """Return the level of an aspect that is not matched.

        An optional aspect ("fight") can be reported in any words, the more so the more names there
        are.
        """
        if not self.segments[number].optional or number in self.focus:
            return 0.0
        return (
            self.weights.optional_level_several
            if self._has_several_focus
            else self.weights.optional_level
        )


def _name_surplus(names: Sequence[QuerySegment], weights: Weights) -> float:
    """Return how many times more names a query has than are sufficient, at least 1.0.

    A query with three or more names describes its story well without requiring all. A background
    name counts as a part of a name.
    """
    many = sum(weights.background_share if name.background else 1.0 for name in names)
    return max(1.0, many / weights.sufficient_names)


def _match_values(
    segment: QuerySegment, weights: Weights, *, is_focus: bool, is_only_segment: bool
) -> dict[float, float]:
    """Return the level of a segment by the level of its match.

    A narrower concept is worth less as focus than as aspect: "ranch" covers less of "beef" than a
    narrower event does of an event. An ambiguous form is worth less in the only segment of a query,
    where no other match supports it.
    """
    if segment.kind == NAME:
        return {
            EXACT: 1.0,
            SHORT_FORM: weights.short_form_level,
            ASSOCIATED: weights.associated_level,
            PARTIAL: weights.partial_level,
            COMPARISON: COMPARISON,
        }
    return {
        EXACT: 1.0,
        SYNONYM: weights.synonym_level,
        ASSOCIATED: weights.associated_level,
        INSTANCE: weights.associated_level,
        NARROWER: weights.narrower_focus_level if is_focus else weights.narrower_level,
        NEAR_SYNONYM: weights.near_synonym_level,
        # Of names within it, such as the alternative in: layoffs OR Quux-Zorblax
        PARTIAL: weights.partial_level,
        COMPARISON: COMPARISON,
        SHORT_FORM: weights.ambiguous_only_level if is_only_segment else weights.ambiguous_level,
        RELATED: weights.related_level,
        RELATED / 2: weights.related_level / 2,
    }
