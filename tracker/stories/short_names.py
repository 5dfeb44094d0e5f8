"""What stands for a longer name: a surname, a company without its kind, one word of two."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from tracker.stories.levels import FULL, HALF
from tracker.stories.text.tokenization import FIGURE, LOWER
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Word


def shorter(name: tuple[Word, ...]) -> list[tuple[tuple[Word, ...], float]]:
    """Give what stands for a longer name, and how well.

    A surname and a company without its kind do in full; a surname that is a given name as well,
    either word of two unknown ones, and any two neighbours of more, do by half: "Steam Machine" is
    one name, "Veolia Suez" are two; no river stands for the Quux River. Nothing stands for what has
    small letters within: the Isle of Wight is no Isle.
    """
    if len(name) == 1 or FIGURE in (name[0].shape, name[-1].shape):
        return []
    if name[0].fold in name_words("binds-next") or any(word.shape == LOWER for word in name):
        return []
    if name[0].fold in name_words("given") | name_words("titles"):
        return _surname(name)
    short = tuple(takewhile(lambda word: word.fold not in name_words("binds-before"), name))
    if short and len(short) < len(name):
        return [(name[:size], FULL) for size in range(len(short), len(name))]
    if len(name) > _TWO:
        return [(pair, HALF) for pair in pairwise(name)]
    kinds = name_words("given") | name_words("grounds")
    return [((word,), HALF) for word in name if word.fold not in kinds]


def _surname(name: tuple[Word, ...]) -> list[tuple[tuple[Word, ...], float]]:
    """Give what is behind the given name of a person, or behind two of them: Jean-Marc Quux."""
    given = name_words("given")
    if name[-1].fold in given:
        return [(name[1:], HALF)] if len(name) == _TWO else []
    doubled = len(name) > _TWO and name[1].fold in given
    return [(name[_TWO:] if doubled else name[1:], FULL)]


_TWO = 2
"""Of a longer name one word says too little."""
