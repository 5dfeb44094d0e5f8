"""Quiet hours: over midnight, where clocks change, and what becomes of what waited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alerting import HEADLINES, NOW, come, courier, followed, queued, target
from receiving import Receiver, receiving

from tracker.alerts.backoff import next_try
from tracker.model.alerts import AlertLimits
from tracker.quiet_hours import parse, quiet_until
from tracker.services import alerts
from tracker.store.alerts import limits, outbox
from tracker.store.database import Database

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-07:00", "22:00-07:00"),
        ("22-7", "22:00-07:00"),
        (" 9:30 – 17:00 ", "09:30-17:00"),
        ("22:00", None),
        ("25:00-07:00", None),
        ("22:60-07:00", None),
        ("07:00-07:00", None),
        ("", None),
        ("nights", None),
    ],
)
def test_quiet_hours_are_two_times_of_the_day(text: str, hours: str | None) -> None:
    assert parse(text) == hours


def local(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=PARIS, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("22:00-07:00", local(9, 14, 21, 59), None),
        ("22:00-07:00", local(9, 14, 22), local(9, 15, 7)),
        ("22:00-07:00", local(9, 15, 0), local(9, 15, 7)),
        ("22:00-07:00", local(9, 15, 6, 59), local(9, 15, 7)),
        ("22:00-07:00", local(9, 15, 7), None),
        ("12:00-14:00", local(9, 15, 13), local(9, 15, 14)),
        ("12:00-14:00", local(9, 15, 14), None),
        ("12:00-14:00", local(9, 15, 23), None),
        ("", local(9, 15, 3), None),
        # The night of 29 March has no 2 to 3, that of 25 October has it twice.
        ("22:00-07:00", local(3, 28, 23), local(3, 29, 7)),
        ("22:00-07:00", local(10, 24, 23), local(10, 25, 7)),
        ("22:00-02:30", local(3, 29, 1), datetime(2020, 3, 29, 1, 30, tzinfo=UTC)),
        ("22:00-02:30", local(10, 25, 2, 40), local(10, 25, 2, 30, fold=1)),
        ("22:00-02:30", local(10, 25, 2, 29, fold=1), local(10, 25, 2, 30, fold=1)),
        ("22:00-02:30", local(10, 25, 2, 31, fold=1), None),
        ("02:30-05:00", local(3, 29, 3), local(3, 29, 5)),
        ("02:30-05:00", local(10, 25, 2, 31), local(10, 25, 5)),
    ],
)
def test_quiet_hours_end_at_their_local_time(
    hours: str, now: datetime, until: datetime | None
) -> None:
    assert quiet_until(hours, now, PARIS) == until


@pytest.mark.repeats
def test_every_minute_of_a_year_is_quiet_as_the_clock_says_or_where_it_changes() -> None:
    now, odd, quiet = datetime(2020, 1, 1, tzinfo=UTC), 0, 0
    while now.year == 2020:
        clock = now.astimezone(PARIS).strftime("%H:%M")
        found = quiet_until("22:00-07:00", now, PARIS)
        quiet += found is not None
        odd += (found is not None) != (clock >= "22:00" or clock < "07:00")
        assert found is None or timedelta() < found - now <= 10 * HOUR
        now += timedelta(minutes=7)
    assert odd == 0
    assert quiet > 25_000


def test_without_a_zone_the_hours_are_those_of_the_computer() -> None:
    now = datetime(2020, 9, 15, 3, tzinfo=UTC)
    here = now.astimezone()
    begin, end = here - HOUR, here + HOUR
    assert quiet_until(f"{begin:%H:%M}-{end:%H:%M}", now, None) == now + HOUR


@pytest.mark.parametrize(
    ("tries", "hours", "wait"), [(1, 0, 5), (2, 0, 15), (3, 0, 45), (5, 0, 360), (99, 0, 360)]
)
def test_a_wait_grows_up_to_six_hours(tries: int, hours: int, wait: int) -> None:
    now = NOW + hours * HOUR
    assert next_try(NOW, tries, now, None) == now + timedelta(minutes=wait)


def test_a_wait_is_as_long_as_the_receiver_asks_and_ends_after_three_days() -> None:
    assert next_try(NOW, 1, NOW, 2 * HOUR) == NOW + 2 * HOUR
    assert next_try(NOW, 1, NOW, 900 * HOUR) == NOW + 72 * HOUR
    assert next_try(NOW, 9, NOW + 71 * HOUR, None) == NOW + 72 * HOUR
    assert next_try(NOW, 9, NOW + 72 * HOUR, None) is None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def night(db: Database, tmp_path: Path, receiver: Receiver) -> Database:
    """A story and a target that is quiet from 11 to 18 o'clock UTC."""
    followed(db)
    target(db, tmp_path, "webhook", receiver.url(), quiet="11:00-18:00")
    return db


