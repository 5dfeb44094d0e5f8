"""Serves the archive on 127.0.0.1 as publishers would: validators, 304, a new edition at each step.

Only the standard library is used; nothing is logged.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar, Self

from tracker.demo.archive import documents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class _Served:
    body: bytes
    content_type: str
    etag: str
    modified: datetime


class ArchiveServer:
    """The archive's feeds on a free port of 127.0.0.1, from `with` to the end of its block.

    Nothing listens before. `step` moves all feeds to a moment, `start` is the first one; a feed
    in which nothing changed keeps its validators, so that who asks with them gets a 304.
    """

    def __init__(self, start: datetime) -> None:
        self._documents: Mapping[str, _Served] = {}
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.step(start)

    @property
    def base_url(self) -> str:
        """The address that feed paths are appended to, without a last slash."""
        if self._server is None:
            raise RuntimeError("the archive server is not running")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def step(self, moment: datetime) -> None:
        """Serve every feed as it stood at `moment` from now on."""
        served = {}
        for path, (body, content_type) in documents(moment).items():
            before = self._documents.get(path)
            if before is not None and before.body == body:
                served[path] = before
                continue
            etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            served[path] = _Served(body, content_type, etag, moment.replace(microsecond=0))
        self._documents = served
        if self._server is not None:
            self._server.documents = served

    def __enter__(self) -> Self:
        """Listen, and answer from a thread."""
        self._server = _Server(self._documents)
        # The interval is what leaving waits for at most; requests are answered at once.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening, hang up, and wait until every thread has ended."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.hang_up()
            self._server.server_close()
        self._server = self._thread = None


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them

    def __init__(self, served: Mapping[str, _Served]) -> None:
        self.documents = served
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        with self._guard:
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            with self._guard:
                self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep alive; their threads would wait for more."""
        with self._guard:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "archive"
    wbufsize: ClassVar[int] = -1  # an answer leaves in one piece
    disable_nagle_algorithm: ClassVar[bool] = True

    def do_GET(self) -> None:
        served = self.server.documents.get(self.path.partition("?")[0])
        if served is None:
            self._answer(404, b"")
        elif self._is_known(served):
            self._answer(304, b"", served)
        else:
            self._answer(200, served.body, served)

    def _is_known(self, served: _Served) -> bool:
        # RFC 9110, 13.1.3: If-Modified-Since counts only where no If-None-Match is sent.
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return served.etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and served.modified <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _answer(self, status: int, body: bytes, served: _Served | None = None) -> None:
        self.send_response_only(status)
        if served is not None:
            self.send_header("ETag", served.etag)
            self.send_header("Last-Modified", format_datetime(served.modified, usegmt=True))
        if status != 304:  # noqa: PLR2004 - RFC 9110, 15.4.5: a 304 has no content
            if served is not None:
                self.send_header("Content-Type", served.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Stay quiet: standard error belongs to the command."""
