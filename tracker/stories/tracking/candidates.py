"""Candidates: items that may belong to a story, with their status and verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model.core import Reason, ReasonKind, ReasonPart, Status, Verdict

if TYPE_CHECKING:
    from tracker.model.core import Item
    from tracker.stories.scoring.estimates import ProfileEstimates
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.neighbours import Neighbour


@dataclass(slots=True)
class Candidate:
    """An item that may belong to one story; mutable, as learning changes its status.

    `score` (0..1) is -1.0 before it is scored. `share` (0..1) is how much of the item the profile
    counts as on the story, -1.0 if it is not counted; it is stored with the link. `decided` is the
    share by the user's decision, 1.0 or 0.0, None without one: such a candidate is counted, not
    scored. `counted_before` is set for an item that was counted as no link before its text changed.
    `neighbour` is the certain item that it was linked for, None without one.
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
    """Return whether a candidate's status is certain.

    It is if the query match alone links it, or the user has decided.
    """
    return candidate.decided is not None or (candidate.linked and candidate.share >= 1.0)


def is_uncertain(scorer: Scorer, candidate: Candidate) -> bool:
    """Return whether a candidate is a `maybe`: not linked, but above the lower threshold."""
    return not candidate.linked and candidate.score >= scorer.weights.maybe_threshold


def verdict(
    scorer: Scorer,
    profile: Profile,
    candidate: Candidate,
    estimates: ProfileEstimates | None = None,
) -> Verdict:
    """Return the verdict of a candidate with its reasons, by the current profile.

    A scored candidate keeps its status: learning may have moved its score across a threshold since,
    and a `maybe` item needs a higher score than a new one. The score is then moved to the near side
    of the threshold, and a reason has the difference. `estimates` are those of the profile, to
    share among candidates.
    """
    found = scorer.verdict(candidate.features, profile, estimates)
    if candidate.score < 0.0:
        return found
    # Learning may have raised the score so that the neighbour is not needed any more.
    if candidate.neighbour and found.status is not Status.LINKED:
        found = _with_neighbour(scorer, found, candidate.neighbour)
    weights = scorer.weights
    status, lowest, highest = None, 0.0, weights.maybe_threshold - _MARGIN
    if candidate.linked:
        status, lowest, highest = Status.LINKED, weights.link_threshold, 1.0
    elif is_uncertain(scorer, candidate):
        status, lowest, highest = (
            Status.MAYBE,
            weights.maybe_threshold,
            weights.link_threshold - _MARGIN,
        )
    if found.status is status:
        return found
    score = min(highest, max(lowest, found.score))
    promotion_threshold = weights.link_threshold + weights.hysteresis
    is_held_back = (
        status is Status.MAYBE and weights.link_threshold <= found.score < promotion_threshold
    )
    part = ReasonPart.HELD_BACK if is_held_back else ReasonPart.LAST_COUNT
    adjustment = Reason(part, ReasonKind.PROFILE, "", "", score - found.score)
    return Verdict(score, status, (*found.reasons, adjustment))


def _with_neighbour(scorer: Scorer, found: Verdict, neighbour: Neighbour) -> Verdict:
    """Return a verdict raised by the similarity to a certain item."""
    score = scorer.score_with_neighbour(found.score, neighbour.similarity)
    status = Status.LINKED if score >= scorer.weights.link_threshold else found.status
    similarity_reason = Reason(
        ReasonPart.NEIGHBOUR, ReasonKind.NEIGHBOUR, neighbour.title, "", score - found.score
    )
    return Verdict(score, status, (*found.reasons, similarity_reason))


_MARGIN = 0.01
"""Distance below a threshold at which a score is held."""


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """An analyzed item with its verdict for one story.

    `share` and `similarity` are as `Link.share` and `Link.likeness`.
    """

    analyzed: AnalyzedItem
    verdict: Verdict
    share: float
    similarity: float | None = None

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.analyzed.item
