"""One POST at a time, for messages to an address of the user's own. It shares pycurl with `fetch`.

No redirect is followed: the address is a secret, and the message is for that server alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pycurl

from tracker.feeds.fetching.httpdates import retry_at
from tracker.feeds.fetching.limits import user_agent
from tracker.feeds.fetching.transport import describe_error, trusted_certificates
from tracker.feeds.fetching.urls import encoded
from tracker.hosts import host_of
from tracker.model.alerts import HttpAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.alerts import HttpPost

CONNECT_TIMEOUT_IN_SECONDS = 5.0
# Errors of libcurl before any request is sent: name, connection, TLS, certificate, proxy.
_BEFORE = frozenset({1, 3, 5, 6, 7, 35, 58, 60, 77, 97})
_LONGEST_WAIT = 1.0
_MOST_BODY = 64 * 1024
_MOST_HEADER_BYTES = 64 * 1024


def post(request: HttpPost, now: datetime, *, timeout: float) -> HttpAnswer:
    """Send a request and return the answer; nothing is raised.

    `timeout` is that of the whole exchange, in seconds. Of the answer's body the first 64 KiB are
    kept.
    """
    handle = pycurl.Curl()
    body, headers = bytearray(), bytearray()
    try:
        _prepare(handle, request, timeout)
        handle.setopt(pycurl.WRITEFUNCTION, lambda data: _take(body, data, _MOST_BODY))
        handle.setopt(pycurl.HEADERFUNCTION, lambda data: _take(headers, data, _MOST_HEADER_BYTES))
        failure = _perform(handle)
        # Behind the head of an answer, which says all that counts, the connection may break.
        answered = handle.getinfo(pycurl.RESPONSE_CODE) >= 200 and headers  # noqa: PLR2004 - not 1xx
        if failure and not answered:
            return _failed(handle, failure, request, timeout)
        return _answer(handle, bytes(body), bytes(headers), now)
    except (UnicodeError, ValueError):
        return HttpAnswer(0, error="its address cannot be read")
    finally:
        handle.close()


def _perform(handle: Any) -> tuple[int, str] | None:  # noqa: ANN401 - pycurl has no types
    """Run a transfer; return libcurl's code and message if it fails.

    By the multi interface: while it waits, Ctrl-C is heard.
    """
    multi = pycurl.CurlMulti()
    multi.add_handle(handle)
    try:
        while multi.perform()[1]:
            multi.select(_LONGEST_WAIT)
        _, _, failed = multi.info_read()
    finally:
        multi.remove_handle(handle)
        multi.close()
    return (failed[0][1], failed[0][2]) if failed else None


def _prepare(handle: Any, request: HttpPost, timeout: float) -> None:  # noqa: ANN401 - pycurl has no types
    options = {
        pycurl.URL: encoded(request.url),
        pycurl.POST: 1,
        pycurl.POSTFIELDS: request.body,
        pycurl.HTTPHEADER: [
            *(f"{name}: {value}".encode() for name, value in request.headers),
            b"Expect:",
        ],
        pycurl.NOSIGNAL: 1,
        pycurl.FOLLOWLOCATION: 0,
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
        pycurl.USERAGENT: user_agent(),
        pycurl.TIMEOUT_MS: max(1, int(timeout * 1000)),
        pycurl.CONNECTTIMEOUT_MS: max(1, int(min(timeout, CONNECT_TIMEOUT_IN_SECONDS) * 1000)),
        pycurl.FRESH_CONNECT: 1,
    }
    if certificates := trusted_certificates(os.environ):
        options[pycurl.CAINFO] = certificates
    for option, value in options.items():
        handle.setopt(option, value)


def _take(kept: bytearray, data: bytes, most: int) -> None:
    kept += data[: max(most - len(kept), 0)]


def _failed(
    handle: Any,  # noqa: ANN401 - as above
    failure: tuple[int, str],
    request: HttpPost,
    timeout: float,
) -> HttpAnswer:
    code, message = failure
    host = host_of(request.url)
    # Bytes of requests that were issued; a proxy may have been asked for a tunnel before.
    begun = code not in _BEFORE and handle.getinfo(pycurl.REQUEST_SIZE) > 0
    if code == pycurl.E_OPERATION_TIMEDOUT:
        seconds = timeout if begun else min(timeout, CONNECT_TIMEOUT_IN_SECONDS)
        what = "no answer came" if begun else "no connection was made"
        return HttpAnswer(0, error=f"{what} within {seconds:g} s", begun=begun)
    return HttpAnswer(0, error=describe_error(code, message, host), begun=begun)


def _answer(handle: Any, body: bytes, headers: bytes, now: datetime) -> HttpAnswer:  # noqa: ANN401 - as above
    status = handle.getinfo(pycurl.RESPONSE_CODE)
    # The last block: answers of the kind 1xx, and those of proxies, come before.
    last = headers.strip().rpartition(b"\r\n\r\n")[2].decode("latin-1")
    pairs = [line.partition(":") for line in last.splitlines()[1:]]
    found = {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
    at = retry_at(found, now)
    return HttpAnswer(status, body, found.get("location", ""), at - now if at else None)
