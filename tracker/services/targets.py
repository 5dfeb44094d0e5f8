"""Targets of alerts: added, tried and removed, with their lines in alerts.conf."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, NamedTuple

from tracker.alerts import addresses, conf, messages
from tracker.errors import TrackerError, UsageError
from tracker.model.alerts import Channel, Takes
from tracker.quiet_hours import parse
from tracker.services.alerts import deliver
from tracker.store.alerts import targets
from tracker.store.following import stories

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from tracker.model.alerts import Outcome, Target
    from tracker.store.database import Database

NO_QUIET = "none"
"""What is typed for a target that is never quiet."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,39}", re.ASCII)
_KEY_BYTES = 32


class NewTarget(NamedTuple):
    """A target to add, as it was typed: channel or service, and the words behind it.

    `stories` are slugs or titles, empty for all stories; `quiet` is None for the quiet hours of the
    settings.
    """

    channel: str
    words: Sequence[str] = ()
    name: str | None = None
    stories: Sequence[str] = ()
    quiet: str | None = None
    takes: Takes = Takes.ALL


class Added(NamedTuple):
    """A target that was added; `topic` is a topic of ntfy that was made up for it, else ""."""

    target: Target
    topic: str


def add(db: Database, path: Path, new: NewTarget, now: datetime) -> Added:
    """Add a target, and its address to alerts.conf (`path`).

    UsageError for what cannot be a target, NotFoundError for a story that does not exist,
    ConfigError if alerts.conf cannot be used; nothing is added then.
    """
    channel, words = _channel(new.channel, new.words)
    topic = addresses.random_topic() if channel is Channel.NTFY and not words else ""
    address = addresses.parse(channel, [topic] if topic else words)
    if channel is Channel.APPRISE:
        _check_service(address.secret)
    quiet = _quiet(new.quiet)
    chosen = [stories.find(db, name, now).id for name in new.stories] if new.stories else None
    with db.transaction():  # another process may want the name
        name = _name(db, new.name, channel, address.secret)
        # First the file: a line without a target does no harm, a target without its line does.
        if lines := _lines(name, channel, address.secret):
            conf.put(path, lines)
        target = targets.add(
            db, name, channel, address.shown, now, story_ids=chosen, quiet=quiet, takes=new.takes
        )
    return Added(target, topic)


def _lines(name: str, channel: Channel, address: str) -> dict[str, str]:
    """Return the lines of a target in alerts.conf; a webhook gets a key that signs its messages."""
    lines = {name: address} if address else {}
    if channel is Channel.WEBHOOK:
        lines[f"{name}.secret"] = secrets.token_urlsafe(_KEY_BYTES)
    return lines


def _channel(word: str, words: Sequence[str]) -> tuple[Channel, Sequence[str]]:
    if word in set(Channel):
        return Channel(word), words
    if "://" in word and not words:
        return Channel.APPRISE, [word]
    raise UsageError(
        f"{word.partition(':')[0]!r} is no channel; write ntfy, webhook, exec, desktop, or an"
        " address of Apprise such as mailto://…."
    )


def _check_service(address: str) -> None:
    from tracker.alerts import apprise

    known = apprise.is_known(address) if not address.startswith("cmd:") else True
    if known is None:
        raise TrackerError(f"For this address {apprise.MISSING}.")
    if not known:
        scheme = address.partition(":")[0]
        raise UsageError(
            f"Apprise cannot use this address of {scheme}://; its pages say how one is written:"
            " https://appriseit.com/services/."
        )


def _quiet(given: str | None) -> str | None:
    if given is None or given == NO_QUIET:
        return None if given is None else ""
    hours = parse(given)
    if hours is None:
        raise UsageError(f"--quiet {given!r} is not two times of the day; write 22:00-07:00.")
    return hours


def _name(db: Database, given: str | None, channel: Channel, address: str) -> str:
    """Return the name of a new target: the given one, else its channel's or service's."""
    taken = targets.names(db)
    if given is None:
        scheme = re.match(r"[a-z0-9]+", address) if channel is Channel.APPRISE else None
        name = base = scheme[0] if scheme else str(channel)
        number = 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        return name
    if not _NAME.fullmatch(given) or given.endswith(".secret"):
        raise UsageError(f"--name {given!r} must be letters, digits, '.', '-' and '_', at most 40.")
    if given in taken:
        raise UsageError(f"There is a target {given!r} already; choose another --name.")
    return given


def remove(db: Database, path: Path, name: str) -> tuple[Target, int]:
    """Remove a target and its lines in alerts.conf; return it, and how many messages waited.

    Raises NotFoundError, or ConfigError if alerts.conf cannot be used.
    """
    target = targets.find(db, name)
    with db.transaction():  # a target whose line cannot be removed stays
        waiting = targets.remove(db, target)
        conf.remove(path, target.name)
    return target, waiting


def test(
    db: Database, path: Path, names: Sequence[str], now: datetime
) -> list[tuple[Target, Outcome]]:
    """Send a test to targets, all for no names, and return what became of each.

    It is sent in quiet hours, too, and is not kept. Raises as `remove` does.
    """
    chosen = [targets.find(db, name) for name in names] or targets.everything(db)
    known = conf.load(path)
    found = []
    for target in chosen:
        notice = messages.test(target.name, messages.key_of("test", target.name, now.isoformat()))
        found.append((target, deliver(target, known, notice, now)))
    return found
