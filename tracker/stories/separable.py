"""Verbs that stand apart from what completes them: "ruft alle Autos zurück", "takes GM private".

In a German or Dutch main clause the prefix is at the end, with the objects between; an English
particle may follow its object. Some are hardly anything else; others are also prepositions or an
article, so that they count only where the field ends: in "stellt ein neues Modell vor" nobody is
hired.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.function_words import function_words
from tracker.stories.text import LOWER

if TYPE_CHECKING:
    from tracker.stories.text import Word

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


def parted(words: tuple[Word, ...], place: int, key: tuple[str, ...], language: str) -> int:
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
            word.fold in _ANYWHERE[language]
            or (word.fold in _AT_THE_END[language] and _ends(words, end, language))
        ):
            return end + 1 - place
    return 0


def _ends(words: tuple[Word, ...], place: int, language: str) -> bool:
    """Tell whether a word ends the field, or an English clause: take GM private in a deal."""
    if place + 1 == len(words):
        return True
    return language == "en" and words[place + 1].fold in function_words(language)
