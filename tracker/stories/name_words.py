"""Words that tell where a name begins, ends, or is no name (data/name-words.ini)."""

from __future__ import annotations

from functools import cache

from tracker.stories.sections import DATA, sections


@cache
def name_words(kind: str) -> frozenset[str]:
    """Give the words of one kind (a key of the file), folded."""
    return frozenset(_lists()[kind].split())


@cache
def _lists() -> dict[str, str]:
    return sections(DATA / "name-words.ini")["words"]
