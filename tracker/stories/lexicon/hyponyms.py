"""Word classes and their best-known members. For example: social network, with Instagram."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.stories.lexicon.prefix_index import PrefixColumn, prefix_of
from tracker.stories.resources import split_list
from tracker.stories.text.stemming import stemming
from tracker.stories.text.tokenization import stems_of
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


class Hyponyms:
    """The classes of a file, read at the first look-up."""

    def __init__(self, path: Path, entities: Collection[str]) -> None:
        """Take the path of the file, which may be missing, and all entity ids."""
        self._path = path
        self._entities = entities
        self._column: PrefixColumn | None = None
        self._members: list[str] = []

    def of(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """Return the members of a class, given by the English stems of its name.

        Empty for no class. A member is an entity id (lower case) or a name (capitalised).
        ConfigError for a malformed line.
        """
        size, line = self._longest(stems)
        return split_list(self._members[line]) if size == len(stems) > 0 else ()

    def begins(self, stems: tuple[str, ...]) -> int:
        """Return the number of first stems that name the longest class; 0 for none."""
        return self._longest(stems)[0]

    def _longest(self, stems: tuple[str, ...]) -> tuple[int, int]:
        """Return the longest class that the stems begin with: its length in words, its line."""
        column = self._column or self._read()
        listed = column.beginning(prefix_of(stems[0], "en") if stems else "", "en")
        keyed = ((stems_of(class_name, "en"), line) for class_name, line in listed)
        matches = (
            (len(key), line) for key, line in keyed if _is_same_class(key, stems[: len(key)])
        )
        return max(matches, default=(0, 0))

    def _read(self) -> PrefixColumn:
        text = self._path.read_text("utf-8") if self._path.exists() else ""
        class_names: list[str] = []
        all_members: list[str] = []
        for number, line in enumerate(text.splitlines(), 1):
            if line[:1] in ("", "#"):
                continue
            class_name, _, members = line.partition("\t")
            if not split_list(class_name) or not split_list(members):
                problem = "has to have words for a kind, a tab, and those of the kind"
                raise ConfigError(self._path, problem, line=number)
            for member in split_list(members):
                if member not in self._entities and member == member.lower():
                    problem = f"there is no {member!r} among the names"
                    raise ConfigError(self._path, problem, line=number)
            class_names.append(class_name)
            all_members.append(members)
        self._members, self._column = all_members, PrefixColumn(class_names)
        return self._column


def _is_same_class(key: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    """Return whether stems name a class, allowing a synonym of its last word.

    For example: "crypto firm" for "crypto company", "video tool" for "video app".
    """
    if key == stems or len(key) < _SHORTEST_WITH_SYNONYM or key[:-1] != stems[:-1]:
        return key == stems
    return any({key[-1], stems[-1]} <= heads for heads in _head_synonyms())


_SHORTEST_WITH_SYNONYM = 2
"""Class names of at least so many words may end in a synonym."""


@cache
def _head_synonyms() -> tuple[frozenset[str], ...]:
    listed_heads = map(word_list, ("firms", "programs"))
    return tuple(frozenset(map(stemming("en"), heads)) for heads in listed_heads)
