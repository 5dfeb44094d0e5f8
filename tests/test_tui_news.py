"""New developments: walking them, seeing them, and what another process brings meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from newsroom import NOW, Driver, Said, begin, driven, fill, list_feeds, look, tell
from publishing import Publisher

from tracker.store.database import opened
from tracker.store.following import stories, timelines
from tracker.tui.work.walk import Walk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "t.db")
    return tmp_path / "t.db"


def unread(path: Path) -> dict[str, int]:
    with opened(path) as db:
        return {each.story.slug: each.unread for each in timelines.summaries(db, NOW)}


def stepped_on(view: Driver) -> tuple[str, Any]:
    return view.main.shown.value.story.slug, view.cursor()


def test_n_walks_every_new_development_of_every_story_once(path: Path) -> None:
    async def steps(view: Driver) -> None:
        assert view.main.overview.unread == 5
        walked = []
        while "That was all that is new" not in view.text():
            await view.do("next_new")
            walked.append(stepped_on(view))
        assert len(walked) - 1 == len(set(walked)) == 5  # the last n only says so
        assert {slug for slug, _ in walked} == {"bridge-repair", "ferry-timetable"}
        assert view.main.overview.unread == 0
        assert "nothing new" in view.lines()[0]
        await view.do("next_new")
        assert "Nothing is new; r polls your feeds." in view.text()

    driven(path, steps)
    assert set(unread(path).values()) == {0}


def test_n_finds_what_is_new_above_the_cursor_too(path: Path) -> None:
    async def steps(view: Driver) -> None:
        await view.do("last", "next_new", "next_new")
        walked = {stepped_on(view)}
        await view.do("previous_new")
        assert len(walked | {stepped_on(view)}) == 2

    driven(path, steps, story="bridge-repair")


def test_p_goes_back_over_stories_and_n_forward_again(path: Path) -> None:
    async def steps(view: Driver) -> None:
        walked = []
        for _ in range(5):
            await view.do("next_new")
            walked.append(stepped_on(view))
        for step in reversed(walked[:-1]):
            await view.do("previous_new")
            assert stepped_on(view) == step
        await view.do("previous_new")
        assert "This is the first of what is new." in view.text()
        for step in walked[1:]:
            await view.do("next_new")
            assert stepped_on(view) == step

    driven(path, steps)


def test_walking_the_list_of_stories_marks_nothing_as_seen(path: Path) -> None:
    before = unread(path)

    async def steps(view: Driver) -> None:
        await view.do("down", "down", "down", "up", "up")
        assert "Bridge will be repaired" in view.text()

    driven(path, steps, size=(120, 40))
    assert unread(path) == before


def test_leaving_a_story_marks_as_seen_what_was_there(path: Path) -> None:
    async def steps(view: Driver) -> None:
        with opened(path) as db:
            story = stories.find(db, "bridge-repair", NOW)
            tell(db, story, [Said("Bridge is closed at once", 1)])
        await view.do("back")
        assert "Bridge repair: 2 new developments seen; z takes that back." in view.text()

    driven(path, steps, story="bridge-repair")
    assert unread(path)["bridge-repair"] == 1


def test_n_finds_what_a_story_gets_after_it_was_walked(path: Path) -> None:
    async def steps(view: Driver) -> None:
        for _ in range(7):
            await view.do("next_new")
        assert view.main.overview.unread == 0
        with opened(path) as db:
            ferry = stories.find(db, "ferry-timetable", NOW)
            (told,) = tell(db, ferry, [Said("Ferry sails no more", 1)])
        await until_told(view, "1 new")
        await view.do("next_new")
        assert stepped_on(view) == ("ferry-timetable", told)
        await view.do("next_new")
        assert "That was all that is new" in view.text()

    driven(path, steps)


def test_a_filter_does_not_hide_what_is_new_from_n(path: Path) -> None:
    async def steps(view: Driver) -> None:
        view.main.words["timeline"] = "council"
        view.main.draw()
        await view.do("next_new")
        assert view.main.selected.development.new

    driven(path, steps, story="bridge-repair")


def test_a_muted_story_is_not_walked(path: Path) -> None:
    with opened(path) as db:
        story = stories.find(db, "ferry-timetable", NOW)
        stories.change(db, story.id, state="muted")

    async def steps(view: Driver) -> None:
        assert view.main.overview.unread == 2
        walked = set()
        for _ in range(4):
            await view.do("next_new")
            walked.add(stepped_on(view)[0])
        assert walked == {"bridge-repair"}

    driven(path, steps)


def document(titles: list[str]) -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><guid>{number}</guid>"
        f"<link>https://outlet.example/{number}</link></item>"
        for number, title in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title>A</title>{entries}</channel></rss>'.encode()


def poll_elsewhere(path: Path, publisher: Publisher, titles: list[str]) -> None:
    publisher.routes["/feed"] = document(titles)
    listed = path.with_name("feeds.yaml")
    listed.write_text(f"feeds:\n  - url: {publisher.url('/feed')}\n", "utf-8")
    subprocess.run(
        [sys.executable, "-m", "tracker", "--db", str(path), "--feeds", str(listed), "poll", "-q"],
        check=True,
        cwd=Path(__file__).parent.parent,
        timeout=60,
    )


async def until_told(view: Driver, words: str) -> None:
    for _ in range(100):
        await view.pilot.pause(0.05)
        await view.settle()
        if words in view.text():
            return
    raise AssertionError(view.text())


def test_line_and_cursor_stay_while_another_process_polls(
    tmp_path: Path, publisher: Publisher
) -> None:
    path = tmp_path / "t.db"
    with opened(path) as db:
        list_feeds(db)
        story = begin(db, "Zentara")
        tell(db, story, [Said(f"Zentara old {n}", 200 + n) for n in range(20)])
        look(db, story, hours_ago=100)
        tell(db, story, [Said(f"Zentara new {n}", 50 + n) for n in range(5)])

    async def steps(view: Driver) -> None:
        for _ in range(9):
            view.main.action_down()
        await view.settle()
        before, cursor, screen = view.lines()[1:-2], view.cursor(), view.main.rows_of("timeline")
        top = screen.scroll_offset.y
        news = [f"Zentara {word} the harbour" for word in WORDS]
        poll_elsewhere(path, publisher, news)
        await until_told(view, "press n.")
        coming = view.main.coming
        assert f"{coming} new developments, press n." in view.text()
        assert 1 < coming <= 20
        assert (view.lines()[1:-2], view.cursor(), screen.scroll_offset.y) == (before, cursor, top)
        divider = [line for line in before if "new since" in line]
        await view.do("next_new")
        assert view.main.coming == 0
        assert "Zentara" in view.main.selected.lead.link.item.title
        assert view.cursor() in view.main.shown.new
        view.main.rows_of("timeline").select(cursor)
        await view.settle()
        assert [line for line in view.lines() if "new since" in line] in ([], divider)

    driven(path, steps, story="zentara", size=(80, 40))


WORDS = (
    "buys sells closes opens leaves enters floods drains widens repairs "
    "loses wins insures mortgages photographs paints measures guards lights inspects"
).split()


def test_a_story_that_is_removed_elsewhere_is_left(path: Path) -> None:
    async def steps(view: Driver) -> None:
        with opened(path) as db:
            stories.remove(db, stories.find(db, "bridge-repair", NOW).id)
        await until_told(view, "The story was removed elsewhere.")
        assert view.main.pane == "stories"

    driven(path, steps, story="bridge-repair")


def test_a_walk_begins_below_the_cursor_and_ends_above_it() -> None:
    walk, order, new = Walk(), [4, 3, 2, 1], {4, 2, 1}
    found = []
    cursor = 3
    while (event := walk.following(7, order, new, cursor)) is not None:
        walk.visit(7, event)
        found.append(event)
        cursor = event
    assert found == [2, 1, 4]


def test_a_walk_takes_up_a_development_that_has_news_again() -> None:
    walk = Walk()
    walk.visit(7, 1)
    assert walk.following(7, [1], {1}, None) is None
    walk.renew(7, {1})
    assert walk.following(7, [1], {1}, None) == 1


def test_a_walk_keeps_its_place_when_a_story_is_read_again() -> None:
    walk = Walk()
    for event in (1, 2, 3):
        walk.visit(7, event)
    assert walk.back() == (7, 2)
    walk.renew(7, ())
    assert walk.back() == (7, 1)
    walk.finish(7)
    walk.renew(7, ())
    assert walk.is_finished(7)
    walk.renew(7, {3})
    assert not walk.is_finished(7)
    assert (walk.ahead(), walk.ahead()) == ((7, 2), None)


def test_a_walk_leaves_out_stories_that_were_finished() -> None:
    walk = Walk()
    walk.finish(1)
    assert walk.next_story([1, 2, 3], current=2) == 3
    walk.restart(1)
    assert walk.next_story([1, 2, 3], current=2) == 1


def test_a_story_that_is_left_backwards_stays_new(path: Path) -> None:
    before = unread(path)

    async def steps(view: Driver) -> None:
        slugs: list[str] = []
        while len(set(slugs)) < 2:
            await view.do("next_new")
            slugs.append(stepped_on(view)[0])
        await view.do("previous_new")
        assert stepped_on(view)[0] == slugs[0]
        assert unread(path)[slugs[-1]] == before[slugs[-1]] > 0

    driven(path, steps)
