"""A dictionary of what stories are about: what a typed word is called in other languages.

Affairs and names have lists of their own, by which every text is read. These words are only looked
up where a query is typed: what makes the story of "Ballsaal Weißes Haus" is a ballroom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.stories.folding import fold
from tracker.stories.stemming import SNOWBALL
from tracker.stories.text import words

if TYPE_CHECKING:
    from pathlib import Path

Entry = dict[str, tuple[str, ...]]
"""The words for one thing by language, the commonest first; a proper name has a capital in all."""

_COLUMNS = tuple(SNOWBALL)
"""The languages of a line's cells, in their order."""


class _Letter:
    """What begins with one letter in one language: by first stem, and what is one word."""

    def __init__(self) -> None:
        self.by_stem: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self.alone: set[str] = set()


class Dictionary:
    """Reads its file once a word is asked for, and splits what begins with the same letter."""

    def __init__(self, path: Path) -> None:
        """Take a file of lines of tab-separated cells, one thing a line; it may be missing."""
        self._path = path
        self._entries: list[Entry] | None = None
        self._cells: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self._letters: dict[tuple[str, str], _Letter] = {}

    def find(self, stems: tuple[str, ...], language: str) -> tuple[int, tuple[Entry, ...]]:
        """Give how many of the first words are something, the longest that is, and what.

        The words are given by their stems in the language. Several entries are several senses; 0
        and none for what is not known. ConfigError for a line that is out of form.
        """
        found = [
            (len(key), number)
            for key, number in self._letter(stems[0][:1], language).by_stem.get(stems[0], ())
            if stems[: len(key)] == key
        ]
        longest = max((size for size, _ in found), default=0)
        numbers = dict.fromkeys(number for size, number in found if size == longest)
        return longest, tuple(map(self._read().__getitem__, numbers))

    def lists(self, word: str, language: str) -> bool:
        """Tell whether a folded word is something by itself, as a language has it."""
        return word in self._letter(word[:1], language).alone

    def _letter(self, letter: str, language: str) -> _Letter:
        found = self._letters.get((letter, language))
        if found is None:
            self._read()
            found = self._letters[letter, language] = _Letter()
            for written, number in self._cells.get((letter, language), ()):
                read = words(written, language)
                key = tuple([word.stem for word in read])
                found.by_stem.setdefault(key[0], []).append((key, number))
                if len(read) == 1:
                    found.alone.add(read[0].fold)
        return found

    def _read(self) -> list[Entry]:
        if self._entries is None:
            text = self._path.read_text("utf-8") if self._path.exists() else ""
            lines = enumerate(text.splitlines(), 1)
            self._entries = [self._entry(n, line) for n, line in lines if line and line[0] != "#"]
            letters: dict[str, str] = {}
            for number, entry in enumerate(self._entries):
                for language, cell in entry.items():
                    for written in cell:
                        first = written[0]
                        letter = letters.get(first) or letters.setdefault(first, fold(first)[:1])
                        self._cells.setdefault((letter, language), []).append((written, number))
        return self._entries

    def _entry(self, number: int, line: str) -> Entry:
        cells = [tuple([word.strip() for word in cell.split(",")]) for cell in line.split("\t")]
        if len(cells) != len(_COLUMNS) or not all(map(all, cells)):
            wanted = ", ".join(_COLUMNS)
            raise ConfigError(self._path, f"has to have a word each in {wanted}", line=number)
        return dict(zip(_COLUMNS, cells, strict=True))
