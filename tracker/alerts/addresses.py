"""Addresses of targets: what a user types, checked, and what of it may be shown."""

from __future__ import annotations

import json
import secrets
import shlex
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from tracker.errors import UsageError
from tracker.model.alerts import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

NTFY = "https://ntfy.sh"
_COMMAND = "cmd:"
_TOPIC_BYTES = 12


class Address(NamedTuple):
    """A target's address: the `secret` that alerts.conf keeps, and what may be `shown` of it."""

    secret: str
    shown: str


def parse(channel: Channel, words: Sequence[str]) -> Address:
    """Return the address that a user typed behind the channel.

    `cmd:COMMAND` is taken as it is: the command prints the address when a message is sent. Raises
    UsageError, without the address, for what the channel cannot use.
    """
    if channel is Channel.DESKTOP:
        return _desktop(words)
    if channel is Channel.EXEC:
        return _program(words)
    if len(words) != 1 or not words[0].strip():
        raise UsageError(f"{channel} takes one address.")
    word = words[0].strip()
    if "\n" in word or "\r" in word:
        raise UsageError("An address is one line.")
    if word.startswith(_COMMAND):
        if not word.removeprefix(_COMMAND).strip():
            raise UsageError("Write the command behind cmd:, such as 'cmd:pass show ntfy'.")
        return Address(word, "the command of alerts.conf")
    if channel is Channel.NTFY:
        return _ntfy(word)
    if channel is Channel.WEBHOOK:
        return Address(word, _shown(_web(word, "webhook")))
    return _service(word)


def _desktop(words: Sequence[str]) -> Address:
    if words:
        raise UsageError("desktop takes no address; it shows messages on this computer.")
    return Address("", "this computer")


def _service(word: str) -> Address:
    scheme, mark, _ = word.partition("://")
    if not mark or not scheme.isascii() or not scheme.replace("+", "").isalnum():
        raise UsageError(
            "A channel is ntfy, webhook, exec, desktop, or an address of Apprise: SERVICE://…."
        )
    return Address(word, f"{scheme.lower()}://…")


def random_topic() -> str:
    """Return a new topic of ntfy.sh that nobody can guess: whoever knows it can read along."""
    return f"{NTFY}/tracker-{secrets.token_urlsafe(_TOPIC_BYTES).replace('_', '-')}"


def _program(words: Sequence[str]) -> Address:
    if not words:
        raise UsageError("exec takes a program and its arguments.")
    if any("\0" in word for word in words):
        raise UsageError("An argument of a program cannot hold a NUL character.")
    more = " …" if len(words) > 1 else ""
    return Address(json.dumps(list(words)), f"{words[0]}{more}")


def program_of(secret: str) -> list[str]:
    """Return the words of an exec target's address; it is JSON, or as a shell reads it.

    Raises UsageError where it is neither.
    """
    try:
        words = json.loads(secret) if secret.startswith("[") else shlex.split(secret)
    except ValueError:
        words = []
    if not words or not all(isinstance(word, str) for word in words):
        raise UsageError("its line in alerts.conf is no program with arguments")
    return list(words)


def _ntfy(word: str) -> Address:
    if "://" not in word:
        word = f"{NTFY}/{word}"
    found = ntfy_parts(word)
    return Address(word, _shown(found.server))


class NtfyParts(NamedTuple):
    """An ntfy address taken apart; `token` is a Bearer token, `login` "user:password", or ""."""

    server: str
    topic: str
    token: str
    login: str


def ntfy_parts(address: str) -> NtfyParts:
    """Take an address such as https://TOKEN@ntfy.example.org/topic apart; UsageError for others."""
    parts = _web(address, "ntfy")
    base, _, topic = parts.path.rstrip("/").rpartition("/")
    if not topic or not topic.isascii() or not topic.replace("-", "").replace("_", "").isalnum():
        raise UsageError("An address of ntfy ends in a topic of letters, digits, - and _.")
    userinfo, _, host = parts.netloc.rpartition("@")
    user, colon, password = (unquote(part) for part in userinfo.partition(":"))
    token = user if user and not password else password if colon and not user else ""
    login = f"{user}:{password}" if user and password else ""
    return NtfyParts(urlunsplit((parts.scheme, host, base or "/", "", "")), topic, token, login)


class _Web(NamedTuple):
    scheme: str
    netloc: str
    path: str


def _web(address: str, channel: str) -> _Web:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # reading an invalid port raises ValueError
    except ValueError:
        host = parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not host:
        raise UsageError(f"An address of {channel} is written https://HOST/PATH.")
    return _Web(parts.scheme, parts.netloc, parts.path)


def _shown(address: _Web | str) -> str:
    """Return scheme and host: path and query of a webhook are its password."""
    parts = urlsplit(address) if isinstance(address, str) else address
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…"
