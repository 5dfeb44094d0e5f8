"""The second pass over uncertain candidates: sentence similarity and nearest neighbours."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from tracker.stories.text.documents import without_outlet
from tracker.stories.tracking.candidates import is_certain
from tracker.stories.tracking.learning import count_all, rescore
from tracker.stories.tracking.neighbours import (
    MAX_DISTANCE_IN_DAYS,
    CertainItem,
    NearestNeighbours,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.candidates import Candidate
    from tracker.stories.tracking.story_matcher import StoryMatcher


def rescore_candidates(scorer: Scorer, profile: Profile, candidates: Sequence[Candidate]) -> None:
    """Score candidates again with new features; count those that become linked."""
    rescore(
        scorer,
        profile,
        [(candidate, scorer.weights.link_threshold) for candidate in candidates],
        recount=False,
    )


def may_promote(scorer: Scorer, candidate: Candidate) -> bool:
    """Return whether the highest possible similarity would link an unlinked candidate.

    A likeness does not link an item that shows only a name of many affairs.
    """
    undecided = not candidate.linked and candidate.decided is None and candidate.score > 0.0
    return (
        undecided
        and not candidate.features.is_name_only
        and scorer.score_with_neighbour(candidate.score, 1.0) >= scorer.weights.link_threshold
    )


def promote(
    scorer: Scorer, profile: Profile, candidates: Sequence[Candidate], neighbours: NearestNeighbours
) -> None:
    """Link the candidates that are similar enough to a certain item, and count them.

    The others keep their score: no item is uncertain because of another one.
    """
    promoted = []
    for candidate in candidates:
        if nearest := neighbours.nearest(candidate.features):
            score = scorer.score_with_neighbour(candidate.score, nearest.similarity)
            if score >= scorer.weights.link_threshold:
                candidate.score, candidate.linked, candidate.neighbour = score, True, nearest
                promoted.append(candidate)
    count_all(scorer, scorer.estimates(profile), promoted)


def neighbour_pass(
    matcher: StoryMatcher,
    profile: Profile,
    candidates: Sequence[tuple[AnalyzedItem, Candidate]],
    stored: Iterable[CertainItem] = (),
) -> None:
    """Link uncertain candidates near a certain item.

    Certain items are taken from the candidates and from `stored`. Those that
    are linked are counted by their new scores.
    """
    scorer = matcher.scorer
    uncertain = [candidate for _, candidate in candidates if may_promote(scorer, candidate)]
    if not uncertain:
        return
    days = {candidate.features.day for candidate in uncertain}
    offsets = range(-MAX_DISTANCE_IN_DAYS, MAX_DISTANCE_IN_DAYS + 1)
    days_in_reach = {day + apart for day in days for apart in offsets}
    neighbours = NearestNeighbours(profile)
    for item in (*certain_items(candidates), *stored):
        if item.day in days_in_reach:
            neighbours.add(item)
    promote(scorer, profile, uncertain, neighbours)


def certain_items(candidates: Iterable[tuple[AnalyzedItem, Candidate]]) -> list[CertainItem]:
    """Return the certain ones of some candidates."""
    return [
        CertainItem(
            analyzed.item.title,
            candidate.features.day,
            candidate.features.evidence.terms,
            candidate.decided != 0.0,
        )
        for analyzed, candidate in candidates
        if is_certain(candidate)
    ]


MAX_ENCODED = 500
"""The most titles encoded at a time, which takes 1 s at most."""
REFERENCE_LANGUAGE = "en"
"""The language that the lexicon covers best."""
MIN_SCORE = 0.05
"""The score below which no sentence similarity would make a link likely."""


def semantic_pass(
    matcher: StoryMatcher, candidates: Iterable[tuple[AnalyzedItem, Candidate]]
) -> list[Candidate]:
    """Measure the sentence similarity of uncertain candidates; return those measured.

    Empty without an encoder; of many candidates those with the highest scores. English titles are
    measured only if the query has no name: elsewhere the lexicon does better than the encoder.
    """
    if matcher.similarity is None:
        return []
    uncertain = [
        (analyzed, candidate)
        for analyzed, candidate in candidates
        if not candidate.linked
        and candidate.score >= MIN_SCORE
        and (analyzed.text.language != REFERENCE_LANGUAGE or not matcher.scorer.has_names)
        and not candidate.features.excluded
    ]
    uncertain = nlargest(MAX_ENCODED, uncertain, key=lambda pair: pair[1].score)
    encoded = [analyzed.item for analyzed, _ in uncertain]
    titles = [without_outlet(item.title, item.source) for item in encoded]
    for (_, candidate), similarity in zip(
        uncertain, matcher.similarity.to_titles(titles), strict=True
    ):
        candidate.features.evidence.similarity = round(similarity, 4)
    return [candidate for _, candidate in uncertain]
