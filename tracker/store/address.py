"""What an article's address tells of it: publishers write its subject there, names in full.

A headline on its own often leaves out whom it is about ("Google fires prominent AI ethicist",
…/google-fires-ethicist-timnit-gebru): the address is read where a feed gives nothing else.
"""

from __future__ import annotations

import re

_FEWEST = 3
"""Words from which on a piece of a path is a sentence; sections and dates have fewer."""
_LONGEST_FIGURE = 4
"""Digits from which on a figure is the number of an article: years and models have no more."""
_HOST = re.compile(r"[^/?#]*//[^/?#]*|[^/?#]*:")
_END = re.compile(r"\.[a-zA-Z]{2,5}$")


def told_by(url: str) -> str:
    """Give the words of the longest piece of a path that is made of words, "" for none.

    >>> told_by("https://example.org/2020/12/03/google-fires-ethicist-timnit-gebru-9f2c61d.html")
    'google fires ethicist timnit gebru'
    """
    path = _HOST.sub("", url, count=1).partition("?")[0].partition("#")[0]
    if path.count("-") + path.count("_") + path.count("+") + path.count("%") < _FEWEST - 1:
        return ""
    if "%" in path:
        from urllib.parse import unquote

        path = unquote(path)
    best: list[str] = []
    for piece in path.split("/"):
        words = [word for word in re.split(r"[-_+\s]+", _END.sub("", piece)) if _is_word(word)]
        telling = sum(word.isalpha() and len(word) > 1 for word in words)
        if telling >= _FEWEST and len(words) > len(best):
            best = words
    return " ".join(best)


def _is_word(piece: str) -> bool:
    """Tell whether a piece is a word or a short figure, not the number that a site gives."""
    if piece.isdecimal():
        return len(piece) <= _LONGEST_FIGURE
    return any(map(str.isalpha, piece)) and not (
        len(piece) > _LONGEST_FIGURE + 1 and any(map(str.isdecimal, piece))
    )
