"""What an export says of one report: headline, outlet, language, earlier headlines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model.core import Item, Report

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def headline(item: Item) -> str:
    """Return an item's title as one safe line, its address where it has none."""
    return plain(item.title) or plain(item.url) or "(no headline)"


def outlet(item: Item) -> str:
    """Return the name of an item's outlet as one safe line, without "https://"."""
    return plain(item.source).removeprefix("https://").removeprefix("http://")


def language(item: Item) -> str:
    """Return an item's language as a tag of BCP 47, "" where it is unknown."""
    tag = item.language or ""
    return tag if _LANGUAGE.fullmatch(tag) else ""


def languages(items: Iterable[Item]) -> list[str]:
    """Return the known languages of items, each once, in alphabetical order."""
    return sorted({language(item) for item in items} - {""})


def earlier(report: Report) -> list[str]:
    """Return a report's earlier headlines, the newest first."""
    return [plain(revision.title) for revision in reversed(report.revisions)]
