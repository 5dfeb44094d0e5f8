"""A dictionary of what stories are about: what a typed word is called in other languages.

Affairs and names have lists of their own, by which every text is read. These words are only looked
up where a query is typed: what makes the story of "Ballsaal Weißes Haus" is a ballroom.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.stories.lexicon.prefix_index import PrefixColumn, prefix_of
from tracker.stories.resources import split_list
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL, stemmed, stemming
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from pathlib import Path


Entry = dict[str, tuple[str, ...]]
"""The words for one thing by language, the commonest first; a proper name has a capital in all."""
_COLUMNS = tuple(SNOWBALL)
"""The languages of a line's cells, in their order."""


def is_proper_noun(entry: Entry) -> bool:
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
        self._cells: list[str] | None = None
        self._columns: dict[str, PrefixColumn] = {}
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
        folded = normalize(word)
        if not self.lists(folded, language):
            return []
        stem = stemming(stemmed(language))(folded)
        _, entries = self.find((stem,), language)
        return [entry for entry in entries if folded in map(normalize, entry[language])]

    def lists(self, word: str, language: str) -> bool:
        """Tell whether a folded word is something by itself, as a language has it."""
        return word in self._beginning(word, language).alone

    def begins(self, word: str, language: str) -> bool:
        """Tell whether a folded word begins something of several words, as a language has it."""
        return word in self._beginning(word, language).begun

    def _beginning(self, word: str, language: str) -> _Beginning:
        letters = prefix_of(word, language)
        found = self._beginnings.get((letters, language))
        if found is None:
            found = self._beginnings[letters, language] = _Beginning()
            for written, number in self._column(language).beginning(letters, language):
                read = tokenize(written, language)
                key = tuple([word.stem for word in read])
                found.by_stem.setdefault(key[0], []).append((key, number))
                (found.begun if len(read) > 1 else found.alone).add(read[0].norm)
        return found

    def _column(self, language: str) -> PrefixColumn:
        """Give the cells of a language, a line each."""
        found = self._columns.get(language)
        if found is None:
            known = language in _COLUMNS
            cells = self._read()[_COLUMNS.index(language) :: len(_COLUMNS)] if known else []
            found = self._columns[language] = PrefixColumn(cells)
        return found

    def _entry(self, number: int) -> Entry:
        first = number * len(_COLUMNS)
        cells = self._read()[first : first + len(_COLUMNS)]
        return dict(zip(_COLUMNS, map(split_list, cells), strict=True))

    def _read(self) -> list[str]:
        """Give the cells of all lines that are no comments, one behind the other."""
        if self._cells is None:
            data = self._path.read_bytes() if self._path.exists() else b""
            data = _COMMENT.sub(b"", b"\n%b" % data).removeprefix(b"\n")
            # Each line has its tabs, and what is empty stands between two of what separates; looked
            # for so in a third of the time that it takes to look into each cell.
            tabs = data.translate(None, _BETWEEN_TABS)
            separated = b",%b" % data.translate(_SEPARATED, b" \r")
            line = b"\t" * (len(_COLUMNS) - 1) + b"\n"
            if b",," in separated or tabs != line * tabs.count(b"\n"):
                self._cells = self._checked()
            else:
                self._cells = data.decode().replace("\n", "\t").split("\t")[:-1]
        return self._cells

    def _checked(self) -> list[str]:
        """Read line by line; ConfigError for the first that is out of form."""
        found: list[str] = []
        for number, line in enumerate(self._path.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line[0] == "#":
                continue
            cells = line.split("\t")
            if len(cells) != len(_COLUMNS) or not all(map(_has_all, cells)):
                wanted = ", ".join(_COLUMNS)
                raise ConfigError(self._path, f"has to have a word each in {wanted}", line=number)
            found += cells
        return found


_SEPARATED = bytes.maketrans(b"\t\n", b",,")
"""Makes one of all that stands between the words of a file."""
_BETWEEN_TABS = bytes(set(range(256)) - {*b"\t\n"})
_COMMENT = re.compile(rb"\n#[^\n]*")


def _has_all(cell: str) -> bool:
    """Tell whether there is something between all commas of a cell."""
    return all(map(str.strip, cell.split(",")))
