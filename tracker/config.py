"""Paths of the user's files, and the contents of feeds.yaml.

feeds.yaml belongs to the user: it is parsed with line numbers, so that errors name them, and edited
in place, so that comments and order stay. This module owns platformdirs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.errors import ConfigError, NotFoundError, UsageError, excerpt
from tracker.hashing import blake2b
from tracker.hosts import without_credentials
from tracker.yaml_edit import editing, line_of, parse, read, with_items, without_item, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.model.polling import FeedSource

FEED_KEYS = ("url", "title", "outlet", "language", "tags", "headers")
LANGUAGE = r"[a-z]{2}"
_NAMED_AT_MOST = 3
# What may stand in a comment of a header (RFC 9110, 5.6.5) without ending it.
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_PAGE = re.compile(r"https?://[!-'*-\[\]-~]{1,190}")
# From an escape in YAML, or from an argument that is not UTF-8; SQLite cannot store it.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Settings(NamedTuple):
    """The `settings:` of feeds.yaml, each of them optional.

    `shortest_in_minutes` and `longest_in_minutes` bound the time between two polls of a feed.
    `connections` are parallel transfers in all, `per_host` those to one host. `timeout_in_seconds`
    is the deadline of one feed, redirects included; `max_body_in_mebibytes` caps an inflated
    document. `workers` are parsing processes, 0 for one per core. `BOUNDS` has the range of each.
    `contact` is an e-mail address or a page of the user for the User-Agent header, "" for none.
    """

    shortest_in_minutes: int = 15
    longest_in_minutes: int = 1440
    connections: int = 64
    per_host: int = 2
    timeout_in_seconds: int = 30
    max_body_in_mebibytes: int = 16
    workers: int = 0
    contact: str = ""


_YEAR_IN_MINUTES = 366 * 24 * 60
BOUNDS = {
    "shortest_in_minutes": (1, _YEAR_IN_MINUTES),
    "longest_in_minutes": (1, _YEAR_IN_MINUTES),
    # libcurl keeps twice as many open, and select() knows 1,024 files.
    "connections": (1, 256),
    "per_host": (1, 256),
    "timeout_in_seconds": (1, 3600),
    "max_body_in_mebibytes": (1, 1024),
    "workers": (0, 64),
}


class FeedList(NamedTuple):
    """The contents of feeds.yaml; `digest` is that of its bytes."""

    sources: tuple[FeedSource, ...]
    settings: Settings
    digest: str


def database_path(option: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the path of the database: --db, else TRACKER_DB, else in the user's data folder."""
    if option or environ.get("TRACKER_DB"):
        return (option or Path(environ["TRACKER_DB"])).expanduser()
    import platformdirs

    return platformdirs.user_data_path("tracker", appauthor=False) / "tracker.db"


