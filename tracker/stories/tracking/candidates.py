"""Candidates of a story: their status, their verdict, and what was judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Reason, Status, Verdict
from tracker.stories.scoring.statistics import chance_of, log_odds

if TYPE_CHECKING:
    from tracker.model import Item
    from tracker.stories.scoring.estimates import Standing
    from tracker.stories.scoring.features import Sighting
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Judge
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.neighbours import Neighbour


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


def is_sure(case: Case) -> bool:
    """Tell whether a case is linked by what the query alone shows, or the user said of it."""
    return case.said is not None or (case.linked and case.share >= 1.0)


def is_pending(judge: Judge, case: Case) -> bool:
    """Tell whether a case is doubtful: not linked, but worth another look."""
    return not case.linked and case.score >= judge.weights.maybe


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


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that was read for a story, and what the story thinks of it.

    `share` and `likeness` are as in `model.Link`.
    """

    reading: AnalyzedItem
    verdict: Verdict
    share: float
    likeness: float | None = None

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.reading.item
