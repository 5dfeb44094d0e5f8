"""Reading the database in threads, and noticing what another process has written."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from tracker.errors import LockedError, NotFoundError, TrackerError
from tracker.plain_text import plain
from tracker.store.database import opened
from tracker.tui.lists import shown, stories
from tracker.tui.screen.panes import Panes
from tracker.tui.work import changes, data
from tracker.tui.work.threads import PATIENCE_IN_SECONDS, Watch, in_thread
from tracker.views.text import FAINT, MARK, WARNING
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable
    from typing import Any

    from tracker.model.core import Story, Timeline
    from tracker.store.database import Database
    from tracker.tui.lists.rows import RowList
    from tracker.tui.work.data import Setup

T = TypeVar("T")
P = ParamSpec("P")
LATEST_ONLY = frozenset({"timeline", "look", "why"})
_PREVIEW_AFTER_IN_SECONDS = 0.08
_RETRY_IN_SECONDS = 0.5
FIRST_NEW = "first new"


class Loading(Panes):
    """Fills the panes; every read and write runs in a thread with its own connection."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.bugs: list[Exception] = []
        self.undone: list[changes.Change] = []
        self.lane = asyncio.Lock()
        self._watch: Watch | None = None

    def on_mount(self) -> None:
        """Read the list of stories, and watch for what other processes write."""
        self.lay_out()
        self.spawn("overview", self._first)
        loop = asyncio.get_running_loop()

        def changed() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._changed_elsewhere)

        self._watch = Watch(self.setup.db_path, changed)
        self._watch.start()

    def on_unmount(self) -> None:
        """End watching."""
        if self._watch is not None:
            self._watch.stop()

    # Jobs

    def spawn(
        self,
        group: str,
        job: Callable[P, Coroutine[Any, Any, None]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run a job beside the screen; what goes wrong is a sentence in the status line.

        Of the groups in LATEST_ONLY a new job ends the one before.
        """
        # Made when it starts: one that is ended before that would be a coroutine never awaited.
        self.run_worker(
            partial(self._guarded, partial(job, *args, **kwargs)),  # type: ignore[arg-type]  # a job
            group=group,
            exclusive=group in LATEST_ONLY,
            exit_on_error=False,
        )

    async def _guarded(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await job()
        except TrackerError as error:
            self.say(plain(str(error)), WARNING)
        except Exception as error:  # noqa: BLE001 - kept, and raised with its trace at the end
            self.bugs.append(error)
            name = type(error).__name__
            self.say(f"That failed by a mistake of tracker's ({name}); q shows its trace.", WARNING)

    async def with_database(self, job: Callable[[Database], T]) -> T:
        """Return what a job makes of the database, in a thread; a locked one is tried again."""

        def run() -> T:
            with opened(self.setup.db_path, timeout=PATIENCE_IN_SECONDS) as db:
                return job(db)

        while True:
            try:
                return await in_thread(run)
            except LockedError:
                self.say("Another process holds the database; it is tried again.", WARNING)
                await asyncio.sleep(_RETRY_IN_SECONDS)

    # The list of stories

    async def _first(self) -> None:
        await self.load_overview()
        if self.setup.story is None:
            return
        for summary in self.summaries:
            if summary.story.slug == self.setup.story:
                self.open_story(summary.story.id)

    async def load_overview(self, *, in_order: bool = False) -> None:
        """Read the list; `in_order` puts it in its own order, else stories stay in their place."""
        now, zone = self.now, self.setup.zone
        self.overview = await self.with_database(lambda db: data.overview(db, now, zone))
        before = {each.story.id: each.unread for each in self.summaries}
        found = self.overview.stories
        for each in found:
            if each.unread > before.get(each.story.id, 0) and each.story.id != self.story_id:
                self.walk.restart(each.story.id)
        self.summaries = (
            list(found) if in_order or not before else stories.in_order(found, list(before))
        )
        self.loaded = True
        self.draw_stories()
        self.draw_lines()
        if self.story_id is None and self.mode != "narrow":
            self._preview_selected()

    def on_resize(self) -> None:
        """Show the selected story where there is room by now."""
        if self.loaded and self.pane == "stories":
            self._preview_selected()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Show what the cursor stands on."""
        if event.rows.id == "stories":
            self._preview_selected()
        elif event.rows.id == "timeline":
            self._note_visit()
            self.draw_reading()
        self.draw_lines()

    def _note_visit(self) -> None:
        chosen = self.selected
        if self.is_open and self.shown and chosen and chosen.development.new:
            event = chosen.lead.link.event
            if event in self.shown.new:
                self.walk.visit(self.shown.value.story.id, event)

    def _preview_selected(self) -> None:
        """Show the timeline of the selected story where there is room; nothing counts as seen."""
        story_id = self.rows_of("stories").cursor
        if isinstance(story_id, int) and self.mode != "narrow" and story_id != self.story_id:
            self.leave()
            self.spawn("timeline", self._preview, story_id)

    async def _preview(self, story_id: int) -> None:
        await asyncio.sleep(_PREVIEW_AFTER_IN_SECONDS)
        await self._load(story_id, None)

    # A story's timeline

    def open_story(
        self, story_id: int, select: Hashable | None = None, *, seen: bool = True
    ) -> None:
        """Open a story; `select` is the row, or FIRST_NEW; `seen` marks the one that is left."""
        if self.is_open and story_id != self.story_id:
            self.leave(seen=seen)
        if self.pane == "stories":
            self.go("timeline")
        self.spawn("timeline", self._open, story_id, select)

    async def _open(self, story_id: int, select: Hashable | None) -> None:
        if self.shown is None or self.story_id != story_id:
            await self._load(story_id, select)
        self.is_open = True
        if select == FIRST_NEW:
            self.step(from_top=True)
        elif select is not None:
            self.rows_of("timeline").select(select)
        self._note_visit()
        self.draw_lines()

    def step(self, *, from_top: bool = False) -> None:
        """Go to the next new development; the subclass knows how."""

    async def _load(self, story_id: int, select: Hashable | None) -> None:
        summary = self.summary(story_id)
        if summary is None:
            return
        self.story_id, self.shown, self.pending, self.coming = story_id, None, None, 0
        self.why = None
        self.is_loading(begun=True)
        self.draw_reading()
        try:
            value = await self._read(summary.story)
        except BaseException:
            # Where another one was asked for meanwhile, that one is shown.
            self.story_id = None if self.story_id == story_id else self.story_id
            raise
        finally:
            self.is_loading(begun=False)
        self.shown = shown.shown(value)
        rows = self.rows_of("timeline")
        rows.show([])
        self.draw_timeline(None if select == FIRST_NEW else select)
        self.draw_stories()
        self.draw_reading()
        self.draw_lines()

    async def _read(self, story: Story) -> Timeline:
        now, zone = self.now, self.setup.zone
        return await self.with_database(lambda db: data.timeline(db, story, now, zone))

    def leave(self, *, seen: bool = True) -> None:
        """Leave the story that is open; what was there when it was opened counts as seen."""
        left, self.is_open = self.shown if self.is_open else None, False
        if left is None:
            return
        self.shown = self.story_id = self.pending = None
        self.coming = 0
        if seen:
            self.spawn("changes", self.mark_seen, left.value.story, left.arrival)

    async def mark_seen(self, story: Story, arrival: int, said: str = "") -> None:
        """Mark a story as seen, once the changes before are made; `said` is shown then."""
        async with self.lane:
            if not await self.marked(story, arrival):
                await self.load_overview()
            if said:
                self.say(said, MARK)

    async def marked(self, story: Story, arrival: int) -> bool:
        """Mark a story as seen; return whether something was new. To be called in the lane."""
        self.walk.finish(story.id)
        before = self.summary(story.id)
        now = self.now
        change = await self.with_database(lambda db: changes.mark_seen(db, story, arrival, now))
        if change is None or before is None or not before.unread:
            return False
        self.undone.append(change)
        what = count(before.unread, "new development")
        self.say(f"{plain(story.title)}: {what} seen; z takes that back.", FAINT)
        await self.load_overview()
        return True

    async def reload(self, select: Hashable | None = None, *, fresh: bool = False) -> None:
        """Read the shown story and the list again after a change of the user's.

        `fresh` forgets which marks and which line were shown before.
        """
        await self.load_overview()
        if self.shown is None:
            return
        try:
            value = await self._read(self.shown.value.story)
        except NotFoundError:
            self._gone()
            raise
        if fresh:
            self.shown = shown.shown(value)
        self.apply(value, select)

    def apply(self, value: Timeline, select: Hashable | None = None) -> None:
        """Show a timeline that was read again; marks, line and cursor stay."""
        if self.shown is None or value.story.id != self.shown.value.story.id:
            return
        events = shown.arrived(value, self.shown)
        self.walk.renew(value.story.id, events)
        self.shown = shown.shown_again(value, self.shown)
        self.pending, self.coming = None, 0
        self.draw_timeline(select)
        self.draw_reading()
        self.draw_lines()

    def _gone(self) -> None:
        self.shown = self.story_id = None
        self.is_open = False
        self.go("stories")

    # What other processes write

    def _changed_elsewhere(self) -> None:
        self.spawn("look", self._look_again)

    async def _look_again(self) -> None:
        async with self.lane:
            await self.load_overview()
            if self.shown is None:
                return
            if self.summary(self.story_id) is None:
                self._gone()
                self.say("The story was removed elsewhere.", WARNING)
                return
            value = await self._read(self.shown.value.story)
            if self.shown is None or self.shown.value.story.id != value.story.id:
                return
            events = shown.arrived(value, self.shown)
            if self.is_open and events:
                # The rows stay as they are until the reader asks for the news.
                self.pending, self.coming = value, len(events)
                self.draw_lines()
            else:
                self.apply(value)
