"""Which new development comes next: each of them once, over all stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence


class Step(NamedTuple):
    """A development of a story that was stepped on."""

    story_id: int
    event: int


class Walk:
    """Remembers on which new developments the reader has been, and in which order."""

    def __init__(self) -> None:
        self._been: set[Step] = set()
        self._trail: list[Step] = []
        self._at = -1
        self._walked: set[int] = set()

    def visit(self, story_id: int, event: int) -> None:
        """Note that the cursor stands on a new development."""
        step = Step(story_id, event)
        if step not in self._been:
            self._been.add(step)
            self._trail.append(step)
            self._at = len(self._trail) - 1
        elif step in self._trail and self._trail[self._at] != step:
            self._at = self._trail.index(step)

    def renew(self, story_id: int, events: Collection[int]) -> None:
        """Walk developments again that have reports which were not there before."""
        self._been -= {Step(story_id, event) for event in events}
        behind = [step for step in self._trail[: self._at + 1] if step in self._been]
        self._trail = behind + [step for step in self._trail[self._at + 1 :] if step in self._been]
        self._at = len(behind) - 1
        if events:
            self._walked.discard(story_id)

    def restart(self, story_id: int) -> None:
        """Walk all that is new in a story once more."""
        self.renew(story_id, [step.event for step in self._been if step.story_id == story_id])
        self._walked.discard(story_id)

    def finish(self, story_id: int) -> None:
        """Note that a story was walked to its end or marked as seen."""
        self._walked.add(story_id)

    def is_finished(self, story_id: int) -> bool:
        """Tell whether a story was walked to its end."""
        return story_id in self._walked

    def following(
        self,
        story_id: int,
        order: Sequence[Hashable],
        new: Collection[int],
        cursor: Hashable | None,
    ) -> int | None:
        """Return the next new development of the story, None where there is no other.

        `order` are the keys of all rows as they are shown, `cursor` is that of the selected row.
        Those above the cursor come last.
        """
        left = [
            key
            for key in order
            if isinstance(key, int) and key in new and Step(story_id, key) not in self._been
        ]
        if not left:
            return None
        here = order.index(cursor) if cursor in order else -1
        return next((key for key in left if order.index(key) > here), left[0])

    def next_story(self, unread: Sequence[int], current: int | None) -> int | None:
        """Return the first story (ids) with something new that was not walked yet, or None."""
        return next((each for each in unread if each != current and each not in self._walked), None)

    def ahead(self) -> Step | None:
        """Go one step on where steps were gone back, None at the end of the trail."""
        if self._at + 1 >= len(self._trail):
            return None
        self._at += 1
        return self._trail[self._at]

    def back(self) -> Step | None:
        """Go one step back, None at the beginning of the trail."""
        if self._at <= 0:
            return None
        self._at -= 1
        return self._trail[self._at]
