"""A multilingual dictionary of things that stories are about; queries only.

Reports are matched by concepts and entities. The dictionary translates the other words of a query,
for example: "Ballsaal" into "ballroom".
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
"""The words for one thing by language, the most common first; proper nouns are capitalised."""
_COLUMNS = tuple(SNOWBALL)
"""The languages of a line's cells, in order."""


def is_proper_noun(entry: Entry) -> bool:
    """Return whether an entry is a proper noun. For example: Baltimore."""
    return entry["en"][0][0].isupper()


class _PrefixEntries:
    """The terms of one language that share a prefix.

    `by_stem` has the stems and line numbers of terms by first stem. `single_words` are terms of one
    word, `first_words` the first words of longer ones, both normalised.
    """

    def __init__(self) -> None:
        self.by_stem: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self.single_words: set[str] = set()
        self.first_words: set[str] = set()


class Dictionary:
    """A dictionary file, read at the first look-up and tokenized by prefix on demand."""

    def __init__(self, path: Path) -> None:
        """Take the path of a TSV file; a missing file is an empty dictionary."""
        self._path = path
        self._cells: list[str] | None = None
        self._columns: dict[str, PrefixColumn] = {}
        self._by_prefix: dict[tuple[str, str], _PrefixEntries] = {}

    def find(self, stems: tuple[str, ...], language: str) -> tuple[int, tuple[Entry, ...]]:
        """Return the longest entries at the first stems: their length in words, and the entries.

        `stems` are in `language`. Several entries are several senses; (0, ()) means none.
        ConfigError for a malformed line.
        """
        terms = self._entries_with_prefix(stems[0], language).by_stem
        matches = [
            (len(key), number)
            for key, number in terms.get(stems[0], ())
            if stems[: len(key)] == key
        ]
        longest = max((size for size, _ in matches), default=0)
        numbers = dict.fromkeys(number for size, number in matches if size == longest)
        return longest, tuple(map(self._entry, numbers))

    def named(self, word: str, language: str) -> list[Entry]:
        """Return the entries with a term that is spelled like the word."""
        norm = normalize(word)
        if not self.lists(norm, language):
            return []
        stem = stemming(stemmed(language))(norm)
        _, entries = self.find((stem,), language)
        return [entry for entry in entries if norm in map(normalize, entry[language])]

    def lists(self, word: str, language: str) -> bool:
        """Return whether a normalised word is an entry's whole term in a language."""
        return word in self._entries_with_prefix(word, language).single_words

    def begins(self, word: str, language: str) -> bool:
        """Return whether a normalised word begins a term of several words in a language."""
        return word in self._entries_with_prefix(word, language).first_words

    def _entries_with_prefix(self, word: str, language: str) -> _PrefixEntries:
        prefix = prefix_of(word, language)
        entries = self._by_prefix.get((prefix, language))
        if entries is None:
            entries = self._by_prefix[prefix, language] = _PrefixEntries()
            for written, number in self._column(language).beginning(prefix, language):
                tokens = tokenize(written, language)
                key = tuple([word.stem for word in tokens])
                entries.by_stem.setdefault(key[0], []).append((key, number))
                (entries.first_words if len(tokens) > 1 else entries.single_words).add(
                    tokens[0].norm
                )
        return entries

    def _column(self, language: str) -> PrefixColumn:
        """Return the cells of a language, one for each line."""
        column = self._columns.get(language)
        if column is None:
            known = language in _COLUMNS
            cells = self._all_cells()[_COLUMNS.index(language) :: len(_COLUMNS)] if known else []
            column = self._columns[language] = PrefixColumn(cells)
        return column

    def _entry(self, number: int) -> Entry:
        first = number * len(_COLUMNS)
        cells = self._all_cells()[first : first + len(_COLUMNS)]
        return dict(zip(_COLUMNS, map(split_list, cells), strict=True))

    def _all_cells(self) -> list[str]:
        """Return the cells of all lines without comments, in one list."""
        if self._cells is None:
            data = self._path.read_bytes() if self._path.exists() else b""
            data = _COMMENT.sub(b"", b"\n%b" % data).removeprefix(b"\n")
            # A check of the format in a third of the time of one of every cell: each line has the
            # right number of tabs, and no two separators are adjacent.
            tabs = data.translate(None, _BETWEEN_TABS)
            separated = b",%b" % data.translate(_SEPARATED, b" \r")
            line = b"\t" * (len(_COLUMNS) - 1) + b"\n"
            if b",," in separated or tabs != line * tabs.count(b"\n"):
                self._cells = self._checked_cells()
            else:
                self._cells = data.decode().replace("\n", "\t").split("\t")[:-1]
        return self._cells

    def _checked_cells(self) -> list[str]:
        """Return the cells, checked line by line; ConfigError for the first malformed line."""
        checked: list[str] = []
        for number, line in enumerate(self._path.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line[0] == "#":
                continue
            cells = line.split("\t")
            if len(cells) != len(_COLUMNS) or not all(map(_has_no_empty_element, cells)):
                wanted = ", ".join(_COLUMNS)
                raise ConfigError(self._path, f"has to have a word each in {wanted}", line=number)
            checked += cells
        return checked


_SEPARATED = bytes.maketrans(b"\t\n", b",,")
"""Translates tabs and line ends to commas."""
_BETWEEN_TABS = bytes(set(range(256)) - {*b"\t\n"})
_COMMENT = re.compile(rb"\n#[^\n]*")


def _has_no_empty_element(cell: str) -> bool:
    """Return whether a cell has no empty element between its commas."""
    return all(map(str.strip, cell.split(",")))
