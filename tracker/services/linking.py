"""Linking: from stored items to links, the same way for a poll, a new story and a rematch.

A poll takes the items that wait in the queue, batch by batch: each batch is indexed, judged,
learned from and taken off the queue in one transaction. A story that is followed late takes what
is stored in the order of its dates, as polls would have brought it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.gc_pause import collector_off
from tracker.model import USER_DECIDED, Status
from tracker.services.event_grouping import assign_events, nearby_links
from tracker.services.registry import StoryRegistry
from tracker.services.revisions import refresh_reasons
from tracker.store import items, links, queue, stories
from tracker.stories.scoring.profile_codec import profile_to_json
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.language_id import detect_together
from tracker.stories.tracking.candidates import ScoredItem, is_uncertain, verdict
from tracker.stories.tracking.learning import MOST_UNCERTAIN, backfill, learn_batch
from tracker.stories.tracking.neighbours import MAX_DISTANCE_IN_DAYS
from tracker.stories.tracking.second_pass import (
    may_promote,
    neighbour_pass,
    rescore_candidates,
    semantic_pass,
)
from tracker.stories.tracking.story_matcher import candidate_of_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Item
    from tracker.services.event_grouping import EventAssignment
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


def score_candidates(
    db: Database | None,
    story_id: int,
    matcher: StoryMatcher,
    profile: Profile,
    *,
    fresh: list[tuple[AnalyzedItem, Candidate]],
    doubtful: list[tuple[AnalyzedItem, Candidate]],
) -> list[ScoredItem]:
    """Judge and learn from new items; return those to store, doubtful ones of before included.

    An item that was linked when its words changed keeps its link (see `retold`); a doubtful one is
    looked at again with the other doubtful ones. What the profile counts of these is noted at once,
    within the caller's transaction: the next look takes it back before it counts anew. `db` is None
    for a story that has no links yet.
    """
    before = [candidate.share for _, candidate in doubtful]
    learn_batch(
        matcher.scorer,
        profile,
        [candidate for _, candidate in fresh],
        [candidate for _, candidate in doubtful],
    )
    semantic_second_look(matcher, profile, fresh)
    asked = fresh + doubtful
    stored = certain_links(db, story_id, matcher, asked) if db else ()
    neighbour_pass(matcher, profile, asked, stored)
    counted = [
        (candidate.item_id, candidate.share)
        for (_, candidate), share in zip(doubtful, before, strict=True)
        if candidate.share != share
    ]
    if db:
        links.recount(db, story_id, counted)
    chosen = fresh + [(analyzed, candidate) for analyzed, candidate in doubtful if candidate.linked]
    return linked_or_uncertain(matcher, profile, chosen)


def uncertain_candidates(
    db: Database, story_id: int, matcher: StoryMatcher
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Return a story's latest doubtful items, oldest first, as they were counted."""
    latest = links.of_story(db, story_id, statuses=(Status.MAYBE,), limit=MOST_UNCERTAIN)
    return [candidate_of_link(matcher, link) for link in reversed(latest)]


def candidates_among(
    matcher: StoryMatcher, found: Iterable[Item], said: Mapping[int, float]
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Look at stored items, in the order given; leave out those that are no candidates.

    `said` has the shares (`Case.said`) of those that the user decided: they are cases anyway.
    """
    cases = []
    for analyzed in map(AnalyzedItem.of, found):
        share = said.get(analyzed.item.id)
        candidate = (
            matcher.candidate(analyzed) if share is None else matcher.candidate_anyway(analyzed)
        )
        if candidate is not None:
            candidate.decided = share
            cases.append((analyzed, candidate))
    return cases


def score_stored(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> list[ScoredItem]:
    """Judge stored items, oldest first, as polls would have; `profile` learns from them.

    Gives what belongs of those that the user did not decide.
    """
    backfill(matcher.scorer, profile, [candidate for _, candidate in cases])
    undecided = [each for each in cases if each[1].decided is None]
    semantic_second_look(matcher, profile, undecided)
    neighbour_pass(matcher, profile, cases)
    return linked_or_uncertain(matcher, profile, undecided)


def semantic_second_look(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> None:
    """Ask what the titles mean of what is doubtful by its words, and judge that again."""
    if asked := semantic_pass(matcher, cases):
        rescore_candidates(matcher.scorer, profile, asked)


def linked_or_uncertain(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> list[ScoredItem]:
    """Return what is linked or doubtful among cases, with its verdict.

    Of what was judged to be neither nobody asks why.
    """
    asked = [
        (analyzed, candidate)
        for analyzed, candidate in cases
        if candidate.score < 0.0 or candidate.linked or is_uncertain(matcher.scorer, candidate)
    ]
    told = verdicts(matcher, profile, asked)
    return [each for each in told if each.verdict.status is not None]


def verdicts(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> Iterator[ScoredItem]:
    """Give cases with their verdicts as the profile is now."""
    standing = matcher.scorer.estimates(profile, len(cases))
    for analyzed, candidate in cases:
        found = verdict(matcher.scorer, profile, candidate, standing)
        yield ScoredItem(analyzed, found, candidate.share, candidate.features.evidence.similarity)


def stored_candidates(db: Database, matcher: StoryMatcher) -> list[Item]:
    """Return the indexed items that a story may want, oldest first; of very many the latest."""
    return items.candidates(
        db, matcher.fulltext_expression(items.languages(db)), since=matcher.since
    )


def save_links(
    db: Database,
    story_id: int,
    judged: Sequence[ScoredItem],
    groups: EventAssignment,
    *,
    arrival: int,
    now: datetime,
    undecided: bool = False,
) -> int:
    """Store links with their events, within the caller's transaction; return how many are new.

    `undecided` says that the caller knows of no link of these items that is more than doubtful.
    """
    found = [new_link(story_id, each, groups.events[each.item.id]) for each in judged]
    count = links.save(db, found, arrival, now, undecided=undecided)
    links.move(db, story_id, groups.moved)
    return count


def new_link(story_id: int, judged: ScoredItem, event: int) -> links.NewLink:
    """Give what the store takes of a judged item."""
    return links.NewLink(
        story_id, judged.item, judged.verdict, event, judged.share, judged.similarity
    )


_COMPARED = 200
"""With how many stored links doubtful reports are compared; of more, the latest."""


def certain_links(
    db: Database,
    story_id: int,
    matcher: StoryMatcher,
    cases: Iterable[tuple[AnalyzedItem, Candidate]],
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Return the stored links of which it is sure that `look_around` may ask for.

    They are of the days about what is doubtful.
    """
    times = [
        analyzed.item.published
        for analyzed, candidate in cases
        if may_promote(matcher.scorer, candidate)
    ]
    if not times:
        return []
    reach = timedelta(days=MAX_DISTANCE_IN_DAYS + 1)  # days are told apart by the calendar
    found = links.of_story(
        db,
        story_id,
        statuses=(Status.LINKED, *USER_DECIDED),
        since=min(times) - reach,
        until=max(times) + reach,
        limit=_COMPARED,
    )
    return [
        candidate_of_link(matcher, link)
        for link in found
        if link.share >= 1.0 or link.status in USER_DECIDED
    ]
