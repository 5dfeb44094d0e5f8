"""A month with corrections: what the user decides is kept, learned from, and can be taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from person import Person
from press import Press
from publishing import serving

STORY = "tiktok-acquisition"
MAYER = "TikTok chief executive Kevin Mayer resigns after three months"
DINERS = "Restaurant chain bids for younger diners with short videos"
TWITTER = "Twitter held preliminary talks about combining with TikTok"


@pytest.fixture(scope="module")
def august(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Give a person who polled every nine days of August."""
    home = tmp_path_factory.mktemp("august") / "home"
    home.mkdir()
    with serving(Press()) as press:
        person = Person(home, press)
        for outlet in ("ledger", "harbour", "courrier", "bote"):
            person.types(f"feeds add {person.feed(outlet)}")
        person.types('follow "TikTok acquisition"')
        start = person.clock
        for days in range(0, 28, 9):
            person.at(f"{start + timedelta(days=days):%Y-%m-%d %H:%M}")
            person.types("poll --force")
        person.at("2020-08-31 08:00")
        person.types("poll --force")
        shutil.copytree(home, home.with_name("kept"))
        yield person


@pytest.fixture
def month(august: Person) -> Person:
    """Give the person of `august` as August left them: the home in its place, and the clock."""
    shutil.rmtree(august.home)
    shutil.copytree(august.home.with_name("kept"), august.home)
    august.at("2020-08-31 08:00")
    return august


def _state(person: Person) -> dict[str, tuple[str, float]]:
    return {r["title"]: (r["status"], r["score"]) for r in person.reports(STORY, "--maybe")}


def test_decisions_are_shown_kept_and_taken_back_in_order(month: Person) -> None:
    before = _state(month)
    mayer, diners = month.id_of(MAYER), month.id_of(DINERS)
    month.types(f"accept {STORY} {mayer}")
    assert _state(month)[MAYER][0] == "accepted"
    month.types(f"reject {STORY} {diners}")
    assert DINERS not in _state(month)

    # A later poll and a rematch leave what the user decided.
    month.at("2020-09-01 08:00")
    month.types("poll --force")
    month.types("rematch")
    assert _state(month)[MAYER][0] == "accepted"
    assert DINERS not in _state(month)
    month.types(f"why {STORY} {diners}", "It does not belong", "you said so")

    month.types("undo", DINERS[:30])
    month.types("undo", MAYER[:30])
    month.types("undo", "No accept, reject or skip is left to take back.", code=1)
    statuses = {status for status, _ in _state(month).values()}
    assert statuses <= {"linked", "maybe"}
    assert (DINERS in _state(month)) == (DINERS in before)


def test_undo_restores_every_score(month: Person) -> None:
    before = _state(month)
    month.types(f"reject {STORY} {month.id_of(TWITTER)}")
    month.types("undo")
    assert _state(month) == before


def test_a_correction_names_a_report_by_its_address(month: Person) -> None:
    address = next(
        r["url"] for r in month.reads(f'search "{MAYER}"')["items"] if r["title"] == MAYER
    )
    month.types(f"accept {STORY} {address}?utm_source=mail")
    assert _state(month)[MAYER][0] == "accepted"
    month.types(f'accept {STORY} ""', "There is no item ''", code=1)
    month.types(f"accept {STORY} 99999", "99999", code=1)
    month.types(f"accept no-such-story {month.id_of(MAYER)}", "no-such-story", code=1)


def test_a_muted_story_is_silent_until_its_date(month: Person) -> None:
    month.types("timeline")
    month.types(f'story mute {STORY} --until "in 3 days"')
    month.types("timeline", hides=("Microsoft",))
    month.types("stories", "muted")
    month.at("2020-09-04 09:00")
    month.types("stories", hides=("muted",))


def test_a_closed_story_takes_up_nothing_until_it_is_reopened(person: Person) -> None:
    person.types(f"feeds add {person.feed('ledger')}")
    person.types('follow "TikTok acquisition"')
    person.types("poll")
    had = person.headlines(STORY)
    person.types(f"story close {STORY}")
    person.at("2020-08-06 12:00")
    person.types("poll --force")
    assert person.headlines(STORY) == had
    person.types(f"story reopen {STORY}")
    assert "Microsoft aims to buy all of TikTok, including India and Europe" in person.headlines(
        STORY
    )


def test_a_story_is_edited_exported_and_removed(month: Person) -> None:
    month.types(f'story edit {STORY} --title "TikTok sale"')
    month.types("stories", "TikTok sale")
    found = month.headlines(STORY)
    for form, mark in (("md", "# TikTok sale"), ("html", "<!doctype html>"), ("csv", "title")):
        month.types(f"export {STORY} --format {form} --output out.{form}")
        text = (month.home / f"out.{form}").read_text("utf-8")
        assert mark.casefold() in text.casefold()
        assert all(title.split("'")[0][:20] in text for title in found)
    month.types(f"story rm {STORY}", code=2)
    month.types(f"story rm {STORY} --yes")
    month.types("stories", "You follow no story yet.")
    assert month.reads("search TikTok --limit 0")["items"]
