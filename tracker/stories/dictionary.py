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
    """What begins with one letter in one language: by first stem, and by first word."""

    def __init__(self) -> None:
        self.by_stem: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self.alone: set[str] = set()
        self.begun: set[str] = set()


class Dictionary:
    """Reads its file once a word is asked for, and splits what begins with the same letter."""

    def __init__(self, path: Path) -> None:
        """Take a file of lines of tab-separated cells, one thing a line; it may be missing."""
        self._path = path
        self._rows: list[tuple[int, list[str]]] | None = None
        self._cells: dict[str, dict[str, list[tuple[str, int]]]] = {}
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
        return longest, tuple(map(self._entry, numbers))

    def lists(self, word: str, language: str) -> bool:
        """Tell whether a folded word is something by itself, as a language has it."""
        return word in self._letter(word[:1], language).alone

    def begins(self, word: str, language: str) -> bool:
        """Tell whether a folded word begins something of several words, as a language has it."""
        return word in self._letter(word[:1], language).begun

    def _letter(self, letter: str, language: str) -> _Letter:
        found = self._letters.get((letter, language))
        if found is None:
            found = self._letters[letter, language] = _Letter()
            for written, number in self._column(language).get(letter, ()):
                read = words(written, language)
                key = tuple([word.stem for word in read])
                found.by_stem.setdefault(key[0], []).append((key, number))
                (found.begun if len(read) > 1 else found.alone).add(read[0].fold)
        return found

    def _column(self, language: str) -> dict[str, list[tuple[str, int]]]:
        """Give the words of a language with their lines, by the letter that they begin with."""
        found = self._cells.get(language)
        if found is None:
            found = self._cells[language] = {}
            letters: dict[str, str] = {}
            column = _COLUMNS.index(language) if language in _COLUMNS else None
            for number, (_, cells) in enumerate(self._read() if column is not None else ()):
                for written in _listed(cells[column or 0]):
                    first = written[0]
                    letter = letters.get(first) or letters.setdefault(first, fold(first)[:1])
                    found.setdefault(letter, []).append((written, number))
        return found

    def _entry(self, number: int) -> Entry:
        return dict(zip(_COLUMNS, map(_listed, self._read()[number][1]), strict=True))

    def _read(self) -> list[tuple[int, list[str]]]:
        """Give the cells of each line that is no comment, with its number."""
        if self._rows is None:
            text = self._path.read_text("utf-8") if self._path.exists() else ""
            lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
            rows = [(n, line.split("\t")) for n, line in lines if line[0] != "#"]
            for number, cells in rows:
                if len(cells) != len(_COLUMNS) or not all(map(all, map(_listed, cells))):
                    wanted = ", ".join(_COLUMNS)
                    raise ConfigError(
                        self._path, f"has to have a word each in {wanted}", line=number
                    )
            self._rows = rows
        return self._rows


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(map(str.strip, cell.split(",")))
