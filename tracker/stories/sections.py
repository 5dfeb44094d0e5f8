"""Reading the data files: sections of keys and values, as in an ini file.

configparser reads the same files to the same values (a test holds it to that) in eight times the
time, and a vocabulary is read by every command that matches.
"""

from __future__ import annotations

from pathlib import Path

from tracker.errors import ConfigError

_STORIES = Path(__file__).parent
DATA = _STORIES / "data"
"""The folder of the data files."""


def own_files(folder: Path = _STORIES) -> list[Path]:
    """Return all code and data files of a copy of tracker.stories, in the order of their paths."""
    return sorted([*folder.rglob("*.py"), *(folder / "data").glob("*.*")])


def sections(path: Path) -> dict[str, dict[str, str]]:
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
