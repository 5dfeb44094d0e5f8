"""Morphology: parts of compounds, and separable verbs of German, Dutch and English."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT, NARROWER
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import stem_groups, stemming
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import LOWER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.stories.text.tokenization import Token


def compound_parts(stems: Sequence[str], language: str) -> Iterator[tuple[int, str, float]]:
    """Yield the possible parts of compounds: index of the stem, part, and its match level.

    The head denotes the compound's kind (EXACT): a Warnstreik is a Streik. The modifier denotes
    only its subject (NARROWER): an Impfstoffstreit is about Impfstoff. Words that only look like
    compounds are listed and not split. For example: Ausschuss (not Schuss).
    """
    for place, stem in enumerate(stems if language in COMPOUNDING else ()):
        shortest = max(_SHORTEST_HEAD, _unsplittable_length(stem, language))
        for cut in range(_SHORTEST_MODIFIER, len(stem) - shortest + 1):
            yield place, stem[cut:], EXACT
        for cut in range(_SHORTEST_SUBJECT, len(stem) - _SHORTEST_MODIFIER):
            yield place, stem[:cut], NARROWER


@lru_cache(maxsize=1 << 14)
def _unsplittable_length(stem: str, language: str) -> int:
    """Return the length of the longest listed unsplittable word at the end of a stem.

    0 for none.
    """
    listed = _unsplittable_stems(language)
    return next((len(stem) - cut for cut in range(len(stem)) if stem[cut:] in listed), 0)


@cache
def _unsplittable_stems(language: str) -> frozenset[str]:
    """Return the stems of a language that look like compounds but are not."""
    stem = stemming(language)
    return frozenset(
        stem(normalize(word)) for word in stem_groups("whole").get(language, "").split()
    )


def without_joint(modifier: str) -> Iterator[str]:
    """Yield a compound's modifier with and without each linking element.

    For example: Verteidigungs-.
    """
    return (
        modifier.removesuffix(element)
        for element in _LINKING_ELEMENTS
        if modifier.endswith(element)
    )


COMPOUNDING = frozenset({"de", "nl"})
"""Languages that write compounds as one word."""
_LINKING_ELEMENTS = ("", "s", "n", "en", "er", "es", "e")
"""Linking elements between the parts of a compound."""
_SHORTEST_MODIFIER, _SHORTEST_SUBJECT, _SHORTEST_HEAD = 3, 7, 5
"""Minimum letters of a modifier, of one that denotes the subject, and of a head."""
_LONGEST_GAP = {"de": 8, "en": 4, "nl": 8}
"""A separable verb spans at most so many other tokens."""
_ANYWHERE = {
    "de": frozenset(
        "ab bekannt dicht fest fort frei her hin hoch lahm los nieder raus statt weg weiter zuruck"
        " zusammen".split()
    ),
    "en": frozenset("apart down off".split()),
    "nl": frozenset("af mee neer samen stil terug vast vrij weg".split()),
}
"""Prefixes and particles that complete a verb wherever they follow it."""
_AT_THE_END = {
    "de": frozenset("an auf aus bei ein mit nach um vor zu".split()),
    "en": frozenset("out private public up".split()),
    "nl": frozenset("aan bij door in na om op over toe uit voor".split()),
}
"""Prefixes and particles that complete a verb only at the end of a clause."""


def separable_verb_stems(
    words: tuple[Token, ...], place: int, key: tuple[str, ...], language: str
) -> int:
    """Return how many tokens a separable verb spans from a place; 0 for none.

    `key` are the stems of a form that begins with the token there. Only forms of two words, the
    second a prefix or particle, are separable.
    """
    pair = 2
    if language not in _ANYWHERE or len(key) != pair:
        return 0
    if words[place].shape != LOWER and language != "en":  # a German or Dutch noun
        return 0
    prefix = key[1]
    limit = min(place + _LONGEST_GAP[language] + 2, len(words))
    for end in range(place + 1, limit):
        word = words[end]
        if word.stem == prefix and (
            word.norm in _ANYWHERE[language]
            or (word.norm in _AT_THE_END[language] and _ends_clause(words, end, language))
        ):
            return end + 1 - place
    return 0


def _ends_clause(words: tuple[Token, ...], place: int, language: str) -> bool:
    """Return whether a token ends the field or, in English, a clause.

    For example: "take GM private in".
    """
    if place + 1 == len(words):
        return True
    return language == "en" and words[place + 1].norm in stop_words(language)
