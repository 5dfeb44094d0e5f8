"""Candidates of a story: their status, their verdict, and what was judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Reason, Status, Verdict

if TYPE_CHECKING:
    from tracker.model import Item
    from tracker.stories.scoring.estimates import ProfileEstimates
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.neighbours import Neighbour


@dataclass(slots=True)
class Candidate:
    """An item before one story: `linked` once it is.

    `share` is how the profile counts it: -1 not at all, 1 as on the story, 0 as off it, and
    between them as its score says. It is to be kept with the link. `said` is the share that the
    user's word gives it, 1 or 0, None without that: such a case is counted, and not judged. `again`
    is set for one that was no link when it was counted, before its words changed. `neighbour` is a
    sure report that it is linked for being like, None where it needs none.
    """

    item_id: int
    features: Features
    score: float = -1.0
    linked: bool = False
    share: float = -1.0
    decided: float | None = None
    counted_before: bool = False
    neighbour: Neighbour | None = None


def is_certain(candidate: Candidate) -> bool:
    """Tell whether a case is linked by what the query alone shows, or the user said of it."""
    return candidate.decided is not None or (candidate.linked and candidate.share >= 1.0)


def is_uncertain(scorer: Scorer, candidate: Candidate) -> bool:
    """Tell whether a case is doubtful: not linked, but worth another look."""
    return not candidate.linked and candidate.score >= scorer.weights.maybe


def verdict(
    scorer: Scorer,
    profile: Profile,
    candidate: Candidate,
    estimates: ProfileEstimates | None = None,
) -> Verdict:
    """Give a case's verdict with its reasons, as the profile is now; linked stays linked.

    One that was judged is what it was counted as, though the count may have moved its score over a
    threshold since, or it would be linked if it were new. `standing` is the profile's, where
    several cases are told of.
    """
    found = scorer.verdict(candidate.features, profile, estimates)
    if candidate.score < 0.0:
        return found
    if candidate.neighbour and found.status is not Status.LINKED:  # it may be by now
        found = _with_neighbour(scorer, found, candidate.neighbour)
    weights = scorer.weights
    status, least, most = None, 0.0, weights.maybe - _JUST
    if candidate.linked:
        status, least, most = Status.LINKED, weights.linked, 1.0
    elif is_uncertain(scorer, candidate):
        status, least, most = Status.MAYBE, weights.maybe, weights.linked - _JUST
    if found.status is status:
        return found
    score = min(most, max(least, found.score))
    surer = weights.linked + weights.again
    waits = status is Status.MAYBE and weights.linked <= found.score < surer
    why = "doubtful before" if waits else "when it was last counted"
    counted = Reason(why, "profile", "", "", score - found.score)
    return Verdict(score, status, (*found.reasons, counted))


def _with_neighbour(scorer: Scorer, found: Verdict, neighbour: Neighbour) -> Verdict:
    """Add to a verdict what it says that a sure report tells the same."""
    score = scorer.score_beside(found.score, neighbour.similarity)
    status = Status.LINKED if score >= scorer.weights.linked else found.status
    told = Reason("a report that belongs", "neighbour", neighbour.title, "", score - found.score)
    return Verdict(score, status, (*found.reasons, told))


_JUST = 0.01
"""What a score is short of a threshold by that it is held below."""


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """An item that was read for a story, and what the story thinks of it.

    `share` and `likeness` are as in `model.Link`.
    """

    analyzed: AnalyzedItem
    verdict: Verdict
    share: float
    similarity: float | None = None

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.analyzed.item
