"""Backfill: one story takes up all stored items, in the order of their dates.

A story is backfilled when it is followed, edited, reopened or rematched, when a decision is taken
back, and when a feed is polled for the first time. Items are scored without the write lock, since
50,000 candidates take 20 s. If another process has written meanwhile, they are scored again within
the lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from tracker.model.core import USER_DECIDED, State, Status
from tracker.services import evaluation, retrieval
from tracker.services.alerts import queue_new
from tracker.services.cases import Desk
from tracker.services.collection import document_frequencies
from tracker.services.event_grouping import AnalysisCache, assign_events, nearby_links
from tracker.services.gc_pause import collector_off
from tracker.services.registry import keep_understanding, matcher_of
from tracker.store.alerts.due import Arrived
from tracker.store.archive import items, queue
from tracker.store.following import links, stories
from tracker.stories.scoring.first_contact import Contact
from tracker.stories.tracking.profile import Profile, profile_from_json, profile_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tracker.model.core import Item, Story
    from tracker.services.event_grouping import EventAssignment
    from tracker.store.database import Database
    from tracker.stories.scoring.features import Features
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.candidates import ScoredItem
    from tracker.stories.tracking.story_matcher import StoryMatcher


@dataclass(frozen=True, slots=True)
class BackfillResult:
    """The links and the profile that a backfill found; nothing of it is saved yet.

    `judged` are the linked and doubtful items. `decided` are those that the user accepted or
    rejected, with the verdicts that they would have without that. `version` is that of the
    database that was read. `keep_seen` and `only_linked` are as in `judge_stored`.
    """

    matcher: StoryMatcher
    profile: Profile
    judged: list[ScoredItem]
    decided: list[ScoredItem]
    groups: EventAssignment
    version: int
    keep_seen: bool = False
    only_linked: bool = False


@collector_off()
def judge_stored(
    db: Database,
    matcher: StoryMatcher,
    now: datetime,
    *,
    story_id: int = 0,
    keep_seen: bool = False,
    only_linked: bool = False,
    undone: Mapping[int, Status | None] | None = None,
    edits: Profile | None = None,
    cache: AnalysisCache | None = None,
) -> BackfillResult:
    """Score all stored candidates of a story, in the order of their dates.

    `story_id` is 0 for a story that is not followed yet. Items with a link are scored even if the
    query does not find them any more. A decision of the user counts from its item's date on. With
    `keep_seen`, links that the user has looked at stay linked; with `only_linked`, items without a
    link are left out, and the others keep the outcome of first contact. `undone` has the statuses
    of links without a decision that is to be taken back, by item id, None for no link. `edits` is a
    profile with the words that the user set, None for the stored one. `cache` is None where only
    one story is concerned.
    """
    cache, version = cache or AnalysisCache(), db.version()
    desk = Desk(cache, document_frequencies(db))
    known = Evidence.of(
        db, matcher, desk, story_id, only_linked=only_linked, undone=undone or {}, edits=edits
    )
    keep = links.seen(db, story_id) if keep_seen else ()
    said = known.said
    outcome = evaluation.judge_all(
        db,
        matcher,
        known.profile,
        desk,
        known.found,
        said=said,
        keep=keep,
        contacts=known.contacts,
    )
    near = nearby_links(db, story_id, outcome.judged, (Status.ACCEPTED,)) if said else []
    beside = [link for link in near if link.item.id in said]
    groups = assign_events(matcher, outcome.judged, beside, now, cache)
    how = version, keep_seen, only_linked
    return BackfillResult(matcher, known.profile, outcome.judged, outcome.decided, groups, *how)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a story is judged by: items that it may have, with their features, and the answers.

    `profile` is one that has learned nothing yet. `said` and `contacts` are as in
    `evaluation.judge_all`.
    """

    profile: Profile
    found: list[tuple[AnalyzedItem, Features]]
    said: dict[int, float]
    contacts: dict[int, Contact | None] | None

    @classmethod
    def of(
        cls,
        db: Database,
        matcher: StoryMatcher,
        desk: Desk,
        story_id: int,
        *,
        only_linked: bool,
        undone: Mapping[int, Status | None],
        edits: Profile | None = None,
    ) -> Evidence:
        """Read it from the store; the arguments are those of `judge_stored`."""
        profile, kept = Profile(), profile_from_json(stories.profile(db, story_id))
        profile.take_edits(edits or kept)
        said = _answers(db, story_id, undone)
        analyzed = desk.cache.analyzed
        if only_linked:
            contacts = _contacts(db, story_id)
            profile.counts = kept.counts
            linked = map(analyzed, items.load(db, contacts))
            found = [(each, matcher.features_anyway(each)) for each in linked]
            return cls(profile, found, said, contacts)
        stored = map(analyzed, _stored(db, matcher, story_id))
        return cls(profile, retrieval.candidates_among(matcher, stored, said), said, None)


