"""Review: the few items whose answer teaches a story most, and how much of it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model.corrections import Correction
from tracker.model.review import Question, Review
from tracker.services import backfill, evaluation, feedback
from tracker.services.cases import Desk
from tracker.services.collection import document_frequencies
from tracker.services.event_grouping import AnalysisCache
from tracker.services.registry import matcher_of
from tracker.store.archive import articles
from tracker.store.following import decisions, links, stories
from tracker.stories.scoring.linear_model import probability
from tracker.stories.tracking.review import completeness, questions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tracker.model.core import Item, Story
    from tracker.store.database import Database


def review(
    db: Database, story: Story, *, limit: int = 1, cache: AnalysisCache | None = None
) -> Review:
    """Return at most `limit` questions about a story; nothing is changed.

    `cache` is one to be kept for the next question, None for none.
    """
    desk = Desk(cache or AnalysisCache(), document_frequencies(db))
    matcher = matcher_of(db, story)
    only_linked = feedback.judges_only_links(db, story)
    known = backfill.Evidence.of(db, matcher, desk, story.id, only_linked=only_linked, undone={})
    asked, judgements = evaluation.weigh_all(
        db,
        matcher,
        known.profile,
        desk,
        known.found,
        said=known.said,
        contacts=known.contacts,
    )
    odds = {
        item_id: judgement.odds
        for item_id, judgement in judgements.items()
        if not asked[item_id][1].features.excluded or item_id in known.said
    }
    chances = {item_id: judgements[item_id].chance for item_id in odds}
    found = completeness(odds, chances, known.said)
    settled = known.said.keys() | decisions.skipped(db, story.id)
    left = questions(odds, settled, found)
    statuses = links.statuses(db, story.id, left[:limit])
    linked = links.shown(db, story.id)
    return Review(
        story,
        tuple(
            Question(asked[each][0].item, probability(odds[each]), statuses.get(each))
            for each in left[:limit]
        ),
        len(left),
        linked,
        round(found.expected),
        round(found.found),
        round(found.low),
        round(found.high),
        len(known.said),
    )


def skip(db: Database, story: Story, chosen: Iterable[Item], now: datetime) -> list[Correction]:
    """Ask no more about items of a story; what it has linked stays. `feedback.undo` takes it back.

    A copy stands for its article. Raises NotFoundError if the story is gone.
    """
    found: list[Correction] = []
    with db.transaction():
        story = stories.still(db, story, now)
        before = decisions.skipped(db, story.id)
        for item in {first.id: first for first in (articles.first(db, i) for i in chosen)}.values():
            was = links.statuses(db, story.id, [item.id]).get(item.id)
            if item.id not in before:
                decisions.skip(db, story.id, item.id, now)
            found.append(Correction(story, item, was, was, skipped=item.id not in before))
    return found
