"""A thousand hostile headlines through the body of every channel: all of it is text."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from exporting import NOW, hostile
from receiving import Receiver, receiving

from tracker.alerts import http, messages, programs
from tracker.feeds.fetching.post import post
from tracker.model.alerts import HttpPost, Notice, Result
from tracker.model.core import Timeline
from tracker.views import json as as_json

VALUE = hostile()
# Apprise imports what Python 3.13 has no more.
WITH_APPRISE = pytest.mark.filterwarnings("ignore::DeprecationWarning")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]")


def notices() -> Iterator[Notice]:
    """Each report as an alert, and all as a summary, a message over the cap and a digest."""
    for report in VALUE.reports:
        yield messages.alert(Timeline(VALUE.story, (report,)), 7, (), as_json.timeline)
    yield messages.summary([VALUE], "key", (), as_json.timeline)
    yield messages.more(VALUE, "key", as_json.timeline)
    yield messages.digest("# title\x1b[31m", "text", "key", [VALUE], as_json.timeline)


NOTICES = list(notices())


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def assert_harmless(text: str, *, lines: bool) -> None:
    allowed = {"\n"} if lines else set()
    assert {c for c in text if unicodedata.category(c) in {"Cc", "Cs"}} <= allowed
    assert not TURNING.search(text)


def test_there_are_a_thousand() -> None:
    assert len(NOTICES) > 1000
    assert any("$(" in notice.text or "`" in notice.text for notice in NOTICES)
    assert any("<script" in notice.text for notice in NOTICES)


def test_no_notice_holds_a_control_or_direction_character() -> None:
    for notice in NOTICES:
        assert_harmless(notice.title, lines=False)
        assert_harmless(notice.text, lines=True)


def test_a_notice_links_only_to_the_web_and_holds_no_password() -> None:
    for notice in NOTICES:
        assert re.fullmatch(r"(https?://[^\s<>\"]+)?", notice.url)
        assert "secret@" not in notice.url + json.dumps(notice.payload)


@pytest.mark.parametrize("channel", ["ntfy", "webhook"])
def test_the_body_of_a_request_is_json_whose_texts_are_plain(channel: str) -> None:
    for notice in NOTICES:
        request = (
            http.ntfy("https://ntfy.example/topic", notice)
            if channel == "ntfy"
            else http.webhook("https://example.org/hook", "key", notice)
        )
        said = request.body.decode()
        assert_harmless(said, lines=False)
        for text in texts(json.loads(said)):
            assert_harmless(text, lines=True)
        for name, value in request.headers:
            assert (name + value).isascii()
            assert "\n" not in name + value


def test_ntfy_is_never_asked_to_read_mark_up() -> None:
    said = json.loads(http.ntfy("https://ntfy.example/topic", NOTICES[0]).body)
    assert not {"markdown", "actions", "attach", "icon"} & said.keys()


def test_a_message_to_ntfy_is_never_so_long_that_it_becomes_an_attachment() -> None:
    for notice in NOTICES:
        long = replace(notice, text=notice.text * 50)
        said = json.loads(http.ntfy("https://ntfy.example/topic", long).body)
        assert len(said["message"].encode()) <= http.NTFY_TEXT_IN_BYTES


def script(folder: Path, name: str) -> Path:
    """Make a program that keeps its arguments, its stdin and its environment."""
    path = folder / name
    path.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"with open({str(folder / 'got')!r}, 'w') as file:\n"
        "    json.dump([sys.argv[1:], sys.stdin.read(), dict(os.environ)], file)\n"
    )
    path.chmod(0o755)
    return path


def test_no_shell_reads_what_a_program_gets(tmp_path: Path) -> None:
    worst = [n for n in NOTICES if re.search(r"[$`;|&]", n.title + n.text)][:20]
    assert worst
    program = script(tmp_path, "program")
    for notice in worst:
        assert programs.run([str(program), "$HOME", "`id`"], notice).result is Result.SENT
        words, given, environ = json.loads((tmp_path / "got").read_text())
        assert words == ["$HOME", "`id`"]
        assert json.loads(given)["message"] == notice.text
        assert environ["TRACKER_MESSAGE"] == notice.text


@pytest.mark.parametrize(
    ("platform", "program"), [("linux", "notify-send"), ("darwin", "osascript")]
)
def test_the_desktop_gets_text_as_arguments_without_mark_up(
    tmp_path: Path, platform: str, program: str
) -> None:
    script(tmp_path, program)
    environ = {"PATH": str(tmp_path)}
    chosen = [n for n in NOTICES if "<" in n.text][:10] + NOTICES[-3:]
    for notice in chosen:
        done = programs.desktop(notice, platform, environ, 1000, tmp_path)
        assert done.result is Result.SENT
        words, _, _ = json.loads((tmp_path / "got").read_text())
        title, text = words[-2:]
        assert title == notice.title
        if platform == "darwin":
            assert notice.text.startswith(text.removesuffix("…"))
            assert notice.title not in " ".join(words[:-2])
        else:
            assert words[-3] == "--", "a headline that begins with - is no option"
            assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", text)


def test_a_job_of_cron_reaches_the_desktop_of_its_user(tmp_path: Path) -> None:
    script(tmp_path, "notify-send")
    (tmp_path / "1000").mkdir()
    (tmp_path / "1000" / "bus").touch()
    programs.desktop(NOTICES[0], "linux", {"PATH": str(tmp_path)}, 1000, tmp_path)
    _, _, environ = json.loads((tmp_path / "got").read_text())
    assert environ["DBUS_SESSION_BUS_ADDRESS"] == f"unix:path={tmp_path}/1000/bus"


def test_a_desktop_without_its_program_is_said(tmp_path: Path) -> None:
    done = programs.desktop(NOTICES[0], "linux", {"PATH": str(tmp_path)}, 1000, tmp_path)
    assert (done.result, done.why) == (Result.FAILED, "this computer has no notify-send")


def test_a_program_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    line = f"(sleep 1; touch {mark}) & wait"
    done = programs.run(["/bin/sh", "-c", line], NOTICES[0], timeout=0.3)
    assert done.result is Result.DOUBT
    assert "did not end within 0.3 s" in done.why
    import time

    time.sleep(1.2)
    assert not mark.exists()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@WITH_APPRISE
def test_services_of_apprise_get_text_that_mentions_nobody(receiver: Receiver) -> None:
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    from tracker.alerts import apprise

    address = receiver.url("/hook").replace("http://", "json://")
    acting = "@everyone <!channel> [click](https://evil.example) **bold** `code` <b>x</b>"
    notice = replace(NOTICES[0], text=acting, title=acting, url="https://example.org/1")
    assert apprise.send(address, notice).result is Result.SENT
    (post,) = receiver.posts
    body = post.json["message"]
    assert not re.search(r"@everyone|<!channel|\]\(|\*\*|<b>|://evil", body + post.json["title"])
    assert body.replace("\u2060", "") == f"{acting}\nhttps://example.org/1"
    assert body.endswith("\nhttps://example.org/1")


@WITH_APPRISE
def test_services_of_apprise_get_a_thousand_headlines_without_controls(receiver: Receiver) -> None:
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    from tracker.alerts import apprise

    address = receiver.url("/hook").replace("http://", "json://")
    for notice in [*NOTICES[:30], *NOTICES[-3:]]:
        assert apprise.send(address, notice).result is Result.SENT
    for notice in NOTICES:
        assert_harmless(apprise.inert(notice.text).replace("\u2060", ""), lines=True)
    for sent in receiver.posts:
        for name in ("title", "message"):
            assert_harmless(sent.json[name].replace("\r\n", "\n"), lines=True)


@WITH_APPRISE
@pytest.mark.parametrize(
    ("status", "result", "why"),
    [
        (500, Result.FAILED, "its service did not take the message (500)"),
        (302, Result.FAILED, "its service did not take the message (302)"),
        (0, Result.DOUBT, "the connection broke before an answer came"),
        (-1, Result.DOUBT, "no answer came within 1 s"),
    ],
)
def test_a_service_of_apprise_that_does_not_answer_well_is_a_failure_or_a_doubt(
    receiver: Receiver, status: int, result: Result, why: str
) -> None:
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    from tracker.alerts import apprise

    receiver.says(status, Location=receiver.url("/elsewhere"))
    address = receiver.url("/hook").replace("http://", "json://")
    done = apprise.send(address, NOTICES[0], timeout=1.0)
    assert (done.result, done.why) == (result, why)
    assert {post.path for post in receiver.posts} == {"/hook"}


@pytest.mark.parametrize(
    ("address", "known"), [("json://localhost/x", True), ("nosuch://x", False)]
)
def test_an_address_that_apprise_does_not_know_is_told_apart(address: str, known: bool) -> None:  # noqa: FBT001 - a case
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    from tracker.alerts import apprise

    assert apprise.is_known(address) is known


@pytest.mark.parametrize("url", ["http://[::1/x", "http://a\ud800.example/", "http:// /"])
def test_nothing_was_sent_to_an_address_that_cannot_be_read(url: str) -> None:
    answer = post(HttpPost(url, b"secret"), NOW, timeout=1)
    assert (answer.error, answer.begun) == ("its address cannot be read", False)
