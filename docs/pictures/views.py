"""Draw the pictures of the timeline, the dashboard and the page anew from the demo.

    python docs/pictures/views.py

Writes SVG and PNG, light and dark, beside itself. A test compares the text in them with what the
demo shows. The page needs Chromium and the extra `dev`.
"""

from __future__ import annotations

import io
import re
import shutil
import struct
import sys
import tempfile
import zlib
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME

from tracker.cli.commands import export
from tracker.cli.commands.demo import live_through, stage
from tracker.cli.commands.stories import first_page
from tracker.cli.invocation.context import Session
from tracker.demo.archive import MOMENTS
from tracker.services import follow
from tracker.store.database import opened
from tracker.store.following import stories, timelines
from tracker.views.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from tracker.model.core import Story
    from tracker.store.database import Database

FOLDER = Path(__file__).parent
THEMES = {"light": DEFAULT_TERMINAL_THEME, "dark": SVG_EXPORT_THEME}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTH = 100
DEVELOPMENTS = 9
# What the demo's reader might follow besides.
ALSO = ("Nikola fraud", "Huawei chips")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Of the page: a window's worth.
WINDOW = (1000, 900)
_TEXT = b"iTXt"
_HEADER = 8


class Shown(NamedTuple):
    """What the demo shows at its end: two views of the terminal by their commands, and the page."""

    views: dict[str, Text]
    page: str


def shown() -> Shown:
    """Run the demo and return what it shows."""
    begin = Session(None, None, no_color=True, now=MOMENTS[-1])
    quiet = io.StringIO()
    with (
        redirect_stdout(quiet),
        redirect_stderr(quiet),
        stage(begin) as (here, server),
        opened(here.db_path) as db,
    ):
        story = live_through(db, here, server, MOMENTS)
        return _views(db, here, story)


def _views(db: Database, here: Session, story: Story) -> Shown:
    story = stories.by_id(db, story.id, here.now)
    told = timelines.timeline(db, story, timelines.Window(limit=DEVELOPMENTS), here.now, here.zone)
    whole = timelines.timeline(
        db, story, timelines.Window(maybe=True, all_outages=True), here.now, here.zone
    )
    for query in ALSO:
        follow.follow(db, query, here.now)
    text = timeline(told, now=here.now, zone=here.zone, width=WIDTH)
    views = {f"tracker timeline {story.slug}": text, "tracker": first_page(db, here, WIDTH)}
    return Shown(views, export.page(whole, here))


def drawings(views: dict[str, Text]) -> dict[str, str]:
    """Return the views as SVG, by the name of their file."""
    return {
        f"{title.split()[1] if ' ' in title else 'dashboard'}-{scheme}.svg": _svg(
            text, title, scheme
        )
        for title, text in views.items()
        for scheme in SCHEMES
    }


def _svg(text: Text, title: str, scheme: str) -> str:
    console = Console(
        width=WIDTH, file=io.StringIO(), record=True, force_terminal=True, legacy_windows=False
    )
    console.print(text, soft_wrap=True)
    drawn = console.export_svg(title=f"$ {title}", theme=THEMES[scheme], unique_id="tracker")
    # A picture that asks for fonts elsewhere would tell who reads the document.
    return re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)


def words_of(page: str) -> str:
    """Return the text of a page, a line for each piece between tags."""
    body = re.sub(r"<(style|title)\b.*?</\1>", "", page, flags=re.DOTALL)
    return "\n".join(filter(None, (piece.strip() for piece in re.split(r"<[^>]*>", body))))


def photographs(page: str) -> Iterator[tuple[str, bytes]]:
    """Photograph the page by Chromium; give PNG files by name, which hold the text of the page."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit("There is no Chromium; apt-get install chromium brings it.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder, "page.html")
        path.write_text(page, "utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": WINDOW[0], "height": WINDOW[1]},
                color_scheme=scheme,
                offline=True,
            )
            tab = context.new_page()
            tab.goto(path.as_uri())
            yield f"page-{scheme}.png", _with_text(tab.screenshot(), words_of(page))
        browser.close()


def _with_text(png: bytes, text: str) -> bytes:
    """Return a PNG with a text in it (PNG 1.2 §4.2.3.3), before its last chunk."""
    data = b"Text\0\1\0\0\0" + zlib.compress(text.encode(), 9)
    chunk = struct.pack(">I", len(data)) + _TEXT + data
    chunk += struct.pack(">I", zlib.crc32(_TEXT + data))
    end = png.rindex(b"IEND") - 4
    return png[:end] + chunk + png[end:]


def text_in(png: bytes) -> str:
    """Return the text that `photographs` put into a PNG; "" where there is none."""
    place = _HEADER
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == _TEXT:
            return zlib.decompress(data.partition(b"\0\1\0\0\0")[2]).decode()
        place += length + 12
    return ""


def main() -> None:
    """Write the pictures."""
    found = shown()
    for name, drawn in drawings(found.views).items():
        (FOLDER / name).write_text(drawn, "utf-8")
    for name, png in photographs(found.page):
        (FOLDER / name).write_bytes(png)


if __name__ == "__main__":
    main()
