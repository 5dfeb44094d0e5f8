"""Links of items whose text has changed: their scores and reasons are computed anew.

A linked item stays linked, since its earlier headline, which is shown with it, was about the story.
A doubtful item that scores too low with its new text loses its link. Decisions of the user stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model.core import USER_DECIDED, Status
from tracker.store.archive import items
from tracker.store.following import links
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import verdict
from tracker.stories.tracking.second_pass import semantic_pass

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tracker.model.core import Item
    from tracker.services.registry import StoryRegistry
    from tracker.store.database import Database
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.tracking.candidates import Candidate
    from tracker.stories.tracking.story_matcher import StoryMatcher


def refresh_reasons(
    db: Database, followed: StoryRegistry, changed: Collection[int], now: datetime
) -> None:
    """Score the links of changed items (ids) anew and save the reasons.

    To be called after linking, within the same transaction. The profiles' counts of these items
    stay.
    """
    known = links.of_items(db, changed)
    if not known:
        return
    followed.load_matchers(db, known, now)
    found = {item.id: item for item in items.load(db, changed)}
    for story_id, statuses in known.items():
        matcher, profile = followed.matchers[story_id], followed.profile(db, story_id)
        told, stale = [], []
        for item_id, status in statuses.items():
            candidate = _scored_candidate(matcher, profile, found[item_id])
            if status is Status.MAYBE and candidate.score < matcher.scorer.weights.maybe_threshold:
                stale.append((story_id, item_id))
                continue
            candidate.linked = status is Status.LINKED
            if status in USER_DECIDED:
                candidate.score = -1.0  # what it would be without his word
            likeness = candidate.features.evidence.similarity
            told.append((item_id, verdict(matcher.scorer, profile, candidate), likeness))
        links.drop(db, stale)
        links.retell(db, story_id, told)


def _scored_candidate(matcher: StoryMatcher, profile: Profile, item: Item) -> Candidate:
    """Return an item as a scored candidate, after the semantic pass if it is uncertain."""
    analyzed = AnalyzedItem.of(item)
    candidate = matcher.candidate_anyway(analyzed)
    candidate.score = matcher.scorer.score(candidate.features, profile)
    if semantic_pass(matcher, [(analyzed, candidate)]):
        candidate.score = matcher.scorer.score(candidate.features, profile)
    return candidate
