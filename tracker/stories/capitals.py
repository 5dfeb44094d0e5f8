"""What the capitals of a query tell.

Capitals tell names where the query has lower case to compare them with: "privatisation of Vivo"
names a company, though "vivo" is a word that says nothing in Portuguese. "Strike At Deutsche Bahn"
is a headline, in which they tell nothing; the first word may have its capital for being the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.function_words import all_function_words, function_words
from tracker.stories.name_words import name_words
from tracker.stories.text import CAPITAL, FIGURE, LOWER, MIXED, UPPER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.stories.entities import Names
    from tracker.stories.text import Word
    from tracker.stories.vocabulary import Vocabulary


IN_CAPITALS = frozenset({"de", "en"})
"""Languages that write what is no name with a capital: German nouns, and English headlines."""


def is_telling(run: Iterable[Word]) -> bool:
    """Tell whether capitals mark names here: a word that says something has none.

    Function words have none in the headlines Where Every Other Word Has One.
    """
    functions = all_function_words()
    return any(word.shape == LOWER and word.fold not in functions for word in run)


def is_small(run: Sequence[Word]) -> bool:
    """Tell whether a query is typed in small letters, but for the first one of a sentence."""
    rest = all(word.shape in (LOWER, FIGURE) for word in run[1:])
    return rest and all(word.shape in (LOWER, FIGURE, CAPITAL) for word in run[:1])


def is_several(word: Word) -> bool:
    """Tell whether a word is an acronym in the plural: CEOs."""
    return word.shape == MIXED and word.surface[-1] == "s" and word.surface[:-1].isupper()


def halves_a_name(run: tuple[Word, ...], place: int, size: int) -> bool:
    """Tell whether a concept of so many words would begin with the end of a name.

    That is so behind an unknown word with a capital, where capitals tell names: "Stream" in "Nord
    Stream sabotage", "Air crash" in "Sriwijaya Air crash".
    """
    rest = run[place + 1 : place + size]
    return run[place].shape == CAPITAL and (not rest or rest[0].shape == LOWER)


def says_nothing(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary, *, telling: bool
) -> bool:
    """Tell whether a word of a query is a function word there, and not the name that it may be.

    Where words that are no names have no capital, an article with one is a name's: Le Monde.
    """
    word = run[place]
    if not is_function(word, language):
        return False
    article = place and language not in IN_CAPITALS and word.fold not in name_words("links")
    if word.shape == LOWER or word.surface == "I" or not (telling or article):
        return True
    following = run[place + 1 : place + 2]
    begins = bool(following) and following[0].shape == CAPITAL
    if begins and word.fold in name_words("given"):  # Will Quux
        return False
    return not place and not is_named(word, vocabulary.names)


def is_named(word: Word, names: Names) -> bool:
    """Tell whether there is a name of this one word, written as it is, weak or not."""
    return any(
        len(form.key) == 1 and (not form.upper or word.shape == UPPER)
        for form, _ in names.starting(word.fold)
    )


def is_function(word: Word, language: str) -> bool:
    """Tell whether a word says nothing of what a text is about, in its language or in English."""
    return word.shape != UPPER and (
        word.fold in function_words(language) or word.fold in function_words("en")
    )
