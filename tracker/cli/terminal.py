"""Writing to the terminal, or to whatever stands in its place."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

import typer

# As a shell reports a program that SIGPIPE ended (128 + 13).
BROKEN_PIPE = 141


def coloured(stream: TextIO, *, no_color: bool) -> bool:
    """Tell whether to colour: on a terminal that can, unless NO_COLOR (no-color.org) or an option.

    FORCE_COLOR colours what is piped, as into `less -R`.
    """
    if no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def emit(text: str) -> None:
    """Write a line or more to stdout, at once; leave in silence where the reader has gone."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would fail once more at exit, aloud.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from None


def complain(message: str) -> None:
    """Say on stderr what went wrong; what feeds said of it is data and cannot steer a terminal."""
    from tracker.views.text import safe, wrap

    told = f"tracker: {safe(message)}"
    # The mark below a query that cannot be read stands where it stands: those lines stay.
    if sys.stderr.isatty() and "\n" not in told:
        told = "\n".join(wrap(told, shutil.get_terminal_size().columns))
    try:
        print(told, file=sys.stderr, flush=True)  # noqa: T201 - the one place
    except BrokenPipeError:
        return  # nobody listens
