"""Phrases of an affair that a name parts: take Tesla private, the next Apple CEO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.named import alias, bound_name
from tracker.stories.text.stopwords import is_function
from tracker.stories.text.tokenization import LOWER, spans, words

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Vocabulary
    from tracker.stories.text.tokenization import Word


def closed_up(text: str, language: str, vocabulary: Vocabulary) -> str:
    """Give bare words with the names that part a phrase before it: Tesla take private."""
    run, places = words(text, language), spans(text)
    if len(run) != len(places):
        return text
    for at, word in enumerate(run[:-2]):
        taken = _named(run, at, language, vocabulary)
        end = at + 1 + taken
        if (
            taken
            and end < len(run)
            and _is_a_phrase((word, *run[end:]), language, vocabulary)
            and not any(_is_listed(run[n:], end - n, language, vocabulary) for n in range(at, end))
        ):
            begins, parts, goes_on = places[at][0], places[at + 1][0], places[end][0]
            name = text[parts:goes_on].rstrip()
            return f"{text[:begins]}{name} {text[begins:parts]}{text[goes_on:]}"
    return text


def _named(run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary) -> int:
    """Give how many words of a name stand behind a place; 0 for none, and where it begins before.

    An unknown one is told by its capital, and by the small letters of what stands before it.
    """
    begun = alias(run, place, language, vocabulary)
    if (begun and begun[0] > 1) or bound_name(run, place, language, vocabulary):  # Air France
        return 0
    if known := alias(run, place + 1, language, vocabulary):
        return known[0]
    return int(run[place].shape == LOWER != run[place + 1].shape)


def _is_a_phrase(run: tuple[Word, ...], language: str, vocabulary: Vocabulary) -> bool:
    """Tell whether words begin as the vocabulary lists a phrase of two words and more.

    Not where the first says by itself what happens (approves Nexstar deal), but before a function
    word: shut TikTok down.
    """
    alone = vocabulary.meanings((run[0].surface,), language)
    if any(not each.foreign for each in alone) and not is_function(run[1], language):
        return False
    return _is_listed(run, 2, language, vocabulary)


def _is_listed(run: tuple[Word, ...], size: int, language: str, vocabulary: Vocabulary) -> bool:
    """Tell whether words begin as a phrase of at least so many words, and two, is listed.

    Where one has the name in it, the name parts nothing: frozen Russian assets.
    """
    found = vocabulary.meanings(tuple(word.surface for word in run), language)
    return any(each.size >= max(size, 2) and each.exact and not each.foreign for each in found)
