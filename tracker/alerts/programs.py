"""The channels that are programs: exec, and the desktop's notifications."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.alerts.http import message_json
from tracker.model.alerts import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model.alerts import Notice

TIMEOUT_IN_SECONDS = 30.0
_LONGEST_DESKTOP_TEXT = 500
# The texts are arguments, never part of the script.
_OSASCRIPT = (
    "osascript",
    "-e",
    "on run argv",
    "-e",
    "display notification (item 2 of argv) with title (item 1 of argv)",
    "-e",
    "end run",
)


def run(words: Sequence[str], notice: Notice, *, timeout: float = TIMEOUT_IN_SECONDS) -> Outcome:
    """Run a program without a shell, with the notice as JSON on its standard input.

    TRACKER_TITLE, TRACKER_MESSAGE and TRACKER_URL are in its environment. What it prints goes to
    stderr. An exit code other than 0 means that the message was not taken; a program that does not
    end within `timeout` seconds is killed.
    """
    more = {
        "TRACKER_TITLE": notice.title,
        "TRACKER_MESSAGE": notice.text,
        "TRACKER_URL": notice.url,
    }
    return _run(words, {**os.environ, **more}, message_json(notice), timeout)


def desktop(
    notice: Notice, platform: str, environ: Mapping[str, str], user_id: int, runtime: Path
) -> Outcome:
    """Show a notice on the desktop: by osascript on macOS, else by notify-send.

    `runtime` is where a user's session bus is: /run/user. A job of cron does not know its address.
    """
    text = (
        notice.text
        if len(notice.text) <= _LONGEST_DESKTOP_TEXT
        else (f"{notice.text[: _LONGEST_DESKTOP_TEXT - 1]}…")
    )
    known = dict(environ)
    if platform == "darwin":
        words = [*_OSASCRIPT, notice.title, text]
    else:
        bus = runtime / str(user_id) / "bus"
        if "DBUS_SESSION_BUS_ADDRESS" not in known and bus.exists():
            known["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"
        # The body may hold mark-up (Desktop Notifications Specification, "Markup").
        body = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        words = ["notify-send", "--app-name=tracker", "--", notice.title, body]
    if shutil.which(words[0], path=known.get("PATH")) is None:
        return Outcome(Result.FAILED, f"this computer has no {words[0]}")
    return _run(words, known, b"", TIMEOUT_IN_SECONDS)


def _run(words: Sequence[str], environ: Mapping[str, str], given: bytes, timeout: float) -> Outcome:
    name = Path(words[0]).name
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own program; no shell reads its words
            list(words),
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=_stderr(),
            stderr=_stderr(),
            start_new_session=True,
        )
    except OSError as error:
        return Outcome(Result.FAILED, f"{name} cannot be run: {error.strerror}")
    try:
        process.communicate(given, timeout=timeout)
    except subprocess.TimeoutExpired:
        _end(process)
        return Outcome(Result.DOUBT, f"{name} did not end within {timeout:g} s and was killed")
    except BaseException:
        _end(process)
        raise
    if process.returncode < 0:
        return Outcome(Result.DOUBT, f"{name} was ended by signal {-process.returncode}")
    if process.returncode:
        return Outcome(Result.FAILED, f"{name} failed (exit code {process.returncode})")
    return Outcome(Result.SENT)


def _stderr() -> int:
    try:
        return sys.stderr.fileno()
    except (OSError, ValueError):
        return subprocess.DEVNULL


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with all that it started."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
