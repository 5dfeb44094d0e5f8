"""Files of the user's in YAML: read with line numbers, edited in place, replaced as a whole.

An edit adds or takes out the lines of one item and leaves every other byte as it is: written anew
from what was parsed, a comment goes where the parser hung it up, and is lost with what it hung on.
This module owns ruamel.yaml.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from ruamel.yaml import YAML

# What may stand between an item of a list in brackets and the comma after it.
_COMMA = re.compile(r"((?:\s|#[^\n]*\n)*),[ \t]*")


def read(path: Path) -> bytes:
    """Return the bytes of the file; raises ConfigError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            path, "there is no such file; `tracker feeds add URL` makes one."
        ) from None
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror}.") from error


def _yaml() -> YAML:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def parse(path: Path, data: bytes) -> Any:  # noqa: ANN401 - ruamel's nodes have no common type
    """Return the mapping that `data` of the file holds, with its lines, comments and order.

    Raises ConfigError, with the line where there is one, for what is no YAML or no mapping.
    """
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root = _yaml().load(data.decode())
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(path, "is not UTF-8 text.", line=line) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "cannot be read").strip()
        raise ConfigError(
            path, f"is not valid YAML: {problem}.", line=mark.line + 1 if mark else None
        ) from error
    except YAMLError as error:
        raise ConfigError(path, f"is not valid YAML: {str(error).splitlines()[0]}.") from error
    if root is None:
        root = _yaml().load("feeds: []\n")
    if not isinstance(root, dict):
        raise ConfigError(path, "must begin with `feeds:` and list the feeds below it.", line=1)
    return root


def line_of(node: Any, key: object) -> int | None:  # noqa: ANN401 - see parse
    """Return where a key or an index of a parsed node stands, from 1; None where nothing tells."""
    position = getattr(node, "lc", None)
    if position is None:
        return None
    try:
        where = position.key(key) if isinstance(node, dict) else position.item(key)
    except (KeyError, TypeError):
        return None
    return int(where[0]) + 1


def with_item(data: bytes, key: str, item: dict[str, Any]) -> bytes:
    """Return `data`, which `parse` reads, with `item` added to the end of the list under `key`.

    The list is begun where there is none. Parse what comes of it before it is written: a few ways
    to write a list that nobody uses are not known here.
    """
    text = data.decode()
    root = _composed(text)
    pairs = root.value if root is not None else []
    name, node = next(((k, v) for k, v in pairs if k.value == key), (None, None))
    if name is None or node is None:
        return _with_rows(text, len(text), [f"{key}:", *_rows(item, 2)])
    items = node.value if isinstance(node.value, list) else []
    if root.flow_style or (items and node.flow_style):
        import json  # which is YAML in brackets, whatever the item holds

        words = json.dumps(item, ensure_ascii=False)
        at = items[-1].end_mark.index if items else node.end_mark.index - 1
        return f"{text[:at]}{', ' if items else ''}{words}{text[at:]}".encode()
    if items:
        return _with_rows(text, _end(items[-1], text), _rows(item, _column(node, text)))
    start, end = node.start_mark.index, node.end_mark.index
    if start < end:  # a list without items, or a word for nothing
        text = text[:start].rstrip(" ") + text[end:]
    return _with_rows(text, name.end_mark.index, _rows(item, 2))


def without_item(data: bytes, key: str, index: int) -> bytes:
    """Return `data`, which `parse` reads, without one item of the list under `key`.

    What stands on lines of its own before and after it stays.
    """
    text = data.decode()
    node = next(v for k, v in _composed(text).value if k.value == key)
    item = node.value[index]
    start, end = item.start_mark.index, _end(item, text)
    if node.flow_style:
        if comma := _COMMA.match(text, end):
            return f"{text[:start]}{comma[1]}{text[comma.end() :]}".encode()
        before = _COMMA.match(text, node.value[index - 1].end_mark.index) if index else None
        kept = f"{text[: before.start()]}{before[1]}" if before else text[:start]
        return f"{kept}{text[end:]}".encode()
    # The dash may stand on a line above.
    dash = re.compile(rf"^ {{{_column(node, text)}}}-(?=\s)", re.MULTILINE)
    dashes = [found.start() for found in dash.finditer(text, 0, start)]
    if not dashes:  # written in a way that is not known here
        return data
    return f"{text[: dashes[-1]]}{text[_next_line(text, end) :]}".encode()


