"""Event grouping: assign scored items to the events of their story."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tracker.model.core import Status
from tracker.store.following import links
from tracker.stories.events.clustering import MEMORY, EventClusterer
from tracker.stories.events.fingerprint import fingerprint, story_terms
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.text.documents import AnalyzedItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tracker.model.core import Link
    from tracker.store.database import Database
    from tracker.stories.events.fingerprint import Fingerprint
    from tracker.stories.tracking.candidates import ScoredItem
    from tracker.stories.tracking.story_matcher import StoryMatcher


COMPARED = 500
"""Stored links with which new items are compared at the most, the latest ones."""


@dataclass(frozen=True, slots=True)
class EventAssignment:
    """The events of scored items, and of stored links that move to another event, by item id."""

    events: Mapping[int, int]
    moved: Mapping[int, int]


def assign_events(
    matcher: StoryMatcher, judged: Sequence[ScoredItem], near: Sequence[Link], now: datetime
) -> EventAssignment:
    """Assign scored items to events, together with the stored links that are `near` them.

    Doubtful items are assigned last, so that they never join two events.
    """
    ids = {each.item.id for each in judged}
    if not near and len(ids) < 2:  # noqa: PLR2004 - a single item, as most often
        return EventAssignment({number: number for number in ids}, {})
    stored_readings = [(link, AnalyzedItem.of(link.item)) for link in near]
    readings = [analyzed for _, analyzed in stored_readings] + [each.analyzed for each in judged]
    alone = len({analyzed.text.language for analyzed in readings}) == 1
    draw = partial(_fingerprint, own=story_terms(matcher.interpretation), alone=alone)
    stored = [(link.item.id, link.event, draw(analyzed)) for link, analyzed in stored_readings]
    grouper = EventClusterer(stored, now)
    in_order = sorted(judged, key=lambda each: each.item.order)
    for each in in_order:
        if each.verdict.status is Status.LINKED:
            grouper.add(each.item.id, draw(each.analyzed))
    found = dict(grouper.changes)
    moved = {item: event for item, event in found.items() if item not in ids}
    for each in in_order:
        if each.verdict.status is not Status.LINKED:
            found[each.item.id] = grouper.add(each.item.id, draw(each.analyzed))
    return EventAssignment(found, moved)


def nearby_links(
    db: Database,
    story_id: int,
    judged: Sequence[ScoredItem],
    statuses: tuple[Status, ...] = (Status.LINKED, Status.ACCEPTED),
) -> list[Link]:
    """Return the stored links that may share an event with scored items, in their items' order.

    Of more than COMPARED links, the latest are returned.
    """
    if not judged:
        return []
    times = [each.item.published for each in judged]
    ids = {each.item.id for each in judged}
    stored = links.of_story(
        db,
        story_id,
        statuses=statuses,
        since=min(times) - MEMORY,
        until=max(times) + MEMORY,
        limit=COMPARED,
    )
    found = [link for link in stored if link.item.id not in ids]
    return sorted(found, key=lambda link: link.item.order)


def _fingerprint(analyzed: AnalyzedItem, own: frozenset[str], *, alone: bool) -> Fingerprint:
    return fingerprint(analyzed.item, analyzed.text, load_lexicon(), own, alone=alone)
