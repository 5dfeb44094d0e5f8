"""A feed list that is broken by hand, and feeds that fail: nothing is lost, and all is named."""

from __future__ import annotations

from person import Person
from publishing import Reply

STORY = "tiktok-acquisition"


def _listed(person: Person) -> str:
    person.types(f"feeds add {person.feed('ledger')}")
    person.types(f"feeds add {person.feed('harbour')}")
    person.types('follow "TikTok acquisition"')
    person.types("poll")
    path = person.home / ".config" / "tracker" / "feeds.yaml"
    return path.read_text("utf-8")


def test_each_mistake_in_the_list_is_named_with_its_line(person: Person) -> None:
    good = _listed(person)
    path = person.home / ".config" / "tracker" / "feeds.yaml"
    had = person.headlines(STORY)
    lines = len(good.splitlines())
    for added, sentence in (
        ("\t- url: http://a.example/\n", "feeds.yaml"),
        ("  - url: http://a.example/\n    titel: A\n", "titel"),
        ("  - url: ftp://a.example/\n", "must be an address that starts with http:// or https://"),
        (f"  - url: {person.feed('ledger')}\n", "is the address of line 2, too"),
    ):
        path.write_text(good + added, "utf-8")
        printed = person.types("poll", sentence, code=2)
        assert f"line {lines + 1}" in printed or f"line {lines + 2}" in printed, printed
        # What is stored can be read all the same.
        assert person.headlines(STORY) == had
    path.write_text(good, "utf-8")
    person.at("2020-08-03 12:00")
    person.types("poll --force", "2 feeds")
    assert person.headlines(STORY) > had


def test_a_list_that_vanished_takes_no_item_with_it(person: Person) -> None:
    good = _listed(person)
    path = person.home / ".config" / "tracker" / "feeds.yaml"
    had = person.headlines(STORY)
    path.unlink()
    person.types("poll", "there is no such file", code=2)
    assert person.headlines(STORY) == had
    path.write_text(good, "utf-8")
    person.types("poll --force", "2 feeds")
    assert person.headlines(STORY) == had


def test_a_feed_that_fails_is_named_and_is_read_again_when_it_is_back(person: Person) -> None:
    _listed(person)
    feed = person.press.routes["/ledger.xml"]
    for route, reason in (
        (500, "500"),
        (
            Reply(200, b"<html><body>Please enable JavaScript</body></html>"),
            "it is an HTML page, not a feed",
        ),
        (Reply(200, b""), "empty"),
    ):
        person.press.routes["/ledger.xml"] = route
        person.types("poll --force", person.feed("ledger"), reason)
        person.types("feeds ls --failing", "The Daily Ledger")
    person.press.routes["/ledger.xml"] = feed
    person.at("2020-08-03 12:00")
    person.types("poll --force")
    person.types("feeds ls --failing", hides=("The Daily Ledger",))
    assert "Trump sets deadline of 15 September for sale of TikTok" in person.headlines(STORY)


def test_a_feed_that_is_gone_is_asked_no_more_and_can_be_removed(person: Person) -> None:
    _listed(person)
    person.press.routes["/harbour.xml"] = 410
    person.types("poll --force", "it is gone for good (410)")
    asked = person.press.asked["/harbour.xml"]
    person.at("2020-08-05 12:00")
    person.types("poll")
    assert person.press.asked["/harbour.xml"] == asked
    had = person.headlines(STORY)
    person.types(f"feeds rm {person.feed('harbour')}")
    assert person.headlines(STORY) == had
    person.types("feeds ls", "no longer listed; its items are kept")


def test_all_feeds_failing_is_an_error_of_the_poll(person: Person) -> None:
    _listed(person)
    for outlet in ("ledger", "harbour"):
        person.press.routes[f"/{outlet}.xml"] = 503
    person.types("poll --force", "All 2 feeds failed.", code=1)
