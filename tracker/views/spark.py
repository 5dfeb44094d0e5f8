"""Volume as one line of bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.signs import BARS

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTHING, _SOME = BARS[0], BARS[1:]


def sparkline(volume: Sequence[int], width: int) -> str:
    """Return at most `width` bars, oldest first; days share a bar where there are more of them.

    Nothing is the lowest bar and anything at all at least the second, so that a quiet day and a
    day with one report differ even beside a day with a thousand.
    """
    if not volume or width < 1:
        return ""
    share = -(-len(volume) // width)
    # Bars are filled from the end: the last one always holds whole days up to today.
    start = len(volume) % share
    bars = [sum(volume[:start])] if start else []
    bars += [sum(volume[i : i + share]) for i in range(start, len(volume), share)]
    top = max(bars)
    return "".join(_NOTHING if n <= 0 else _SOME[(n * len(_SOME) - 1) // top] for n in bars)
