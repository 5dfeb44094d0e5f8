"""Candidates: items that may belong to a story, and their verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.model.core import Reason, ReasonKind, ReasonPart, Status, Verdict
from tracker.stories.tracking.explanation import explain

if TYPE_CHECKING:
    from tracker.model.core import Item
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.first_contact import Contact
    from tracker.stories.scoring.scorer import Scorer
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.story_model import Judgement


LINK_THRESHOLD = 0.5
"""Score from which on an item is linked."""
MAYBE_THRESHOLD = 0.15
"""Score from which on an item is doubtful: it may be taken up as the story learns."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may belong to one story, as far as the query tells.

    `contact` is the outcome of first contact, None for an item that matches nothing of the query.
    `decided` is the user's answer, 1.0 or 0.0, None without one.
    """

    item_id: int
    features: Features
    contact: Contact | None = None
    decided: float | None = None


def status_of(score: float) -> Status | None:
    """Return the status of an item by its score, None for no link."""
    if score >= LINK_THRESHOLD:
        return Status.LINKED
    return Status.MAYBE if score >= MAYBE_THRESHOLD else None


def verdict(
    scorer: Scorer, analyzed: AnalyzedItem, candidate: Candidate, judgement: Judgement
) -> Verdict:
    """Return the verdict on a candidate with its reasons."""
    if excluded := candidate.features.excluded:
        return Verdict(0.0, None, (Reason(excluded, ReasonKind.NEGATED, excluded, "", 0.0),))
    shown = analyzed.text.learnable_terms.shown
    reasons = tuple(explain(scorer, candidate.features, candidate.contact, judgement, shown))
    return Verdict(judgement.score, status_of(judgement.score), reasons)


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """An analyzed item with its verdict for one story, and the outcome of first contact."""

    analyzed: AnalyzedItem
    verdict: Verdict
    contact: Contact | None

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.analyzed.item

    def linked(self) -> ScoredItem:
        """Return it as linked, with the least score of a link, for a reason that says so."""
        score = max(self.verdict.score, LINK_THRESHOLD)
        kept = Reason(ReasonPart.KEPT, ReasonKind.PROFILE, "", "", score - self.verdict.score)
        found = Verdict(score, Status.LINKED, (*self.verdict.reasons, kept))
        return replace(self, verdict=found)