def apply(db: Database, story: Story, found: BackfillResult, now: datetime) -> BackfillResult:
    """Save what a backfill found, within a transaction that has read `story`; return what it saved.

    Items are scored again if another process has written since: it may have changed the story too.
    """
    found = _renewed(db, story, found, now)
    save(db, story, found, now)
    return found


def take_up_stored(
    db: Database, story_id: int, now: datetime, cache: AnalysisCache | None = None
) -> int:
    """Backfill a story that waits for it; return how many links are new.

    Nothing is done for a story that is gone, or closed: it is backfilled when it is reopened. What
    it takes up is the past, except for the items that `queue.add_backfill_news` noted.
    """
    found = None
    for story in _open_story(db, story_id, now):
        matcher = matcher_of(db, story)
        found = judge_stored(db, matcher, now, story_id=story_id, keep_seen=True, cache=cache)
    new_links = 0
    with db.transaction():
        queue.drop_backfill(db, story_id)
        news = queue.take_backfill_news(db, story_id)
        for story in _open_story(db, story_id, now):
            if found:
                new_links = save(db, story, _renewed(db, story, found, now), now, begins=False)
                arrived = Arrived(links.last_arrival(db), [story_id], only=news)
                queue_new(db, arrived, now)
    return new_links


def _open_story(db: Database, story_id: int, now: datetime) -> list[Story]:
    """Return a list of the one story with this id, empty if it is gone or closed."""
    found = stories.by_ids(db, [story_id], now)
    return [story for story in found if story.state is not State.CLOSED]


def _renewed(db: Database, story: Story, found: BackfillResult, now: datetime) -> BackfillResult:
    if found.version == db.version():
        return found
    matcher = matcher_of(db, story)
    return judge_stored(
        db,
        matcher,
        now,
        story_id=story.id,
        keep_seen=found.keep_seen,
        only_linked=found.only_linked,
    )


def save(
    db: Database, story: Story, found: BackfillResult, now: datetime, *, begins: bool = True
) -> int:
    """Replace a story's links by what a backfill found; return how many links are new.

    To be called within a transaction. Decisions of the user stay, and so do links of queued items,
    which are in no index meanwhile. `begins` is False where the first links are news to the user,
    though the story may have been followed in the same second.
    """
    stored = links.item_ids(db, story.id)
    stale = stored - {each.item.id for each in found.judged}
    stale -= queue.waiting(db, stale)
    links.drop(db, [(story.id, item_id) for item_id in stale])
    new_links = 0
    if found.judged:
        arrival = links.next_arrival(db)
        new_links = evaluation.save_links(
            db, story.id, found.judged, found.groups, arrival=arrival, now=now
        )
        if begins and not stored:
            stories.begin_with(db, story.id, arrival, now)
    links.restate(db, [evaluation.new_link(story.id, each, 0) for each in found.decided])
    profile = found.profile
    stories.save_profiles(db, [(story.id, profile_to_json(profile), profile.vocabulary)])
    keep_understanding(db, [(story.id, story.query, found.matcher)])
    stories.changed(db)
    return new_links


def _answers(db: Database, story_id: int, undone: Mapping[int, Status | None]) -> dict[int, float]:
    """Return the user's answers on a story's items, 1.0 or 0.0, by item id."""
    decisions = dict(links.decided(db, story_id)) | dict(undone)
    return {
        item_id: float(status is Status.ACCEPTED)
        for item_id, status in decisions.items()
        if status in USER_DECIDED
    }


def _contacts(db: Database, story_id: int) -> dict[int, Contact | None]:
    """Return the outcomes of first contact of a story's links, by item id."""
    return {
        link.item.id: Contact(link.first_odds, link.match_odds)
        if link.first_odds is not None
        else None
        for link in links.of_story(db, story_id)
    }


def _stored(db: Database, matcher: StoryMatcher, story_id: int) -> list[Item]:
    """Return the stored items that the query finds or that have a link, in their order."""
    found = retrieval.stored_candidates(db, matcher)
    missed = links.item_ids(db, story_id) - {item.id for item in found}
    return sorted([*found, *items.load(db, missed)], key=attrgetter("order"))
