"""From evidence to features: the figures of an item that every judgement needs."""

from __future__ import annotations

from functools import lru_cache
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


HELD, _HALF_HELD = 3, 1
"""The two bits of a name in `Sighting.held`."""
_MOST = 0.66
"""The share of a query's parts that make its story together. With 0.6, synonyms would do for them:
precision of 24 stories is .864 then instead of .871, F1 .002 lower."""


class Features(NamedTuple):
    """What an item shows of a story, ready to be judged as often as the profile changes.

    `levels` run parallel to the parts and say how well each is shown, in 0..1; `told` is whether
    the title tells the affair. `firm` is how surely the item tells the affair without what was
    learned: as its least concept is shown.
    `by_most` is how well most parts together make the story of a query without names, in 0..1; 0
    where two in three are not shown as they were typed.
    `tells` are the numbers of the parts that it tells outright, of an affair of several.
    `at_home` is whether it is a report of an outlet of the query's country, read without its name;
    `elsewhere` is the place that it tells of where that is not the query's.
    `held` has two bits for each name, the first one's lowest: 3 where the item holds it, 1 where it
    holds one word of two or what is bound to the name, 0 where it holds nothing of it. A query
    without names has its other parts for its subjects; where most of its parts make the story and
    the item holds no subject, the bits behind those are of the parts that it holds instead: else it
    would be told of in as many reports as there are.
    """

    evidence: Evidence
    day: int
    levels: tuple[float, ...]
    aspects: float
    aspects_firm: float
    in_title: bool
    every_name: bool
    pattern: str
    barred: str = ""
    aspect_in_title: bool = False
    names_held: int = 0
    majority: float = 0.0
    aspects_shown: tuple[int, ...] = ()
    domestic: bool = False
    conflicting_place: ConflictingPlace | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """All that the item shows of the query, but not its day: the same for many items."""
        return (*self[2:], self.evidence.proximity)


class FeatureExtractor:
    """Sums up evidence for one query.

    `subjects` are the numbers of the parts that make the story, `affair` those of the others that
    tell of what kind the affair is, with their weights; `shares` are these as shares of all. Of a
    query of one part without a name that part is both; else the two are `apart`. `manifold` is an
    affair of several parts. `times_enough` is how many times as many names as are enough there are,
    at least 1.
    """

    def __init__(self, segments: tuple[QuerySegment, ...], weights: Weights) -> None:
        self.segments = segments
        self.weights = weights
        self.focus = focus(segments)
        affair = [
            (n, 1.0 if segment.kind == CONCEPT else weights.word)
            for n, segment in enumerate(segments)
            if segment.kind != NAME
        ]
        self.apart = self.focus != [n for n, _ in affair]
        if self.apart:
            affair = [(n, weight) for n, weight in affair if n not in self.focus]
            telling = [(n, weight) for n, weight in affair if not segments[n].optional]
            affair = telling or affair
        self.aspects = affair
        self.aspect_shares = [weight / sum(w for _, w in affair) for _, weight in affair]
        self._concepts = [n for n, _ in self.aspects if segments[n].kind == CONCEPT]
        names = [segments[n] for n in self.focus if segments[n].kind == NAME]
        self.times_enough = _times_enough(names, weights)
        self._several_told = majority_focus(segments)
        self._others = [n for n in self._several_told if n not in self.focus]
        self._enough = max(1.0, _MOST * len(self._several_told))
        self.has_several_aspects = self.apart and len(affair) > 1
        self._several = self.apart and len(self.focus) > 1
        self._unbound = self._several and not any(segment.implied for segment in segments)
        self._power = 1.0 if self._concepts else weights.words_power
        self._scales = [
            _match_values(segment, weights, makes_the_story=n in self.focus, alone=not self.apart)
            for n, segment in enumerate(segments)
        ]
        self._granted = [self._grant(number) for number in range(len(segments))]

    def extract(self, evidence: Evidence, day: int) -> Features:
        """Sum up evidence in the figures that every judgement needs."""
        levels = tuple(self._level(evidence, number) for number in range(len(self.segments)))
        firmly = {n: self._level(evidence, n, SYNONYM) for n, _ in self.aspects}
        least = min((firmly[n] for n in self._concepts), default=1.0)
        firm = sum(
            share * level for share, level in zip(self.aspect_shares, firmly.values(), strict=True)
        )
        matches = evidence.matches
        by_most = self._by_most(levels)
        return Features(
            evidence,
            day,
            levels,
            aspects=max(
                self.aspect_level(levels, self.aspect_shares), by_most
            ),  # whichever part is left out
            aspects_firm=min(firm, least) ** self._power if self.aspects else 1.0,
            in_title=self._in_title(matches),
            every_name=self._unbound and all(matches[n][0] for n in self.focus),
            pattern="|".join(_segment_pattern(evidence, n) for n in self.focus),
            barred=evidence.excluded,
            aspect_in_title=any(
                (match := matches[n][0]) and match.level > RELATED for n, _ in self.aspects
            ),
            names_held=self._held(matches),
            majority=by_most,
            aspects_shown=self._tells(levels) if self.has_several_aspects else (),
        )

    def aspect_level(self, levels: Sequence[float], shares: Sequence[float]) -> float:
        """Give how well an item tells the affair, of which its parts have these shares, in 0..1."""
        told = zip(shares, self.aspects, strict=True)
        return sum([share * levels[n] for share, (n, _) in told]) ** self._power if shares else 1.0

    def _tells(self, levels: Sequence[float]) -> tuple[int, ...]:
        return tuple([n for n, _ in self.aspects if levels[n] > self.weights.kin])

    def _by_most(self, levels: tuple[float, ...]) -> float:
        shown = sum(levels[number] for number in self._several_told)
        return shown / len(self._several_told) if shown >= self._enough else 0.0

    def _in_title(self, matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]) -> bool:
        """Tell whether the title holds what makes the story: one subject of them."""
        return any(
            (match := matches[n][0]) and (self.segments[n].kind == NAME or match.level > RELATED)
            for n in self.focus
            if not self.segments[n].background
        )

    def _held(self, matches: tuple[tuple[TermMatch | None, TermMatch | None], ...]) -> int:
        """Give the bits of the subjects, else those of the other parts, behind them."""
        held = sum(self._holds(matches, n) << 2 * place for place, n in enumerate(self.focus))
        places = enumerate(() if held else self._others, start=len(self.focus))
        return held or sum(self._holds(matches, n) << 2 * place for place, n in places)

    def _holds(
        self, matches: tuple[tuple[TermMatch | None, TermMatch | None], ...], number: int
    ) -> int:
        """Give how well an item holds a subject, in two bits: `Sighting.held`."""
        best = max((match.level for match in matches[number] if match), default=0.0)
        least, some = (
            (ASSOCIATED, 0.0) if self.segments[number].kind == NAME else (AMBIGUOUS, RELATED)
        )
        if best == INSTANCE:  # of what is in the news for everything
            return _HALF_HELD
        return HELD if best > least else _HALF_HELD if best > some else 0

    def _level(self, evidence: Evidence, number: int, least: float = 0.0) -> float:
        scale = self._scales[number]
        first, second = evidence.matches[number]
        title = scale[first.level] if first and first.level >= least else 0.0
        other = scale[second.level] if second and second.level >= least else 0.0
        if second and second.field == "address":
            other *= self.weights.address
        level = max(title, other)
        return max(level, self._granted[number])

    def _grant(self, number: int) -> float:
        """Give how well a part of the affair counts as shown where it is not.

        "Fight" leaves open how it will be told, the more so the more names are given.
        """
        if not self.segments[number].optional or number in self.focus:
            return 0.0
        return self.weights.open_several if self._several else self.weights.open


