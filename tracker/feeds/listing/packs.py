"""The bundled feeds to start from, in packs of one topic in one language.

`packs.tsv` has a line for each feed: pack, title, address. A pack is named by its topic and the
code of its language, for example "technology-fr".
"""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

from tracker.errors import NotFoundError
from tracker.model.polling import FeedSource


class Pack(NamedTuple):
    """The feeds of one topic in one language, by title; each has the topic as its tag."""

    name: str
    topic: str
    language: str
    feeds: tuple[FeedSource, ...]


def packs() -> list[Pack]:
    """Return all packs, by name."""
    listed: dict[tuple[str, str], list[FeedSource]] = {}
    text = files("tracker.feeds.listing").joinpath("packs.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, title, url = line.split("\t")
            topic, _, language = name.rpartition("-")
            source = FeedSource(url, title, language, (topic,))
            listed.setdefault((topic, language), []).append(source)
    return [
        Pack(f"{topic}-{language}", topic, language, tuple(sources))
        for (topic, language), sources in sorted(listed.items())
    ]


def named(name: str) -> list[Pack]:
    """Return the pack of this name, or all packs of a topic ("science") or a language ("fr").

    Raises NotFoundError, with the nearest name.
    """
    every, wanted = packs(), name.strip().lower()
    found = [pack for pack in every if wanted in {pack.name, pack.topic, pack.language}]
    if found:
        return found
    import difflib

    known = sorted({each for pack in every for each in (pack.topic, pack.name, pack.language)})
    nearest = difflib.get_close_matches(wanted, known, 1)
    nearest = nearest or [each for each in known if wanted and each.startswith(wanted)]
    raise NotFoundError("pack", name, nearest[0] if nearest else None)


def feeds_of(name: str) -> list[FeedSource]:
    """Return the feeds of the packs that `named` finds, each once; raises as it does."""
    found = {source.url: source for pack in named(name) for source in pack.feeds}
    return list(found.values())
