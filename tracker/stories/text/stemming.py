"""Stems: Snowball with our own exceptions, and the singulars that Snowball leaves apart."""

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
"""The languages that are stemmed, and what Snowball calls them."""


def stemmed(language: str) -> str:
    """Give the language that words are stemmed in, "" for none."""
    return language if language in SNOWBALL else ""


def read_as(language: str) -> str:
    """Give the language whose words texts in another are read for: English where it has none."""
    return language if language in SNOWBALL else "en"


@cache
def stemming(language: str) -> Callable[[str], str]:
    """Give what stems folded words; `language` as of `stemmed`."""
    if not language:
        return str
    from Stemmer import Stemmer  # a C extension: 3 ms that reading commands do without

    stemmer = Stemmer(SNOWBALL[language])
    stemmer.maxCacheSize = 0
    own = own_stems(language).get
    snowball = _of_singulars(singular_in(language), own, stemmer.stemWord)
    endings = _endings(language)
    if not endings:
        return lambda word: own(word) or snowball(word)
    ending = re.compile(f"({'|'.join(sorted(endings, key=len, reverse=True))})$").search

    def stem(word: str) -> str:
        if known := own(word):
            return known
        if found := ending(word):
            return word[: found.start()] + endings[found[0]]
        return snowball(word)

    return stem


def _of_singulars(
    singular: Callable[[str], str] | None,
    own: Callable[[str], str | None],
    stem_word: Callable[[str], str],
) -> Callable[[str], str]:
    """Give what stems a word by its singular, where one is told apart."""
    if singular is None:
        return stem_word
    noun_of = singular

    def stem(word: str) -> str:
        noun = noun_of(word)
        return own(noun) or stem_word(noun)

    return stem


def version() -> str:
    """Give the version of Snowball's rules."""
    import Stemmer

    return str(Stemmer.version())


@cache
def own_stems(language: str) -> dict[str, str]:
    """Give the folded words that Snowball confuses with others, each with its own stem.

    That is what the words of a group begin with alike: finale, of finale and finales.
    """
    groups = lists().get(language, "").split(",")
    folded = [[normalize(word) for word in group.split()] for group in groups]
    return {word: commonprefix(group) for group in folded for word in group}  # noqa: RUF071 - no paths


@cache
def _endings(language: str) -> dict[str, str]:
    """Give the folded endings of compounds that Snowball leaves apart, each with its own stem."""
    groups = lists("endings").get(language, "").split(",")
    folded = [[normalize(ending) for ending in group.split()] for group in groups]
    return {ending: commonprefix(group) for group in folded for ending in group}  # noqa: RUF071 - no paths


@cache
def lists(kind: str = "words") -> dict[str, str]:
    """Give a section of own-stems.ini: what it lists for each language."""
    return read_sections(DATA / "own-stems.ini")[kind]


def singular_in(language: str) -> Callable[[str], str] | None:
    """Give what takes a folded word's plural ending off; None for a language that needs none.

    What is no noun loses it as well: this is for stems, which are seen by nobody.
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
"""Endings of plurals, with what the singular has, by language; the first that fits counts."""
