"""A review: questions one after the other, until little is left to learn or the user has enough."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from tracker.model.core import Status
from tracker.tui.dialogs.asking import Asking
from tracker.tui.screen.changing import Changing
from tracker.tui.work import changes
from tracker.views.review import found_of, nothing_to_undo
from tracker.views.text import FAINT, MARK

if TYPE_CHECKING:
    from tracker.model.core import Story
    from tracker.model.review import Review
    from tracker.services.event_grouping import AnalysisCache

_STATUS = {"y": Status.ACCEPTED, "n": Status.REJECTED}


@dataclass(frozen=True, slots=True)
class _Round:
    """A review under way: its own changes, and what the last of them did."""

    story: Story
    cache: AnalysisCache
    made: tuple[changes.Change, ...] = ()
    said: str = ""


class Reviewing(Changing):
    """Asks about the reports whose answer teaches a story most."""

    def action_review(self) -> None:
        """Begin a review of the story."""
        from tracker.services.event_grouping import AnalysisCache

        if self.story is None:
            self.say("Select a story first.", FAINT)
        else:
            self.spawn("changes", self._ask, _Round(self.story, AnalysisCache()))

    async def _ask(self, review: _Round) -> None:
        """Ask the next question, or end the review where there is none."""
        from tracker.services.review import review as find

        found = await self.with_database(lambda db: find(db, review.story, cache=review.cache))
        if not found.questions:
            self._end(found)
        else:
            asking = Asking(found, review.said, self.now, self.setup.zone)
            self.app.push_screen(asking, partial(self._answered, review, found))

    def _answered(self, review: _Round, found: Review, key: str | None) -> None:
        if key in {None, "q"}:
            self._end(found)
        else:
            self.spawn("changes", self._keep, review, found, str(key))

    def _end(self, found: Review) -> None:
        left = "" if found.questions else " Little is left to learn from answers for now."
        self.say(f"{found_of(found)}{left}", MARK)

    async def _keep(self, review: _Round, found: Review, key: str) -> None:
        """Keep an answer or take the last one back, and ask on."""
        async with self.lane:
            if key == "u":
                review = await self._without_last(review)
            else:
                review = await self._with_answer(review, found, key)
            await self.reload(None)
        await self._ask(review)

    async def _with_answer(self, review: _Round, found: Review, key: str) -> _Round:
        story, item, now = found.story, found.questions[0].item, self.now
        change = await self.with_database(
            lambda db: (
                changes.skip(db, story, item, now)
                if key == "s"
                else changes.answer(db, story, item, _STATUS[key], now)
            )
        )
        if change is None:
            return replace(review, said="You said so before.")
        self.undone.append(change)
        return replace(review, made=(*review.made, change), said=change.done)

    async def _without_last(self, review: _Round) -> _Round:
        if not review.made or not self.undone or self.undone[-1] is not review.made[-1]:
            return replace(review, said=nothing_to_undo().plain)
        change, now = review.made[-1], self.now
        await self.with_database(lambda db: changes.take_back(db, change, now))
        self.undone.pop()
        return replace(review, made=review.made[:-1], said=change.undone)
