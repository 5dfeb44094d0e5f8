"""What the user says of reports and words: how it is kept, learned from, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.model import Status
from tracker.services import linking
from tracker.services.event_grouping import group, near
from tracker.services.registry import matcher_of
from tracker.store import items, links, queue, stories
from tracker.stories.scoring.profile import Profile
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import Judged, verdict
from tracker.stories.tracking.learning import correct, own_share, uncorrect
from tracker.stories.tracking.story_matcher import case_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tracker.model import Item, Story
    from tracker.store.database import Database
    from tracker.stories.tracking.candidates import Case
    from tracker.stories.tracking.story_matcher import Matcher


@dataclass(frozen=True, slots=True)
class Correction:
    """What the user said of an item, or took back; `now` is None where no link is left."""

    story: Story
    item: Item
    was: Status | None
    now: Status | None


def decide(
    db: Database, story: Story, chosen: Iterable[Item], status: Status, now: datetime
) -> list[Correction]:
    """Keep the user's word on items, ACCEPTED or REJECTED, and let the story learn from it.

    An item that is given twice is one, and of one whose `was` is `status` he has said so before.
    What was doubtful is looked at again with what was learned. Raises NotFoundError where the story
    is gone.
    """
    corrections = []
    with db.transaction():
        story = stories.still(db, story, now)
        matcher = matcher_of(db, story)
        profile = Profile.from_json(stories.profile(db, story.id))
        for item in {item.id: item for item in chosen}.values():
            before = links.find(db, story.id, item.id)
            if before:
                reading, case = case_of(matcher, before)
            else:
                reading = AnalyzedItem.of(item)
                case = _unlinked(db, matcher, profile, reading)
            share = case.share
            correct(profile, matcher.judge, case, status)
            judged = Judged(reading, verdict(matcher.judge, profile, case), case.share)
            event = before.event if before else _event(db, story, matcher, judged, now)
            decision = links.NewLink(story.id, item, judged.verdict, event, case.share)
            links.decide(db, decision, status, now, share_before=share)
            corrections.append(Correction(story, item, before.status if before else None, status))
        _look_again(db, story, matcher, profile, now)
    return corrections


def undo(db: Database, now: datetime) -> Correction:
    """Take the last decision back, and what was learned from it.

    Raises NotFoundError where nothing was decided.
    """
    with db.transaction():
        undone = links.undo(db)
        story = stories.by_id(db, undone.story_id, now)
        item = items.load(db, [undone.item_id])[0]
        matcher = matcher_of(db, story)
        profile = Profile.from_json(stories.profile(db, story.id))
        reading, before = AnalyzedItem.of(item), undone.share_before
        if before is None:  # the query was another one then
            before = _unlinked(db, matcher, profile, reading).share
        case = matcher.any_case(reading)
        case.share = undone.share
        uncorrect(profile, matcher.judge, case, before)
        links.recount(db, story.id, [(item.id, case.share)])
        stories.save_profiles(db, [(story.id, profile.to_json())])
        stories.changed(db)
    return Correction(story, item, undone.was, undone.now)


def set_terms(db: Database, story: Story, terms: Mapping[str, float | None], now: datetime) -> None:
    """Give words the user's own weights in -1..1; None leaves one to what is learned.

    What was doubtful is looked at again. Raises NotFoundError where the story is gone.
    """
    with db.transaction():
        story = stories.still(db, story, now)
        profile = Profile.from_json(stories.profile(db, story.id))
        for term, weight in terms.items():
            profile.edit(term, weight)
        _look_again(db, story, matcher_of(db, story), profile, now)


def _unlinked(db: Database, matcher: Matcher, profile: Profile, reading: AnalyzedItem) -> Case:
    """Return what is no link as a case, with what the profile counted of it.

    Nothing keeps that: a candidate was counted most likely as it would be now.
    """
    case = matcher.any_case(reading)
    if matcher.asks_for(reading) and not queue.waiting(db, [reading.item.id]):
        case.share = own_share(profile, matcher.judge, case)
    return case


def _look_again(
    db: Database, story: Story, matcher: Matcher, profile: Profile, now: datetime
) -> None:
    doubtful = linking.pending(db, story.id, matcher)
    if judged := linking.judge(db, story.id, matcher, profile, fresh=[], doubtful=doubtful):
        arrival = links.next_arrival(db)
        groups = group(matcher, judged, near(db, story.id, judged), now)
        linking.keep(db, story.id, judged, groups, arrival=arrival, now=now)
    stories.save_profiles(db, [(story.id, profile.to_json())])
    stories.changed(db)


def _event(db: Database, story: Story, matcher: Matcher, judged: Judged, now: datetime) -> int:
    linked = replace(judged, verdict=replace(judged.verdict, status=Status.LINKED))
    return group(matcher, [linked], near(db, story.id, [linked]), now).events[judged.item.id]
