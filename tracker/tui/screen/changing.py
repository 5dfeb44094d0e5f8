"""The actions that change something, each of which `z` takes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from tracker.errors import LockedError
from tracker.model.core import State, Status
from tracker.plain_text import plain
from tracker.tui.dialogs.choices import Choice, Option, Question
from tracker.tui.lists import shown
from tracker.tui.screen.loading import Loading
from tracker.tui.work import changes
from tracker.views.text import FAINT, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tracker.model.core import Story
    from tracker.store.database import Database

_MUTES = {
    "1": ("for a day", timedelta(days=1)),
    "3": ("for three days", timedelta(days=3)),
    "7": ("for a week", timedelta(days=7)),
    "14": ("for two weeks", timedelta(days=14)),
    "30": ("for 30 days", timedelta(days=30)),
    "0": ("until you end it", None),
}


class Changing(Loading):
    """Accept, reject, mark as seen, mute, close, and take back."""

    def action_accept(self) -> None:
        """Say that the selected reports belong to the story."""
        self._decide(Status.ACCEPTED)

    def action_reject(self) -> None:
        """Say that the selected reports do not belong to the story."""
        self._decide(Status.REJECTED)

    def _decide(self, status: Status) -> None:
        chosen, story, now = self.selected, self.story, self.now
        if chosen is None or story is None or self.pane == "stories":
            self.say("Select a development first; Enter opens the story.", FAINT)
            return
        chosen_links = [report.link for report in chosen.reports]
        self.spawn(
            "changes",
            self._change,
            lambda db: changes.decide(db, story, chosen_links, status, now),
            "You said so before.",
            chosen.lead.link.event if status is Status.ACCEPTED else None,
        )

    async def _change(
        self,
        job: Callable[[Database], changes.Change | None],
        nothing: str = "",
        select: Hashable | None = None,
    ) -> None:
        """Make a change in the order of the keys, keep it for `z`, and show what it did."""
        async with self.lane:
            change = await self.with_database(job)
            if change is None:
                self.say(nothing, FAINT)
                return
            self.undone.append(change)
            self.say(change.done, MARK)
            await self.reload(select)

    def action_undo(self) -> None:
        """Take the last change back."""
        self.spawn("changes", self._take_back)

    async def _take_back(self) -> None:
        async with self.lane:
            if not self.undone:
                self.say("Nothing is left to take back.", FAINT)
                return
            change, now = self.undone.pop(), self.now
            try:
                await self.with_database(lambda db: changes.take_back(db, change, now))
            except LockedError:
                self.undone.append(change)
                raise
            self.say(change.undone, MARK)
            if change.of_seen:
                self.walk.restart(change.story.id)
            await self.reload(change.event, fresh=change.of_seen)

    def action_seen(self) -> None:
        """Mark all of the story as seen."""
        story = self.story
        if story is None:
            self.say("Select a story first.", FAINT)
            return
        self.spawn("changes", self._all_seen, story)

    async def _all_seen(self, story: Story) -> None:
        async with self.lane:
            value = await self._read(story)
            if not await self.marked(story, value.arrival):
                self.say("All of it is seen already.", FAINT)
            if self.shown is not None and self.shown.value.story.id == story.id:
                self.apply(value)
                self.shown = shown.all_seen(self.shown)
                self.draw()

    def action_mute(self) -> None:
        """Ask how long to mute the story, or let a muted one speak again."""
        story, now = self.story, self.now
        if story is None:
            self.say("Select a story first.", FAINT)
        elif story.state is State.MUTED:
            self.spawn("changes", self._change, lambda db: changes.reopen(db, story, now))
        else:
            options = [Option(key, Text(words)) for key, (words, _) in _MUTES.items()]
            title = f"Mute {plain(story.title)}"
            self.app.push_screen(Choice(title, [("", options)]), self._mute_until)

    def _mute_until(self, chosen: str | None) -> None:
        story, now = self.story, self.now
        if chosen is None or story is None:
            return
        length = _MUTES[chosen][1]
        until = now + length if length else None
        self.spawn("changes", self._change, lambda db: changes.mute(db, story, until, now))

    def action_close(self) -> None:
        """Ask whether to close the story, or reopen a closed one."""
        story, now = self.story, self.now
        if story is None:
            self.say("Select a story first.", FAINT)
        elif story.state is State.CLOSED:
            self.spawn("changes", self._change, lambda db: changes.reopen(db, story, now))
        else:
            question = f"Close {plain(story.title)}? It takes up no more; what it has is kept."
            self.app.push_screen(Question(question), self._close_if)

    def _close_if(self, yes: bool | None) -> None:  # noqa: FBT001 - what a screen returns
        story, now = self.story, self.now
        if yes and story is not None:
            self.spawn("changes", self._change, lambda db: changes.close(db, story, now))
