"""Words in parts: the halves of compounds, and separable verbs of German and Dutch."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT, NARROWER
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import lists, stemming
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import LOWER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.stories.text.tokenization import Token


def compound_parts(stems: Sequence[str], language: str) -> Iterator[tuple[int, str, float]]:
    """Give what compounds may be made of, with their places and how well it can be shown so.

    A Warnstreik is a Streik; an Impfstoffstreit is no Impfstoff, but about one. What is one word
    has no shorter head within: an Ausschuss is no Schuss, nor is a Finanzausschuss.
    """
    for place, stem in enumerate(stems if language in COMPOUNDING else ()):
        shortest = max(_HEAD, _one_word(stem, language))
        for cut in range(_MODIFIER, len(stem) - shortest + 1):
            yield place, stem[cut:], EXACT
        for cut in range(_LONG_MODIFIER, len(stem) - _MODIFIER):
            yield place, stem[:cut], NARROWER


@lru_cache(maxsize=1 << 14)
def _one_word(stem: str, language: str) -> int:
    """Give how many letters at the end of a stem are listed as one word, 0 for none."""
    listed = _whole(language)
    return next((len(stem) - cut for cut in range(len(stem)) if stem[cut:] in listed), 0)


@cache
def _whole(language: str) -> frozenset[str]:
    """Give the stems of what looks like a compound and is none, in one language."""
    stem = stemming(language)
    return frozenset(stem(normalize(word)) for word in lists("whole").get(language, "").split())


def without_joint(modifier: str) -> Iterator[str]:
    """Give what the first part of a compound may be by itself: Verteidigungs-, of Verteidigung."""
    return (modifier.removesuffix(joint) for joint in _JOINTS if modifier.endswith(joint))


COMPOUNDING = frozenset({"de", "nl"})
"""Languages that write compounds as one word."""
_JOINTS = ("", "s", "n", "en", "er", "es", "e")
"""What may stand between the parts of a compound."""
_MODIFIER, _LONG_MODIFIER, _HEAD = 3, 7, 5
"""Letters from which on a compound has a first part, one that tells what it is about, and a head
that says what it is."""
_MOST_BETWEEN = {"de": 8, "en": 4, "nl": 8}
_ANYWHERE = {
    "de": frozenset(
        "ab bekannt dicht fest fort frei her hin hoch lahm los nieder raus statt weg weiter zuruck"
        " zusammen".split()
    ),
    "en": frozenset("apart down off".split()),
    "nl": frozenset("af mee neer samen stil terug vast vrij weg".split()),
}
_AT_THE_END = {
    "de": frozenset("an auf aus bei ein mit nach um vor zu".split()),
    "en": frozenset("out private public up".split()),
    "nl": frozenset("aan bij door in na om op over toe uit voor".split()),
}


def separable_verb_stems(
    words: tuple[Token, ...], place: int, key: tuple[str, ...], language: str
) -> int:
    """Give how many words a verb and what completes it take up from a place, 0 if it does not.

    `key` are the stems of a form that begins with the word there; only one of two words, of which
    the second is a prefix or a particle, can be parted.
    """
    pair = 2
    if language not in _ANYWHERE or len(key) != pair:
        return 0
    if words[place].shape != LOWER and language != "en":  # a noun
        return 0
    prefix = key[1]
    reach = min(place + _MOST_BETWEEN[language] + 2, len(words))
    for end in range(place + 1, reach):
        word = words[end]
        if word.stem == prefix and (
            word.norm in _ANYWHERE[language]
            or (word.norm in _AT_THE_END[language] and _ends(words, end, language))
        ):
            return end + 1 - place
    return 0


def _ends(words: tuple[Token, ...], place: int, language: str) -> bool:
    """Tell whether a word ends the field, or an English clause: take GM private in a deal."""
    if place + 1 == len(words):
        return True
    return language == "en" and words[place + 1].norm in stop_words(language)
