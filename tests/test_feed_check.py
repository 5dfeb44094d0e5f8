"""`feeds check`: feeds that are not well are named, with what mends them; nothing is stored."""

from __future__ import annotations

import json
import shlex
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homes import Home
from publishing import Reply

from tracker.config import load_feeds

if TYPE_CHECKING:
    from publishing import Publisher

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
CHALLENGE = b"<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>"


def feed(*ages: timedelta) -> bytes:
    items = "".join(
        f"<item><title>No {age}</title><guid>{age}</guid>"
        f"<pubDate>{format_datetime(NOW - age)}</pubDate></item>"
        for age in ages
    )
    return f"<rss version='2.0'><channel><title>A feed</title>{items}</channel></rss>".encode()


WELL = feed(*(DAY * n for n in range(10)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def listed(home: Home, publisher: Publisher, *paths: str) -> None:
    rows = "".join(f"  - url: {publisher.url(path)}\n" for path in paths)
    home.feeds.write_text(f"feeds:\n{rows}", "utf-8")


def checked(home: Home, code: int, *words: str) -> dict[str, Any]:
    done = home.run("feeds", "check", *words, "--json")
    assert done.exit_code == code, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def the_one(home: Home, code: int = 1) -> dict[str, Any]:
    (found,) = checked(home, code)["feeds"]
    assert isinstance(found, dict)
    return found


def aged(home: Home, statement: str) -> None:
    with closing(sqlite3.connect(home.db)) as db, db:
        db.execute(statement)


# --- conditions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "condition", "told"),
    [
        (410, "dead", ("gone for good (410)", "feeds add")),
        (404, "dead", ("nothing at this address (404)", "feeds add")),
        (401, "refused", ("a user name and a password (401)", "feeds edit")),
        (403, "refused", ("forbids it (403)", "feeds add")),
        (Reply(403, CHALLENGE), "challenge", ("a Cloudflare challenge", "feeds add")),
        (Reply(200, CHALLENGE), "challenge", ("a Cloudflare challenge", "feeds add")),
        (
            Reply(200, b"<html><title>Captcha!</title>"),
            "challenge",
            ("a captcha page", "feeds add"),
        ),
        (Reply(200, b"<html><title>News</title>"), "page", ("titled “News”", "feeds add")),
        (Reply(200, b"<html><title>Log in</title>"), "page", ("a login page", "feeds add")),
        (Reply(200, feed()), "silent", ("there is nothing in it", "feeds add")),
        (
            feed(*(DAY * 500 + DAY * n for n in range(5))),
            "silent",
            ("is 16 months old", "feeds add"),
        ),
    ],
)
def test_a_feed_that_needs_the_user_is_named_with_what_mends_it(
    home: Home, publisher: Publisher, reply: Any, condition: str, told: tuple[str, str]
) -> None:
    publisher.routes["/f"] = reply
    reason, command = told
    listed(home, publisher, "/f")
    found = the_one(home)
    assert found["condition"] == condition
    assert reason in found["reason"]
    assert found["commands"][0].startswith(f"tracker {command} ")
    assert found["commands"][-1] == f"tracker feeds rm {publisher.url('/f')}"


@pytest.mark.parametrize("reply", [500, 503, 429, Reply(200, b"")])
def test_what_may_pass_by_itself_is_named_and_counts_if_asked_to(
    home: Home, publisher: Publisher, reply: Any
) -> None:
    publisher.routes["/f"] = reply
    listed(home, publisher, "/f")
    found = the_one(home, code=0)
    assert found["condition"] == "failing"
    assert found["commands"] == [f"tracker poll --feed {publisher.url('/f')}"]
    assert checked(home, 1, "--strict")["well"] == 0


def test_a_title_that_names_a_challenge_does_not_make_one(home: Home, publisher: Publisher) -> None:
    title = b"A Cloudflare challenge, which only a browser passes"
    publisher.routes["/f"] = Reply(200, b"<html><title>" + title + b"</title>")
    listed(home, publisher, "/f")
    assert the_one(home)["condition"] == "page"


def test_a_feed_that_moved_is_edited_by_the_command_that_is_shown(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes |= {"/old": Reply(301, headers={"Location": "/new"}), "/new": WELL}
    listed(home, publisher, "/old")
    found = the_one(home)
    assert (found["condition"], found["moved_to"]) == ("moved", publisher.url("/new"))
    (command,) = found["commands"]
    home.ok(*shlex.split(command)[1:])
    assert the_one(home, code=0)["condition"] == "well"


def test_a_feed_that_moved_to_a_listed_one_is_to_be_removed(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes |= {"/old": Reply(301, headers={"Location": "/new"}), "/new": WELL}
    listed(home, publisher, "/old", "/new")
    old, new = checked(home, 1)["feeds"]
    assert old["commands"] == [f"tracker feeds rm {publisher.url('/old')}"]
    assert old["reason"] == f"to {publisher.url('/new')}, which is listed, too"
    assert new["condition"] == "well"


def test_a_passing_redirect_is_no_move(home: Home, publisher: Publisher) -> None:
    publisher.routes |= {"/old": Reply(302, headers={"Location": "/new"}), "/new": WELL}
    listed(home, publisher, "/old")
    assert the_one(home, code=0)["condition"] == "well"


def test_a_feed_that_fails_for_a_week_is_dead(home: Home, publisher: Publisher) -> None:
    publisher.routes["/f"] = 500
    listed(home, publisher, "/f")
    home.run("poll")
    assert the_one(home, code=0)["condition"] == "failing"
    aged(home, "UPDATE outages SET since = since - 8 * 86400")
    found = the_one(home)
    assert found["condition"] == "dead"
    assert "; for 8 days" in home.run("feeds", "check").stdout


def test_a_feed_that_has_just_failed_has_no_duration_yet(home: Home, publisher: Publisher) -> None:
    publisher.routes["/f"] = 404
    listed(home, publisher, "/f")
    home.run("poll")
    assert "\n    there is nothing at this address (404)\n" in home.run("feeds", "check").stdout


def test_an_address_that_was_read_yesterday_is_not_dead_yet(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes["/f"] = WELL
    listed(home, publisher, "/f")
    home.ok("poll")
    publisher.routes["/f"] = 404
    assert the_one(home, code=0)["condition"] == "failing"
    aged(home, "UPDATE feeds SET last_ok = last_ok - 4 * 86400")
    assert the_one(home)["condition"] == "dead"


@pytest.mark.parametrize(
    ("ages", "condition"),
    [
        ([DAY * 13, DAY * 14, DAY * 15], "well"),
        ([DAY * 15, DAY * 16, DAY * 17], "silent"),
        ([DAY * 60, DAY * 90, DAY * 120, DAY * 150], "well"),
        ([DAY * 320, DAY * 350, DAY * 380, DAY * 410], "silent"),
        ([DAY * 300], "well"),
    ],
)
def test_silence_is_measured_by_the_rhythm_of_the_feed(
    home: Home, publisher: Publisher, ages: list[timedelta], condition: str
) -> None:
    publisher.routes["/f"] = feed(*ages)
    listed(home, publisher, "/f")
    assert the_one(home, code=0 if condition == "well" else 1)["condition"] == condition
    assert "one every 1 " not in home.run("feeds", "check").stdout
    home.ok("poll")  # of what is stored the same is said, though the answer is now a 304
    assert the_one(home, code=0 if condition == "well" else 1)["condition"] == condition


# --- what a check does and does not do -------------------------------------------------------


def test_nothing_is_stored_and_each_feed_is_asked_once(home: Home, publisher: Publisher) -> None:
    publisher.routes |= {"/a": WELL, "/b": 404}
    listed(home, publisher, "/a", "/b")
    checked(home, 1)
    assert not home.db.exists()
    home.ok("poll")
    publisher.routes["/a"] = feed(DAY / 2, *(DAY * n for n in range(1, 10)))
    before = home.ok("feeds", "ls", "--json")
    checked(home, 1)
    assert home.ok("feeds", "ls", "--json") == before
    assert publisher.asked == {"/a": 3, "/b": 3}
    assert json.loads(home.ok("poll", "--force", "--json"))["new_items"] > 0


def test_a_feed_that_polls_know_is_asked_with_its_validator(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes["/f"] = WELL
    listed(home, publisher, "/f")
    home.ok("poll")
    assert the_one(home, code=0)["status"] == 304


def test_all_that_is_well_is_one_line_and_nothing_in_quiet(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes |= {"/a": WELL, "/b": WELL}
    listed(home, publisher, "/a", "/b")
    assert home.ok("feeds", "check") == "All 2 feeds are well.\n"
    assert home.ok("feeds", "check", "--quiet") == ""
    publisher.routes["/b"] = 410
    assert "Dead" in home.run("feeds", "check", "--quiet").stdout


def test_only_the_named_feeds_and_those_with_the_tag_are_asked(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes |= {"/a": WELL, "/b": WELL}
    listed(home, publisher, "/a", "/b")
    home.ok("feeds", "edit", publisher.url("/b"), "--tag", "Mine")
    assert checked(home, 0, publisher.url("/a"))["checked"] == 1
    assert checked(home, 0, "--tag", "mine")["feeds"][0]["url"] == publisher.url("/b")
    assert publisher.asked == {"/a": 1, "/b": 1}
    assert "no feed" in home.fails(1, "feeds", "check", "https://x.example/")
    assert "no tag" in home.fails(1, "feeds", "check", "--tag", "other")


def test_where_no_server_answers_the_feeds_are_not_blamed(home: Home) -> None:
    home.feeds.write_text(
        "feeds:\n- url: http://127.0.0.1:9/a\n- url: http://127.0.0.1:9/b\n", "utf-8"
    )
    done = home.run("feeds", "check")
    assert done.exit_code == 1
    assert done.stdout.startswith("None of 2 feeds answered: check this computer's connection.\n")
    assert "feeds rm" not in done.stdout
    assert checked(home, 1)["offline"] is True


def test_a_password_is_never_shown(home: Home, publisher: Publisher) -> None:
    publisher.routes["/f"] = Reply(301, headers={"Location": "/g"})
    publisher.routes["/g"] = WELL
    url = publisher.url("/f").replace("://", "://me:s3cret@")
    home.feeds.write_text(f"feeds:\n- url: {url}\n", "utf-8")
    for words in ((), ("--json",)):
        done = home.run("feeds", "check", *words)
        assert "feeds edit" in done.stdout
        assert "s3cret" not in done.output


def test_what_a_feed_says_of_itself_cannot_steer_a_terminal(
    home: Home, publisher: Publisher
) -> None:
    publisher.routes["/f"] = Reply(200, b"<html><title>\x1b[31mRed\x07</title>")
    listed(home, publisher, "/f")
    done = home.run("feeds", "check")
    assert "Red" in done.stdout
    assert "\x1b" not in done.stdout


def test_many_feeds_are_checked_at_once(home: Home, publisher: Publisher) -> None:
    publisher.delay = 0.1
    publisher.routes |= {f"/{n}": WELL for n in range(40)}
    settings = "settings:\n  per_host: 20\n"
    rows = "".join(f"  - url: {publisher.url(f'/{n}')}\n" for n in range(40))
    home.feeds.write_text(f"feeds:\n{rows}{settings}", "utf-8")
    began = time.monotonic()
    assert checked(home, 0)["checked"] == 40
    assert time.monotonic() - began < 3
    assert publisher.most_at_once > 5


def test_a_bundled_list_that_does_not_exist_is_named(home: Home) -> None:
    done = home.run("feeds", "check", "--pack", "nothing")
    assert done.exit_code == 1
    assert "There is no pack 'nothing'; tracker feeds packs lists all." in " ".join(
        done.stderr.split()
    )
    assert "leave out feeds" in home.fails(2, "feeds", "check", "x", "--pack", "games-de")


def test_the_list_is_not_changed_by_a_check(home: Home, publisher: Publisher) -> None:
    publisher.routes["/f"] = 410
    listed(home, publisher, "/f")
    before = home.feeds.read_bytes()
    checked(home, 1)
    assert home.feeds.read_bytes() == before
    assert len(load_feeds(home.feeds).sources) == 1
