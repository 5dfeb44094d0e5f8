"""The channels that are HTTP requests: ntfy (https://docs.ntfy.sh/publish) and webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.alerts.addresses import ntfy_parts
from tracker.model.alerts import HttpPost, Outcome, Result

if TYPE_CHECKING:
    from tracker.model.alerts import HttpAnswer, Notice

NTFY_TEXT_IN_BYTES = 4_000
"""ntfy makes an attachment of a message above 4,096 bytes."""
_NTFY_TITLE_IN_BYTES = 240
_QUIET, _NORMAL = 1, 3
# What json leaves as it is and a terminal or a text field may obey.
_STEERING = re.compile(r"[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_WORDS = {
    400: "it does not understand the message (400)",
    401: "it refuses access (401)",
    403: "it refuses access (403)",
    404: "there is nothing at its address (404)",
    410: "its address does not exist any more (410)",
    413: "the message is too long for it (413)",
    429: "it got too many messages (429)",
}


def ntfy(address: str, notice: Notice) -> HttpPost:
    """Return the request that publishes a notice; UsageError for an address that is none.

    `sequence_id` lets a later message with the same key replace the notification.
    """
    parts = ntfy_parts(address)
    message = {
        "topic": parts.topic,
        "title": within(notice.title, _NTFY_TITLE_IN_BYTES),
        "message": within(notice.text, NTFY_TEXT_IN_BYTES),
        "priority": _QUIET if notice.quiet else _NORMAL,
        "sequence_id": notice.key,
    } | ({"click": notice.url} if notice.url else {})
    headers = [("Content-Type", "application/json")]
    if parts.token:
        headers.append(("Authorization", f"Bearer {parts.token}"))
    elif parts.login:
        login = base64.b64encode(parts.login.encode()).decode()
        headers.append(("Authorization", f"Basic {login}"))
    return HttpPost(parts.server, _json(message), tuple(headers))


def webhook(address: str, secret: str, notice: Notice) -> HttpPost:
    """Return the request that posts a notice as JSON.

    X-Tracker-Signature is "sha256=" and the HMAC-SHA256 of the body with `secret`, in hexadecimal;
    it is left out where `secret` is "".
    """
    body = message_json(notice)
    headers = [("Content-Type", "application/json"), ("Idempotency-Key", notice.key)]
    if secret:
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers.append(("X-Tracker-Signature", f"sha256={signature}"))
    return HttpPost(address, body, tuple(headers))


def message_json(notice: Notice) -> bytes:
    """Return a notice as JSON for programs: id, title, message, url, and its payload."""
    said = {"id": notice.key, "title": notice.title, "message": notice.text, "url": notice.url}
    return _json(said | dict(notice.payload))


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def within(text: str, most: int) -> str:
    """Cut text to at most `most` bytes in UTF-8, at a line or a word, with "…" at its end."""
    data = text.encode()
    if len(data) <= most:
        return text
    kept = data[: most - len("…".encode()) - 1].decode(errors="ignore")
    place = max(kept.rfind("\n"), kept.rfind(" "))
    return f"{kept[:place] if place > most // 2 else kept} …"


def outcome(answer: HttpAnswer, notice: Notice) -> Outcome:
    """Return what an answer means.

    An error of the server means that the message was not taken. If the connection broke while or
    after it was sent, nobody knows.
    """
    if answer.error:
        result = Result.DOUBT if answer.begun else Result.FAILED
        return Outcome(result, answer.error, answer.retry_after)
    if 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110, 15.3
        return Outcome(Result.SENT, replaces=_echoes(answer.body, notice.key))
    if 300 <= answer.status < 400:  # noqa: PLR2004 - RFC 9110, 15.4
        host = urlsplit(answer.location).hostname or "another address"
        why = f"it redirects to {host} ({answer.status}), which is not followed"
    elif answer.status >= 500:  # noqa: PLR2004 - RFC 9110, 15.6
        why = f"its server has an error ({answer.status})"
    else:
        why = _WORDS.get(answer.status, f"it answers with the status {answer.status}")
    return Outcome(Result.FAILED, why, answer.retry_after)


def _echoes(body: bytes, key: str) -> bool:
    """Whether a server knows `sequence_id`, as ntfy does from 2.16 on: it repeats the id then."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("sequence_id") == key
