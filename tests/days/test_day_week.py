"""A week with a poll every six hours as cron starts it, and two terminals."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Event

import pytest
from person import Person
from press import reports

STORY = "tiktok-acquisition"


def _follows(person: Person) -> None:
    for outlet in ("ledger", "harbour", "courrier", "bote"):
        person.types(f"feeds add {person.feed(outlet)}")
    person.types('follow "TikTok acquisition"')
    person.types("poll")
    person.types("timeline")


@pytest.mark.long
@pytest.mark.timeout(180)
def test_all_that_was_published_in_a_week_is_stored_once_and_in_time(person: Person) -> None:
    _follows(person)
    start = person.clock
    seen: list[str] = []
    for hours in range(6, 7 * 24 + 1, 6):
        person.at(f"{start + timedelta(hours=hours):%Y-%m-%d %H:%M}")
        assert person.types("poll --quiet") == ""
        if person.clock.hour == 8:  # the morning look
            fresh = [r["title"] for r in person.reports(STORY, "--new") if r["new"]]
            assert not set(fresh) & set(seen), "what was seen is not new again"
            seen += fresh
            person.types("timeline", "new" if fresh else "Nothing new.")
    due = {r.title for r in reports() if r.published <= person.clock - timedelta(hours=12)}
    found = person.reads("search e --limit 0")["items"]
    stored = [item["title"] for item in found]
    assert len(stored) == len(set(stored)), "each report is stored once"
    about = {title for title in due if "TikTok" in title}
    assert about <= {item["title"] for item in person.reads("search TikTok --limit 0")["items"]}
    assert {
        "Microsoft in talks to buy TikTok's American business",
        "Microsoft verhandelt über Kauf von TikTok in den USA",
        "TikTok : Trump fixe au 15 septembre la date limite de la vente",
        "Microsoft aims to buy all of TikTok, including India and Europe",
    } <= person.headlines(STORY)
    assert not {t for t in person.headlines(STORY, "--maybe") if "TikTok" not in t}


def test_a_second_poll_steps_back_while_a_look_sees_what_is_there(person: Person) -> None:
    _follows(person)
    person.at("2020-08-03 12:00")
    person.press.held["/bote.xml"] = Event()
    asked = person.press.asked["/bote.xml"]
    with person.started("poll --force") as other:
        while person.press.asked["/bote.xml"] == asked:
            time.sleep(0.05)
        person.types("poll --force", "Another poll is running", code=4)
        # Reading waits for nobody.
        person.types(f"timeline {STORY} --peek", "Microsoft in talks to buy TikTok")
        person.press.held["/bote.xml"].set()
        output, errors = other.communicate(timeout=30)
        assert (other.returncode, errors) == (0, ""), output
    assert "Trump sets deadline of 15 September for sale of TikTok" in person.headlines(STORY)


def test_what_comes_between_two_looks_is_new_once(person: Person) -> None:
    _follows(person)
    person.at("2020-08-03 12:00")
    person.types("poll --force")
    fresh = {"Trump sets deadline of 15 September for sale of TikTok"}
    assert fresh <= person.headlines(STORY, "--new")
    # Two terminals look: the first marks, the second finds nothing.
    person.types(f"timeline {STORY} --reports", "Trump sets deadline")
    assert person.headlines(STORY, "--new") == set()
    person.types(f"timeline {STORY} --new", "Nothing new")
