"""Alerts: targets, the messages to them, and what became of these.

An alert's life: a development of a story → `Message` (in the outbox) → `Notice` (what is sent) →
`Outcome`. Every datetime is aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta


class Channel(StrEnum):
    """How a message reaches the user; APPRISE stands for all services of that library."""

    NTFY = "ntfy"
    WEBHOOK = "webhook"
    EXEC = "exec"
    DESKTOP = "desktop"
    APPRISE = "apprise"


class Takes(StrEnum):
    """What is sent to a target."""

    ALL = "all"
    ALERTS = "alerts"
    DIGESTS = "digests"


class Kind(StrEnum):
    """What a message tells.

    ALERT is one development, MORE the developments over the cap, SUMMARY what waited, UPDATE an
    alert with later reports, DIGEST the news of all stories.
    """

    ALERT = "alert"
    MORE = "more"
    SUMMARY = "summary"
    UPDATE = "update"
    DIGEST = "digest"


class MessageState(StrEnum):
    """The state of a message.

    DOUBT may have arrived and is not sent again by itself; FAILED was given up; DROPPED was not
    needed any more.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DOUBT = "doubt"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Target:
    """Where alerts go; its address stands in alerts.conf under its name.

    `shown` is the address without secrets. `stories` are the slugs of its stories, None for all.
    `quiet` are its quiet hours ("22:00-07:00"), "" for none, None for those of the settings.
    `replaces` is true if the receiver replaces a notification by a later one with the same key.
    `digest_arrival` is the last arrival that a digest told it, None before the first digest.
    """

    id: int
    name: str
    channel: Channel
    shown: str
    stories: tuple[str, ...] | None
    quiet: str | None
    added: datetime
    takes: Takes = Takes.ALL
    replaces: bool = False
    digest_arrival: int | None = None
    digest_made: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the outbox.

    `story_id` is None for a message about several stories. `due` is when it is tried next, `tries`
    how often it was tried, `why` the reason of the last failure, "" without one. `content` is the
    notice of a digest as JSON, None for other messages, which are composed when they are sent.
    """

    id: int
    target_id: int
    target: str
    kind: Kind
    story_id: int | None
    made: datetime
    due: datetime
    state: MessageState
    tries: int = 0
    why: str = ""
    content: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as `tracker notify ls` shows it.

    `story` is a slug, None for several stories; `headline` is that of its first development, ""
    without one; `developments` counts them.
    """

    message: Message
    story: str | None
    headline: str
    developments: int


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as `tracker notify ls` shows it; `last_sent` is None before its first message."""

    target: Target
    last_sent: datetime | None
    waiting: int
    problem: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent: plain text without control characters.

    `key` names the message for its receiver: a repeat has the same one. `title` is one line, `text`
    may have several. `url` is a web address, "" for none. `payload` is the message for programs.
    `quiet` asks the receiver to make no sound.
    """

    key: str
    title: str
    text: str
    url: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False


class Result(StrEnum):
    """What is known of one attempt: DOUBT may have arrived, FAILED has not."""

    SENT = "sent"
    FAILED = "failed"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one attempt to send a notice.

    `why` says in words what failed, without secrets. `retry_after` is how long the receiver asks to
    wait, None if it asks nothing. `replaces` is as in `Target`, None if unknown.
    """

    result: Result
    why: str = ""
    retry_after: timedelta | None = None
    replaces: bool | None = None


@dataclass(frozen=True, slots=True)
class HttpPost:
    """A request of an HTTP channel; headers are names and values."""

    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came of a request.

    `status` is 0 if no answer came; then `error` says why, and `begun` whether the request may have
    reached the server. `location` is the target of a redirect, "" for none; it is not followed.
    """

    status: int
    body: bytes = b""
    location: str = ""
    retry_after: timedelta | None = None
    error: str = ""
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that was not sent, and why; `state` is what became of it."""

    target: str
    message_id: int
    state: MessageState
    why: str


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a run of sending did: messages sent, and those that met trouble.

    `targets` are the names of those that got a message, each once.
    """

    sent: int = 0
    targets: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    def count(self, state: MessageState) -> int:
        """Return how many messages ended in a state, of those that met trouble."""
        return sum(each.state is state for each in self.troubles)


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """The `alerts:` of feeds.yaml.

    `cap` is the most alerts of one story in one poll; the rest is one message. `quiet` are the
    quiet hours of targets without their own, "" for none. `languages` are those of reports that are
    told, empty for all.
    """

    cap: int = 3
    quiet: str = ""
    languages: tuple[str, ...] = ()
