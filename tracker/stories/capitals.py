"""What the capitals of a query tell.

Capitals tell names where the query has lower case to compare them with: "privatisation of Vivo"
names a company, though "vivo" is a word that says nothing in Portuguese. "Strike At Deutsche Bahn"
is a headline, in which they tell nothing; the first word may have its capital for being the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.lexicon.gazetteer import is_named
from tracker.stories.text.casing import IN_CAPITALS
from tracker.stories.text.stopwords import is_function
from tracker.stories.text.tokenization import CAPITAL, LOWER
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Vocabulary
    from tracker.stories.text.tokenization import Word


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
