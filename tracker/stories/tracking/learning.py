"""Learning from candidates: batches (self-training) and relevance feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model.core import Status
from tracker.stories.tracking.candidates import is_certain, is_uncertain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.scoring.estimates import ProfileEstimates
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.tracking.candidates import Candidate


BATCHES = 24
"""The number of batches of a backfill."""
_MIN_BATCH = 20
"""The smallest batch of a backfill, in candidates."""
_MAX_ITERATIONS = 3
"""The most rounds of scoring and counting for one batch."""
_MIN_SHARE_CHANGE = 0.05
"""The smallest change of a share for which a candidate is counted again."""
MOST_UNCERTAIN = 50
"""The most uncertain candidates, the latest, that are scored again with a batch."""


def learn_batch(
    scorer: Scorer, profile: Profile, new: Sequence[Candidate], pending: Sequence[Candidate]
) -> None:
    """Count new candidates, then score them and the pending ones, in place.

    Links are kept. `pending` are uncertain candidates counted before. Hysteresis: they need a
    higher score than new ones, as being scored with every batch would link any of them by chance
    once. Those that stay uncertain are counted again only if there are new candidates, so that a
    decision can be undone exactly.
    """
    if new:
        profile.decay(max(candidate.features.day for candidate in new))
    count_all(scorer, scorer.estimates(profile), new)
    linked = scorer.weights.link_threshold
    open_candidates = [
        (candidate, linked + scorer.weights.hysteresis) for candidate in pending[-MOST_UNCERTAIN:]
    ]
    open_candidates += [(candidate, linked) for candidate in new if candidate.decided is None]
    for _ in range(_MAX_ITERATIONS):
        uncertain = [
            (candidate, threshold)
            for candidate, threshold in open_candidates
            if not candidate.linked
        ]
        if not rescore(scorer, profile, uncertain, recount=bool(new)):
            break
    profile.prune()


def rescore(
    scorer: Scorer,
    profile: Profile,
    candidates: Sequence[tuple[Candidate, float]],
    *,
    recount: bool,
) -> int:
    """Score candidates with the profile as it is, then count them; return the number linked.

    Each comes with its threshold. Without `recount` only those that became linked are counted.
    """
    estimates = scorer.estimates(profile, len(candidates))
    for candidate, threshold in candidates:
        candidate.score = scorer.score(candidate.features, profile, estimates)
        candidate.linked = candidate.score >= threshold
    linked = [candidate for candidate, _ in candidates if candidate.linked]
    count_all(scorer, estimates, [candidate for candidate, _ in candidates] if recount else linked)
    return len(linked)


def count_all(scorer: Scorer, estimates: ProfileEstimates, candidates: Sequence[Candidate]) -> None:
    """Count candidates by their name coverage in the given estimates."""
    for candidate in candidates:
        coverage = scorer.name_coverage(candidate.features, estimates)
        share = (
            scorer.share(candidate.features, coverage, candidate.score)
            if candidate.decided is None
            else candidate.decided
        )
        _count(scorer, estimates.profile, candidate, share, coverage)


def _count(
    scorer: Scorer,
    profile: Profile,
    candidate: Candidate,
    share: float,
    coverage: float,
    *,
    remaining: float = 1.0,
) -> None:
    """Count a candidate by a share, unless that changes little.

    `remaining` is as for `_count_as`.
    """
    if abs(share - candidate.share) < _MIN_SHARE_CHANGE:
        return
    if candidate.counted_before and not candidate.linked:  # most likely counted by this share
        candidate.share = share
        return
    _count_as(scorer, profile, candidate, share, coverage, remaining=remaining)


def _count_as(
    scorer: Scorer,
    profile: Profile,
    candidate: Candidate,
    share: float,
    coverage: float,
    *,
    remaining: float = 1.0,
) -> None:
    """Replace the count of a candidate by another share.

    `remaining` (0..1) is the decay since it was counted.
    """
    counting_profile = _profile_of(profile, candidate)
    observation = (share >= 0.0) - (candidate.share >= 0.0)
    if observation:
        counting_profile.observe(
            candidate.features,
            coverage**scorer.weights.count_coverage_power,
            observation * remaining,
        )
    on, off = scorer.counts(share, coverage) if share >= 0.0 else (0.0, 0.0)
    if candidate.share >= 0.0:
        on_before, off_before = scorer.counts(candidate.share, coverage)
        on, off = on - on_before, off - off_before
    counting_profile.update(candidate.features, remaining * on, remaining * off)
    candidate.share = share


def _profile_of(profile: Profile, candidate: Candidate) -> Profile:
    """Return the profile that counts a candidate: the domestic one for a domestic item."""
    return profile.domestic() if candidate.features.is_domestic else profile


def backfill(scorer: Scorer, profile: Profile, candidates: Sequence[Candidate]) -> None:
    """Score and count stored candidates by date, in batches as polls would bring them."""
    size = max(_MIN_BATCH, -(-len(candidates) // BATCHES))
    pending: list[Candidate] = []
    for start in range(0, len(candidates), size):
        batch = candidates[start : start + size]
        learn_batch(scorer, profile, batch, pending)
        pending = [candidate for candidate in (*pending, *batch) if is_uncertain(scorer, candidate)]
    _rescore_all(
        scorer,
        profile,
        [
            candidate
            for candidate in candidates
            if candidate.decided is None and not is_certain(candidate)
        ],
    )


def _rescore_all(scorer: Scorer, profile: Profile, candidates: Sequence[Candidate]) -> None:
    """Score the candidates of a backfill again with the final profile.

    Early ones benefit from what was learned later, and links that turned out improbable are
    dropped: the user has not seen them yet.
    """
    weights, estimates = scorer.weights, scorer.estimates(profile, len(candidates))
    for candidate in candidates:
        candidate.score = scorer.score(candidate.features, profile, estimates)
        candidate.linked = candidate.score >= (
            weights.keep_threshold if candidate.linked else weights.link_threshold
        )


def apply_feedback(profile: Profile, scorer: Scorer, candidate: Candidate, status: Status) -> None:
    """Count the user's decision on a candidate: ACCEPTED or REJECTED.

    It counts as if made on the item's day.
    """
    profile.decay(candidate.features.day)
    coverage = scorer.name_coverage(candidate.features, scorer.estimates(profile))
    share = 1.0 if status is Status.ACCEPTED else 0.0
    _count(
        scorer,
        profile,
        candidate,
        share,
        coverage,
        remaining=profile.decay_since(candidate.features.day),
    )


def expected_share(profile: Profile, scorer: Scorer, candidate: Candidate) -> float:
    """Return the share of a candidate without a decision, by the current profile."""
    estimates = scorer.estimates(profile)
    score = scorer.score(candidate.features, profile, estimates)
    return scorer.share(
        candidate.features, scorer.name_coverage(candidate.features, estimates), score
    )
