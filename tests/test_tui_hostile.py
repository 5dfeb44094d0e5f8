"""A thousand hostile headlines through all panes: all of it is text, none of it acts."""

from __future__ import annotations

import asyncio
import unicodedata
from pathlib import Path

import pytest
from exporting import FRAGMENTS
from newsroom import OUTLETS, Driver, Said, begin, driven, tell
from textual.app import App, ComposeResult
from textual.widgets import Static

from tracker.model.polling import FeedSource
from tracker.store.database import opened
from tracker.store.polling import feeds
from tracker.tui.screen.app import TrackerApp
from tracker.views.text import width_of

MARKUP = (
    "[@click=app.boom]boom[/]",
    "[@click=app.leave]leave[/]",
    "[@click=screen.quit]x[/]",
    "[link=https://evil.example]x",
    "[/] [[ ]] [red]red [bold",
    "[@click=app.boom()]%s {0} $x [/@click]",
)
ATTACKS = (*FRAGMENTS, *MARKUP)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "t.db"
    with opened(found) as db:
        sources = [
            FeedSource(f"https://outlet{number}.example/feed", attack)
            for number, attack in enumerate(ATTACKS[-len(OUTLETS) :])
        ]
        feeds.take_in(db, sources, {}, "")
        story = begin(db, f"Story {' '.join(MARKUP)}")
        tell(
            db,
            story,
            [
                Said(
                    f"{ATTACKS[number % len(ATTACKS)]} {ATTACKS[number * 7 % len(ATTACKS)]}",
                    number / 10,
                    outlet=number % len(OUTLETS) + 1,
                    language=("en", "[red]", "\x1b[31m")[number % 3],
                    summary=ATTACKS[number * 5 % len(ATTACKS)],
                    url=f"https://example.org/{number}?{ATTACKS[number * 3 % len(ATTACKS)]}",
                )
                for number in range(1000)
            ],
        )
    return found


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the actions that a headline set off: none."""
    found: list[str] = []
    monkeypatch.setattr(TrackerApp, "action_boom", lambda _: found.append("boom"), raising=False)
    monkeypatch.setattr(TrackerApp, "action_leave", lambda _: found.append("leave"))
    return found


def controls(view: Driver) -> set[str]:
    return {c for c in set(view.text()) if unicodedata.category(c) in {"Cc", "Cf", "Cs"}} - {
        "\n",
        "\u200d",  # joins the parts of an emoji
    }


def actions(app: App[None]) -> set[str]:
    """Return what a click on some cell of the screen would run or open."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - as newsroom.Driver.lines
    styles = [segment.style for strip in strips for segment in strip if segment.style]
    # "@mouse.down" is the scroll bar's.
    found = {str(style.meta["@click"]) for style in styles if "@click" in style.meta}
    return found | {style.link for style in styles if style.link}


def test_an_action_in_a_headline_is_found_where_markup_is_read() -> None:
    class Careless(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(MARKUP[0])

    async def run() -> None:
        app = Careless()
        async with app.run_test():
            assert "app.boom" in str(actions(app))

    asyncio.run(run())


@pytest.mark.long
@pytest.mark.repeats
@pytest.mark.parametrize("size", [(80, 60), (200, 60)])
def test_headlines_are_text_in_all_panes(path: Path, size: tuple[int, int]) -> None:
    async def steps(view: Driver) -> None:
        await view.do("enter", "reports")
        rows, pages = view.main.rows_of("timeline"), 1
        while rows.turn(1):
            await view.pilot.pause()
            pages += 1
            assert controls(view) | actions(view.app) == set()
            assert [line for line in view.lines() if width_of(line) > size[0]] == []
        assert rows.place == (1000, 1000)
        assert pages >= rows.virtual_size.height // size[1]

    driven(path, steps, size=size)


async def click(view: Driver, x: int) -> None:
    """Click on every second line of the screen."""
    for y in range(1, view.app.size.height - 2, 2):
        await view.pilot.click(offset=(x, y))


def test_a_click_on_a_headline_runs_nothing(path: Path, ran: list[str]) -> None:
    async def steps(view: Driver) -> None:
        await click(view, 6)  # of the list of stories; it opens the timeline
        await view.do("timeline", "page")
        await click(view, 6)
        assert ran == []
        assert view.app.is_running

    driven(path, steps)


@pytest.mark.long
@pytest.mark.repeats
def test_every_attack_is_read_and_said_as_text(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("enter", "enter")
        for _ in range(len(ATTACKS)):
            view.main.rows_of("timeline").move(1)
            await view.pilot.pause()
            assert controls(view) | actions(view.app) == set()
        for action in ("copy", "browse_other"):
            await view.do(action)
            assert controls(view) | actions(view.app) == set()
        await view.press("escape")
        for action in ("reject", "undo", "seen", "mute"):
            await view.do(action)
            assert controls(view) | actions(view.app) == set()

    driven(path, steps)


def test_the_typed_filter_is_text(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("/")
        view.app.focused.value = MARKUP[0]  # type: ignore[union-attr]  # the line of the filter
        await view.settle()
        await view.press("enter")
        assert controls(view) | actions(view.app) == set()

    driven(path, steps)
