"""Classes of things and their best-known members: social network, Instagram."""

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
    """Reads its file once a query asks for a kind."""

    def __init__(self, path: Path, entities: Collection[str]) -> None:
        """Take a file of kinds, which may be missing, and the ids that it may refer to."""
        self._path = path
        self._entities = entities
        self._column: PrefixColumn | None = None
        self._members: list[str] = []

    def of(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """Give those of a kind, by the English stems of its words; none for no kind.

        Each is the id of an entity, in small letters, or a name as it is written, with a capital.
        ConfigError for a line that is out of form.
        """
        size, line = self._longest(stems)
        return split_list(self._members[line]) if size == len(stems) > 0 else ()

    def begins(self, stems: tuple[str, ...]) -> int:
        """Give of how many of the first words of a run, by their stems, a kind is; 0 for none."""
        return self._longest(stems)[0]

    def _longest(self, stems: tuple[str, ...]) -> tuple[int, int]:
        """Give how many words the longest kind at the beginning takes, and its line."""
        column = self._column or self._read()
        begun = column.beginning(prefix_of(stems[0], "en") if stems else "", "en")
        found = ((stems_of(called, "en"), line) for called, line in begun)
        beginning = ((len(key), line) for key, line in found if _are_alike(key, stems[: len(key)]))
        return max(beginning, default=(0, 0))

    def _read(self) -> PrefixColumn:
        text = self._path.read_text("utf-8") if self._path.exists() else ""
        called: list[str] = []
        all_members: list[str] = []
        for number, line in enumerate(text.splitlines(), 1):
            if line[:1] in ("", "#"):
                continue
            kind, _, members = line.partition("\t")
            if not split_list(kind) or not split_list(members):
                problem = "has to have words for a kind, a tab, and those of the kind"
                raise ConfigError(self._path, problem, line=number)
            for member in split_list(members):
                if member not in self._entities and member == member.lower():
                    problem = f"there is no {member!r} among the names"
                    raise ConfigError(self._path, problem, line=number)
            called.append(kind)
            all_members.append(members)
        self._members, self._column = all_members, PrefixColumn(called)
        return self._column


def _are_alike(key: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    """Tell whether words are a kind's, or say the same with another word for a firm or a program.

    A crypto firm is a crypto company, and a video app a video tool.
    """
    if key == stems or len(key) < _WITH_A_HEAD or key[:-1] != stems[:-1]:
        return key == stems
    return any({key[-1], stems[-1]} <= heads for heads in _heads())


_WITH_A_HEAD = 2
"""Words from which on the last of a kind may be a head that another stands for."""


@cache
def _heads() -> tuple[frozenset[str], ...]:
    listed_heads = map(word_list, ("firms", "programs"))
    return tuple(frozenset(map(stemming("en"), heads)) for heads in listed_heads)
