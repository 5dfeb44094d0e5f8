"""Corrections: what a decision of the user, or taking it back, changed in a story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.model.core import Item, Status, Story


@dataclass(frozen=True, slots=True)
class Move:
    """A link whose status a correction changed besides that of its item; None for no link."""

    item_id: int
    was: Status | None
    now: Status | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision that was made or taken back, and what it changed.

    `was` and `now` are the statuses of `item` before and after it, None for no link. `copies` are
    the other items of its article. `moves` are all other links that changed. `skipped` is whether
    it was about asking no more of the item, which leaves its status as it is.
    """

    story: Story
    item: Item
    was: Status | None
    now: Status | None
    copies: tuple[Item, ...] = ()
    moves: tuple[Move, ...] = ()
    skipped: bool = False

    @property
    def changes(self) -> bool:
        """Whether it changed anything: not if the item had been decided so before."""
        return self.skipped or self.was is not self.now
