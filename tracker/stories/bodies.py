"""Laws and bodies in the words of a query, told by their form: title 42, Respect for Quux Act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.query.model import YEAR
from tracker.stories.text.stopwords import all_function_words
from tracker.stories.text.tokenization import FIGURE, LOWER
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Word


def law_or_body(run: tuple[Word, ...], place: int) -> int:
    """Give how many words from a place on are the name of a law or a body; 0 for none."""
    if run[place].fold in name_words("statutes"):
        following = run[place + 1 : place + 2]
        return 2 if following and _is_of_a_statute(following[0]) else 0
    return _told_by_its_last(run, place)


def _is_of_a_statute(word: Word) -> bool:
    letter = len(word.fold) == 1 and word.fold not in all_function_words()
    return len(word.fold) < YEAR and (word.shape == FIGURE or letter)


def _told_by_its_last(run: tuple[Word, ...], place: int) -> int:
    """Give how many words are one name by the last of them: Peace Corps, Respect for Quux Act.

    All have capitals but for the small words between.
    """
    size = 0
    within = name_words("inside") | name_words("inside-bodies")
    for at, word in enumerate(run[place:], 1):
        if word.shape in (LOWER, FIGURE) and (at == 1 or word.fold not in within):
            break
        if at > 1 and word.fold in name_words("bodies"):
            size = at
    return size
