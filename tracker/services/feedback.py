"""What the user says of reports and words: how it is kept, learned from, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.model import Status
from tracker.services import evaluation
from tracker.services.event_grouping import assign_events, nearby_links
from tracker.services.registry import matcher_of
from tracker.store import items, links, queue, stories
from tracker.stories.scoring.profile_codec import profile_from_json, profile_to_json
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import ScoredItem, verdict
from tracker.stories.tracking.learning import apply_feedback, expected_share, revoke_feedback
from tracker.stories.tracking.story_matcher import candidate_of_link

if TYPE_CHECKING:
    from tracker.stories.scoring.profile import Profile
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tracker.model import Item, Story
    from tracker.store.database import Database
    from tracker.stories.tracking.candidates import Candidate
    from tracker.stories.tracking.story_matcher import StoryMatcher


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
        profile = profile_from_json(stories.profile(db, story.id))
        for item in {item.id: item for item in chosen}.values():
            before = links.find(db, story.id, item.id)
            if before:
                analyzed, candidate = candidate_of_link(matcher, before)
            else:
                analyzed = AnalyzedItem.of(item)
                candidate = _unlinked(db, matcher, profile, analyzed)
            share = candidate.share
            apply_feedback(profile, matcher.scorer, candidate, status)
            judged = ScoredItem(
                analyzed, verdict(matcher.scorer, profile, candidate), candidate.share
            )
            event = before.event if before else _event(db, story, matcher, judged, now)
            decision = links.NewLink(story.id, item, judged.verdict, event, candidate.share)
            links.decide(db, decision, status, now, share_before=share)
            corrections.append(Correction(story, item, before.status if before else None, status))
        _rescore_uncertain(db, story, matcher, profile, now)
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
        profile = profile_from_json(stories.profile(db, story.id))
        analyzed, before = AnalyzedItem.of(item), undone.share_before
        if before is None:  # the query was another one then
            before = _unlinked(db, matcher, profile, analyzed).share
        candidate = matcher.candidate_anyway(analyzed)
        candidate.share = undone.share
        revoke_feedback(profile, matcher.scorer, candidate, before)
        links.recount(db, story.id, [(item.id, candidate.share)])
        stories.save_profiles(db, [(story.id, profile_to_json(profile))])
        stories.changed(db)
    return Correction(story, item, undone.was, undone.now)


def set_terms(db: Database, story: Story, terms: Mapping[str, float | None], now: datetime) -> None:
    """Give words the user's own weights in -1..1; None leaves one to what is learned.

    What was doubtful is looked at again. Raises NotFoundError where the story is gone.
    """
    with db.transaction():
        story = stories.still(db, story, now)
        profile = profile_from_json(stories.profile(db, story.id))
        for term, weight in terms.items():
            profile.edit(term, weight)
        _rescore_uncertain(db, story, matcher_of(db, story), profile, now)


def _unlinked(
    db: Database, matcher: StoryMatcher, profile: Profile, analyzed: AnalyzedItem
) -> Candidate:
    """Return what is no link as a case, with what the profile counted of it.

    Nothing keeps that: a candidate was counted most likely as it would be now.
    """
    candidate = matcher.candidate_anyway(analyzed)
    if matcher.is_found_by_polls(analyzed) and not queue.waiting(db, [analyzed.item.id]):
        candidate.share = expected_share(profile, matcher.scorer, candidate)
    return candidate


def _rescore_uncertain(
    db: Database, story: Story, matcher: StoryMatcher, profile: Profile, now: datetime
) -> None:
    doubtful = evaluation.uncertain_candidates(db, story.id, matcher)
    if judged := evaluation.score_candidates(
        db, story.id, matcher, profile, fresh=[], doubtful=doubtful
    ):
        arrival = links.next_arrival(db)
        groups = assign_events(matcher, judged, nearby_links(db, story.id, judged), now)
        evaluation.save_links(db, story.id, judged, groups, arrival=arrival, now=now)
    stories.save_profiles(db, [(story.id, profile_to_json(profile))])
    stories.changed(db)


def _event(
    db: Database, story: Story, matcher: StoryMatcher, judged: ScoredItem, now: datetime
) -> int:
    linked = replace(judged, verdict=replace(judged.verdict, status=Status.LINKED))
    return assign_events(matcher, [linked], nearby_links(db, story.id, [linked]), now).events[
        judged.item.id
    ]
