"""The followed stories in memory, with the index that finds their candidates.

The interpretation of a query and its index terms are stored in the database. A poll reads them, and
interprets only the queries for which none are stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.services.gc_pause import collector_off
from tracker.store.following import compiled, stories
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.matching.vocabulary_index import VocabularyIndex
from tracker.stories.query.serialization import code_digest, dump
from tracker.stories.query.serialization import load as load_understanding
from tracker.stories.query.syntax import parse
from tracker.stories.tracking.profile import profile_from_json
from tracker.stories.tracking.story_matcher import StoryMatcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from tracker.model.core import Story
    from tracker.store.database import Database
    from tracker.stories.lexicon.geography import Geography
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.query.syntax import Query
    from tracker.stories.text.documents import PreparedText
    from tracker.stories.tracking.profile import Profile


KEPT = 1_000
"""Stories whose matchers and profiles stay in memory between batches; 0.1 MB each at the most."""
_SAVED_AT_ONCE = 1_000
"""Interpretations that are saved in one transaction; 0.5 s of work."""


@dataclass(slots=True)
class StoryRegistry:
    """All stories but the closed ones, as they were at one `version` (`stories.version`).

    `index` finds the stories of which an item may be a candidate, `vocabularies` those whose own
    words it may have. `domestic_terms` are the index terms (id, text) of stories for outlets of
    their own country, which need not name it, by country; `domestic_indexes` are made of these when
    they are needed. `geography` has the countries of outlets.
    """

    version: int
    index: StoryIndex
    vocabularies: VocabularyIndex
    domestic_terms: dict[str, list[tuple[int, str]]]
    geography: Geography
    domestic_indexes: dict[str, StoryIndex] = field(default_factory=dict)
    matchers: dict[int, StoryMatcher] = field(default_factory=dict)
    profiles: dict[int, Profile] = field(default_factory=dict)

    @classmethod
    @collector_off()
    def load(cls, db: Database) -> StoryRegistry:
        """Load the index terms of all stories but the closed ones.

        A story whose terms are not stored takes 1 ms, so this is best done without the write lock.
        """
        version = stories.version(db)
        unsaid: dict[str, list[tuple[int, str]]] = {}
        engine = StoryIndex(_anchors(db, unsaid))
        words = VocabularyIndex(stories.vocabularies(db))
        return cls(version, engine, words, unsaid, load_lexicon().geography)

    def stories_of(self, url: str, found: PreparedText) -> set[int]:
        """Return the ids of the stories of which an item may be a candidate."""
        asking = self.index.stories(found)
        country = self.geography.country_of(url, found.language) if self.domestic_terms else ""
        if country in self.domestic_terms:
            if country not in self.domestic_indexes:
                anchors = self.domestic_terms[country]
                self.domestic_indexes[country] = StoryIndex(
                    (story, some.split()) for story, some in anchors
                )
            asking |= self.domestic_indexes[country].stories(found)
        return asking

    def load_matchers(self, db: Database, story_ids: Iterable[int], now: datetime) -> None:
        """Load the matchers of these stories that are not in memory yet."""
        asked = [story_id for story_id in story_ids if story_id not in self.matchers]
        found = stories.by_ids(db, asked, now)
        for story, matcher in zip(found, matchers_of(db, found), strict=True):
            self.matchers[story.id] = matcher

    def profile(self, db: Database, story_id: int) -> Profile:
        """Return the profile of a story, which is read from the database once."""
        if story_id not in self.profiles:
            self.profiles[story_id] = profile_from_json(stories.profile(db, story_id))
        return self.profiles[story_id]

    def forget(self) -> None:
        """Drop the matchers and profiles from memory if they are many; all are stored."""
        if len(self.matchers) > KEPT:
            self.matchers.clear()
            self.profiles.clear()


def matcher_of(db: Database, story: Story) -> StoryMatcher:
    """Return the matcher of a story, made of the stored interpretation if there is one."""
    return next(matchers_of(db, [story]))


def matchers_of(db: Database, several: Sequence[Story]) -> Iterator[StoryMatcher]:
    """Yield the matchers of stories, made of the stored interpretations where there are some."""
    kept = compiled.understandings(db, [story.id for story in several], code_digest())
    for story in several:
        interpreted = (
            load_understanding(kept[story.id], load_lexicon()) if story.id in kept else None
        )
        yield compile_query(
            parse(story.query, strict=False),
            interpreted,
            languages=story.languages,
            since=story.since,
        )


def compile_query(
    query: str | Query,
    interpreted: QueryInterpretation | None = None,
    *,
    languages: tuple[str, ...] = (),
    since: datetime | None = None,
) -> StoryMatcher:
    """Return the matcher of a query; `interpreted` is as in `StoryMatcher.of`.

    The days of before: and after: are in the computer's time zone, as all days that are shown.
    Raises QueryError if the query cannot be parsed.
    """
    return StoryMatcher.of(query, load_lexicon(), interpreted, languages=languages, since=since)


def keep_understanding(db: Database, found: Iterable[tuple[int, str, StoryMatcher]]) -> None:
    """Store the interpretations of the queries of stories (id, query, matcher)."""
    _keep(db, [(story_id, query, matcher, _dumped(matcher)) for story_id, query, matcher in found])


def _keep(db: Database, found: Iterable[tuple[int, str, StoryMatcher, str]]) -> None:
    rows = [
        (story_id, query, anchors, dump(matcher.interpretation))
        for story_id, query, matcher, anchors in found
    ]
    with db.transaction():
        compiled.save(db, code_digest(), rows)


def _dumped(matcher: StoryMatcher) -> str:
    """Return the index terms of a matcher as text.

    The second line, if any, has the country and the terms for its own outlets.
    """
    lines = [" ".join(sorted(matcher.index_terms()))]
    if matcher.domestic:
        lines.append(" ".join([matcher.domestic.country, *sorted(matcher.domestic.index_terms())]))
    return "\n".join(lines)


def _anchors(
    db: Database, unsaid: dict[str, list[tuple[int, str]]]
) -> Iterator[tuple[int, Iterable[str]]]:
    """Yield the index terms of all stories but closed ones; add the domestic ones to `unsaid`."""
    for story_id, dumped in _kept_or_found(db):
        anchors, _, at_home = dumped.partition("\n")
        if at_home:
            country, _, found = at_home.partition(" ")
            unsaid.setdefault(country, []).append((story_id, found))
        yield story_id, anchors.split()


def _kept_or_found(db: Database) -> Iterator[tuple[int, str]]:
    """Yield the index terms of stories as text; missing ones are computed and stored."""
    unknown: list[tuple[int, str]] = []
    for story_id, query, dumped in compiled.anchors(db, code_digest()):
        if dumped is None:
            unknown.append((story_id, query))
        else:
            yield story_id, dumped
    for start in range(0, len(unknown), _SAVED_AT_ONCE):
        made = []
        for story_id, query in unknown[start : start + _SAVED_AT_ONCE]:
            matcher = StoryMatcher.of(parse(query, strict=False), load_lexicon())
            made.append((story_id, query, matcher, _dumped(matcher)))
        yield from ((story_id, dumped) for story_id, _, _, dumped in made)
        _keep(db, made)
