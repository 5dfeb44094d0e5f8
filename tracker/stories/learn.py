"""Judging and learning in turns: each batch of items is judged, learned from, and judged again.

The same turns serve a poll (one batch) and a backfill (the stored items in batches by time), so
that a story followed late links what it would have linked from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Reason, Status, Verdict
from tracker.stories.scoring.statistics import chance_of, log_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.neighbours import Neighbour, Neighbours
    from tracker.stories.scoring.estimates import Standing
    from tracker.stories.scoring.features import Sighting
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Judge

BATCHES = 24
"""In how many batches a backfill is taken."""
_SMALLEST = 20
"""Fewer cases than this teach too little for a batch of their own."""
_TURNS = 3
_NO_DIFFERENCE = 0.05
"""A score that moved less is not counted anew."""
PENDING = 50
"""How many of a story's latest doubtful items are judged again with each batch."""


@dataclass(slots=True)
class Case:
    """An item before one story: `linked` once it is.

    `share` is how the profile counts it: -1 not at all, 1 as on the story, 0 as off it, and
    between them as its score says. It is to be kept with the link. `said` is the share that the
    user's word gives it, 1 or 0, None without that: such a case is counted, and not judged. `again`
    is set for one that was no link when it was counted, before its words changed. `neighbour` is a
    sure report that it is linked for being like, None where it needs none, and `unlike` is what
    speaks against it (in log-odds) because it is like none, 0.0 where that is not asked.
    """

    key: int
    sighting: Sighting
    score: float = -1.0
    linked: bool = False
    share: float = -1.0
    said: float | None = None
    again: bool = False
    neighbour: Neighbour | None = None
    unlike: float = 0.0


def take(judge: Judge, profile: Profile, new: Sequence[Case], pending: Sequence[Case]) -> None:
    """Learn from new cases what they show by themselves, then judge them and the pending ones.

    The cases are changed in place. What is linked stays so; `pending` cases were counted before.
    They have to be a little surer than new ones (`Weights.again`): judged with every batch, any of
    them would be linked by chance once. Those that stay pending are counted anew only beside new
    ones: a decision is undone exactly.
    """
    if new:
        profile.fade(max(case.sighting.day for case in new))
    _count_all(judge, judge.standing(profile), new)
    linked = judge.weights.linked
    rest = [(case, linked + judge.weights.again) for case in pending[-PENDING:]]
    rest += [(case, linked) for case in new if case.said is None]
    for _ in range(_TURNS):
        doubtful = [(case, least) for case, least in rest if not case.linked]
        if not _judge(judge, profile, doubtful, recount=bool(new)):
            break
    profile.prune()


def _judge(
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
    _count_all(judge, standing, [case for case, _ in cases] if recount else linked)
    return len(linked)


def _count_all(judge: Judge, standing: Standing, cases: Sequence[Case]) -> None:
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


def reconsider(judge: Judge, profile: Profile, cases: Sequence[Case]) -> None:
    """Judge cases again of which more is known now, and count those that become linked."""
    _judge(judge, profile, [(case, judge.weights.linked) for case in cases], recount=False)


def is_sure(case: Case) -> bool:
    """Tell whether a case is linked by what the query alone shows, or the user said of it."""
    return case.said is not None or (case.linked and case.share >= 1.0)


def may_join(judge: Judge, case: Case) -> bool:
    """Tell whether a case that is not linked would be if it were wholly like a sure report."""
    undecided = not case.linked and case.said is None and case.score > 0.0
    return undecided and judge.beside(case.score, 1.0) >= judge.weights.linked


def join(judge: Judge, profile: Profile, cases: Sequence[Case], neighbours: Neighbours) -> None:
    """Link those cases that are enough like a sure report of their days, and count them.

    The others stay as they are, so that nothing is doubtful for another report's sake.
    """
    joined = []
    for case in cases:
        if nearest := neighbours.nearest(case.sighting):
            score = judge.beside(case.score, nearest.likeness)
            if score >= judge.weights.linked:
                case.score, case.linked, case.neighbour = score, True, nearest
                joined.append(case)
    _count_all(judge, judge.standing(profile), joined)


def may_part(judge: Judge, case: Case) -> bool:
    """Tell whether a case is linked for its names and its days alone, and hardly so."""
    if not case.linked or case.neighbour or is_sure(case):
        return False
    weights = judge.weights
    if case.sighting.affair > weights.kin / 2:
        return False
    return case.score < chance_of(log_odds(weights.linked) + weights.unlike)


def part(judge: Judge, profile: Profile, cases: Sequence[Case], neighbours: Neighbours) -> None:
    """Let go of those cases that are like no sure report and are not probable enough without.

    They are counted anew: what goes on about the names besides speaks for no further report.
    """
    weights, parted = judge.weights, []
    for case in cases:
        likeness = neighbours.likeness(case.sighting, weights.unlike_under)
        against = weights.unlike * (1.0 - likeness / weights.unlike_under)
        score = chance_of(log_odds(case.score) - against)
        if score < weights.linked:
            case.score, case.linked, case.unlike = score, False, against
            parted.append(case)
    _count_all(judge, judge.standing(profile), parted)


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


def is_pending(judge: Judge, case: Case) -> bool:
    """Tell whether a case is doubtful: not linked, but worth another look."""
    return not case.linked and case.score >= judge.weights.maybe


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


def verdict(
    judge: Judge, profile: Profile, case: Case, standing: Standing | None = None
) -> Verdict:
    """Give a case's verdict with its reasons, as the profile is now; linked stays linked.

    One that was judged is what it was counted as, though the count may have moved its score over a
    threshold since, or it would be linked if it were new. `standing` is the profile's, where
    several cases are told of.
    """
    found = judge.verdict(case.sighting, profile, standing)
    if case.score < 0.0:
        return found
    if case.neighbour and found.status is not Status.LINKED:  # it may be by now
        found = _beside(judge, found, case.neighbour)
    if case.unlike and found.status is Status.LINKED:
        found = _unlike(judge, found, case.unlike)
    weights = judge.weights
    status, least, most = None, 0.0, weights.maybe - _JUST
    if case.linked:
        status, least, most = Status.LINKED, weights.linked, 1.0
    elif is_pending(judge, case):
        status, least, most = Status.MAYBE, weights.maybe, weights.linked - _JUST
    if found.status is status:
        return found
    score = min(most, max(least, found.score))
    surer = weights.linked + weights.again
    waits = status is Status.MAYBE and weights.linked <= found.score < surer
    why = "doubtful before" if waits else "when it was last counted"
    counted = Reason(why, "profile", "", "", score - found.score)
    return Verdict(score, status, (*found.reasons, counted))


def _beside(judge: Judge, found: Verdict, neighbour: Neighbour) -> Verdict:
    """Add to a verdict what it says that a sure report tells the same."""
    score = judge.beside(found.score, neighbour.likeness)
    status = Status.LINKED if score >= judge.weights.linked else found.status
    told = Reason("a report that belongs", "neighbour", neighbour.title, "", score - found.score)
    return Verdict(score, status, (*found.reasons, told))


def _unlike(judge: Judge, found: Verdict, against: float) -> Verdict:
    """Take from a verdict what it says that no sure report is like it."""
    score = chance_of(log_odds(found.score) - against)
    status = Status.LINKED if score >= judge.weights.linked else Status.MAYBE
    told = Reason("no report that belongs", "neighbour", "", "", score - found.score)
    return Verdict(score, status, (*found.reasons, told))


_JUST = 0.01
"""What a score is short of a threshold by that it is held below."""
