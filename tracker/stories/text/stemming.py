"""Stemming: Snowball with own exceptions, and with plurals that Snowball does not conflate."""

from __future__ import annotations

import re
from functools import cache
from os.path import commonprefix
from typing import TYPE_CHECKING

from tracker.stories.resources import DATA, read_sections
from tracker.stories.text.normalization import normalize

if TYPE_CHECKING:
    from collections.abc import Callable


SNOWBALL = {
    "en": "english",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
}
"""The languages that are stemmed, with Snowball's names."""


def stemmed(language: str) -> str:
    """Return the language itself if it is stemmed, else ""."""
    return language if language in SNOWBALL else ""


def read_as(language: str) -> str:
    """Return the language whose word lists apply to a text: English for an unsupported one."""
    return language if language in SNOWBALL else "en"


@cache
def stemming(language: str) -> Callable[[str], str]:
    """Return a function that stems normalised words; `language` is a result of `stemmed`."""
    if not language:
        return str
    from Stemmer import Stemmer  # a C extension, 3 ms: not needed to read stored links

    stemmer = Stemmer(SNOWBALL[language])
    stemmer.maxCacheSize = 0
    exception_of = own_stems(language).get
    snowball = _stem_by_singular(singular_in(language), exception_of, stemmer.stemWord)
    endings = _endings(language)
    if not endings:
        return lambda word: exception_of(word) or snowball(word)
    ending = re.compile(f"({'|'.join(sorted(endings, key=len, reverse=True))})$").search

    def stem(word: str) -> str:
        if known := exception_of(word):
            return known
        if found := ending(word):
            return word[: found.start()] + endings[found[0]]
        return snowball(word)

    return stem


def _stem_by_singular(
    singular: Callable[[str], str] | None,
    exception_of: Callable[[str], str | None],
    stem_word: Callable[[str], str],
) -> Callable[[str], str]:
    """Return a function that stems a word by its singular, if `singular` is given."""
    if singular is None:
        return stem_word
    singular_of = singular

    def stem(word: str) -> str:
        noun = singular_of(word)
        return exception_of(noun) or stem_word(noun)

    return stem


def version() -> str:
    """Return the version of Snowball."""
    import Stemmer

    return str(Stemmer.version())


@cache
def own_stems(language: str) -> dict[str, str]:
    """Return the exceptions of a language: normalised words that Snowball conflates with others.

    The stem of each is the common prefix of its group. For example: finale, finales.
    """
    groups = stem_groups().get(language, "").split(",")
    norms = [[normalize(word) for word in group.split()] for group in groups]
    return {word: commonprefix(group) for group in norms for word in group}  # noqa: RUF071 - no paths


@cache
def _endings(language: str) -> dict[str, str]:
    """Return the compound endings that Snowball does not conflate, each with its own stem."""
    groups = stem_groups("endings").get(language, "").split(",")
    norms = [[normalize(ending) for ending in group.split()] for group in groups]
    return {ending: commonprefix(group) for group in norms for ending in group}  # noqa: RUF071 - no paths


@cache
def stem_groups(kind: str = "words") -> dict[str, str]:
    """Return a section of own-stems.ini, by language."""
    return read_sections(DATA / "own-stems.ini")[kind]


def singular_in(language: str) -> Callable[[str], str] | None:
    """Return a function that removes plural endings; None for a language without rules.

    It also shortens words that are not nouns: its results are only used as stems.
    """
    rules = [
        (re.compile(f"{ending}$").sub, one) for ending, one in _PLURAL_ENDINGS.get(language, ())
    ]

    def singular(word: str) -> str:
        for sub, one in rules if word[-1:] == "s" else ():
            if (found := sub(one, word)) != word:
                return found
        return word

    return singular if rules else None


_PLURAL_ENDINGS = {
    "es": ((r"(?<=\w\w[^aeiou])(?:es)+", ""), (r"(?<=\w\w[aeo])s", "")),
    "fr": ((r"(?<=\w\wer)s", ""),),
    "pt": (
        (r"(?<=\w\w)[oa]es", "ao"),
        (r"(?<=\w\w)aos", "ao"),
        (r"(?<=\w\w)([aeou])is", r"\1l"),
        (r"(?<=\wei)s", ""),
        (r"(?<=\w\w[^aeiou])is", "il"),
        (r"(?<=\w\w)ens", "em"),
        (r"(?<=\w[iou])ns", "m"),
        (r"(?<=\w\w\we)ses", ""),
        (r"(?<=\w\w[rzs])es", ""),
        (r"(?<=\w\w[aeo])s", ""),
    ),
}
"""Plural endings with their singular endings, by language; the first match applies."""
