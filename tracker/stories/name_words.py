"""Words that tell where a name begins, ends, or is no name (data/name-words.ini)."""

from __future__ import annotations

from configparser import ConfigParser
from functools import cache
from importlib.resources import files


@cache
def name_words(kind: str) -> frozenset[str]:
    """Give the words of one kind (a key of the file), folded."""
    return frozenset(_lists()[kind].split())


@cache
def _lists() -> dict[str, str]:
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    data = files("tracker.stories").joinpath("data", "name-words.ini")
    parser.read_string(data.read_text("utf-8"))
    return dict(parser["words"])
