"""A publisher on loopback: a real HTTP server that answers as told and counts what it is asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar


@dataclass
class Reply:
    """An answer: `raw` is sent as it is, `trickle` waits so many seconds before each byte."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    trickle: float = 0.0


Route = Reply | bytes | int | Callable[[BaseHTTPRequestHandler], Reply]


class Publisher(ThreadingHTTPServer):
    """Answers by path.

    A route is a reply, what makes one, a document (sent with an ETag, and with 304 to who has it),
    or a status alone. A path in `held` is answered once its event is set; `delay` is in seconds.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes: dict[str, Route] = {}
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.held: dict[str, threading.Event] = {}
        self.delay = 0.0
        self.most_at_once = 0
        self.at_once = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()

    def url(self, path: str = "", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def reply(self, request: BaseHTTPRequestHandler) -> Reply:
        """Give the answer to a request; made for classes that answer in another way."""
        route = self.routes.get(request.path, 404)
        if isinstance(route, int):
            return Reply(route)
        if isinstance(route, bytes):
            etag = f'"{sha256(route).hexdigest()}"'
            known = request.headers["If-None-Match"] == etag
            return Reply(304 if known else 200, b"" if known else route, {"ETag": etag})
        return route if isinstance(route, Reply) else route(request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Publisher

    def do_GET(self) -> None:
        server = self.server
        with server.lock:
            server.asked[self.path] += 1
            server.headers.append({name.lower(): value for name, value in self.headers.items()})
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        if server.delay:
            time.sleep(server.delay)
        if held := server.held.get(self.path):
            held.wait(20)
        reply = server.reply(self)
        with server.lock:
            server.at_once -= 1
        self.answer(reply)

    def answer(self, reply: Reply) -> None:
        if reply.raw is not None:
            self.wfile.write(reply.raw)
            self.close_connection = True
            return
        lines = [f"HTTP/1.1 {reply.status} X"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        lines += [f"Content-Length: {len(reply.body)}", "", ""]
        head = "\r\n".join(lines).encode()
        if not reply.trickle:
            self.wfile.write(head + reply.body)
            return
        self.wfile.write(head)
        for byte in reply.body:
            if self.server.stopping.wait(reply.trickle):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return


P = TypeVar("P", bound=Publisher)


@contextmanager
def serving(publisher: P) -> Iterator[P]:
    """Have a publisher answer as long as the block runs."""
    with publisher:
        thread = threading.Thread(target=publisher.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield publisher
        publisher.stopping.set()
        for event in publisher.held.values():
            event.set()
        publisher.shutdown()
        thread.join()
