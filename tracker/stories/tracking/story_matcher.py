"""A story, ready to judge items: what polls, follow, search and preview work with.

matcher = Matcher.of(story.query, vocabulary)        once a story, milliseconds
reading = Reading.of(item)                           once an item
case = matcher.case(reading)                         None where the item is no candidate
take(matcher.judge, profile, new_cases, pending)     judge and learn, in place
verdict(matcher.judge, profile, case)                what to store and to show
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.language_codes import code_of
from tracker.model import USER_DECIDED, Status
from tracker.model_preview import Part as ShownPart
from tracker.stories.levels import INSTANCE
from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.matching.fulltext import all_forms, phrases_of_segment, words_apart
from tracker.stories.matching.percolator import Engine
from tracker.stories.matching.places import Elsewhere
from tracker.stories.query.model import NAME, anchor_segments
from tracker.stories.query.syntax import parse, parse_day
from tracker.stories.scoring.scorer import Judge
from tracker.stories.scoring.semantic import Likeness
from tracker.stories.scoring.weights import WEIGHTS
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL, read_as
from tracker.stories.text.stopwords import all_stop_words
from tracker.stories.text.tokenization import NUMERALS, tokenize
from tracker.stories.tracking.candidates import Case
from tracker.stories.tracking.home_country import AtHome
from tracker.stories.understanding.pipeline import interpret

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime, tzinfo

    from tracker.model import Link
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QueryInterpretation, QuerySegment
    from tracker.stories.query.syntax import Clause, Query, Term
    from tracker.stories.scoring.features import Sighting
    from tracker.stories.scoring.semantic import Encoder
    from tracker.stories.scoring.weights import Weights
    from tracker.stories.text.tokenization import Token


@dataclass(frozen=True, slots=True)
class Matcher:
    """One story's query, compiled; its profile is kept apart and given to the judge.

    `anchored` are the numbers of the parts of which a candidate shows at least one. `likeness` is
    None without an encoder, `home` where no country of the query goes unsaid in its own outlets,
    `elsewhere` where the query names no place beside another name.
    `zone` is that of the days of before: and after:, None for the computer's own.
    """

    query: Query
    interpretation: QueryInterpretation
    judge: Judge
    anchored: tuple[int, ...]
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    likeness: Likeness | None = None
    home: AtHome | None = None
    elsewhere: Elsewhere | None = None
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
        encoder: Encoder | None = None,
        zone: tzinfo | None = None,
    ) -> Matcher:
        """Compile a query; QueryError where its text cannot be read.

        `understood` is the `understanding` of an earlier matcher of the same query, if there was
        one: to find it takes most of the time.
        """
        parsed = parse(query) if isinstance(query, str) else query
        interpretation = interpreted or interpret(parsed, lexicon)
        anchored = tuple(anchor_segments(interpretation.segments))
        judge = Judge(interpretation, weights)
        likeness = Likeness(encoder, *_said(parsed, interpretation)) if encoder else None
        home = AtHome.of(interpretation, judge, lexicon.geography, tokenize(str(parsed), ""))
        elsewhere = Elsewhere.of(judge.parts, judge.subjects, lexicon)
        limits = languages, since
        return cls(
            parsed, interpretation, judge, anchored, *limits, likeness, home, elsewhere, zone
        )

    def anchors(self) -> frozenset[str]:
        """Give the words, stems and two words joined of which a candidate holds at least one.

        One that is read at home holds one of `home.anchors`.
        """
        return frozenset().union(*map(self.judge.observer.anchors, self.anchored))

    def case(self, reading: AnalyzedItem) -> Case | None:
        """Look at an item; None where it is no candidate: no anchor, or outside the limits."""
        if not self._within(reading):
            return None
        sighting = self._sighted(reading)
        return Case(reading.item.id, sighting) if sighting else None

    def asks_for(self, reading: AnalyzedItem) -> bool:
        """Tell whether an item is a candidate that polls and the index find.

        A compound's head alone (Zugstreik) has neither look at it.
        """
        anchors = self.anchors() | (self.home.anchors() if self.home else frozenset())
        item = reading.item
        words = prepare(item.title, item.summary, item.language, item.source, item.address)
        return self.case(reading) is not None and bool(Engine([(0, anchors)]).stories(words))

    def any_case(self, reading: AnalyzedItem) -> Case:
        """Look at an item whether or not it is a candidate, to explain why it is not linked."""
        day = reading.item.published.toordinal()
        sighting = self._sighted(reading) or self.judge.sight(reading.text, day)
        if not self._within(reading):
            sighting = sighting._replace(barred=sighting.barred or "outside the story's limits")
        return Case(reading.item.id, sighting)

    def _sighted(self, reading: AnalyzedItem) -> Sighting | None:
        """Look for what makes the story; None where the item shows nothing of it."""
        if self.home and self.home.takes(reading):
            sighting = self.home.sight(reading)
            if sighting or not self.home.judge.named:
                return sighting
        evidence = self.judge.observer.observe_any(reading.text, self.anchored)
        day = reading.item.published.toordinal()
        if evidence is None:
            return None
        sighting = self.judge.weigh(evidence, day)
        elsewhere = self.elsewhere.told(reading.text, evidence) if self.elsewhere else None
        return sighting._replace(elsewhere=elsewhere) if elsewhere else sighting

    def _within(self, reading: AnalyzedItem) -> bool:
        item = reading.item
        if self.since and item.published < self.since:
            return False
        if self.languages and reading.text.language not in self.languages:
            return False
        return all(_keeps(clause, reading, self.zone) for clause in self.interpretation.limits)

    def candidates(self, stored: Collection[str | None]) -> str:
        """Give the FTS5 expression (unicode61, remove_diacritics 2) that finds all candidates.

        It finds more than candidates: `case` decides. `stored` are the languages of all that is
        looked through, None among them for any: words of others are not looked for.
        """
        languages = self._looked_for(stored)
        anchored = [self.interpretation.segments[number] for number in self.anchored]
        found: dict[str, None] = {}
        for part in anchored + (self.home.anchored if self.home else []):
            found.update(dict.fromkeys(phrases_of_segment(part, languages)))
            if apart := words_apart(part, languages):
                found[apart] = None
        return " OR ".join(found)

    def expressions(self, stored: Collection[str | None]) -> tuple[str, ...]:
        """Give for each of `parts()` the FTS5 expression that finds it alone, "" for none.

        What is weak or wider than the part is left out; `stored` is as for `candidates`.
        """
        languages = self._looked_for(stored)
        found = [
            " OR ".join(dict.fromkeys(phrases_of_segment(part, languages, weak=False)))
            for part in self.interpretation.segments
        ]
        rest = len(self.interpretation.excluded) + len(self.interpretation.limits)
        return (*found, *[""] * rest)

    def _looked_for(self, stored: Collection[str | None]) -> list[str]:
        """Give the languages whose words may be read in what is stored in some languages."""
        told = (
            SNOWBALL
            if None in stored
            else {read_as(code_of(tag)) for tag in stored if tag is not None}
        )
        asked = set(map(read_as, self.languages)) or SNOWBALL
        return [code for code in SNOWBALL if code in told and code in asked]

    def parts(self) -> tuple[ShownPart, ...]:
        """Tell how the query was understood, for follow and its dry run; nothing is counted."""
        weights = [_weight(part) for part in self.interpretation.segments]
        total = sum(weights) or 1.0
        shown = [
            ShownPart(
                part.text,
                part.kind,
                weight / total,
                tuple(
                    ("" if code == ANY_LANGUAGE else code, tuple(form.text for form in forms))
                    for code, forms in all_forms(part, SNOWBALL)
                    if code == ANY_LANGUAGE or part.concepts or code in part.forms
                ),
                note=_note(part, self.interpretation.country),
            )
            for part, weight in zip(self.interpretation.segments, weights, strict=True)
        ]
        shown += [
            ShownPart(_typed(part), part.kind, 0.0, excluded=True)
            for part in self.interpretation.excluded
        ]
        shown += [
            ShownPart(" OR ".join(map(str, clause.terms)), "field", 0.0, excluded=clause.excluded)
            for clause in self.interpretation.limits
        ]
        return tuple(shown)

    def left_out(self) -> tuple[str, ...]:
        """Give the words of the query, as typed, that are looked for in no part of it.

        Function words are none of them: nobody misses these.
        """
        parts = (*self.interpretation.segments, *self.interpretation.excluded)
        asked = {
            each
            for part in parts
            for form in part.forms.get(ANY_LANGUAGE, ())
            for each in form.tokens
        }
        asked |= {word.norm for part in parts for word in tokenize(part.text, "")}
        asked |= {NUMERALS[figure] for figure in asked & NUMERALS.keys()}
        bare = (t for c in self.query.clauses for t in c.terms if not t.field and not t.quoted)
        typed = [word for term in bare for word in tokenize(term.text, "")]
        said = [word for word in typed if word.norm not in all_stop_words()]
        unasked = [word for word in said if word.norm not in asked and not _is_of(word, parts)]
        return tuple(dict.fromkeys(word.text for word in unasked))


def _said(query: Query, interpretation: QueryInterpretation) -> tuple[str, str]:
    """Give the words of a query that a report is to be about, and those of its names."""
    asked = (clause for clause in query.clauses if not clause.excluded)
    bare = (term.text for clause in asked for term in clause.terms if term.field in ("", "title"))
    names = (part.text for part in interpretation.segments if part.kind == NAME)
    return " ".join(bare), " ".join(names)


def _is_of(word: Token, parts: tuple[QuerySegment, ...]) -> bool:
    """Tell whether a word is a compound of two parts that stand side by side."""
    folds = [normalize(part.text) for part in parts]
    return any(
        word.norm.startswith(one) and word.norm.endswith(two) for one, two in pairwise(folds)
    )


def _typed(part: QuerySegment) -> str:
    """Write what is left out as it was typed: with the field that it is looked for in."""
    if not part.field:
        return part.text
    return f"{part.field}:" + (f'"{part.text}"' if " " in part.text else part.text)


def _note(part: QuerySegment, country: str) -> str:
    """Say of a part what its words do not show: how it is looked for."""
    if country and part.entity == country:
        return "outlets of this country need not say it"
    if members := [form for form in part.forms.get(ANY_LANGUAGE, ()) if form.level == INSTANCE]:
        return f"and {len(members)} names of the kind"
    if part.kind != NAME and part.optional:
        return "may be told in any words"
    return "" if part.is_known or part.kind == NAME else "not in the vocabulary"


def _weight(part: QuerySegment) -> float:
    return 0.4 if part.background else 1.0


def _keeps(limit: Clause, reading: AnalyzedItem, zone: tzinfo | None) -> bool:
    return any(_is_from(term, reading, zone) for term in limit.terms) is not limit.excluded


def _is_from(term: Term, reading: AnalyzedItem, zone: tzinfo | None) -> bool:
    item = reading.item
    if term.field == "source":
        return normalize(term.text) in normalize(item.source)
    if term.field == "lang":
        return reading.text.language == term.text[:2].lower()
    limit: date | None = parse_day(term.text)
    if limit is None:
        return True
    published = item.published.astimezone(zone).date()
    return published < limit if term.field == "before" else published >= limit


def case_of(matcher: Matcher, link: Link) -> tuple[AnalyzedItem, Case]:
    """Give a link's item with its case.

    One whose words have changed may be no candidate any more; it is a case all the same.
    """
    reading = AnalyzedItem.of(link.item)
    case = matcher.any_case(reading)
    case.score, case.share = link.score, link.share
    case.linked = link.status in (Status.LINKED, Status.ACCEPTED)
    if link.status in USER_DECIDED:
        case.said = float(link.status is Status.ACCEPTED)
    case.sighting.evidence.likeness = link.likeness
    return reading, case
