"""Paths and readers of the data files of tracker.stories.

An ini file has sections of keys and values, which configparser would read to the same values. This
reader is eight times as fast, and every command that matches needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator


_STORIES = Path(__file__).parent
DATA = _STORIES / "data"
"""The folder of the data files."""


def own_files(folder: Path = _STORIES) -> list[Path]:
    """Return all code and data files of a copy of tracker.stories, sorted by path."""
    return sorted([*folder.rglob("*.py"), *(folder / "data").glob("*.*")])


def read_sections(path: Path) -> dict[str, dict[str, str]]:
    """Read an ini file into a dictionary of sections.

    Lines are `[section]`, `key = value` and `# comment`; an indented line continues a value. Keys
    are lower-cased, the lines of a value joined by newlines. ConfigError, with the line number, for
    any other line and for a repeated section or key.
    """
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    key = ""
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(path, f"is not UTF-8 ({error.reason})") from error
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text[0] == "#":
            continue
        if line[0].isspace():
            if not key:
                raise ConfigError(path, "goes on with nothing", line=number)
            section[key] += "\n" + text
        elif text[0] == "[" and text[-1] == "]":
            if text[1:-1] in sections:
                raise ConfigError(path, f"there is a section {text} already", line=number)
            section = sections[text[1:-1]] = {}
            key = ""
        else:
            name, equals, value = text.partition("=")
            key = name.strip().lower()
            if problem := _problem(key, equals, section, sections):
                raise ConfigError(path, f"{text!r} {problem}", line=number)
            section[key] = value.strip()
    return sections


def _problem(
    key: str, equals: str, section: dict[str, str], sections: dict[str, dict[str, str]]
) -> str:
    """Return what is wrong with a key-value line; "" for nothing."""
    if not sections:
        return "stands before any [section]"
    if not key or not equals:
        return "is no 'key = value'"
    return "gives the key again" if key in section else ""


def split_list(value: str) -> tuple[str, ...]:
    """Split a comma-separated value into stripped elements; empty ones are dropped."""
    return tuple(filter(None, map(str.strip, value.replace("\n", " ").split(","))))


class Lists(Mapping[str, tuple[str, ...]]):
    """The comma-separated lists of a section by key, each split at its first use."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._split: dict[str, tuple[str, ...]] = {}

    def as_listed(self, key: str) -> str:
        """Return a value as it is written; "" for a missing key."""
        return self._values.get(key, "")

    def __getitem__(self, key: str) -> tuple[str, ...]:
        sections = self._split.get(key)
        if sections is None:
            sections = self._split[key] = split_list(self._values[key])
        return sections

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
