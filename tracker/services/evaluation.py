"""Scoring items for one story: polls, backfills, searches and corrections all use this."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tracker.model import USER_DECIDED, Status
from tracker.store import items, links
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import ScoredItem, is_uncertain, verdict
from tracker.stories.tracking.learning import MOST_UNCERTAIN, backfill, learn_batch
from tracker.stories.tracking.neighbours import MAX_DISTANCE_IN_DAYS
from tracker.stories.tracking.second_pass import (
    may_demote,
    may_promote,
    neighbour_pass,
    rescore_candidates,
    semantic_pass,
)
from tracker.stories.tracking.story_matcher import candidate_of_link

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Item, Link
    from tracker.services.event_grouping import EventAssignment
    from tracker.store.database import Database
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.tracking.candidates import Candidate
    from tracker.stories.tracking.story_matcher import StoryMatcher


def score_candidates(
    db: Database | None,
    story_id: int,
    matcher: StoryMatcher,
    profile: Profile,
    *,
    fresh: list[tuple[AnalyzedItem, Candidate]],
    doubtful: list[tuple[AnalyzedItem, Candidate]],
) -> list[ScoredItem]:
    """Judge and learn from new items; return those to store, doubtful ones of before included.

    An item that was linked when its words changed keeps its link (see `retold`); a doubtful one is
    looked at again with the other doubtful ones. What the profile counts of these is noted at once,
    within the caller's transaction: the next look takes it back before it counts anew. `db` is None
    for a story that has no links yet.
    """
    before = [candidate.share for _, candidate in doubtful]
    learn_batch(
        matcher.scorer,
        profile,
        [candidate for _, candidate in fresh],
        [candidate for _, candidate in doubtful],
    )
    semantic_second_look(matcher, profile, fresh)
    asked = fresh + doubtful
    stored = certain_links(db, story_id, matcher, asked) if db else ()
    neighbour_pass(matcher, profile, asked, stored)
    counted = [
        (candidate.item_id, candidate.share)
        for (_, candidate), share in zip(doubtful, before, strict=True)
        if candidate.share != share
    ]
    if db:
        links.recount(db, story_id, counted)
    chosen = fresh + [(analyzed, candidate) for analyzed, candidate in doubtful if candidate.linked]
    return linked_or_uncertain(matcher, profile, chosen)


def uncertain_candidates(
    db: Database, story_id: int, matcher: StoryMatcher
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Return a story's latest doubtful items, oldest first, as they were counted."""
    latest = links.of_story(db, story_id, statuses=(Status.MAYBE,), limit=MOST_UNCERTAIN)
    return [candidate_of_link(matcher, link) for link in reversed(latest)]


def candidates_among(
    matcher: StoryMatcher, found: Iterable[Item], said: Mapping[int, float]
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Look at stored items, in the order given; leave out those that are no candidates.

    `said` has the shares (`Case.said`) of those that the user decided: they are cases anyway.
    """
    cases = []
    for analyzed in map(AnalyzedItem.of, found):
        share = said.get(analyzed.item.id)
        candidate = (
            matcher.candidate(analyzed) if share is None else matcher.candidate_anyway(analyzed)
        )
        if candidate is not None:
            candidate.decided = share
            cases.append((analyzed, candidate))
    return cases


def score_stored(
    matcher: StoryMatcher,
    profile: Profile,
    cases: Sequence[tuple[AnalyzedItem, Candidate]],
    *,
    keep: Collection[int] = (),
) -> list[ScoredItem]:
    """Score stored items, oldest first, and learn from them; return the linked and doubtful ones.

    Items that the user decided are learned from, and left out of the result. Items of `keep` (ids)
    stay linked whatever they score.
    """
    backfill(matcher.scorer, profile, [candidate for _, candidate in cases])
    undecided = [each for each in cases if each[1].decided is None]
    semantic_second_look(matcher, profile, undecided)
    neighbour_pass(matcher, profile, cases)
    for _, candidate in undecided if keep else ():
        candidate.linked = candidate.linked or candidate.item_id in keep
    return linked_or_uncertain(matcher, profile, undecided)


def semantic_second_look(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> None:
    """Ask what the titles mean of what is doubtful by its words, and judge that again."""
    if asked := semantic_pass(matcher, cases):
        rescore_candidates(matcher.scorer, profile, asked)


def linked_or_uncertain(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> list[ScoredItem]:
    """Return what is linked or doubtful among cases, with its verdict.

    Of what was judged to be neither nobody asks why.
    """
    asked = [
        (analyzed, candidate)
        for analyzed, candidate in cases
        if candidate.score < 0.0 or candidate.linked or is_uncertain(matcher.scorer, candidate)
    ]
    told = verdicts(matcher, profile, asked)
    return [each for each in told if each.verdict.status is not None]


def verdicts(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> Iterator[ScoredItem]:
    """Give cases with their verdicts as the profile is now."""
    standing = matcher.scorer.estimates(profile, len(cases))
    for analyzed, candidate in cases:
        found = verdict(matcher.scorer, profile, candidate, standing)
        yield ScoredItem(analyzed, found, candidate.share, candidate.features.evidence.similarity)


def stored_candidates(db: Database, matcher: StoryMatcher) -> list[Item]:
    """Return the indexed items that a story may want, oldest first; of very many the latest."""
    return items.candidates(
        db, matcher.fulltext_expression(items.languages(db)), since=matcher.since
    )


def save_links(
    db: Database,
    story_id: int,
    judged: Sequence[ScoredItem],
    groups: EventAssignment,
    *,
    arrival: int,
    now: datetime,
    undecided: bool = False,
) -> int:
    """Store links with their events, within the caller's transaction; return how many are new.

    `undecided` says that the caller knows of no link of these items that is more than doubtful.
    """
    found = [new_link(story_id, each, groups.events[each.item.id]) for each in judged]
    count = links.save(db, found, arrival, now, undecided=undecided)
    links.move(db, story_id, groups.moved)
    return count


def new_link(story_id: int, judged: ScoredItem, event: int) -> links.NewLink:
    """Give what the store takes of a judged item."""
    return links.NewLink(
        story_id, judged.item, judged.verdict, event, judged.share, judged.similarity
    )


_COMPARED = 200
"""With how many stored links doubtful reports are compared; of more, the latest."""


def certain_links(
    db: Database,
    story_id: int,
    matcher: StoryMatcher,
    cases: Iterable[tuple[AnalyzedItem, Candidate]],
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Return the stored links of which it is sure that `look_around` may ask for.

    They are of the days about what is doubtful, and the latest where something may be let go.
    """
    scorer, statuses = matcher.scorer, (Status.LINKED, *USER_DECIDED)
    find = partial(links.of_story, db, story_id, statuses=statuses, limit=_COMPARED)
    found: list[Link] = []
    if times := [
        analyzed.item.published for analyzed, candidate in cases if may_promote(scorer, candidate)
    ]:
        reach = timedelta(days=MAX_DISTANCE_IN_DAYS + 1)  # days are told apart by the calendar
        found += find(since=min(times) - reach, until=max(times) + reach)
    if any(may_demote(scorer, candidate) for _, candidate in cases):
        found += find()
    sure = {
        link.item.id: link for link in found if link.share >= 1.0 or link.status in USER_DECIDED
    }
    return [candidate_of_link(matcher, link) for link in sure.values()]
