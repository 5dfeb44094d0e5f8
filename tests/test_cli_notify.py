"""`notify`, `digest` and what `poll` sends, as a user types them."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from alerting import HEADLINES
from publishing import Publisher, Reply
from receiving import Receiver, receiving

PAST = "Microsoft in talks about TikTok acquisition, its most daring deal"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


class Home:
    """A clean home folder, and a feed whose headlines the test sets."""

    def __init__(self, folder: Path, publisher: Publisher) -> None:
        self.folder = folder
        self.titles = [PAST]
        self.address = publisher.url("/feed")
        publisher.routes["/feed"] = lambda _: Reply(200, self._document())

    def _document(self) -> bytes:
        now = datetime.now(UTC) - timedelta(minutes=5)
        items = "".join(
            f"<item><title>{title}</title><guid>{number}</guid>"
            f"<link>https://gazette.example/{number}</link>"
            f"<pubDate>{format_datetime(now)}</pubDate></item>"
            for number, title in enumerate(self.titles)
        )
        channel = f"<channel><title>Gazette</title><language>en</language>{items}</channel>"
        return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'.encode()

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k == "PATH" or k.startswith("COVERAGE")}
        return kept | {"HOME": str(self.folder), "no_proxy": "127.0.0.1", "COLUMNS": "80"}

    @property
    def conf(self) -> Path:
        return self.folder / ".config" / "tracker" / "alerts.conf"

    def run(self, *words: str, given: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", *words],
            env=self.environ,
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == code, done.stderr
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)

    def following(self) -> Home:
        """Follow a story whose past is polled."""
        self.run("feeds", "add", self.address)
        self.run("poll")
        self.run("follow", "TikTok acquisition")
        return self

    def news(self, *titles: str) -> None:
        self.titles += titles


@pytest.fixture
def home(tmp_path: Path, publisher: Publisher) -> Home:
    return Home(tmp_path, publisher)


def test_five_commands_lead_from_nothing_to_the_first_alert_in_the_terminal(home: Home) -> None:
    home.run("feeds", "add", home.address)
    home.run("follow", "TikTok acquisition")
    said = home.run("notify", "add", "exec", "printenv", "TRACKER_TITLE", "TRACKER_MESSAGE").stdout
    assert "The program and its arguments are in" in said
    first = home.run("poll")
    assert (first.stderr, "sent" in first.stdout) == ("", False), "the past is not told"
    home.news(HEADLINES[0])
    second = home.run("poll", "--force")
    assert second.stderr == f"TikTok acquisition\n{HEADLINES[0]}\nGazette\n"
    assert second.stdout.splitlines()[-1] == "1 message sent to exec"


def test_a_poll_tells_what_was_sent_in_json_too(home: Home, receiver: Receiver) -> None:
    home.following().run("notify", "add", "webhook", receiver.url())
    home.news(*HEADLINES[:2])
    said = home.json("poll", "--force")["alerts"]
    assert (said["sent"], said["targets"], said["in_doubt"]) == (2, ["webhook"], 0)
    assert home.json("poll")["alerts"]["sent"] == 0


def test_a_quiet_poll_says_only_what_the_user_has_to_know(home: Home, receiver: Receiver) -> None:
    home.following().run("notify", "add", "webhook", receiver.url())
    receiver.says(500)
    home.news(HEADLINES[0])
    done = home.run("poll", "--force", "--quiet")
    assert (done.stdout, done.stderr) == ("", ""), "it is tried again"
    receiver.says(0)
    home.run("notify", "add", "webhook", receiver.url(), "--name", "other")
    home.news(HEADLINES[1])
    done = home.run("poll", "--force", "--quiet")
    assert done.stdout == ""
    assert re.fullmatch(
        r"tracker: other: .*closed the connection.*; tracker notify ls names the message\.\n",
        done.stderr,
    )


def test_a_failure_is_shown_with_what_becomes_of_it(home: Home, receiver: Receiver) -> None:
    home.following().run("notify", "add", "webhook", receiver.url())
    receiver.says(500)
    home.news(HEADLINES[0])
    said = home.run("poll", "--force").stdout
    assert "! webhook: its server has an error (500); it is tried again" in said
    said = home.run("notify", "ls").stdout
    assert "! failing: its server has an error (500)" in said
    assert "Waiting: 1 message" in said
    assert HEADLINES[0][:40] in said
    receiver.says(200)
    assert "1 message sent to webhook" in home.run("notify", "retry").stdout
    assert "Waiting" not in home.run("notify", "ls").stdout


def test_a_message_in_doubt_is_named_until_it_is_retried_or_dropped(
    home: Home, receiver: Receiver
) -> None:
    home.following().run("notify", "add", "webhook", receiver.url())
    receiver.says(0)
    home.news(HEADLINES[0], HEADLINES[1])
    home.run("poll", "--force")
    receiver.says(200)
    home.run("poll")
    said = home.run("notify", "ls").stdout
    assert "In doubt: 1 message" in said
    (message,) = home.json("notify", "ls")["messages"]
    assert (message["state"], message["kind"]) == ("doubt", "alert")
    assert f"tracker notify retry {message['id']} sends it" in said
    assert home.run("notify", "retry").stdout == "No message waits to be sent again.\n"
    home.run("notify", "drop", str(message["id"]))
    assert home.json("notify", "ls")["messages"] == []


def test_an_alerts_conf_that_others_can_read_does_not_fail_the_poll(
    home: Home, receiver: Receiver
) -> None:
    home.following().run("notify", "add", "webhook", receiver.url())
    home.conf.chmod(0o644)
    home.news(HEADLINES[0])
    done = home.run("poll", "--force")
    assert "No alert is sent: " in done.stderr
    assert "chmod 600" in done.stderr
    home.conf.chmod(0o600)
    assert "1 message sent" in home.run("poll").stdout


def test_what_stands_behind_exec_is_the_programs(home: Home) -> None:
    home.run("notify", "add", "--name", "mine", "exec", "/bin/echo", "--name", "x", "-v")
    line = home.conf.read_text().splitlines()[-1]
    assert line == 'mine=["/bin/echo", "--name", "x", "-v"]'


@pytest.mark.parametrize("place", ["before", "after"])
def test_options_stand_before_or_after_an_address(home: Home, place: str) -> None:
    options = ("--name", "phone", "--quiet", "22-7")
    address = ("ntfy", "https://ntfy.example/news")
    words = (*options, *address) if place == "before" else (*address, *options)
    home.run("notify", "add", *words)
    (found,) = home.json("notify", "ls")["targets"]
    assert (found["name"], found["quiet"], found["shown"]) == (
        "phone",
        "22:00-07:00",
        "https://ntfy.example/…",
    )


def test_an_address_can_be_read_from_standard_input(home: Home) -> None:
    home.run("notify", "add", "ntfy", "-", given="https://ntfy.example/secret-topic\n")
    assert "ntfy=https://ntfy.example/secret-topic" in home.conf.read_text()


def test_ntfy_without_an_address_gets_a_topic_that_is_shown_once(home: Home) -> None:
    said = home.run("notify", "add", "ntfy").stdout
    found = re.search(r"https://ntfy\.sh/tracker-[\w-]{16}", said)
    assert found
    assert f"ntfy={found[0]}" in home.conf.read_text()
    assert found[0] not in home.run("notify", "ls").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("carrier-pigeon",), "'carrier-pigeon' is no channel"),
        (("webhook",), "webhook takes one address"),
        (("webhook", "example.org"), "An address of webhook is written https://HOST/PATH."),
        (("ntfy", "https://ntfy.sh/"), "An address of ntfy ends in a topic"),
        (("exec",), "exec takes a program"),
        (("desktop", "x"), "desktop takes no address"),
        (("exec", "true", "&&"), ""),
        (("--quiet", "night", "desktop"), "--quiet 'night' is not two times of the day"),
        (("--name", "a b", "desktop"), "--name 'a b' must be letters"),
        (("--name", "a.secret", "desktop"), "--name 'a.secret' must be letters"),
        (("ntfy", "cmd:"), "Write the command behind cmd:"),
    ],
)
def test_what_cannot_be_a_target_is_said(home: Home, words: tuple[str, ...], said: str) -> None:
    done = home.run("notify", "add", *words, code=2 if said else 0)
    assert said in done.stderr
    assert done.stderr.count("\n") == bool(said)


def test_a_name_is_given_once(home: Home) -> None:
    home.run("notify", "add", "desktop")
    home.run("notify", "add", "desktop")
    names = [found["name"] for found in home.json("notify", "ls")["targets"]]
    assert names == ["desktop", "desktop-2"]
    done = home.run("notify", "add", "desktop", "--name", "desktop", code=2)
    assert "There is a target 'desktop' already" in done.stderr


def test_a_story_that_does_not_exist_is_said(home: Home) -> None:
    done = home.run("notify", "add", "desktop", "--story", "nothing", code=1)
    assert "There is no story 'nothing'" in done.stderr
    assert home.json("notify", "ls")["targets"] == []


def test_an_extra_that_is_missing_is_said(home: Home) -> None:
    code = "import sys; sys.modules['apprise'] = None\nfrom tracker.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "notify", "add", "mailto://me:pass@example.org"],
        env=home.environ,
        cwd=home.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "pip install 'tracker[alerts]'" in done.stderr
    assert "pass" not in done.stderr


def test_a_test_says_which_target_failed_and_fails(home: Home, receiver: Receiver) -> None:
    home.run("notify", "add", "webhook", receiver.url())
    home.run("notify", "add", "exec", "false")
    done = home.run("notify", "test", code=1)
    assert done.stdout == "webhook: sent\nexec: not sent: false failed (exit code 1)\n"
    assert done.stderr == "tracker: 1 test of 2 failed.\n"
    assert receiver.posts[0].json["kind"] == "test"
    assert home.run("notify", "test", "webhook").stdout == "webhook: sent\n"
    assert home.json("notify", "test", "webhook") == {
        "tests": [{"target": "webhook", "result": "sent", "reason": None}]
    }


def test_a_target_is_removed_with_its_address(home: Home) -> None:
    home.run("notify", "add", "webhook", "https://example.org/x")
    home.run("notify", "add", "webhook", "https://example.org/y", "--name", "other")
    assert home.run("notify", "rm", "webhook").stdout == "Removed webhook.\n"
    text = home.conf.read_text()
    assert "/x" not in text
    assert "webhook.secret" not in text
    assert "other=https://example.org/y" in text
    assert "did you mean 'other'" in home.run("notify", "rm", "othr", code=1).stderr


def test_alerts_are_not_told_twice_by_two_polls_at_once(home: Home, receiver: Receiver) -> None:
    home.following().run("notify", "add", "webhook", receiver.url())
    home.news(*HEADLINES[:3])

    def slow(_: object) -> tuple[int, dict[str, str]]:
        time.sleep(0.5)
        return 200, {}

    receiver.answer = slow
    first = threading.Thread(target=home.run, args=("poll", "--force"))
    first.start()
    while not receiver.posts:
        time.sleep(0.01)
    begun = time.monotonic()
    second = home.run("poll", "--force")
    took = time.monotonic() - begun
    first.join()
    assert "sent" not in second.stdout
    assert took < 1.4, "the second poll does not wait for what the first one sends"
    assert len(receiver.posts) == 3


def heed_interrupts() -> None:
    """Undo what a shell does to its background jobs: their children are born deaf to SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_while_a_message_is_sent_leaves_a_doubt(home: Home, receiver: Receiver) -> None:
    home.following().run("notify", "add", "webhook", receiver.url())
    home.news(HEADLINES[0])
    receiver.says(-1)
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "poll", "--force"],
        env=home.environ,
        cwd=home.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - what it does is safe beside threads
    ) as process:
        while not receiver.posts:
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "tracker: Interrupted.\n")
    assert time.monotonic() - begun < 5, "it does not wait for the answer"
    (message,) = home.json("notify", "ls")["messages"]
    assert (message["state"], message["why"]) == ("doubt", "tracker was ended while it was sent")


