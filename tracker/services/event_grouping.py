"""Event grouping: assign scored items to the events of their story."""

from __future__ import annotations

from dataclasses import dataclass
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

    from tracker.model.core import Item, Link
    from tracker.store.database import Database
    from tracker.stories.events.fingerprint import Fingerprint
    from tracker.stories.tracking.candidates import ScoredItem
    from tracker.stories.tracking.story_matcher import StoryMatcher


COMPARED = 500
"""Stored links with which new items are compared at the most, the latest ones."""
MOST_KEPT = 5_000
"""Analyses and fingerprints that an `AnalysisCache` keeps; 6 and 8 kB each."""


@dataclass(frozen=True, slots=True)
class EventAssignment:
    """The events of scored items, and of stored links that move to another event, by item id."""

    events: Mapping[int, int]
    moved: Mapping[int, int]


class AnalysisCache:
    """The analyses and fingerprints of items, each computed once for all stories of a poll.

    At most `MOST_KEPT` of each are kept, the first ones. An item that has changed since is analysed
    again.
    """

    def __init__(self) -> None:
        self._analyzed: dict[int, AnalyzedItem] = {}
        self._fingerprints: dict[int, tuple[Item, Fingerprint]] = {}

    def analyzed(self, item: Item) -> AnalyzedItem:
        """Return an item, analysed."""
        found = self._analyzed.get(item.id)
        if found is None or found.item != item:
            found = AnalyzedItem.of(item)
            if len(self._analyzed) < MOST_KEPT:
                self._analyzed[item.id] = found
        return found

    def fingerprint(self, analyzed: AnalyzedItem) -> Fingerprint:
        """Return an item's fingerprint, with the terms of all stories."""
        item = analyzed.item
        of_item, found = self._fingerprints.get(item.id, (None, None))
        if found is None or of_item != item:
            found = fingerprint(item, analyzed.text, load_lexicon())
            if len(self._fingerprints) < MOST_KEPT:
                self._fingerprints[item.id] = item, found
        return found


def assign_events(
    matcher: StoryMatcher,
    judged: Sequence[ScoredItem],
    near: Sequence[Link],
    now: datetime,
    cache: AnalysisCache | None = None,
) -> EventAssignment:
    """Assign scored items to events, together with the stored links that are `near` them.

    Doubtful items are assigned last, so that they never join two events. `cache` is None
    where only one story is concerned.
    """
    ids = {each.item.id for each in judged}
    if not near and len(ids) < 2:  # noqa: PLR2004 - a single item, as most often
        return EventAssignment({number: number for number in ids}, {})
    cache, own = cache or AnalysisCache(), story_terms(matcher.interpretation)
    stored = [
        (link.item.id, link.event, cache.fingerprint(cache.analyzed(link.item)).without(own))
        for link in near
    ]
    prints = {
        each.item.id: cache.fingerprint(each.analyzed).without(own)
        for each in sorted(judged, key=lambda each: each.item.order)
    }
    clusterer = EventClusterer(stored, now, prints.values())
    is_linked = {each.item.id: each.verdict.status is Status.LINKED for each in judged}
    for number in filter(is_linked.__getitem__, prints):
        clusterer.add(number, prints[number])
    found = dict(clusterer.changes)
    moved = {item: event for item, event in found.items() if item not in ids}
    for number, one in prints.items():
        if not is_linked[number]:
            found[number] = clusterer.add(number, one)
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
