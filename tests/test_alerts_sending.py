"""Sending: what is tried, how often, and what becomes of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alerting import HEADLINES, NOW, come, courier, followed, queued, send, target
from exporting import STORY, at, report
from receiving import Post, Receiver, receiving

from tracker.alerts import messages
from tracker.errors import BusyError, ConfigError, NotFoundError
from tracker.model.alerts import MessageState
from tracker.model.core import Timeline
from tracker.services import alerts
from tracker.services import follow as use_case
from tracker.services import targets as target_use_case
from tracker.store.alerts import outbox, targets
from tracker.store.alerts.work import has_work
from tracker.store.database import SENDING, Database, only_one
from tracker.store.following import stories
from tracker.views import json as as_json

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def story(db: Database) -> Database:
    followed(db)
    return db


def states(db: Database) -> list[str]:
    return [row[1] for row in queued(db)]


def test_a_webhook_gets_the_development_as_json(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url("/hook"))
    come(story, HEADLINES[0])
    assert send(story, tmp_path).sent == 1
    (post,) = receiver.posts
    said = post.json
    assert post.path == "/hook"
    assert (said["kind"], said["title"]) == ("alert", "TikTok acquisition")
    assert said["message"] == f"{HEADLINES[0]}\nGazette"
    assert said["story"]["slug"] == "tiktok-acquisition"
    assert [item["title"] for item in said["items"]] == [HEADLINES[0]]
    assert said["url"] == said["items"][0]["url"]
    assert said["event"] == said["items"][0]["event"]
    assert post.headers["idempotency-key"] == said["id"]


def test_a_webhook_is_signed_with_the_key_in_alerts_conf(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url("/hook"))
    lines = dict(
        line.split("=", 1) for line in (tmp_path / "alerts.conf").read_text().splitlines()[1:]
    )
    come(story, HEADLINES[0])
    send(story, tmp_path)
    (post,) = receiver.posts
    signature = hmac.new(lines["t.secret"].encode(), post.body, hashlib.sha256).hexdigest()
    assert post.headers["x-tracker-signature"] == f"sha256={signature}"


def test_ntfy_gets_topic_title_link_and_the_key_of_the_development(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "ntfy", receiver.url("/base/my-topic"))
    come(story, HEADLINES[0])
    send(story, tmp_path)
    (post,) = receiver.posts
    assert post.path == "/base"
    assert post.json | {"sequence_id": ""} == {
        "topic": "my-topic",
        "title": "TikTok acquisition",
        "message": f"{HEADLINES[0]}\nGazette",
        "click": "https://outlet2.example/2",
        "priority": 3,
        "sequence_id": "",
    }
    assert post.json["sequence_id"]


@pytest.mark.parametrize(
    ("login", "header"),
    [
        ("tk_abc@", "Bearer tk_abc"),
        (":tk_abc@", "Bearer tk_abc"),
        ("me:pass%40word@", "Basic " + base64.b64encode(b"me:pass@word").decode()),
    ],
)
def test_ntfy_is_asked_with_the_token_or_password_of_the_address(
    story: Database, tmp_path: Path, receiver: Receiver, login: str, header: str
) -> None:
    address = receiver.url("/topic").replace("http://", f"http://{login}")
    target(story, tmp_path, "ntfy", address)
    come(story, HEADLINES[0])
    send(story, tmp_path)
    assert receiver.posts[0].headers["authorization"] == header


def test_a_program_gets_json_on_stdin_and_its_arguments_as_they_are(
    story: Database, tmp_path: Path
) -> None:
    script = (
        "import json, os, sys; json.dump([sys.argv[1:], json.load(sys.stdin),"
        f" os.environ['TRACKER_MESSAGE']], open({str(tmp_path / 'got')!r}, 'w'))"
    )
    target(story, tmp_path, "exec", sys.executable, "-c", script, "$(id)", "--name", "a b")
    come(story, HEADLINES[0])
    assert send(story, tmp_path).sent == 1
    words, said, message = json.loads((tmp_path / "got").read_text())
    assert words == ["$(id)", "--name", "a b"]
    assert said["items"][0]["title"] == HEADLINES[0]
    assert message == said["message"]


def test_what_is_sent_is_not_sent_again(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:3])
    assert (send(story, tmp_path).sent, send(story, tmp_path).sent) == (3, 0)
    assert len(receiver.posts) == 3
    assert not has_work(story, NOW)


def test_the_report_that_came_since_is_told_with_it(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    story.execute("INSERT INTO feeds (id, url, title) VALUES (2, 'https://b.example', 'Herald')")
    (number,) = come(story, HEADLINES[0])
    (other,) = come(story, HEADLINES[0] + " deal")
    story.execute("UPDATE items SET feed_id = 2 WHERE id = ?", (other,))
    send(story, tmp_path)
    (post,) = receiver.posts
    assert {item["id"] for item in post.json["items"]} == {number, other}
    assert post.json["message"].endswith("\nGazette, and 1 other outlet")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 500, 502, 503])
def test_an_error_of_the_server_is_tried_again_with_growing_waits(
    story: Database, tmp_path: Path, receiver: Receiver, status: int
) -> None:
    receiver.says(status)
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    (trouble,) = send(story, tmp_path).troubles
    assert (trouble.state, str(status) in trouble.why) == (MessageState.WAITING, True)
    now, waits = NOW, []
    for _ in range(5):
        before = now
        while not has_work(story, now):
            now += MINUTE
        send(story, tmp_path, now)
        waits.append((now - before) // MINUTE)
    assert waits == [5, 15, 45, 135, 360]
    assert len(receiver.posts) == 6
    assert len({post.json["id"] for post in receiver.posts}) == 1


def test_a_message_is_given_up_after_three_days(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.says(500)
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    now = NOW
    while states(story) == ["waiting"]:
        send(story, tmp_path, now)
        now += HOUR
    assert states(story) == ["failed"]
    assert timedelta(days=3) <= now - NOW <= timedelta(days=3, hours=6)
    assert len(receiver.posts) < 20


def test_retry_after_is_obeyed_by_all_messages_of_the_target(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.says(429, Retry_After="7200")
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:2])
    send(story, tmp_path)
    come(story, HEADLINES[2], now=NOW + HOUR)
    send(story, tmp_path, NOW + 119 * MINUTE)
    assert len(receiver.posts) == 1
    receiver.says(200)
    assert send(story, tmp_path, NOW + 2 * HOUR).sent == 3


def test_a_redirect_is_not_followed(story: Database, tmp_path: Path, receiver: Receiver) -> None:
    receiver.says(302, Location=receiver.url("/elsewhere/secret"))
    target(story, tmp_path, "webhook", receiver.url("/hook"))
    come(story, HEADLINES[0])
    (trouble,) = send(story, tmp_path).troubles
    assert trouble.why == "it redirects to 127.0.0.1 (302), which is not followed"
    assert [post.path for post in receiver.posts] == ["/hook"]


def test_a_target_that_nobody_answers_for_is_tried_again(story: Database, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    target(story, tmp_path, "webhook", f"http://127.0.0.1:{port}/x")
    come(story, HEADLINES[0])
    (trouble,) = send(story, tmp_path).troubles
    assert trouble.state is MessageState.WAITING
    assert trouble.why == "no connection to 127.0.0.1: nobody answers there"


def test_a_connection_that_closes_without_an_answer_leaves_a_doubt(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.says(0)
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    (trouble,) = send(story, tmp_path).troubles
    assert trouble.state is MessageState.DOUBT
    send(story, tmp_path, NOW + 9 * HOUR)
    assert len(receiver.posts) == 1, "it may have arrived"


def test_a_target_that_hangs_leaves_a_doubt_and_holds_nothing_else_up(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.answer = lambda post: (-1 if post.path == "/slow" else 200, {})
    target(story, tmp_path, "webhook", receiver.url("/slow"), name="slow")
    target(story, tmp_path, "webhook", receiver.url("/well"), name="well")
    come(story, *HEADLINES[:3])
    report = alerts.send(story, replace(courier(tmp_path), timeout=0.5), NOW)
    assert report.sent == 3
    assert [(t.target, t.state) for t in report.troubles] == [("slow", MessageState.DOUBT)]
    assert "no answer came within 0.5 s" in report.troubles[0].why
    assert sum(post.path == "/slow" for post in receiver.posts) == 1


def test_a_program_that_fails_is_tried_again(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "exec", "false")
    come(story, HEADLINES[0])
    (trouble,) = send(story, tmp_path).troubles
    assert (trouble.state, trouble.why) == (
        MessageState.WAITING,
        "false failed (exit code 1)",
    )


def test_a_program_that_is_missing_is_said(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "exec", "/no/such/program")
    come(story, HEADLINES[0])
    (trouble,) = send(story, tmp_path).troubles
    assert trouble.why == "program cannot be run: No such file or directory"


def test_one_run_starts_no_message_after_its_deadline(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:3])
    ticks = iter([0.0, 0.0, 31.0])
    late = replace(courier(tmp_path), clock=ticks.__next__)
    assert alerts.send(story, late, NOW).sent == 1
    assert states(story) == ["sent", "waiting", "waiting"]


def test_a_message_whose_sender_was_killed_is_in_doubt(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:2])
    outbox.claim(story, NOW)
    report = send(story, tmp_path)
    assert report.sent == 1
    assert [t.why for t in report.troubles] == [outbox.INTERRUPTED]
    (row,) = outbox.rows(story)
    assert (row.message.state, row.headline) == (MessageState.DOUBT, HEADLINES[0])


def test_what_is_in_doubt_is_sent_again_only_if_told(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.says(0)
    target(story, tmp_path, "ntfy", receiver.url("/topic"))
    come(story, HEADLINES[0])
    send(story, tmp_path)
    receiver.says(200)
    (row,) = outbox.rows(story)
    assert outbox.unsettled(story) == []
    outbox.retry(story, [row.message.id], NOW)
    assert alerts.send(story, courier(tmp_path), NOW, chosen=[row.message.id]).sent == 1
    keys = [post.json["sequence_id"] for post in receiver.posts]
    assert len(keys) == 2
    assert len(set(keys)) == 1, "a receiver that knows the key replaces the notification"


def test_a_message_that_was_given_up_can_be_sent(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    story.execute("UPDATE messages SET state = 'failed', tries = 9")
    (message,) = outbox.unsettled(story)
    later = NOW + timedelta(days=9)
    outbox.retry(story, [message.id], later)
    receiver.says(500)
    (trouble,) = alerts.send(story, courier(tmp_path), later, chosen=[message.id]).troubles
    assert trouble.state is MessageState.WAITING, "for three days more"


def test_a_message_can_be_dropped(story: Database, tmp_path: Path, receiver: Receiver) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    (row,) = outbox.rows(story)
    outbox.drop(story, [row.message.id], NOW)
    assert send(story, tmp_path).sent == 0
    assert outbox.rows(story) == []


@pytest.mark.parametrize("change", [outbox.retry, outbox.drop])
def test_a_number_of_no_unsent_message_changes_nothing(story: Database, change: object) -> None:
    with pytest.raises(NotFoundError, match="tracker notify ls"):
        change(story, [99], NOW)  # type: ignore[operator]


def test_a_story_muted_since_is_not_told(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    use_case.mute(story, stories.find(story, "tiktok-acquisition", NOW), None, NOW)
    assert send(story, tmp_path).sent == 0
    assert states(story) == ["dropped"]


def test_a_report_rejected_since_is_not_told(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    (number,) = come(story, HEADLINES[0])
    story.execute("UPDATE links SET status = 'rejected' WHERE item_id = ?", (number,))
    assert send(story, tmp_path).sent == 0
    assert states(story) == ["dropped"]


def test_many_alerts_for_a_target_that_failed_become_one_summary(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.says(500)
    target(story, tmp_path, "webhook", receiver.url())
    for headline in HEADLINES:
        come(story, headline, now=NOW + len(queued(story)) * timedelta(seconds=1))
    send(story, tmp_path)
    assert [row[0] for row in queued(story)] == ["alert", "summary"]
    receiver.says(200)
    assert send(story, tmp_path, NOW + 5 * MINUTE).sent == 2
    said = receiver.posts[-1].json
    assert said["title"] == "7 developments in 1 story"
    assert {i["title"] for i in said["stories"][0]["items"]} == set(HEADLINES[1:])


def test_the_rest_over_the_cap_is_told_in_one_line(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:6])
    send(story, tmp_path)
    assert len(receiver.posts) == 4
    last = receiver.posts[-1].json
    assert last["message"] == (
        "+3 more developments; tracker timeline tiktok-acquisition --new shows them."
    )
    assert len(last["stories"][0]["items"]) == 3


def test_two_senders_at_once_are_kept_apart(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "exec", "true")
    come(story, HEADLINES[0])
    with (
        only_one(story.path, "alerts", SENDING),
        pytest.raises(BusyError, match="sending the alerts"),
    ):
        send(story, tmp_path)
    assert send(story, tmp_path).sent == 1


def test_a_target_without_its_line_in_alerts_conf_is_said(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "webhook", "https://example.org/x")
    (tmp_path / "alerts.conf").unlink()
    come(story, HEADLINES[0])
    (trouble,) = send(story, tmp_path).troubles
    assert trouble.why == "alerts.conf has no line for it"


def test_an_alerts_conf_that_others_can_read_stops_sending_and_loses_nothing(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    (tmp_path / "alerts.conf").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        send(story, tmp_path)
    (tmp_path / "alerts.conf").chmod(0o600)
    assert send(story, tmp_path).sent == 1


def test_a_receiver_that_replaces_gets_later_reports_in_silence(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.echoes = True
    target(story, tmp_path, "ntfy", receiver.url("/topic"))
    come(story, HEADLINES[0])
    send(story, tmp_path)
    come(story, HEADLINES[0] + " deal", now=NOW + HOUR)
    send(story, tmp_path, NOW + HOUR)
    first, second = (post.json for post in receiver.posts)
    assert first["sequence_id"] == second["sequence_id"]
    assert (first["priority"], second["priority"]) == (3, 1)


def test_a_receiver_that_does_not_replace_gets_no_later_report(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "ntfy", receiver.url("/topic"))
    come(story, HEADLINES[0])
    send(story, tmp_path)
    come(story, HEADLINES[0] + " deal", now=NOW + HOUR)
    send(story, tmp_path, NOW + HOUR)
    assert len(receiver.posts) == 1


def test_an_alert_of_yesterday_is_not_replaced(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.echoes = True
    target(story, tmp_path, "ntfy", receiver.url("/topic"))
    come(story, HEADLINES[0])
    send(story, tmp_path)
    come(story, HEADLINES[0] + " deal", now=NOW + 13 * HOUR)
    send(story, tmp_path, NOW + 13 * HOUR)
    assert len(receiver.posts) == 1


def test_removing_a_target_removes_what_waits_for_it(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "exec", "true")
    come(story, *HEADLINES[:2])
    assert targets.remove(story, targets.find(story, "t")) == 2
    assert story.execute("SELECT count(*) FROM alerts").fetchone() == (0,)


def test_a_target_whose_address_cannot_be_removed_stays(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "exec", "true")
    come(story, HEADLINES[0])
    (tmp_path / "alerts.conf").unlink()
    (tmp_path / "alerts.conf").mkdir()
    with pytest.raises(ConfigError, match="is not a regular file"):
        target_use_case.remove(story, tmp_path / "alerts.conf", "t")
    assert targets.names(story) == {"t"}
    assert states(story) == ["waiting"]


def test_ten_alerts_that_wait_for_a_slow_target_hold_no_poll(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:

    def slow(_: Post) -> tuple[int, dict[str, str]]:
        time.sleep(0.3)
        return 200, {}

    receiver.answer = slow
    target(story, tmp_path, "webhook", receiver.url())
    two = "Texas pension fund objects to TikTok acquisition terms", "TikTok acquisition taxed"
    headlines = (*HEADLINES, *two)
    for headline in headlines:
        come(story, headline, now=NOW + len(queued(story)) * timedelta(seconds=1))
    assert len(queued(story)) == 10
    import threading

    def work() -> None:
        from tracker.store.database import opened

        with opened(story.path) as mine:
            send(mine, tmp_path, NOW + MINUTE)

    sender = threading.Thread(target=work)
    sender.start()
    while not receiver.posts:
        time.sleep(0.01)
    waits = []
    while sender.is_alive():
        begun = time.monotonic()
        with only_one(story.path), story.transaction():
            story.execute("UPDATE meta SET value = value WHERE key = 'arrival'")
        waits.append(time.monotonic() - begun)
        time.sleep(0.01)
    sender.join()
    assert len(receiver.posts) == len(headlines)
    assert len(waits) > 20
    assert max(waits) < 0.25, (
        "the lock of polls and the write lock are free while a message is sent"
    )


def test_messages_are_forgotten_after_a_month_and_their_developments_are_not(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:2])
    send(story, tmp_path)
    send(story, tmp_path, NOW + timedelta(days=31))
    assert states(story) == ["sent"], "the last one tells when the target was reached"
    assert story.execute("SELECT count(*) FROM alerts").fetchone() == (2,)


def test_a_summary_that_is_retried_keeps_its_key(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.says(0)
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:6])
    for _ in range(4):
        send(story, tmp_path)
    story.execute("UPDATE messages SET state = 'failed' WHERE kind = 'more'")
    chosen = [row.message.id for row in outbox.rows(story) if row.message.kind == "more"]
    outbox.retry(story, chosen, NOW + HOUR)
    receiver.says(200)
    alerts.send(story, courier(tmp_path), NOW + HOUR, chosen=chosen)
    keys = [post.headers["idempotency-key"] for post in receiver.posts]
    assert (len(keys), keys[3]) == (5, keys[4])


def test_several_later_reports_are_one_replacement(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.echoes = True
    target(story, tmp_path, "ntfy", receiver.url("/topic"))
    come(story, HEADLINES[0])
    send(story, tmp_path)
    come(story, HEADLINES[0] + " deal", now=NOW + HOUR)
    come(story, HEADLINES[0] + " deal won", now=NOW + HOUR)
    send(story, tmp_path, NOW + HOUR)
    assert len(receiver.posts) == 2


def test_developments_that_have_merged_are_told_once(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:2])
    story.execute("UPDATE links SET event = 4711 WHERE arrival > 1")
    send(story, tmp_path)
    assert [len(post.json["items"]) for post in receiver.posts] == [2]
    assert states(story) == ["sent", "dropped"]


def test_what_was_sent_is_no_unsent_message(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    (row,) = outbox.rows(story)
    send(story, tmp_path)
    for change in (outbox.retry, outbox.drop):
        with pytest.raises(NotFoundError):
            change(story, [row.message.id], NOW)


def test_what_is_dropped_was_not_tried(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "exec", "true")
    come(story, *HEADLINES[:2])
    first, second = (row.message for row in outbox.rows(story))
    outbox.drop(story, [first.id], NOW)
    send(story, tmp_path)
    tries = dict(story.execute("SELECT id, tries FROM messages"))
    assert tries == {first.id: 0, second.id: 1}


def test_a_target_that_failed_lets_the_others_go_first(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url("/broken"), name="broken")
    target(story, tmp_path, "webhook", receiver.url("/well"), name="well")
    receiver.answer = lambda post: (500 if post.path == "/broken" else 200, {})
    come(story, HEADLINES[0])
    send(story, tmp_path)
    come(story, HEADLINES[1], now=NOW + HOUR)
    send(story, tmp_path, NOW + HOUR)
    assert [post.path for post in receiver.posts] == ["/broken", "/well", "/well", "/broken"]


def test_a_target_that_hung_lets_the_others_go_first_until_it_answers(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url("/slow"), name="slow")
    target(story, tmp_path, "webhook", receiver.url("/well"), name="well")
    receiver.answer = lambda post: (-1 if post.path == "/slow" else 200, {})
    come(story, HEADLINES[0])
    alerts.send(story, replace(courier(tmp_path), timeout=0.5), NOW)
    receiver.says(200)
    for number in (1, 2):
        come(story, HEADLINES[number], now=NOW + number * HOUR)
        send(story, tmp_path, NOW + number * HOUR)
    paths = [post.path for post in receiver.posts]
    assert paths == ["/slow", "/well", "/well", "/slow", "/slow", "/well"]


def test_after_a_failure_all_alerts_of_the_target_wait(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.says(429, Retry_After="7200")
    target(story, tmp_path, "webhook", receiver.url())
    come(story, *HEADLINES[:2])
    send(story, tmp_path)
    dues = {row.message.due for row in outbox.rows(story)}
    assert dues == {NOW + 2 * HOUR}


def test_a_replacement_says_that_it_is_one(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    send(story, tmp_path)
    story.execute("UPDATE targets SET replaces = 1")
    come(story, HEADLINES[0] + " deal", now=NOW + HOUR)
    send(story, tmp_path, NOW + HOUR)
    assert [post.json["kind"] for post in receiver.posts] == ["alert", "update"]


@pytest.mark.parametrize(
    ("languages", "headline"),
    [((), "Bridge opens"), (("fr",), "Le pont ouvre"), (("de",), "Bridge opens")],
)
def test_an_alert_has_the_headline_of_the_first_report_in_a_language_of_the_settings(
    languages: tuple[str, ...], headline: str
) -> None:
    told = Timeline(
        STORY,
        (
            report(2, "Le pont ouvre", at(14, 8), event=1, language="fr"),
            report(1, "Bridge opens", at(14, 7), event=1),
        ),
    )
    notice = messages.alert(told, 1, languages, as_json.timeline)
    assert notice.text.splitlines()[0] == headline
