"""Slavic names in German letters, found as English writes them: Fedorow, Fedorov.

By what the transcription of Cyrillic in the Duden and the one of BGN/PCGN (1947) have for a letter:
в is w and v, ш is sch and sh, ч is tsch and ch.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY
from tracker.stories.query.model import NAME

if TYPE_CHECKING:
    from tracker.stories.query.model import Part

_LETTERS = (("tsch", "ch"), ("sch", "sh"), ("w", "v"))
_ENDINGS = ("ow", "ew", "owa", "ewa", "enko", "witsch", "tschuk", "ski", "skij", "skyj")


def in_english_letters(part: Part, language: str) -> Part:
    """Add to a name that is typed in German what English calls it, if it looks Slavic.

    A German name that ends so (Bülow) is in no report as something else.
    """
    if language != "de" or part.kind != NAME:
        return part
    forms = part.forms[ANY]
    if not any(word.endswith(_ENDINGS) for word in forms[0].key):
        return part
    written = [
        form._replace(text=_english(form.text), key=tuple(map(_english, form.key)))
        for form in forms
    ]
    more = tuple(form for form in written if form not in forms)
    return replace(part, forms={**part.forms, ANY: (*forms, *more)})


def _english(word: str) -> str:
    for german, english in _LETTERS:
        word = word.replace(german, english).replace(german.capitalize(), english.capitalize())
    return word
