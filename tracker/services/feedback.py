"""Relevance feedback: decisions of the user on items and words, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.model.core import State, Status
from tracker.model.corrections import Correction, Move
from tracker.services import backfill, evaluation
from tracker.services.event_grouping import assign_events, nearby_links
from tracker.services.registry import matcher_of
from tracker.store.archive import articles, items, queue
from tracker.store.following import decisions, links, stories
from tracker.stories.scoring.profile_codec import profile_from_json, profile_to_json
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import ScoredItem, verdict
from tracker.stories.tracking.learning import apply_feedback, expected_share
from tracker.stories.tracking.story_matcher import candidate_of_link

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from datetime import datetime

    from tracker.model.core import Item, Story
    from tracker.store.database import Database
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.tracking.candidates import Candidate
    from tracker.stories.tracking.story_matcher import StoryMatcher


def decide(
    db: Database, story: Story, chosen: Iterable[Item], status: Status, now: datetime
) -> list[Correction]:
    """Give items the user's status, ACCEPTED or REJECTED, and learn from each in turn.

    A copy stands for its article, whose first item gets the status; doubtful reports are scored
    again. An item whose `was` equals `status` had been decided so before. Raises NotFoundError if
    the story is gone.
    """
    corrections: list[Correction] = []
    with db.transaction():
        teacher = _Teacher.of(db, stories.still(db, story, now), now)
        firsts = {first.id: first for first in (articles.first(db, each) for each in chosen)}
        copies = articles.copies(db, firsts)
        for item in firsts.values():
            found = teacher.decide(item, status)
            corrections.append(replace(found, copies=copies.get(item.id, ())))
        stories.changed(db)
    return corrections


@dataclass(slots=True)
class _Teacher:
    """One story within a transaction that decides on its items; `state` is as it is stored."""

    db: Database
    story: Story
    now: datetime
    matcher: StoryMatcher
    profile: Profile
    state: decisions.StoryState

    @classmethod
    def of(cls, db: Database, story: Story, now: datetime) -> _Teacher:
        state = decisions.state(db, story.id)
        return cls(db, story, now, matcher_of(db, story), profile_from_json(state.profile), state)

    def decide(self, item: Item, status: Status) -> Correction:
        """Decide on the first item of an article, and score the doubtful reports again."""
        before = self.state
        was = before.statuses().get(item.id)
        if was is status:
            return Correction(self.story, item, was, status)
        self._learn(item, status)
        _rescore_uncertain(self.db, self.story, self.matcher, self.profile, self.now)
        self.state = decisions.add(self.db, (self.story.id, item.id, status, was), before, self.now)
        moves = _moves(before, self.state, {item.id})
        return Correction(self.story, item, was, status, moves=moves)

    def _learn(self, item: Item, status: Status) -> None:
        db, story, matcher, profile = self.db, self.story, self.matcher, self.profile
        link = links.find(db, story.id, item.id)
        if link:
            analyzed, candidate = candidate_of_link(matcher, link)
        else:
            analyzed = AnalyzedItem.of(item)
            candidate = _unlinked(db, matcher, profile, analyzed)
        apply_feedback(profile, matcher.scorer, candidate, status)
        judged = ScoredItem(analyzed, verdict(matcher.scorer, profile, candidate), candidate.share)
        event = link.event if link else _event(db, story, matcher, judged, self.now)
        found = links.NewLink(story.id, item, judged.verdict, event, candidate.share)
        links.decide(db, found, status, self.now)


def undo(db: Database, now: datetime) -> Correction:
    """Take the last decision back, with all that it changed.

    The story's profile and links are restored as they were before. If a poll, a rematch or an edit
    has changed the story since, it is backfilled without the decision instead, as by a rematch.
    Raises NotFoundError if no decision is left.
    """
    decision, found = decisions.last(db), None
    if not decisions.is_current(db, decision):
        found = _backfilled(db, decision, now)
    with db.transaction():
        if decisions.last(db) != decision:  # another process has been here in the meantime
            decision, found = decisions.last(db), None
        story = stories.by_id(db, decision.story_id, now)
        before = decisions.state(db, story.id)
        if decisions.is_current(db, decision):
            decisions.restore(db, decision)
        else:
            found = found or _backfilled(db, decision, now)
            decisions.revoke(db, decision)
            backfill.apply(db, story, found, now)
        stories.changed(db)
        after = decisions.state(db, story.id)
    item = articles.first(db, items.load(db, [next(iter(decision.before))])[0])
    status = after.statuses().get(item.id)
    moves = _moves(before, after, decision.before)
    copies = articles.copies(db, [item.id]).get(item.id, ())
    return Correction(story, item, decision.status, status, copies, moves)


def _backfilled(
    db: Database, decision: decisions.Decision, now: datetime
) -> backfill.BackfillResult:
    """Score a decision's story as if the decision had not been made; a closed one keeps its items.

    What was stored while a story is closed is taken up when it is reopened.
    """
    story = stories.by_id(db, decision.story_id, now)
    return backfill.judge_stored(
        db,
        matcher_of(db, story),
        now,
        story_id=story.id,
        only_linked=story.state is State.CLOSED,
        undone=decision.before,
    )


def _moves(
    before: decisions.StoryState, after: decisions.StoryState, decided: Container[int]
) -> tuple[Move, ...]:
    """Return the links whose status differs, without those of the decided items."""
    old, new = before.statuses(), after.statuses()
    return tuple(
        Move(item_id, old.get(item_id), new.get(item_id))
        for item_id in sorted(old.keys() | new.keys())
        if item_id not in decided and old.get(item_id) is not new.get(item_id)
    )


def set_terms(db: Database, story: Story, terms: Mapping[str, float | None], now: datetime) -> None:
    """Give words the user's own weights in -1..1; None leaves a word to learning.

    Doubtful reports are scored again. Raises NotFoundError if the story is gone.
    """
    with db.transaction():
        story = stories.still(db, story, now)
        profile = profile_from_json(stories.profile(db, story.id))
        for term, weight in terms.items():
            profile.edit(term, weight)
        _rescore_uncertain(db, story, matcher_of(db, story), profile, now)
        stories.changed(db)


def _unlinked(
    db: Database, matcher: StoryMatcher, profile: Profile, analyzed: AnalyzedItem
) -> Candidate:
    """Return an item without a link as a candidate, with the share by which it was counted.

    That share is not stored; it is estimated as the one that the item would get now.
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


def _event(
    db: Database, story: Story, matcher: StoryMatcher, judged: ScoredItem, now: datetime
) -> int:
    linked = replace(judged, verdict=replace(judged.verdict, status=Status.LINKED))
    return assign_events(matcher, [linked], nearby_links(db, story.id, [linked]), now).events[
        judged.item.id
    ]
