"""The command that a job starts, and the environment that schedulers do not give it."""

from __future__ import annotations

import json
import os
import re
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.schedule.computer import Computer

# uvx and `uv run --with` build in uv's cache, `pipx run` in pipx's: both are cleared at times.
_TEMPORARY = re.compile(r"/(?:archive|builds|environments)-v\d+/|/pipx/(?:\.cache/|cache/)")
# What a request depends on. XDG_RUNTIME_DIR and the bus are for notifications on the desktop.
_NEEDED = (
    *("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"),
    *("SSL_CERT_FILE", "CURL_CA_BUNDLE", "NETRC", "TZ"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),
)
_USUAL_FOLDERS = ("/usr/local/bin", "/usr/bin", "/bin")
# cron refuses a line of 1,000 characters, and a PATH of Windows on Linux alone has more.
_LONGEST_PATH = 400


def program(computer: Computer, argv0: str, python: str) -> tuple[str, ...]:
    """Return the words that start tracker from anywhere, an absolute path first.

    The path is not resolved: a link such as ~/.local/bin/tracker outlives an upgrade, its target
    need not. `argv0` and `python` are the program that runs now and its interpreter. UsageError
    where tracker runs from a temporary environment, or is not installed.
    """
    script = Path(os.path.abspath(argv0))  # noqa: PTH100 - resolves no link
    if script.name != "tracker" or not os.access(script, os.X_OK):
        script = Path(python).absolute().with_name("tracker")
    if _TEMPORARY.search(f"{script}") or _TEMPORARY.search(os.path.realpath(script)):
        raise UsageError(
            f"{script} is temporary, as `uvx` and `pipx run` make it; install tracker with "
            "`uv tool install` or `pipx install`, then schedule it."
        )
    if not os.access(script, os.X_OK):
        raise UsageError(
            f"{script} does not exist, so tracker runs from a folder; install it with "
            "`uv tool install` or `pipx install`, then schedule it."
        )
    found = computer.which("tracker")
    if found and Path(found).samefile(script):
        return (os.path.abspath(found),)  # noqa: PTH100 - resolves no link
    return (str(script),)


def checkout(distribution: str = "tracker") -> str | None:
    """Return the folder that an editable installation runs from, None for any other."""
    try:
        text = metadata.distribution(distribution).read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return None
    found = json.loads(text) if text else {}
    if not found.get("dir_info", {}).get("editable"):
        return None
    return url2pathname(urlsplit(found["url"]).path)


def environment(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that a job needs, PATH first.

    cron sets PATH to /usr/bin:/bin, which lacks what alerts may start.
    """
    needed = [(name, environ[name]) for name in _NEEDED if environ.get(name)]
    return (("PATH", _folders(environ.get("PATH", ""))), *needed)


def _folders(path: str) -> str:
    """Return the absolute folders of a PATH that exist, as many as a line of cron has room for."""
    kept: list[str] = []
    for folder in [*path.split(os.pathsep), *_USUAL_FOLDERS]:
        if folder.startswith("/") and folder not in kept and Path(folder).is_dir():
            kept.append(folder)
    if len(os.pathsep.join(kept)) > _LONGEST_PATH:
        kept = [folder for folder in _USUAL_FOLDERS if Path(folder).is_dir()]
    return os.pathsep.join(kept)
