"""Where the user's files are, and what feeds.yaml says.

feeds.yaml is the user's: it is read with line numbers, so that a mistake is shown where it stands,
and edited in place, so that comments and order stay. This module owns ruamel.yaml and platformdirs.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.digests import blake2b
from tracker.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ruamel.yaml import YAML

    from tracker.polled import FeedSource

FEED_KEYS = ("url", "title", "language", "tags", "headers")
LANGUAGE = r"[a-z]{2,3}"


class Settings(NamedTuple):
    """The `settings:` of feeds.yaml; every one is optional there.

    `shortest_in_minutes` and `longest_in_minutes` bound the time between two polls of a feed.
    `connections` are transfers at a time in all, `per_host` to one host. `timeout_in_seconds` is
    the deadline of one feed, redirects included; `max_body_in_mebibytes` caps a document, inflated.
    `workers` are parsing processes, 0 for as many as there are cores.
    """

    shortest_in_minutes: int = 15
    longest_in_minutes: int = 1440
    connections: int = 64
    per_host: int = 2
    timeout_in_seconds: int = 30
    max_body_in_mebibytes: int = 16
    workers: int = 0


class FeedList(NamedTuple):
    """What feeds.yaml says; `digest` is that of its bytes."""

    sources: tuple[FeedSource, ...]
    settings: Settings
    digest: str


def database_path(option: Path | None, environ: Mapping[str, str]) -> Path:
    """Return where the database is: --db, else TRACKER_DB, else the user's data folder."""
    if option or environ.get("TRACKER_DB"):
        return (option or Path(environ["TRACKER_DB"])).expanduser()
    import platformdirs

    return platformdirs.user_data_path("tracker", appauthor=False) / "tracker.db"


def feeds_path(option: Path | None, environ: Mapping[str, str], folder: Path) -> Path:
    """Return where feeds.yaml is.

    That is --feeds, else TRACKER_FEEDS, else feeds.yaml in `folder` if it exists, else the one in
    the user's configuration folder.
    """
    if option or environ.get("TRACKER_FEEDS"):
        return (option or Path(environ["TRACKER_FEEDS"])).expanduser()
    here = folder / "feeds.yaml"
    if here.exists():
        return here
    import platformdirs

    return platformdirs.user_config_path("tracker", appauthor=False) / "feeds.yaml"


def digest_of(path: Path) -> str:
    """Return the digest of the file, by which a poll knows that it need not be read again.

    Raises ConfigError where the file cannot be read.
    """
    return _digest(_read(path))


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def load_feeds(path: Path) -> FeedList:
    """Read and check feeds.yaml.

    Raises ConfigError with line and key for the first thing in it that cannot be understood.
    """
    data = _read(path)
    root = _parse(path, data)
    for key in root:
        if key not in {"feeds", "settings"}:
            raise ConfigError(
                path,
                "there is no such setting; a feeds.yaml has `feeds:` and `settings:`.",
                line=_line(root, key),
                key=str(key),
            )
    entries = root.get("feeds")
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        raise ConfigError(
            path,
            "must be a list of feeds, each `- url: …`.",
            line=_line(root, "feeds"),
            key="feeds",
        )
    sources: dict[str, FeedSource] = {}
    for index, entry in enumerate(entries):
        source = _source(path, entries, index, entry)
        if source.url in sources:
            raise ConfigError(
                path,
                f"{source.url} is listed twice; remove one of them.",
                line=_line(entry, "url"),
                key="url",
            )
        sources[source.url] = source
    settings = _settings(path, root)
    return FeedList(tuple(sources.values()), settings, _digest(data))


def add_feed(path: Path, source: FeedSource) -> bool:
    """Append a feed to feeds.yaml, made where it does not exist; False if it was listed already.

    Comments and order are kept. Raises ConfigError where the file cannot be read or written.
    """
    if path.exists():
        if any(known.url == source.url for known in load_feeds(path).sources):
            return False
        root = _parse(path, _read(path))
    else:
        root = _parse(path, b"feeds: []\n")
    if root.get("feeds") is None:
        root["feeds"] = []
    entry: dict[str, Any] = {"url": source.url}
    entry |= {"title": source.title} if source.title else {}
    entry |= {"language": source.language} if source.language else {}
    entry |= {"tags": list(source.tags)} if source.tags else {}
    if hasattr(root["feeds"], "fa"):
        root["feeds"].fa.set_block_style()
    root["feeds"].append(entry)
    _write(path, root)
    return True


