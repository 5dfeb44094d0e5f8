"""HTTP transfers: many at a time in one thread, through libcurl's multi interface.

The only module that knows pycurl. It judges no answer: an `Answer` says what came, or in words
why nothing did. Redirects are followed here, one by one, so that each hop obeys the rule of
`addresses` and a permanent one is told apart from a passing one.
"""

from __future__ import annotations

import os
import select
import time
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

import pycurl

from tracker.feeds.fetching.addresses import is_private, names_private
from tracker.feeds.fetching.transport import describe_error, proxy_endpoints, trusted_certificates
from tracker.feeds.fetching.urls import encoded, joined, origin_of
from tracker.hosts import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.feeds.fetching.limits import Limits

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_IDLE_HANDLES = 64
_LONGEST_WAIT = 1.0
_MOST_HEADER_BYTES = 256 * 1024
# All else may belong to the user, and goes to no other origin (RFC 9110, 15.4): neither along a
# redirect nor, once that is remembered, by asking there at once.
_COMMON_HEADERS = frozenset(
    {"accept", "accept-language", "user-agent", "if-none-match", "if-modified-since"}
)


class Request(NamedTuple):
    """What to ask; `key` is the caller's own and comes back with the answer.

    `home` is the address that `headers` were given for, None where that is `url`: at another origin
    than its own, only those are sent that are nobody's secret.
    """

    key: int
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    home: str | None = None


class Answer(NamedTuple):
    """What came of a request.

    `status` is 0 and `error` a reason in words where no answer came. `headers` have lower-case
    names; `url` is where the body came from, `moved_to` where permanent redirects led.
    """

    request: Request
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    url: str
    moved_to: str | None = None
    error: str | None = None