def _composed(text: str) -> Any:  # noqa: ANN401 - see parse
    """Return the text's nodes, which know where they begin and end; None where it has none."""
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).compose(text)


def _column(node: Any, text: str) -> int:  # noqa: ANN401 - see parse
    """Return the column of a list's dashes: its own mark may be that of an anchor or a tag."""
    dash = text.rfind("-", 0, node.value[0].start_mark.index)
    return dash - text.rfind("\n", 0, dash) - 1


def _end(node: Any, text: str) -> int:  # noqa: ANN401 - see parse
    """Return where the last word of a node ends: its own mark is where the next one begins."""
    if not isinstance(node.value, list) or node.flow_style or not node.value:
        return len(text[: node.end_mark.index].rstrip())
    last = node.value[-1]
    if not isinstance(last, tuple):
        return _end(last, text)
    key, value = last
    # What is empty has the mark of what follows, and an alias that of what it stands for.
    here = key.end_mark.index <= value.start_mark.index < value.end_mark.index
    return _end(value if here else key, text)


def _rows(item: dict[str, Any], column: int) -> list[str]:
    """Return the lines of an item of a list whose dashes stand in `column`."""
    import io

    stream = io.StringIO()
    _yaml().dump([item], stream)
    return [" " * column + row.removeprefix("  ") for row in stream.getvalue().splitlines()]


def _with_rows(text: str, at: int, rows: list[str]) -> bytes:
    """Put lines below the one that `at` is on, as the file ends its own."""
    newline = "\r\n" if "\r\n" in text else "\n"
    at = _next_line(text, at)
    above = text[:at]
    if above and not above.endswith("\n"):
        above += newline
    return f"{above}{newline.join(rows)}{newline}{text[at:]}".encode()


def _next_line(text: str, at: int) -> int:
    """Return where the line after the one of `at` begins, or the end of the text."""
    return text.find("\n", at) + 1 or len(text)


@contextmanager
def editing(path: Path) -> Iterator[None]:
    """Keep other processes from editing the file meanwhile; waits for one that does.

    ConfigError where the folder cannot be written. The lock is one on an empty, hidden file beside
    the file itself, which is where a symbolic link leads, and ends with its process.
    """
    real = _real(path)
    with _explained(path):
        real.parent.mkdir(parents=True, exist_ok=True)
        lock = real.with_name(f".{real.name}.lock").open("ab")
    with lock:
        with _explained(path):
            _wait_for(lock)
        yield


def write(path: Path, data: bytes) -> None:
    """Replace the file at once, so that a crash leaves the old one or the new one.

    Where it is a symbolic link, what that leads to is replaced. Raises ConfigError.
    """
    import tempfile

    real = _real(path)
    with _explained(path), ExitStack() as undo:
        real.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=real.parent, prefix=f".{real.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            undo.callback(temporary.unlink, missing_ok=True)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(real.stat().st_mode if real.exists() else 0o644)
        temporary.replace(real)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(path, f"cannot be written: {error.strerror}.") from error


def _real(path: Path) -> Path:
    # Not Path.resolve, which raises RuntimeError where links lead in a circle.
    return Path(os.path.realpath(path))


if sys.platform == "win32":

    def _wait_for(lock: IO[bytes]) -> None:
        import msvcrt

        while True:
            with suppress(OSError):  # after ten seconds
                return msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)

else:

    def _wait_for(lock: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
