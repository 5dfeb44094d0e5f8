"""Words that say nothing of what a text is about, by language (data/function-words.ini)."""

from __future__ import annotations

from configparser import ConfigParser
from functools import cache
from importlib.resources import files

from tracker.stories.text import UPPER, Word, words


def is_function_word(word: Word, language: str) -> bool:
    """Tell whether a word is one; "US" and "IT" are not "us" and "it"."""
    return word.shape != UPPER and word.fold in function_words(language)


@cache
def function_words(language: str) -> frozenset[str]:
    """Give a language's function words, folded; none for a language without a list."""
    return _lists().get(language, frozenset())


@cache
def _lists() -> dict[str, frozenset[str]]:
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    data = files("tracker.stories").joinpath("data", "function-words.ini")
    parser.read_string(data.read_text("utf-8"))
    return {
        language: frozenset(word.fold for word in words(listed, language))
        for language, listed in parser["words"].items()
    }
