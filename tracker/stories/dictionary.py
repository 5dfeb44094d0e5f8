"""A dictionary of what stories are about: what a typed word is called in other languages.

Affairs and names have lists of their own, by which every text is read. These words are only looked
up where a query is typed: what makes the story of "Ballsaal Weißes Haus" is a ballroom.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.stories.folding import fold
from tracker.stories.stemming import SNOWBALL, stemmed, stemming
from tracker.stories.text import words

if TYPE_CHECKING:
    from pathlib import Path

Entry = dict[str, tuple[str, ...]]
"""The words for one thing by language, the commonest first; a proper name has a capital in all."""

_COLUMNS = tuple(SNOWBALL)
"""The languages of a line's cells, in their order."""


def is_proper(entry: Entry) -> bool:
    """Tell whether an entry is a proper name: Baltimore, as against a ballroom."""
    return entry["en"][0][0].isupper()


class _Beginning:
    """What begins with the same letters in one language: by first stem, and by first word."""

    def __init__(self) -> None:
        self.by_stem: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self.alone: set[str] = set()
        self.begun: set[str] = set()


class Dictionary:
    """Reads its file once a word is asked for, and splits what begins with the same letters."""

    def __init__(self, path: Path) -> None:
        """Take a file of lines of tab-separated cells, one thing a line; it may be missing."""
        self._path = path
        self._rows: list[list[str]] | None = None
        self._columns: dict[str, tuple[str, list[int]]] = {}
        self._beginnings: dict[tuple[str, str], _Beginning] = {}

    def find(self, stems: tuple[str, ...], language: str) -> tuple[int, tuple[Entry, ...]]:
        """Give how many of the first words are something, the longest that is, and what.

        The words are given by their stems in the language. Several entries are several senses; 0
        and none for what is not known. ConfigError for a line that is out of form.
        """
        found = [
            (len(key), number)
            for key, number in self._beginning(stems[0], language).by_stem.get(stems[0], ())
            if stems[: len(key)] == key
        ]
        longest = max((size for size, _ in found), default=0)
        numbers = dict.fromkeys(number for size, number in found if size == longest)
        return longest, tuple(map(self._entry, numbers))

    def named(self, word: str, language: str) -> list[Entry]:
        """Give the entries that a word, as it is written, stands for by itself in a language."""
        folded = fold(word)
        if not self.lists(folded, language):
            return []
        stem = stemming(stemmed(language))(folded)
        _, entries = self.find((stem,), language)
        return [entry for entry in entries if folded in map(fold, entry[language])]

    def lists(self, word: str, language: str) -> bool:
        """Tell whether a folded word is something by itself, as a language has it."""
        return word in self._beginning(word, language).alone

    def begins(self, word: str, language: str) -> bool:
        """Tell whether a folded word begins something of several words, as a language has it."""
        return word in self._beginning(word, language).begun

    def _beginning(self, word: str, language: str) -> _Beginning:
        letters = _letters(word, language)
        found = self._beginnings.get((letters, language))
        if found is None:
            found = self._beginnings[letters, language] = _Beginning()
            text, ends = self._column(language)
            for match in _written(letters, language).finditer(text if letters else ""):
                read = words(match[1], language)
                key = tuple([word.stem for word in read])
                number = bisect_right(ends, match.start(1))
                found.by_stem.setdefault(key[0], []).append((key, number))
                (found.begun if len(read) > 1 else found.alone).add(read[0].fold)
        return found

    def _column(self, language: str) -> tuple[str, list[int]]:
        """Give the cells of a language as lines of one text, and where each ends."""
        found = self._columns.get(language)
        if found is None:
            at = _COLUMNS.index(language) if language in _COLUMNS else None
            column = [cells[at] for cells in self._read()] if at is not None else []
            # A comma before each word: what a pattern begins with is found ten times as fast.
            text = ("," + "\n,".join(column)).replace(", ", ",")
            ends = list(accumulate([len(line) + 1 for line in text.split("\n")]))
            found = self._columns[language] = text, ends
        return found

    def _entry(self, number: int) -> Entry:
        return dict(zip(_COLUMNS, map(_listed, self._read()[number]), strict=True))

    def _read(self) -> list[list[str]]:
        """Give the cells of each line that is no comment."""
        if self._rows is None:
            data = self._path.read_bytes() if self._path.exists() else b""
            lines = data.decode().splitlines()
            rows = [line.split("\t") for line in lines if line.strip() and line[0] != "#"]
            # What is empty stands between two of what separates; looked for so in a third of the
            # time that it takes to look into each cell.
            separated = data.strip(b"\r\n").translate(_SEPARATED, b" \r")
            if b",," in b",%b," % separated or any(len(cells) != len(_COLUMNS) for cells in rows):
                self._complain(lines)
            self._rows = rows
        return self._rows

    def _complain(self, lines: list[str]) -> None:
        """Raise ConfigError for the first line that is out of form."""
        for number, line in enumerate(lines, 1):
            cells = line.split("\t")
            if not line.strip() or line[0] == "#":
                continue
            if len(cells) != len(_COLUMNS) or not all(map(all, map(_listed, cells))):
                wanted = ", ".join(_COLUMNS)
                raise ConfigError(self._path, f"has to have a word each in {wanted}", line=number)


_SEPARATED = bytes.maketrans(b"\t\n", b",,")
"""Makes one of all that stands between the words of a file."""


def _letters(word: str, language: str) -> str:
    """Give the letters that a word and its stem begin with: one in Dutch, as of zaken and zaak."""
    first = word[: 1 if language == "nl" else 2]
    return first if first.isalnum() else first[:1]


@cache
def _written(letters: str, language: str) -> re.Pattern[str]:
    """Give what finds the words of a column that begin with folded letters, however written.

    Dutch participles have the stem that is behind their ge-, and the German stemmer takes oe for ö.
    """
    between = "[eE]?" if language == "de" and letters[:1] in _UMLAUTS else ""
    alike = between.join(map(_alike, letters))
    together = "".join([sign for sign, folded in _LIGATURES.items() if folded == letters])
    if language == "nl":
        alike = f"(?:ge)?{alike}"
    elif together:
        alike = f"(?:{alike}|[{together}])"
    return re.compile(rf",({alike}[^,\n]*)")


@cache
def _alike(letter: str) -> str:
    """Give the class of the letters that fold to one; of i, those of y as well: dying is of die."""
    signs = filter(str.isalnum, map(chr, range(0x250)))
    stems = {letter, "y"} if letter == "i" else {letter}
    alike = [sign for sign in signs if fold(sign)[:1] in stems]
    return f"[{''.join(alike)}]" if alike else re.escape(letter)


_UMLAUTS = frozenset("aou")
_LIGATURES = {sign: fold(sign) for sign in "æÆœŒßẞ"}


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(map(str.strip, cell.split(",")))
