"""Recognition of German common nouns, which are capitalised like names.

For example: "Kältebus" is a common noun, "Zorblax" is not.
"""

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
    """Return whether a capitalised German token is a common noun, by ending or word list.

    A compound is one if its head is listed, and is long or follows another listed noun. For
    example: "Reisebus".
    """
    if word.shape != CAPITAL:
        return False
    norm = word.norm
    if (len(norm) >= _SHORTEST_WITH_ENDING and norm.endswith(_ENDINGS)) or _is_common_noun(
        word.stem, dictionary
    ):
        return True
    return not ends_like_a_town(word, dictionary) and any(
        _is_common_noun(stemming("de")(norm[cut:]), dictionary)
        and (
            len(norm) - cut >= _SHORTEST_SUFFICIENT_HEAD
            or _begins_with_a_noun(norm[:cut], dictionary)
        )
        for cut in range(_SHORTEST_MODIFIER, len(norm) - _SHORTEST_HEAD + 1)
    )


def ends_like_a_town(word: Token, dictionary: Dictionary) -> bool:
    """Return whether a capitalised German token ends like a town or a surname.

    For example: "Gelsenkirchen". A compound with a common noun is none: "Dorfkirchen".
    """
    ends = [end for end in word_list("ends-of-names") if word.norm.endswith(end)]
    return (
        word.shape == CAPITAL
        and bool(ends)
        and not _is_common_noun(word.stem, dictionary)
        and not any(_begins_with_a_noun(word.norm.removesuffix(end), dictionary) for end in ends)
    )


def _begins_with_a_noun(first: str, dictionary: Dictionary) -> bool:
    """Return whether a compound's first part is a listed noun; linking elements are ignored."""
    modifiers = [noun for noun in without_joint(first) if len(noun) >= _SHORTEST_MODIFIER]
    return any(_is_common_noun(stemming("de")(noun), dictionary) for noun in modifiers)


def _is_common_noun(stem: str, dictionary: Dictionary) -> bool:
    """Return whether a stem is in the noun list, or a dictionary's common noun."""
    if stem in _noun_stems():
        return True
    size, entries = dictionary.find((stem,), "de")
    return size > 0 and not all(map(is_proper_noun, entries))


@cache
def _noun_stems() -> frozenset[str]:
    text = (DATA / "german-nouns.txt").read_text("utf-8")
    listed = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word.stem for word in tokenize(listed, "de"))


_SHORTEST_MODIFIER, _SHORTEST_HEAD, _SHORTEST_SUFFICIENT_HEAD = 3, 3, 5
"""Minimum letters of a compound's first part, its head, and a head that suffices alone."""
_SHORTEST_WITH_ENDING = 8
_ENDINGS = ("heit", "innen", "ismus", "itat", "keit", "schaft", "ung")
"""Endings of German nouns that names of at least `_LONG` letters rarely have."""
