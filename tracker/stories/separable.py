"""German and Dutch verbs whose prefix stands apart: "GM ruft jetzt alle Autos zurück".

In a main clause the prefix is at the end of it, with the objects between. Some prefixes are hardly
anything else; others are also prepositions or an article, so that they count only where the field
ends: in "stellt ein neues Modell vor" nobody is hired.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.text import LOWER

if TYPE_CHECKING:
    from tracker.stories.text import Word

_MOST_BETWEEN = 8
_ANYWHERE = {
    "de": frozenset("ab fest fort frei her hin los nieder statt weg zuruck zusammen".split()),
    "nl": frozenset("af mee neer samen stil terug vast vrij weg".split()),
}
_AT_THE_END = {
    "de": frozenset("an auf aus bei ein mit nach um vor zu".split()),
    "nl": frozenset("aan bij door in na om op over toe uit voor".split()),
}


def parted(words: tuple[Word, ...], place: int, key: tuple[str, ...], language: str) -> int:
    """Give how many words a verb and its prefix take up from a place on, 0 where there is none.

    `key` are the stems of a form that begins with the word there; only one of two words, of which
    the second is a prefix, can be parted.
    """
    pair = 2
    if language not in _ANYWHERE or len(key) != pair or words[place].shape != LOWER:
        return 0
    prefix = key[1]
    reach = min(place + _MOST_BETWEEN + 2, len(words))
    for end in range(place + 1, reach):
        word = words[end]
        if word.stem == prefix and (
            word.fold in _ANYWHERE[language]
            or (end + 1 == len(words) and word.fold in _AT_THE_END[language])
        ):
            return end + 1 - place
    return 0
