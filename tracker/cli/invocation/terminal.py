"""Writing to the terminal, or to whatever stands in its place."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import typer

from tracker.errors import TrackerError
from tracker.signs import replacements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# As a shell reports a program that SIGPIPE ended (128 + 13).
BROKEN_PIPE = 141


def coloured(stream: TextIO, *, no_color: bool) -> bool:
    """Tell whether to colour what goes to a stream: see `wants_colour`."""
    return not no_color and wants_colour(os.environ, terminal=stream.isatty())


def wants_colour(environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Tell whether to colour, by the variables of no-color.org, force-color.org and CLICOLOR.

    NO_COLOR goes first, then CLICOLOR_FORCE and FORCE_COLOR, then CLICOLOR=0, then whether the
    stream is a `terminal` that can. An empty variable is unset. FORCE_COLOR=0 asks for no colour,
    as Node's tools read it; CLICOLOR_FORCE=0 asks for nothing (bixense.com/clicolors).
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
        return True
    forced = environ.get("FORCE_COLOR")
    if forced:
        return forced.casefold() not in {"0", "false"}
    if environ.get("CLICOLOR") == "0":
        return False
    return terminal and environ.get("TERM") != "dumb"


def emit(text: str) -> None:
    """Write a line or more to stdout, at once; leave in silence where the reader has gone.

    Where stdout cannot be sent a sign, its form in ASCII is; any other character becomes "?".
    Raises TrackerError where nothing can be written, as on a full disk.
    """
    encoding = sys.stdout.encoding or "utf-8"
    shown = f"{text}\n".translate(replacements(encoding))
    with _written():
        sys.stdout.write(shown.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()


def emit_file(data: bytes) -> None:
    """Write the bytes of a file to stdout as they are; leaves and raises as `emit` does."""
    with _written():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        _give_up(sys.stdout)
        raise typer.Exit(BROKEN_PIPE) from None
    except OSError as error:
        _give_up(sys.stdout)
        reason = error.strerror or str(error)
        raise TrackerError(
            f"The output cannot be written ({reason}); send it somewhere else."
        ) from error


def complain(message: str) -> None:
    """Say on stderr what went wrong; what feeds said of it is data and cannot steer a terminal."""
    from tracker.plain_text import safe
    from tracker.views.text import wrap

    told = f"tracker: {safe(message)}"
    # The mark below a query that cannot be read stands where it stands: those lines stay.
    if sys.stderr.isatty() and "\n" not in told:
        told = "\n".join(wrap(told, shutil.get_terminal_size().columns))
    warn(told)


def warn(text: str) -> None:
    """Write lines to stderr as they are; where that cannot be, nobody can be told."""
    try:
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - the one place
    except OSError:
        _give_up(sys.stderr)


def open_closed_streams() -> None:
    """Let streams that the caller closed (`>&-`) lead nowhere.

    Python has None in their place, and the next file that is opened gets their number: what is
    written to stdout in C would end up in the database.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end


def pressed(keys: str) -> str | None:
    """Return which of some keys (small letters) the user presses next, None at the end of input.

    Where stdin is no terminal, it is the first letter of the next line. Other keys are passed over.
    """
    while True:
        if sys.stdin.isatty():
            try:
                found = typer.getchar()
            except EOFError:
                return None
        elif not (found := sys.stdin.readline()):
            return None
        key = found.strip()[:1].lower()
        if key and key in keys:
            return key


def _give_up(stream: TextIO) -> None:
    """Let what is still buffered go nowhere: it would fail once more at exit, aloud."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
