"""Exported pages in Chromium, offline: what runs, what is loaded, what a reader sees, and axe.

The tests are skipped where Chromium or the development extra is missing. With
TRACKER_BROWSER_TESTS=required they fail instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from exporting import NOW, REPORTS, STORY, TIMELINE, hostile

from tracker.export.html import index_page, story_page
from tracker.model.core import State, StorySummary, Timeline
from tracker.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _missing(what: str) -> NoReturn:
    if os.environ.get("TRACKER_BROWSER_TESTS") == "required":
        pytest.fail(f"TRACKER_BROWSER_TESTS=required, but {what}", pytrace=False)
    pytest.skip(f"{what}; `apt-get install chromium` and `pip install '.[dev]'` bring both")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    with sync_playwright() as playwright:
        tried = []
        for program in filter(None, map(shutil.which, NAMES)):
            try:
                started = playwright.chromium.launch(
                    executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
                )
            except Error as error:
                tried.append(f"{program} does not start ({error.message.splitlines()[0]})")
                continue
            yield started
            started.close()
            return
        _missing(" and ".join(tried) or "there is no Chromium")


@dataclass
class Shown:
    """A page in the browser, and what it asked for and said while it was open."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)

    @property
    def overflow(self) -> int:
        """How many pixels lie outside the width of the window."""
        return int(
            self.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    contexts = []

    def opened(text: str, *, width: int = 1280, scheme: Any = "light") -> Shown:
        path = tmp_path / "page.html"
        path.write_text(text, "utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        shown = Shown(context.new_page())
        shown.page.on("request", lambda request: shown.requests.append(request.url))
        shown.page.on("console", lambda message: shown.messages.append(message.text))
        shown.page.on("pageerror", lambda error: shown.messages.append(str(error)))
        shown.page.on("dialog", lambda dialog: shown.messages.append(dialog.message))
        shown.page.goto(path.as_uri())
        # The page itself is the one thing that is asked for.
        assert shown.requests.pop(0) == path.as_uri()
        return shown

    yield opened
    for context in contexts:
        context.close()


def story(value: Timeline = TIMELINE) -> str:
    return story_page(value, now=NOW, zone=UTC, index="../index.html", feed="feed.atom")


def summaries() -> list[StorySummary]:
    closed = replace(STORY, slug="closed", title="Bridge closure", state=State.CLOSED)
    return [
        StorySummary(STORY, 2, 5, 6, 1, NOW, "Bridge will be repaired", (0, 3, 1, 0, 8)),
        StorySummary(closed, 0, 0, 0, 0, None, None),
    ]


PAGES = {
    "story": story(),
    "empty": story(Timeline(STORY, ())),
    "one report": story(replace(TIMELINE, reports=REPORTS[3:4])),
    "index": index_page(summaries(), now=NOW, zone=UTC),
    "empty index": index_page([], now=NOW, zone=UTC),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_asks_for_nothing_says_nothing_and_has_no_fault_of_access(
    show: Any, name: str, scheme: str, width: int
) -> None:
    shown = show(PAGES[name], width=width, scheme=scheme)
    shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert shown.violations() == []
    assert shown.overflow == 0
    assert (shown.requests, shown.messages) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_print_everything_is_open_dark_on_white_and_without_fault(
    show: Any, scheme: str
) -> None:
    shown = show(PAGES["story"], scheme=scheme)
    visible = (
        "[...document.querySelectorAll('details > :not(summary)')]"
        ".map(each => each.checkVisibility({contentVisibilityAuto: true}))"
    )
    assert shown.evaluate(visible) == [False, False, False]
    shown.page.emulate_media(media="print")
    # The browser may apply the new medium a frame later.
    shown.page.wait_for_function(f"{visible}.every(Boolean)", timeout=10_000)
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert "https://example.org/103" in shown.evaluate(
        "getComputedStyle(document.querySelector('h4 a'), '::after').content"
    )
    assert shown.violations() == []
    assert (shown.requests, shown.messages) == ([], [])


def test_dark_and_light_differ_in_both_text_and_page(show: Any) -> None:
    colours = (
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    light, dark = (
        show(PAGES["story"], scheme=scheme).evaluate(colours) for scheme in ("light", "dark")
    )
    assert not set(light) & set(dark)


def test_the_first_tab_stop_leads_to_the_timeline(show: Any) -> None:
    shown = show(PAGES["story"])
    shown.page.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.textContent") == "Skip to the timeline"
    assert shown.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    shown.page.keyboard.press("Enter")
    assert shown.page.url.endswith("#timeline")
    assert shown.evaluate("document.querySelector('#timeline').getBoundingClientRect().top") < 100


def test_a_thousand_hostile_headlines_are_text(show: Any) -> None:
    value = hostile()
    shown = show(story(value), width=320)
    shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    shown.page.mouse.move(160, 400)
    read = set(
        shown.evaluate(
            "[...document.querySelectorAll('article [lang]')].map(each => each.textContent)"
        )
    )
    assert {plain(report.link.item.title) for report in value.reports} <= read
    assert shown.evaluate("window.ran") is None
    assert shown.overflow == 0
    assert (shown.requests, shown.messages) == ([], [])


@pytest.mark.parametrize(
    ("wish", "code", "said"), [("", 0, "1 skipped"), ("required", 1, "1 error")]
)
def test_without_a_browser_the_tests_are_skipped_by_name_unless_they_are_required(
    wish: str, code: int, said: str, tmp_path: Path
) -> None:
    name = "test_dark_and_light_differ_in_both_text_and_page"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"{__file__}::{name}"],
        env={"PATH": str(tmp_path), "TRACKER_BROWSER_TESTS": wish},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code, done.stdout
    assert said in done.stdout
    assert "there is no Chromium" in done.stdout


def test_the_policy_of_the_page_stops_a_script_even_if_one_got_in(show: Any) -> None:
    text = PAGES["story"].replace("<main>", "<main><script>window.ran = 1</script>")
    shown = show(text)
    assert shown.evaluate("window.ran") is None
    assert "Content Security Policy" in " ".join(shown.messages)
