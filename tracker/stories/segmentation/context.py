"""What the words around a position in a query say of the segment that may begin there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.text.casing import CAPITALIZING, capitals_are_informative
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.text.tokenization import Token


def may_be_name(run: tuple[Token, ...], place: int, *, cased: bool, inside: bool) -> bool:
    """Tell whether an unknown word is written as a name; a figure is one only with a name."""
    word, before = run[place], run[place - 1] if inside and place else None
    if word.shape == FIGURE and before and before.shape == LOWER:
        return False
    return cased and word.shape != LOWER


def begins_geographic_name(run: tuple[Token, ...], place: int) -> bool:
    """Tell whether a word begins the name of what is behind it: the Mississippi River."""
    pair = run[place : place + 2]
    capitals = capitals_are_informative(run) and all(word.shape == CAPITAL for word in pair)
    return capitals and pair[-1] is not pair[0] and pair[-1].norm in word_list("grounds")


def is_numbered_concept(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> bool:
    """Tell whether an affair is here that has a number in it: Chapter 11."""
    size = link_concept(run, place, language, lexicon)[0]
    return size > 1 and run[place + size - 1].shape == FIGURE


def is_concept_phrase(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> bool:
    """Tell whether a concept of several words is here or behind a known name: India Air Crash."""
    start = place + 1 if is_an_alias(run[place], lexicon.gazetteer) else place
    return link_concept(run[start:], 0, language, lexicon)[0] > 1


def cuts_a_name(run: tuple[Token, ...], place: int, size: int) -> bool:
    """Tell whether a concept of so many words would begin with the end of a name.

    That is so behind an unknown word with a capital, where capitals tell names: "Stream" in "Nord
    Stream sabotage", "Air crash" in "Sriwijaya Air crash".
    """
    rest = run[place + 1 : place + size]
    return run[place].shape == CAPITAL and (not rest or rest[0].shape == LOWER)


def is_silent(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon, *, telling: bool
) -> bool:
    """Tell whether a word of a query is a function word there, and not the name that it may be.

    Where words that are no names have no capital, an article with one is a name's: Le Monde.
    """
    word = run[place]
    if not is_stop_word_here_or_in_english(word, language):
        return False
    article = place and language not in CAPITALIZING and word.norm not in word_list("links")
    if word.shape == LOWER or word.text == "I" or not (telling or article):
        return True
    following = run[place + 1 : place + 2]
    begins = bool(following) and following[0].shape == CAPITAL
    if begins and word.norm in word_list("given"):  # Will Quux
        return False
    return not place and not is_an_alias(word, lexicon.gazetteer)