class _Exchange:
    """A request under way: the state that a redirect carries from hop to hop."""

    __slots__ = (
        "began", "chunks", "deadline", "foreign", "header_bytes", "header_lines", "hops", "host",
        "moved_to", "permanent", "refused", "request", "size", "url",
    )  # fmt: skip

    def __init__(self, request: Request, host: str) -> None:
        self.request = request
        self.url = request.url
        self.host = host
        self.deadline = self.began = 0.0
        self.hops = 0
        self.moved_to: str | None = None
        self.permanent = True
        self.foreign = False
        self.refused: str | None = None
        self.begin_hop()

    def begin_hop(self) -> None:
        """Forget what an earlier hop brought."""
        self.header_lines: list[bytes] = []
        self.chunks: list[bytes] = []
        self.header_bytes = self.size = 0

    def take_header(self, line: bytes) -> int | None:
        """Keep a line for `headers`, as libcurl hands it over."""
        self.header_bytes += len(line)
        if self.header_bytes > _MOST_HEADER_BYTES:
            self.refused = "its headers are without end"
            return 0
        if line.startswith(b"HTTP/"):  # of this answer, or the one after a 1xx or a proxy's
            self.header_lines.clear()
        else:
            self.header_lines.append(line)
        return None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that came last, by name in lower case."""
        lines = [line.decode("latin-1").partition(":") for line in self.header_lines]
        found = {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
        if "link" in found:  # often sent several times, each with other links
            links = [value.strip() for name, _, value in lines if name.strip().lower() == "link"]
            found["link"] = ", ".join(links)
        return found


class Fetcher:
    """Runs requests within `limits`.

    `known_hosts` are those that the user lists: only they may have a private address.
    While `paused` is true no transfer starts. Use as a context manager; leaving it ends them all.
    """

    def __init__(self, limits: Limits, known_hosts: frozenset[str], user_agent: str) -> None:
        self._limits = limits
        self._known_hosts = known_hosts
        self._user_agent = user_agent
        self.paused = False
        self._multi: Any = None
        self._idle: list[Any] = []
        self._running: dict[Any, _Exchange] = {}
        self._ready: deque[_Exchange] = deque()
        self._waiting: dict[str, deque[_Exchange]] = defaultdict(deque)
        self._active: dict[str, int] = defaultdict(int)
        self._answers: list[Answer] = []
        self._open = 0
        self._proxies: frozenset[tuple[str, int]] | None = None
        self._certificates: str | None = None
        self._netrc: str | None = None

    def __enter__(self) -> Self:
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, self._limits.transfers * 2)
        self._certificates = trusted_certificates(os.environ)
        netrc = os.environ.get("NETRC") or os.path.expanduser("~/.netrc")  # noqa: PTH111 - Path costs more than the look
        self._netrc = netrc if os.path.exists(netrc) else None  # noqa: PTH110 - as above
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._running:
            self._multi.remove_handle(handle)
            handle.close()
        for handle in self._idle:
            handle.close()
        self._running.clear()
        self._idle.clear()
        self._multi.close()

    def __len__(self) -> int:
        """How many requests are not answered yet."""
        return self._open

    def add(self, requests: Iterable[Request]) -> None:
        """Take up requests; they start as the limits allow."""
        for request in requests:
            self._open += 1
            host = host_of(request.url)
            exchange = _Exchange(request, host)
            if not host or not request.url.lstrip()[:8].lower().startswith(("http://", "https://")):
                self._finish(exchange, error="its address is no http or https URL")
            elif host not in self._known_hosts and names_private(host):
                self._finish(exchange, error=_private(host))
            else:
                self._enqueue(exchange)

    def pump(
        self, timeout: float, readable: Sequence[int] = (), writable: Sequence[int] = ()
    ) -> list[Answer]:
        """Move all transfers on and return what is complete.

        Waits for at most `timeout` seconds while nothing is, less once one of the given file
        descriptors can be read or written.
        """
        self._advance()
        if not self._answers and timeout > 0:
            self._wait(timeout, readable, writable)
            self._advance()
        answers, self._answers = self._answers, []
        self._open -= len(answers)
        return answers

    def _wait(self, timeout: float, readable: Sequence[int], writable: Sequence[int]) -> None:
        reads, writes, errors = self._multi.fdset()
        if self._running:
            due = self._multi.timeout()
            timeout = min(timeout, _LONGEST_WAIT, due / 1000 if due >= 0 else _LONGEST_WAIT)
            if not reads and not writes:
                timeout = min(timeout, 0.005)  # libcurl is resolving or between two states
        select.select([*reads, *readable], [*writes, *writable], errors, timeout)

    def _advance(self) -> None:
        self._start_ready()
        self._multi.perform()
        while True:
            queued, done, failed = self._multi.info_read()
            for handle in done:
                self._complete(handle, None)
            for handle, code, message in failed:
                self._complete(handle, (code, message))
            if not queued:
                break
        if self._ready and len(self._running) < self._limits.transfers:
            self._start_ready()
            self._multi.perform()

    # --- queueing -------------------------------------------------------------------------------

    def _enqueue(self, exchange: _Exchange) -> None:
        if self._active[exchange.host] < self._limits.per_host:
            self._active[exchange.host] += 1
            self._ready.append(exchange)
        else:
            self._waiting[exchange.host].append(exchange)

    def _leave(self, host: str) -> None:
        """Give up a place at the host, to the exchange that waits longest for one."""
        if queue := self._waiting.get(host):
            self._ready.append(queue.popleft())
        else:
            self._active[host] -= 1

    def _start_ready(self) -> None:
        while self._ready and len(self._running) < self._limits.transfers and not self.paused:
            exchange = self._ready.popleft()
            now = time.monotonic()
            if not exchange.began:
                exchange.began = now
                exchange.deadline = now + self._limits.timeout
            left = exchange.deadline - now
            if left <= 0:
                self._leave(exchange.host)
                self._finish(exchange, error=self._late())
                continue
            handle = self._idle.pop() if self._idle else self._new_handle()
            try:
                self._prepare(handle, exchange, left)
            except (pycurl.error, UnicodeError, ValueError):
                handle.close()
                self._leave(exchange.host)
                self._finish(exchange, error="its address cannot be read")
                continue
            self._running[handle] = exchange
            self._multi.add_handle(handle)

    # --- one handle -----------------------------------------------------------------------------

    def _new_handle(self) -> Any:  # noqa: ANN401 - pycurl has no types
        handle = pycurl.Curl()
        options = {
            pycurl.NOSIGNAL: 1,
            pycurl.ACCEPT_ENCODING: "",
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.USERAGENT: self._user_agent,
            pycurl.TCP_KEEPALIVE: 1,
            # Not libcurl's 300 s, for who waits longer; the deadline of a request counts as well.
            pycurl.CONNECTTIMEOUT_MS: max(1, int(self._limits.timeout * 1000)),
        }
        if self._certificates:
            options[pycurl.CAINFO] = self._certificates
        if self._netrc:
            options[pycurl.NETRC] = pycurl.NETRC_OPTIONAL
            options[pycurl.NETRC_FILE] = self._netrc
        for option, value in options.items():
            handle.setopt(option, value)
        return handle

    def _prepare(self, handle: Any, exchange: _Exchange, left: float) -> None:  # noqa: ANN401 - as above
        exchange.begin_hop()
        headers, home = exchange.request.headers, exchange.request.home
        if home and home != exchange.request.url:  # the feed moved: few did
            exchange.foreign |= origin_of(home) != origin_of(exchange.request.url)
        if exchange.foreign:
            headers = tuple(pair for pair in headers if pair[0].lower() in _COMMON_HEADERS)
        handle.setopt(pycurl.URL, encoded(exchange.url))
        handle.setopt(pycurl.HTTPHEADER, [f"{name}: {value}".encode() for name, value in headers])
        handle.setopt(pycurl.TIMEOUT_MS, max(1, int(left * 1000)))
        handle.setopt(pycurl.HEADERFUNCTION, exchange.take_header)
        handle.setopt(pycurl.WRITEFUNCTION, lambda data: self._take_body(exchange, data))
        if exchange.host not in self._known_hosts:
            handle.setopt(
                pycurl.OPENSOCKETFUNCTION,
                lambda _purpose, address: self._open_socket(exchange, address),
            )
        else:
            handle.unsetopt(pycurl.OPENSOCKETFUNCTION)

    def _take_body(self, exchange: _Exchange, data: bytes) -> int | None:
        exchange.size += len(data)
        if exchange.size > self._limits.max_body:
            most = self._limits.max_body / 2**20
            exchange.refused = f"it is larger than {most:g} MiB"
            return 0
        exchange.chunks.append(data)
        return None

    def _open_socket(self, exchange: _Exchange, address: Any) -> Any:  # noqa: ANN401 - as above
        """Refuse a private address at the moment of connecting, so that no DNS answer deceives."""
        import socket

        family, kind, protocol, endpoint = address
        if not isinstance(endpoint, tuple):
            exchange.refused = "it leads to a socket of this machine"
            return pycurl.SOCKET_BAD
        if is_private(endpoint[0]):
            if self._proxies is None:
                self._proxies = proxy_endpoints(os.environ)
            if (endpoint[0], endpoint[1]) not in self._proxies:
                exchange.refused = _private(exchange.host)
                return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)

    # --- the end of a hop -----------------------------------------------------------------------

    def _complete(self, handle: Any, failure: tuple[int, str] | None) -> None:  # noqa: ANN401 - as above
        exchange = self._running.pop(handle)
        self._multi.remove_handle(handle)
        status = 0 if failure else handle.getinfo(pycurl.RESPONSE_CODE)
        if len(self._idle) < _IDLE_HANDLES:
            self._idle.append(handle)
        else:
            handle.close()
        self._leave(exchange.host)
        if failure is not None:
            code, message = failure
            late = self._late() if code == pycurl.E_OPERATION_TIMEDOUT else None
            reason = exchange.refused or late or describe_error(code, message, exchange.host)
            self._finish(exchange, error=reason)
        elif status in _REDIRECTS:
            self._redirect(exchange, status)
        else:
            self._finish(exchange, status=status)

    def _redirect(self, exchange: _Exchange, status: int) -> None:
        target = exchange.headers.get("location", "")
        if not target:
            self._finish(exchange, status=status, error=f"it redirects to nowhere ({status})")
            return
        try:
            url = joined(exchange.url, target)
            host = host_of(url)
            scheme = urlsplit(url).scheme.lower()
        except ValueError:
            url = host = scheme = ""
        exchange.hops += 1
        reason = None
        if scheme not in {"http", "https"} or not host:
            reason = f"it redirects to something that is no web address ({status})"
        elif exchange.hops > self._limits.max_redirects:
            reason = f"it redirects without end ({self._limits.max_redirects} times)"
        elif host not in self._known_hosts and names_private(host):
            reason = _private(host)
        if reason:
            self._finish(exchange, status=status, error=reason)
            return
        exchange.permanent = exchange.permanent and status in _PERMANENT
        if exchange.permanent:
            exchange.moved_to = url
        exchange.foreign = exchange.foreign or origin_of(url) != origin_of(exchange.url)
        exchange.url, exchange.host = url, host
        self._enqueue(exchange)

    def _finish(self, exchange: _Exchange, *, status: int = 0, error: str | None = None) -> None:
        seconds = time.monotonic() - exchange.began if exchange.began else 0.0
        body = b"" if error else b"".join(exchange.chunks)
        answer = Answer(
            request=exchange.request,
            status=status,
            headers=exchange.headers,
            body=body,
            seconds=seconds,
            url=exchange.url,
            moved_to=exchange.moved_to if error is None else None,
            error=error,
        )
        exchange.chunks = []
        self._answers.append(answer)

    def _late(self) -> str:
        return f"no complete answer came within {self._limits.timeout:g} s"


def _private(host: str) -> str:
    return f"it leads to {host}, a private address that the feed list does not name"
