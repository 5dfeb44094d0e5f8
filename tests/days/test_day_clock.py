"""Clocks that change: of the computer, of daylight saving, and of an outlet."""

from __future__ import annotations

from html import escape

from person import Person
from publishing import Reply

STORY = "tiktok-acquisition"
TALKS = "Microsoft in talks to buy TikTok's American business"
LAWSUIT = "Users of TikTok go to court against the forced sale"
DEADLINE = "Trump sets deadline of 15 September for sale of TikTok"


def _follows(person: Person) -> None:
    person.types(f"feeds add {person.feed('ledger')}")
    person.types('follow "TikTok acquisition"')
    person.types("poll")
    person.types("timeline")


def test_a_clock_set_back_hides_nothing_that_is_new(person: Person) -> None:
    _follows(person)
    person.at("2020-08-03 12:00")
    document = person.press.document("ledger")
    # The battery was empty: the computer believes in an earlier year, the outlet does not.
    person.press.routes["/ledger.xml"] = Reply(200, document)
    person.at("2019-01-01 00:10")
    person.types("poll --force", "1 new item")
    assert DEADLINE in person.headlines(STORY, "--new")
    person.at("2020-08-03 13:00")
    person.types("timeline", "Trump sets deadline")
    person.types("timeline", "Nothing new.")


def test_a_clock_set_ahead_for_a_poll_does_not_stop_later_polls(person: Person) -> None:
    _follows(person)
    document = person.press.document("ledger")
    person.press.routes["/ledger.xml"] = Reply(200, document)
    person.at("2031-01-01 12:00")
    person.types("poll")
    person.at("2020-08-04 12:00")
    person.press.routes["/ledger.xml"] = Reply(200, person.press.document("ledger"))
    person.types("poll")
    assert "China accuses US of theft over forced sale of TikTok" in person.headlines(STORY)


def test_days_are_those_of_the_zone_on_both_sides_of_daylight_saving(person: Person) -> None:
    _follows(person)
    person.zone = "Europe/Paris"
    person.types(f"timeline {STORY} --peek --since 2020-08-02", "20:00", "Sunday 2 Aug")
    person.at("2020-10-25 00:30")  # half past two, for the first time in that night
    person.types(f"timeline {STORY} --peek", "20:00")
    person.at("2020-10-25 01:30")  # half past two, for the second time
    person.types("poll --force")
    person.types(f'timeline {STORY} --peek --since "3 months ago"', "20:00")


def test_a_report_dated_in_the_future_is_shown_now_and_once(person: Person) -> None:
    _follows(person)
    ahead = person.press.document("ledger").replace(b"Sun, 02 Aug 2020", b"Fri, 02 Aug 2030")
    ahead = ahead.replace(escape(TALKS).encode(), LAWSUIT.encode())
    ahead = ahead.replace(b"ledger-8<", b"ledger-900<").replace(b"example/8<", b"example/900<")
    person.press.routes["/ledger.xml"] = Reply(200, ahead)
    person.types("poll --force", "1 new item")
    fresh = person.reports(STORY, "--new")
    (report,) = [each for each in fresh if each["title"] == LAWSUIT]
    assert report["title"] == LAWSUIT
    assert report["published"] <= "2020-08-03T08:00:00Z"
    person.types(f"timeline {STORY} --new --reports", LAWSUIT[:25])
    person.at("2020-08-04 08:00")
    person.types("poll --force")
    assert report["title"] not in person.headlines(STORY, "--new")
