"""The services of Apprise: mail, Slack, Telegram, Matrix and 170 more. This module owns Apprise.

It is the extra `alerts`, and is loaded only when a message waits for such a target: that takes
0.3 s.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from tracker.model.alerts import Outcome, Result

if TYPE_CHECKING:
    from tracker.model.alerts import Notice

MISSING = "the extra is not installed; run: pip install 'tracker[alerts]'"
TIMEOUT_IN_SECONDS = 20.0
CONNECT_TIMEOUT_IN_SECONDS = 4.0
# The words of requests and urllib3 for a connection that was made and then failed.
_BROKEN = re.compile("Connection aborted|Read timed out|Connection broken|IncompleteRead")
_STATUS = re.compile(r"error=(\d{3})\b")
# What Discord, Slack, Mattermost, Matrix and others read as a mention, a link or mark-up in what is
# sent as plain text.
_ACTING = re.compile(r"(@|<|\](?=\()|\[|://|`|\*|~~|__|\|\|)")
_JOINER = "\u2060"


def inert(text: str) -> str:
    """Return text in which no service finds a mention, a link or mark-up; it looks the same.

    An invisible character (word joiner) stands behind each sign that could begin one.
    """
    return _ACTING.sub(rf"\1{_JOINER}", text)


def is_known(address: str) -> bool | None:
    """Return whether Apprise can use an address, None where it is not installed."""
    apprise = _apprise()
    return None if apprise is None else bool(apprise.Apprise(asset=_asset(apprise)).add(address))


def send(address: str, notice: Notice, *, timeout: float = TIMEOUT_IN_SECONDS) -> Outcome:
    """Send a notice as plain text, its link on a line of its own.

    If no answer comes within `timeout` seconds, or the connection breaks, the message is in doubt.
    """
    apprise = _apprise()
    if apprise is None:
        return Outcome(Result.FAILED, MISSING)
    sender = apprise.Apprise(asset=_asset(apprise))
    if not sender.add(address):
        return Outcome(Result.FAILED, "Apprise does not know its address")
    for service in sender:
        service.socket_connect_timeout = CONNECT_TIMEOUT_IN_SECONDS
        # Longer than `timeout`: Apprise calls its own time-outs failures, without a difference.
        service.socket_read_timeout = 2 * timeout
    body = f"{inert(notice.text)}\n{notice.url}" if notice.url else inert(notice.text)
    found = sender.notify(
        body=body,
        title=inert(notice.title),
        body_format="text",
        timeout=timeout,
        log_level=logging.DEBUG,
    )
    if found:
        return Outcome(Result.SENT)
    if found.status == apprise.AppriseResultStatus.TIMEOUT:
        return Outcome(Result.DOUBT, f"no answer came within {timeout:g} s")
    return _failed(" ".join(str(entry.message) for entry in found.logs()))


def _failed(said: str) -> Outcome:
    """Return what a failure means, by what Apprise and requests said of it; it holds secrets."""
    if _BROKEN.search(said):
        return Outcome(Result.DOUBT, "the connection broke before an answer came")
    status = _STATUS.search(said)
    which = f" ({status[1]})" if status else ""
    return Outcome(Result.FAILED, f"its service did not take the message{which}")


def _asset(apprise: Any) -> Any:  # noqa: ANN401 - Apprise is not always installed
    """Return settings by which Apprise keeps no file, and follows no redirect with the secret."""
    return apprise.AppriseAsset(
        app_id="tracker",
        storage_mode="memory",
        async_mode=False,
        http_redirects=False,
        secure_logging=True,
    )


def _apprise() -> Any:  # noqa: ANN401 - as above
    try:
        import apprise
    except ImportError:
        return None
    # What it says is read by `send`, and goes nowhere else: it holds addresses.
    log = logging.getLogger("apprise")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    log.propagate = False
    log.setLevel(logging.DEBUG)
    return apprise
