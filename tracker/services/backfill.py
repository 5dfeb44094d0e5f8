"""What is stored, taken up by one story: when it is begun, changed, reopened, or all is rematched.

It is found without the write lock, which a poll may hold or wait for: many reports take seconds.
Where another process has written meanwhile, it is found again within the lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from tracker.gc_pause import collector_off
from tracker.model import Status
from tracker.services import evaluation
from tracker.services.event_grouping import assign_events, nearby_links
from tracker.services.registry import empty_profile, keep_understanding, matcher_of
from tracker.store import items, links, queue, stories
from tracker.stories.scoring.profile_codec import profile_from_json, profile_to_json

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model import Item, Story
    from tracker.services.event_grouping import EventAssignment
    from tracker.store.database import Database
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.tracking.candidates import ScoredItem
    from tracker.stories.tracking.story_matcher import StoryMatcher


@dataclass(frozen=True, slots=True)
class BackfillResult:
    """What a story would make of all that is stored; nothing of it is kept yet.

    `judged` is linked or doubtful, `decided` what the user accepted or rejected, with the verdict
    that it would have without that. `version` is that of the database that was read.
    """

    matcher: StoryMatcher
    profile: Profile
    judged: list[ScoredItem]
    decided: list[ScoredItem]
    groups: EventAssignment
    version: int


@collector_off()
def judge_stored(
    db: Database, matcher: StoryMatcher, now: datetime, *, story_id: int = 0
) -> BackfillResult:
    """Judge all that is stored, in the order of its dates, as polls would have brought it.

    `story_id` is 0 for a story that is not begun. What a story has linked is judged even where
    nothing finds it any more; what the user said of a report counts from the report's date on.
    """
    version = db.version()
    profile = empty_profile(db, matcher.since)
    kept = profile_from_json(stories.profile(db, story_id))
    profile.manual_terms, profile.manual_stems = dict(kept.manual_terms), dict(kept.manual_stems)
    decisions = links.decided(db, story_id)
    said = {number: float(status is Status.ACCEPTED) for number, status in decisions}
    cases = evaluation.candidates_among(matcher, _stored(db, matcher, story_id), said)
    judged = evaluation.score_stored(matcher, profile, cases)
    decided = [each for each in cases if each[1].decided is not None]
    beside = nearby_links(db, story_id, judged, (Status.ACCEPTED,)) if decided else []
    return BackfillResult(
        matcher,
        profile,
        judged,
        list(evaluation.verdicts(matcher, profile, decided)),
        assign_events(matcher, judged, beside, now),
        version,
    )


def apply(db: Database, story: Story, found: BackfillResult, now: datetime) -> BackfillResult:
    """Keep what was found for a story, within a transaction that has read it; return that.

    Where another process has written since, the story may be another as well: it is found again.
    """
    if found.version != db.version():
        found = judge_stored(db, matcher_of(db, story), now, story_id=story.id)
    save(db, story, found, now)
    stories.changed(db)
    return found


def save(db: Database, story: Story, found: BackfillResult, now: datetime) -> None:
    """Make a story's links what was found, within the caller's transaction.

    What the user decided stays, and so does what waits to be matched: no index has it meanwhile.
    """
    stored = links.item_ids(db, story.id)
    stale = stored - {each.item.id for each in found.judged}
    stale -= queue.waiting(db, stale)
    links.drop(db, [(story.id, item_id) for item_id in stale])
    if found.judged:
        arrival = links.next_arrival(db)
        evaluation.save_links(db, story.id, found.judged, found.groups, arrival=arrival, now=now)
        if not stored:
            stories.begin_with(db, story.id, arrival, now)
    told = [(each.item.id, each.verdict, each.share) for each in found.decided]
    links.restate(db, story.id, told)
    stories.save_profiles(db, [(story.id, profile_to_json(found.profile))])
    keep_understanding(db, [(story.id, story.query, found.matcher)])


def _stored(db: Database, matcher: StoryMatcher, story_id: int) -> list[Item]:
    """Return the stored items that a story may want or has linked, in their order."""
    found = evaluation.stored_candidates(db, matcher)
    missed = links.item_ids(db, story_id) - {item.id for item in found}
    return sorted([*found, *items.load(db, missed)], key=attrgetter("order"))
