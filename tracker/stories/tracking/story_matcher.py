"""A followed story's compiled query, which finds candidates among items.

matcher = StoryMatcher.of(story.query, lexicon)          once a story, milliseconds
analyzed = AnalyzedItem.of(item)                         once an item
features = matcher.features(analyzed)                    None if the item is no candidate
contact(count(profile.counts, matcher.scorer, features)) what the query says of it
judge(profile, known, asked)                             what the story says of it
verdict(matcher.scorer, analyzed, candidate, judgement)  what to store and to show
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.language_codes import code_of
from tracker.stories.matching.fulltext import loose_expression, segment_phrases
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.matching.places import PlaceConflict
from tracker.stories.query.model import anchor_segments
from tracker.stories.query.syntax import parse, parse_day
from tracker.stories.scoring.scorer import Scorer
from tracker.stories.scoring.weights import WEIGHTS
from tracker.stories.text.documents import prepare
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL, read_as
from tracker.stories.text.tokenization import tokenize
from tracker.stories.tracking.home_country import DomesticReading
from tracker.stories.understanding.pipeline import interpret

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime, tzinfo

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QueryInterpretation, QuerySegment
    from tracker.stories.query.syntax import Clause, Query, Term
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.weights import Weights
    from tracker.stories.text.documents import AnalyzedItem


@dataclass(frozen=True, slots=True)
class StoryMatcher:
    """The compiled query of one story; its profile is kept apart.

    `anchor_numbers` are the segments of which a candidate matches at least one, `anchor_terms`
    their terms in the index of stories. `languages` is empty for all, `since` None for no bound.
    `domestic` is None if the query names no country that its own outlets leave out,
    `place_conflict` if it names no place beside another name. `zone` is that of the days of before:
    and after:, None for the computer's own.
    """

    query: Query
    interpretation: QueryInterpretation
    scorer: Scorer
    anchor_numbers: tuple[int, ...]
    anchor_terms: frozenset[str]
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    domestic: DomesticReading | None = None
    place_conflict: PlaceConflict | None = None
    zone: tzinfo | None = None

    @classmethod
    def of(
        cls,
        query: str | Query,
        lexicon: Lexicon,
        interpreted: QueryInterpretation | None = None,
        *,
        languages: tuple[str, ...] = (),
        since: datetime | None = None,
        weights: Weights = WEIGHTS,
        zone: tzinfo | None = None,
    ) -> StoryMatcher:
        """Compile a query; raises QueryError if its text cannot be parsed.

        `interpreted` is the interpretation of an earlier matcher of the same query, if any:
        interpreting takes most of the time.
        """
        parsed = parse(query) if isinstance(query, str) else query
        interpretation = interpreted or interpret(parsed, lexicon)
        anchors = tuple(anchor_segments(interpretation.segments))
        scorer = Scorer(interpretation, weights)
        domestic = DomesticReading.of(
            interpretation, scorer, lexicon.geography, tokenize(str(parsed), "")
        )
        place_conflict = PlaceConflict.of(scorer.segments, scorer.focus, lexicon)
        limits = languages, since
        return cls(
            parsed,
            interpretation,
            scorer,
            anchors,
            frozenset().union(*map(scorer.matcher.index_terms, anchors)),
            *limits,
            domestic,
            place_conflict,
            zone,
        )

    def index_terms(self) -> frozenset[str]:
        """Return the terms of which a candidate has at least one.

        Those of domestic items are `domestic.index_terms()`.
        """
        return self.anchor_terms

    def features(self, analyzed: AnalyzedItem) -> Features | None:
        """Return the features of a candidate; None without an anchor or outside the limits."""
        return self._features(analyzed) if self._passes_limits(analyzed) else None

    def is_found_by_polls(self, analyzed: AnalyzedItem) -> bool:
        """Return whether an item is a candidate that the story index finds.

        The matcher also accepts the head of a compound (Zugstreik), which the index does not look
        up.
        """
        anchors = self.index_terms() | (
            self.domestic.index_terms() if self.domestic else frozenset()
        )
        item = analyzed.item
        words = prepare(item.title, item.summary, item.language, item.source, item.address)
        return self.features(analyzed) is not None and bool(
            StoryIndex([(0, anchors)]).stories(words)
        )

    def features_anyway(self, analyzed: AnalyzedItem) -> Features:
        """Return the features of any item, whether it is a candidate or not."""
        day = analyzed.item.published.toordinal()
        features = self._features(analyzed) or self.scorer.features_of(analyzed.text, day)
        if not self._passes_limits(analyzed):
            return features._replace(excluded=features.excluded or "outside the story's limits")
        return features

    def _features(self, analyzed: AnalyzedItem) -> Features | None:
        """Return the features of an item; None if no anchor matches."""
        if self.domestic and self.domestic.is_domestic(analyzed):
            features = self.domestic.features_of(analyzed)
            if features or not self.domestic.scorer.has_names:
                return features
        evidence = self.scorer.matcher.match_candidate(analyzed.text, self.anchor_numbers)
        day = analyzed.item.published.toordinal()
        if evidence is None:
            return None
        features = self.scorer.features(evidence, day)
        place_conflict = (
            self.place_conflict.find(analyzed.text, evidence) if self.place_conflict else None
        )
        return features._replace(conflicting_place=place_conflict) if place_conflict else features

    def _passes_limits(self, analyzed: AnalyzedItem) -> bool:
        """Return whether an item is within the story's date, languages and limits."""
        item = analyzed.item
        if self.since and item.published < self.since:
            return False
        if self.languages and analyzed.text.language not in self.languages:
            return False
        return all(
            _passes_limit(clause, analyzed, self.zone) for clause in self.interpretation.limits
        )

    def fulltext_expression(self, stored: Collection[str | None]) -> str:
        """Return an FTS5 expression that retrieves all candidates but domestic ones, and more.

        It is for a table with unicode61 and remove_diacritics 2. `stored` are the languages of the
        stored items: forms of other languages are left out; None among them stands for any.
        """
        anchors = [self.interpretation.segments[number] for number in self.anchor_numbers]
        return _any_of(anchors, self._searched_languages(stored))

    def domestic_expression(self, stored: Collection[str | None]) -> str:
        """Return an FTS5 expression that retrieves the domestic candidates, and much more.

        It is "" for a query without a domestic reading; `stored` is as for `fulltext_expression`.
        Only items of which `DomesticReading.may_be_domestic` is true need a closer look.
        """
        anchors = self.domestic.anchor_segments if self.domestic else []
        return _any_of(anchors, self._searched_languages(stored))

    def segment_expressions(self, stored: Collection[str | None]) -> tuple[str, ...]:
        """Return for each of `shown_parts` the FTS5 expression that retrieves it, or "".

        Ambiguous and broader forms are left out; `stored` is as for `fulltext_expression`.
        """
        languages = self._searched_languages(stored)
        found = [
            " OR ".join(dict.fromkeys(segment_phrases(segment, languages, ambiguous=False)))
            for segment in self.interpretation.segments
        ]
        rest = len(self.interpretation.excluded) + len(self.interpretation.limits)
        return (*found, *[""] * rest)

    def segments_in(self, analyzed: AnalyzedItem) -> list[bool]:
        """Return for each segment of the query whether the item matches it."""
        return self.scorer.matcher.segments_in(analyzed.text)

    def _searched_languages(self, stored: Collection[str | None]) -> list[str]:
        """Return the languages whose forms can match stored items."""
        stored_languages = (
            SNOWBALL
            if None in stored
            else {read_as(code_of(tag)) for tag in stored if tag is not None}
        )
        story_languages = set(map(read_as, self.languages)) or SNOWBALL
        return [code for code in SNOWBALL if code in stored_languages and code in story_languages]


def _any_of(segments: Iterable[QuerySegment], languages: Sequence[str]) -> str:
    """Return an FTS5 expression that finds at least one of some segments."""
    found: dict[str, None] = {}
    for segment in segments:
        found.update(dict.fromkeys(segment_phrases(segment, languages)))
        if loose := loose_expression(segment, languages):
            found[loose] = None
    return " OR ".join(found)


def _passes_limit(limit: Clause, analyzed: AnalyzedItem, zone: tzinfo | None) -> bool:
    return any(_matches_term(term, analyzed, zone) for term in limit.terms) is not limit.excluded


def _matches_term(term: Term, analyzed: AnalyzedItem, zone: tzinfo | None) -> bool:
    item = analyzed.item
    if term.field == "source":
        return normalize(term.text) in normalize(f"{item.source} {item.feed}")
    if term.field == "lang":
        return analyzed.text.language == term.text[:2].lower()
    limit: date | None = parse_day(term.text)
    if limit is None:
        return True
    published = item.published.astimezone(zone).date()
    return published < limit if term.field == "before" else published >= limit