def _times_enough(names: Sequence[QuerySegment], weights: Weights) -> float:
    """Give how many times as many names as are enough a query has; 1.0 for fewer.

    Who types three names and more names the affair well, and does not ask for all of them. A
    context is a part of a name.
    """
    many = sum(weights.context if name.background else 1.0 for name in names)
    return max(1.0, many / weights.names_enough)


def _match_values(
    segment: QuerySegment, weights: Weights, *, makes_the_story: bool, alone: bool
) -> dict[float, float]:
    """Give what a hit of each level is worth in showing a part.

    A part of what makes the story is less of it than a part of what happens is of that: a ranch is
    not all of beef.
    Where it is all that the query asks for (`alone`), nothing stands beside a weak form.
    """
    if segment.kind == NAME:
        return {
            EXACT: 1.0,
            SHORT_FORM: weights.short,
            ASSOCIATED: weights.bound,
            PARTIAL: weights.half,
            COMPARISON: COMPARISON,
        }
    return {
        EXACT: 1.0,
        SYNONYM: weights.synonym,
        ASSOCIATED: weights.bound,
        INSTANCE: weights.bound,
        NARROWER: weights.part_of_subject if makes_the_story else weights.narrower,
        NEAR_SYNONYM: weights.alike,
        PARTIAL: weights.half,  # of a name that will do as well: layoffs OR Quux-Zorblax
        SHORT_FORM: weights.weak_alone if alone else weights.weak,
        RELATED: weights.kin,
        RELATED / 2: weights.kin / 2,
    }


def _segment_pattern(evidence: Evidence, number: int) -> str:
    title, summary = evidence.matches[number]
    if not title and not summary:
        return "-"
    where = "t" if title else "s"
    best = max((match.level for match in (title, summary) if match), default=0.0)
    return where + _MARKS.get(best, "~")


_MARKS = {EXACT: "+", SHORT_FORM: "", PARTIAL: "-"}


@lru_cache(maxsize=1024)
def name_completeness(pattern: str) -> tuple[int, ...]:
    """Give how well a pattern holds each name: 2 as a name, 1 by one of its words, 0 not."""
    marks = pattern.split("|")
    return tuple(
        0 if mark in ("", "-") else 1 if mark[1:] == _MARKS[PARTIAL] else 2 for mark in marks
    )
