"""What a query gives as the cause of what happens: layoffs at airlines because of Covid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.query.model import CONCEPT, NAME, WORD
from tracker.stories.text.tokenization import words
from tracker.stories.text.wordlists import causes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.query.model import Part


def divided(text: str, language: str) -> tuple[str, str]:
    """Give the words of a query before and behind what says that a cause follows; "" for none."""
    typed = text.split()
    folds = [" ".join(word.fold for word in words(each, language)) for each in typed]
    for place in range(1, len(typed)):
        for phrase in causes(language):
            end = place + len(phrase)
            if end < len(typed) and tuple(folds[place:end]) == phrase:
                return " ".join(typed[:place]), " ".join(typed[end:])
    return text, ""


def with_cause(parts: Sequence[Part], cause: Sequence[Part]) -> list[Part]:
    """Put parts and their cause together, but for names that reports need not give as such.

    That is where the rest says what happens to what: "airline layoffs" are told of without Covid.
    """
    telling = [part for part in parts if part.kind != WORD and not part.open]
    told = len(telling) > 1 and any(part.kind == CONCEPT for part in telling)
    return [*parts, *(each for each in cause if not (told and each.kind == NAME))]
