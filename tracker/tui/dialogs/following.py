"""Following a story, with a preview of what it would find while its words are typed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tracker.errors import LockedError, QueryError, TrackerError
from tracker.plain_text import plain
from tracker.store.database import opened
from tracker.tui.lists.rows import RowList
from tracker.tui.lists.timeline import Line
from tracker.tui.work import data
from tracker.tui.work.threads import PATIENCE_IN_SECONDS, in_thread
from tracker.views import follow as view
from tracker.views.text import FAINT, HEADING, MARK, WARNING, fitted, wrap
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from tracker.model.preview import Preview
    from tracker.store.database import Database
    from tracker.tui.work.data import Setup

T = TypeVar("T")
PREVIEW_DAYS = 90
_PAUSE_IN_SECONDS = 0.3
_SHOWN = 50
ASK = "Type a few words: names, and what kind of affair it is; or an article's address."


class Following(ModalScreen[int | None]):
    """Asks for a query; returns the id of the story that was begun, None if none was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel"),
        Binding("down", "scroll(1)"),
        Binding("up", "scroll(-1)"),
        Binding("pagedown", "scroll(10)"),
        Binding("pageup", "scroll(-10)"),
    ]

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._setup = setup
        self._wanted = ""
        self._previewed: str | None = None
        self._busy = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        with Vertical(classes="full"):
            yield Static(Text("Follow a story", HEADING), markup=False)
            yield Input(placeholder="TikTok acquisition", id="typed", compact=True)
            yield RowList(id="preview")
            yield Static(Text("Enter follows, ↓ ↑ scroll, Esc goes back", FAINT), markup=False)

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(Input).focus()
        self.call_after_refresh(self._say, ASK)

    def action_cancel(self) -> None:
        """Follow nothing."""
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll the preview."""
        self.query_one("#preview", RowList).move(by)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Preview once the typing pauses."""
        self._wanted = event.value.strip()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_IN_SECONDS, self._begin_preview)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Follow the story; of an address take the words first."""
        words = event.value.strip()
        if not words:
            self._say(ASK)
        elif is_article(words):
            self._say("Reading the article…")
            self._spawn(self._take_words, words)
        else:
            self._say(f"Following “{plain(words)}”…")
            self._spawn(self._follow, words)

    def _spawn(self, job: Callable[[str], Coroutine[Any, Any, None]], words: str) -> None:
        self.run_worker(partial(job, words), exit_on_error=False)  # type: ignore[arg-type]  # a job

    # One preview at a time: a thread cannot be ended, and many would only share one processor.
    def _begin_preview(self) -> None:
        if self._busy or self._wanted == self._previewed:
            return
        if not self._wanted or is_article(self._wanted):
            self._previewed = self._wanted
            self._say("Enter reads the article and shows its words." if self._wanted else ASK)
            return
        self._busy = True
        self._spawn(self._preview, self._wanted)

    async def _preview(self, words: str) -> None:
        now = self._setup.clock()
        since = now - timedelta(days=PREVIEW_DAYS)
        try:
            found = await self._with_database(lambda db: data.preview(db, words, now, since))
        except TrackerError as error:
            self._complain(error)
        else:
            self._show(found)
        finally:
            self._previewed, self._busy = words, False
        if self._wanted != words:
            self._begin_preview()

    async def _take_words(self, address: str) -> None:
        try:
            words = await self._with_database(lambda db: data.words_of_article(db, address))
        except TrackerError as error:
            self._complain(error)
        else:
            self.query_one(Input).value = words

    async def _follow(self, words: str) -> None:
        now = self._setup.clock()
        try:
            story = await self._with_database(lambda db: data.begin(db, words, now))
        except TrackerError as error:
            self._complain(error)
        else:
            self.dismiss(story.id)

    async def _with_database(self, job: Callable[[Database], T]) -> T:
        def run() -> T:
            with opened(self._setup.db_path, timeout=PATIENCE_IN_SECONDS) as db:
                return job(db)

        while True:
            try:
                return await in_thread(run)
            except LockedError:
                self._say("Another process holds the database; it is tried again.")

    # What is shown

    def _say(self, sentence: str, style: str = FAINT) -> None:
        rows = self.query_one("#preview", RowList)
        room = max(rows.scrollable_content_region.width, 10)
        rows.show([Line(Text(row, style)) for row in wrap(sentence, room)])

    def _complain(self, error: TrackerError) -> None:
        told = error.problem if isinstance(error, QueryError) else str(error)
        self._say(plain(told), WARNING)

    def _show(self, found: Preview) -> None:
        rows = self.query_one("#preview", RowList)
        width = max(rows.scrollable_content_region.width, 20)
        zone, now = self._setup.zone, self._setup.clock()
        texts = view.parts(found.parts, width)
        if found.left_out:
            texts.append(Text(f"  Not looked for: {', '.join(map(plain, found.left_out))}", FAINT))
        texts += [Text(), _sum(found)]
        sure, unsure = found.linked[:_SHOWN], found.maybe[:_SHOWN]
        for title, shown in (("Linked", sure), ("Doubtful", unsure)):
            if shown:
                texts += [Text(), Text(title, HEADING)]
                texts += view.finding_rows(shown, (*sure, *unsure), now=now, zone=zone, width=width)
        lines = [
            line for text in texts for line in fitted(text, width).split("\n", allow_blank=True)
        ]
        rows.show([Line(line) for line in lines])


def _sum(found: Preview) -> Text:
    words = f"The last {PREVIEW_DAYS} days: {count(found.linked_count, 'report')}"
    if found.linked_count:
        words += f", {count(found.events, 'development')}"
    words += f"; {found.maybe_count:,} doubtful" if found.maybe_count else ""
    words += ". Enter takes up older ones, too."
    return Text(words, MARK if found.linked_count else WARNING)


def is_article(words: str) -> bool:
    """Tell whether what was typed is an address instead of words."""
    from tracker.stories.query.syntax import is_address

    return is_address(words)
