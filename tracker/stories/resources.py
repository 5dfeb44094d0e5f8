"""The data files of tracker.stories: where they are, and how they are read.

An ini file has sections of keys and values. configparser reads the same files to the same values
(a test holds it to that) in eight times the time, and every command that matches reads them.
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
    """Return all code and data files of a copy of tracker.stories, in the order of their paths."""
    return sorted([*folder.rglob("*.py"), *(folder / "data").glob("*.*")])


def read_sections(path: Path) -> dict[str, dict[str, str]]:
    """Read a file of `[section]`, `key = value` and `# comment` lines; an indented line goes on.

    Keys are in lower case, the lines of a value joined by newlines. ConfigError names the line that
    is none of these, or that gives a section or a key again.
    """
    found: dict[str, dict[str, str]] = {}
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
            if text[1:-1] in found:
                raise ConfigError(path, f"there is a section {text} already", line=number)
            section = found[text[1:-1]] = {}
            key = ""
        else:
            name, equals, value = text.partition("=")
            key = name.strip().lower()
            if problem := _problem(key, equals, section, found):
                raise ConfigError(path, f"{text!r} {problem}", line=number)
            section[key] = value.strip()
    return found


def _problem(
    key: str, equals: str, section: dict[str, str], found: dict[str, dict[str, str]]
) -> str:
    """Say what is wrong with a line that should be a key and a value; "" for nothing."""
    if not found:
        return "stands before any [section]"
    if not key or not equals:
        return "is no 'key = value'"
    return "gives the key again" if key in section else ""


def split_list(value: str) -> tuple[str, ...]:
    """Give what a value lists, separated by commas; nothing between two of them counts."""
    return tuple(filter(None, map(str.strip, value.replace("\n", " ").split(","))))


class Lists(Mapping[str, tuple[str, ...]]):
    """What the values of a section list, by key; each is split once it is asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._split: dict[str, tuple[str, ...]] = {}

    def as_listed(self, key: str) -> str:
        """Give a value as it is written; "" for none."""
        return self._values.get(key, "")

    def __getitem__(self, key: str) -> tuple[str, ...]:
        found = self._split.get(key)
        if found is None:
            found = self._split[key] = split_list(self._values[key])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