def test_the_digest_is_shown_once(home: Home) -> None:
    home.following()
    home.news(HEADLINES[0])
    home.run("poll", "--force")
    assert HEADLINES[0][:30] in home.run("digest", "--peek").stdout
    assert HEADLINES[0][:30] in home.run("digest").stdout
    assert "nothing new" in home.run("digest").stdout
    assert HEADLINES[0][:30] in home.run("digest", "--since", "yesterday").stdout


def test_the_digest_is_written_in_the_format_of_the_files_name(home: Home) -> None:
    home.following()
    home.news(HEADLINES[0])
    home.run("poll", "--force")
    for name, sign in (("a.html", "<!DOCTYPE html>"), ("a.md", "# "), ("a.txt", "")):
        said = home.run("digest", "--peek", "--output", name).stdout
        assert said == f"Wrote {name}: 1 development.\n"
        text = (home.folder / name).read_text()
        assert text.startswith(sign)
        assert HEADLINES[0] in text
    assert home.run("digest", "--peek", "--format", "md").stdout.startswith("# ")
    assert home.json("digest", "--peek")["developments"] == 1


def test_a_digest_that_cannot_be_written_is_told_again(home: Home) -> None:
    home.following()
    home.news(HEADLINES[0])
    home.run("poll", "--force")
    (home.folder / "folder").mkdir()
    home.run("digest", "--output", "folder", code=1)
    assert HEADLINES[0][:30] in home.run("digest").stdout


