"""The parts of a query, shown in the spelling of who typed it.

What is compared has lost its accents, hyphens and Roman figures; what is shown must not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from tracker.stories.lexicon.forms import ANY
from tracker.stories.text.normalization import fold
from tracker.stories.text.tokenization import spans, words

if TYPE_CHECKING:
    from tracker.stories.lexicon.forms import Form
    from tracker.stories.query.model import Part


def as_typed(parts: list[Part], text: str) -> list[Part]:
    """Have parts show the words of a text as they stand there, with accents and hyphens."""
    if text.isascii() and all(part.text in text for part in parts):  # as nearly all are
        return parts
    text = normalize("NFC", text)
    read, places = words(text, ""), spans(text)
    folds = [word.fold for word in read]

    def typed(shown: str) -> str:
        own = [word.fold for word in words(shown, "")]
        size = len(own)
        at = next((n for n in range(len(folds)) if folds[n : n + size] == own), None)
        if at is not None:
            return text[places[at][0] : places[at + size - 1][1]]
        return next(filter(None, (_piece(shown, text[a:b]) for a, b in places)), shown)

    def spelled(form: Form) -> Form:
        found = typed(form.text)
        bare = " ".join(word.surface for word in words(found, ""))
        if form.text == bare.lower():  # read in small letters, it is found in them
            return form._replace(text=found.lower())
        return form._replace(text=found) if form.text == bare else form

    return [
        replace(
            part,
            text=typed(part.text),
            forms={**part.forms, ANY: tuple(map(spelled, part.forms[ANY]))},
        )
        for part in parts
    ]


def _piece(shown: str, word: str) -> str:
    """Give the piece of a compound that is shown, as it is typed there; "" where it has none.

    A letter that is folded to two would shift what is behind it.
    """
    size, folded = len(shown), fold(word)
    if len(folded) != len(word) or folded == word.casefold():
        return ""
    if folded.startswith(fold(shown)):
        return word[:size]
    return shown[:1] + word[1 - size :] if folded.endswith(fold(shown)) else ""
