"""Learning from a story's candidates: batches (self-training) and relevance feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Status
from tracker.stories.tracking.candidates import is_certain, is_uncertain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.scoring.estimates import ProfileEstimates
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.tracking.candidates import Candidate


BATCHES = 24
"""In how many batches a backfill is taken."""
_SMALLEST = 20
"""Fewer cases than this teach too little for a batch of their own."""
_TURNS = 3
_NO_DIFFERENCE = 0.05
"""A score that moved less is not counted anew."""
MOST_UNCERTAIN = 50
"""How many of a story's latest doubtful items are judged again with each batch."""


def learn_batch(
    scorer: Scorer, profile: Profile, new: Sequence[Candidate], pending: Sequence[Candidate]
) -> None:
    """Learn from new cases what they show by themselves, then judge them and the pending ones.

    The cases are changed in place. What is linked stays so; `pending` cases were counted before.
    They have to be a little surer than new ones (`Weights.again`): judged with every batch, any of
    them would be linked by chance once. Those that stay pending are counted anew only beside new
    ones: a decision is undone exactly.
    """
    if new:
        profile.decay(max(candidate.features.day for candidate in new))
    count_all(scorer, scorer.estimates(profile), new)
    linked = scorer.weights.linked
    rest = [(candidate, linked + scorer.weights.again) for candidate in pending[-MOST_UNCERTAIN:]]
    rest += [(candidate, linked) for candidate in new if candidate.decided is None]
    for _ in range(_TURNS):
        doubtful = [(candidate, least) for candidate, least in rest if not candidate.linked]
        if not rescore(scorer, profile, doubtful, recount=bool(new)):
            break
    profile.prune()


def rescore(
    scorer: Scorer,
    profile: Profile,
    candidates: Sequence[tuple[Candidate, float]],
    *,
    recount: bool,
) -> int:
    """Judge cases with the profile as it is, then count them; gives how many became linked.

    With each goes the score from which on it is linked. Without `recount` only those are counted
    that became linked.
    """
    estimates = scorer.estimates(profile, len(candidates))
    for candidate, least in candidates:
        candidate.score = scorer.score(candidate.features, profile, estimates)
        candidate.linked = candidate.score >= least
    linked = [candidate for candidate, _ in candidates if candidate.linked]
    count_all(scorer, estimates, [candidate for candidate, _ in candidates] if recount else linked)
    return len(linked)


def count_all(scorer: Scorer, estimates: ProfileEstimates, candidates: Sequence[Candidate]) -> None:
    """Count cases by what they hold of the names as the profile stood before."""
    for candidate in candidates:
        names = scorer.name_level(candidate.features, estimates)
        share = (
            scorer.share(candidate.features, names, candidate.score)
            if candidate.decided is None
            else candidate.decided
        )
        _count(scorer, estimates.profile, candidate, share, names)


def _count(
    scorer: Scorer,
    profile: Profile,
    candidate: Candidate,
    share: float,
    names: float,
    *,
    left: float = 1.0,
) -> None:
    """Have the profile count a case anew, if that makes a difference; `left` as in `_count_as`."""
    if abs(share - candidate.share) < _NO_DIFFERENCE:
        return
    if candidate.counted_before and not candidate.linked:  # most likely it was counted just so
        candidate.share = share
        return
    _count_as(scorer, profile, candidate, share, names, left=left)


def _count_as(
    scorer: Scorer,
    profile: Profile,
    candidate: Candidate,
    share: float,
    names: float,
    *,
    left: float = 1.0,
) -> None:
    """Have the profile count a case by this share instead of how it did.

    `left` is what is left by now (0..1) of what was counted of it.
    """
    side = _profile_of(profile, candidate)
    seen = (share >= 0.0) - (candidate.share >= 0.0)
    if seen:
        side.observe(candidate.features, names**scorer.weights.count_power, seen * left)
    on, off = scorer.counts(share, names) if share >= 0.0 else (0.0, 0.0)
    if candidate.share >= 0.0:
        on_before, off_before = scorer.counts(candidate.share, names)
        on, off = on - on_before, off - off_before
    side.update(candidate.features, left * on, left * off)
    candidate.share = share


def _profile_of(profile: Profile, candidate: Candidate) -> Profile:
    """Give the part of a profile that counts a case."""
    return profile.domestic() if candidate.features.domestic else profile


def backfill(scorer: Scorer, profile: Profile, candidates: Sequence[Candidate]) -> None:
    """Take stored items, in the order of their dates, as polls would have brought them."""
    size = max(_SMALLEST, -(-len(candidates) // BATCHES))
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
    """Judge the cases of a backfill once more, as all that is stored shows them.

    What came before the story had learned of it is seen as it would be now. What was linked for its
    days alone is let go where it has turned out to be improbable: nobody has seen it yet.
    """
    weights, estimates = scorer.weights, scorer.estimates(profile, len(candidates))
    for candidate in candidates:
        candidate.score = scorer.score(candidate.features, profile, estimates)
        candidate.linked = candidate.score >= (weights.kept if candidate.linked else weights.linked)


def apply_feedback(profile: Profile, scorer: Scorer, candidate: Candidate, status: Status) -> None:
    """Learn what the user said of an item: ACCEPTED or REJECTED.

    It counts as if he had said it on the item's day.
    """
    profile.decay(candidate.features.day)
    names = scorer.name_level(candidate.features, scorer.estimates(profile))
    share = 1.0 if status is Status.ACCEPTED else 0.0
    _count(
        scorer, profile, candidate, share, names, left=profile.decay_since(candidate.features.day)
    )


def revoke_feedback(profile: Profile, scorer: Scorer, candidate: Candidate, share: float) -> None:
    """Take back what `correct` made the profile learn of a case that it counted so before."""
    names = scorer.name_level(candidate.features, scorer.estimates(profile))
    _count_as(
        scorer, profile, candidate, share, names, left=profile.decay_since(candidate.features.day)
    )


def expected_share(profile: Profile, scorer: Scorer, candidate: Candidate) -> float:
    """Give how a candidate is counted of which the user says nothing, as the profile is now."""
    estimates = scorer.estimates(profile)
    score = scorer.score(candidate.features, profile, estimates)
    return scorer.share(candidate.features, scorer.name_level(candidate.features, estimates), score)
