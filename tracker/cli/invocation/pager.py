"""A pager for what is longer than the screen, chosen and started as git and gh do it."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

from tracker.cli.invocation.terminal import complain
from tracker.errors import UsageError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

# F: leave at once what fits on the screen; R: pass colours and links on; X: leave it on the screen.
_DEFAULTS = {"LESS": "FRX", "LV": "-c"}
_VARIABLES = ("TRACKER_PAGER", "PAGER")


def pager_of(environ: Mapping[str, str]) -> list[str]:
    """Return the words of the pager's command: TRACKER_PAGER, PAGER, or less; [] for none.

    An empty variable and "cat" ask for none. Raises UsageError for a quote that is never closed.
    """
    name = next((each for each in _VARIABLES if each in environ), None)
    typed = environ[name] if name else "less"
    try:
        words = shlex.split(typed)
    except ValueError as error:
        raise UsageError(f"{name} {typed!r} cannot be read ({error}); mend its quotes.") from error
    return [] if words == ["cat"] else words


def passes_links(words: list[str]) -> bool:
    """Tell whether a pager is known to pass links (OSC 8) on to the terminal."""
    return not words or _is_less(words)


def _is_less(words: list[str]) -> bool:
    return os.path.basename(words[0]) == "less"  # noqa: PTH119 - a word, not a file


def is_longer_than_screen(text: str, width: int) -> bool:
    """Tell whether a text and the next prompt need more rows than the terminal has.

    `text` has no escape sequences; a row of more than `width` characters takes several.
    """
    rows = sum(max(-(-len(row) // width), 1) for row in text.split("\n"))
    return rows >= shutil.get_terminal_size().lines


def paged(text: str, words: list[str]) -> bool:
    """Show a text in a pager and wait for its end; return false where it cannot be started."""
    import subprocess

    # Without PAGER: a pager that starts another one would start itself.
    # A LESS of the user's own that lacks R would show every colour and link as its escape sequence.
    words = [words[0], "-R", *words[1:]] if _is_less(words) else words
    environ = _DEFAULTS | {name: value for name, value in os.environ.items() if name != "PAGER"}
    try:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, env=environ)  # noqa: S603 - the user's own
    except OSError as error:
        complain(f"The pager {words[0]} cannot be started ({error.strerror}); set TRACKER_PAGER.")
        return False
    _feed(process, text)
    return True


def _feed(process: subprocess.Popen[bytes], text: str) -> None:
    import signal

    # Ctrl-C is the pager's, which stops a search by it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # communicate ignores that a pager was left before it had read all.
        process.communicate(f"{text}\n".encode(sys.stdout.encoding or "utf-8", "replace"))
    finally:
        signal.signal(signal.SIGINT, before)
