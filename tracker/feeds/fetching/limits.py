"""How publishers are asked: how much a poll may take of them, and who they are told asks."""

from __future__ import annotations

from typing import NamedTuple

from tracker.version import __version__


class Limits(NamedTuple):
    """The bounds of one harvest.

    `transfers` run at a time in all, `per_host` of them at one host; `timeout` is the deadline in
    seconds for one feed, redirects and trickling included; `max_body` counts bytes after
    decompression; `workers` is how many processes may parse (0: none but this one, None: as many
    as the machine has cores, at most four).
    """

    transfers: int = 64
    per_host: int = 2
    timeout: float = 30.0
    max_body: int = 16 * 2**20
    max_redirects: int = 8
    workers: int | None = None


def user_agent(contact: str = "") -> str:
    """Return the User-Agent of all requests, with the user's `contact` where there is one.

    >>> user_agent("https://example.org/").partition(" ")[2]
    '(+https://example.org/)'
    """
    about = f"+{contact}" if contact.startswith("http") else contact or "feed reader"
    return f"tracker/{__version__} ({about})"
