"""tracker follows news stories through the feeds that a person trusts.

`tracker.open` reads and changes what the command does, from Python; see `tracker.api.tracker`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.version import __version__

if TYPE_CHECKING:
    from tracker.api import Tracker, open  # noqa: A004 - as `gzip.open` and `dbm.open` are called

__all__ = ["Tracker", "__version__", "open"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module may hold
    # Commands import this package too, and most need nothing of the interface.
    if name in ("Tracker", "open"):
        from tracker import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
