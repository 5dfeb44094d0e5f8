"""Evaluation of items for one story, as polls, backfills, searches and corrections share it."""

from __future__ import annotations

from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from tracker.model.core import USER_DECIDED, Status
from tracker.store.archive import items
from tracker.store.following import links
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.candidates import ScoredItem, is_uncertain, verdict
from tracker.stories.tracking.learning import MOST_UNCERTAIN, backfill, learn_batch
from tracker.stories.tracking.neighbours import MAX_DISTANCE_IN_DAYS, CertainItem
from tracker.stories.tracking.second_pass import (
    may_promote,
    neighbour_pass,
    rescore_candidates,
    semantic_pass,
)
from tracker.stories.tracking.story_matcher import candidate_of_link

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model.core import Item
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
    """Score and learn from new items; return the linked and doubtful ones, and promoted old ones.

    `fresh` are candidates without a link, `doubtful` those of stored `maybe` links. The shares of
    the latter are saved at once, within the caller's transaction, since the next call replaces
    them. `db` is None for a story that has no links yet.
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
    """Return a story's latest doubtful items, oldest first, with their scores and shares."""
    latest = links.of_story(db, story_id, statuses=(Status.MAYBE,), limit=MOST_UNCERTAIN)
    return [candidate_of_link(matcher, link) for link in reversed(latest)]


def candidates_among(
    matcher: StoryMatcher, found: Iterable[AnalyzedItem], said: Mapping[int, float]
) -> list[tuple[AnalyzedItem, Candidate]]:
    """Return the candidates among stored items, in the order given.

    `said` has the shares (`Candidate.decided`) of items that the user decided; all of these are
    candidates.
    """
    cases = []
    for analyzed in found:
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
    """Compare the titles of uncertain candidates by meaning, and score these again."""
    if asked := semantic_pass(matcher, cases):
        rescore_candidates(matcher.scorer, profile, asked)


def linked_or_uncertain(
    matcher: StoryMatcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Candidate]]
) -> list[ScoredItem]:
    """Return the linked and doubtful candidates with their verdicts.

    Verdicts of others are not computed.
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
    """Yield candidates with their verdicts by the current profile."""
    standing = matcher.scorer.estimates(profile, len(cases))
    for analyzed, candidate in cases:
        found = verdict(matcher.scorer, profile, candidate, standing)
        yield ScoredItem(analyzed, found, candidate.share, candidate.features.evidence.similarity)


def stored_candidates(db: Database, matcher: StoryMatcher) -> list[Item]:
    """Return the indexed items that a query finds, oldest first; the latest of very many.

    What may be domestic is looked up by itself: its words ("election") are in many items, of which
    few are from outlets of the query's country.
    """
    languages, since = items.languages(db), matcher.since
    found = items.candidates(db, matcher.fulltext_expression(languages), since=since)
    if not (home := matcher.domestic):
        return found
    known = {item.id for item in found}
    addresses = items.addresses(db, matcher.domestic_expression(languages), since=since)
    at_home = [
        item_id
        for item_id, url, language in addresses
        if item_id not in known and home.may_be_domestic(url, language)
    ]
    return sorted([*found, *items.load(db, at_home)], key=attrgetter("order"))


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
    """Save links with their events, within the caller's transaction; return how many are new.

    `undecided` is as in `links.save`.
    """
    found = [new_link(story_id, each, groups.events[each.item.id]) for each in judged]
    count = links.save(db, found, arrival, now, undecided=undecided)
    links.move(db, story_id, groups.moved)
    return count


def new_link(story_id: int, judged: ScoredItem, event: int) -> links.NewLink:
    """Return a scored item as the store takes it."""
    return links.NewLink(
        story_id, judged.item, judged.verdict, event, judged.share, judged.similarity
    )


_COMPARED = 200
"""Stored links with which doubtful items are compared at the most, the latest ones."""


def certain_links(
    db: Database,
    story_id: int,
    matcher: StoryMatcher,
    cases: Iterable[tuple[AnalyzedItem, Candidate]],
) -> list[CertainItem]:
    """Return the certain stored links that `neighbour_pass` compares candidates with.

    They are of the days around candidates that may be promoted; of very many, the latest.
    """
    times = [
        analyzed.item.published
        for analyzed, candidate in cases
        if may_promote(matcher.scorer, candidate)
    ]
    if not times:
        return []
    reach = timedelta(days=MAX_DISTANCE_IN_DAYS + 1)  # days are told apart by the calendar
    found = links.of_story(
        db,
        story_id,
        statuses=(Status.LINKED, *USER_DECIDED),
        since=min(times) - reach,
        until=max(times) + reach,
        limit=_COMPARED,
    )
    return [
        CertainItem(
            link.item.title,
            link.item.published.toordinal(),
            matcher.learnable_terms(AnalyzedItem.of(link.item)),
            link.status is not Status.REJECTED,
        )
        for link in found
        if link.share >= 1.0 or link.status in USER_DECIDED
    ]
