"""A receiver of messages on loopback: it keeps what is posted, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Post:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver(ThreadingHTTPServer):
    """Keeps each POST in `posts`.

    `answer` makes status and headers of a request; status 0 closes the connection without an
    answer, -1 never answers. With `echoes` it answers like ntfy: the message, with its sequence_id.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posts: list[Post] = []
        self.answer: Callable[[Post], tuple[int, dict[str, str]]] = lambda _: (200, {})
        self.echoes = False
        self.stopping = threading.Event()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def says(self, status: int, **headers: str) -> None:
        """Answer all from now on with this status."""
        self.answer = lambda _: (status, {k.replace("_", "-"): v for k, v in headers.items()})


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        post = Post(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.server.posts.append(post)
        status, headers = self.server.answer(post)
        if status <= 0:
            if status < 0:
                self.server.stopping.wait(30)
            self.close_connection = True
            return
        said = body if self.server.echoes else b"{}"
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
        self.wfile.write("\r\n".join([*lines, f"Content-Length: {len(said)}", "", ""]).encode())
        self.wfile.write(said)

    def do_GET(self) -> None:
        self.server.posts.append(Post(self.path, {}, b"GET"))

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a receiver that runs as long as the block."""
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield receiver
        receiver.stopping.set()
        receiver.shutdown()
        thread.join()
