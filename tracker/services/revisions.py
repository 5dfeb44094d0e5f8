"""Links of items whose text has changed: their scores and reasons are computed anew.

A linked item stays linked, since its earlier headline, which is shown with it, was about the story.
A doubtful item that scores too low with its new text loses its link. Decisions of the user stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model.core import Status
from tracker.services import evaluation
from tracker.services.cases import Desk
from tracker.services.collection import document_frequencies
from tracker.store.archive import items
from tracker.store.following import links

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tracker.services.event_grouping import AnalysisCache
    from tracker.services.registry import StoryRegistry
    from tracker.store.database import Database


def refresh_reasons(
    db: Database,
    followed: StoryRegistry,
    changed: Collection[int],
    now: datetime,
    cache: AnalysisCache,
) -> None:
    """Score the links of changed items (ids) anew and save the reasons.

    To be called after linking, within the same transaction. The profiles keep what they learned
    from these items.
    """
    known = links.of_items(db, changed)
    if not known:
        return
    followed.load_matchers(db, known, now)
    found = {item.id: item for item in items.load(db, changed)}
    desk = Desk(cache, document_frequencies(db))
    for story_id, statuses in known.items():
        matcher, profile = followed.matchers[story_id], followed.profile(db, story_id)
        told, stale = [], []
        for item_id, status in statuses.items():
            judged, _ = evaluation.judge_one(
                db, story_id, matcher, profile, desk, item=found[item_id], anew=True
            )
            if status is Status.MAYBE and judged.verdict.status is None:
                stale.append((story_id, item_id))
            else:
                told.append(evaluation.new_link(story_id, judged, 0))
        links.drop(db, stale)
        links.restate(db, told)
