"""What a compound is made of, in the languages that write one as one word."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tracker.stories.folding import fold
from tracker.stories.forms import FULL, NARROWER
from tracker.stories.stemming import lists, stemming

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def halves(stems: Sequence[str], language: str) -> Iterator[tuple[int, str, float]]:
    """Give what compounds may be made of, with their places and how well it can be shown so.

    A Warnstreik is a Streik; an Impfstoffstreit is no Impfstoff, but about one. What is one word
    has no shorter head within: an Ausschuss is no Schuss, nor is a Finanzausschuss.
    """
    for place, stem in enumerate(stems if language in COMPOUNDING else ()):
        shortest = max(_HEAD, _one_word(stem, language))
        for cut in range(_MODIFIER, len(stem) - shortest + 1):
            yield place, stem[cut:], FULL
        for cut in range(_LONG_MODIFIER, len(stem) - _MODIFIER):
            yield place, stem[:cut], NARROWER


@lru_cache(maxsize=1 << 14)
def _one_word(stem: str, language: str) -> int:
    """Give how many letters at the end of a stem are listed as one word, 0 for none."""
    listed = _whole(language)
    return next((len(stem) - cut for cut in range(len(stem)) if stem[cut:] in listed), 0)


@cache
def _whole(language: str) -> frozenset[str]:
    """Give the stems of what looks like a compound and is none, in one language."""
    stem = stemming(language)
    return frozenset(stem(fold(word)) for word in lists("whole").get(language, "").split())


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
