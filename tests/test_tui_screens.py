"""What the full-screen view shows at every size, and in every state of the database."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import Driver, Said, begin, driven, fill, list_feeds, tell

from tracker.model.core import Status
from tracker.store.database import opened
from tracker.store.following import stories
from tracker.views.text import width_of

SNAPSHOTS = Path(__file__).parent / "tui_screens"
SIZES = ((40, 8), (40, 50), (60, 24), (80, 8), (80, 24), (100, 24), (120, 50), (200, 50))
REWRITE = "TRACKER_WRITE_SCREENS"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "t.db")
    return tmp_path / "t.db"


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        ((80, 24), ()),
        ((80, 24), ("j", "enter")),
        ((80, 24), ("j", "enter", "j", "enter", "w")),
        ((80, 24), ("?",)),
        ((120, 40), ("j", "n", "n", "enter")),
        ((200, 50), ("j", "n", "n", "d", "v")),
        ((40, 10), ("j", "enter")),
        ((40, 10), ("j", "enter", "enter")),
    ],
    ids=lambda value: "x".join(map(str, value)).replace("?", "help") or "start",
)
def test_a_screen_is_as_it_was_drawn_before(
    path: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    name = f"{size[0]}x{size[1]}-{'-'.join(keys).replace('?', 'help') or 'start'}.txt"

    async def steps(view: Driver) -> None:
        await view.press(*keys)
        drawn = view.text().rstrip("\n") + "\n"
        if os.environ.get(REWRITE):
            SNAPSHOTS.mkdir(exist_ok=True)
            (SNAPSHOTS / name).write_text(drawn, "utf-8")
        assert drawn == (SNAPSHOTS / name).read_text("utf-8"), f"{REWRITE}=1 takes the new one"

    driven(path, steps, size=size)


@pytest.mark.long
@pytest.mark.repeats
def test_no_line_is_wider_than_the_terminal(path: Path) -> None:
    async def steps(view: Driver) -> None:
        for width, height in SIZES:
            await view.pilot.resize_terminal(width, height)
            await view.settle()
            for action in ("timeline", "reports", "why", "help"):
                await view.do(action)
                lines = view.lines()
                assert len(lines) == height
                assert [line for line in lines if width_of(line) > width] == []
            await view.press("escape")

    driven(path, steps, story="bridge-repair")


def test_other_outlets_are_counted_as_in_the_timeline(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        mill = begin(db, "Mill")
        reports = (Said("Mill burns", 30), Said("Mill burned down", 29), Said("Mill is gone", 28))
        tell(db, mill, [replace(said, with_first=True) for said in reports])
        other = (Said("Wheel turns", 9), Said("Wheel is found", 8), Said("Roue", 7, 2, "fr"))
        tell(db, mill, [replace(said, with_first=True) for said in other])

    async def steps(view: Driver) -> None:
        await view.do("timeline")
        assert view.text().count("+") == 1
        assert "+1 fr" in view.text()

    driven(tmp_path / "t.db", steps, story="mill")


def test_the_reasons_are_shown_also_below_a_long_summary(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        mill = begin(db, "Mill")
        tell(db, mill, [Said("Mill burns", 30, summary="It stood at the river. " * 30)])

    async def steps(view: Driver) -> None:
        await view.do("timeline", "enter")
        assert "It belongs to Mill" not in view.text()
        await view.do("why")
        assert "It belongs to Mill: 0.80" in view.text()
        assert "0.80  in all" in view.text()
        await view.do("why")
        assert "Mill burns" in view.text()

    driven(tmp_path / "t.db", steps, size=(60, 16), story="mill")


def test_a_window_that_is_too_small_says_so_and_recovers(path: Path) -> None:
    async def steps(view: Driver) -> None:
        assert view.text().split() == (
            "tracker needs 40 columns and 8 lines; make the window larger, or press q.".split()
        )
        await view.pilot.resize_terminal(80, 24)
        await view.settle()
        assert "Bridge repair" in view.text()

    driven(path, steps, size=(39, 7))


def test_resizing_keeps_the_row_that_is_read(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("enter", "down", "down")
        chosen = view.cursor()
        for width in (200, 120, 40, 80):
            await view.pilot.resize_terminal(width, 20)
            await view.settle()
            assert (width, view.cursor(), view.main.pane) == (width, chosen, "timeline")

    driven(path, steps)


def test_a_wider_window_shows_the_selected_story_beside_the_list(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("down")
        await view.pilot.resize_terminal(120, 30)
        await view.settle()
        assert "Bridge will be repaired" in view.text()
        assert view.main.pane == "stories"

    driven(path, steps)


def test_without_a_story_it_says_how_to_begin(tmp_path: Path) -> None:
    async def steps(view: Driver) -> None:
        assert "You follow no story yet; press f to follow one." in view.text()
        for action in ("enter", "next_new", "accept", "mute", "close", "seen", "undo", "export"):
            await view.do(action)
        assert "Select a story first." in view.text()

    driven(tmp_path / "t.db", steps)


def test_a_story_without_reports_says_to_poll(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("last", "enter")
        assert "Nothing yet; press r to poll your feeds." in view.text()

    driven(path, steps)


def test_a_story_with_only_doubtful_reports_says_how_to_see_them(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        tell(db, begin(db, "Bridge"), [Said("A bridge, perhaps", 3, status=Status.MAYBE)])

    async def steps(view: Driver) -> None:
        await view.do("enter")
        assert "Only 1 doubtful report; press d to see." in view.text()
        await view.do("doubtful")
        assert "A bridge, perhaps" in view.text()

    driven(tmp_path / "t.db", steps)


def test_without_a_report_there_is_nothing_to_give_the_keys_to(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("last", "enter", "reading")
        assert view.main.pane == "timeline"

    driven(path, steps)


def test_the_keys_come_back_from_a_report_that_is_hidden_meanwhile(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        tell(db, begin(db, "Bridge"), [Said("A bridge, perhaps", 3, status=Status.MAYBE)])

    async def steps(view: Driver) -> None:
        await view.do("enter", "doubtful", "reading")
        assert view.main.pane == "reading"
        await view.do("doubtful")
        assert view.main.selected is None
        await view.do("timeline")
        assert view.main.pane == "timeline"

    driven(tmp_path / "t.db", steps)


def test_a_pane_that_is_clicked_on_gets_the_keys(path: Path) -> None:
    async def steps(view: Driver) -> None:
        for pane in ("reading", "timeline", "stories"):
            await view.pilot.click(f"#{pane}", offset=(3, 30))  # below all rows
            await view.settle()
            assert view.main.pane == pane

    driven(path, steps, size=(160, 40), story="bridge-repair")


def test_a_closed_story_without_reports_says_how_to_reopen_it(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        stories.change(db, begin(db, "Bridge").id, state="closed")

    async def steps(view: Driver) -> None:
        await view.do("enter")
        assert "Nothing was found before it was closed; press c to reopen it." in view.text()

    driven(tmp_path / "t.db", steps)


def test_one_report_is_shown_with_its_summary(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        tell(db, begin(db, "Bridge"), [Said("A bridge falls", 3, summary="Nobody was hurt.")])

    async def steps(view: Driver) -> None:
        await view.do("enter", "enter")
        assert "Nobody was hurt." in view.text()

    driven(tmp_path / "t.db", steps)


def test_a_filter_shows_only_what_matches_and_escape_shows_all(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("/", *"REPARE", "enter")
        assert "Bridge will be repaired" in view.text()  # by a report of another language
        assert "Council argues" not in view.text()
        await view.press("/", *" zebra", "enter")
        assert "Nothing matches “REPARE zebra”; Esc shows all." in view.text()
        await view.press("escape")
        assert "Council argues" in view.text()

    driven(path, steps, story="bridge-repair")


def test_the_list_of_stories_is_filtered_too(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.press("/", *"tram", "enter")
        assert "Tram line" in view.text()
        assert "Bridge repair" not in view.text()

    driven(path, steps)


def test_the_line_new_since_stands_between_the_last_look_and_what_came_later(path: Path) -> None:
    async def steps(view: Driver) -> None:
        lines = view.lines()
        (place,) = (
            n for n, line in enumerate(lines) if line.startswith("▲ new since 16 Mar 08:00")
        )
        assert any("Bridge will be repaired" in line for line in lines[:place])
        assert any("Council argues" in line for line in lines[place:])
        await view.do("order")
        await view.do("last")
        lines = view.lines()
        (place,) = (n for n, line in enumerate(lines) if line.startswith("▼ new since"))
        assert any("Bridge will be repaired" in line for line in lines[place:])

    driven(path, steps, story="bridge-repair")


def test_a_story_named_on_the_command_line_is_opened(path: Path) -> None:
    async def steps(view: Driver) -> None:
        assert "Tram line is built" in view.text()
        assert view.main.pane == "timeline"

    driven(path, steps, story="tram-line-to-the-harbour")


def test_five_thousand_developments_scroll_to_the_end(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as db:
        list_feeds(db)
        tell(db, begin(db, "Bridge"), [Said(f"Bridge news {n}", n) for n in range(5_000)])

    async def steps(view: Driver) -> None:
        await view.do("enter", "last")
        assert "Bridge news 4999" in view.text()
        assert "5,000/5,000" in view.text()

    driven(tmp_path / "t.db", steps)
