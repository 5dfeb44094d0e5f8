"""What an HTTP answer means for its feed: nothing new, a document to read, or a reason in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.feeds.fetching.httpdates import max_age, retry_at
from tracker.hosts import without_credentials
from tracker.model.polling import Failed, NotModified, Transfer

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from tracker.feeds.fetching.fetch import Answer
    from tracker.model.polling import FeedState

_OK = frozenset({200, 203, 226})
_NOT_MODIFIED = 304
_GONE = 410
_WORDS = {
    204: "the answer is empty (204)",
    205: "the answer is empty (205)",
    206: "only a part of it was sent (206)",
    300: "it offers several addresses and says not which to take (300)",
    400: "the publisher's server does not understand the request (400)",
    401: "it wants a user name and a password (401)",
    402: "it wants to be paid (402)",
    403: "the publisher forbids it (403)",
    404: "there is nothing at this address (404)",
    406: "the publisher's server has no form of it to offer (406)",
    407: "the proxy wants a user name and a password (407)",
    408: "the publisher's server waited too long for the request (408)",
    410: "it is gone for good (410): it is not asked any more",
    418: "the publisher's server takes tracker for a nuisance (418)",
    421: "the publisher's server is not responsible for this address (421)",
    423: "it is locked (423)",
    425: "the publisher's server asks to try again later (425)",
    429: "the publisher has had too many requests (429)",
    451: "it is withheld for legal reasons (451)",
    500: "the publisher's server has an error (500)",
    502: "the server behind the publisher's gateway does not work (502)",
    503: "the publisher's server is not available for now (503)",
    504: "the server behind the publisher's gateway does not answer (504)",
    520: "the publisher's server sent Cloudflare something odd (520)",
    521: "the publisher's server is down, says Cloudflare (521)",
    522: "the publisher's server does not answer Cloudflare (522)",
    523: "the publisher's server cannot be reached by Cloudflare (523)",
    524: "the publisher's server is too slow for Cloudflare (524)",
    525: "the publisher's server and Cloudflare agree on no encryption (525)",
    526: "the publisher's certificate is not valid, says Cloudflare (526)",
    530: "Cloudflare cannot find the publisher's server (530)",
}
_MAY_HIDE_A_CHALLENGE = frozenset({401, 403, 405, 406, 429, 503})


class Received(NamedTuple):
    """A document to be read, in UTF-8 unless `body` is still as it came."""

    feed: FeedState
    transfer: Transfer
    body: bytes
    url: str
    content_type: str


def judge(feed: FeedState, answer: Answer, now: datetime) -> NotModified | Received | Failed:
    """Tell what the answer means, without looking into a document."""
    transfer = _transfer(feed, answer, now)
    if answer.error is not None:
        return Failed(feed, transfer, without_credentials(answer.error))
    if answer.status == _NOT_MODIFIED:
        if feed.body_hash is None and not (feed.etag or feed.last_modified):
            reason = "it says that nothing changed (304), but was never read before"
            return Failed(feed, transfer, reason)
        return NotModified(feed, transfer)
    if answer.status not in _OK:
        return _failed(feed, transfer, answer, now)
    if not answer.body.strip():
        return Failed(feed, transfer, "the answer is empty")
    content_type = answer.headers.get("content-type", "")
    url = without_credentials(answer.url)  # links of entries are joined to it, and shown
    return Received(feed, transfer, answer.body, url, content_type)


def describe_status(answer: Answer) -> str:
    """Say in words why the answer holds no document, from its status and what stands in it."""
    if answer.status in _MAY_HIDE_A_CHALLENGE:
        from tracker.feeds.parsing.challenge import names_challenge

        if what := names_challenge(answer.headers, answer.body):
            return f"in its place stands {what} ({answer.status})"
    return _WORDS.get(answer.status) or _unknown(answer.status)


def _failed(feed: FeedState, transfer: Transfer, answer: Answer, now: datetime) -> Failed:
    gone = answer.status == _GONE
    reason = describe_status(answer)
    if gone and feed.moved_to:  # the listed address may work again, and is asked before it is over
        gone, reason = False, "the address that it moved to is gone for good (410)"
    return Failed(feed, transfer, reason, retry_at=retry_at(answer.headers, now), gone=gone)


def _unknown(status: int) -> str:
    kinds = {1: "an odd", 2: "an odd", 3: "an odd", 4: "a refusing", 5: "an error"}
    return f"the publisher's server gave {kinds.get(status // 100, 'an odd')} answer ({status})"


def _transfer(feed: FeedState, answer: Answer, now: datetime) -> Transfer:
    """Tell what the exchange taught; validators of a 304 replace those sent, absent ones stay."""
    etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    ok = answer.error is None and answer.status in _OK
    if not ok:
        etag, modified = feed.etag, feed.last_modified
        if answer.status == _NOT_MODIFIED:
            etag = answer.headers.get("etag") or etag
            modified = answer.headers.get("last-modified") or modified
    worked = ok or answer.status == _NOT_MODIFIED
    age: timedelta | None = max_age(answer.headers, now) if worked else None
    return Transfer(
        status=answer.status,
        seconds=answer.seconds,
        size_in_bytes=len(answer.body),
        etag=etag or None,
        last_modified=modified or None,
        max_age=age,
        moved_to=answer.moved_to if worked else None,
    )
