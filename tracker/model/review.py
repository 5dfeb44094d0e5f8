"""A review of a story: what its follower is asked, and how much of the story is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.model.core import Item, Status, Story


@dataclass(frozen=True, slots=True)
class Question:
    """An item of which nobody knows whether it belongs.

    `score` is in 0..1, linked from 0.5 on; `status` is None for an item without a link.
    """

    item: Item
    score: float
    status: Status | None


@dataclass(frozen=True, slots=True)
class Review:
    """What is asked of a story, the question first whose answer teaches most.

    `questions` is empty where little is left to learn, and may be truncated; `open` counts all.
    `linked` counts the linked and accepted reports. By what is known of the story there are
    `expected` reports of it, of which it has `found`; the true number is between `low` and `high`
    in four of five stories. `answers` counts what its follower has answered.
    """

    story: Story
    questions: tuple[Question, ...]
    open: int
    linked: int
    expected: int
    found: int
    low: int
    high: int
    answers: int
