"""The main screen: what is read, copied, opened, exported and followed from it, and the help."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import SuspendNotSupported

from tracker.errors import TrackerError
from tracker.plain_text import plain
from tracker.tui import keys
from tracker.tui.dialogs.choices import Choice, Option, Typed
from tracker.tui.screen.polling import Polling
from tracker.tui.work import data
from tracker.tui.work.threads import in_thread
from tracker.views.text import FAINT, HEADING, MARK, WARNING, cut

if TYPE_CHECKING:
    from tracker.tui.dialogs.filtering import FilterLine

_LONGEST_LABEL = 60


class Main(Polling):
    """The screen that the program opens with."""

    # Reading

    def action_why(self) -> None:
        """Show or hide why the selected report belongs."""
        chosen, story = self.selected, self.story
        if chosen is None or story is None:
            self.say("Select a development first.", FAINT)
            return
        item = chosen.lead.link.item
        if self.why is not None and self.why[0] == item.id and self._reading_is_shown():
            self.why = None
            self.draw_reading()
            return

        async def explain() -> None:
            found = await self.with_database(lambda db: data.reasons(db, story, item))
            self.why = item.id, found
            if not self._reading_is_shown():
                self.go("reading")
            self.draw_reading()
            self.call_after_refresh(self.uncover_reasons)

        self.spawn("why", explain)

    def _reading_is_shown(self) -> bool:
        return self.rows_of("reading").display

    def action_reports(self) -> None:
        """Show all reports as rows, or each development as one."""
        self.unfolded = not self.unfolded
        self.draw_timeline()
        self.say(
            "Each report has a row." if self.unfolded else "Each development has a row.", FAINT
        )

    def action_doubtful(self) -> None:
        """Show the doubtful reports below the others, or hide them."""
        self.doubtful = not self.doubtful
        self.draw_timeline()
        self.say("The doubtful are below." if self.doubtful else "The doubtful are hidden.", FAINT)

    def action_order(self) -> None:
        """Turn the order round."""
        self.oldest_first = not self.oldest_first
        self.draw_timeline()
        self.say("Oldest first." if self.oldest_first else "Newest first.", FAINT)

    def action_browse(self) -> None:
        """Open the selected report in the browser."""
        chosen = self.selected
        if chosen is not None:
            self._browse(chosen.lead.link.item.url)

    def action_browse_other(self) -> None:
        """Choose one of the reports to open."""
        chosen = self.selected
        if chosen is None:
            return
        reports = (chosen.development.first, *chosen.development.others)
        options = [
            Option(
                r.link.item.url, Text(f"{plain(r.link.item.source)}: {plain(r.link.item.title)}")
            )
            for r in reports
            if r.link.item.url
        ]
        self.app.push_screen(Choice("Open a report", [("", options)]), self._browse)

    def _browse(self, url: str | None) -> None:
        if not url:
            return
        if not url.startswith(("http://", "https://")):
            self.say("That report has no web address to open.", WARNING)
            return
        self.spawn("browse", self._open_browser, url)

    async def _open_browser(self, url: str) -> None:
        try:
            browser = webbrowser.get()
        except webbrowser.Error:
            raise TrackerError("No browser was found; y copies the link.") from None
        if isinstance(browser, webbrowser.BackgroundBrowser):
            # It returns false also where the program has ended well already.
            await in_thread(lambda: browser.open(url))
        elif isinstance(browser, webbrowser.GenericBrowser):
            self._browse_here(browser, url)
        elif not await in_thread(lambda: browser.open(url)):
            raise TrackerError("The browser did not start; y copies the link.")
        self.say(f"Opened {plain(url)}", FAINT)

    def _browse_here(self, browser: webbrowser.BaseBrowser, url: str) -> None:
        """Leave the terminal to a browser that needs all of it, until that ends."""
        try:
            with self.app.suspend():
                browser.open(url)
        except SuspendNotSupported:
            raise TrackerError("The browser needs this terminal; y copies the link.") from None

    def action_copy(self) -> None:
        """Copy the selected text, else the link of the report."""
        text = self.get_selected_text()
        if not text and (chosen := self.selected) is not None:
            text = plain(chosen.lead.link.item.url)
        if not text:
            self.say("There is nothing to copy here.", FAINT)
            return
        self.app.copy_to_clipboard(text)
        self.say(f"Copied {cut(plain(text), _LONGEST_LABEL)}", FAINT)

    def action_filter(self) -> None:
        """Type words that the rows of the pane must have."""
        from tracker.tui.dialogs.filtering import FilterLine

        pane = "timeline" if self.pane == "reading" else self.pane
        if pane != self.pane:
            self.go(pane)
        self.mount(FilterLine(self.words[pane]), after="#status")

    def on_filter_line_filtered(self, event: FilterLine.Filtered) -> None:
        """Show only rows with the words that were typed."""
        self.words[self.pane] = event.words
        self.draw()
        if event.done:
            self.rows_of(self.pane).focus()

    # And the rest

    def action_export(self) -> None:
        """Ask for a file, and export the story to it."""
        story = self.story
        if story is None:
            self.say("Select a story first.", FAINT)
            return
        endings = ", ".join(f".{each}" for each in data.FORMATS)
        title = f"Export {plain(story.title)} to a file"
        hint = f"The ending tells the format: {endings}"
        self.app.push_screen(Typed(title, f"{story.slug}.html", hint), self._exported)

    def _exported(self, name: str | None) -> None:
        story, now, zone = self.story, self.now, self.setup.zone
        if name is None or story is None:
            return

        async def write() -> None:
            path = await self.with_database(lambda db: data.export(db, story, name, now, zone))
            self.say(f"Wrote {plain(str(path))}", MARK)

        self.spawn("export", write)

    def action_follow(self) -> None:
        """Follow a story, with a preview of what it would find."""
        from tracker.tui.dialogs.following import Following

        self.app.push_screen(Following(self.setup), self._followed)

    def _followed(self, story_id: int | None) -> None:
        if story_id is None:
            return

        async def show() -> None:
            await self.load_overview(in_order=True)
            self.open_story(story_id)

        self.spawn("overview", show)

    def action_help(self) -> None:
        """Show all that can be done here, and do what is chosen."""
        doable = keys.possible(
            story=self.story is not None,
            report=self.selected is not None and self.pane != "stories",
        )
        widest = max(len(key.shown) for key in keys.every())
        groups = [
            (group, [_option(key, widest) for key in found if key in doable])
            for group, found in keys.KEYS.items()
        ]
        self.app.push_screen(Choice("What can be done here", groups, typed=True), self._chosen)

    def _chosen(self, action: str | None) -> None:
        if action is not None:
            getattr(self, f"action_{action}")()

    def action_quit(self) -> None:
        """Leave at once."""
        self.left = True
        self.app.exit()


def _option(key: keys.Key, widest: int) -> Option:
    text = Text.assemble((f"{key.shown:<{widest}}  ", HEADING), key.words)
    if key.command:
        text.append(f"  {key.command}", FAINT)
    return Option(key.action, text)
