"""What stands for a longer name: a surname, a company without its kind, one word of two."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from tracker.stories.forms import FULL, HALF
from tracker.stories.name_words import name_words
from tracker.stories.text import FIGURE

if TYPE_CHECKING:
    from tracker.stories.text import Word


def shorter(name: tuple[Word, ...]) -> list[tuple[tuple[Word, ...], float]]:
    """Give what stands for a longer name, and how well.

    A surname and a company without its kind do in full; either word of two unknown ones does by
    half: "Steam Machine" is one name, "Veolia Suez" are two.
    """
    if len(name) == 1 or FIGURE in (name[0].shape, name[-1].shape):
        return []
    if name[0].fold in name_words("binds-next"):
        return []
    if name[0].fold in name_words("given") | name_words("titles"):
        return [(name[1:], FULL)]
    short = tuple(takewhile(lambda word: word.fold not in name_words("binds-before"), name))
    if short and len(short) < len(name):
        return [(name[:size], FULL) for size in range(len(short), len(name))]
    return [((word,), HALF) for word in name if word.fold not in name_words("given")]