def test_the_digest_is_sent_once_and_says_nothing(home: Home, receiver: Receiver) -> None:
    home.following().run("notify", "add", "webhook", receiver.url(), "--only", "digests")
    home.news(HEADLINES[0])
    home.run("poll", "--force")
    for _ in range(2):
        done = home.run("digest", "--send")
        assert (done.stdout, done.stderr) == ("", "")
    assert [post.json["kind"] for post in receiver.posts] == ["digest"]
    assert HEADLINES[0] in receiver.posts[0].json["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--send",), "No target takes digests"),
        (("--send", "--output", "x"), "leave the other options out"),
        (("--to", "x"), "add --send"),
        (("--since", "nonsense"), "'nonsense' is not a date"),
    ],
)
def test_a_digest_that_is_asked_for_wrongly_is_said(
    home: Home, words: tuple[str, ...], said: str
) -> None:
    assert said in home.run("digest", *words, code=2).stderr


def test_everything_fits_80_columns_of_a_terminal(home: Home, receiver: Receiver) -> None:
    home.following().run("notify", "add", "webhook", receiver.url(), "--name", "a-long-name")
    receiver.says(0)
    home.news(*HEADLINES)
    home.run("poll", "--force")
    for words in (("notify", "ls"), ("digest", "--peek"), ("notify", "retry")):
        terminal, end = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "tracker", *words],
            env=home.environ | {"TERM": "xterm-256color"},
            cwd=home.folder,
            stdout=end,
            stderr=end,
        ):
            os.close(end)
            written = bytearray()
            try:
                while piece := os.read(terminal, 65536):
                    written += piece
            except OSError:  # Linux says EIO where the other end is closed
                os.close(terminal)
        text = re.sub(r"\x1b\[[0-9;]*m", "", written.decode())
        assert max(map(len, text.splitlines())) <= 80
