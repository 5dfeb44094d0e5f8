"""Alerts: queue what is due while items are linked, and send what waits after a poll.

A message is claimed, sent and settled under a lock of its own, outside of any transaction, when the
poll has let go of the database. Each development is told once for each target: a failure that is
certain is tried again, and what may have arrived is not.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.store.alerts import due

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from tracker.model.alerts import (
        AlertLimits,
        Channel,
        HttpPost,
        Message,
        Notice,
        Outcome,
        SendReport,
        Target,
        Trouble,
    )
    from tracker.model.core import Timeline
    from tracker.store.database import Database

    Encoder = Callable[[Timeline], Mapping[str, Any]]

DEADLINE_IN_SECONDS = 30.0
"""Time after which a run starts no other message; the rest waits for the next run."""
TIMEOUT_IN_SECONDS = 10.0
"""Time that a server has to answer."""
JOINED_FROM = 4
"""Waiting alerts of a target that fails from which on they are sent as one summary."""


def queue_new(db: Database, arrived: due.Arrived, now: datetime) -> None:
    """Queue alerts of the developments that just arrived; within the transaction that linked."""
    if due.wants_alerts(db):
        from tracker.store.alerts import limits

        due.add(db, arrived, limits.stored(db), now)


@dataclass(frozen=True, slots=True)
class Courier:
    """What sending needs beside the database: alerts.conf, time zone, and the JSON of a timeline.

    `zone` is that of quiet hours, None for the computer's own. `timeout` is how long a server may
    take to answer, in seconds.
    """

    conf: Path
    encode: Encoder
    zone: tzinfo | None = None
    timeout: float = TIMEOUT_IN_SECONDS
    clock: Callable[[], float] = field(default=time.monotonic)


def send(
    db: Database, courier: Courier, now: datetime, *, chosen: Sequence[int] | None = None
) -> SendReport:
    """Send what is due, for at most about 30 s; or the messages `chosen` (ids), due or not.

    Quiet hours hold back alerts that are not chosen. A target that fails is not tried again in
    this run. Raises BusyError if another process is sending, ConfigError if alerts.conf cannot be
    used; nothing is lost then.
    """
    from tracker.store.database import SENDING, only_one

    with only_one(db.path, "alerts", SENDING):
        return _Run(db, courier, now).all(chosen)


def deliver(
    target: Target,
    secrets: Mapping[str, str],
    notice: Notice,
    now: datetime,
    timeout: float = TIMEOUT_IN_SECONDS,
) -> Outcome:
    """Send one notice to a target; `secrets` are the addresses by name. No failure raises."""
    from tracker.alerts import conf
    from tracker.errors import TrackerError
    from tracker.model.alerts import Channel, Outcome, Result

    try:
        if target.channel is Channel.DESKTOP:
            return _desktop(notice)
        value = secrets.get(target.name)
        if not value:
            return Outcome(Result.FAILED, "alerts.conf has no line for it")
        address = conf.secret(value)
        if target.channel is Channel.EXEC:
            return _program(address, notice)
        if target.channel is Channel.APPRISE:
            return _service(address, notice)
        from tracker.alerts import http
        from tracker.feeds.fetching.post import post

        signing = conf.secret(secrets.get(f"{target.name}.secret", ""))
        request = _request(target.channel, address, signing, notice)
        return http.outcome(post(request, now, timeout=timeout), notice)
    except TrackerError as error:  # an address that cannot be used
        return Outcome(Result.FAILED, str(error).rstrip("."))


def _program(address: str, notice: Notice) -> Outcome:
    from tracker.alerts import addresses, programs

    return programs.run(addresses.program_of(address), notice)


def _service(address: str, notice: Notice) -> Outcome:
    from tracker.alerts import apprise

    return apprise.send(address, notice)


def _request(channel: Channel, address: str, signing: str, notice: Notice) -> HttpPost:
    from tracker.alerts import http
    from tracker.model.alerts import Channel

    if channel is Channel.NTFY:
        return http.ntfy(address, notice)
    return http.webhook(address, signing, notice)


def _desktop(notice: Notice) -> Outcome:
    from tracker.alerts import programs

    user_id = os.getuid() if hasattr(os, "getuid") else 0
    return programs.desktop(notice, sys.platform, os.environ, user_id, Path("/run/user"))


class _Run:
    """One run of sending; it holds the lock."""

    def __init__(self, db: Database, courier: Courier, now: datetime) -> None:
        from tracker.alerts import conf
        from tracker.store.alerts import limits, targets

        self._db = db
        self._courier = courier
        self._now = now
        self._end = courier.clock() + DEADLINE_IN_SECONDS
        self._limits: AlertLimits = limits.stored(db)
        self._targets = {target.id: target for target in targets.everything(db)}
        self._secrets = conf.load(courier.conf)
        self._failed: set[int] = set()
        self._sent = 0
        self._reached: dict[str, None] = {}
        self._troubles: list[Trouble] = []

    def all(self, chosen: Sequence[int] | None) -> SendReport:
        from tracker.model.alerts import MessageState, SendReport
        from tracker.store.alerts import outbox

        for message in outbox.doubt_interrupted(self._db, self._now):
            self._trouble(message, MessageState.DOUBT, outbox.INTERRUPTED)
        outbox.forget_old(self._db, self._now)
        if chosen is None:
            self._hold_quiet()
        while self._courier.clock() < self._end:
            found = outbox.claim(self._db, self._now, without=self._failed, chosen=chosen)
            if found is None:
                break
            self._send(found)
        return SendReport(self._sent, tuple(self._reached), tuple(self._troubles))

    def _hold_quiet(self) -> None:
        """Let the alerts of targets that are quiet now wait, as one summary."""
        from tracker.quiet_hours import quiet_until
        from tracker.store.alerts import outbox

        for target in self._targets.values():
            hours = self._limits.quiet if target.quiet is None else target.quiet
            until = quiet_until(hours, self._now, self._courier.zone)
            if until is not None:
                outbox.hold(self._db, target.id, until, self._now)

    def _send(self, message: Message) -> None:
        from tracker.model.alerts import MessageState, Result
        from tracker.store.alerts import outbox

        notice = self._notice(message)
        if notice is None:
            outbox.settle(self._db, message, MessageState.DROPPED, self._now)
            return
        target = self._targets[message.target_id]
        try:
            outcome = deliver(target, self._secrets, notice, self._now, self._courier.timeout)
        except BaseException:  # Ctrl-C, or a bug
            outbox.settle(self._db, message, MessageState.DOUBT, self._now, why=outbox.INTERRUPTED)
            raise
        if outcome.result is Result.SENT:
            self._sent += 1
            self._reached[target.name] = None
            outbox.settle(self._db, message, MessageState.SENT, self._now)
            if outcome.replaces is not None and outcome.replaces != target.replaces:
                outbox.note_replacing(self._db, target.id, replaces=outcome.replaces)
            return
        self._failed.add(target.id)
        if outcome.result is Result.DOUBT:
            outbox.settle(self._db, message, MessageState.DOUBT, self._now, why=outcome.why)
            self._trouble(message, MessageState.DOUBT, outcome.why)
            return
        self._put_back(message, outcome)

    def _put_back(self, message: Message, outcome: Outcome) -> None:
        from tracker.alerts.backoff import next_try
        from tracker.model.alerts import MessageState
        from tracker.store.alerts import outbox

        again = next_try(message.made, message.tries + 1, self._now, outcome.retry_after)
        if again is None:
            state = MessageState.FAILED
            outbox.settle(self._db, message, state, self._now, why=outcome.why)
        else:
            state = MessageState.WAITING
            outbox.put_back(self._db, message, again, self._now, why=outcome.why)
            if outbox.held(self._db, message.target_id) > JOINED_FROM:
                outbox.hold(self._db, message.target_id, again, self._now, keep=message.id)
        self._trouble(message, state, outcome.why)

    def _trouble(self, message: Message, state: str, why: str) -> None:
        from tracker.model.alerts import MessageState, Trouble

        self._troubles.append(Trouble(message.target, message.id, MessageState(state), why))

    def _notice(self, message: Message) -> Notice | None:
        """Return what a message says by now; None if nothing of it is to be told any more."""
        from tracker.alerts import messages
        from tracker.model.alerts import Kind
        from tracker.model.core import State
        from tracker.store.alerts import content

        if message.kind is Kind.DIGEST:
            return messages.stored(message.content or "{}")
        told = content.told(self._db, message, self._now)
        told = [each for each in told if each.story.state is State.OPEN]
        if not told:
            return None
        languages, encode = self._limits.languages, self._courier.encode
        event = content.event_of(self._db, message)
        if event is not None:
            update = message.kind is Kind.UPDATE
            return messages.alert(told[0], event, languages, encode, update=update)
        added = self._targets[message.target_id].added
        key = messages.key_of(message.id, message.target, added.isoformat())
        if message.kind is Kind.MORE:
            return messages.more(told[0], key, encode)
        return messages.summary(told, key, languages, encode)
