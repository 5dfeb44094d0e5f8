"""Links of reports whose words have changed: they are explained by the words that stand there now.

A report stays linked, for it told of the story once, and its earlier headline is shown with it.
What was doubtful and is so no more by its new words is dropped; the user's word stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import USER_DECIDED, Status
from tracker.store import items, links
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import verdict
from tracker.stories.tracking.second_pass import ask

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tracker.model import Item
    from tracker.services.registry import Followed
    from tracker.store.database import Database
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.tracking.candidates import Case
    from tracker.stories.tracking.story_matcher import Matcher


def retell(db: Database, followed: Followed, changed: Collection[int], now: datetime) -> None:
    """Judge the links of changed items (ids) anew and keep why, within the caller's transaction.

    To be called after linking, which has linked what belongs by its new words. What the stories
    counted of these items stays as it is.
    """
    known = links.of_items(db, changed)
    if not known:
        return
    followed.read(db, known, now)
    found = {item.id: item for item in items.load(db, changed)}
    for story_id, statuses in known.items():
        matcher, profile = followed.matchers[story_id], followed.profile(db, story_id)
        told, stale = [], []
        for item_id, status in statuses.items():
            case = _judged(matcher, profile, found[item_id])
            if status is Status.MAYBE and case.score < matcher.judge.weights.maybe:
                stale.append((story_id, item_id))
                continue
            case.linked = status is Status.LINKED
            if status in USER_DECIDED:
                case.score = -1.0  # what it would be without his word
            likeness = case.sighting.evidence.likeness
            told.append((item_id, verdict(matcher.judge, profile, case), likeness))
        links.drop(db, stale)
        links.retell(db, story_id, told)


def _judged(matcher: Matcher, profile: Profile, item: Item) -> Case:
    """Judge an item, also by what its title means where its words leave a doubt."""
    reading = AnalyzedItem.of(item)
    case = matcher.any_case(reading)
    case.score = matcher.judge.score(case.sighting, profile)
    if ask(matcher, [(reading, case)]):
        case.score = matcher.judge.score(case.sighting, profile)
    return case
