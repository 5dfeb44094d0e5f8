"""How much a poll may take: of the network, of the publishers, of this machine."""

from __future__ import annotations

from typing import NamedTuple


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