def send(db: Database, folder: Path, now: datetime) -> int:
    return alerts.send(db, courier(folder), now).sent


def test_what_waited_comes_as_one_summary_at_the_end(
    night: Database, tmp_path: Path, receiver: Receiver
) -> None:
    for hour in range(3):
        come(night, HEADLINES[hour], now=NOW + hour * HOUR)
        assert send(night, tmp_path, NOW + hour * HOUR) == 0
    assert [row[0] for row in queued(night)] == ["summary"]
    assert send(night, tmp_path, NOW + 5 * HOUR) == 0
    assert send(night, tmp_path, NOW + 6 * HOUR) == 1
    said = receiver.posts[0].json
    assert said["title"] == "3 developments in 1 story"
    assert said["message"].splitlines() == [
        "TikTok acquisition",
        *(f"- {headline} (Gazette)" for headline in HEADLINES[:3]),
    ]


def test_what_is_over_the_cap_is_in_the_summary(
    night: Database, tmp_path: Path, receiver: Receiver
) -> None:
    come(night, *HEADLINES[:6])
    send(night, tmp_path, NOW)
    assert send(night, tmp_path, NOW + 6 * HOUR) == 1
    assert all(headline in receiver.posts[0].json["message"] for headline in HEADLINES[:6])


def test_one_development_that_waited_comes_as_an_alert(
    night: Database, tmp_path: Path, receiver: Receiver
) -> None:
    come(night, HEADLINES[0])
    send(night, tmp_path, NOW)
    send(night, tmp_path, NOW + 6 * HOUR)
    assert receiver.posts[0].json["kind"] == "alert"


def test_after_the_summary_alerts_come_one_by_one(
    night: Database, tmp_path: Path, receiver: Receiver
) -> None:
    come(night, *HEADLINES[:2])
    send(night, tmp_path, NOW)
    come(night, HEADLINES[2], now=NOW + 7 * HOUR)
    assert send(night, tmp_path, NOW + 7 * HOUR) == 2
    assert [post.json["kind"] for post in receiver.posts] == ["summary", "alert"]


def test_a_message_that_is_chosen_is_sent_in_quiet_hours(night: Database, tmp_path: Path) -> None:
    come(night, HEADLINES[0])
    (row,) = outbox.rows(night)
    assert alerts.send(night, courier(tmp_path), NOW, chosen=[row.message.id]).sent == 1


def test_the_quiet_hours_of_the_settings_are_those_of_targets_without_their_own(
    db: Database, tmp_path: Path, receiver: Receiver
) -> None:
    followed(db)
    limits.keep(db, AlertLimits(quiet="11:00-18:00"))
    target(db, tmp_path, "webhook", receiver.url("/default"), name="default")
    target(db, tmp_path, "webhook", receiver.url("/none"), name="never", quiet="none")
    come(db, HEADLINES[0])
    send(db, tmp_path, NOW)
    assert [post.path for post in receiver.posts] == ["/none"]


def test_quiet_hours_are_those_of_the_zone(night: Database, tmp_path: Path) -> None:
    come(night, HEADLINES[0])
    there = replace(courier(tmp_path), zone=ZoneInfo("Asia/Tokyo"))  # 21:00
    assert alerts.send(night, there, NOW).sent == 1


def test_a_replacement_that_waits_goes_into_the_summary(
    db: Database, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.echoes = True
    followed(db)
    target(db, tmp_path, "ntfy", receiver.url("/topic"), quiet="14:00-18:00")
    come(db, HEADLINES[0], now=NOW + HOUR)
    send(db, tmp_path, NOW + HOUR)
    come(db, HEADLINES[0] + " deal", now=NOW + 2 * HOUR)
    assert [row[:2] for row in queued(db)] == [("alert", "sent"), ("update", "waiting")]
    assert send(db, tmp_path, NOW + 2 * HOUR) == 0
    assert [row[:2] for row in queued(db)] == [("alert", "sent")]