def remove_feed(path: Path, name: str) -> FeedSource:
    """Take a feed, named by its URL or title, out of feeds.yaml, and return it.

    Raises NotFoundError (with the nearest name) where none is listed under that name.
    """
    listed = load_feeds(path)
    for index, source in enumerate(listed.sources):
        if name in (source.url, source.title):
            root = _parse(path, _read(path))
            del root["feeds"][index]
            _write(path, root)
            return source
    import difflib

    names = [n for source in listed.sources for n in (source.url, source.title) if n]
    nearest = difflib.get_close_matches(name, names, 1)
    raise NotFoundError("feed", name, nearest[0] if nearest else None)


def _read(path: Path) -> bytes:
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


def _parse(path: Path, data: bytes) -> Any:  # noqa: ANN401 - ruamel's nodes have no common type
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


def _line(node: Any, key: object) -> int | None:  # noqa: ANN401 - see _parse
    position = getattr(node, "lc", None)
    if position is None:
        return None
    try:
        where = position.key(key) if isinstance(node, dict) else position.item(key)
    except (KeyError, TypeError):
        return None
    return int(where[0]) + 1


def _source(path: Path, entries: Any, index: int, entry: Any) -> FeedSource:  # noqa: ANN401 - see _parse
    if not isinstance(entry, dict):
        raise ConfigError(
            path,
            "each feed is written `- url: https://…`.",
            line=_line(entries, index),
            key="feeds",
        )
    for key in entry:
        if key not in FEED_KEYS:
            problem = f"there is no such key; a feed has {', '.join(FEED_KEYS)}."
            raise ConfigError(path, problem, line=_line(entry, key), key=str(key))
    for key, problem in _mistakes(entry):
        line = _line(entry, key) if key in entry else _line(entries, index)
        raise ConfigError(path, problem, line=line, key=key)
    from tracker.polled import FeedSource

    title, language = entry.get("title"), entry.get("language")
    return FeedSource(
        str(entry["url"]),
        str(title) if title else None,
        str(language) if language else None,
        tuple(str(tag) for tag in entry.get("tags") or ()),
        tuple((str(name), str(value)) for name, value in (entry.get("headers") or {}).items()),
    )


def _mistakes(entry: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - see _parse
    from urllib.parse import urlsplit

    url, title, language = entry.get("url"), entry.get("title"), entry.get("language")
    if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}:
        yield "url", "must be an address that starts with http:// or https://."
    elif not urlsplit(url).hostname:
        yield "url", f"{url} names no host."
    if title is not None and not isinstance(title, str):
        yield "title", "must be text; put it in quotes."
    if language is not None and not (
        isinstance(language, str) and re.fullmatch(LANGUAGE, language)
    ):
        yield "language", "must be a code of two letters such as en, fr or de."
    tags = entry.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield "tags", "must be a list of words such as [tech, france]."
    headers = entry.get("headers") or {}
    if not isinstance(headers, dict) or not all(
        isinstance(value, str) and "\n" not in f"{name}{value}" for name, value in headers.items()
    ):
        yield "headers", "must be `Name: value` pairs of text."


def _settings(path: Path, root: Any) -> Settings:  # noqa: ANN401 - see _parse
    given = root.get("settings") or {}
    if not isinstance(given, dict):
        raise ConfigError(
            path, "must be `name: number` pairs.", line=_line(root, "settings"), key="settings"
        )
    known = set(Settings._fields)
    for key, value in given.items():
        if key not in known:
            raise ConfigError(
                path,
                f"there is no such setting; there are {', '.join(sorted(known))}.",
                line=_line(given, key),
                key=str(key),
            )
        least = 0 if key == "workers" else 1
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ConfigError(
                path,
                f"must be a whole number of at least {least}.",
                line=_line(given, key),
                key=str(key),
            )
    settings = Settings(**{str(key): int(value) for key, value in given.items()})
    if settings.shortest_in_minutes > settings.longest_in_minutes:
        raise ConfigError(
            path,
            f"must not be more than longest_in_minutes ({settings.longest_in_minutes}).",
            line=_line(given, "shortest_in_minutes") or _line(given, "longest_in_minutes"),
            key="shortest_in_minutes",
        )
    return settings


def _write(path: Path, root: Any) -> None:  # noqa: ANN401 - see _parse
    """Replace the file at once, so that a crash leaves the old one or the new one."""
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            _yaml().dump(root, file)
            file.flush()
            os.fsync(file.fileno())
        temporary = Path(file.name)
        temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as error:
        raise ConfigError(path, f"cannot be written: {error.strerror}.") from error
