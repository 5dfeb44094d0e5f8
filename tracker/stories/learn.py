"""Judging and learning in turns: each batch of items is judged, learned from, and judged again.

The same turns serve a poll (one batch) and a backfill (the stored items in batches by time), so that
a story followed late links what it would have linked from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.match import Judge, Sighting
    from tracker.stories.profile import Profile

BATCHES = 24
"""In how many batches a backfill is taken."""
_TURNS = 3
PENDING = 400
"""How many of a story's latest doubtful items are judged again with each batch."""


@dataclass(slots=True)
class Case:
    """An item before one story: `linked` once it is; what was counted of it is `share`."""

    key: int
    sighting: Sighting
    score: float = -1.0
    linked: bool = False
    share: float = -1.0


def take(judge: Judge, profile: Profile, new: Sequence[Case], pending: Sequence[Case]) -> None:
    """Learn from new cases what they show by themselves, then judge them and the pending ones.

    The cases are changed in place. What is linked stays so; `pending` cases were counted before.
    """
    if new:
        profile.fade(max(case.sighting.day for case in new))
    shares = judge.name_weights(profile)
    for case in new:
        _count(profile, case, judge.share(case.sighting, shares, linked=False))
    rest = [*pending[-PENDING:], *new]
    for _ in range(_TURNS):
        if not _judge(judge, profile, [case for case in rest if not case.linked]):
            break
    profile.prune()


def _judge(judge: Judge, profile: Profile, cases: Sequence[Case]) -> int:
    """Judge cases with the profile as it is, then count them; gives how many became linked."""
    shares = judge.name_weights(profile)
    for case in cases:
        case.score = judge.score(case.sighting, profile, shares)
    linked = [case for case in cases if case.score >= judge.weights.linked]
    for case in linked:
        case.linked = True
        _count(profile, case, judge.share(case.sighting, shares, linked=True))
    return len(linked)


def _count(profile: Profile, case: Case, share: float) -> None:
    if case.share == share:
        return
    sighting = case.sighting
    terms, shown = sighting.evidence.terms, sighting.evidence.shown
    if case.share >= 0.0:
        profile.count(terms, sighting.pattern, sighting.day, case.share, sign=-1.0)
    profile.count(terms, sighting.pattern, sighting.day, share, shown=shown)
    case.share = share


def backfill(judge: Judge, profile: Profile, cases: Sequence[Case]) -> None:
    """Take stored items, in the order of their dates, as polls would have brought them."""
    size = max(1, -(-len(cases) // BATCHES))
    pending: list[Case] = []
    for start in range(0, len(cases), size):
        batch = cases[start : start + size]
        take(judge, profile, batch, pending)
        pending = [case for case in (*pending, *batch) if is_pending(judge, case)]


def is_pending(judge: Judge, case: Case) -> bool:
    """Tell whether a case is doubtful: not linked, but worth another look."""
    return not case.linked and case.score >= judge.weights.maybe


def correct(profile: Profile, judge: Judge, case: Case, status: Status | None) -> None:
    """Learn what the user said of an item: accepted counts twice for it, rejected twice against.

    With None a correction is taken back; `case.share` has to be what was counted before.
    """
    share = judge.share(case.sighting, judge.name_weights(profile), linked=case.linked)
    _count(profile, case, {Status.ACCEPTED: 1.0, Status.REJECTED: 0.0}.get(status, share))  # type: ignore[arg-type]


def verdict(judge: Judge, profile: Profile, case: Case) -> Verdict:
    """Give a case's verdict with its reasons, as the profile is now; linked stays linked."""
    found = judge.verdict(case.sighting, profile)
    if case.linked and found.status is not Status.LINKED:
        return Verdict(max(found.score, judge.weights.linked), Status.LINKED, found.reasons)
    return found
