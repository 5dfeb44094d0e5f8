"""A publisher of many feeds from memory, cheap enough not to be what a benchmark measures."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import random
import socket
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTRIES = 25
# 5,000 words that fall in frequency as real ones do, and names of which one in ten entries speaks.
_SYLLABLES = ("ba", "cor", "den", "fi", "gal", "hem", "lo", "mar", "nis", "pol", "ras", "ten", "vu")
_WORDS = [
    first + second + third + ending
    for first in _SYLLABLES
    for second in _SYLLABLES
    for third in _SYLLABLES
    for ending in ("", "s", "ed")
][:5000]
_WEIGHTS = [1 / (rank + 3) for rank in range(len(_WORDS))]
NAMES = [f"{first.capitalize()}{second}tek" for first in _SYLLABLES for second in _SYLLABLES][:100]
AFFAIRS = ("acquisition", "lawsuit", "data breach", "layoffs", "outage")
STORIES = [f"{name} {AFFAIRS[number % 5]}" for number, name in enumerate(NAMES[:20])]
_SHARE_WITH_NAMES = 0.1
FIRST_DATE = 1_764_000_000
HOUR = 3600


@lru_cache(maxsize=300_000)
def entry(feed: int, number: int) -> str:
    """Write one entry of some 1.4 kB, always the same for its numbers."""
    chance = random.Random(feed * 100_003 + number)  # noqa: S311 - text to fill feeds with
    words = chance.choices(_WORDS, _WEIGHTS, k=117)
    if chance.random() < _SHARE_WITH_NAMES:
        words[1:3] = [chance.choice(NAMES), chance.choice(AFFAIRS)]
    title = " ".join(words[:9]).capitalize()
    text = "".join(
        f"<p>{' '.join(words[9 + 36 * part : 45 + 36 * part]).capitalize()} "
        f'<a href="http://site.example/{feed}/x{number}">more &amp; more</a>.</p>'
        for part in range(3)
    )
    date = formatdate(FIRST_DATE + number * HOUR, usegmt=True)
    return (
        f"<item><title>{title}</title><link>http://site.example/{feed}/{number}</link>"
        f'<guid isPermaLink="false">{feed}-{number}</guid><pubDate>{date}</pubDate>'
        f"<dc:creator>Author {number % 7}</dc:creator><category>tech</category>"
        f"<description><![CDATA[{text}]]></description></item>\n"
    )


def document(feed: int, issue: int) -> bytes:
    """Write a feed of 25 entries, of which `issue` are newer than those of the first issue."""
    entries = "".join(entry(feed, issue - place) for place in range(ENTRIES))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Outlet {feed}</title><link>http://site.example/{feed}/</link>"
        f"<description>All of outlet {feed}</description><language>en</language>\n"
        f"{entries}</channel></rss>\n"
    ).encode()


class _Connection(asyncio.Protocol):
    """Answers the requests of one connection; the settings are the whole server's."""

    issue = 0
    latency = 0.0
    written: Callable[[int, int], bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # TCP's
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            answer = self.answer(head)
            if self.latency and b"/-/" not in head:
                loop = asyncio.get_running_loop()
                loop.call_later(self.latency, self.send, answer)
            else:
                self.send(answer)

    def send(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)

    def answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        _, kind, name = path.split("/", 2)
        if kind == "-":
            for key, value in parse_qsl(name.partition("?")[2]):
                setattr(_Connection, key, type(getattr(_Connection, key))(float(value)))
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        tag = f'"{name}-{self.issue}"'
        validators = ""
        if kind == "v":
            date = formatdate(FIRST_DATE + self.issue * HOUR, usegmt=True)
            validators = f"ETag: {tag}\r\nLast-Modified: {date}\r\n"
            if tag.encode() in head:
                return f"HTTP/1.1 304 Not Modified\r\n{validators}\r\n".encode()
        body = self.written(int(name), self.issue)
        start = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n{validators}"
        return f"{start}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _run(listening: socket.socket, feeds: int, write: Callable[[int, int], bytes]) -> None:
    written = lru_cache(maxsize=25_000)(write)
    _Connection.written = staticmethod(written)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_Connection, sock=listening, backlog=4096)
        await server.serve_forever()

    for number in range(feeds):
        written(number, 0)
        written(number, 1)
    asyncio.run(main())


@contextlib.contextmanager
def serve(feeds: int, write: Callable[[int, int], bytes] = document) -> Iterator[str]:
    """Serve in a process of its own on all addresses of the loopback; yields the origin.

    `write` makes a document of the numbers of a feed and of its issue.
    So many feeds are written beforehand, 0.1 MiB of memory each; the first answer waits for it.
    """
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("0.0.0.0", 0))  # noqa: S104 - 127.0.0.0/8 as a whole
        listening.listen(4096)
        port = listening.getsockname()[1]
        process = multiprocessing.get_context("fork").Process(
            target=_run, args=(listening, feeds, write)
        )
        process.daemon = True
        process.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.join()
