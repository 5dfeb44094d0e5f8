"""Reads the labelled set beside it, and checks its form.

`load()` gives the whole set as frozen values; `problems()` says in words what is wrong with the
files, so that whoever adds a headline or a story sees every mistake at once. Only the standard
library is used.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).resolve().parent
HEADLINE_KEYS = ("id", "published", "source", "language", "title", "summary", "url")
STORY_KEYS = {"id", "query", "language", "scope", "elsewhere"}
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")
COLUMNS = ["story", "item", "label", "event"]


class Label(StrEnum):
    """What a careful reader says of an item for a story; DOUBTFUL is left out of every figure."""

    ON = "1"
    OFF = "0"
    DOUBTFUL = "?"


@dataclass(frozen=True, slots=True)
class Headline:
    """One item as a feed would bring it; `summary` is "" where the outlet gives none."""

    id: str
    published: datetime
    source: str
    language: str
    title: str
    summary: str
    url: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line of labels.tsv; `event` is a number from 1 for an item that is ON, else None.

    Items of one story with the same event report the same development.
    """

    story: str
    item: str
    label: Label
    event: int | None


@dataclass(frozen=True, slots=True)
class Affair:
    """A story to follow: what was typed, in which language, and what belongs to it.

    `queries` are what readers of each of LANGUAGES would type, `query` among them.
    An item without a judgement is off the story. An item that is judged OFF is a hard negative:
    it shares a name, a word or a kind of affair with the story.
    """

    id: str
    query: str
    language: str
    scope: str
    queries: Mapping[str, str]
    judgements: tuple[Judgement, ...]

    def items(self, label: Label) -> frozenset[str]:
        """Give the ids of the items judged so."""
        return frozenset(j.item for j in self.judgements if j.label is label)

    @property
    def events(self) -> dict[str, int]:
        """Give the event number of every item that is ON."""
        return {j.item: j.event for j in self.judgements if j.event is not None}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The whole set: headlines oldest first, stories in the order of stories.toml."""

    headlines: tuple[Headline, ...]
    affairs: tuple[Affair, ...]


def load(folder: Path = HERE) -> Dataset:
    """Read the set; raise ValueError that lists every problem of form where there is one."""
    found = problems(folder)
    if found:
        raise ValueError("\n".join(found))
    headlines = tuple(_headline(json.loads(line)) for line in _lines(folder / "items.jsonl"))
    rows = [_judgement(line) for line in _lines(folder / "labels.tsv")[1:]]
    affairs = tuple(
        Affair(
            story["id"],
            story["query"],
            story["language"],
            story["scope"],
            {story["language"]: story["query"], **story["elsewhere"]},
            tuple(row for row in rows if row.story == story["id"]),
        )
        for story in _stories(folder)
    )
    return Dataset(headlines, affairs)


def problems(folder: Path = HERE) -> list[str]:
    """Say what is wrong with the form of the files, a sentence each; empty where all is well."""
    items = [json.loads(line) for line in _lines(folder / "items.jsonl")]
    stories = _stories(folder)
    found = _item_problems(items) + _story_problems(stories)
    known = {item.get("id", "") for item in items}
    return found + _label_problems(
        _lines(folder / "labels.tsv"), known, [story.get("id", "") for story in stories]
    )


def _item_problems(items: list[dict[str, str]]) -> list[str]:
    found = []
    for number, item in enumerate(items, 1):
        where = f"items.jsonl, line {number}"
        if tuple(item) != HEADLINE_KEYS or not all(isinstance(v, str) for v in item.values()):
            found.append(f"{where}: the keys are {', '.join(HEADLINE_KEYS)}, all text")
            continue
        found += [
            f"{where}: {key} is empty"
            for key in HEADLINE_KEYS
            if key != "summary" and not item[key]
        ]
        found += [
            f"{where}: {key} has blanks at an end or in a row"
            for key in ("title", "summary")
            if " ".join(item[key].split()) != item[key]
        ]
        found += _stamp_problems(where, item["published"])
        if not (urlsplit(item["url"]).hostname or "").endswith(".example"):
            found.append(f"{where}: the url is not at an invented outlet (….example)")
    for key in ("id", "url"):
        counts = Counter(item.get(key) for item in items)
        found += [
            f"items.jsonl: {key} {value} occurs twice" for value, n in counts.items() if n > 1
        ]
    times = [item.get("published", "") for item in items]
    if times != sorted(times):
        found.append("items.jsonl: the lines are not sorted by published")
    return found


def _stamp_problems(where: str, stamp: str) -> list[str]:
    try:
        published = datetime.fromisoformat(stamp)
    except ValueError:
        return [f"{where}: published {stamp!r} is no ISO date"]
    if published.tzinfo is None or published.utcoffset() != UTC.utcoffset(None):
        return [f"{where}: published {stamp!r} is not in UTC"]
    return []


def _story_problems(stories: list[dict[str, Any]]) -> list[str]:
    found = [
        f"stories.toml: story {story.get('id', number)} needs {', '.join(sorted(STORY_KEYS))}"
        for number, story in enumerate(stories, 1)
        if set(story) != STORY_KEYS or not all(story.values())
    ]
    found += [
        f"stories.toml: elsewhere of story {story.get('id', number)} is what is typed in the"
        f" others of {', '.join(LANGUAGES)}"
        for number, story in enumerate(stories, 1)
        if {*story.get("elsewhere", {}), story.get("language")} != {*LANGUAGES}
        or story.get("language") in story["elsewhere"]
        or not all(story["elsewhere"].values())
    ]
    counts = Counter(story.get("id", "") for story in stories)
    return found + [
        f"stories.toml: story {name} occurs twice" for name, n in counts.items() if n > 1
    ]


def _label_problems(lines: list[str], items: set[str], stories: list[str]) -> list[str]:
    if lines[0].split("\t") != COLUMNS:
        return [f"labels.tsv: the first line names the columns {', '.join(COLUMNS)}"]
    found = []
    pairs: Counter[tuple[str, str]] = Counter()
    for number, line in enumerate(lines[1:], 2):
        where = f"labels.tsv, line {number}"
        fields = line.split("\t")
        if len(fields) != len(COLUMNS):
            found.append(f"{where}: {len(COLUMNS)} columns are wanted, an empty event counts")
            continue
        story, item, label, event = fields
        pairs[story, item] += 1
        if story not in stories:
            found.append(f"{where}: there is no story {story}")
        if item not in items:
            found.append(f"{where}: there is no item {item}")
        if label not in set(Label):
            found.append(f"{where}: the label is {', '.join(Label)}")
        if (label == Label.ON) != (event.isascii() and event.isdigit() and event != "0"):
            found.append(f"{where}: an item on the story has an event number, no other has one")
    found += [
        f"labels.tsv: {story} judges {item} twice" for (story, item), n in pairs.items() if n > 1
    ]
    return found


def _headline(row: dict[str, str]) -> Headline:
    published = datetime.fromisoformat(row["published"])
    return Headline(
        row["id"],
        published,
        row["source"],
        row["language"],
        row["title"],
        row["summary"],
        row["url"],
    )


def _judgement(line: str) -> Judgement:
    story, item, label, event = line.split("\t")
    return Judgement(story, item, Label(label), int(event) if event else None)


def _stories(folder: Path) -> list[dict[str, Any]]:
    stories: list[dict[str, Any]] = tomllib.loads(
        (folder / "stories.toml").read_text(encoding="utf-8")
    )["story"]
    return stories


def _lines(path: Path) -> list[str]:
    # Not splitlines(): a headline may hold U+2028, which ends no line of JSON Lines.
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
