"""Linking of queued items: index them, score them for each story, and save the links.

A batch of items is indexed, scored, learned from and taken off the queue in one transaction. A
feed's first document holds its past instead of its news: a story with a candidate in it takes up
all that is stored by a backfill, in the order of the dates, as if it were followed late. Both
orders of the first poll and the first `follow` therefore give the same links.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.errors import BusyError, DatabaseError
from tracker.services.alerts import queue_new
from tracker.services.backfill import take_up_stored
from tracker.services.cases import Desk
from tracker.services.collection import document_frequencies
from tracker.services.evaluation import judge_new, save_links
from tracker.services.event_grouping import AnalysisCache, assign_events, nearby_links
from tracker.services.gc_pause import collector_off
from tracker.services.registry import StoryRegistry
from tracker.services.revisions import refresh_reasons
from tracker.store.alerts.due import Arrived
from tracker.store.archive import articles, items, queue
from tracker.store.database import only_one
from tracker.store.following import links, stories
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.language_id import detect_together
from tracker.stories.tracking.profile import profile_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from tracker.store.database import Database
    from tracker.stories.scoring.features import Features
    from tracker.stories.tracking.profile import Profile
    from tracker.stories.tracking.story_matcher import StoryMatcher


BATCH = 10_000
"""Items that are linked in one transaction at the most."""
LANGUAGE_SAMPLE = 20
"""Latest items of a feed from which the language of a new one is guessed."""


class Linker:
    """Links the queued items of one database; `new_links` counts the links made so far.

    `tell` is called after every batch with the number of items linked and of all known so far.
    """

    def __init__(self, db: Database, now: datetime, tell: Callable[[int, int], None]) -> None:
        self.new_links = 0
        self._db = db
        self._now = now
        self._tell = tell
        self._done = 0
        self._followed: StoryRegistry | None = None
        self._backfilled: set[int] = set()

    def link(self) -> None:
        """Link the queue, then backfill the stories that take up a feed's first harvest.

        An interruption leaves the rest to the next call, in this process or another.
        """
        self.backfill(self.link_queue())

    @collector_off()
    def backfill(self, cache: AnalysisCache | None = None) -> None:
        """Backfill the stories that wait for it, each in a transaction of its own.

        `cache` is that of items that the queue has just brought, which a backfill takes up.
        """
        cache, waiting = cache or AnalysisCache(), queue.backfills(self._db)
        for story_id in waiting:
            self.new_links += take_up_stored(self._db, story_id, self._now, cache)
        if waiting:
            self._backfilled.update(waiting)
            self._followed = None  # it holds the profiles of before

    # The garbage collector would traverse all stories in memory; a batch leaves no cycles behind.
    @collector_off()
    def link_queue(self) -> AnalysisCache:
        """Index and link the queue, and note which stories have to be backfilled.

        Return the analyses of the last items, of at most `BATCH`.
        """
        waiting, cache = queue.ids(self._db), AnalysisCache()
        for start in range(0, len(waiting), BATCH):
            batch, cache = waiting[start : start + BATCH], AnalysisCache()
            self._link(batch, cache)
            self._done += len(batch)
            self._tell(self._done, self._done + len(waiting) - start - len(batch))
        return cache

    def _link(self, batch: Sequence[int], cache: AnalysisCache) -> None:
        db, now = self._db, self._now
        followed = self._followed or StoryRegistry.load(db)
        with db.transaction():
            # A story followed since has either found these items in the index, or is loaded here.
            if followed.version != stories.version(db):
                followed = StoryRegistry.load(db)
            past = queue.take_first_harvest(db, batch)
            before = queue.take_matched_before(db, batch)
            copies = articles.assign(db, batch, before.keys())
            queue.index(db, batch)
            identify_languages(db, batch)
            if followed.index:
                first = [item_id for item_id in batch if item_id not in copies]
                found = _Batch(first, past, before, self._backfilled)
                self.new_links += _link(db, followed, found, now, cache)
            refresh_reasons(db, followed, before, now, cache)
        followed.forget()
        self._followed = followed


def catch_up(db: Database, now: datetime) -> int:
    """Link what an interrupted poll left in the queue; return how many items still wait.

    Items go on waiting while a poll is running, which links them itself, and where the database
    cannot be written. No error is raised then: what is linked already can be read.
    """
    if not queue.is_empty(db) and db.writable:
        with suppress(BusyError, DatabaseError), only_one(db.path):
            Linker(db, now, lambda _done, _total: None).link()
    return queue.size(db)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Queued items (ids) without the copies of articles.

    `past` are those of a feed's first harvest. `before` has the title, summary and address by which
    some were matched before these changed. `backfilled` are the stories (ids) that took up an
    earlier part of the same poll by a backfill.
    """

    items: Sequence[int]
    past: AbstractSet[int]
    before: Mapping[int, tuple[str, str, str]]
    backfilled: AbstractSet[int]


