"""`tracker` and `python -m tracker`."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress

_INTERRUPTED = 130  # as a shell reports a program that SIGINT ended (128 + 2)


def main() -> None:
    """Run the command line; leaves by SystemExit.

    What is made while starting lives to the end: the collector of cycles would run 27 times over
    it, and once more over all at the end, to find nothing. Of a poll in which nothing changed that
    was a sixth. What the command makes is collected as ever.
    """
    gc.disable()
    try:
        from tracker.cli.app import app
        from tracker.cli.invocation.terminal import open_closed_streams

        gc.freeze()
        gc.enable()
        open_closed_streams()
        app(prog_name="tracker")
    except KeyboardInterrupt:  # while what would say so is still imported
        with suppress(OSError, AttributeError):  # stderr is full or closed
            sys.stderr.write("tracker: Interrupted.\n")
        sys.exit(_INTERRUPTED)
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
