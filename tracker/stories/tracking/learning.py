"""Learning from a story's candidates: batches (self-training) and relevance feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Status
from tracker.stories.tracking.candidates import is_pending, is_sure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.scoring.estimates import Standing
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Judge
    from tracker.stories.tracking.candidates import Case


BATCHES = 24
"""In how many batches a backfill is taken."""
_SMALLEST = 20
"""Fewer cases than this teach too little for a batch of their own."""
_TURNS = 3
_NO_DIFFERENCE = 0.05
"""A score that moved less is not counted anew."""
PENDING = 50
"""How many of a story's latest doubtful items are judged again with each batch."""


def take(judge: Judge, profile: Profile, new: Sequence[Case], pending: Sequence[Case]) -> None:
    """Learn from new cases what they show by themselves, then judge them and the pending ones.

    The cases are changed in place. What is linked stays so; `pending` cases were counted before.
    They have to be a little surer than new ones (`Weights.again`): judged with every batch, any of
    them would be linked by chance once. Those that stay pending are counted anew only beside new
    ones: a decision is undone exactly.
    """
    if new:
        profile.fade(max(case.sighting.day for case in new))
    count_all(judge, judge.standing(profile), new)
    linked = judge.weights.linked
    rest = [(case, linked + judge.weights.again) for case in pending[-PENDING:]]
    rest += [(case, linked) for case in new if case.said is None]
    for _ in range(_TURNS):
        doubtful = [(case, least) for case, least in rest if not case.linked]
        if not judge_again(judge, profile, doubtful, recount=bool(new)):
            break
    profile.prune()


def judge_again(
    judge: Judge, profile: Profile, cases: Sequence[tuple[Case, float]], *, recount: bool
) -> int:
    """Judge cases with the profile as it is, then count them; gives how many became linked.

    With each goes the score from which on it is linked. Without `recount` only those are counted
    that became linked.
    """
    standing = judge.standing(profile, len(cases))
    for case, least in cases:
        case.score = judge.score(case.sighting, profile, standing)
        case.linked = case.score >= least
    linked = [case for case, _ in cases if case.linked]
    count_all(judge, standing, [case for case, _ in cases] if recount else linked)
    return len(linked)


def count_all(judge: Judge, standing: Standing, cases: Sequence[Case]) -> None:
    """Count cases by what they hold of the names as the profile stood before."""
    for case in cases:
        names = judge.names(case.sighting, standing)
        share = judge.share(case.sighting, names, case.score) if case.said is None else case.said
        _count(judge, standing.profile, case, share, names)


def _count(
    judge: Judge, profile: Profile, case: Case, share: float, names: float, *, left: float = 1.0
) -> None:
    """Have the profile count a case anew, if that makes a difference; `left` as in `_count_as`."""
    if abs(share - case.share) < _NO_DIFFERENCE:
        return
    if case.again and not case.linked:  # most likely it was counted just so
        case.share = share
        return
    _count_as(judge, profile, case, share, names, left=left)


def _count_as(
    judge: Judge, profile: Profile, case: Case, share: float, names: float, *, left: float = 1.0
) -> None:
    """Have the profile count a case by this share instead of how it did.

    `left` is what is left by now (0..1) of what was counted of it.
    """
    side = _side(profile, case)
    seen = (share >= 0.0) - (case.share >= 0.0)
    if seen:
        side.see(case.sighting, names**judge.weights.count_power, seen * left)
    on, off = judge.counts(share, names) if share >= 0.0 else (0.0, 0.0)
    if case.share >= 0.0:
        on_before, off_before = judge.counts(case.share, names)
        on, off = on - on_before, off - off_before
    side.count(case.sighting, left * on, left * off)
    case.share = share


def _side(profile: Profile, case: Case) -> Profile:
    """Give the part of a profile that counts a case."""
    return profile.at_home() if case.sighting.at_home else profile


def backfill(judge: Judge, profile: Profile, cases: Sequence[Case]) -> None:
    """Take stored items, in the order of their dates, as polls would have brought them."""
    size = max(_SMALLEST, -(-len(cases) // BATCHES))
    pending: list[Case] = []
    for start in range(0, len(cases), size):
        batch = cases[start : start + size]
        take(judge, profile, batch, pending)
        pending = [case for case in (*pending, *batch) if is_pending(judge, case)]
    _settle(judge, profile, [case for case in cases if case.said is None and not is_sure(case)])


def _settle(judge: Judge, profile: Profile, cases: Sequence[Case]) -> None:
    """Judge the cases of a backfill once more, as all that is stored shows them.

    What came before the story had learned of it is seen as it would be now. What was linked for its
    days alone is let go where it has turned out to be improbable: nobody has seen it yet.
    """
    weights, standing = judge.weights, judge.standing(profile, len(cases))
    for case in cases:
        case.score = judge.score(case.sighting, profile, standing)
        case.linked = case.score >= (weights.kept if case.linked else weights.linked)


def correct(profile: Profile, judge: Judge, case: Case, status: Status) -> None:
    """Learn what the user said of an item: ACCEPTED or REJECTED.

    It counts as if he had said it on the item's day.
    """
    profile.fade(case.sighting.day)
    names = judge.names(case.sighting, judge.standing(profile))
    share = 1.0 if status is Status.ACCEPTED else 0.0
    _count(judge, profile, case, share, names, left=profile.left_of(case.sighting.day))


def uncorrect(profile: Profile, judge: Judge, case: Case, share: float) -> None:
    """Take back what `correct` made the profile learn of a case that it counted so before."""
    names = judge.names(case.sighting, judge.standing(profile))
    _count_as(judge, profile, case, share, names, left=profile.left_of(case.sighting.day))


def own_share(profile: Profile, judge: Judge, case: Case) -> float:
    """Give how a candidate is counted of which the user says nothing, as the profile is now."""
    standing = judge.standing(profile)
    score = judge.score(case.sighting, profile, standing)
    return judge.share(case.sighting, judge.names(case.sighting, standing), score)
