"""Relevance feedback: decisions of the user on items and words, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.model.core import State, Status
from tracker.model.corrections import Correction, Move
from tracker.services import backfill, evaluation
from tracker.services.cases import Desk
from tracker.services.collection import document_frequencies
from tracker.services.event_grouping import AnalysisCache, assign_events, nearby_links
from tracker.services.registry import matcher_of
from tracker.store.archive import articles, items
from tracker.store.following import decisions, links, stories
from tracker.stories.tracking.profile import profile_from_json

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from datetime import datetime

    from tracker.model.core import Item, Story
    from tracker.store.database import Database
    from tracker.stories.tracking.candidates import ScoredItem
    from tracker.stories.tracking.profile import Profile
    from tracker.stories.tracking.story_matcher import StoryMatcher


def decide(
    db: Database,
    story: Story,
    chosen: Iterable[Item],
    status: Status,
    now: datetime,
    *,
    cache: AnalysisCache | None = None,
) -> list[Correction]:
    """Give items the user's status, ACCEPTED or REJECTED, and learn from each in turn.

    A copy stands for its article, whose first item gets the status; the story's other reports are
    judged again. `cache` is one to be kept for the next answer, None for none. An item whose
    `was` equals `status` had been decided so before. Raises NotFoundError if the story is gone.
    """
    corrections: list[Correction] = []
    with db.transaction():
        teacher = _Teacher.of(db, stories.still(db, story, now), cache or AnalysisCache(), now)
        firsts = {first.id: first for first in (articles.first(db, each) for each in chosen)}
        copies = articles.copies(db, firsts)
        for item in firsts.values():
            found = teacher.decide(item, status)
            corrections.append(replace(found, copies=copies.get(item.id, ())))
        stories.changed(db)
    return corrections


MOST_JUDGED = 2_000
"""Candidates up to which all are judged anew after an answer; of more, only those with a link."""


@dataclass(slots=True)
class _Teacher:
    """One story within a transaction that decides on its items; `state` is as it is stored."""

    db: Database
    story: Story
    now: datetime
    matcher: StoryMatcher
    cache: AnalysisCache
    state: decisions.StoryState

    @classmethod
    def of(cls, db: Database, story: Story, cache: AnalysisCache, now: datetime) -> _Teacher:
        return cls(db, story, now, matcher_of(db, story), cache, decisions.state(db, story.id))

    def decide(self, item: Item, status: Status) -> Correction:
        """Decide on the first item of an article, and judge the story's others again."""
        before = self.state
        was = before.statuses().get(item.id)
        if was is status:
            return Correction(self.story, item, was, status)
        self._answer(item, status)
        judge_again(self.db, self.story, self.matcher, self.now, cache=self.cache)
        self.state = decisions.add(self.db, (self.story.id, item.id, status, was), before, self.now)
        moves = _moves(before, self.state, {item.id})
        return Correction(self.story, item, was, status, moves=moves)

    def _answer(self, item: Item, status: Status) -> None:
        """Give an item the user's status, with a link if there is none."""
        db, story, matcher = self.db, self.story, self.matcher
        link, event = links.find(db, story.id, item.id), 0
        desk = Desk(self.cache, document_frequencies(db))
        profile = profile_from_json(stories.profile(db, story.id))
        judged, _ = evaluation.judge_one(db, story.id, matcher, profile, desk, item=item)
        if not link:
            event = _event(db, story, matcher, judged, self.now)
        links.decide(db, evaluation.new_link(story.id, judged, event), status, self.now)


def judges_only_links(db: Database, story: Story) -> bool:
    """Return whether an answer has only the story's links judged again, not all candidates."""
    counts = profile_from_json(stories.profile(db, story.id)).counts
    return story.state is State.CLOSED or counts.total > MOST_JUDGED


def judge_again(
    db: Database,
    story: Story,
    matcher: StoryMatcher,
    now: datetime,
    *,
    edits: Profile | None = None,
    cache: AnalysisCache | None = None,
) -> None:
    """Judge a story's reports with the answers and words of its follower, within a transaction.

    Links that the user has looked at are kept unless they have become improbable. `edits` and
    `cache` are as in `backfill.judge_stored`.
    """
    found = backfill.judge_stored(
        db,
        matcher,
        now,
        story_id=story.id,
        keep_seen=True,
        only_linked=judges_only_links(db, story),
        edits=edits,
        cache=cache,
    )
    backfill.save(db, story, found, now, begins=False)


def undo(db: Database, now: datetime) -> Correction:
    """Take the last decision back, with all that it changed.

    The story's profile and links are restored as they were before. If a poll, a rematch or an edit
    has changed the story since, it is backfilled without the decision instead, as by a rematch.
    What was skipped is asked about again. Raises NotFoundError if no decision is left.
    """
    decision, found = decisions.last(db), None
    if decision.status is not None and not decisions.is_current(db, decision):
        found = _backfilled(db, decision, now)
    with db.transaction():
        if decisions.last(db) != decision:  # another process has been here in the meantime
            decision, found = decisions.last(db), None
        story = stories.by_id(db, decision.story_id, now)
        before = decisions.state(db, story.id)
        if decision.status is None:
            return _unskipped(db, story, decision)
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


def _unskipped(db: Database, story: Story, decision: decisions.Decision) -> Correction:
    """Let an item be asked about again, within a transaction."""
    decisions.forget(db, decision)
    (item,) = items.load(db, decision.before)
    status = links.statuses(db, story.id, [item.id]).get(item.id)
    return Correction(story, item, status, status, skipped=True)


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

    The story's reports are judged again. Raises NotFoundError if the story is gone.
    """
    with db.transaction():
        story = stories.still(db, story, now)
        profile = profile_from_json(stories.profile(db, story.id))
        for term, weight in terms.items():
            profile.edit(term, weight)
        judge_again(db, story, matcher_of(db, story), now, edits=profile)


def _event(
    db: Database, story: Story, matcher: StoryMatcher, judged: ScoredItem, now: datetime
) -> int:
    linked = replace(judged, verdict=replace(judged.verdict, status=Status.LINKED))
    return assign_events(matcher, [linked], nearby_links(db, story.id, [linked]), now).events[
        judged.item.id
    ]
