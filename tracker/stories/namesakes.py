"""Things that are called as a place is, in small letters: camarones are shrimp, a rio a river."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.text.normalization import fold
from tracker.stories.text.tokenization import LOWER

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Vocabulary
    from tracker.stories.text.tokenization import Word

_PLURALS = ("s", "es", "x")
"""What is put to a thing's word for several of it, where things are written small."""


def is_a_thing(word: Word, entity: str, language: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a small word, like the name of a place, is a thing's: camarones are shrimp.

    As the dictionary has it, not by its stem: no madrid is a madre. Who is of a place is written
    small anyway: of `huelga chilena` none is a bicycle kick.
    """
    names = vocabulary.names
    if word.shape != LOWER or language == "en" or not names.is_place(entity):
        return False
    if any(form.small and form.text == word.surface for form in names.aliases(entity)):
        return False
    _, entries = vocabulary.dictionary.find((word.stem,), language)
    things = (entry[language] for entry in entries if entry["en"][0].islower())
    return any(_is_called(word.fold, fold(thing)) for each in things for thing in each)


def _is_called(word: str, thing: str) -> bool:
    return word == thing or (word.startswith(thing) and word.removeprefix(thing) in _PLURALS)
