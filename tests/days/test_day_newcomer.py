"""The first hour of a newcomer: from nothing to a story that is followed, through wrong turns."""

from __future__ import annotations

import subprocess

import pytest
from person import Person

SALE = "Microsoft in talks to buy TikTok's American business"


def test_every_first_command_says_what_to_do_next(person: Person) -> None:
    person.types("poll", "there is no such file; `tracker feeds add URL` makes one.", code=2)
    person.types("feeds ls", "`tracker feeds add URL` makes one.", code=2)
    person.types("timeline", "You follow no story yet.", 'tracker follow "TikTok acquisition"')
    person.types("stories", "You follow no story yet.")
    person.types("timeline tiktok", "tiktok", "no story", code=1)
    person.types("why 1 2", code=1)
    person.types("folow TikTok", "No such command 'folow'", "follow", code=2)


@pytest.mark.long
def test_in_an_hour_a_newcomer_follows_a_story_and_reads_what_is_new(person: Person) -> None:
    # A wrong address adds nothing, and the list is not even made.
    person.types("feeds add http://127.0.0.1:9/", "nobody answers there", code=1)
    person.types("feeds ls", code=2)
    person.types(f"feeds add {person.press.url('/nothing.xml')}", "404", code=1)

    for outlet, title in (("ledger", "The Daily Ledger"), ("courrier", "Le Courrier du Rhône")):
        person.types(f"feeds add {person.feed(outlet)}", f"Added {title}")
    person.types(f"feeds add {person.feed('ledger')}", "is listed already.")
    listed = person.reads("feeds ls")
    assert {feed["title"] for feed in listed["feeds"]} == {
        "The Daily Ledger",
        "Le Courrier du Rhône",
    }

    # A look at what would be followed keeps nothing.
    person.types('follow --dry-run "TikTok acquisition"', "Would follow TikTok acquisition")
    person.types("stories", "You follow no story yet.")
    person.types('follow "TikTok acquisition"', "Following TikTok acquisition", "tracker poll")
    person.types('follow "TikTok acquisition"', "tiktok-acquisition asks for the same")
    person.types("story rm tiktok-acquisition-2 --yes")
    person.types('follow ""', code=2)

    person.types("poll", "2 feeds", "2 with something new", "7 new items", "linked to your stories")
    assert SALE in person.headlines("tiktok-acquisition")
    assert all(report["new"] for report in person.reports("tiktok-acquisition"))
    person.types("timeline", "TikTok acquisition", "new", SALE[:40])
    person.types("timeline", "Nothing new.")
    assert not any(report["new"] for report in person.reports("tiktok-acquisition"))

    # Why a report was linked, and why another was not.
    person.types(f"why tiktok-acquisition {person.id_of(SALE)}", "talks to buy", "TikTok")
    strike = person.id_of("Rail strike enters second week as talks stall")
    person.types(f"why tiktok-acquisition {strike}", "TikTok")


def test_a_newcomer_who_follows_after_the_poll_finds_the_same(person: Person) -> None:
    person.types(f"feeds add {person.feed('ledger')}")
    person.types(f"feeds add {person.feed('courrier')}")
    person.types("poll", "7 new items")
    person.types('follow "TikTok acquisition"', "of 7 stored items")
    found = person.headlines("tiktok-acquisition", "--maybe")
    person.types("story rm tiktok-acquisition --yes")
    person.types("timeline", "You follow no story yet.")
    person.types('follow "TikTok acquisition"')
    assert person.headlines("tiktok-acquisition", "--maybe") == found
    assert SALE in found


def test_what_is_piped_is_plain_and_a_reader_that_leaves_is_no_error(person: Person) -> None:
    person.types(f"feeds add {person.feed('ledger')}")
    person.types('follow "TikTok acquisition"')
    person.types("poll")
    line = " ".join(f"'{word}'" for word in person.command("search T --limit 0"))
    done = subprocess.run(
        ["/bin/sh", "-c", f"{line} | head -n 1"],
        env=person.environment(),
        cwd=person.home,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert "\x1b" not in done.stdout
