"""Linking: from stored items to links, the same way for a poll, a new story and a rematch.

A poll takes the items that wait in the queue, batch by batch: each batch is indexed, judged,
learned from and taken off the queue in one transaction. A story that is followed late takes what
is stored in the order of its dates, as polls would have brought it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.gc_pause import collector_off
from tracker.model import Status
from tracker.services.evaluation import save_links, score_candidates, uncertain_candidates
from tracker.services.event_grouping import assign_events, nearby_links
from tracker.services.registry import StoryRegistry
from tracker.services.revisions import refresh_reasons
from tracker.store import items, links, queue, stories
from tracker.stories.scoring.profile_codec import profile_to_json
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.language_id import detect_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from tracker.store.database import Database
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.tracking.candidates import Candidate
    from tracker.stories.tracking.story_matcher import StoryMatcher


BATCH = 10_000
LANGUAGE_SAMPLE = 20
"""By so many of a feed's latest items it is told what language a new one is in."""


class Linker:
    """Links what waits in the queue, as often as it is asked to; `new_links` counts what is new.

    `tell` is called with how many items were linked and how many are known of, after every batch.
    """

    def __init__(self, db: Database, now: datetime, tell: Callable[[int, int], None]) -> None:
        self.new_links = 0
        self._db = db
        self._now = now
        self._tell = tell
        self._done = 0
        self._followed: StoryRegistry | None = None

    @collector_off()
    def link(self) -> None:
        """Index and link the queue; an interruption leaves the rest in it.

        The collector of cycles would walk through all that is remembered: what a batch leaves
        behind ends in no circle, and is gone without it.
        """
        waiting = queue.ids(self._db)
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            self._link(batch)
            self._done += len(batch)
            self._tell(self._done, self._done + len(waiting) - start - len(batch))

    def _link(self, batch: Sequence[int]) -> None:
        db, now = self._db, self._now
        followed = self._followed or StoryRegistry.load(db)
        with db.transaction():
            # A story followed since: either it saw these items in the index, or it is seen here.
            if followed.version != stories.version(db):
                followed = StoryRegistry.load(db)
            queue.index(db, batch)
            identify_languages(db, batch)
            before = queue.take_matched_before(db, batch)
            if followed.index:
                self.new_links += _link(db, followed, batch, before, now)
            refresh_reasons(db, followed, before, now)
        followed.forget()
        self._followed = followed


def _link(
    db: Database,
    followed: StoryRegistry,
    batch: Sequence[int],
    before: Mapping[int, tuple[str, str, str]],
    now: datetime,
) -> int:
    """Link a batch; `before` has the words by which some of it were matched; count new links."""
    readings = _items_by_story(db, followed, batch)
    followed.load_matchers(db, readings, now)
    known, begun = links.of_items(db, batch), links.begun(db, readings)
    new_links, arrival = 0, 0
    learned: list[tuple[int, Profile]] = []
    for story_id, found in readings.items():
        matcher, stored = followed.matchers[story_id], db if story_id in begun else None
        statuses = known.get(story_id, {})
        fresh = _new_candidates(matcher, found, statuses, before)
        if not fresh and Status.MAYBE not in statuses.values():
            continue
        profile = followed.profile(db, story_id)
        learned.append((story_id, profile))
        doubtful = uncertain_candidates(stored, story_id, matcher) if stored else []
        if judged := score_candidates(
            stored, story_id, matcher, profile, fresh=fresh, doubtful=doubtful
        ):
            arrival = arrival or links.next_arrival(db)
            beside = nearby_links(stored, story_id, judged) if stored else []
            groups = assign_events(matcher, judged, beside, now)
            # What is fresh is no link yet, and the rest doubtful: none is linked or decided.
            new_links += save_links(
                db, story_id, judged, groups, arrival=arrival, now=now, undecided=True
            )
        # What the story has learned to be about something else is not doubtful any more.
        least = matcher.scorer.weights.maybe_threshold
        links.drop(
            db,
            [(story_id, candidate.item_id) for _, candidate in doubtful if candidate.score < least],
        )
    stories.save_profiles(
        db, ((story_id, profile_to_json(profile)) for story_id, profile in learned)
    )
    return new_links


def identify_languages(db: Database, batch: Sequence[int]) -> None:
    """Give items whose feeds name no language the one that they are in, feed by feed.

    It is kept: a headline alone tells less than all that its feed brought with it and before it.
    """
    unknown = groupby(list(items.without_language(db, batch)), key=itemgetter(1))
    for feed_id, rows in unknown:
        found = {number: f"{title} {summary}".strip() for number, _, title, summary in rows}
        before = items.latest_languages(db, feed_id, LANGUAGE_SAMPLE)
        languages = detect_together(list(found.values()), before)
        items.set_languages(db, zip(found, languages, strict=True))


def _items_by_story(
    db: Database, followed: StoryRegistry, batch: Sequence[int]
) -> dict[int, list[AnalyzedItem]]:
    """Read the items that some story may want, by story, oldest first; most are no story's."""
    wanted: dict[int, set[int]] = {}
    for item_id, url, title, summary, language, source, address in items.texts(db, batch):
        if found := followed.stories_of(url, prepare(title, summary, language, source, address)):
            wanted[item_id] = found
    readings: dict[int, list[AnalyzedItem]] = {}
    for item in items.load(db, wanted):
        analyzed = AnalyzedItem.of(item)
        for story_id in wanted[item.id]:
            readings.setdefault(story_id, []).append(analyzed)
    return readings


def _new_candidates(
    matcher: StoryMatcher,
    readings: Iterable[AnalyzedItem],
    known: Mapping[int, Status],
    before: Mapping[int, tuple[str, str, str]],
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Look at the items that are candidates and no links of the story.

    One that was a candidate by the words that it had `before` has been counted by these.
    """
    found = [
        (analyzed, candidate)
        for analyzed in readings
        if analyzed.item.id not in known and (candidate := matcher.candidate(analyzed)) is not None
    ]
    for analyzed, candidate in found if before else ():
        if words := before.get(analyzed.item.id):
            title, summary, address = words
            old = replace(analyzed.item, title=title, summary=summary, address=address)
            candidate.counted_before = matcher.candidate(AnalyzedItem.of(old)) is not None
    return found
