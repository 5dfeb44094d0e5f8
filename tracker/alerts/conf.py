"""alerts.conf: the addresses of targets, which are secrets, in a file of the user alone.

A line is NAME=ADDRESS, `#` begins a comment. NAME.secret is the key that signs a webhook's
messages. An address `cmd:COMMAND` is the first line that the command prints, as of a password
store. No error repeats an address.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
from typing import TYPE_CHECKING

from tracker.errors import ConfigError, FileError, TrackerError
from tracker.files import replace
from tracker.yaml_files import editing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LINE = re.compile(r"([\w.-]+)[ \t]*=[ \t]*(.*)")
_COMMAND = "cmd:"
_COMMAND_TIMEOUT_IN_SECONDS = 10
_HEAD = "# Where tracker sends alerts: NAME=ADDRESS. Addresses are secrets; see docs/alerts.md.\n"


def load(path: Path) -> dict[str, str]:
    """Return the addresses by name; empty if there is no file.

    ConfigError if others than the user can read or write the file, or for a line that is wrong.
    """
    return _parsed(path, _read(path))


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            _check_private(path, os.fstat(file.fileno()))
            return file.read()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ConfigError(path, "is not UTF-8 text.") from None
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror}.") from error


def _check_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError(path, "is not a regular file.")
    if os.name != "posix":
        return
    if found.st_mode & 0o077:
        raise ConfigError(
            path,
            "can be read by others than you, and holds secrets; run: chmod 600"
            f" {shlex.quote(str(path))}",
        )
    if found.st_uid not in {os.geteuid(), 0}:
        raise ConfigError(path, "belongs to another user.")


def _parsed(path: Path, text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if not found:
            raise ConfigError(path, "must be written NAME=ADDRESS.", line=number)
        if found[1] in values:
            raise ConfigError(path, "stands twice; remove one of them.", line=number, key=found[1])
        values[found[1]] = found[2]
    return values


def put(path: Path, values: Mapping[str, str]) -> None:
    """Write addresses, in place of those that have these names; other lines stay.

    A new file can be read by its owner alone from its first moment on. Raises as `load` does.
    """
    with editing(path):
        text = _read(path) or _HEAD
        _parsed(path, text)
        lines = [line for line in text.splitlines() if _name(line) not in values]
        lines += [f"{name}={value}" for name, value in values.items()]
        _write(path, lines)


def remove(path: Path, name: str) -> None:
    """Remove the lines of a target; others stay. Raises as `load` does."""
    if not path.exists():
        return
    with editing(path):
        gone = {name, f"{name}.secret"}
        _write(path, [line for line in _read(path).splitlines() if _name(line) not in gone])


def _name(line: str) -> str:
    found = _LINE.fullmatch(line.strip())
    return found[1] if found and not line.lstrip().startswith("#") else ""


def _write(path: Path, lines: list[str]) -> None:
    try:
        replace(path, "".join(f"{line}\n" for line in lines).encode(), mode=0o600)
    except FileError as error:
        raise ConfigError(path, str(error).removeprefix(f"{path}: ")) from error


def secret(value: str) -> str:
    """Return an address itself, or what the command behind `cmd:` prints first.

    TrackerError if the command fails, prints nothing, or takes more than 10 s; the error does not
    repeat the command.
    """
    if not value.startswith(_COMMAND):
        return value
    try:
        done = subprocess.run(  # noqa: S603 - the user wrote it, and no shell reads it
            shlex.split(value.removeprefix(_COMMAND)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_COMMAND_TIMEOUT_IN_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise TrackerError("the command of its address did not end within 10 s") from None
    except subprocess.CalledProcessError as error:
        raise TrackerError(
            f"the command of its address failed (exit code {error.returncode})"
        ) from None
    except (OSError, ValueError, IndexError):
        raise TrackerError("the command of its address cannot be run") from None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    if not lines or not lines[0].strip():
        raise TrackerError("the command of its address printed nothing")
    return lines[0].strip()
