"""Serving over stdin and stdout, until the assistant's program closes them."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import anyio

from tracker.assistant.server import server_of

if TYPE_CHECKING:
    from tracker.assistant.desk import Desk

_log = logging.getLogger(__name__)


def serve(desk: Desk) -> None:
    """Answer on stdout what is asked on stdin, and return when stdin ends.

    Nothing else is written to stdout: the SDK lets it lead to stderr meanwhile. A program that went
    without reading its answers is no error.
    """
    server = server_of(desk)
    # The SDK logs with colours and boxes, which are nothing for the log file of a program.
    logging.basicConfig(
        level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(message)s", force=True
    )
    try:
        anyio.run(server.run_stdio_async)
    except* BrokenPipeError:
        _log.debug("the answers are not read any more")
