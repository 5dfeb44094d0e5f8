"""Paths of the user's files, and the contents of feeds.yaml.

feeds.yaml belongs to the user: it is parsed with line numbers, so that errors name them, and edited
in place, so that comments and order stay. This module owns platformdirs.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.alert_settings import alert_limits
from tracker.errors import ConfigError, NotFoundError, UsageError, excerpt
from tracker.hashing import blake2b
from tracker.hosts import mistake_of_url
from tracker.settings import (
    MAIN_SECTION,
    SETTINGS,
    Settings,
    contradiction,
    mistake,
    nearest,
    sections,
)
from tracker.yaml_edit import line_of, parse, with_changes, with_items, without_item
from tracker.yaml_files import editing, is_there, read, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tracker.model.alerts import AlertLimits
    from tracker.model.polling import FeedSource
    from tracker.settings import Setting, Value

FEED_KEYS = ("url", "title", "outlet", "language", "tags", "headers")
LANGUAGE = r"[a-z]{2}"
_NAMED_AT_MOST = 3
# From an escape in YAML, or from an argument that is not UTF-8; SQLite cannot store it.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Given(NamedTuple):
    """A setting as feeds.yaml has it; `line` counts from 1, None if unknown."""

    value: Value
    line: int | None


class FeedList(NamedTuple):
    """The contents of feeds.yaml.

    `digest` is that of its bytes; `given` are the settings that stand in it, by key, and `alerts`
    those of alerts.
    """

    sources: tuple[FeedSource, ...]
    settings: Settings
    digest: str
    given: Mapping[str, Given]
    alerts: AlertLimits


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
    with suppress(OSError):  # a current folder that cannot be searched has no list
        if here.exists():
            return here
    import platformdirs

    return platformdirs.user_config_path("tracker", appauthor=False) / "feeds.yaml"


def alerts_path(feeds: Path) -> Path:
    """Return the path of alerts.conf, which holds the addresses of targets: beside feeds.yaml."""
    return feeds.with_name("alerts.conf")


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
    return check(path, read(path))


def has_secrets(listed: FeedList) -> bool:
    """Return whether a feed list holds passwords or headers, so that only its owner may read it."""
    return any(source.headers or source.shown_url != source.url for source in listed.sources)


def check(path: Path, data: bytes) -> FeedList:
    """Validate the bytes of a feed list; ConfigError, about `path`, for the first mistake."""
    root = parse(path, data)
    for key in root:
        if key not in {"feeds", *sections()}:
            raise ConfigError(
                path,
                "there is no such setting; a feeds.yaml has "
                f"{', '.join(f'`{each}:`' for each in ['feeds', *sections()])}.",
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
    given = _given(path, root)
    return FeedList(
        tuple(sources.values()),
        _settings(path, given),
        _digest(data),
        given,
        alert_limits({key: each.value for key, each in given.items()}),
    )


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
        data = read(path) if is_there(path) else b""
        listed = check(path, data)
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
        found = check(path, data)
    except ConfigError:
        found = None
    if found is None or found[:2] != expected[:2]:
        raise ConfigError(path, "is written in a way that cannot be edited here; edit it yourself.")
    write(path, data, private=has_secrets(expected))


def remove_feed(path: Path, name: str) -> FeedSource:
    """Remove a feed, given by URL or title, from feeds.yaml, and return it.

    NotFoundError (with the nearest name) if none matches, UsageError if several have the title,
    ConfigError if the file cannot be read or written.
    """
    read(path)  # ConfigError for a missing file, before it is locked
    with editing(path):
        data = read(path)
        listed = check(path, data)
        index = _index_of(name, listed.sources)
        rest = listed.sources[:index] + listed.sources[index + 1 :]
        expected = listed._replace(sources=rest)
        _replace(path, without_item(data, "feeds", index), expected)
        return listed.sources[index]


def edit_feed(
    path: Path, name: str, change: Callable[[FeedSource], FeedSource]
) -> tuple[FeedSource, FeedSource]:
    """Change a feed, given by URL or title, in feeds.yaml; return it before and after.

    All other bytes of the file stay. Raises as `remove_feed` does, and UsageError for a feed that
    cannot be listed so, or whose new URL is listed already.
    """
    read(path)  # ConfigError for a missing file, before it is locked
    with editing(path):
        data = read(path)
        listed = check(path, data)
        index = _index_of(name, listed.sources)
        before, after = listed.sources[index], change(listed.sources[index])
        old, new = _entry(before), _entry(after)
        changes = {key: new.get(key) for key in FEED_KEYS if old.get(key) != new.get(key)}
        for key, problem in _mistakes(new):
            raise UsageError(f"The feed's {key} {problem}")
        sources = (*listed.sources[:index], after, *listed.sources[index + 1 :])
        if sum(source.url == after.url for source in sources) > 1:
            raise UsageError(f"{after.shown_url} is listed already; `tracker feeds rm` removes it.")
        if changes:
            edited = with_changes(data, "feeds", index, changes)
            _replace(path, edited, listed._replace(sources=sources))
        return before, after


def _index_of(name: str, sources: tuple[FeedSource, ...]) -> int:
    """Return the place of the feed of this URL or title; raises as `remove_feed` does."""
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
    if matching:
        return matching[0]
    import difflib

    names = [n for source in sources for n in (source.shown_url, source.title) if n]
    nearest = difflib.get_close_matches(name, names, 1)
    raise NotFoundError("feed", name, nearest[0] if nearest else None)


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


def _given(path: Path, root: Any) -> dict[str, Given]:  # noqa: ANN401 - see yaml_edit
    """Return the settings that stand in the file, by key; ConfigError for a wrong one."""
    found: dict[str, Given] = {}
    for section in sections():
        given = root.get(section) or {}
        if not isinstance(given, dict):
            raise ConfigError(
                path, "must be `name: value` pairs.", line=line_of(root, section), key=section
            )
        known = {each.name: each for each in SETTINGS if each.section == section}
        for name, value in given.items():
            line = line_of(given, name)
            value = tuple(value) if isinstance(value, list) else value  # noqa: PLW2901 - as kept
            if value is None and name in known and isinstance(known[name].default, str | tuple):
                continue
            if problem := _mistake_of_setting(known, section, name, value):
                key = str(name) if section == MAIN_SECTION else f"{section}: {name}"
                raise ConfigError(path, problem, line=line, key=key)
            found[known[name].key] = Given(value, line)
    return found


def _settings(path: Path, given: Mapping[str, Given]) -> Settings:
    values: dict[str, Any] = {k: each.value for k, each in given.items() if k in Settings._fields}
    settings = Settings()._replace(**values)
    if problem := contradiction(settings):
        at = given.get("shortest_in_minutes") or given["longest_in_minutes"]
        raise ConfigError(path, problem, line=at.line, key="shortest_in_minutes")
    return settings


def _mistake_of_setting(
    known: Mapping[str, Setting], section: str, name: object, value: object
) -> str | None:
    """Return why a setting of a section cannot have this value, None if it can."""
    if isinstance(name, str) and name in known:
        return mistake(known[name], value)
    if near := nearest(str(name), section):
        return f"there is no such setting; did you mean {near}?"
    return f"there is no such setting; there are {', '.join(sorted(known))}."
