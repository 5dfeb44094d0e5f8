"""What a compound is made of, in the languages that write one as one word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.forms import FULL, NARROWER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def halves(stems: Sequence[str], language: str) -> Iterator[tuple[int, str, float]]:
    """Give what compounds may be made of, with their places and how well it can be shown so.

    A Warnstreik is a Streik; an Impfstoffstreit is no Impfstoff, but about one.
    """
    for place, stem in enumerate(stems if language in COMPOUNDING else ()):
        for cut in range(_MODIFIER, len(stem) - _HEAD + 1):
            yield place, stem[cut:], FULL
        for cut in range(_LONG_MODIFIER, len(stem) - _MODIFIER):
            yield place, stem[:cut], NARROWER


def without_joint(modifier: str) -> Iterator[str]:
    """Give what the first part of a compound may be by itself: Verteidigungs-, of Verteidigung."""
    return (modifier.removesuffix(joint) for joint in _JOINTS if modifier.endswith(joint))


COMPOUNDING = frozenset({"de", "nl"})
"""Languages that write compounds as one word."""
_JOINTS = ("", "s", "n", "en", "er", "es", "e")
"""What may stand between the parts of a compound."""
_MODIFIER, _LONG_MODIFIER, _HEAD = 3, 7, 5
"""Letters from which on a compound has a first part, one that tells what it is about, and a head
that says what it is."""
