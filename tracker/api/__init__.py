"""The Python interface: what the commands do, as methods that return frozen objects."""

from tracker.api.tracker import Tracker, open  # noqa: A004 - as `gzip.open` is called

__all__ = ["Tracker", "open"]
