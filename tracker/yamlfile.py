"""Files of the user's in YAML: read with line numbers, edited in place, replaced as a whole.

Comments and order stay. This module owns ruamel.yaml.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from ruamel.yaml import YAML


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
    yaml.preserve_quotes = True
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


def write(path: Path, root: Any) -> None:  # noqa: ANN401 - see parse
    """Replace the file at once, so that a crash leaves the old one or the new one.

    Where it is a symbolic link, what that leads to is replaced. Raises ConfigError.
    """
    import tempfile

    real = _real(path)
    with _explained(path), ExitStack() as undo:
        real.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=real.parent, prefix=f".{real.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            undo.callback(temporary.unlink, missing_ok=True)
            _yaml().dump(root, file)
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