def feeds_path(option: Path | None, environ: Mapping[str, str], folder: Path) -> Path:
    """Return the path of feeds.yaml.

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
    """Return the digest of a file, by which a poll skips an unchanged one.

    ConfigError if the file cannot be read.
    """
    return _digest(read(path))


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def load_feeds(path: Path) -> FeedList:
    """Read and validate feeds.yaml.

    ConfigError, with line and key, for the first mistake.
    """
    return _checked(path, read(path))


def _checked(path: Path, data: bytes) -> FeedList:
    root = parse(path, data)
    for key in root:
        if key not in {"feeds", "settings"}:
            raise ConfigError(
                path,
                "there is no such setting; a feeds.yaml has `feeds:` and `settings:`.",
                line=line_of(root, key),
                key=str(key),
            )
    entries = root.get("feeds")
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        raise ConfigError(
            path,
            "must be a list of feeds, each `- url: …`.",
            line=line_of(root, "feeds"),
            key="feeds",
        )
    sources: dict[str, FeedSource] = {}
    for index, entry in enumerate(entries):
        source = _source(path, entries, index, entry)
        if source.url in sources:
            first = entries[list(sources).index(source.url)]
            raise ConfigError(
                path,
                f"is the address of line {line_of(first, 'url')}, too; remove one of them.",
                line=line_of(entry, "url"),
                key="url",
            )
        sources[source.url] = source
    settings = _settings(path, root)
    return FeedList(tuple(sources.values()), settings, _digest(data))


def add_feed(path: Path, source: FeedSource) -> bool:
    """Append a feed to feeds.yaml; False if it is listed already.

    Errors as for `add_feeds`.
    """
    return bool(add_feeds(path, [source]))


def add_feeds(path: Path, sources: Sequence[FeedSource]) -> list[FeedSource]:
    """Append feeds to feeds.yaml, and return those that were not listed yet.

    All are appended in one write, or none. A missing file is created; everything else in the file
    stays. UsageError for an invalid feed, ConfigError if the file cannot be read or written.
    """
    entries = {source.url: _entry(source) for source in sources}
    for entry in entries.values():
        for key, problem in _mistakes(entry):
            raise UsageError(f"The feed's {key} {problem}")
    with editing(path):
        data = read(path) if path.exists() else b""
        listed = _checked(path, data)
        known = {source.url for source in listed.sources}
        new = list({source.url: source for source in sources if source.url not in known}.values())
        if new:
            expected = listed._replace(sources=(*listed.sources, *new))
            items = [entries[source.url] for source in new]
            _replace(path, with_items(data, "feeds", items), expected)
    return new


def _entry(source: FeedSource) -> dict[str, Any]:
    """Return a feed as feeds.yaml lists it."""
    entry: dict[str, Any] = {"url": source.url}
    entry |= {"title": source.title} if source.title else {}
    entry |= {"outlet": source.outlet} if source.outlet else {}
    entry |= {"language": source.language} if source.language else {}
    entry |= {"tags": list(source.tags)} if source.tags else {}
    return entry | ({"headers": dict(source.headers)} if source.headers else {})


def _replace(path: Path, data: bytes, expected: FeedList) -> None:
    """Write a feed list, if parsing it yields the expected one; otherwise ConfigError."""
    try:
        found = _checked(path, data)
    except ConfigError:
        found = None
    if found is None or found[:2] != expected[:2]:
        raise ConfigError(path, "is written in a way that cannot be edited here; edit it yourself.")
    secret = any(source.headers or source.shown_url != source.url for source in expected.sources)
    write(path, data, private=secret)


def remove_feed(path: Path, name: str) -> FeedSource:
    """Remove a feed, given by URL or title, from feeds.yaml, and return it.

    NotFoundError (with the nearest name) if none matches, UsageError if several have the title,
    ConfigError if the file cannot be read or written.
    """
    read(path)  # ConfigError for a missing file, before it is locked
    with editing(path):
        data = read(path)
        listed = _checked(path, data)
        if (index := _index_of(name, listed.sources)) is not None:
            rest = listed.sources[:index] + listed.sources[index + 1 :]
            expected = listed._replace(sources=rest)
            _replace(path, without_item(data, "feeds", index), expected)
            return listed.sources[index]
    import difflib

    names = [n for source in listed.sources for n in (source.shown_url, source.title) if n]
    nearest = difflib.get_close_matches(name, names, 1)
    raise NotFoundError("feed", name, nearest[0] if nearest else None)


def _index_of(name: str, sources: tuple[FeedSource, ...]) -> int | None:
    for index, source in enumerate(sources):
        if source.url == name:
            return index
    matching = [i for i, source in enumerate(sources) if name in (source.title, source.shown_url)]
    if len(matching) > 1:
        shown = [sources[index].shown_url for index in matching[:_NAMED_AT_MOST]]
        shown += ["others"] if len(matching) > _NAMED_AT_MOST else []
        raise UsageError(
            f"{len(matching):,} feeds are called {excerpt(name)!r}, {excerpt(' and '.join(shown))};"
            " name one by its address."
        )
    return matching[0] if matching else None


def _source(path: Path, entries: Any, index: int, entry: Any) -> FeedSource:  # noqa: ANN401 - see yaml_edit
    if not isinstance(entry, dict):
        raise ConfigError(
            path,
            "each feed is written `- url: https://…`.",
            line=line_of(entries, index),
            key="feeds",
        )
    for key in entry:
        if key not in FEED_KEYS:
            problem = f"there is no such key; a feed has {', '.join(FEED_KEYS)}."
            raise ConfigError(path, problem, line=line_of(entry, key), key=str(key))
    for key, problem in _mistakes(entry):
        line = line_of(entry, key) if key in entry else line_of(entries, index)
        raise ConfigError(path, problem, line=line, key=key)
    from tracker.model.polling import FeedSource

    title, language, outlet = entry.get("title"), entry.get("language"), entry.get("outlet")
    return FeedSource(
        str(entry["url"]),
        str(title) if title else None,
        str(language) if language else None,
        tuple(str(tag) for tag in entry.get("tags") or ()),
        tuple((str(name), str(value)) for name, value in (entry.get("headers") or {}).items()),
        str(outlet).strip() if outlet else None,
    )


def _mistakes(entry: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - see yaml_edit
    language = entry.get("language")
    for key, value in entry.items():
        if any(LONE_SURROGATE.search(text) for text in _texts(value)):
            yield key, "holds half a character, which is no text; write it anew."
    if problem := mistake_of_url(entry.get("url")):
        yield "url", problem
    for name in ("title", "outlet"):
        if not isinstance(entry.get(name, ""), str | None):
            yield name, "must be text; put it in quotes."
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


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def mistake_of_url(url: object) -> str | None:
    """Return in words why a feed cannot have this URL; None if it can."""
    from urllib.parse import urlsplit

    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        return "must be an address that starts with http:// or https://."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # reading an invalid port raises ValueError
    except ValueError:
        # It is not repeated: what cannot be read may hold a password that is not found in it.
        return "cannot be read as an address; in a password, write %23 for #, %2F for /, %3F for ?."
    named = host and not re.search(r"\s", host)
    return None if named else "names no host; an address is written https://HOST/PATH."


def _mistake_of_setting(key: object, value: object) -> str | None:
    """Return why a setting cannot have this value, None if it can."""
    if key == "contact":
        return _mistake_of_contact(value)
    if key not in BOUNDS:
        return f"there is no such setting; there are {', '.join(sorted(Settings._fields))}."
    least, most = BOUNDS[str(key)]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        return f"must be a whole number from {least} to {most}."
    return None


def _mistake_of_contact(value: object) -> str | None:
    """Return why a value cannot be a contact, None if it can."""
    if isinstance(value, str) and _MAIL_ADDRESS.fullmatch(value):
        return None
    if not (isinstance(value, str) and _PAGE.fullmatch(value)) or mistake_of_url(value):
        return "must be an address of yours such as me@example.org, or a page such as https://…."
    secret = without_credentials(value) != value
    return "must not hold a password: every publisher is told it." if secret else None


def _settings(path: Path, root: Any) -> Settings:  # noqa: ANN401 - see yaml_edit
    given = root.get("settings") or {}
    if not isinstance(given, dict):
        raise ConfigError(
            path, "must be `name: value` pairs.", line=line_of(root, "settings"), key="settings"
        )
    for key, value in given.items():
        if problem := _mistake_of_setting(key, value):
            raise ConfigError(path, problem, line=line_of(given, key), key=str(key))
    values: dict[str, Any] = {str(key): value for key, value in given.items()}
    settings = Settings()._replace(**values)
    if settings.shortest_in_minutes > settings.longest_in_minutes:
        raise ConfigError(
            path,
            f"must not be more than longest_in_minutes ({settings.longest_in_minutes}).",
            line=line_of(given, "shortest_in_minutes") or line_of(given, "longest_in_minutes"),
            key="shortest_in_minutes",
        )
    return settings
