"""German nouns, which are written with a capital as names are: Kältebus, but not Zorblax."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tracker.stories.lexicon.dictionary import is_proper_noun
from tracker.stories.resources import DATA
from tracker.stories.text.morphology import without_joint
from tracker.stories.text.stemming import stemming
from tracker.stories.text.tokenization import CAPITAL, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.dictionary import Dictionary
    from tracker.stories.text.tokenization import Token


def is_german_noun(word: Token, dictionary: Dictionary) -> bool:
    """Tell whether a German word with a capital is a noun: by its ending, or as it is listed.

    So is a compound with the head of one, if that is long or the word begins with one as well:
    Reisebus.
    """
    if word.shape != CAPITAL:
        return False
    fold = word.norm
    if (len(fold) >= _LONG and fold.endswith(_ENDINGS)) or _is_listed(word.stem, dictionary):
        return True
    return not ends_like_a_town(word, dictionary) and any(
        _is_listed(stemming("de")(fold[cut:]), dictionary)
        and (len(fold) - cut >= _LONG_HEAD or _begins_with_a_noun(fold[:cut], dictionary))
        for cut in range(_FIRST, len(fold) - _HEAD + 1)
    )


def ends_like_a_town(word: Token, dictionary: Dictionary) -> bool:
    """Tell whether a German word with a capital ends as towns and families do: Gelsenkirchen.

    What begins with a noun, or is one, is none: Dorfkirchen.
    """
    ends = [end for end in word_list("ends-of-names") if word.norm.endswith(end)]
    return (
        word.shape == CAPITAL
        and bool(ends)
        and not _is_listed(word.stem, dictionary)
        and not any(_begins_with_a_noun(word.norm.removesuffix(end), dictionary) for end in ends)
    )


def _begins_with_a_noun(first: str, dictionary: Dictionary) -> bool:
    """Tell whether the first part of a compound is a noun, whatever joins it to the second."""
    alone = [noun for noun in without_joint(first) if len(noun) >= _FIRST]
    return any(_is_listed(stemming("de")(noun), dictionary) for noun in alone)


def _is_listed(stem: str, dictionary: Dictionary) -> bool:
    """Tell whether a noun of this stem is in the list, or a thing of the dictionary's."""
    if stem in _listed():
        return True
    size, entries = dictionary.find((stem,), "de")
    return size > 0 and not all(map(is_proper_noun, entries))


@cache
def _listed() -> frozenset[str]:
    text = (DATA / "german-nouns.txt").read_text("utf-8")
    listed = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word.stem for word in tokenize(listed, "de"))


_FIRST, _HEAD, _LONG_HEAD = 3, 3, 5
"""Letters from which on a compound has a first part, a head, and one that tells it alone."""
_LONG = 8
_ENDINGS = ("heit", "innen", "ismus", "itat", "keit", "schaft", "ung")
"""Endings of German nouns that hardly a name of so many letters has."""
