"""The stories that are followed, as linking needs them: by what they are found, and how they judge.

How a query is understood is kept in the database, with the words that its story is found by: a poll
reads it, and finds it only for what is new to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.gc_pause import collector_off
from tracker.store import compiled, items, stories
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.matching.percolator import StoryIndex
from tracker.stories.query.serialization import code_digest, dump
from tracker.stories.query.serialization import load as load_understanding
from tracker.stories.query.syntax import parse
from tracker.stories.scoring.profile import Profile
from tracker.stories.scoring.profile_codec import profile_from_json
from tracker.stories.scoring.semantic import installed_encoder
from tracker.stories.scoring.weights import weights_for
from tracker.stories.tracking.story_matcher import StoryMatcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from tracker.model import Story
    from tracker.store.database import Database
    from tracker.stories.lexicon.geography import Geography
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.query.syntax import Query
    from tracker.stories.scoring.weights import Weights
    from tracker.stories.text.documents import PreparedText


KEPT = 1_000
"""Stories whose matchers and profiles stay in memory between batches; 0.1 MB each at the most."""
_SAVED_AT_ONCE = 1_000
"""Of so many stories it is kept in one transaction how they are understood; 0.5 s of work."""


@dataclass(slots=True)
class StoryRegistry:
    """The stories that take up items, as they were at one `version` of what is followed.

    `engine` finds those that an item may belong to. `unsaid` are the anchors (id, text) of stories
    whose country its own outlets need not name, by country; `at_home` are engines made of these
    once such an outlet brings something; `homes` tells which outlets those are. `first` is the day
    (an ordinal) from which on reports are known.
    """

    version: int
    index: StoryIndex
    domestic_terms: dict[str, list[tuple[int, str]]]
    geography: Geography
    weights: Weights
    first: int
    domestic_indexes: dict[str, StoryIndex] = field(default_factory=dict)
    matchers: dict[int, StoryMatcher] = field(default_factory=dict)
    profiles: dict[int, Profile] = field(default_factory=dict)

    @classmethod
    @collector_off()
    def load(cls, db: Database) -> StoryRegistry:
        """Learn by which words all stories but the closed ones are found.

        Of those for which it is not kept it takes 1 ms each, so better not while others wait to
        write.
        """
        version = stories.version(db)
        unsaid: dict[str, list[tuple[int, str]]] = {}
        engine = StoryIndex(_anchors(db, unsaid))
        weights = weights_for(items.a_year(db))
        return cls(version, engine, unsaid, load_lexicon().geography, weights, _first(db))

    def stories_of(self, url: str, found: PreparedText) -> set[int]:
        """Give the ids of the stories that an item may belong to, by its URL and its text."""
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
        """Make the matchers of the stories that some items ask for, where they are not made yet."""
        asked = [story_id for story_id in story_ids if story_id not in self.matchers]
        found = stories.by_ids(db, asked, now)
        for story, matcher in zip(found, matchers_of(db, found, self.weights), strict=True):
            self.matchers[story.id] = matcher

    def profile(self, db: Database, story_id: int) -> Profile:
        """Return what a story has learned, read from the database once."""
        if story_id not in self.profiles:
            kept = stories.profile(db, story_id)
            self.profiles[story_id] = profile_from_json(kept, self.first)
        return self.profiles[story_id]

    def forget(self) -> None:
        """Let go of what was kept of single stories, where it is much: all of it is stored."""
        if len(self.matchers) > KEPT:
            self.matchers.clear()
            self.profiles.clear()


def empty_profile(db: Database, since: datetime | None = None) -> Profile:
    """Give the profile of a story that has learned nothing, and sees no report before `since`."""
    return Profile(max(_first(db), since.toordinal() if since else 0))


def _first(db: Database) -> int:
    """Give the day (an ordinal) from which on it is known what the feeds brought; 0 for none."""
    since = items.covered_since(db)
    return since.toordinal() if since else 0


def matcher_of(db: Database, story: Story) -> StoryMatcher:
    """Compile a story, from how it is understood if that is kept; else as `compile_query`."""
    return next(matchers_of(db, [story]))


def matchers_of(
    db: Database, several: Sequence[Story], weights: Weights | None = None
) -> Iterator[StoryMatcher]:
    """Compile stories, each from how it is understood if that is kept; else as `compile_query`."""
    kept = compiled.understandings(db, [story.id for story in several], code_digest())
    for story in several:
        interpreted = (
            load_understanding(kept[story.id], load_lexicon()) if story.id in kept else None
        )
        yield compile_query(
            db,
            parse(story.query, strict=False),
            interpreted,
            languages=story.languages,
            since=story.since,
            weights=weights,
        )


def compile_query(
    db: Database,
    query: str | Query,
    interpreted: QueryInterpretation | None = None,
    *,
    languages: tuple[str, ...] = (),
    since: datetime | None = None,
    weights: Weights | None = None,
) -> StoryMatcher:
    """Compile a query for what the feeds bring, and with the encoder that is installed.

    `understood` is as in `Matcher.of`; `weights` are found where they are None. The days of before:
    and after: are the computer's own for all commands and polls, as those that are shown. Raises
    QueryError where the query cannot be read.
    """
    return StoryMatcher.of(
        query,
        load_lexicon(),
        interpreted,
        languages=languages,
        since=since,
        weights=weights or weights_for(items.a_year(db)),
        encoder=installed_encoder(),
    )


def keep_understanding(db: Database, found: Iterable[tuple[int, str, StoryMatcher]]) -> None:
    """Keep how the queries of stories (id, query) are understood."""
    _keep(db, [(story_id, query, matcher, _dumped(matcher)) for story_id, query, matcher in found])


def _keep(db: Database, found: Iterable[tuple[int, str, StoryMatcher, str]]) -> None:
    rows = [
        (story_id, query, anchors, dump(matcher.interpretation))
        for story_id, query, matcher, anchors in found
    ]
    with db.transaction():
        compiled.save(db, code_digest(), rows)


def _dumped(matcher: StoryMatcher) -> str:
    """Give the anchors of a matcher as text: behind a line, the country and those at home in it."""
    lines = [" ".join(sorted(matcher.index_terms()))]
    if matcher.domestic:
        lines.append(" ".join([matcher.domestic.country, *sorted(matcher.domestic.index_terms())]))
    return "\n".join(lines)


def _anchors(
    db: Database, unsaid: dict[str, list[tuple[int, str]]]
) -> Iterator[tuple[int, Iterable[str]]]:
    """Give the anchors of all stories but the closed ones, and note those at home by country."""
    for story_id, dumped in _kept_or_found(db):
        anchors, _, at_home = dumped.partition("\n")
        if at_home:
            country, _, found = at_home.partition(" ")
            unsaid.setdefault(country, []).append((story_id, found))
        yield story_id, anchors.split()


def _kept_or_found(db: Database) -> Iterator[tuple[int, str]]:
    """Give the anchors of stories as text; what is not kept of them is found, and kept."""
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