def _link(
    db: Database, followed: StoryRegistry, batch: _Batch, now: datetime, cache: AnalysisCache
) -> int:
    """Link a batch to all stories but those that are to be backfilled; return the new links."""
    readings = _items_by_story(db, followed, batch.items, cache)
    concerned = readings.matching.keys() | readings.by_words.keys()
    if not concerned:
        return 0
    followed.load_matchers(db, concerned, now)
    if batch.past:
        queue.add_backfills(db, chosen := _stories_to_backfill(db, followed, readings, batch))
        for story_id in chosen:
            news = readings.drop(story_id)
            queue.add_backfill_news(db, story_id, news - batch.past)
            concerned.discard(story_id)
    known, begun = links.of_items(db, batch.items), links.begun(db, concerned)
    desk = Desk(cache, document_frequencies(db))
    new_links, arrival = 0, 0
    learned: list[tuple[int, Profile]] = []
    for story_id in sorted(concerned):
        matcher, stored = followed.matchers[story_id], db if story_id in begun else None
        linked = known.get(story_id, {}).keys()
        fresh, counted = _new_candidates(
            matcher, readings.matching.get(story_id, ()), linked, batch.before
        )
        near = [a for a in readings.by_words.get(story_id, ()) if a.item.id not in linked]
        if not fresh and not near:
            continue
        profile = followed.profile(db, story_id)
        found = judge_new(
            stored, story_id, matcher, profile, desk, fresh=fresh, by_words=near, counted=counted
        )
        learned.append((story_id, profile))
        if found.judged:
            arrival = arrival or links.next_arrival(db)
            beside = nearby_links(stored, story_id, found.judged) if stored else []
            groups = assign_events(matcher, found.judged, beside, now, cache)
            # Fresh items have no link yet, and all others are doubtful: the user decided none.
            new_links += save_links(
                db, story_id, found.judged, groups, arrival=arrival, now=now, undecided=True
            )
        links.rescore(db, story_id, found.rescored)
        links.drop(db, [(story_id, item_id) for item_id in found.dropped])
    stories.save_profiles(
        db,
        ((story_id, profile_to_json(profile), profile.vocabulary) for story_id, profile in learned),
    )
    if arrival:
        queue_new(db, Arrived(arrival, [story_id for story_id, _ in learned], batch.past), now)
    return new_links


@dataclass(frozen=True, slots=True)
class _Readings:
    """Analysed items by story (id), oldest first.

    `matching` hold an index term of the story, `by_words` some of its vocabulary instead.
    """

    matching: dict[int, list[AnalyzedItem]]
    by_words: dict[int, list[AnalyzedItem]]

    def drop(self, story_id: int) -> set[int]:
        """Leave a story out; return the items (ids) that were for it."""
        dropped = [*self.matching.pop(story_id, ()), *self.by_words.pop(story_id, ())]
        return {each.item.id for each in dropped}


def _stories_to_backfill(
    db: Database,
    followed: StoryRegistry,
    readings: _Readings,
    batch: _Batch,
) -> list[int]:
    """Return the stories (ids) that take up a first harvest by a backfill.

    They are those with at least as many candidates in it as they have counted before. A story that
    has counted more scores the items of a feed that is added later like news. A backfill therefore
    at least doubles what a story has counted, which bounds the work.
    """
    chosen = []
    for story_id, found in readings.matching.items():
        matcher = followed.matchers[story_id]
        counted = followed.profile(db, story_id).counts.total
        enough = 1 if story_id in batch.backfilled else max(1, counted)
        past = (analyzed for analyzed in found if analyzed.item.id in batch.past)
        candidates = (each for each in past if matcher.features(each) is not None)
        if sum(1 for _ in islice(candidates, enough)) == enough:
            chosen.append(story_id)
    return chosen


def identify_languages(db: Database, batch: Sequence[int]) -> None:
    """Detect and store the language of items whose feeds name none, feed by feed.

    All items that a feed brings at once are used together: one headline is too short by itself.
    """
    unknown = groupby(list(items.without_language(db, batch)), key=itemgetter(1))
    for feed_id, rows in unknown:
        found = {number: f"{title} {summary}".strip() for number, _, title, summary in rows}
        before = items.latest_languages(db, feed_id, LANGUAGE_SAMPLE)
        languages = detect_together(list(found.values()), before)
        items.set_languages(db, zip(found, languages, strict=True))


def _items_by_story(
    db: Database, followed: StoryRegistry, batch: Sequence[int], cache: AnalysisCache
) -> _Readings:
    """Return the items that hold an index term of a story, or some of its vocabulary."""
    wanted: dict[int, set[int]] = {}
    near: dict[int, set[int]] = {}
    for item_id, url, title, summary, language, source, address in items.texts(db, batch):
        text = prepare(title, summary, language, source, address)
        found = followed.stories_of(url, text)
        others = followed.vocabularies.stories(text) - found
        if found:
            wanted[item_id] = found
        if others:
            near[item_id] = others
    readings = _Readings({}, {})
    for item in items.load(db, wanted.keys() | near.keys()):
        analyzed = cache.analyzed(item)
        for story_id in wanted.get(item.id, ()):
            readings.matching.setdefault(story_id, []).append(analyzed)
        for story_id in near.get(item.id, ()):
            readings.by_words.setdefault(story_id, []).append(analyzed)
    return readings


def _new_candidates(
    matcher: StoryMatcher,
    readings: Iterable[AnalyzedItem],
    linked: Container[int],
    before: Mapping[int, tuple[str, str, str]],
) -> tuple[list[tuple[AnalyzedItem, Features]], set[int]]:
    """Return the items that are candidates of a story and are not linked, with their features.

    The ids returned with them are those of items that were candidates with the words of `before`.
    """
    found = [
        (analyzed, features)
        for analyzed in readings
        if analyzed.item.id not in linked and (features := matcher.features(analyzed)) is not None
    ]
    counted = set()
    for analyzed, _ in found if before else ():
        if words := before.get(analyzed.item.id):
            title, summary, address = words
            old = replace(analyzed.item, title=title, summary=summary, address=address)
            if matcher.features(AnalyzedItem.of(old)) is not None:
                counted.add(analyzed.item.id)
    return found, counted
